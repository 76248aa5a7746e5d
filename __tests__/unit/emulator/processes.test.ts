// Which processes belong to an emulated job, and that none of them outlives it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { type Job, startJob } from '../../../emulator/runner/job.ts';
import { killProcessesWith, processesWith } from '../../../emulator/runner/processes.ts';
import { describeWithProcfs } from '../systems-with.ts';

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

/** Starts a detached process that runs until it is killed. */
async function startProcess(env: Record<string, string>, code = ''): Promise<ChildProcess> {
  const script = `${code}; setInterval(() => {}, 1e6); console.log('started')`;
  const child = spawn(process.execPath, ['-e', script], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

describeWithProcfs('the processes of a job', () => {
  it('are found by the variable of their start', async () => {
    const env = newJob().env();
    const own = await startProcess(env, "delete process.env['RUNNER_TRACKING_ID']");
    await startProcess({ ...env, RUNNER_TRACKING_ID: '' });
    await startProcess(newJob().env());
    const found = processesWith('RUNNER_TRACKING_ID', env['RUNNER_TRACKING_ID'] ?? '');
    expect(found).toEqual([{ pid: own.pid, command: expect.stringContaining('setInterval') }]);
    expect(found[0]?.command.startsWith(process.execPath)).toBe(true);
  });

  it('are killed at its end, even if they ignore SIGTERM and write files', async () => {
    const job = newJob();
    const file = path.join(job.temp, 'file');
    const write = `setInterval(() => fs.writeFileSync('${file}', 'again'), 1)`;
    const child = await startProcess(job.env(), `process.on('SIGTERM', () => {}); ${write}`);
    const other = await startProcess(newJob().env());
    const exit = once(child, 'exit');
    job.end();
    expect([job.processes(), existsSync(path.dirname(job.temp))]).toEqual([[], false]);
    expect(await exit).toEqual([null, 'SIGKILL']);
    expect([other.exitCode, other.signalCode]).toEqual([null, null]);
  });

  it('are killed even if they start new ones meanwhile', async () => {
    const job = newJob();
    const fork = "child_process.spawn('sleep', ['60'], { stdio: 'ignore' })";
    await startProcess(job.env(), `const fork = () => { ${fork}; setImmediate(fork); }; fork()`);
    while (job.processes().length < 10) await new Promise((resolve) => setTimeout(resolve, 10));
    killProcessesWith('RUNNER_TRACKING_ID', job.env()['RUNNER_TRACKING_ID'] ?? '');
    expect(job.processes()).toEqual([]);
  });
});
