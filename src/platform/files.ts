// Node's file system, hardened: nothing is followed through a link, everything new is for the owner alone.
// Synchronous on purpose: a dozen small calls, cheaper than a trip through the thread pool that is making the key.
import fs from 'node:fs';
import { ActionError, Contention, type ErrorCode } from '../errors.ts';
import type { FileKind, FileState, Files } from '../port.ts';
import { systemClock } from './clock.ts';

const OWNER_FILE = 0o600;
const OWNER_DIRECTORY = 0o700;
// Absent on Windows, where O_EXCL alone already refuses whatever lies there.
const NO_FOLLOW = fs.constants.O_NOFOLLOW ?? 0;
const CREATE = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL | NO_FOLLOW;

export const nodeFiles: Files = {
  kind: (path) => guarded(path, () => kindOf(path)),
  state: (path) => guarded(path, () => stateOf(path)),
  read: (path) =>
    guarded(path, () => {
      const descriptor = fs.openSync(path, fs.constants.O_RDONLY | NO_FOLLOW);
      try {
        return fs.readFileSync(descriptor);
      } finally {
        fs.closeSync(descriptor);
      }
    }),
  list: (directory) =>
    guarded(directory, () => (kindOf(directory) === 'directory' ? fs.readdirSync(directory) : [])),
  makeDirectory: (path) => guarded(path, () => fs.mkdirSync(path, { mode: OWNER_DIRECTORY })),
  ensureDirectory: (path) =>
    guarded(path, () => {
      try {
        fs.mkdirSync(path, { mode: OWNER_DIRECTORY });
      } catch (error) {
        if (kindOf(path) !== 'directory') throw error;
      }
    }),
  create: (path, content) => guarded(path, () => writeNew(path, content, OWNER_FILE)),
  replace: (path, content, scratch, state) =>
    guarded(path, () => {
      const mode = kindOf(path) === 'file' ? fs.statSync(path).mode & 0o777 : OWNER_FILE;
      fs.rmSync(scratch, { force: true });
      writeNew(scratch, content, mode);
      if (state !== undefined && stateOf(path).id !== state) {
        fs.rmSync(scratch);
        throw new Contention(`${path} has been changed`);
      }
      fs.renameSync(scratch, path);
    }),
  rename: (from, to) => guarded(from, () => fs.renameSync(from, to)),
  remove: (path) => guarded(path, () => fs.rmSync(path, { force: true })),
  removeTree: (path) => guarded(path, () => fs.rmSync(path, { force: true, recursive: true })),
  removeIfEmpty: (directory) =>
    guarded(directory, () => {
      try {
        fs.rmdirSync(directory);
      } catch (error) {
        // In use by others, or gone already: both are fine. Only a refusal is not.
        if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? ''))
          throw error;
      }
    }),
};

function kindOf(path: string): FileKind {
  const stats = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'absent';
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** Inode, size and times: what a write of another program cannot leave as it was. */
function stateOf(path: string): FileState {
  const stats = fs.lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (stats === undefined) return { id: 'absent', ageMs: Number.POSITIVE_INFINITY };
  const { ino, size, mtimeNs, ctimeNs, mtimeMs } = stats;
  return { id: [ino, size, mtimeNs, ctimeNs].join(':'), ageMs: systemClock.now() - Number(mtimeMs) };
}

function writeNew(path: string, content: Uint8Array | string, mode: number): void {
  const descriptor = fs.openSync(path, CREATE, mode);
  try {
    fs.fchmodSync(descriptor, mode); // the umask may have taken bits that the replaced file had
    fs.writeFileSync(descriptor, content);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Runs one file operation and turns the system's refusal into PATH_UNSAFE or FILES_NOT_WRITABLE. */
export function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const unsafe: ErrorCode = code === 'ELOOP' || code === 'EEXIST' ? 'PATH_UNSAFE' : 'FILES_NOT_WRITABLE';
    throw new ActionError(unsafe, `${path}: ${syscall ?? 'access'} failed (${code}).`);
  }
}
