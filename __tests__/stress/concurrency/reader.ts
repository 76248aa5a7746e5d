// A process that reads a config as fast as it can and looks for texts that are not whole. Ends with its input.
import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { faultsOf } from './shared-config.ts';

const [, , file = ''] = process.argv;
const AT_A_TIME = 20;

let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});

let reads = 0;
const torn: string[][] = [];
let previous: string | undefined;
process.stdout.write('ready\n');
while (!isOver) {
  for (let at = 0; at < AT_A_TIME; at += 1) {
    const text = readFileSync(file, 'latin1');
    reads += 1;
    const faults = text === previous ? [] : faultsOf(text);
    if (faults.length > 0) torn.push(faults);
    previous = text;
  }
  await turn();
}
process.stdout.write(JSON.stringify({ reads, torn }));
