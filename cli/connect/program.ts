// Runs the tools of others, such as `oci` and `gh`: without a shell, and with secrets on standard input only.
import { type ChildProcess, spawn } from 'node:child_process';
import { Secret } from '../../src/secret.ts';
import { CommandError } from '../failure.ts';

export interface ProgramResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** The limit that ended it. */
  exceeded?: 'time' | 'size';
}

interface ProgramOptions {
  /** Written to standard input, which is empty otherwise. */
  input?: Secret;
  /** As `inheritedEnvironment` has returned it, perhaps in another process. Default: that of this process. */
  environment?: Readonly<Record<string, Secret>> | undefined;
  cwd?: string | undefined;
  limits?: { milliseconds: number; bytes: number };
}

/** The environment of this process. Its values may be secrets. */
export function inheritedEnvironment(): Record<string, Secret> {
  const entries = Object.entries(process.env).map(([name, value = '']) => [name, new Secret(value)] as const);
  return Object.fromEntries(entries);
}

/** @throws CommandError TOOL_MISSING. @param install where to get the program */
export async function runProgram(
  file: string,
  args: readonly string[],
  install: string,
  { input, environment = inheritedEnvironment(), cwd, limits }: ProgramOptions = {},
): Promise<ProgramResult> {
  const entries = Object.entries(environment).map(([name, value]) => [name, value.reveal()] as const);
  try {
    const child = spawn(file, args, {
      env: Object.fromEntries(entries),
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    child.stdin.on('error', () => {}); // it ended without reading its input
    child.stdin.end(input?.reveal());
    return await collect(child, limits);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT';
    const text = isMissing ? `The program ${file} is not installed.` : `${file} cannot be started (${code}).`;
    throw new CommandError('TOOL_MISSING', text, { remedy: install });
  }
}

/** Resolves when the process has ended and nobody can write to its output any more, or a limit is exceeded. */
function collect(child: ChildProcess, limits: ProgramOptions['limits']): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const result: ProgramResult = { exitCode: null, stdout: '', stderr: '' };
    const stop = (exceeded: 'time' | 'size') => {
      child.kill('SIGKILL');
      // Processes that it has started may still hold them open.
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve({ ...result, exceeded });
    };
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        result[name] += text;
        if (limits !== undefined && result[name].length > limits.bytes) stop('size');
      });
    if (limits !== undefined)
      AbortSignal.timeout(limits.milliseconds).addEventListener('abort', () => stop('time'));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ ...result, exitCode }));
  });
}
