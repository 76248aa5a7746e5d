// What the refresher does as a process: it reads its instructions, writes its log and notices when it has to end.
import fs from 'node:fs';

/** The descriptor on which the parent waits, see `createBackground`. */
const READY = 3;
/** Polling interval: `fs.watch` does not work on every file system. */
const POLL_MS = 15_000;
const GONE_MS = 5000;

export function readStandardInput(): string {
  return fs.readFileSync(0, 'utf8');
}

export function reportReady(): void {
  fs.writeSync(READY, 'ready');
  fs.closeSync(READY);
}

/** Standard output is the log file. A full disk must not end the process. */
export function writeLog(text: string): void {
  try {
    fs.writeSync(1, text);
  } catch {
    // The next line may fit.
  }
}

export interface StopConditions {
  stopFile: string;
  /** The process ends when this directory is gone. */
  directory: string;
  /** The process ends when this directory stays away: a login replaces it by renaming. */
  sessionDirectory: string | undefined;
}

/** Calls `stop` with the reason when the process has to end. Does not keep the process alive. */
export function watchForStop(conditions: StopConditions, stop: (reason: string) => void): void {
  const { stopFile, directory, sessionDirectory } = conditions;
  let goneSince: number | undefined;
  const poll = () => {
    if (fs.existsSync(stopFile)) return stop('found its stop file');
    if (!fs.existsSync(directory)) return stop('its directory was removed');
    if (sessionDirectory === undefined || fs.existsSync(sessionDirectory)) goneSince = undefined;
    else goneSince ??= Date.now();
    if (goneSince !== undefined && Date.now() - goneSince >= GONE_MS)
      return stop('the session directory was removed');
  };
  setInterval(poll, POLL_MS).unref();
  try {
    fs.watch(directory, { persistent: false }, poll).on('error', () => {});
  } catch {
    // Polling remains.
  }
  poll(); // what happened before the watch began
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => stop(`received ${signal}`));
  }
  // Its default action ends the process, and Node without `--disable-sigusr1` would open a debugger.
  process.on('SIGUSR1', () => {});
}
