// Finds the program that a command names, as a shell does, and says how to start it without a shell.
import nodeFs from 'node:fs';
import path from 'node:path';
import { CommandError } from '../failure.ts';
import { batchCommand, isBatchFile } from './batch-file.ts';
import { type Variables, withUpperCase } from './environment.ts';

/** What `spawn` gets. */
export interface Program {
  file: string;
  args: readonly string[];
  /** The name by which the program is called. */
  argv0: string;
  /** Whether `args` are quoted already, for Windows. */
  isVerbatim: boolean;
}

/** Injected, so that tests can emulate Windows. */
export interface ProgramSystem {
  platform: NodeJS.Platform;
  /** Whether the file exists, and whether it may be executed. */
  look(file: string): 'absent' | 'not executable' | 'executable';
}

/**
 * @param command the program and its arguments
 * @param env of the program
 * @throws CommandError COMMAND_NOT_FOUND (exit code 127), COMMAND_NOT_EXECUTABLE (126)
 * @see "Command Search and Execution", POSIX.1-2024, volume Shell & Utilities, 2.9.1.4
 */
export function findProgram(
  [name = '', ...args]: readonly string[],
  env: Variables,
  system: ProgramSystem = thisSystem,
): Program {
  const isWindows = system.platform === 'win32';
  const { runnable, others } = (isWindows ? windowsCandidates : posixCandidates)(name, env);
  const file = runnable.find((one) => system.look(one) === 'executable');
  if (file === undefined)
    throw cannotStart(
      name,
      [...runnable, ...others].find((one) => system.look(one) !== 'absent'),
    );
  if (!isWindows || !isBatchFile(file)) return { file, args, argv0: name, isVerbatim: false };
  return { ...batchCommand(file, args, env), isVerbatim: true };
}

/** Exit codes as those of a shell. @see "Exit Status for Commands", POSIX.1-2024, 2.8.2 */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

const WITHOUT_QUOTES =
  'Remove the quotes around the command: `oci-wif exec -- oci os ns get`. For shell syntax, use `sh -c`.';

function cannotStart(name: string, file: string | undefined): CommandError {
  const quoted = JSON.stringify(name);
  if (file !== undefined) return notExecutable(file, 'it is a directory, or this user may not execute it');
  const where = /[/\\]/.test(name) ? 'does not exist' : 'is not in PATH';
  // The quotes around a whole line made it one word.
  const remedy = /\s/.test(name) ? { remedy: WITHOUT_QUOTES } : {};
  const details = { exitCode: NOT_FOUND, ...remedy };
  return new CommandError('COMMAND_NOT_FOUND', `The program ${quoted} ${where}.`, details);
}

/** For a program that the system refuses to start. @param reason completes the sentence "X cannot be started" */
export function notExecutable(file: string, reason: string): CommandError {
  const text = `${file} cannot be started: ${reason}.`;
  return new CommandError('COMMAND_NOT_EXECUTABLE', text, { exitCode: NOT_EXECUTABLE });
}

interface Candidates {
  /** In the order in which they are tried. */
  runnable: string[];
  /** Files of the name that the system does not run. */
  others: string[];
}

/** An empty entry of PATH is the working directory. A path with a slash is never searched in PATH again. */
function posixCandidates(name: string, { PATH = '/usr/bin:/bin' }: Variables): Candidates {
  const inPath = PATH.split(':').map((directory) => `${directory || '.'}/${name}`);
  return { runnable: name === '' ? [] : name.includes('/') ? [name] : inPath, others: [] };
}

const PATHEXT = '.COM;.EXE;.BAT;.CMD';

/** Never the working directory, unless PATH or the name has it: a checkout must not replace a program. */
function windowsCandidates(name: string, env: Variables): Candidates {
  if (name === '') return { runnable: [], others: [] };
  const { PATH = '', PATHEXT: extensions = PATHEXT } = withUpperCase(env);
  const endings = extensions.split(';').filter((one) => one !== '');
  const hasEnding = endings.some((one) => one.toLowerCase() === path.win32.extname(name).toLowerCase());
  const isPath = /[/\\:]/.test(name);
  const directories = isPath ? [''] : PATH.split(';').filter((one) => one !== '');
  const withEnding = endings.map((one) => name + one);
  const inDirectories = (names: readonly string[]) =>
    directories.flatMap((directory) => names.map((one) => path.win32.join(directory, one)));
  return {
    runnable: inDirectories(hasEnding ? [name, ...withEnding] : withEnding),
    others: inDirectories([name]),
  };
}

const thisSystem: ProgramSystem = {
  platform: process.platform,
  look(file) {
    try {
      if (!nodeFs.statSync(file).isFile()) return 'not executable';
      nodeFs.accessSync(file, nodeFs.constants.X_OK);
      return 'executable';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'not executable' : 'absent';
    }
  },
};
