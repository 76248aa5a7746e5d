// Another program that increments a counter in its section of the config: it reads the file and writes all of it in place,
// without a lock or rename. Ends with its standard input.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECK_AGAIN_MS } from '../../../src/profiles/shared-file.ts';
import { COUNTER } from './shared-config.ts';

const [, , file = '', manner = ''] = process.argv;
const PAUSE_MS = 20;
/** A login checks again after this time. A program that writes later than that can undo it (docs/reliability.md). */
const MAX_GAP_MS = CHECK_AGAIN_MS;
const PAGE = 4096;

let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});

function write(text: string): void {
  if (manner === 'at once') writeFileSync(file, text, 'latin1');
  else if (manner === 'in pages') writeInPages(text);
  else throw new Error(`unknown manner: ${manner}`);
}

function writeInPages(text: string): void {
  const descriptor = openSync(file, 'w');
  for (let at = 0; at < text.length; at += PAGE)
    writeSync(descriptor, text.slice(at, at + PAGE), null, 'latin1');
  closeSync(descriptor);
}

// Beside 32 logins on two cores, a program of ordinary priority is suspended between its reading and its writing.
try {
  setPriority(-10);
} catch {
  // Only root can do this. The test starts over when a write was late.
}

let rewrites = 0;
let missed = 0;
let late = 0;
process.stdout.write('ready\n');
while (!isOver) {
  const readAt = performance.now();
  const text = readFileSync(file, 'latin1');
  if (!COUNTER.test(text)) missed += 1;
  const next = text.replace(COUNTER, (_all, count) => `[COUNTER]\ncounter=${Number(count) + 1}\n`);
  if (performance.now() - readAt > MAX_GAP_MS / 2) continue;
  write(next);
  if (performance.now() - readAt > MAX_GAP_MS) late += 1;
  rewrites += 1;
  await sleep(PAUSE_MS);
}
process.stdout.write(JSON.stringify({ rewrites, missed, late }));
