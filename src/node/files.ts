// Files on disk. No operation follows a link, and new files are for their owner only. Synchronous: a dozen small calls
// take less time than the thread pool would need, which generates the key meanwhile.
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { Contention } from '../errors/action-error.ts';
import type { FileKind, FileState, Files } from '../ports.ts';
import { canonicalPath } from './canonical-path.ts';
import { codeOf, retryWhileInUse, type System, systemClock, thisSystem, withFileErrors } from './system.ts';
import { unsafeReason } from './unsafe-path.ts';

const OWNER_FILE = 0o600;
const OWNER_DIRECTORY = 0o700;
const MAX_BYTES = 64 * 2 ** 20;

export const nodeFiles: Files = createFiles(thisSystem);

export function createFiles(system: System): Files {
  const { fs } = system;
  const kindOf = (path: string) =>
    kindFrom(unlessAbsent(() => fs.lstatSync(path, { throwIfNoEntry: false })));
  return {
    canonical: (path, kind) => canonicalPath(path, kind, system),
    kind: (path) => withFileErrors(path, () => kindOf(path)),
    state: (path) => withFileErrors(path, () => stateOf(system, path)),
    unsafeReason: (path, use) => withFileErrors(path, () => unsafeReason(system, path, use)),
    read: (path) => withFileErrors(path, () => read(system, path)),
    realPath: (path) => withFileErrors(path, () => unlessAbsent(() => fs.realpathSync.native(path))),
    allowOwner: (path) => allowOwner(system, path),
    overwrite: (path, edit) => withFileErrors(path, () => overwrite(system, path, edit)),
    assertWritable: (directory) =>
      withFileErrors(directory, () => fs.accessSync(directory, fs.constants.W_OK | fs.constants.X_OK)),
    list: (directory) =>
      withFileErrors(directory, () =>
        kindOf(directory) === 'directory' ? (unlessAbsent(() => fs.readdirSync(directory)) ?? []) : [],
      ),
    makeDirectory: (path) => withFileErrors(path, () => fs.mkdirSync(path, { mode: OWNER_DIRECTORY })),
    ensureDirectory: (path) =>
      withFileErrors(path, () => {
        try {
          fs.mkdirSync(path, { mode: OWNER_DIRECTORY });
        } catch (error) {
          const isParentGone = codeOf(error) === 'ENOENT' && kindOf(dirname(path)) === 'absent';
          if (!isParentGone && kindOf(path) !== 'directory') throw error;
        }
      }),
    create: (path, content) => withFileErrors(path, () => writeNew(system, path, content, OWNER_FILE)),
    replace: (path, content, scratch, state) =>
      withFileErrors(path, () => replace(system, path, content, scratch, state)),
    rename: (from, to) => withFileErrors(from, () => retryWhileInUse(system, () => fs.renameSync(from, to))),
    remove: (path) => withFileErrors(path, () => remove(system, path, false)),
    removeTree: (path) => withFileErrors(path, () => removeTree(system, path)),
    removeIfEmpty: (directory) =>
      withFileErrors(directory, () => {
        try {
          fs.rmdirSync(directory);
        } catch (error) {
          // Not empty, or already removed.
          if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) throw error;
        }
      }),
  };
}

/** @returns undefined when another process has removed the path, or one of its parents is no directory */
function unlessAbsent<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

