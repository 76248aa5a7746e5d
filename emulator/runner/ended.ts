// What a process has written, and how it ended.
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface Ended {
  /** null when a signal ended the process. */
  exitCode: number | null;
  endedBy: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** @throws the error of a program that cannot be started */
export function untilEnd(
  child: Pick<ChildProcess, 'on'> & { stdout: Readable; stderr: Readable },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode, endedBy) => resolve({ exitCode, endedBy, stdout, stderr }));
  });
}
