// A lock between processes that share a directory, which survives the death of its holder.
//
// Each contender puts down a file of its own name, then looks round. Alone: the lock is held. Not alone: it takes its
// file away and waits a random while. Whoever comes later sees the earlier one, so two can never both be alone; and
// since no name is used twice, the file of a dead process can be cleared away by anybody without a race. A single
// O_EXCL file has no such take-over: between "its owner is dead" and "remove it" somebody else may have taken it.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ActionError, Contention } from '../errors.ts';
import type { Clock, Lock } from '../port.ts';
import { guarded } from './files.ts';

const PATIENCE_MS = 30_000;
/** The work under the lock takes milliseconds; a file this old belongs to no living holder, whatever its pid says. */
const STALE_AFTER_MS = 60_000;
const MAX_PAUSE_MS = 40;

export function createLock(clock: Clock): Lock {
  return {
    async hold(target, prepare, work) {
      const giveUpAt = clock.now() + PATIENCE_MS;
      for (;;) {
        const mine = contenderPath(target);
        await acquire(target, mine, prepare, { clock, giveUpAt });
        try {
          return work();
        } catch (error) {
          if (!(error instanceof Contention)) throw error;
          if (clock.now() >= giveUpAt) throw locked(`${error.message} without end`);
        } finally {
          fs.rmSync(mine, { force: true });
        }
        await clock.sleep(pause());
      }
    },
  };
}

interface Patience {
  clock: Clock;
  /** Milliseconds since the epoch. */
  giveUpAt: number;
}

async function acquire(
  target: string,
  mine: string,
  prepare: () => void,
  { clock, giveUpAt }: Patience,
): Promise<void> {
  while (clock.now() < giveUpAt) {
    prepare();
    if (livingContenders(target, clock).length === 0 && putDown(mine)) {
      if (livingContenders(target, clock).every((other) => other === path.basename(mine))) return;
      fs.rmSync(mine, { force: true });
    }
    await clock.sleep(pause());
  }
  throw locked(`${target} was locked by other processes`);
}

function locked(what: string): ActionError {
  return new ActionError('CONFIG_LOCKED', `${what}, for ${PATIENCE_MS / 1000} s.`);
}

/** Of random length, so that contenders who met once do not meet again. */
function pause(): number {
  return 1 + Math.random() * MAX_PAUSE_MS;
}

/** @returns false if the directory has just been removed by another process */
function putDown(mine: string): boolean {
  return guarded(path.dirname(mine), () => {
    try {
      fs.closeSync(fs.openSync(mine, 'wx', 0o600));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  });
}

function prefixOf(target: string): string {
  return `.${path.basename(target)}.lock-`;
}

function contenderPath(target: string): string {
  const name = `${prefixOf(target)}${process.pid}-${pidNamespace()}-${crypto.randomBytes(8).toString('hex')}`;
  return path.join(path.dirname(target), name);
}

function livingContenders(target: string, clock: Clock): string[] {
  const directory = path.dirname(target);
  const names = entriesOf(directory).filter((name) => name.startsWith(prefixOf(target)));
  return names.filter((name) => {
    if (isAlive(path.join(directory, name), clock)) return true;
    fs.rmSync(path.join(directory, name), { force: true });
    return false;
  });
}

/** Through a link as well: a home may be reached by another name, and all its users must meet here. */
function entriesOf(directory: string): string[] {
  return guarded(directory, () => {
    try {
      return fs.readdirSync(directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

function isAlive(file: string, clock: Clock): boolean {
  const stats = fs.lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined || clock.now() - stats.mtimeMs > STALE_AFTER_MS) return false;
  const [pid = '', namespace] = path.basename(file).split('lock-').at(-1)?.split('-') ?? [];
  // A pid of another container says nothing here: only its age counts then.
  if (namespace !== pidNamespace()) return true;
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Linux numbers the pid namespaces of containers; elsewhere one namespace holds everything. */
function pidNamespace(): string {
  try {
    return fs.readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '0';
  }
}
