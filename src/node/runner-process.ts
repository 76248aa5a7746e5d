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
    stateOf(process) {
      if (platform !== 'linux' || process === null) return 'unknown';
      try {
        const { bootId, pidNamespace } = host();
        // A different boot ID means a reboot or another host that shares the home directory. It may still be running there.
        if (bootId !== process.bootId || pidNamespace !== process.pidNamespace) return 'unknown';
        return read(process.pid).startTime === process.startTime ? 'alive' : 'gone';
      } catch (error) {
        return ['ENOENT', 'ESRCH'].includes(codeOf(error) ?? '') ? 'gone' : 'unknown';
      }
    },
  };
}

/** Field 22. The name of the program, field 2, is in brackets and can contain any character. @see proc_pid_stat(5) */
function startTimeIn(stat: string): string {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[22 - 3] ?? '';
}
