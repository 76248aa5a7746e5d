// What a process costs while it waits: memory, CPU time and how often it wakes, read from outside. Linux alone tells.
// Must not know what the process is for.
import { readFileSync } from 'node:fs';

export interface Cost {
  samples: number;
  /** Of all samples; VmRSS. */
  mostResidentKb: number;
  /** User and system, since it was started; in ticks of 10 ms. */
  cpuTicks: number;
  /** Context switches since it was started: each time it went to sleep, and each time it was made to wait. */
  switches: { voluntary: number; involuntary: number };
}

export interface Watch {
  /** Looks once; false when the process has gone. */
  look(): boolean;
  cost(): Cost;
}

export function watchProcess(pid: number): Watch {
  const cost: Cost = {
    samples: 0,
    mostResidentKb: 0,
    cpuTicks: 0,
    switches: { voluntary: 0, involuntary: 0 },
  };
  return {
    look() {
      const status = read(pid, 'status');
      // One that has died and waits for its parent has no memory any more.
      if (!/^VmRSS:/m.test(status)) return false;
      const value = (name: string) =>
        Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);
      cost.samples += 1;
      cost.mostResidentKb = Math.max(cost.mostResidentKb, value('VmRSS'));
      cost.cpuTicks = ticksIn(read(pid, 'stat')) ?? cost.cpuTicks;
      cost.switches.voluntary = value('voluntary_ctxt_switches');
      cost.switches.involuntary = value('nonvoluntary_ctxt_switches');
      return true;
    },
    cost: () => cost,
  };
}

/** `utime` and `stime`, the 14th and 15th field; the second, a name in parentheses, may hold blanks (proc_pid_stat(5)). */
function ticksIn(stat: string): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isNaN(ticks) ? undefined : ticks;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
