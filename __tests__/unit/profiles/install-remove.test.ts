// A session comes and goes: what must be there meanwhile, and that nothing is left of it.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listSections } from '../../../src/profiles/ini-text.ts';
import { itWithModes } from '../systems-with.ts';
import { fileWithSection, foreignFile, runs } from './arbitraries.ts';
import { disk, fill, newHome, newLogin, removeHomes } from './home.ts';
import { treeOf } from './tree.ts';

afterAll(removeHomes);

const LEDGER = '.oci/.oci-wif-action-ledger.json';
const FOREIGN = '[P]\nuser=ocid1.user\nkey_file=~/k.pem';
const CLI_SESSION = (home: string) =>
  `[P]\nkey_file=${home}/k\nsecurity_token_file=${home}/.oci/sessions/P/token\n`;

describe('a session in a home', () => {
  itWithModes('has its five files and modes', async () => {
    const home = newHome();
    const login = newLogin(home, 'a1');
    await login.install();
    const tree = treeOf(home);
    expect(Object.keys(tree)).toEqual(
      ['.', '.oci', LEDGER, '.oci/config', '.oci/sessions', '.oci/sessions/P'].concat(
        '.oci/sessions/P/oci_api_key.pem',
        '.oci/sessions/P/token',
      ),
    );
    expect(tree['.oci']).toBe('directory 700');
    expect(tree['.oci/sessions/P']).toBe('directory 700');
    expect(tree['.oci/sessions/P/token']).toBe('file 600 "token of a1"');
    expect(tree['.oci/sessions/P/oci_api_key.pem']).toContain('file 600 ');
    expect(tree['.oci/config']).toContain('file 600 "[P]\\n');
    expect(tree[LEDGER]).toContain('file 600 ');
    expect(tree[LEDGER]).not.toMatch(/token of|PRIVATE KEY/);
  });

  const cases: [string, (home: string) => Record<string, string>][] = [
    ['no ~/.oci at all', () => ({})],
    ['other files in ~/.oci and no config', () => ({ '.oci/oci_cli_rc': 'x' })],
    ['an empty config', () => ({ '.oci/config': '' })],
    ['a config that is only a line end', () => ({ '.oci/config': '\n' })],
    ['a config that is only a byte order mark', () => ({ '.oci/config': '\xef\xbb\xbf' })],
    ['other profiles', () => ({ '.oci/config': '[DEFAULT]\nuser=u\n[Q]\nuser=q\n' })],
    ['an unfinished last line', () => ({ '.oci/config': '[DEFAULT]\nuser=u' })],
    ['CRLF and bytes that are no UTF-8', () => ({ '.oci/config': '# \xe4\r\n[DEFAULT]\r\nuser=\xff\r\n' })],
    ['a section of the name', () => ({ '.oci/config': `${FOREIGN}\n[Q]\n` })],
    ['a section of the name in an unfinished line', () => ({ '.oci/config': FOREIGN })],
    ['a section with a comment of its successor', () => ({ '.oci/config': `${FOREIGN}\n\n# q\n[Q]\n` })],
    [
      'a section that `oci session` wrote, with its files',
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

  it.each(cases)('leaves nothing behind where there was %s', async (_title, files) => {
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

  itWithModes.each([0o600, 0o644, 0o640, 0o660, 0o400])('keeps the mode of the config (%o)', async (mode) => {
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
  });

  it('leaves any file as it was', async () => {
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

describe('what others write meanwhile', () => {
  const edits: [string, string, (text: string) => string, string][] = [
    ['a section behind ours', '[Q]\n', (text) => `${text}# mine\n[R]\nx=1\n`, '[Q]\n# mine\n[R]\nx=1\n'],
    [
      'a section behind the one that ours replaced',
      `${FOREIGN}\n`,
      (text) => `${text}\n[R]\n`,
      `${FOREIGN}\n\n[R]\n`,
    ],
    ['a section behind an unfinished one', FOREIGN, (text) => `${text}[R]\n`, `${FOREIGN}\n[R]\n`],
    ['a section in front', '[Q]\n', (text) => `[R]\n${text}`, '[R]\n[Q]\n'],
    ['the file without comments', '[Q]\n', (text) => text.replace(/^#.*\n/gm, ''), '[Q]\n'],
    ['the file without our section', '[Q]\n', () => '[Q]\ny=1\n', '[Q]\ny=1\n'],
    [
      'the file without the section that replaced theirs',
      `[Q]\n${FOREIGN}\n`,
      () => '[Q]\n',
      `[Q]\n${FOREIGN}\n`,
    ],
    ['a section of our name, instead', '[Q]\n', () => '[P]\nuser=new\n', '[P]\nuser=new\n'],
  ];

  it.each(edits)('stays: %s', async (_title, text, edit, expected) => {
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

  it('stays in a config that the session created', async () => {
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

  it('stays in a directory that the session created', async () => {
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

describe('a login with nothing done', () => {
  it('has nothing to undo', async () => {
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
