// What `npm run release:check` lets pass and what it stops: the judgements one by one, then the tool itself on a repository
// of its own, where only git, tar and the exit code are real.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  archiveFaults,
  type Change,
  changesBetween,
  compareVersions,
  filesOf,
  type Metadata,
  notesFor,
  riseFault,
  versionOf,
} from '../../scripts/release.ts';

const root = path.join(import.meta.dirname, '../..');

describe('a version', () => {
  it.each([
    ['1.2.3', [1, 2, 3]],
    ['v10.0.0', [10, 0, 0]],
    ['1.2', undefined],
    ['01.2.3', undefined],
    ['1.2.3-rc.1', undefined],
    ['v1', undefined],
  ])('is read from %s', (text, expected) => {
    expect(versionOf(text)).toEqual(expected);
  });

  it('is sorted by numbers', () => {
    expect(['v1.10.0', 'v1.9.9', 'v0.99.0', 'v1.9.10'].toSorted(compareVersions)).toEqual([
      'v0.99.0',
      'v1.9.9',
      'v1.9.10',
      'v1.10.0',
    ]);
  });
});

const BEFORE: Metadata = {
  inputs: { url: { required: true }, audience: { default: 'a' }, region: {} },
  outputs: { profile: {} },
  runs: { using: 'node24', main: 'dist/main.js', post: 'dist/post.js' },
};

describe('a change', () => {
  it.each<[string, Metadata, Change[]]>([
    ['none', BEFORE, []],
    [
      'a new input',
      { ...BEFORE, inputs: { ...BEFORE.inputs, x: {} } },
      [{ what: 'input x is new', level: 'minor' }],
    ],
    [
      'a new output',
      { ...BEFORE, outputs: { ...BEFORE.outputs, x: {} } },
      [{ what: 'output x is new', level: 'minor' }],
    ],
    ['an output less', { ...BEFORE, outputs: {} }, [{ what: 'output profile is gone', level: 'major' }]],
    [
      'an input less',
      { ...BEFORE, inputs: { url: { required: true }, region: {} } },
      [{ what: 'input audience is gone', level: 'major' }],
    ],
    [
      'another default',
      { ...BEFORE, inputs: { ...BEFORE.inputs, audience: { default: 'b' } } },
      [{ what: 'default of audience: a → b', level: 'major' }],
    ],
    [
      'an input that must be given now',
      { ...BEFORE, inputs: { ...BEFORE.inputs, region: { required: true } } },
      [{ what: 'input region is now required', level: 'major' }],
    ],
    [
      'a new input that must be given',
      { ...BEFORE, inputs: { ...BEFORE.inputs, x: { required: true } } },
      [
        { what: 'input x is new', level: 'minor' },
        { what: 'input x is now required', level: 'major' },
      ],
    ],
    [
      'another Node',
      { ...BEFORE, runs: { ...BEFORE.runs, using: 'node26' } },
      [{ what: 'runs on node26 instead of node24', level: 'major' }],
    ],
  ])('is weighed: %s', (_, after, expected) => {
    expect(changesBetween(BEFORE, after)).toEqual(expected);
  });

  it.each<[string, string, Change['level'], boolean]>([
    ['1.0.0', '1.0.1', 'patch', true],
    ['1.0.0', '1.0.1', 'minor', false],
    ['1.0.0', '1.1.0', 'minor', true],
    ['1.0.0', '1.1.0', 'major', false],
    ['1.4.2', '2.0.0', 'major', true],
    ['0.1.0', '0.2.0', 'major', true],
    ['0.1.0', '0.1.1', 'minor', false],
    ['0.9.0', '1.0.0', 'major', true],
    ['1.0.1', '1.0.1', 'patch', false],
    ['1.0.1', '1.0.0', 'patch', false],
  ])('from %s to %s fits a %s one: %s', (from, to, level, fits) => {
    expect(riseFault(`v${from}`, to, [{ what: 'x', level }]) === undefined).toBe(fits);
  });
});

