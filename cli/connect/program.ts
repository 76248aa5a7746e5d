// Runs the tools of others, `oci` and `gh`: without a shell, and with secrets on standard input only.
import { spawn } from 'node:child_process';
import type { Secret } from '../../src/secret.ts';
import { CommandError } from '../failure.ts';

export interface ProgramResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

interface ProgramOptions {
  /** Written to standard input, which is empty otherwise. */
  input?: Secret;
  env?: NodeJS.ProcessEnv;
}

/** @throws CommandError TOOL_MISSING. @param install where to get the program */
export function runProgram(
  file: string,
  args: readonly string[],
  install: string,
  { input, env = process.env }: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', ({ code }: NodeJS.ErrnoException) => {
      const text =
        code === 'ENOENT' ? `The program ${file} is not installed.` : `${file} cannot be started (${code}).`;
      reject(new CommandError('TOOL_MISSING', text, { remedy: install }));
    });
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    child.stdin.on('error', () => {}); // it ended without reading its input
    child.stdin.end(input?.reveal());
  });
}
