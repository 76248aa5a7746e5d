// `npm run release:check`: its rules one by one, then the script itself in a repository of its own.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  archiveFaults,
  type Change,
  changesBetween,
  filesOf,
  type Metadata,
  riseFault,
} from '../../scripts/release.ts';

const root = path.join(import.meta.dirname, '../..');

const BEFORE: Metadata = {
  inputs: { url: { required: true }, audience: { default: 'a' }, region: {} },
  outputs: { profile: {} },
  runs: { using: 'node24', main: 'dist/main.js', post: 'dist/post.js' },
};

describe('changesBetween', () => {
  const { inputs } = BEFORE;
  it.each<[string, Partial<Metadata>, string[]]>([
    ['nothing', {}, []],
    ['a new input', { inputs: { ...inputs, x: {} } }, ['minor input x is new']],
    ['a removed output', { outputs: {} }, ['major output profile is removed']],
    [
      'another default',
      { inputs: { ...inputs, audience: { default: 'b' } } },
      ['major default of audience: a → b'],
    ],
    [
      'a new required input',
      { inputs: { ...inputs, x: { required: true } } },
      ['minor input x is new', 'major input x is now required'],
    ],
    [
      'another Node',
      { runs: { ...BEFORE.runs, using: 'node26' } },
      ['major runs on node26 instead of node24'],
    ],
  ])('reports %s', (_, after, expected) => {
    const changes = changesBetween(BEFORE, { ...BEFORE, ...after });
    expect(changes.map(({ what, level }) => `${level} ${what}`)).toEqual(expected);
  });
});

describe('riseFault', () => {
  it.each<[string, string, Change['level'], boolean]>([
    ['1.0.0', '1.0.1', 'patch', true],
    ['1.0.0', '1.0.1', 'minor', false],
    ['1.0.0', '1.1.0', 'major', false],
    ['1.4.2', '2.0.0', 'major', true],
    ['0.1.0', '0.2.0', 'major', true],
    ['0.1.0', '0.1.1', 'minor', false],
    ['1.0.1', '1.0.1', 'patch', false],
  ])('%s to %s with a %s change is allowed: %s', (from, to, level, fits) => {
    expect(riseFault(`v${from}`, to, [{ what: 'x', level }]) === undefined).toBe(fits);
  });
});

describe('the archive', () => {
  const names = ['LICENSE', 'action.yml', 'dist/main.js', 'dist/post.js', 'package.json'];
  const doctor: Metadata = { runs: { main: '../dist/doctor.js' } };

  it.each(['.env', 'README.md', 'src/main.ts', 'dist/main.js.map', 'dist/key.pem'])(
    'must not contain %s',
    (name) => {
      expect(archiveFaults([...names, name], [BEFORE])).toEqual([expect.stringContaining(name)]);
    },
  );

  it('must contain the programs that an action names', () => {
    expect(archiveFaults(names, [BEFORE, doctor])).toEqual(['dist/doctor.js is not in the archive']);
  });

  it('of this repository contains what jobs need and nothing else', () => {
    const tar = execFileSync('git', ['archive', '--format=tar', 'HEAD'], { cwd: root, maxBuffer: 1 << 28 });
    const packed = filesOf(tar).map(({ name }) => name);
    expect(archiveFaults(packed, [BEFORE, doctor])).toEqual([]);
  });
});

