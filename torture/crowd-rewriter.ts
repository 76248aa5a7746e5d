// Another program that keeps a section of its own in the config: it reads the file, counts on, and writes all of it
// back in place, with no lock and no rename. Ends with its input.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { COUNTER } from './crowd-config.ts';

const [, , file = '', manner = ''] = process.argv;
const PAUSE_MS = 20;
const PAGE = 4096;
/** Python's `configparser` writes so: as many whole lines as its buffer of 8 kB takes, then formats the next ones. */
const LINES = /[\s\S]{1,8191}\n|[\s\S]+$/g;
const FORMATTING_MS = 1;

let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});

function write(text: string): void {
  if (manner === 'at once') writeFileSync(file, text, 'latin1');
  else if (manner === 'in pages') writeInPieces(text.match(new RegExp(`[\\s\\S]{1,${PAGE}}`, 'g')) ?? [], 0);
  else if (manner === 'in whole lines') writeInPieces(text.match(LINES) ?? [], FORMATTING_MS);
  else throw new Error(`no such manner: ${manner}`);
}

function writeInPieces(pieces: readonly string[], pauseMs: number): void {
  const descriptor = openSync(file, 'w');
  for (const piece of pieces) {
    writeSync(descriptor, piece, null, 'latin1');
    const until = performance.now() + pauseMs;
    while (performance.now() < until);
  }
  closeSync(descriptor);
}

let rewrites = 0;
let missed = 0;
process.stdout.write('ready\n');
while (!isOver) {
  const text = readFileSync(file, 'latin1');
  if (!COUNTER.test(text)) missed += 1;
  const next = text.replace(COUNTER, (_all, count) => `[COUNTER]\ncounter=${Number(count) + 1}\n`);
  write(next);
  rewrites += 1;
  await sleep(PAUSE_MS);
}
process.stdout.write(JSON.stringify({ rewrites, missed }));
