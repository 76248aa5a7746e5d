// The processes of a job as GitHub's runner finds and ends them: by a variable in the environment they were started with.
// Source: JobExtension.cs (FinalizeJob), ProcessExtensions.cs (actions/runner). Must not know who started them.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface JobProcess {
  pid: number;
  /** Its arguments, the executable first. */
  command: string;
}

const PATIENCE_MS = 5000;
const PAUSE_MS = 10;

/** This process and those that have ended are never among them. */
export function processesWith(
  name: string,
  value: string,
  platform: NodeJS.Platform = process.platform,
): JobProcess[] {
  // Windows shows nobody the environment of another process, and has no signal that would be missed.
  if (platform === 'win32') return [];
  const found = platform === 'linux' ? fromProcfs(`${name}=${value}`) : fromPs(`${name}=${value}`);
  return found.filter(({ pid }) => pid !== process.pid);
}

/** Kills until none is left: one that was forked between the look and the kill is met by the next round. */
export function killProcessesWith(name: string, value: string): void {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (let left = processesWith(name, value); left.length > 0; left = processesWith(name, value)) {
    if (Date.now() > giveUpAt) throw new Error(`cannot end ${left.map(({ command }) => command).join(', ')}`);
    for (const { pid } of left) kill(pid);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function fromProcfs(variable: string): JobProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => read(pid, 'environ').split('\0').includes(variable))
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').split('\0').join(' ').trim() }));
}

/** Empty for what has ended meanwhile and for what belongs to another user. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Shows arguments and environment on one line, as on macOS. */
function fromPs(variable: string): JobProcess[] {
  const lines = execFileSync('ps', ['axeww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.split(' ').includes(variable))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+ /, '') }));
}
