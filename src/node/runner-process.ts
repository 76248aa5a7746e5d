// Identifies the runner process of a job, and finds out whether it still runs. Linux only: other systems have no /proc.
import type { RunnerProcess, RunnerProcesses } from '../ports.ts';
import { codeOf, type System, thisSystem } from './system.ts';

export function createRunnerProcesses(
  { platform, fs }: System = thisSystem,
  parentPid = process.ppid,
): RunnerProcesses {
  const host = () => ({
    bootId: fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    pidNamespace: fs.readlinkSync('/proc/self/ns/pid'),
  });
  const read = (pid: number): RunnerProcess => {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return { pid, startTime: startTimeIn(stat), ...host() };
  };
  return {
    parent() {
      try {
        return platform === 'linux' ? read(parentPid) : null;
      } catch {
        return null; // in a container, the parent of a step can be outside its pid namespace
      }
    },
    stateOf(runner) {
      if (platform !== 'linux' || runner === null) return 'unknown';
      const { pid, startTime, bootId, pidNamespace } = runner;
      try {
        const here = host();
        // A different boot ID means a reboot or another host that shares the home directory. It may still be running there.
        if (here.bootId !== bootId || here.pidNamespace !== pidNamespace) return 'unknown';
      } catch {
        return 'unknown'; // no /proc
      }
      try {
        return read(pid).startTime === startTime ? 'alive' : 'gone';
      } catch {
        return exists(pid) ? 'unknown' : 'gone'; // with `hidepid`, /proc lacks the processes of other users
      }
    },
  };
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/**
 * Field 22; empty for a process that has ended and was not reaped, as in containers without an init process. The name
 * of the program, field 2, is in brackets and can contain any character. @see proc_pid_stat(5)
 */
function startTimeIn(stat: string): string {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const hasEnded = /^[ZX]$/.test(fields[0] ?? '');
  return hasEnded ? '' : (fields[22 - 3] ?? '');
}
