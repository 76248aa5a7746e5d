// The seam from outside: what a stage is told to die of, and which calls it made until then. Knows no journey.
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
  /** Number of the call to die at; without it the process lives. */
  at?: number;
  /** Default before; torn writes half of the bytes. */
  when?: 'before' | 'torn' | 'after';
  /** Default SIGKILL. */
  signal?: NodeJS.Signals;
  /** Directories in which nothing may change but by a counted call. */
  watch?: string[];
  /** Whether every file shall look as if it had just been written; otherwise as if it had been left alone for a while. */
  isBusy?: boolean;
  /** Functions that the seam shall not see, to prove that their calls are missed. */
  blind?: string[];
}

export interface Seam {
  /** For the step. */
  env: Record<string, string>;
  /** What was called, the one it died of last; and the numbers of the calls before which something else had changed the disk. */
  read(): { calls: Call[]; strays: number[] };
}

const PRELOAD = pathToFileURL(path.join(import.meta.dirname, 'seam.mjs')).href;

export function openSeam(plan: Plan = {}): Seam {
  const directory = mkdtempSync(path.join(tmpdir(), 'seam-'));
  const log = path.join(directory, 'calls.jsonl');
  return {
    env: { NODE_OPTIONS: `--import ${PRELOAD}`, SEAM_PLAN: JSON.stringify({ ...plan, log }) },
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
