// A process that outlives the step and ends with the job: how main starts and stops it, and what it does as a process.
//
// Its standard streams are a pipe, which we close, and a file: if it inherited a stream of ours, the runner would wait for
// it at the end of the step. The runner finds the processes of a job by RUNNER_TRACKING_ID in their environment.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import nodeFs from 'node:fs';
import path from 'node:path';
import { ActionError } from '../errors/action-error.ts';
import type { Background } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { type System, thisSystem, withFileErrors } from './system.ts';

/**
 * The environment variables that the process needs. It does not get the runner's secrets (`INPUT_`, `ACTIONS_`) or
 * NODE_OPTIONS, which could load code into it.
 */
const PASSED_VARIABLES =
  /^(RUNNER_TRACKING_ID|PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|SystemRoot|windir|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_(FILE|DIR))$/i;

/**
 * No debugger on SIGUSR1. V8 prefers memory over speed, and collects its heap of 10 MB in one thread: without this, the
 * process grows from 80 MB to 110 MB within some hundred renewals.
 */
const NODE_FLAGS = ['--disable-sigusr1', '--optimize-for-size', '--single-threaded-gc'];

/** Node starts within 0.1 s. An overloaded machine may need longer. */
const START_MS = 30_000;

export function createBackground(
  environment: NodeJS.ProcessEnv,
  {
    system = thisSystem,
    executable = runningExecutable(system),
  }: { system?: System; executable?: string } = {},
): Background {
  return {
    async start({ script, mark, log, instructions }) {
      const descriptor = withFileErrors(log, () => system.fs.openSync(log, 'ax', 0o600));
      const env = Object.fromEntries(
        Object.entries(environment).filter(([name]) => PASSED_VARIABLES.test(name)),
      );
      try {
        const child = spawn(executable, [...NODE_FLAGS, script, mark], {
          argv0: process.execPath,
          detached: true,
          windowsHide: true,
          cwd: path.parse(script).root, // steps may remove any other directory
          env,
          stdio: ['pipe', descriptor, descriptor, 'pipe'],
        });
        return await sendInstructions(child, instructions);
      } finally {
        system.fs.closeSync(descriptor);
      }
    },
    isRunning: (pid, mark) => isRunning(system, pid, mark),
    kill(pid, mark) {
      // Without its arguments, the process id could belong to another process by now.
      if (system.platform === 'win32' || !isRunning(system, pid, mark)) return;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    },
  };
}

/** On Linux, /proc/self/exe is the running program even if another file has replaced it at its path. */
function runningExecutable({ platform, fs }: System): string {
  const link = '/proc/self/exe';
  return platform === 'linux' && fs.existsSync(link) ? link : process.execPath;
}

/** Resolves when the process reports that it has read its instructions. */
function sendInstructions(child: ChildProcess, instructions: Secret): Promise<number> {
  return new Promise((resolve, reject) => {
    const [input, , , ready] = child.stdio;
    const settle = (failure?: string) => {
      clearTimeout(timer);
      for (const stream of [input, ready]) stream?.destroy();
      child.unref();
      if (failure === undefined && child.pid !== undefined) return resolve(child.pid);
      child.kill('SIGKILL');
      reject(new ActionError('REFRESHER_NOT_STARTED', `The refresher ${failure}.`));
    };
    const timer = setTimeout(() => settle(`did not start within ${START_MS / 1000} s`), START_MS);
    child.once('error', ({ message }) => settle(`could not be started (${message})`));
    child.once('exit', (code, signal) => settle(`ended immediately (${signal ?? `exit code ${code}`})`));
    ready?.once('data', () => settle());
    for (const stream of [input, ready]) stream?.on('error', () => {}); // `exit` reports it
    if (input && 'end' in input) input.end(instructions.reveal());
  });
}

/** Whether a process with this id runs and has the mark among its arguments. */
function isRunning({ platform, fs }: System, pid: number, mark: string): boolean {
  try {
    if (platform === 'linux') return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
    process.kill(pid, 0);
    if (platform === 'win32') return true; // its arguments cannot be read quickly there
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(mark);
  } catch {
    return false;
  }
}

/** Called by the process: reads what main writes to its standard input. */
export function readInstructions(): string {
  return nodeFs.readFileSync(0, 'utf8');
}

/** Called by the process: main waits for this before the step continues. */
export function reportReady(): void {
  const descriptor = 3;
  nodeFs.writeSync(descriptor, 'ready');
  nodeFs.closeSync(descriptor);
}

/** Ends this process, whatever it still waits for, once its output is written. */
export function exitWhenWritten(): void {
  process.stdout.write('', () => process.exit());
}

/** Standard output is the log file. A full disk must not end the process. */
export function writeLog(text: string): void {
  try {
    nodeFs.writeSync(1, text);
  } catch {
    // The next line may fit.
  }
}

/** Polling interval: `fs.watch` does not work on every file system. */
const POLL_MS = 15_000;
/** A login replaces the session directory by renaming, so it may be missing for a moment. */
const GONE_MS = 5000;

export interface StopConditions {
  /** The process ends when this file appears. */
  stopFile: string;
  /** The process ends when this directory is gone. */
  directory: string;
  /** The process ends when this directory is missing for five seconds. */
  sessionDirectory?: string | undefined;
}

/** Calls `stop` with the reason when this process has to end. Does not keep it alive. */
export function watchForStop(conditions: StopConditions, stop: (reason: string) => void): void {
  const { stopFile, directory, sessionDirectory } = conditions;
  let goneSince: number | undefined;
  const poll = () => {
    if (nodeFs.existsSync(stopFile)) return stop('found its stop file');
    if (!nodeFs.existsSync(directory)) return stop('its directory was removed');
    const exists = sessionDirectory === undefined || nodeFs.existsSync(sessionDirectory);
    goneSince = exists ? undefined : (goneSince ?? Date.now());
    if (goneSince !== undefined && Date.now() - goneSince >= GONE_MS)
      stop('the session directory was removed');
  };
  setInterval(poll, POLL_MS).unref();
  try {
    nodeFs.watch(directory, { persistent: false }, poll).on('error', () => {});
  } catch {
    // Polling remains.
  }
  poll(); // what happened before the watch began
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(signal, () => stop(`received ${signal}`));
  // Its default action ends the process, and Node without `--disable-sigusr1` would open a debugger.
  process.on('SIGUSR1', () => {});
}
