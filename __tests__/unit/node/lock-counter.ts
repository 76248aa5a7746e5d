// Increments a counter under the lock. Arguments: the file to lock, how often to increment.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../src/node/clock.ts';
import { createLock } from '../../../src/node/lock.ts';

const [target = '', times = '1'] = process.argv.slice(2);
const counter = path.join(path.dirname(path.dirname(target)), 'counter');
const lock = createLock(systemClock);
for (let n = 0; n < Number(times); n += 1) {
  await lock.hold(
    target,
    () => mkdirSync(path.dirname(target), { recursive: true }),
    () => {
      const count = Number(readFileSync(counter, 'utf8'));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      writeFileSync(counter, String(count + 1));
    },
  );
}
