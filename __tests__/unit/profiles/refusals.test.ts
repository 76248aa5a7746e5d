// Files that a login refuses, and leaves unchanged. More links are in planted-links.test.ts and in the e2e tests.
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { itWithLinks, itWithModes } from '../systems-with.ts';
import { disk, fill, type LoginOptions, newHome, newLogin, removeHomes, watched } from './home.ts';
import { treeOf } from './tree.ts';

afterAll(removeHomes);

const LEDGER = '.oci-wif-action-ledger.json';

type Setting = (home: string, oci: string) => void;

const cases: [string, string, Setting, LoginOptions?][] = [
  [
    'a section with a blank before its header',
    'PROFILE_EXISTS',
    (home) => fill(home, { '.oci/config': ' [P]\nuser=u\n' }),
  ],
  [
    'a section with text after its header',
    'PROFILE_EXISTS',
    (home) => fill(home, { '.oci/config': '[P] # x\nuser=u\n' }),
  ],
  [
    'a section after a byte order mark',
    'PROFILE_EXISTS',
    (home) => fill(home, { '.oci/config': '\xef\xbb\xbf[P]\n' }),
  ],
  [
    'two sections of the name with `overwrite-profile`',
    'PROFILE_AMBIGUOUS',
    (home) => fill(home, { '.oci/config': '[P]\n[ P ]\n' }),
    { overwrite: true },
  ],
  [
    'a directory in place of the config',
    'PATH_UNSAFE',
    (_home, oci) => mkdirSync(path.join(oci, 'config'), { recursive: true }),
  ],
  [
    'a file in place of the directory `sessions`',
    'PATH_UNSAFE',
    (home) => fill(home, { '.oci/sessions': '' }),
  ],
  [
    'a directory in place of the ledger',
    'PATH_UNSAFE',
    (_home, oci) => mkdirSync(path.join(oci, LEDGER), { recursive: true }),
  ],
  [
    'a file in place of the session directory',
    'PATH_UNSAFE',
    (home) => fill(home, { '.oci/sessions/P': 'theirs' }),
  ],
];

describe('install', () => {
  it.each(cases)('refuses %s with %s, and changes nothing', async (...[, code, setUp, options]) => {
    const home = newHome();
    setUp(home, path.join(home, '.oci'));
    const before = treeOf(home);
    const login = newLogin(home, 'a1', options);
    await expect(login.install()).rejects.toMatchObject({ name: 'ActionError', code });
    await login.remove();
    expect(treeOf(home)).toEqual(before);
  });

  itWithLinks(
    'refuses a link to nothing in place of the config with PATH_UNSAFE, and changes nothing',
    async () => {
      const home = newHome();
      mkdirSync(path.join(home, '.oci'));
      symlinkSync('/nowhere', path.join(home, '.oci/config'));
      const before = treeOf(home);
      const login = newLogin(home, 'a1');
      await expect(login.install()).rejects.toMatchObject({ name: 'ActionError', code: 'PATH_UNSAFE' });
      await login.remove();
      expect(treeOf(home)).toEqual(before);
    },
  );

  itWithModes('returns PATH_UNSAFE when every user can write the ledger', async () => {
    const home = newHome();
    fill(home, { [`.oci/${LEDGER}`]: '{}' });
    chmodSync(path.join(home, '.oci', LEDGER), 0o666);
    const login = newLogin(home, 'a1');
    await expect(login.install()).rejects.toMatchObject({
      code: 'PATH_UNSAFE',
      message: expect.stringContaining(`${LEDGER} can be written by every user`),
    });
  });

  it('uses a directory that another process creates at the same time', async () => {
    const home = newHome();
    const files = watched((member, file) => {
      if (member === 'ensureDirectory' && file.endsWith('.oci'))
        mkdirSync(file, { recursive: true, mode: 0o700 });
    });
    const login = newLogin(home, 'a1');
    await login.install({ ...disk, files });
    expect(treeOf(home)['.oci/sessions/P/token']).toContain('token of a1');
  });
});
