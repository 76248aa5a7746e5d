// The job in miniature, where it comes to processes: which are of a job, and that none outlives it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Job, startJob } from '../../../emulator/runner/job.ts';
import { killProcessesWith, processesWith } from '../../../emulator/runner/processes.ts';

const children: ChildProcess[] = [];
const jobs: Job[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const job of jobs.splice(0)) job.end();
});

function newJob(): Job {
  const job = startJob();
  jobs.push(job);
  return job;
}

/** A process that stays until it is killed, and says when it has begun. */
async function stay(env: Record<string, string>, code = ''): Promise<ChildProcess> {
  const script = `${code}; setInterval(() => {}, 1e6); console.log('here')`;
  const child = spawn(process.execPath, ['-e', script], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

const ended = async (child: ChildProcess) => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.signalCode;
};

describe('the processes of a job', () => {
  // Linux has ps too, so that macOS's way is tried there as well.
  const ways = process.platform === 'linux' ? (['linux', 'darwin'] as const) : ([process.platform] as const);
  it.each(ways)('are found as on %s, and no others', async (platform) => {
    const job = newJob();
    const env = job.env();
    const own = await stay(env);
    await stay({ ...env, RUNNER_TRACKING_ID: '' });
    await stay(newJob().env());
    const found = processesWith('RUNNER_TRACKING_ID', env['RUNNER_TRACKING_ID'] ?? '', platform);
    expect(found).toEqual([{ pid: own.pid, command: expect.stringContaining('setInterval') }]);
    expect(found[0]?.command.startsWith(process.execPath)).toBe(true);
  });

  it('are told by what they were started with: what they make of it counts for nothing', async () => {
    const job = newJob();
    const child = await stay(job.env(), "delete process.env['RUNNER_TRACKING_ID']");
    expect(job.processes()).toEqual([expect.objectContaining({ pid: child.pid })]);
  });

  it('die with it, also those that have gone away from their parents and hear no signal', async () => {
    const job = newJob();
    const child = await stay(job.env(), "process.on('SIGTERM', () => {})");
    const stranger = await stay(newJob().env());
    job.end();
    expect([job.processes(), existsSync(job.temp)]).toEqual([[], false]);
    expect(await ended(child)).toBe('SIGKILL');
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
  });

  it('do not keep its files', async () => {
    const job = newJob();
    const file = path.join(job.temp, 'file');
    await stay(job.env(), `setInterval(() => fs.writeFileSync('${file}', 'again'), 1)`);
    job.end();
    expect(existsSync(path.dirname(job.temp))).toBe(false);
  });

  it('are met by the next round when they were forked meanwhile', async () => {
    const job = newJob();
    const fork = "child_process.spawn('sleep', ['60'], { stdio: 'ignore' })";
    await stay(job.env(), `const fork = () => { ${fork}; setImmediate(fork); }; fork()`);
    while (job.processes().length < 10) await new Promise((resolve) => setTimeout(resolve, 10));
    killProcessesWith('RUNNER_TRACKING_ID', job.env()['RUNNER_TRACKING_ID'] ?? '');
    expect(job.processes()).toEqual([]);
  });
});
