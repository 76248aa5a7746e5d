import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Job, startJob } from '../../emulator/runner/job.ts';
import { stepsOf } from '../interop/step.ts';

let job: Job;
beforeEach(() => {
  job = startJob({ env: { FROM_THE_RUNNER: '1' } });
});
afterEach(() => job.end());

describe('a client', () => {
  it('sees what the runner gives and what it is told, and nothing of this shell', async () => {
    const step = stepsOf(job, { ENDPOINT: '2' });
    const program = 'console.log(JSON.stringify(process.env))';
    const { stdout } = await step(process.execPath, ['-e', program], { PROFILE: '3' });
    expect(JSON.parse(stdout)).toEqual({ ...job.env(), ENDPOINT: '2', PROFILE: '3' });
    expect(JSON.parse(stdout)).toHaveProperty('FROM_THE_RUNNER', '1');
  });

  it('asks in vain', async () => {
    const program = "process.stdin.on('end', () => process.exit(7)).resume()";
    expect((await stepsOf(job, {})(process.execPath, ['-e', program])).exitCode).toBe(7);
  });
});
