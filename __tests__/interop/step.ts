// Runs programs as a later step of a job does: with the environment of the job and without input.
import { spawn } from 'node:child_process';
import type { Job } from '../../emulator/runner/job.ts';

export interface Ended {
  /** null when it was killed. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export type Step = (file: string, args: readonly string[], env?: Record<string, string>) => Promise<Ended>;

/** Longer than any client retries. */
const TIMEOUT_MS = 120_000;

/** The environment has what the runner sets, what the action exported and `extra`; nothing of this process. */
export function stepIn(job: Pick<Job, 'env' | 'workspace'>, extra: Record<string, string>): Step {
  return (file, args, env = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(file, args, {
        env: { ...job.env(), ...extra, ...env },
        cwd: job.workspace,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('error', reject);
      child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    });
}
