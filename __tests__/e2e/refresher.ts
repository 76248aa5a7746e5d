// The process in the background as a test sees it: by the state that main has saved, and by what the system says of it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Stage } from '../../emulator/runner/job.ts';

export interface RefresherSeen {
  pid: number;
  directory: string;
  isRunning: () => boolean;
}

export function refresherOf({ state }: Pick<Stage, 'state'>): RefresherSeen {
  const { refresher } = JSON.parse(state['session'] ?? '{}') as {
    refresher: { pid: number; directory: string; loginId: string };
  };
  const isRunning = () => argumentsOf(refresher.pid).includes(refresher.loginId);
  return { ...refresher, isRunning };
}

function argumentsOf(pid: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** Waits for something that is sure to come; the test's own limit ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 25));
}

export async function endsWithin({ isRunning }: RefresherSeen, milliseconds: number): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; ) {
    if (!isRunning()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return !isRunning();
}
