// Links planted where a login writes. What they lead to belongs to somebody else: it is never read into ours, never
// changed, and never given a secret. Either the login refuses, or it puts its own in the place of the link.
import {
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { treeOf } from '../unit/profiles/tree.ts';
import { errorOf, QUICK, startJourney, writeHome } from './journey.ts';

/** What a login does about a link: `kept` means that it stays and is there after post, `cleared` that it goes. */
type Outcome = 'refused' | 'kept' | 'cleared';
type Link = typeof symlinkSync | typeof linkSync;

const THEIRS = {
  file: '[THEIRS]\nuser=x\n',
  'directory/token': 'theirs',
  'directory/config': '[THEIRS]\nuser=y\n',
};
const LONG_AGO = new Date('2001-01-01');
const DEPLOY = { ...QUICK, profile: 'DEPLOY', 'aws-profile': 'deploy', 'overwrite-profile': 'true' };
const LEDGER = '.oci-wif-action-ledger.json';
const OLD_LOCK = '.oci-wif-action.lock-1-1-0123456789abcdef';

const CASES: [where: string, link: Link, target: string, outcome: Outcome][] = [
  ['.oci', symlinkSync, 'directory', 'refused'],
  ['.oci/config', symlinkSync, 'file', 'refused'],
  ['.oci/config', linkSync, 'file', 'kept'],
  ['.oci/sessions', symlinkSync, 'directory', 'refused'],
  ['.oci/sessions/DEPLOY', symlinkSync, 'directory', 'refused'],
  ['.oci/sessions/DEPLOY/token', symlinkSync, 'file', 'kept'],
  ['.oci/sessions/DEPLOY/token', linkSync, 'file', 'kept'],
  ['.oci/sessions/DEPLOY/oci_api_key.pem', symlinkSync, 'file', 'kept'],
  ['.oci/sessions/DEPLOY/oci_api_key.pem', linkSync, 'file', 'kept'],
  ['.oci/sessions/DEPLOY/inner', symlinkSync, 'directory', 'kept'],
  ['.oci/sessions/DEPLOY~0123456789abcdef', symlinkSync, 'directory', 'kept'],
  [`.oci/${LEDGER}`, symlinkSync, 'file', 'refused'],
  [`.oci/${LEDGER}`, linkSync, 'file', 'cleared'],
  ['.oci/.oci-wif-action-scratch', symlinkSync, 'file', 'cleared'],
  ['.oci/.oci-wif-action-scratch', linkSync, 'file', 'cleared'],
  [`.oci/${OLD_LOCK}`, symlinkSync, 'file', 'cleared'],
  [`.oci/${OLD_LOCK}`, linkSync, 'file', 'cleared'],
  ['.aws', symlinkSync, 'directory', 'refused'],
  ['.aws/config', symlinkSync, 'file', 'refused'],
  ['.aws/config', linkSync, 'file', 'kept'],
  ['.aws/credentials', symlinkSync, 'file', 'refused'],
  ['.aws/credentials', linkSync, 'file', 'kept'],
  [`.aws/${LEDGER}`, symlinkSync, 'file', 'refused'],
  ['.aws/cli/cache/x.json', symlinkSync, 'file', 'kept'],
  ['.aws/cli/cache', symlinkSync, 'directory', 'kept'],
];

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** Somebody else's files, all from long ago, so that a change that was taken back shows as well. */
function theirFiles(): string {
  const theirs = mkdtempSync(path.join(tmpdir(), 'theirs-'));
  directories.push(theirs);
  writeHome(theirs, THEIRS);
  for (const name of [...Object.keys(THEIRS), 'directory', '.'])
    utimesSync(path.join(theirs, name), LONG_AGO, LONG_AGO);
  return theirs;
}

/** Names, bytes and modes, and when each was last written. */
function stateOf(theirs: string) {
  const tree = treeOf(theirs);
  return { tree, times: Object.keys(tree).map((name) => lstatSync(path.join(theirs, name)).mtimeMs) };
}

describe.each(CASES)('a link at %s (%p to a %s)', (where, link, target, outcome) => {
  it(`is ${outcome}, and its target is left alone`, async () => {
    const journey = await startJourney({ job: { env: { RUNNER_DEBUG: '1' } } });
    const { home } = journey.job;
    const theirs = theirFiles();
    const planted = path.join(home, where);
    mkdirSync(path.dirname(planted), { recursive: true, mode: 0o700 });
    link(path.join(theirs, target), planted);
    if (where.endsWith(OLD_LOCK)) lutimesSync(planted, LONG_AGO, LONG_AGO);
    const before = treeOf(home);
    const theirsBefore = stateOf(theirs);

    const main = await journey.toAws(DEPLOY);
    expect(stateOf(theirs)).toEqual(theirsBefore);
    if (outcome === 'refused') {
      expect([main.exitCode, main.outputs]).toEqual([1, { 'failure-code': 'PATH_UNSAFE' }]);
      expect(errorOf(main)).toContain(planted);
      expect(treeOf(home)).toEqual(before);
    } else {
      expect(main.exitCode).toBe(0);
    }
    expect((await journey.post(main)).exitCode).toBe(0);
    expect(stateOf(theirs)).toEqual(theirsBefore);
    if (outcome !== 'cleared') expect(treeOf(home)).toEqual(before);
    else expect(Object.keys(treeOf(home)).filter((name) => name.endsWith(path.basename(where)))).toEqual([]);
  });
});
