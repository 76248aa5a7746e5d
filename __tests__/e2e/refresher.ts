// Finds the refresher of a login by the saved state of main.
import { execFileSync } from 'node:child_process';
import fs, { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Job, Stage } from '../../emulator/runner/job.ts';
import { isHeld } from '../../src/node/system.ts';

export interface RefresherSeen {
  pid: number;
  directory: string;
  loginId: string;
  log: string;
  isRunning: () => boolean;
}

export function refresherOf({ state }: Pick<Stage, 'state'>): RefresherSeen {
  const { refresher } = JSON.parse(state['session'] ?? '{}') as {
    refresher: { pid: number; directory: string; loginId: string };
  };
  const log = path.join(refresher.directory, `refresher-${refresher.loginId}.log`);
  const isRunning =
    process.platform === 'win32'
      ? () => isHeld(fs, `${log}.held`)
      : () => argumentsOf(refresher.pid).includes(refresher.loginId);
  return { ...refresher, log, isRunning };
}

export function hasRefresher({ state }: Pick<Stage, 'state'>): boolean {
  const { refresher } = JSON.parse(state['session'] ?? '{}') as { refresher?: object };
  return Object.keys(refresher ?? {}).length > 0;
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

/** Waits until the condition holds; the time limit of the test ends the wait otherwise. */
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

/** Returns the environment of a step whose child processes end at once. */
export function withoutRefresher({ temp }: Pick<Job, 'temp'>): Record<string, string> {
  const file = path.join(temp, 'without-refresher.cjs');
  const code = `
    const childProcess = require('node:child_process');
    const { spawn } = childProcess;
    childProcess.spawn = (command, args, options) => spawn(command, ['-e', 'process.exit(7)'], options);
    require('node:module').syncBuiltinESMExports();
  `;
  writeFileSync(file, code);
  return { NODE_OPTIONS: `--require ${JSON.stringify(file)}` };
}
