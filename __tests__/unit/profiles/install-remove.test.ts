// A login installs and removes its files and its section. Everything else stays byte for byte.
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listSections } from '../../../src/profiles/ini-text.ts';
import { itWithModes } from '../systems-with.ts';
import { fileWithSection, foreignFile, runs } from './arbitraries.ts';
import { disk, fill, newHome, newLogin, removeHomes, watched } from './home.ts';
import { treeOf } from './tree.ts';

afterAll(removeHomes);

const FOREIGN = '[P]\nuser=ocid1.user\nkey_file=~/k.pem';
const CLI_SESSION = (home: string) =>
  `[P]\nkey_file=${home}/k\nsecurity_token_file=${home}/.oci/sessions/P/token\n`;

describe('remove', () => {
  const cases: [string, (home: string) => Record<string, string>][] = [
    ['nothing', () => ({})],
    ['other files in ~/.oci and no config', () => ({ '.oci/oci_cli_rc': 'x' })],
    [
      'a section and the files of the OCI CLI',
      (home) => ({
        '.oci/config': CLI_SESSION(home),
        '.oci/sessions/P/token': 'theirs',
        '.oci/sessions/P/oci_api_key_public.pem': 'theirs',
      }),
    ],
    [
      'a session directory without a section',
      () => ({ '.oci/sessions/P/token': 'x', '.oci/sessions/P/d/e': 'y' }),
    ],
    ['sessions of other profiles', () => ({ '.oci/sessions/Q/token': 'x' })],
  ];

  it.each(cases)('restores a home with %s, also when it runs twice', async (_title, files) => {
    const home = newHome();
    fill(home, files(home));
    const before = treeOf(home);
    const login = newLogin(home, 'a1', { overwrite: true });
    await login.install();
    const text = readFileSync(path.join(home, '.oci/config'), 'latin1');
    expect(listSections(text).filter(({ name }) => name === 'P')).toHaveLength(1);
    expect(treeOf(home)['.oci/sessions/P/token']).toContain('token of a1');
    await login.remove();
    expect(treeOf(home)).toEqual(before);
    await login.remove();
    expect(treeOf(home)).toEqual(before);
  });

  itWithModes.each([0o600, 0o644, 0o640, 0o660, 0o400])(
    'restores a config with mode %o, which it has during the login too',
    async (mode) => {
      const home = newHome();
      fill(home, { '.oci/config': '[Q]\n' });
      chmodSync(path.join(home, '.oci/config'), mode);
      chmodSync(path.join(home, '.oci'), 0o755);
      const before = treeOf(home);
      const login = newLogin(home, 'a1');
      await login.install();
      expect(treeOf(home)['.oci/config']).toContain(`file ${mode.toString(8)} `);
      await login.remove();
      expect(treeOf(home)).toEqual(before);
    },
  );

  it('restores any config file', async () => {
    const anyFile = fc.oneof(
      foreignFile,
      fileWithSection.map(({ before, section, after }) => before + section + after),
    );
    await fc.assert(
      fc.asyncProperty(anyFile, async (text) => {
        const home = newHome();
        fill(home, { '.oci/config': text });
        const before = treeOf(home);
        const login = newLogin(home, 'a1', { overwrite: true });
        await login.install();
        await login.remove();
        expect(treeOf(home)).toEqual(before);
      }),
      runs(150),
    );
    removeHomes();
  });
});

describe('what other programs write during a login', () => {
  const edits: [string, string, (text: string) => string, string][] = [
    ['a section before ours', '[Q]\n', (text) => `[R]\n${text}`, '[R]\n[Q]\n'],
    ['the file without comments', '[Q]\n', (text) => text.replace(/^#.*\n/gm, ''), '[Q]\n'],
    [
      'the file without our section, which had replaced one',
      `[Q]\n${FOREIGN}\n`,
      () => '[Q]\n',
      `[Q]\n${FOREIGN}\n`,
    ],
    ['a section of our name in place of ours', '[Q]\n', () => '[P]\nuser=new\n', '[P]\nuser=new\n'],
  ];

  it.each(edits)('is kept by remove: %s', async (_title, text, edit, expected) => {
    const home = newHome();
    const config = path.join(home, '.oci/config');
    fill(home, { '.oci/config': text });
    const login = newLogin(home, 'a1', { overwrite: true });
    await login.install();
    writeFileSync(config, edit(readFileSync(config, 'latin1')), 'latin1');
    await login.remove();
    expect(readFileSync(config, 'latin1')).toBe(expected);
    expect(Object.keys(treeOf(home))).toEqual(['.', '.oci', '.oci/config']);
  });

  it('is kept in a config that the login created', async () => {
    const home = newHome();
    const login = newLogin(home, 'a1');
    await login.install();
    writeFileSync(path.join(home, '.oci/config'), '[R]\n', { flag: 'a' });
    await login.remove();
    expect(treeOf(home)).toEqual({
      '.': 'directory 700',
      '.oci': 'directory 700',
      '.oci/config': 'file 600 "[R]\\n"',
    });
  });

  it('is kept in a directory that the login created', async () => {
    const home = newHome();
    const login = newLogin(home, 'a1');
    await login.install();
    fill(home, { '.oci/sessions/Q/token': 'theirs', '.oci/oci_cli_rc': 'theirs' });
    await login.remove();
    expect(Object.keys(treeOf(home))).toEqual([
      '.',
      '.oci',
      '.oci/oci_cli_rc',
      '.oci/sessions',
      '.oci/sessions/Q',
      '.oci/sessions/Q/token',
    ]);
  });
});

describe('a journal that a crash has left', () => {
  it('is removed when a later step has removed the config and the ledger', async () => {
    const home = newHome();
    fill(home, { '.oci/config': '[Q]\n' });
    const login = newLogin(home, 'a1');
    await login.install();
    for (const name of ['config', '.oci-wif-action-ledger.json']) rmSync(path.join(home, '.oci', name));
    fill(home, { '.oci/.oci-wif-action-journal-config': `${0o600} 4\n[Q]\n[Q]\nsecret\n` });
    await login.remove();
    expect(Object.keys(treeOf(home))).toEqual(['.', '.oci']);
  });
});

describe('a login that installed nothing', () => {
  it('removes nothing', async () => {
    const home = newHome();
    const login = newLogin(home, 'a1');
    await login.install();
    await login.remove();
    fill(home, { '.oci/config': '[Q]\n', '.oci/sessions/P/token': 'theirs' });
    const before = treeOf(home);
    await newLogin(home, 'a1').remove(disk);
    await login.remove();
    expect(treeOf(home)).toEqual(before);
  });
});

describe('directories that the post step of another job removes during a login', () => {
  it.each([
    ['ensureDirectory', '.oci'],
    ['makeDirectory', '.oci/sessions'],
  ] as const)('are created again: before %s, %s', async (call, directory) => {
    const home = newHome();
    const login = newLogin(home, 'a1');
    let removed = 0;
    const files = watched((member) => {
      if (member !== call || removed > 0) return;
      if (existsSync(path.join(home, directory))) removed += 1;
      rmSync(path.join(home, directory), { recursive: true, force: true });
    });
    await login.install({ ...disk, files });
    expect(removed).toBe(1);
    expect(treeOf(home)).toHaveProperty(['.oci/sessions/P/token']);
    await login.remove();
    expect(treeOf(home)).toEqual({ '.': 'directory 700' });
  });
});
