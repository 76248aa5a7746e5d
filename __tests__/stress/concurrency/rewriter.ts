// Another program that keeps a section of its own in the config: it reads the file, counts on, and writes all of it
// back in place, with no lock and no rename. Ends with its input.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { COUNTER } from './shared-config.ts';

const [, , file = '', manner = ''] = process.argv;
const PAUSE_MS = 20;
const PAGE = 4096;

let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});

function write(text: string): void {
  if (manner === 'at once') writeFileSync(file, text, 'latin1');
  else if (manner === 'in pages') writeInPages(text);
  else throw new Error(`no such manner: ${manner}`);
}

function writeInPages(text: string): void {
  const descriptor = openSync(file, 'w');
  for (let at = 0; at < text.length; at += PAGE)
    writeSync(descriptor, text.slice(at, at + PAGE), null, 'latin1');
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
