// Disks that become full at every point, disks that are read-only, and a config file of five megabytes.
//
// The disks are tmpfs file systems. Mounting needs root; other users run this file again in a user namespace. Linux only.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  errorOf,
  expectFailure,
  logOf,
  QUICK,
  startJourney,
  treeOf,
  warningsOf,
  writeHome,
} from '../../e2e/journey.ts';
import { refresherOf, until } from '../../e2e/refresher.ts';
import { figure } from '../figures.ts';

const SUITE = 'environment';
const isRoot = process.getuid?.() === 0;
const onLinux = process.platform === 'linux' ? describe : describe.skip;

const mounts: string[] = [];
afterEach(() => {
  for (const directory of mounts.splice(0).toReversed()) {
    command('umount', '--lazy', directory);
    rmSync(directory, { recursive: true, force: true });
  }
});

function command(name: string, ...parameters: string[]): void {
  const { status, stderr, error } = spawnSync(name, parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ${parameters.join(' ')} failed: ${error?.message ?? stderr}`);
}

/** Mounts an empty file system with these limits. */
function smallDisk(options: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'disk-'));
  command('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', directory);
  mounts.push(directory);
  return directory;
}

const USER_FILES = { '.oci/config': '[A]\nuser=x', '.aws/credentials': '[b]\naws_access_key_id=x\n' };
const INPUTS = { ...QUICK, profile: 'DEPLOY', 'aws-profile': 'deploy' };

/** Fills the disk except for this many blocks. */
function fillUp(home: string, freeBlocks: number): void {
  rmSync(path.join(home, 'ballast'), { force: true });
  const { bavail, bsize } = statfsSync(home);
  writeFileSync(path.join(home, 'ballast'), Buffer.alloc(Math.max(0, Number(bavail) - freeBlocks) * bsize));
}

/** Runs a login and its post step. @returns whether the disk was large enough */
async function fits(home: string): Promise<boolean> {
  const journey = await startJourney({ job: { home, env: { RUNNER_DEBUG: '1' } } });
  const before = treeOf(home);
  const main = await journey.toAws(INPUTS);
  if (main.exitCode !== 0) {
    expect(main.outputs).toEqual({ 'failure-code': 'FILES_NOT_WRITABLE' });
    expect(errorOf(main)).toContain('ENOSPC');
    expect(main.exported).toEqual({});
    expect(treeOf(home)).toEqual(before);
  }
  const post = await journey.post(main);
  expect([post.exitCode, warningsOf(post)]).toEqual([0, []]);
  expect(treeOf(home)).toEqual(before);
  return main.exitCode === 0;
}

/** Increases the size until the login succeeds. @returns how often it failed */
async function untilItFits(attempt: (size: number) => Promise<boolean>): Promise<number> {
  let size = 0;
  while (!(await attempt(size))) {
    size += 1;
    if (size > 60) throw new Error('the login never succeeds');
  }
  return size;
}

/** Thousands of other profiles. */
function largeConfig(bytes: number): string {
  const section = (n: number) =>
    `[P${n}]\nuser=ocid1.user.oc1..${String(n).padStart(30, 'a')}\nregion=eu-frankfurt-1\n# a comment of the author, fifty bytes of it or so\n\n`;
  let text = '';
  for (let n = 0; text.length < bytes; n += 1) text += section(n);
  return text;
}

onLinux('a disk', () => {
  if (!isRoot) {
    it('is tested in a user namespace', () => {
      const jest = [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
      ];
      // Jest names its cache after the user, who is root in the namespace.
      const cache = mkdtempSync(path.join(tmpdir(), 'cache-'));
      const again = [
        '__tests__/stress/environment/disks.test.ts',
        '--config',
        '__tests__/stress/jest.config.js',
        '--reporters=default',
        '--testNamePattern=a disk',
        `--cacheDirectory=${cache}`,
      ];
      try {
        command('unshare', '--user', '--map-root-user', '--mount', process.execPath, ...jest, ...again);
      } finally {
        rmSync(cache, { recursive: true, force: true });
      }
    });
    return;
  }

  it('that becomes full at any point: the login fails with ENOSPC and the home directory is as before', async () => {
    const home = smallDisk('size=128k');
    writeHome(home, USER_FILES);
    const failed = await untilItFits((blocks) => {
      fillUp(home, blocks);
      return fits(home);
    });
    expect(failed).toBeGreaterThan(3);
    figure(SUITE, 'points at which the disk was full, all rolled back', failed);
  });

  it('that has no free inode: the login fails with ENOSPC and the home directory is as before', async () => {
    const failed = await untilItFits((files) => {
      const home = smallDisk(`size=1m,nr_inodes=${6 + files}`);
      writeHome(home, USER_FILES);
      return fits(home);
    });
    expect(failed).toBeGreaterThan(3);
    figure(SUITE, 'numbers of files at which the disk was full, all rolled back', failed);
  });

  it('that becomes full between main and post: post removes everything', async () => {
    const home = smallDisk('size=128k');
    const { job, toAws, post } = await startJourney({ job: { home } });
    writeHome(home, USER_FILES);
    const before = treeOf(job.home);
    const main = await toAws(INPUTS);
    expect(main.exitCode).toBe(0);
    fillUp(home, 0);
    expect((await post(main)).exitCode).toBe(0);
    const { ballast: _, ...after } = treeOf(home);
    expect(after).toEqual(before);
  });

  it.each([
    ['until post: post warns', false, 1],
    ['for some time: post shows every renewal', true, 0],
  ])('that has no space for the log of the refresher %s', async (_what, isFreed, warnings) => {
    const temp = smallDisk('size=64k');
    const world = { upstLifetimeSeconds: 5 };
    const { main, post, emulator } = await startJourney({ world, job: { env: { RUNNER_TEMP: temp } } });
    const stage = await main({ refresh: 'true' });
    const { pid, log } = refresherOf(stage);
    fillUp(temp, 0);
    const { size, blksize } = statSync(log); // lines of the log still fit into its last block
    appendFileSync(log, `${'x'.repeat(blksize - (size % blksize) - 1)}\n`);
    const renewals = () => emulator.journal.filter(({ service }) => service === 'domain').length - 1;
    await until(() => renewals() >= 3);
    if (isFreed) {
      rmSync(path.join(temp, 'ballast'));
      await until(() => renewals() >= 5);
    }
    const after = await post(stage);
    expect(warningsOf(after)).toEqual(
      Array(warnings).fill(
        `The log of the refresher (process ${pid}) is not complete: renewals may have failed. A later step changed it, or the disk was full.`,
      ),
    );
    const shown = logOf(after).match(/Renewed the OCI session/g) ?? [];
    expect(shown.length).toBeGreaterThanOrEqual(isFreed ? 4 : 0); // post may interrupt the fifth
  });

  it('that is read-only: the error names it and EROFS', async () => {
    const home = smallDisk('size=128k');
    writeHome(home, USER_FILES);
    command('mount', '-o', 'remount,bind,ro', home);
    const journey = await startJourney({ job: { home, env: { RUNNER_DEBUG: '1' } } });
    const { message } = await expectFailure(journey, 'FILES_NOT_WRITABLE', { ...journey.emulator.awsInputs });
    expect(message).toContain('EROFS');
    expect(message).toContain(home);
  });
});

describe('a config of many profiles', () => {
  it('is kept byte for byte, and the time of a login grows linearly', async () => {
    const took: number[] = [];
    for (const megabytes of [1, 5]) {
      const { job, main, post } = await startJourney();
      writeHome(job.home, { '.oci/config': largeConfig(megabytes * 1_000_000) });
      const before = treeOf(job.home);
      const began = performance.now();
      const stage = await main({ profile: 'DEPLOY' });
      took.push(performance.now() - began);
      expect(stage.exitCode).toBe(0);
      const config = readFileSync(path.join(job.home, '.oci/config'), 'latin1');
      expect(config.slice(-400)).toContain('[DEPLOY]\n');
      expect((await post(stage)).exitCode).toBe(0);
      expect(treeOf(job.home)).toEqual(before);
      const lines = config.split('\n').length;
      figure(
        SUITE,
        `login with a config of ${megabytes} MB (${lines} lines)`,
        `${Math.round(took.at(-1) ?? 0)} ms`,
      );
    }
    const [small = 0, large = 0] = took;
    figure(SUITE, 'time of a login with five times the config, relative', (large / small).toFixed(2));
  });
});
