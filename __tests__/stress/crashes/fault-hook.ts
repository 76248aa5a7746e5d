// Configures the fault hook of a step and reads its log.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A call that changes the disk or sends something. */
export interface Call {
  /** From 1. */
  n: number;
  call: string;
  path: string;
}

export interface Plan {
  /** Number of the call at which the process is killed. Default: it is not killed. */
  at?: number;
  /** Default: before. `partial` writes half of the bytes. */
  when?: 'before' | 'partial' | 'after';
  /** Default SIGKILL. */
  signal?: NodeJS.Signals;
  /** Directories in which every change must come from a counted call. */
  watch?: string[];
  /** Whether every file seems to have just been written. Default: 5 s ago. */
  isBusy?: boolean;
  /** Functions that the fault hook does not count. */
  ignored?: string[];
}

export interface FaultHook {
  /** Variables of the step. */
  env: Record<string, string>;
  /** Returns the calls, and the numbers of the calls before which an uncounted call had changed the disk. */
  read(): { calls: Call[]; uncounted: number[] };
}

const PRELOAD = pathToFileURL(path.join(import.meta.dirname, 'fault-hook.mjs')).href;

export function openFaultHook(plan: Plan = {}): FaultHook {
  const directory = mkdtempSync(path.join(tmpdir(), 'fault-hook-'));
  const log = path.join(directory, 'calls.jsonl');
  return {
    env: { NODE_OPTIONS: `--import ${PRELOAD}`, FAULT_HOOK_PLAN: JSON.stringify({ ...plan, log }) },
    read() {
      const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
      const parsed = lines.map((line) => JSON.parse(line) as Call | { uncounted: number });
      rmSync(directory, { recursive: true });
      return {
        calls: parsed.filter((line) => 'call' in line),
        uncounted: parsed.flatMap((line) => ('uncounted' in line ? [line.uncounted] : [])),
      };
    },
  };
}
