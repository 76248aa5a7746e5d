// A lock between processes that share a directory. Each creates a lock file with a unique name, then lists the directory:
// without another lock file it holds the lock, else it removes its file and waits. The later of two always sees the other.
// No name is used twice, so anybody can remove the file of a dead process without a race. A single O_EXCL file cannot do
// this: between "its owner is dead" and "remove it", another process may have replaced it.
import crypto from 'node:crypto';
import path from 'node:path';
import { ActionError, Contention } from '../errors/action-error.ts';
import type { Clock, Lock } from '../ports.ts';
import { codeOf, retryWhileInUse, type System, thisSystem, withFileErrors } from './system.ts';

const TIMEOUT_MS = 30_000;
/**
 * Work under the lock takes milliseconds, so the process ID in an older lock file belongs to another program by now. Less
 * than half of the timeout, so that no single lock file, whatever its date, makes a process give up.
 */
const STALE_AFTER_MS = 10_000;
const MAX_DELAY_MS = 40;
const ROOT = 0;

export function createLock(clock: Clock, system: System = thisSystem): Lock {
  let deadline = -Infinity; // after a timeout, later calls try only once for a while, so that post does not wait for each item
  return {
    async hold(target, prepare, work) {
      if (clock.now() > deadline + TIMEOUT_MS) deadline = clock.now() + TIMEOUT_MS;
      const ownDeadline = deadline;
      let reason = `${target} was locked by other processes`;
      const prefix = `.${path.basename(target)}.lock-`;
      const unique = `${process.pid}-${pidNamespace(system)}-${crypto.randomBytes(8).toString('hex')}`;
      const lockFile = path.join(path.dirname(target), `${prefix}${unique}`);
      do {
        prepare();
        if (acquire(system, lockFile, prefix, clock)) {
          try {
            deadline = -Infinity;
            return work();
          } catch (error) {
            if (!(error instanceof Contention)) throw error;
            deadline = ownDeadline;
            reason = `${error.message} repeatedly`;
          } finally {
            remove(system, lockFile);
          }
        }
        // Random, so that two waiting processes do not collide again.
        await clock.sleep(1 + Math.random() * MAX_DELAY_MS);
      } while (clock.now() < ownDeadline);
      throw new ActionError('CONFIG_LOCKED', `${reason}, for ${TIMEOUT_MS / 1000} s.`);
    },
  };
}

/** @returns false if another process holds the lock, or has removed the directory */
function acquire(system: System, lockFile: string, prefix: string, clock: Clock): boolean {
  const directory = path.dirname(lockFile);
  if (activeLockFiles(system, directory, prefix, clock).length > 0) return false;
  const descriptor = inDirectory(system, directory, () => system.fs.openSync(lockFile, 'wx', 0o600));
  if (descriptor === undefined) return false;
  const seconds = clock.now() / 1000; // a file server may have another clock
  system.fs.futimesSync(descriptor, seconds, seconds);
  system.fs.closeSync(descriptor);
  // Our own file is missing if this process was suspended until others took it for stale.
  const [first, ...others] = activeLockFiles(system, directory, prefix, clock);
  if (first === lockFile && others.length === 0) return true;
  remove(system, lockFile);
  return false;
}

/** @returns undefined if another process has removed the directory */
function inDirectory<T>(system: System, directory: string, action: () => T): T | undefined {
  return withFileErrors(directory, () => {
    try {
      return retryWhileInUse(system, action);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

function remove(system: System, lockFile: string): void {
  withFileErrors(lockFile, () => retryWhileInUse(system, () => system.fs.rmSync(lockFile, { force: true })));
}

/** The lock files of running processes. Removes all others. */
function activeLockFiles(system: System, directory: string, prefix: string, clock: Clock): string[] {
  // Follows a link: processes that reach the directory by different names need the same lock.
  const names = inDirectory(system, directory, () => system.fs.readdirSync(directory)) ?? [];
  const files = names.filter((name) => name.startsWith(prefix)).map((name) => path.join(directory, name));
  return files.filter((file) => {
    if (isActive(system, file, clock)) return true;
    try {
      remove(system, file);
    } catch {
      // Not active, even if this user may not remove it.
    }
    return false;
  });
}

function isActive(system: System, lockFile: string, clock: Clock): boolean {
  const stats = withFileErrors(lockFile, () =>
    retryWhileInUse(system, () => system.fs.lstatSync(lockFile, { throwIfNoEntry: false })),
  );
  if (!stats?.isFile() || Math.abs(clock.now() - stats.mtimeMs) > STALE_AFTER_MS) return false;
  // Others can create files in a shared directory such as /tmp. Root, and the owner of the directory, can do more anyway.
  const trusted = [system.uid, ROOT];
  const ownerOfDirectory = () => system.fs.statSync(path.dirname(lockFile), { throwIfNoEntry: false })?.uid;
  if (system.uid !== undefined && !trusted.includes(stats.uid) && stats.uid !== ownerOfDirectory())
    return false;
  const [pid = '', namespace] = path.basename(lockFile).split('lock-').at(-1)?.split('-') ?? [];
  // The process ID of another container means nothing here, so only the age of the file counts.
  if (namespace !== pidNamespace(system)) return true;
  try {
    return process.kill(Number(pid), 0); // signal 0 only checks that the process exists, on Windows too
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
