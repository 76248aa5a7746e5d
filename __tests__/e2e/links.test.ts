// Links at paths to which a login writes. Their targets belong to another user: a login never reads or changes them. It
// refuses the link or replaces it.
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
import { afterEach, expect, it } from '@jest/globals';
import { treeOf } from '../unit/profiles/tree.ts';
import { describeWithLinks, itWithLinks } from '../unit/systems-with.ts';
import { errorOf, QUICK, startJourney, writeHome } from './journey.ts';

/** `kept`: the link is there after the post step. `removed`: it is not. */
type Outcome = 'refused' | 'kept' | 'removed';
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
  [`.oci/${LEDGER}`, linkSync, 'file', 'removed'],
  ['.oci/.oci-wif-action-scratch', symlinkSync, 'file', 'removed'],
  ['.oci/.oci-wif-action-scratch', linkSync, 'file', 'removed'],
  [`.oci/${OLD_LOCK}`, symlinkSync, 'file', 'removed'],
  [`.oci/${OLD_LOCK}`, linkSync, 'file', 'removed'],
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

/** Files of another user with old modification times, which show also a change that was undone. */
function theirFiles(): string {
  const theirs = mkdtempSync(path.join(tmpdir(), 'theirs-'));
  directories.push(theirs);
  writeHome(theirs, THEIRS);
  for (const name of [...Object.keys(THEIRS), 'directory', '.'])
    utimesSync(path.join(theirs, name), LONG_AGO, LONG_AGO);
  return theirs;
}

/** Names, bytes, modes and modification times. */
function stateOf(theirs: string) {
  const tree = treeOf(theirs);
  return { tree, times: Object.keys(tree).map((name) => lstatSync(path.join(theirs, name)).mtimeMs) };
}

describeWithLinks.each(CASES)('a link at %s (%p to a %s)', (where, link, target, outcome) => {
  it(`is ${outcome}, and its target is unchanged`, async () => {
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
    if (outcome !== 'removed') expect(treeOf(home)).toEqual(before);
    else expect(Object.keys(treeOf(home)).filter((name) => name.endsWith(path.basename(where)))).toEqual([]);
  });
});

describeWithLinks('two logins of a job to one file by two names', () => {
  const OWN = {
    'real/.oci/config': '[P]\nuser=mine\n\n[OTHER]\nuser=x\n',
    'real/.oci/sessions/P/token': 'mine',
    'real/.aws/config': '[profile p]\nregion = mine\n',
    'real/.aws/credentials': '[p]\naws_access_key_id = mine\n',
  };
  const PROFILES = { ...QUICK, profile: 'P', 'aws-profile': 'p', 'overwrite-profile': 'true' };

  it.each([
    ['a linked home', 'real', 'home', [1, 0]],
    ['a linked home, removed in the order of the logins', 'home', 'real', [0, 1]],
    ['linked directories .oci and .aws', 'linked', 'real', [1, 0]],
    ['directories that are linked twice', 'linked', 'home', [0, 1]],
  ])('leave the files as they were: %s', async (_what, first, second, order) => {
    const { job, toAws, post } = await startJourney();
    writeHome(job.home, { ...OWN, 'linked/x': '' });
    symlinkSync('real', path.join(job.home, 'home'));
    for (const name of ['.oci', '.aws']) symlinkSync(`../home/${name}`, path.join(job.home, 'linked', name));
    const before = treeOf(job.home);
    const stages = [];
    for (const [at, name] of [first, second].entries()) {
      const home = path.join(job.home, name);
      const env = {
        AWS_CONFIG_FILE: `${home}/.aws/config`,
        AWS_SHARED_CREDENTIALS_FILE: `${home}/.aws/credentials`,
      };
      const region = at === 0 ? 'us-ashburn-1' : 'eu-zurich-1'; // else the second login only renews the token
      const stage = await toAws({ ...PROFILES, region, 'config-file': `${home}/.oci/config` }, { env });
      expect([stage.exitCode, stage.outputs['config-file']]).toEqual([
        0,
        path.join(job.home, 'real/.oci/config'),
      ]);
      stages.push(stage);
    }
    for (const at of order) expect((await post(stages[at] ?? { state: {} })).exitCode).toBe(0);
    expect(treeOf(job.home)).toEqual(before);
  });
});

itWithLinks(
  'a login with linked HOME and RUNNER_TEMP exports paths as the runner spells them, and leaves nothing',
  async () => {
    const { job, toAws, post } = await startJourney();
    const links = mkdtempSync(path.join(tmpdir(), 'links-'));
    directories.push(links);
    symlinkSync(job.home, path.join(links, 'home'));
    symlinkSync(job.temp, path.join(links, 'temp'));
    const env = {
      HOME: path.join(links, 'home'),
      USERPROFILE: path.join(links, 'home'),
      RUNNER_TEMP: path.join(links, 'temp'),
    };
    mkdirSync(path.join(job.temp, '_github_home'), { mode: 0o700 });
    const before = [treeOf(job.home), treeOf(job.temp)];
    const stage = await toAws({ ...DEPLOY, 'export-for': 'cli, resource-principal, docker' }, { env });
    expect(stage.exitCode).toBe(0);
    expect(stage.outputs['config-file']).toBe(path.join(job.home, '.oci/config'));
    // The runner translates what begins with its own RUNNER_TEMP for Docker actions.
    expect(stage.exported['OCI_RESOURCE_PRINCIPAL_RPST']).toContain(
      path.join(env.RUNNER_TEMP, 'oci-wif-action-'),
    );
    // GitHub runs Docker actions on Linux only.
    const isLinux = process.platform === 'linux';
    expect(Object.keys(treeOf(job.temp)).includes('_github_home/.oci/config')).toBe(isLinux);
    await post(stage, { env });
    expect([treeOf(job.home), treeOf(job.temp)]).toEqual(before);
  },
);
