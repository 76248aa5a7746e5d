// Reads a config as fast as possible and checks that it is complete. Ends with its standard input.
import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { faultsOf } from './shared-config.ts';

const [, , file = ''] = process.argv;
const READS_PER_TURN = 20;

let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});

let reads = 0;
const incomplete: string[][] = [];
let previous: string | undefined;
process.stdout.write('ready\n');
while (!isOver) {
  for (let at = 0; at < READS_PER_TURN; at += 1) {
    const text = readFileSync(file, 'latin1');
    reads += 1;
    const faults = text === previous ? [] : faultsOf(text);
    if (faults.length > 0) incomplete.push(faults);
    previous = text;
  }
  await turn();
}
process.stdout.write(JSON.stringify({ reads, incomplete }));
