// What a killed `oci-wif exec` leaves, and who removes it.
import { chownSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeAsRoot, itWithProcfs } from '../../unit/systems-with.ts';
import { contentOf, leaksIn, type Running, startExecJob } from './exec-job.ts';

const job = await startExecJob();
const { emulator, exec, start, sessions } = job;

const NAME = 'oci-wif-action-0123456789abcdef';

/** Kills exec, and not its command, which goes on until the returned function is called. */
async function killed(): Promise<{ name: string; endCommand(): void; running: Running }> {
  const file = path.join(job.home(), 'end');
  const running = start([
    ...['--', 'sh', '-c'],
    `echo ready; until [ -e '${file}' ]; do sleep 0.02; done; rm '${file}'`,
  ]);
  await running.shows('ready');
  const [name = ''] = sessions();
  running.process.kill('SIGKILL');
  await running.end;
  return { name, endCommand: () => writeFileSync(file, ''), running };
}

/** Makes the entries look as old as this. */
function age(directory: string, hours: number): void {
  const time = Date.now() / 1000 - hours * 3600;
  for (const name of ['', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })])
    utimesSync(path.join(directory, name), time, time);
}

function plant(name: string, files: Record<string, string> = {}): string {
  const directory = path.join(job.temp(), name);
  mkdirSync(directory, { mode: 0o700 });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(directory, file), text);
  return directory;
}

const owner = (changes: object = {}) =>
  JSON.stringify({
    pid: 4711,
    process: { pid: 4711, startTime: '1', bootId: 'another', pidNamespace: 'another' },
    ...changes,
  });

describe('a session whose exec was killed', () => {
  itWithProcfs('is removed by the next exec, while its command still runs', async () => {
    const { name, endCommand } = await killed();
    const directory = path.join(job.temp(), name);
    expect(readdirSync(directory).toSorted()).toEqual(['.oci', 'owner.json', 'state.json']);
    const { exitCode, stderr } = await exec(['--', 'true']);
    expect([exitCode, sessions()]).toEqual([0, []]);
    expect(stderr).toContain(`Removed ${directory}, the session of a process that was killed.`);
    endCommand();
    while (readdirSync(job.home()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  itWithProcfs('has secrets only in the files of the session', async () => {
    const { name, endCommand } = await killed();
    const directory = path.join(job.temp(), name);
    const [key, token] = ['oci_api_key.pem', 'token'].map((one) => `.oci/sessions/DEFAULT/${one}`);
    for (const file of [key, token]) rmSync(path.join(directory, String(file)));
    expect(leaksIn(emulator, contentOf(directory))).toEqual([]);
    await exec(['--', 'true']);
    endCommand();
    while (readdirSync(job.home()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('is removed when it cannot be known whether its owner lives, and no token can be valid', async () => {
    age(plant(NAME, { 'owner.json': owner() }), 13);
    await exec(['--', 'true']);
    expect(sessions()).toEqual([]);
  });

  it('is removed when it was killed before its login began', async () => {
    age(plant(NAME), 2);
    await exec(['--', 'true']);
    expect(sessions()).toEqual([]);
  });
});

describe('no exec removes', () => {
  it('the session of another exec that runs', async () => {
    const file = path.join(job.home(), 'end');
    const script = `echo ready; until [ -e '${file}' ]; do sleep 0.02; done; rm '${file}'; ls "$OCI_CONFIG_FILE"`;
    const first = start(['--', 'sh', '-c', script]);
    await first.shows('ready');
    for (const name of sessions()) age(path.join(job.temp(), name), 100);
    expect((await exec(['--', 'true'])).exitCode).toBe(0);
    writeFileSync(file, '');
    expect((await first.end).exitCode).toBe(0);
  });

  it.each([
    ['the session of an unknown owner that may be valid', 11, { 'owner.json': owner() }],
    ['a session of `oci-wif login`, which has no owner', 100, { 'state.json': state() }],
    ['a directory in which a login may just begin', 0.5, {}],
  ])('%s', async (_title, hours, files) => {
    const directory = plant(NAME, files as Record<string, string>);
    age(directory, hours);
    await exec(['--', 'true']);
    expect(sessions()).toEqual([NAME]);
    rmSync(directory, { recursive: true });
  });

  it('what a link of the name leads to', async () => {
    const target = plant('target', { 'owner.json': owner() });
    age(target, 100);
    const link = path.join(job.temp(), NAME);
    symlinkSync(target, link);
    await exec(['--', 'true']);
    expect(readdirSync(target)).toEqual(['owner.json']);
    for (const one of [link, target]) rmSync(one, { recursive: true });
  });
});

describeAsRoot('no exec removes', () => {
  it('a directory of another user', async () => {
    const directory = plant(NAME, { 'owner.json': owner() });
    age(directory, 100);
    chownSync(directory, 65_534, 65_534);
    await exec(['--', 'true']);
    expect(sessions()).toEqual([NAME]);
    rmSync(directory, { recursive: true });
  });
});

function state(): string {
  const nothing = { installed: [], exported: {}, temporary: null, refresher: null, cachedRole: null };
  return JSON.stringify({ loginId: NAME.slice(-16), ...nothing, cleanup: true });
}