describe('the notes', () => {
  const LOG =
    '# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-02-01\n\n### Fixed\n\n- It.\n\n## [1.0.0] - x\n\n- Bad.\n\n[1.1.0]: https://example.com\n';
  it.each([
    ['1.1.0', '### Fixed\n\n- It.'],
    ['Unreleased', ''],
    ['1.1', undefined],
    ['1.0.0', undefined],
  ])('of %s', (version, expected) => {
    expect(notesFor(LOG, version)).toBe(expected);
  });

  it('of this repository are in that form', () => {
    const log = readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
    expect(notesFor(log, 'Unreleased')).toBeDefined();
    for (const heading of log.match(/^## .*$/gm) ?? [])
      expect(heading).toMatch(/^## \[(Unreleased|\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$)/);
  });
});

describe('the archive', () => {
  const names = ['LICENSE', 'README.md', 'action.yml', 'dist/main.js', 'dist/post.js', 'package.json'];
  const doctor: Metadata = { runs: { main: '../dist/doctor.js' } };

  it('may be as it should', () => {
    expect(archiveFaults(names, [BEFORE])).toEqual([]);
  });

  it.each(['.env', 'src/main.ts', 'dist/main.js.map', 'dist/key.pem', 'doctor/x.js', 'README.md.orig'])(
    'may not hold %s',
    (name) => {
      expect(archiveFaults([...names, name], [BEFORE])).toEqual([expect.stringContaining(name)]);
    },
  );

  it('may not lack what an action names', () => {
    expect(archiveFaults(names, [BEFORE, doctor])).toEqual(['dist/doctor.js is not in the archive']);
  });

  it('of this repository holds what jobs need and nothing else', () => {
    const tar = execFileSync('git', ['archive', '--format=tar', 'HEAD'], { cwd: root, maxBuffer: 1 << 28 });
    const files = filesOf(tar);
    expect(
      archiveFaults(
        files.map(({ name }) => name),
        [BEFORE, doctor],
      ),
    ).toEqual([]);
    const readme = execFileSync('git', ['show', 'HEAD:README.md'], { cwd: root });
    expect(files.find(({ name }) => name === 'README.md')?.bytes).toBe(readme.length);
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

  it('says what would be published, and writes the notes', () => {
    const notes = path.join(repository, '.git/notes.md');
    const { output, status } = check('--tag', 'v1.0.0', '--notes', notes);
    expect([status, output]).toEqual([0, expect.stringContaining('Releasable: push the tag v1.0.0.')]);
    expect(output).toMatch(/archive {2}4 files, \d+ bytes\n/);
    expect(output).toMatch(/ 2 {2}dist\/main\.js\n/);
    expect(output).toContain('changes  the first release');
    expect(readFileSync(notes, 'utf8')).toBe('- First.\n');
  });

  it.each<[string, () => void, string[], RegExp]>([
    ['another tag', () => {}, ['--tag', 'v1.0.1'], /the tag is v1\.0\.1, package\.json has 1\.0\.0/],
    ['a version that is none', () => commit('1.0.0-rc.1'), [], /is no version for a release/],
    ['another version in the lock file', () => commit('1.0.0', { 'package-lock.json': '{}' }), [], /lock/],
    [
      'a change that is not committed',
      () => write('action.yml', `${ACTION}#`),
      [],
      /not as committed.*action/,
    ],
    ['no entry in the change log', () => commit('1.0.0', { 'CHANGELOG.md': '# x\n' }), [], /no entry/],
    [
      'entries left over',
      () => commit('1.0.0', { 'CHANGELOG.md': LOG.replace(']\n', ']\n\n- More.\n') }),
      [],
      /left under \[Unreleased\]/,
    ],
    [
      'a file that is none for jobs',
      () => commit('1.0.0', { 'id_rsa.txt': 'x' }),
      [],
      /id_rsa\.txt is no file/,
    ],
    [
      'a script that is missing',
      () => commit('1.0.0', { 'doctor/action.yml': 'runs: { using: node24, main: ../dist/d.js }' }),
      [],
      /dist\/d\.js is not in the archive/,
    ],
    [
      'a stale bundle',
      () => commit('1.0.0', { 'scripts/build.ts': 'console.error("it is stale"); process.exitCode = 1;' }),
      [],
      /it is stale/,
    ],
  ])('stops %s', (_, breakIt, args, expected) => {
    breakIt();
    const { output, faults, status } = check(...args);
    expect(status).toBe(1);
    expect(faults.filter((fault) => expected.test(fault))).toHaveLength(1);
    expect(output).not.toContain('Releasable');
  });

  it('stops a version that rises too little for what has changed since the last tag', () => {
    git('tag', 'v1.0.0');
    git('tag', 'v1');
    const log = (version: string) => LOG.replace('1.0.0', version);
    commit('1.1.0', { 'action.yml': ACTION.replace('url', 'uri'), 'CHANGELOG.md': log('1.1.0') });
    const { output, faults } = check();
    expect(output).toMatch(
      /since v1\.0\.0:.*\n +major {2}action\.yml: input url is gone\n +minor {2}action\.yml: input uri is new\n/,
    );
    expect(faults).toEqual(['- v1.0.0 → 1.1.0 is a minor version, the changes need a major one']);
    commit('2.0.0', { 'CHANGELOG.md': log('2.0.0') });
    git('tag', 'v2.0.0');
    expect([check().faults, check().status]).toEqual([[], 0]);
  });
});
