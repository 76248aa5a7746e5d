// Runs `oci-wif` as a process of its own, as an administrator does.
import { spawn } from 'node:child_process';
import path from 'node:path';

const MAIN = path.join(import.meta.dirname, '../../cli/main.ts');

export interface CommandRun {
  /** null when a signal ended the process. */
  exitCode: number | null;
  endedBy: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  /** All variables that the process gets. */
  env?: Readonly<Record<string, string>>;
  /** Written to standard input. */
  input?: string;
  /** When the process is to get `input`: after this text of its output. Default: at once. */
  inputAfter?: string;
  cwd?: string;
  /** Sends SIGINT, as Ctrl-C does, when standard error has this text. */
  interruptAfter?: string;
  /** Kills the process when aborted. */
  signal?: AbortSignal;
  /** Receives what the process writes to standard error while it runs. */
  onProgress?: (text: string) => void;
}

export function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<CommandRun> {
  return runProcess(process.execPath, [MAIN, ...args], options);
}

/**
 * The same in a terminal, of util-linux: standard output and standard error are one stream, `stdout`. `input` is what is
 * typed.
 */
export function runInTerminal(args: readonly string[], options: CommandOptions = {}): Promise<CommandRun> {
  const quoted = [process.execPath, MAIN, ...args].map((one) => `'${one.replaceAll("'", "'\\''")}'`);
  return runProcess('script', ['-qefc', quoted.join(' '), '/dev/null'], options);
}

function runProcess(
  file: string,
  args: readonly string[],
  { env = {}, input = '', inputAfter = '', interruptAfter, cwd, signal, onProgress }: CommandOptions,
): Promise<CommandRun> {
  return new Promise((resolve, reject) => {
    const variables = { PATH: process.env['PATH'] ?? '', ...env };
    const child = spawn(file, args, { env: variables, cwd, stdio: 'pipe' });
    let [stdout, stderr] = ['', ''];
    const sendInput = () => {
      if (!child.stdin.writableEnded && stdout.includes(inputAfter)) child.stdin.end(input);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      sendInput();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const wasSeen = stderr.includes(interruptAfter ?? '');
      stderr += text;
      onProgress?.(text);
      if (!wasSeen && stderr.includes(interruptAfter ?? '')) child.kill('SIGINT');
    });
    child.stdin.on('error', () => {}); // it ended without reading
    sendInput();
    signal?.addEventListener('abort', () => child.kill('SIGKILL'));
    child.on('error', reject);
    child.on('close', (exitCode, endedBy) => resolve({ exitCode, endedBy, stdout, stderr }));
  });
}
