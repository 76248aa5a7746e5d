// The process dies at any call to the disk; the post step, with the last saved record, finds its way back from there.
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  atEveryCall,
  dyingDisk,
  fill,
  KEY,
  newHome,
  removeHomes,
  type Session,
  type SessionOptions,
  session,
  survives,
} from './home.ts';
import { type Tree, treeOf } from './tree.ts';

afterAll(removeHomes);

const USER = '[P]\nuser=ocid1.user\n';
type Files = (home: string) => Record<string, string>;

const homes: [string, Files][] = [
  ['without ~/.oci', () => ({})],
  ['with an empty config', () => ({ '.oci/config': '' })],
  ['with an unfinished last line', () => ({ '.oci/config': '[Z]\nx=1' })],
  ['with a section of the user', () => ({ '.oci/config': `${USER}\n# z\n[Z]\n` })],
  [
    'with a section and files of the user',
    () => ({ '.oci/config': USER, '.oci/sessions/P/token': 'theirs' }),
  ],
  [
    'with a session that `oci session` made',
    (home) => ({
      '.oci/config': `[P]\nkey_file=k\nsecurity_token_file=${home}/.oci/sessions/P/token\n`,
      '.oci/sessions/P/token': 'theirs',
    }),
  ],
];

function prepared(files: Files): { home: string; before: Tree } {
  const home = newHome();
  fill(home, files(home));
  return { home, before: treeOf(home) };
}

function login(home: string, id: string, options: SessionOptions = {}): Session {
  return session(home, id, { overwrite: true, ...options });
}

/**
 * The trees to compare, under a name that tells where the process died. An empty directory may stay when two things go
 * wrong at once: the session that made it went before its time, and the one that inherited it was killed on its last step.
 */
function judged(n: number, home: string, before: Tree, forgiveEmpty = false): void {
  const after = treeOf(home);
  const isForgiven = ([name, what]: [string, string]) =>
    forgiveEmpty &&
    /^\.oci(\/sessions)?$/.test(name) &&
    what === 'directory 700' &&
    before[name] === undefined;
  const counted = Object.fromEntries(Object.entries(after).filter((entry) => !isForgiven(entry)));
  expect([n, counted]).toEqual([n, before]);
  expect(JSON.stringify(after)).not.toContain(KEY);
}

describe.each(homes)('a home %s', (_title, files) => {
  it('is as it was after a login killed at any call', async () => {
    await atEveryCall(async (n) => {
      const { home, before } = prepared(files);
      const dying = login(home, 'a1');
      const lived = await survives(dying.install(dyingDisk(n)));
      await dying.undo();
      judged(n, home, before);
      return lived;
    });
  });

  it('is as it was after a clean-up killed at any call and run again', async () => {
    await atEveryCall(async (n) => {
      const { home, before } = prepared(files);
      const whole = login(home, 'a1');
      await whole.install();
      const lived = await survives(whole.undo(dyingDisk(n)));
      await whole.undo();
      judged(n, home, before);
      return lived;
    });
  });

  it('is as it was after a login and its clean-up were both killed', async () => {
    for (const first of [6, 9, 12, 15, 18, 21, 24, 27]) {
      await atEveryCall(async (n) => {
        const { home, before } = prepared(files);
        const dying = login(home, 'a1');
        await survives(dying.install(dyingDisk(first)));
        const lived = await survives(dying.undo(dyingDisk(n)));
        await dying.undo();
        judged(n, home, before);
        return lived;
      }, 1);
    }
  });

  it('is as it was after the second of two logins was killed', async () => {
    await atEveryCall(async (n) => {
      const { home, before } = prepared(files);
      const first = login(home, 'a1');
      await first.install();
      const between = treeOf(home);
      const second = login(home, 'a2');
      const lived = await survives(second.install(dyingDisk(n)));
      await second.undo();
      expect([n, treeOf(home)]).toEqual([n, between]);
      await first.undo();
      judged(n, home, before);
      return lived;
    });
  });

  it.each([
    ['the second, then the first', ['a2', 'a1']],
    ['the first, then the second', ['a1', 'a2']],
  ])(
    'is as it was after the clean-ups of two logins to one profile, %s, were killed',
    async (_order, order) => {
      await twoUndone(files, order, { profile: 'P' });
    },
  );

  it.each([
    ['the second, then the first', ['a2', 'a1']],
    ['the first, then the second', ['a1', 'a2']],
  ])(
    'is as it was after the clean-ups of two logins to two profiles, %s, were killed',
    async (_order, order) => {
      await twoUndone(files, order, { profile: 'Q' });
    },
  );
});

/** Two logins, whose clean-ups die one after the other at any call, and are run again. */
async function twoUndone(files: Files, order: string[], second: SessionOptions): Promise<void> {
  for (const killed of order) {
    await atEveryCall(async (n) => {
      const { home, before } = prepared(files);
      const logins = new Map([
        ['a1', login(home, 'a1')],
        ['a2', login(home, 'a2', second)],
      ]);
      for (const one of logins.values()) await one.install();
      let lived = true;
      for (const id of order) {
        const one = logins.get(id);
        if (id === killed) lived = one === undefined || (await survives(one.undo(dyingDisk(n))));
        await one?.undo();
      }
      judged(n, home, before, order[0] === 'a1');
      return lived;
    });
  }
}

describe('a job that died, and the next login', () => {
  it.each(homes)('leave a home %s as it was, wherever the first was killed', async (_title, files) => {
    await atEveryCall(async (n) => {
      const { home, before } = prepared(files);
      const lived = await survives(login(home, 'd1', { job: 'dead' }).install(dyingDisk(n)));
      const next = login(home, 'a1');
      await next.install();
      await next.undo();
      const after = treeOf(home);
      expect(JSON.stringify(after)).not.toContain(KEY);
      expect([n, after['.oci/config']]).toEqual([n, before['.oci/config']]);
      expect([n, after['.oci/sessions/P/token']]).toEqual([n, before['.oci/sessions/P/token']]);
      return lived;
    });
  });

  it.each(homes)('leave a home %s as it was, wherever the second was killed', async (_title, files) => {
    await atEveryCall(async (n) => {
      const { home, before } = prepared(files);
      await login(home, 'd1', { job: 'dead' }).install();
      const next = login(home, 'a1');
      const lived = await survives(next.install(dyingDisk(n)));
      await next.undo();
      const last = login(home, 'b1', { job: 'c0' });
      await last.install();
      await last.undo();
      judged(n, home, before);
      return lived;
    });
  });
});