describe('npm run release:check', () => {
  let repository: string;
  const ACTION = 'inputs:\n  url: { required: true }\nruns: { using: node24, main: dist/main.js }\n';
  const LOG = '# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-01\n\n- First.\n';

  function write(name: string, text: string): void {
    mkdirSync(path.dirname(path.join(repository, name)), { recursive: true });
    writeFileSync(path.join(repository, name), text);
  }

  function git(...args: string[]): void {
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...who, ...args], { cwd: repository, stdio: 'ignore' });
  }

  function commit(version: string, files: Record<string, string> = {}): void {
    write('package.json', JSON.stringify({ name: 'x', version }));
    write('package-lock.json', JSON.stringify({ version }));
    for (const [name, text] of Object.entries(files)) write(name, text);
    git('add', '--all');
    git('commit', '--quiet', '--message', version);
  }

  function check(...args: string[]): { output: string; faults: string[]; status: number | null } {
    const script = path.join(root, 'scripts/release-check.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      cwd: repository,
      encoding: 'utf8',
    });
    return { output: stdout + stderr, faults: stderr.match(/^- .*$/gm) ?? [], status };
  }

  beforeEach(() => {
    repository = mkdtempSync(path.join(tmpdir(), 'release-'));
    git('init', '--quiet');
    git('config', 'core.autocrlf', 'false'); // Git for Windows would change the line ends
    commit('1.0.0', {
      '.gitattributes':
        '/.* export-ignore\n/scripts export-ignore\n/C* export-ignore\n/package-lock.json export-ignore\n',
      'action.yml': ACTION,
      'dist/main.js': 'x\n',
      LICENSE: 'x\n',
      'CHANGELOG.md': LOG,
      'scripts/build.ts': '// fresh\n',
    });
  });

  afterEach(() => {
    rmSync(repository, { recursive: true });
  });

  it('prints what would be published', () => {
    const { output, status } = check('--tag', 'v1.0.0');
    expect([status, output]).toEqual([0, expect.stringContaining('Releasable: push the tag v1.0.0.')]);
    expect(output).toMatch(/archive {2}4 files, \d+ bytes\n/);
    expect(output).toMatch(/ 2 {2}dist\/main\.js\n/);
    expect(output).toContain('changes  the first release');
  });

  it.each<[string, () => void, string[], RegExp]>([
    ['another tag', () => {}, ['--tag', 'v1.0.1'], /the tag is v1\.0\.1, package\.json has 1\.0\.0/],
    ['a pre-release version', () => commit('1.0.0-rc.1'), [], /is no version for a release/],
    ['an uncommitted change', () => write('action.yml', `${ACTION}#`), [], /not as committed.*action/],
    ['no entry in the change log', () => commit('1.0.0', { 'CHANGELOG.md': '# x\n' }), [], /no entry/],
    [
      'unreleased entries',
      () => commit('1.0.0', { 'CHANGELOG.md': LOG.replace(']\n', ']\n\n- More.\n') }),
      [],
      /entries under \[Unreleased\]/,
    ],
    [
      'a file that jobs do not need',
      () => commit('1.0.0', { 'id_rsa.txt': 'x' }),
      [],
      /id_rsa\.txt is not for jobs/,
    ],
    [
      'a stale bundle',
      () => commit('1.0.0', { 'scripts/build.ts': 'console.error("it is stale"); process.exitCode = 1;' }),
      [],
      /it is stale/,
    ],
  ])('refuses %s', (_, breakIt, args, expected) => {
    breakIt();
    const { output, faults, status } = check(...args);
    expect(status).toBe(1);
    expect(faults.filter((fault) => expected.test(fault))).toHaveLength(1);
    expect(output).not.toContain('Releasable');
  });

  it('refuses a version that rises too little for the changes since the last tag', () => {
    git('tag', 'v1.0.0');
    git('tag', 'v1');
    const log = (version: string) => LOG.replace('1.0.0', version);
    commit('1.1.0', { 'action.yml': ACTION.replace('url', 'uri'), 'CHANGELOG.md': log('1.1.0') });
    const { output, faults } = check();
    expect(output).toMatch(
      /since v1\.0\.0:.*\n +major {2}action\.yml: input url is removed\n +minor {2}action\.yml: input uri is new\n/,
    );
    expect(faults).toEqual(['- v1.0.0 → 1.1.0 is a minor version, the changes need a major one']);
    commit('2.0.0', { 'CHANGELOG.md': log('2.0.0') });
    git('tag', 'v2.0.0');
    expect([check().faults, check().status]).toEqual([[], 0]);
  });
});
