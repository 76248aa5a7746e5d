// A process that waits for others to put down a lock file, and kills some of them while it lies there. Ends with its input.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

const [, , directory = '', wanted = '0'] = process.argv;
/** Every so many that come by; the others are to live, and to meet the dead. */
const EVERY = 3;

let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});

const seen = new Set<number>();
let killed = 0;
let holding = 0;

const lockFiles = () => readdirSync(directory).filter((name) => name.includes('.lock-'));
const pidOf = (name: string) => Number(/\.lock-(\d+)-/.exec(name)?.[1]);

/** Stopped first, so that what it leaves behind is known; @returns whether its lock file lay there when it died */
function killWithLock(name: string): boolean {
  const pid = pidOf(name);
  try {
    process.kill(pid, 'SIGSTOP');
    while (!/\) [TZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
    if (!existsSync(path.join(directory, name))) {
      process.kill(pid, 'SIGCONT');
      return false;
    }
    if (lockFiles().length === 1) holding += 1;
    process.kill(pid, 'SIGKILL');
    return true;
  } catch (error) {
    // Gone by itself meanwhile.
    if (['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

process.stdout.write('ready\n');
while (!isOver) {
  for (const name of killed < Number(wanted) ? lockFiles() : []) {
    if (seen.has(pidOf(name))) continue;
    seen.add(pidOf(name));
    if (seen.size % EVERY === 0 && killWithLock(name)) killed += 1;
  }
  await turn();
}
process.stdout.write(JSON.stringify({ killed, holding }));