function kindFrom(stats: Stats | undefined): FileKind {
  if (stats === undefined) return 'absent';
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** `replace` sets the modification time to a whole second, which marks the file as ours. Other programs do not. */
const SECOND_NS = 1_000_000_000n;

/** Inode, size and times: every write by another program changes one of them. */
function stateOf({ fs }: System, path: string): FileState {
  const stats = fs.lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (stats === undefined) return { id: 'absent', ageMs: Infinity, quietMs: Infinity };
  const { ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats;
  const now = systemClock.now();
  const ageMs = mtimeNs % SECOND_NS === 0n ? Infinity : now - Number(mtimeMs);
  return { id: [ino, size, mtimeNs, ctimeNs].join(':'), ageMs, quietMs: now - Number(ctimeMs) };
}

/**
 * Opens a file, never a link. Windows has no O_NOFOLLOW, so this function checks first. An attacker who can create a link
 * between the two calls can write in a directory of this user, and needs no link.
 */
function openNoFollow({ fs, platform }: System, path: string, flags: number, mode?: number): number {
  if (platform !== 'win32') return fs.openSync(path, flags | fs.constants.O_NOFOLLOW, mode);
  if (fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw Object.assign(new Error('a link'), { code: 'ELOOP', syscall: 'open' });
  return fs.openSync(path, flags, mode);
}

function read(system: System, path: string): Uint8Array | undefined {
  const { fs } = system;
  if (kindFrom(unlessAbsent(() => fs.lstatSync(path, { throwIfNoEntry: false }))) !== 'file')
    return undefined;
  const descriptor = unlessAbsent(() => openNoFollow(system, path, fs.constants.O_RDONLY));
  if (descriptor === undefined) return undefined;
  try {
    return fs.fstatSync(descriptor).size > MAX_BYTES ? undefined : fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function overwrite(system: System, path: string, edit: (text: string) => string): void {
  const { fs } = system;
  const descriptor = openNoFollow(system, path, fs.constants.O_RDWR);
  try {
    const before = fs.readFileSync(descriptor);
    const after = Buffer.from(edit(before.toString('latin1')), 'latin1');
    const first = before.findIndex((byte, at) => byte !== after[at]);
    const end = before.findLastIndex((byte, at) => byte !== after[at]) + 1;
    if (first === -1) return;
    fs.writeSync(descriptor, after, first, end - first, first);
    const second = Math.floor(systemClock.now() / 1000);
    fs.futimesSync(descriptor, second, second);
  } finally {
    fs.closeSync(descriptor);
  }
}

function remove(system: System, path: string, recursive: boolean): void {
  retryWhileInUse(system, () => system.fs.rmSync(path, { force: true, recursive }));
}

function removeTree(system: System, path: string): void {
  const { fs } = system;
  try {
    remove(system, path, true);
  } catch {
    // Node stops at the first entry that it cannot remove.
    if (kindFrom(fs.lstatSync(path, { throwIfNoEntry: false })) === 'directory') {
      allowOwner(system, path);
      for (const name of fs.readdirSync(path))
        try {
          removeTree(system, join(path, name));
        } catch {
          // Reported for the directory.
        }
    }
    remove(system, path, true);
  }
}

function allowOwner({ fs }: System, path: string): void {
  try {
    fs.chmodSync(path, OWNER_DIRECTORY);
  } catch {
    // The next call on this path reports the cause.
  }
}

function replace(system: System, path: string, content: Uint8Array, scratch: string, state?: string): void {
  const { fs } = system;
  const stats = fs.lstatSync(path, { throwIfNoEntry: false });
  remove(system, scratch, false);
  try {
    writeNew(system, scratch, content, stats?.isFile() ? stats.mode & 0o777 : OWNER_FILE);
    const second = Math.floor(systemClock.now() / 1000);
    fs.utimesSync(scratch, second, second);
    if (state !== undefined && stateOf(system, path).id !== state)
      throw new Contention(`${path} has been changed`);
    retryWhileInUse(system, () => fs.renameSync(scratch, path));
  } catch (error) {
    remove(system, scratch, false); // incomplete if the disk is full
    throw error;
  }
}

function writeNew(system: System, path: string, content: Uint8Array | string, mode: number): void {
  const { fs, platform } = system;
  const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants;
  const descriptor = openNoFollow(system, path, O_WRONLY | O_CREAT | O_EXCL, mode);
  try {
    // The umask may have cleared bits. On Windows a mode means nothing but "read-only".
    if (platform !== 'win32') fs.fchmodSync(descriptor, mode);
    fs.writeFileSync(descriptor, content);
  } finally {
    fs.closeSync(descriptor);
  }
}
