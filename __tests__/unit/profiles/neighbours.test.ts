// What else may lie in the directory of the sessions.
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  atEveryCall,
  dyingDisk,
  fill,
  homeWith,
  installed,
  type Login,
  newHome,
  newLogin,
  removeHomes,
  survives,
} from './home.ts';
import { treeOf } from './tree.ts';

afterAll(removeHomes);

describe('names beside the sessions', () => {
  it.each(['x~', '0~note', '~', '#~'])(
    'such as %s do not keep what a session made from going',
    async (name) => {
      const { home } = homeWith({});
      const first = await installed(home, 'a1', { profile: 'A' });
      fill(home, { [`.oci/sessions/${name}/note`]: 'of the user' });
      const second = await installed(home, 'a2', { profile: 'B' });
      await first.remove();
      await second.remove();
      expect(Object.keys(treeOf(home))).toEqual([
        '.',
        '.oci',
        '.oci/sessions',
        `.oci/sessions/${name}`,
        `.oci/sessions/${name}/note`,
      ]);
    },
  );
});

describe('two configs in one directory', () => {
  it.each([
    ['in reverse order', ['a2', 'a1']],
    ['in the order of their coming', ['a1', 'a2']],
  ])('share its sessions and are undone %s', async (_title, order) => {
    const { home, before } = homeWith({ '.oci/config': '[Z]\n', '.oci/other': '[Z]\n' });
    const logins = new Map<string, Login>();
    logins.set('a1', await installed(home, 'a1'));
    logins.set('a2', await installed(home, 'a2', { configFile: '.oci/other' }));
    for (const id of order) await logins.get(id)?.remove();
    expect(treeOf(home)).toEqual(before);
  });

  it.each([
    [['a1', 'a2', 'a3']],
    [['a1', 'a3', 'a2']],
    [['a2', 'a1', 'a3']],
    [['a2', 'a3', 'a1']],
    [['a3', 'a1', 'a2']],
    [['a3', 'a2', 'a1']],
  ])('lead back to what was there when three sessions of one profile go as %j', async (order) => {
    const { home, before } = homeWith({ '.oci/config': '[P]\nuser=a\n', '.oci/other': '[P]\nuser=b\n' });
    const logins = new Map<string, Login>();
    for (const [id, configFile] of [
      ['a1', '.oci/config'],
      ['a2', '.oci/other'],
      ['a3', '.oci/config'],
    ] as const)
      logins.set(id, await installed(home, id, { configFile, overwrite: true }));
    for (const id of order) await logins.get(id)?.remove();
    expect(treeOf(home)).toEqual(before);
  });
});

describe('a login to a config far below what exists', () => {
  it('leaves no directory behind, wherever it was killed', async () => {
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
