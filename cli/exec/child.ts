// The command that `exec` runs: started without a shell, in our process group, with our standard streams.
import { type ChildProcess, spawn } from 'node:child_process';
import { isatty } from 'node:tty';
import { OF_TERMINAL, type Signals } from '../session/signals.ts';
import { notExecutable, type Program } from './program.ts';

export type ChildEnd = { exitCode: number } | { signal: NodeJS.Signals };

/**
 * Starts the program, forwards signals to it and waits for its end. Calls `onStart` if the system has started it.
 * From then on, a first use of `process.stdout` or `process.stderr` makes a pipe non-blocking for the command, too.
 * @throws CommandError COMMAND_NOT_EXECUTABLE
 */
export async function runChild(
  program: Program,
  env: Readonly<Record<string, string>>,
  { signals, onStart }: { signals: Signals; onStart: () => void },
): Promise<ChildEnd> {
  const child = start(program, env);
  signals.handle((signal) => {
    if (mustForward(signal)) child.kill(signal);
  });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      // If the process has an ID, a signal failed, for example to a program of another user.
      if (child.pid === undefined) reject(refused(program, error));
    });
    child.once('spawn', onStart);
    child.once('exit', (exitCode, signal) => {
      resolve(signal === null ? { exitCode: exitCode ?? 0 } : { signal });
    });
  });
}

/**
 * Whether this process must forward a signal to the command. A command that gets it twice may stop without a clean-up, as
 * Terraform does. Windows sends its signals to every process of the console.
 */
function mustForward(signal: NodeJS.Signals): boolean {
  if (process.platform === 'win32') return false;
  return !(OF_TERMINAL.includes(signal) && [0, 1, 2].some((stream) => isatty(stream)));
}

function start(program: Program, env: Readonly<Record<string, string>>): ChildProcess {
  const { file, args, argv0, isVerbatim: windowsVerbatimArguments } = program;
  try {
    return spawn(file, args, { argv0, env, stdio: 'inherit', windowsVerbatimArguments });
  } catch (error) {
    throw refused(program, error as NodeJS.ErrnoException);
  }
}

function refused({ file }: Program, { code }: NodeJS.ErrnoException) {
  const missing = 'its interpreter or the working directory does not exist';
  return notExecutable(file, code === 'ENOENT' ? missing : `error ${code}`);
}
