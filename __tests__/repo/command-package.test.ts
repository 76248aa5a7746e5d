// The package of the command in a release: what is in it, and that it runs after an installation without a network.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itWithShell } from '../unit/systems-with.ts';

const root = path.join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const FILE = `oci-wif-${version}.tgz`;
const npm = process.env['npm_execpath'] ?? 'run the tests with npm';
const scratch = mkdtempSync(path.join(tmpdir(), 'command-package-'));
const inScratch = (...names: string[]) => path.join(scratch, ...names);
const installed = inScratch('empty', 'node_modules', 'oci-wif');

/** The Node of the machine, as a user has it: npm puts that of this repository in front. */
function userPath(): string {
  const own = (process.env['PATH'] ?? '').split(path.delimiter);
  const others = own.filter((folder) => !/node_modules[\\/](\.bin|node[\\/]bin)|node-gyp-bin/.test(folder));
  return [...others, path.dirname(process.execPath)].join(path.delimiter);
}

/** npm, without a network and without the settings that it passes to its scripts. */
function runNpm(args: readonly string[]) {
  const { SystemRoot = '', ComSpec = '', PATHEXT = '' } = process.env;
  const env = { SystemRoot, ComSpec, PATHEXT, PATH: userPath(), HOME: scratch, USERPROFILE: scratch };
  return spawnSync(process.execPath, [npm, '--offline', ...args], {
    cwd: inScratch('empty'),
    env: { ...env, npm_config_cache: inScratch('cache'), npm_config_update_notifier: 'false' },
    encoding: 'utf8',
  });
}

function pack(to: string): void {
  mkdirSync(to, { recursive: true });
  execFileSync(process.execPath, [path.join(root, 'scripts/pack.ts'), to], { stdio: 'pipe' });
}

beforeAll(() => {
  pack(scratch);
  mkdirSync(inScratch('empty'));
  const { status, stderr } = runNpm(['install', inScratch(FILE)]);
  expect([stderr, status]).toEqual(['', 0]);
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

describe('the package of the command', () => {
  it('has one program, its notices and no dependencies', () => {
    const names = ['LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.txt', 'oci-wif.js', 'package.json'];
    expect(readdirSync(installed).toSorted()).toEqual(names);
    const manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ private: true, engines: { node: '>=20.16' }, license: 'Apache-2.0' });
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
    expect(readdirSync(inScratch('empty', 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'oci-wif',
    ]);
  });

  it.each([
    ['installed', ['exec', '--', 'oci-wif']],
    ['a file', ['exec', '--yes', '--', `../${FILE}`]],
  ])('runs as %s with the Node of the machine', (_what, command) => {
    const help = runNpm([...command, 'setup', '--help']);
    expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('oci-wif setup ') });
    const wrong = runNpm([...command, 'setup', '--profil', 'x']);
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining('OPTION_INVALID') });
    expect(wrong.stderr).toContain('Did you mean --profile?');
  });

  it('uses no function that Node 20.16 lacks', () => {
    const program = readFileSync(path.join(installed, 'oci-wif.js'), 'utf8');
    const newer =
      /\b(Map|Object)\.groupBy\(|\.withResolvers\(|\.fromAsync\(|\bURL\.parse\(|\bPromise\.try\(|\b(union|difference|isSubsetOf|isSupersetOf|isDisjointFrom)\(|\bglobSync\(|\bRegExp\.escape\(/g;
    expect(program.match(newer)).toBeNull();
  });

  itWithShell('has the same bytes under another umask, in another directory', () => {
    const other = inScratch('another directory');
    mkdirSync(other);
    const script = 'umask 077 && "$0" "$1" "$2"';
    execFileSync('sh', ['-c', script, process.execPath, path.join(root, 'scripts/pack.ts'), other]);
    expect(readFileSync(path.join(other, FILE)).equals(readFileSync(inScratch(FILE)))).toBe(true);
  });
});
