// Prints what a release of the current commit would publish, and exits with 1 if it must not be released.
// --tag: the tag of the release.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
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
} from './release.ts';

const ACTIONS = ['action.yml', 'doctor/action.yml'];
const reasons: string[] = [];

function git(...args: string[]): Buffer {
  return execFileSync('git', args, { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
}

const lines = (output: Buffer) =>
  output
    .toString()
    .split('\n')
    .filter((line) => line !== '');
const json = (name: string) => JSON.parse(readFileSync(name, 'utf8')) as { version?: string };

function metadata(commit: string): Metadata[] {
  const present = new Set(lines(git('ls-tree', '-r', '--name-only', commit, '--', ...ACTIONS)));
  return ACTIONS.map((name) =>
    present.has(name) ? (parse(git('show', `${commit}:${name}`).toString()) as Metadata) : { runs: {} },
  );
}

function checkVersion(version: string, tag: string): void {
  console.log(`version  ${version}, as ${tag}`);
  if (versionOf(version) === undefined) reasons.push(`${version} is no version for a release`);
  if (tag !== `v${version}`) reasons.push(`the tag is ${tag}, package.json has ${version}`);
  if (json('package-lock.json').version !== version) reasons.push('package-lock.json has another version');
  const tree = lines(git('status', '--porcelain'));
  if (tree.length > 0)
    reasons.push(`${tree.length} files are not as committed, such as ${tree[0]?.slice(3)}`);
}

/** Compares with the newest earlier release among the ancestors of this commit. */
function checkChanges(version: string): void {
  const tags = lines(git('tag', '--list', '--merged', 'HEAD', 'v*')).filter((tag) => versionOf(tag));
  const previous = tags
    .filter((tag) => compareVersions(tag, version) !== 0)
    .toSorted(compareVersions)
    .at(-1);
  if (previous === undefined) {
    console.log('changes  the first release');
    return;
  }
  const [before, after] = [metadata(previous), metadata('HEAD')];
  const changes = ACTIONS.flatMap((file, index): Change[] => {
    const pair = [before[index] ?? { runs: {} }, after[index] ?? { runs: {} }] as const;
    if (Object.keys(pair[0].runs).length === 0) return [{ what: `${file} is new`, level: 'minor' }];
    return changesBetween(...pair).map(({ what, level }) => ({ what: `${file}: ${what}`, level }));
  });
  console.log(`changes  since ${previous}: ${changes.length === 0 ? 'none in inputs and outputs' : ''}`);
  for (const { what, level } of changes) console.log(`         ${level.padEnd(5)}  ${what}`);
  const fault = riseFault(previous, version, changes);
  if (fault !== undefined) reasons.push(fault);
}

function checkNotes(version: string): void {
  const changeLog = readFileSync('CHANGELOG.md', 'utf8');
  const notes = notesFor(changeLog, version) ?? '';
  console.log(`notes    ${notes === '' ? 'none' : `${notes.split('\n').length} lines`}`);
  if (notes === '') reasons.push(`CHANGELOG.md has no entry "## [${version}] - YYYY-MM-DD"`);
  if (notesFor(changeLog, 'Unreleased')) reasons.push('CHANGELOG.md has entries under [Unreleased]');
}

function checkArchive(): void {
  const files = filesOf(git('archive', '--format=tar', 'HEAD'));
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`archive  ${files.length} files, ${total} bytes`);
  for (const { name, bytes } of files) console.log(`         ${String(bytes).padStart(7)}  ${name}`);
  reasons.push(
    ...archiveFaults(
      files.map(({ name }) => name),
      metadata('HEAD'),
    ),
  );
}

function checkDist(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build.ts', '--check'], {
    encoding: 'utf8',
  });
  console.log(`dist     ${status === 0 ? 'fresh, with its notices' : 'stale'}`);
  if (status !== 0) reasons.push(`${stderr}${stdout}`.trim());
}

const { values } = parseArgs({ options: { tag: { type: 'string' } } });
const { version = '' } = json('package.json');
checkVersion(version, values.tag ?? `v${version}`);
checkChanges(version);
checkNotes(version);
checkArchive();
checkDist();
if (reasons.length > 0) {
  console.error(`\nNot releasable:\n${reasons.map((reason) => `- ${reason}`).join('\n')}`);
  process.exitCode = 1;
} else console.log(`\nReleasable: push the tag v${version}.`);
