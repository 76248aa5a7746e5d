// A lock between processes that share a directory, which survives the death of its holder.
//
// Each contender puts down a file of its own name, then looks round. Alone: the lock is held. Not alone: it takes its
// file away and waits a random while. Whoever comes later sees the earlier one, so two can never both be alone; and
// since no name is used twice, the file of a dead process can be cleared away by anybody without a race. A single
// O_EXCL file has no such take-over: between "its owner is dead" and "remove it" somebody else may have taken it.
//
// Signal 0 asks for a process on every platform; Node makes it a query on Windows. What is special there: a name that
// has been removed stays, and can neither be looked at nor made anew, until the last process has closed the file.
import crypto from 'node:crypto';
import path from 'node:path';
import { ActionError, Contention } from '../errors/action-error.ts';
import type { Clock, Lock } from '../ports.ts';
import { codeOf, guarded, patiently, type System, thisSystem } from './system.ts';

const PATIENCE_MS = 30_000;
/** The work under the lock takes milliseconds; a file this old belongs to no living holder, whatever its pid says. */
const STALE_AFTER_MS = 60_000;
const MAX_PAUSE_MS = 40;

export function createLock(clock: Clock, system: System = thisSystem): Lock {
  return {
    async hold(target, prepare, work) {
      const giveUpAt = clock.now() + PATIENCE_MS;
      let hindrance = `${target} was locked by other processes`;
      const mine = contenderPath(system, target);
      while (await acquire(system, target, mine, { prepare, clock, giveUpAt })) {
        try {
          return work();
        } catch (error) {
          if (!(error instanceof Contention)) throw error;
          hindrance = `${error.message} again and again`;
        } finally {
          takeAway(system, mine);
        }
        await clock.sleep(pause());
      }
      throw new ActionError('CONFIG_LOCKED', `${hindrance}, for ${PATIENCE_MS / 1000} s.`);
    },
  };
}

interface Patience {
  prepare: () => void;
  clock: Clock;
  /** Milliseconds since the epoch. */
  giveUpAt: number;
}

/** @returns false when the patience is used up */
async function acquire(
  system: System,
  target: string,
  mine: string,
  { prepare, clock, giveUpAt }: Patience,
): Promise<boolean> {
  while (clock.now() < giveUpAt) {
    prepare();
    if (livingContenders(system, target, clock).length === 0 && putDown(system, mine)) {
      if (livingContenders(system, target, clock).every((other) => other === path.basename(mine)))
        return true;
      takeAway(system, mine);
    }
    await clock.sleep(pause());
  }
  return false;
}

/** Of random length, so that contenders who met once do not meet again. */
function pause(): number {
  return 1 + Math.random() * MAX_PAUSE_MS;
}

/** @returns false if the directory has just been removed by another process */
function putDown(system: System, mine: string): boolean {
  const { fs } = system;
  return guarded(path.dirname(mine), () => {
    try {
      fs.closeSync(patiently(system, () => fs.openSync(mine, 'wx', 0o600)));
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  });
}

function takeAway(system: System, file: string): void {
  guarded(file, () => patiently(system, () => system.fs.rmSync(file, { force: true })));
}

function prefixOf(target: string): string {
  return `.${path.basename(target)}.lock-`;
}

function contenderPath(system: System, target: string): string {
  const name = `${prefixOf(target)}${process.pid}-${pidNamespace(system)}-${crypto.randomBytes(8).toString('hex')}`;
  return path.join(path.dirname(target), name);
}

function livingContenders(system: System, target: string, clock: Clock): string[] {
  const directory = path.dirname(target);
  const names = entriesOf(system, directory).filter((name) => name.startsWith(prefixOf(target)));
  return names.filter((name) => {
    if (isAlive(system, path.join(directory, name), clock)) return true;
    takeAway(system, path.join(directory, name));
    return false;
  });
}

/** Through a link as well: a home may be reached by another name, and all its users must meet here. */
function entriesOf(system: System, directory: string): string[] {
  return guarded(directory, () => {
    try {
      return patiently(system, () => system.fs.readdirSync(directory));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  });
}

function isAlive(system: System, file: string, clock: Clock): boolean {
  const stats = guarded(file, () =>
    patiently(system, () => system.fs.lstatSync(file, { throwIfNoEntry: false })),
  );
  if (stats === undefined || clock.now() - stats.mtimeMs > STALE_AFTER_MS) return false;
  const [pid = '', namespace] = path.basename(file).split('lock-').at(-1)?.split('-') ?? [];
  // A pid of another container says nothing here: only its age counts then.
  if (namespace !== pidNamespace(system)) return true;
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Linux numbers the pid namespaces of containers; elsewhere one namespace holds everything, and there is no /proc. */
function pidNamespace({ platform, fs }: System): string {
  if (platform !== 'linux') return '0';
  try {
    return fs.readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '0';
  }
}
