// Runs programs as a later step of a job does: with the environment of the job and without input.
import { spawn } from 'node:child_process';
import { type Ended, untilEnd } from '../../emulator/runner/ended.ts';
import type { Job } from '../../emulator/runner/job.ts';

export type { Ended };

export type Step = (file: string, args: readonly string[], env?: Record<string, string>) => Promise<Ended>;

/** Longer than any client retries. */
const TIMEOUT_MS = 120_000;

/** The environment has what the runner sets, what the action exported and `extra`; nothing of this process. */
export function stepIn(job: Pick<Job, 'env' | 'workspace'>, extra: Record<string, string>): Step {
  return (file, args, env = {}) =>
    untilEnd(
      spawn(file, args, {
        env: { ...job.env(), ...extra, ...env },
        cwd: job.workspace,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
      }),
    );
}
