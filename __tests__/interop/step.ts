// A later step of a job: a program in an environment of its own, with nobody at its keyboard.
// Must not know what the program is.
import { spawn } from 'node:child_process';
import type { Job } from '../../emulator/runner/job.ts';

export interface Ended {
  /** null when it had to be killed. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export type Step = (file: string, args: readonly string[], env?: Record<string, string>) => Promise<Ended>;

/** Longer than any client tries again of its own accord. */
const LONGEST_MS = 120_000;

/** Nothing of this shell gets in: what the runner would give, what the action exported, and `extra` alone. */
export function stepsOf(job: Pick<Job, 'env' | 'workspace'>, extra: Record<string, string>): Step {
  return (file, args, env = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(file, args, {
        env: { ...job.env(), ...extra, ...env },
        cwd: job.workspace,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: LONGEST_MS,
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
