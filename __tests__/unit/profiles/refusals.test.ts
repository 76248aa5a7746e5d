// What a login refuses to touch, and that nothing is different afterwards.

import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Disk } from '../../../src/ports.ts';
import { itWithModes } from '../systems-with.ts';
import { disk, fill, type LoginOptions, newHome, newLogin, removeHomes, watched } from './home.ts';
import { treeOf } from './tree.ts';

afterAll(removeHomes);

const LEDGER = '.oci-wif-action-ledger.json';

type Setting = (home: string, oci: string) => void;

const cases: [string, string, Setting, LoginOptions?][] = [
  ['a section of the user', 'PROFILE_EXISTS', (home) => fill(home, { '.oci/config': '[P]\nuser=u\n' })],
  ['one with a blank in front', 'PROFILE_EXISTS', (home) => fill(home, { '.oci/config': ' [P]\nuser=u\n' })],
  ['one with text behind', 'PROFILE_EXISTS', (home) => fill(home, { '.oci/config': '[P] # x\nuser=u\n' })],
  [
    'one behind a byte order mark',
    'PROFILE_EXISTS',
    (home) => fill(home, { '.oci/config': '\xef\xbb\xbf[P]\n' }),
  ],
  ['two sections', 'PROFILE_AMBIGUOUS', (home) => fill(home, { '.oci/config': '[P]\n[P]\n' })],
  [
    'two, with leave to replace',
    'PROFILE_AMBIGUOUS',
    (home) => fill(home, { '.oci/config': '[P]\n[ P ]\n' }),
    { overwrite: true },
  ],
  ['a config in UTF-16', 'CONFIG_UNREADABLE', (home) => fill(home, { '.oci/config': '\xff\xfe[\0Z\0]\0' })],
  [
    'a link to a config',
    'PATH_UNSAFE',
    (home, oci) => {
      fill(home, { real: '[Z]\n' });
      mkdirSync(oci);
      symlinkSync(path.join(home, 'real'), path.join(oci, 'config'));
    },
  ],
  [
    'a link to nothing for a config',
    'PATH_UNSAFE',
    (_home, oci) => {
      mkdirSync(oci);
      symlinkSync('/nowhere', path.join(oci, 'config'));
    },
  ],
  [
    'a directory for a config',
    'PATH_UNSAFE',
    (_home, oci) => mkdirSync(path.join(oci, 'config'), { recursive: true }),
  ],
  [
    'a link to sessions',
    'PATH_UNSAFE',
    (home, oci) => {
      mkdirSync(path.join(home, 'real'));
      mkdirSync(oci);
      symlinkSync(path.join(home, 'real'), path.join(oci, 'sessions'));
    },
  ],
  ['a file for sessions', 'PATH_UNSAFE', (home) => fill(home, { '.oci/sessions': '' })],
  [
    'a link for the session',
    'PATH_UNSAFE',
    (home, oci) => {
      fill(home, { 'real/token': 'theirs' });
      mkdirSync(path.join(oci, 'sessions'), { recursive: true });
      symlinkSync(path.join(home, 'real'), path.join(oci, 'sessions/P'));
    },
  ],
  [
    'a link for the ledger',
    'PATH_UNSAFE',
    (home, oci) => {
      fill(home, { real: '{}' });
      mkdirSync(oci);
      symlinkSync(path.join(home, 'real'), path.join(oci, LEDGER));
    },
  ],
  [
    'a directory for the ledger',
    'PATH_UNSAFE',
    (_home, oci) => mkdirSync(path.join(oci, LEDGER), { recursive: true }),
  ],
  ['a file for the session', 'PATH_UNSAFE', (home) => fill(home, { '.oci/sessions/P': 'theirs' })],
];

describe('a login', () => {
  it.each(cases)('refuses %s with %s', async (...[, code, setUp, options]) => {
    const home = newHome();
    setUp(home, path.join(home, '.oci'));
    const before = treeOf(home);
    const login = newLogin(home, 'a1', options);
    await expect(login.install()).rejects.toMatchObject({ name: 'ActionError', code });
    await login.remove();
    expect(treeOf(home)).toEqual(before);
  });

  itWithModes('refuses a ledger that every user can write with PATH_UNSAFE', async () => {
    const home = newHome();
    fill(home, { [`.oci/${LEDGER}`]: '{}' });
    chmodSync(path.join(home, '.oci', LEDGER), 0o666);
    const login = newLogin(home, 'a1');
    await expect(login.install()).rejects.toMatchObject({
      code: 'PATH_UNSAFE',
      message: expect.stringContaining(`${LEDGER} can be written by every user`),
    });
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? it.skip : it)('says where it may not write', async () => {
    const home = newHome();
    chmodSync(home, 0o500);
    const login = newLogin(home, 'a1');
    await expect(login.install()).rejects.toMatchObject({ code: 'FILES_NOT_WRITABLE' });
    await login.remove();
    chmodSync(home, 0o700);
    expect(Object.keys(treeOf(home))).toEqual(['.']);
  });

  it('says so when the disk gives out at the last write, and takes everything back', async () => {
    const home = newHome();
    fill(home, { '.oci/config': '[Z]\n' });
    const before = treeOf(home);
    const login = newLogin(home, 'a1');
    const full: Disk = {
      ...disk,
      files: watched((member) => {
        if (member === 'replace') throw new Error('no space');
      }),
    };
    await expect(login.install(full)).rejects.toThrow('no space');
    await login.remove();
    expect(treeOf(home)).toEqual(before);
  });
});

describe('a clean-up', () => {
  it('does not write through a link that has come in place of the config', async () => {
    const home = newHome();
    fill(home, { '.oci/config': '[P]\nuser=u\n', elsewhere: '[Z]\n' });
    const config = path.join(home, '.oci/config');
    const login = newLogin(home, 'a1', { overwrite: true });
    await login.install();
    rmSync(config);
    symlinkSync(path.join(home, 'elsewhere'), config);
    await login.remove().catch(() => {});
    const after = treeOf(home);
    expect(after['elsewhere']).toBe('file 600 "[Z]\\n"');
    expect(after['.oci/config']).toBe(`link to ${path.join(home, 'elsewhere')}`);
  });

  it('does not empty a directory to which a link leads that has come in place of the session', async () => {
    const home = newHome();
    fill(home, { '.oci/config': '[Z]\n', 'elsewhere/token': 'theirs' });
    const login = newLogin(home, 'a1');
    await login.install();
    rmSync(path.join(home, '.oci/sessions/P'), { recursive: true });
    symlinkSync(path.join(home, 'elsewhere'), path.join(home, '.oci/sessions/P'));
    await login.remove();
    expect(treeOf(home)['elsewhere/token']).toContain('theirs');
  });
});

describe('a login that comes at the same time as another', () => {
  it('does not mind that the other has just made the directory', async () => {
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
