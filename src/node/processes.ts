// A process that outlives the step and ends with the job: how main starts and stops it, and what it does as a process.
//
// Its standard streams are a pipe, which we close, and a file: if it inherited a stream of ours, the runner would wait for
// it at the end of the step. Runners find the processes of a job by variables in their environment: GitHub by
// RUNNER_TRACKING_ID, Azure DevOps by VSTS_PROCESS_LOOKUP_ID, Jenkins by those of `OF_JENKINS`.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import nodeFs from 'node:fs';
import path from 'node:path';
import { ActionError } from '../errors/action-error.ts';
import type { Background } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { isHeld, type System, thisSystem, UV_FS_O_EXLOCK, withFileErrors } from './system.ts';

/** @see jenkinsci/jenkins, `getCharacteristicEnvVars`; workflow-durable-task-step, `JENKINS_NODE_COOKIE` */
const OF_JENKINS =
  /^(JENKINS_(NODE|SERVER)_COOKIE|HUDSON_SERVER_COOKIE|JOB_(BASE_)?NAME|BUILD_(NUMBER|ID|TAG))$/;

/**
 * The environment variables that the process needs. It does not get the runner's secrets (`INPUT_`, `ACTIONS_`) or
 * NODE_OPTIONS, which could load code into it.
 */
const PASSED_VARIABLES =
  /^(RUNNER_TRACKING_ID|VSTS_PROCESS_LOOKUP_ID|PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|SystemRoot|windir|(https?|no|all)_proxy|OCI_METADATA_BASE_URL|(OCI_)?KUBERNETES_SERVICE_\w+|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_(FILE|DIR))$/i;

const isPassed = (name: string) => PASSED_VARIABLES.test(name) || OF_JENKINS.test(name);

/**
 * No debugger on SIGUSR1, where Node knows the flag: the command also runs on older ones. V8 prefers memory over speed, and collects its heap of 10 MB in one thread: without this, the
 * process grows from 80 MB to 110 MB within some hundred renewals.
 */
const NODE_FLAGS = [
  ...['--disable-sigusr1'].filter((flag) => process.allowedNodeEnvironmentFlags.has(flag)),
  '--optimize-for-size',
  '--single-threaded-gc',
];

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
    async start({ program, mark, log, instructions }) {
      const descriptor = withFileErrors(log, () => system.fs.openSync(log, 'ax', 0o600));
      const held = holdFile(system, heldFileOf(log));
      const passed = Object.entries(environment).filter(([name]) => isPassed(name));
      // Node adds this variable to every environment that does not have it as a property.
      const env = { ...Object.fromEntries(passed), NODE_V8_COVERAGE: undefined };
      try {
        const child = spawn(executable, [...NODE_FLAGS, ...program, mark], {
          argv0: process.execPath,
          detached: true,
          windowsHide: true,
          cwd: path.parse(program[0] ?? '').root, // steps may remove any other directory
          env,
          stdio: ['pipe', descriptor, descriptor, 'pipe', ...held],
        });
        return await sendInstructions(child, instructions);
      } finally {
        for (const one of [descriptor, ...held]) system.fs.closeSync(one);
      }
    },
    logsItsStop: system.platform !== 'win32', // a signal ends a process there at once
    isRunning: (pid, mark, log) => identify(system, pid, mark, log) !== 'gone',
    signal(pid, mark, log, signal) {
      const identity = identify(system, pid, mark, log);
      try {
        if (identity === 'ours') process.kill(pid, signal);
      } catch {
        // It has just ended.
      }
      return identity !== 'gone';
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

/** Reading the arguments of a process is slow on Windows. There, the process keeps a file open for itself alone. */
const heldFileOf = (log: string) => `${log}.held`;

function holdFile({ platform, fs }: System, file: string): number[] {
  if (platform !== 'win32') return [];
  return [fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT | UV_FS_O_EXLOCK, 0o600)];
}

/** A process ID may belong to another program by now. So the mark in the arguments, or the open file, identifies the process. */
function identify(system: System, pid: number, mark: string, log: string): 'ours' | 'gone' | 'unknown' {
  if (system.platform === 'win32') return isHeld(system.fs, heldFileOf(log)) ? 'ours' : 'gone';
  try {
    process.kill(pid, 0);
  } catch {
    return 'gone';
  }
  try {
    return argumentsOf(system, pid).includes(mark) ? 'ours' : 'gone'; // those of a zombie are empty
  } catch {
    return 'unknown';
  }
}

/** The program by its full path: later steps can change PATH. @throws if the system does not show the arguments */
function argumentsOf({ platform, fs }: System, pid: number): string {
  if (platform === 'linux') return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  const args = ['-ww', '-o', 'command=', '-p', String(pid)]; // without -ww, macOS cuts the line
  // Not the environment of this process, which holds the inputs.
  return execFileSync('/bin/ps', args, { encoding: 'utf8', env: {}, stdio: ['ignore', 'pipe', 'ignore'] });
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

let unwritten = Buffer.alloc(0);

/** Standard output is the log file. Text that a full disk does not take is written with a later line. */
export function writeLog(text: string): void {
  unwritten = Buffer.concat([unwritten, Buffer.from(text)]);
  try {
    while (unwritten.length > 0) unwritten = unwritten.subarray(nodeFs.writeSync(1, unwritten));
  } catch {
    // The disk is full.
  }
}

/** Polls, because `fs.watch` fails where the system has no watches left. */
const POLL_MS = 2000;

export interface StopConditions {
  /** The process ends when this directory is gone. */
  directory: string;
  /** The process ends when two polls in a row do not find this directory. A login that replaces it renames it first. */
  sessionDirectory?: string | undefined;
}

/** Calls `stop` with the reason when this process has to end. Does not keep it alive. */
export function watchForStop(
  { directory, sessionDirectory }: StopConditions,
  stop: (reason: string) => void,
): void {
  let wasMissing = false;
  const poll = () => {
    if (!nodeFs.existsSync(directory)) return stop('its directory was removed');
    const isMissing = sessionDirectory !== undefined && !nodeFs.existsSync(sessionDirectory);
    if (isMissing && wasMissing) return stop('the session directory was removed');
    wasMissing = isMissing;
  };
  setInterval(poll, POLL_MS).unref();
  // SIGQUIT would write the memory to a file.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)
    process.once(signal, () => stop(`received ${signal}`));
  process.on('SIGUSR1', () => {}); // without a debugger, its default action ends the process
}
