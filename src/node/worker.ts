// What a process in the background does with others: reads its instructions, has work done by a process of its own that
// ends afterwards, and watches directories. Knows pipes and files, nothing of tokens.
//
// Work is done by another process because a TLS connection costs this one ten megabytes that it would never give back.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Readable, Writable } from 'node:stream';

/** Where the one who started us waits for a word. */
const ANSWER = 3;
/** So often we look by ourselves: watching fails on some file systems, and timers stand still while a machine sleeps. */
const LOOK_MS = 15_000;

/** Where whoever runs as code finds its input: the code itself comes on the usual one. */
export const INSTRUCTIONS = 3;

export function readInstructions(descriptor = 0): string {
  return fs.readFileSync(descriptor, 'utf8');
}

export function readBeside(directory: string, name: string): string {
  return fs.readFileSync(path.join(directory, name), 'utf8');
}

export function answer(text: string): void {
  fs.writeSync(ANSWER, text);
  fs.closeSync(ANSWER);
}

/** Writes to our output, which is a file or a pipe, before this returns. */
export function put(text: string): void {
  fs.writeSync(1, text);
}

/**
 * Runs a module in a process of its own, gives it its input, and takes its output line by line; what it writes to its
 * error stream goes where ours goes. Ends it when told to. The module comes as text, through a pipe: what lies in a file
 * could have been changed by a later step, to which these instructions are not addressed, or be gone.
 * @returns how it ended
 */
export function runCode(
  code: string,
  args: readonly string[],
  input: string,
  { onLine, ending }: { onLine: (line: string) => void; ending: AbortSignal },
): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-', ...args], {
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
      windowsHide: true,
    });
    const end = () => child.kill('SIGKILL');
    ending.addEventListener('abort', end, { once: true });
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    feed(child.stdin, code);
    feed(child.stdio[INSTRUCTIONS], input);
    const settle = (how: string) => {
      ending.removeEventListener('abort', end);
      resolve(how);
    };
    child.once('error', ({ message }) => settle(message));
    child.once('close', (code, signal) => settle(signal ?? `exit code ${code}`));
  });
}

function feed(pipe: Readable | Writable | null | undefined, text: string): void {
  if (!(pipe instanceof Writable)) return;
  pipe.on('error', () => {}); // its reader has ended, which is told otherwise
  pipe.end(text);
}

/** Calls back when something in one of the directories may have changed, and once at first: it may have before. */
export function watch(directories: readonly string[], look: () => void): void {
  for (const directory of directories) {
    try {
      fs.watch(directory, { persistent: false }, look).on('error', () => {});
    } catch {
      // Not here, then.
    }
  }
  look();
}

/** Whether anything lies there. */
export function isThere(path: string): boolean {
  return fs.existsSync(path);
}

/** Waits so long, or until the end, or until it is time to look round. */
export function doze(milliseconds: number, ending: AbortSignal): Promise<void> {
  if (ending.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      ending.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, Math.min(milliseconds, LOOK_MS));
    ending.addEventListener('abort', wake, { once: true });
  });
}

export function onTermination(end: (signal: string) => void): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => end(signal));
}
