// Finds and kills the processes of a job as GitHub's runner does: by a variable in the environment of their start.
// Source: JobExtension.cs (FinalizeJob), ProcessExtensions.cs (actions/runner).
import { readdirSync, readFileSync } from 'node:fs';

export interface JobProcess {
  pid: number;
  /** The executable and its arguments. */
  command: string;
}

const KILL_TIMEOUT_MS = 5000;
const KILL_INTERVAL_MS = 10;

/**
 * Neither this process nor processes that have ended. None on other systems than Linux: they do not show the environment
 * of another process, or not to every program.
 */
export function processesWith(name: string, value: string): JobProcess[] {
  if (process.platform !== 'linux') return [];
  return fromProcfs(`${name}=${value}`).filter(({ pid }) => pid !== process.pid);
}

/** Repeats until no process is left: one can be forked between the search and the kill. */
export function killProcessesWith(name: string, value: string): void {
  const deadline = Date.now() + KILL_TIMEOUT_MS;
  for (let left = processesWith(name, value); left.length > 0; left = processesWith(name, value)) {
    if (Date.now() > deadline)
      throw new Error(`cannot kill ${left.map(({ command }) => command).join(', ')}`);
    for (const { pid } of left) kill(pid);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, KILL_INTERVAL_MS);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: it has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function fromProcfs(variable: string): JobProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => read(pid, 'environ').split('\0').includes(variable))
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').split('\0').join(' ').trim() }));
}

/** Empty when the process has ended or belongs to another user. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
