// The fault hook from outside: at which call a stage is killed, and which calls it made until then.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** One call by which a process changes the disk or reaches out to the network. */
export interface Call {
  /** From 1. */
  n: number;
  call: string;
  path: string;
}

export interface Plan {
  /** Number of the call at which the process is killed; without it the process lives. */
  at?: number;
  /** Default before; torn writes half of the bytes. */
  when?: 'before' | 'torn' | 'after';
  /** Default SIGKILL. */
  signal?: NodeJS.Signals;
  /** Directories in which nothing may change but by a counted call. */
  watch?: string[];
  /** Whether every file shall look as if it had just been written; otherwise as if it had been left alone for a while. */
  isBusy?: boolean;
  /** Functions that the fault hook shall not see, to prove that their calls are missed. */
  blind?: string[];
}

export interface FaultHook {
  /** For the step. */
  env: Record<string, string>;
  /** What was called, the one at which it was killed last; and the numbers of the calls before which something else had changed the disk. */
  read(): { calls: Call[]; strays: number[] };
}

const PRELOAD = pathToFileURL(path.join(import.meta.dirname, 'fault-hook.mjs')).href;

export function openFaultHook(plan: Plan = {}): FaultHook {
  const directory = mkdtempSync(path.join(tmpdir(), 'fault-hook-'));
  const log = path.join(directory, 'calls.jsonl');
  return {
    env: { NODE_OPTIONS: `--import ${PRELOAD}`, FAULT_HOOK_PLAN: JSON.stringify({ ...plan, log }) },
    read() {
      const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
      const parsed = lines.map((line) => JSON.parse(line) as Call | { stray: number });
      rmSync(directory, { recursive: true });
      return {
        calls: parsed.filter((line) => 'call' in line),
        strays: parsed.flatMap((line) => ('stray' in line ? [line.stray] : [])),
      };
    },
  };
}
