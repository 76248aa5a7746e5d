// Files and directories that cannot be renamed: a config that is mounted from the host, as `docker run --volume` does, and a
// session directory in a layer of an image.
//
// Mounting needs root. Linux only.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { errorOf, QUICK, startJourney, treeOf, warningsOf, writeHome } from '../../e2e/journey.ts';
import { openFaultHook } from '../crashes/fault-hook.ts';

const mounts: string[] = [];
const directories: string[] = [];
afterEach(removeAll);

function removeAll(): void {
  for (const point of mounts.splice(0).toReversed()) spawnSync('umount', ['--lazy', point]);
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

function mount(point: string, ...parameters: string[]): boolean {
  const isMounted = spawnSync('mount', [...parameters, point]).status === 0;
  if (isMounted) mounts.push(point);
  return isMounted;
}

function newDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'mounts-'));
  directories.push(directory);
  return directory;
}

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const [directory, layers] = [newDirectory(), newDirectory()];
  const isPossible = mount(directory, '--bind', directory) && mount(directory, ...overlay(layers));
  removeAll();
  return isPossible;
}

/** As Docker mounts the layers of an image: a directory of a lower layer cannot be renamed. */
function overlay(layers: string): string[] {
  const [lower, upper, work] = ['lower', 'upper', 'work'].map((name) => path.join(layers, name));
  for (const one of [lower, upper, work]) mkdirSync(String(one), { recursive: true });
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work},redirect_dir=off`;
  return ['-t', 'overlay', 'overlay', '-o', options];
}

const describeWithMounts = canMount() ? describe : describe.skip;
const OWN = { '.oci/config': '[A]\nuser=x', '.aws/credentials': '[b]\naws_access_key_id=x\n' };
const INPUTS = { ...QUICK, profile: 'DEPLOY', 'aws-profile': 'deploy' };

describeWithMounts('a file that is mounted from the host', () => {
  /** A job whose shared files are mounted. */
  async function startMounted() {
    const home = newDirectory();
    const journey = await startJourney({ job: { home } });
    writeHome(home, OWN);
    const host = newDirectory();
    writeHome(host, OWN);
    for (const name of Object.keys(OWN)) mount(path.join(home, name), '--bind', path.join(host, name));
    return { ...journey, host, home, before: { home: treeOf(home), host: treeOf(host) } };
  }

  it('is written in place and restored', async () => {
    const { host, home, before, toAws, post } = await startMounted();
    const main = await toAws(INPUTS);
    expect([main.exitCode, warningsOf(main)]).toEqual([0, []]);
    expect(readFileSync(path.join(host, '.oci/config'), 'utf8')).toContain('[DEPLOY]');
    const stage = await post(main);
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    expect({ home: treeOf(home), host: treeOf(host) }).toEqual(before);
  });

  it('is for its owner alone while it has credentials', async () => {
    const { host, home, toAws, post } = await startMounted();
    const file = path.join(host, '.aws/credentials');
    chmodSync(file, 0o644);
    const before = { home: treeOf(home), host: treeOf(host) };
    const main = await toAws(INPUTS);
    expect([main.exitCode, statSync(file).mode & 0o777]).toEqual([0, 0o600]);
    expect(readFileSync(file, 'utf8')).toContain('aws_session_token');
    await post(main);
    expect({ home: treeOf(home), host: treeOf(host) }).toEqual(before);
  });

  it('is restored after a main that was killed at any call for it', async () => {
    const first = await startMounted();
    const whole = openFaultHook();
    await first.post(await first.toAws(INPUTS, { env: whole.env }));
    const files = Object.keys(OWN).map((name) => path.join(first.home, name));
    const isOfFile = (called: string) => files.includes(called) || /-journal-/.test(called);
    const calls = whole.read().calls.filter((one) => isOfFile(one.path));
    expect(calls.length).toBeGreaterThan(8);
    for (const { n, call } of calls) {
      for (const when of call === 'writeFileSync'
        ? (['before', 'partial'] as const)
        : (['before'] as const)) {
        const { host, home, before, toAws, post } = await startMounted();
        const hook = openFaultHook({ at: n, when });
        const main = await toAws(INPUTS, { env: hook.env });
        hook.read();
        expect([n, main.endedBy]).toEqual([n, 'SIGKILL']);
        const stage = await post(main);
        expect([n, stage.exitCode, warningsOf(stage)]).toEqual([n, 0, []]);
        expect([n, treeOf(home), treeOf(host)]).toEqual([n, before.home, before.host]);
      }
    }
  });
});

describeWithMounts('a home in the image of a container', () => {
  const SESSION = {
    '.oci/sessions/DEPLOY/token': 'of the user',
    '.oci/sessions/DEPLOY/oci_api_key.pem': 'k',
  };

  /** A job whose home has these files in a lower layer. */
  async function startLayered(files: Record<string, string>) {
    const home = newDirectory();
    const journey = await startJourney({ job: { home } });
    const layers = newDirectory();
    writeHome(path.join(layers, 'lower'), files);
    chmodSync(path.join(layers, 'lower'), 0o700);
    mount(home, ...overlay(layers));
    return { ...journey, home, before: treeOf(home) };
  }

  it('gets a login and is restored', async () => {
    const { home, before, toAws, post } = await startLayered(OWN);
    const main = await toAws(INPUTS);
    expect(main.exitCode).toBe(0);
    expect((await post(main)).exitCode).toBe(0);
    expect(treeOf(home)).toEqual(before);
  });

  it('keeps the session directory of this profile: the error names it and the remedy', async () => {
    const { home, before, main, post } = await startLayered({ ...OWN, ...SESSION });
    const stage = await main({ profile: 'DEPLOY', 'overwrite-profile': 'true' });
    expect(stage.outputs).toEqual({ 'failure-code': 'FILES_NOT_WRITABLE' });
    expect(errorOf(stage)).toMatch(
      /sessions\/DEPLOY cannot be used \(EXDEV\).*container image.*`config-file: /,
    );
    await post(stage);
    expect(treeOf(home)).toEqual(before);
    const other = await main({ profile: 'OTHER' });
    expect(other.exitCode).toBe(0);
    await post(other);
    expect(treeOf(home)).toEqual(before);
  });

  it('on another volume for the sessions gets a login and is restored', async () => {
    const { job, main, post } = await startJourney({ job: { home: newDirectory() } });
    writeHome(job.home, { ...OWN, ...SESSION });
    const sessions = path.join(job.home, '.oci/sessions');
    const mode = statSync(sessions).mode & 0o777;
    mount(sessions, '-t', 'tmpfs', 'tmpfs', '-o', `mode=${mode.toString(8)}`);
    mkdirSync(path.join(sessions, 'DEPLOY'), { mode: 0o700 });
    writeFileSync(path.join(sessions, 'DEPLOY/token'), 'of the volume', { mode: 0o600 });
    const before = treeOf(job.home);
    const stage = await main({ profile: 'DEPLOY', 'overwrite-profile': 'true' });
    expect(stage.exitCode).toBe(0);
    await post(stage);
    expect(treeOf(job.home)).toEqual(before);
  });
});
