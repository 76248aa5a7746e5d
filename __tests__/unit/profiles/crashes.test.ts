// Two logins in one home, killed before each call to the disk. The post step restores the home from the last saved state.
// The stress tests kill the processes of one login.
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

type Files = (home: string) => Record<string, string>;

const homes: [string, Files][] = [
  ['without .oci', () => ({})],
  ['with a config without a last line end', () => ({ '.oci/config': '[Z]\nx=1' })],
  [
    'with a session of the OCI CLI',
    (home) => ({
      '.oci/config': `[P]\nkey_file=k\nsecurity_token_file=${home}/.oci/sessions/P/token\n\n# z\n[Z]\n`,
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

/** `n` shows in a failure where the process was killed. */
function expectRestored(n: number, home: string, before: Tree): void {
  const after = treeOf(home);
  expect([n, after]).toEqual([n, before]);
  expect(JSON.stringify(after)).not.toContain(KEY);
}

describe.each(homes)('a home %s is restored', (_title, files) => {
  it('when the second of two logins was killed', async () => {
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
    ['a2', 'a1', 'P'],
    ['a1', 'a2', 'P'],
    ['a2', 'a1', 'Q'],
    ['a1', 'a2', 'Q'],
  ])('when the clean-ups of %s and %s were killed; the profile of a2 is %s', async (...given) => {
    const [first, second, profile] = given;
    await bothRemoved(files, [first, second], { profile });
  });

  it('when a job died without a post step, and the next login was killed', async () => {
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

/** Kills the clean-up of each of two logins at every call, and runs it again. */
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

describe('a login to a config in new directories', () => {
  it('leaves none of them when it was killed at any call', async () => {
    await atEveryCall(async (n) => {
      const home = newHome();
      const before = treeOf(home);
      const dying = newLogin(home, 'a1', { configFile: 'a/b/c/config' });
      const lived = await survives(dying.install(dyingDisk(n)));
      await dying.remove();
      expect([n, treeOf(home)]).toEqual([n, before]);
      return lived;
    });
  });
});
