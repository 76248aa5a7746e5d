// A lock between processes that share a directory. It survives the death of its holder.
//
// Each process creates a lock file with a unique name, then lists the directory. If no other lock file is there, it holds
// the lock; otherwise it removes its file and waits for a random time. Of two processes, the later one always sees the
// earlier one's file. No name is used twice, so anybody can remove the file of a dead process without a race. A single
// O_EXCL file cannot do this: between "its owner is dead" and "remove it", another process may have replaced it.
//
// Windows keeps a removed name until the last process has closed the file; until then it can neither be read nor created.
import crypto from 'node:crypto';
import path from 'node:path';
import { ActionError, Contention } from '../errors/action-error.ts';
import type { Clock, Lock } from '../ports.ts';
import { codeOf, retryWhileInUse, type System, thisSystem, withFileErrors } from './system.ts';

const TIMEOUT_MS = 30_000;
/** Work under the lock takes milliseconds, so the process ID in an older lock file belongs to another program by now. */
const STALE_AFTER_MS = 60_000;
const MAX_DELAY_MS = 40;

export function createLock(clock: Clock, system: System = thisSystem): Lock {
  return {
    async hold(target, prepare, work) {
      const deadline = clock.now() + TIMEOUT_MS;
      let reason = `${target} was locked by other processes`;
      const lockFile = newLockFile(system, target);
      while (clock.now() < deadline) {
        prepare();
        if (acquire(system, target, lockFile, clock)) {
          try {
            return work();
          } catch (error) {
            if (!(error instanceof Contention)) throw error;
            reason = `${error.message} repeatedly`;
          } finally {
            release(system, lockFile);
          }
        }
        // Random, so that two processes do not meet again.
        await clock.sleep(1 + Math.random() * MAX_DELAY_MS);
      }
      throw new ActionError('CONFIG_LOCKED', `${reason}, for ${TIMEOUT_MS / 1000} s.`);
    },
  };
}

/** @returns false if another process holds the lock, or has removed the directory */
function acquire(system: System, target: string, lockFile: string, clock: Clock): boolean {
  if (activeLockFiles(system, target, clock).length > 0 || !createLockFile(system, lockFile)) return false;
  if (activeLockFiles(system, target, clock).every((name) => name === path.basename(lockFile))) return true;
  release(system, lockFile);
  return false;
}

/** @returns false if another process has removed the directory */
function createLockFile(system: System, lockFile: string): boolean {
  const { fs } = system;
  return withFileErrors(path.dirname(lockFile), () => {
    try {
      fs.closeSync(retryWhileInUse(system, () => fs.openSync(lockFile, 'wx', 0o600)));
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  });
}

function release(system: System, lockFile: string): void {
  withFileErrors(lockFile, () => retryWhileInUse(system, () => system.fs.rmSync(lockFile, { force: true })));
}

function lockFilePrefix(target: string): string {
  return `.${path.basename(target)}.lock-`;
}

function newLockFile(system: System, target: string): string {
  const unique = `${process.pid}-${pidNamespace(system)}-${crypto.randomBytes(8).toString('hex')}`;
  return path.join(path.dirname(target), `${lockFilePrefix(target)}${unique}`);
}

/** Names of the lock files of running processes. Removes all others. */
function activeLockFiles(system: System, target: string, clock: Clock): string[] {
  const directory = path.dirname(target);
  const names = entriesOf(system, directory).filter((name) => name.startsWith(lockFilePrefix(target)));
  return names.filter((name) => {
    if (isActive(system, path.join(directory, name), clock)) return true;
    release(system, path.join(directory, name));
    return false;
  });
}

/** Follows a link: processes that reach the directory by different names need the same lock. */
function entriesOf(system: System, directory: string): string[] {
  return withFileErrors(directory, () => {
    try {
      return retryWhileInUse(system, () => system.fs.readdirSync(directory));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  });
}

function isActive(system: System, lockFile: string, clock: Clock): boolean {
  const stats = withFileErrors(lockFile, () =>
    retryWhileInUse(system, () => system.fs.lstatSync(lockFile, { throwIfNoEntry: false })),
  );
  if (stats === undefined || clock.now() - stats.mtimeMs > STALE_AFTER_MS) return false;
  const [pid = '', namespace] = path.basename(lockFile).split('lock-').at(-1)?.split('-') ?? [];
  // The process ID of another container means nothing here, so only the age of the file counts.
  if (namespace !== pidNamespace(system)) return true;
  try {
    return process.kill(Number(pid), 0); // signal 0 only asks, on Windows too
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Linux numbers the PID namespaces of containers. Other platforms have one, and no /proc. */
function pidNamespace({ platform, fs }: System): string {
  if (platform !== 'linux') return '0';
  try {
    return fs.readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '0';
  }
}
