// What signals to `exec` and `login` do, and how these programs end by a signal.
import { constants } from 'node:os';
import { CommandError } from '../failure.ts';

type OnSignal = (signal: NodeJS.Signals) => void;

export interface Signals {
  /** Replaces what a signal does from now on. Its default action stays off. */
  handle(onSignal: OnSignal): void;
}

/** A terminal sends these to every process of its foreground group. */
export const OF_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const HANDLED: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGBREAK', 'SIGHUP']
    : [...OF_TERMINAL, 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

export function handleSignals(first: OnSignal): Signals {
  let onSignal = first;
  for (const signal of HANDLED) {
    process.removeAllListeners(signal);
    process.on(signal, () => onSignal(signal));
  }
  return {
    handle(next) {
      onSignal = next;
    },
  };
}

/** The error of a login that a signal has ended. */
export function interruption(signal: NodeJS.Signals): CommandError {
  return new CommandError('INTERRUPTED', `The login was interrupted by ${signal}.`);
}

/** These write the memory of a process to a file, and ours has the key of the session. */
const WITH_CORE: readonly NodeJS.Signals[] = [
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGSYS',
];

/** How long a system may take to deliver a signal. */
const DELIVERY_MS = 1000;

/** Ends this process by a signal, or if that is impossible or unsafe, with the exit code of a shell. */
export function endBySignal(signal: NodeJS.Signals): never {
  const exitCode = 128 + (constants.signals[signal] ?? 0);
  // A signal does not end the process with the ID 1, as in a container.
  if (process.platform === 'win32' || process.pid === 1 || WITH_CORE.includes(signal)) process.exit(exitCode);
  if (signal !== 'SIGKILL') {
    process.on(signal, () => {}); // Node ignores SIGPIPE; the removal of a listener restores the default action
    process.removeAllListeners(signal);
  }
  process.kill(process.pid, signal);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DELIVERY_MS); // nothing else may run any more
  process.exit(exitCode);
}
