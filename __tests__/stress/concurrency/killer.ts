// Kills some processes while their lock file exists. Ends with its standard input.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

const [, , directory = '', wanted = '0'] = process.argv;
/** Kills every third process. */
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

/** Stops the process first, so that its lock file cannot go before the kill. @returns whether the lock file existed */
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
    // It has ended.
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
