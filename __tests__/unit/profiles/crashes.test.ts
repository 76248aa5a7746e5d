// Two logins share a home, and a process is killed at any call to the disk; post, with the last saved state, restores the
// home. For one login see the stress tests, which kill real processes.
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  atEveryCall,
  dyingDisk,
  fill,
  KEY,
  type Login,
  type LoginOptions,
  newHome,
  newLogin,
  removeHomes,
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

function overwriting(home: string, id: string, options: LoginOptions = {}): Login {
  return newLogin(home, id, { overwrite: true, ...options });
}

/** Compares the trees. `n` tells in a failure where the process was killed. */
function expectRestored(n: number, home: string, before: Tree): void {
  const after = treeOf(home);
  expect([n, after]).toEqual([n, before]);
  expect(JSON.stringify(after)).not.toContain(KEY);
}

describe.each(homes)('a home %s', (_title, files) => {
  it('is restored after the second of two logins was killed', async () => {
    await atEveryCall(async (n) => {
      const { home, before } = prepared(files);
      const first = overwriting(home, 'a1');
      await first.install();
      const between = treeOf(home);
      const second = overwriting(home, 'a2');
      const lived = await survives(second.install(dyingDisk(n)));
      await second.remove();
      expect([n, treeOf(home)]).toEqual([n, between]);
      await first.remove();
      expectRestored(n, home, before);
      return lived;
    });
  });

  it.each([
    ['the second, then the first', ['a2', 'a1']],
    ['the first, then the second', ['a1', 'a2']],
  ])(
    'is restored after the clean-ups of two logins to one profile, %s, were killed',
    async (_order, order) => {
      await bothRemoved(files, order, { profile: 'P' });
    },
  );

  it.each([
    ['the second, then the first', ['a2', 'a1']],
    ['the first, then the second', ['a1', 'a2']],
  ])(
    'is restored after the clean-ups of two logins to two profiles, %s, were killed',
    async (_order, order) => {
      await bothRemoved(files, order, { profile: 'Q' });
    },
  );
});

/** Two logins, whose clean-ups are killed one after the other at any call, and run again. */
async function bothRemoved(files: Files, order: string[], second: LoginOptions): Promise<void> {
  for (const killed of order) {
    await atEveryCall(async (n) => {
      const { home, before } = prepared(files);
      const logins = new Map([
        ['a1', overwriting(home, 'a1')],
        ['a2', overwriting(home, 'a2', second)],
      ]);
      for (const one of logins.values()) await one.install();
      let lived = true;
      for (const id of order) {
        const one = logins.get(id);
        if (id === killed) lived = one === undefined || (await survives(one.remove(dyingDisk(n))));
        await one?.remove();
      }
      expectRestored(n, home, before);
      return lived;
    });
  }
}

describe('a job that died, and the next login', () => {
  it.each(homes)('leave a home %s as it was when the second was killed', async (_title, files) => {
    await atEveryCall(async (n) => {
      const { home, before } = prepared(files);
      await overwriting(home, 'd1', { job: 'dead' }).install();
      const next = overwriting(home, 'a1');
      const lived = await survives(next.install(dyingDisk(n)));
      await next.remove();
      const last = overwriting(home, 'b1', { job: 'c0' });
      await last.install();
      await last.remove();
      expectRestored(n, home, before);
      return lived;
    });
  });
});
