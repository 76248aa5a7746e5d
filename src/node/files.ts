// Node's file system, hardened: nothing is followed through a link, everything new is for the owner alone.
// Synchronous on purpose: a dozen small calls, cheaper than a trip through the thread pool that is making the key.
//
// macOS does as Linux does, but takes names that differ in case alone for one. Windows has neither modes nor a way to
// open a file unless it is a link: see `openHere` and `writeNew`.
import type { Stats } from 'node:fs';
import { Contention } from '../errors/action-error.ts';
import type { FileKind, FileState, Files } from '../ports.ts';
import { systemClock } from './clock.ts';
import { whyUnsafe } from './directory-trust.ts';
import { codeOf, guarded, patiently, type System, thisSystem } from './system.ts';

const OWNER_FILE = 0o600;
const OWNER_DIRECTORY = 0o700;

export const nodeFiles: Files = createFiles(thisSystem);

export function createFiles(system: System): Files {
  const { fs } = system;
  const kindOf = (path: string) => kindBy(fs.lstatSync(path, { throwIfNoEntry: false }));
  return {
    kind: (path) => guarded(path, () => kindOf(path)),
    state: (path) => guarded(path, () => stateOf(system, path)),
    whyUnsafe: (directory) => guarded(directory, () => whyUnsafe(system, directory)),
    read: (path) =>
      guarded(path, () => {
        const descriptor = openHere(system, path, fs.constants.O_RDONLY);
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
    create: (path, content) => guarded(path, () => writeNew(system, path, content, OWNER_FILE)),
    replace: (path, content, scratch, state) =>
      guarded(path, () => {
        const mode = kindOf(path) === 'file' ? fs.statSync(path).mode & 0o777 : OWNER_FILE;
        replaceBy(system, { path, content, scratch, mode, state });
      }),
    rename: (from, to) => guarded(from, () => patiently(system, () => fs.renameSync(from, to))),
    remove: (path) => guarded(path, () => remove(system, path, false)),
    removeTree: (path) => guarded(path, () => remove(system, path, true)),
    removeIfEmpty: (directory) =>
      guarded(directory, () => {
        try {
          fs.rmdirSync(directory);
        } catch (error) {
          // In use by others, or gone already: both are fine. Only a refusal is not.
          if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) throw error;
        }
      }),
  };
}

function kindBy(stats: Stats | undefined): FileKind {
  if (stats === undefined) return 'absent';
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** By the whole second that `replace` gives its files they are told from what programs write in place. */
const SECOND_NS = 1_000_000_000n;

/** Inode, size and times: what a write of another program cannot leave as it was. */
function stateOf({ fs }: System, path: string): FileState {
  const stats = fs.lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (stats === undefined)
    return { id: 'absent', ageMs: Number.POSITIVE_INFINITY, quietMs: Number.POSITIVE_INFINITY };
  const { ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats;
  const now = systemClock.now();
  const ageMs = mtimeNs % SECOND_NS === 0n ? Number.POSITIVE_INFINITY : now - Number(mtimeMs);
  return { id: [ino, size, mtimeNs, ctimeNs].join(':'), ageMs, quietMs: now - Number(ctimeMs) };
}

/**
 * Opens what lies at a path itself, never what a link there leads to. Windows has no O_NOFOLLOW, so there it is looked
 * first; whoever could slip a link in between may write in a directory of our user, and needs no link to read ours.
 */
function openHere({ fs, platform }: System, path: string, flags: number, mode?: number): number {
  if (platform !== 'win32') return fs.openSync(path, flags | fs.constants.O_NOFOLLOW, mode);
  if (fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw Object.assign(new Error('a link'), { code: 'ELOOP', syscall: 'open' });
  return fs.openSync(path, flags, mode);
}

function remove(system: System, path: string, recursive: boolean): void {
  patiently(system, () => system.fs.rmSync(path, { force: true, recursive }));
}

interface Replacement {
  path: string;
  content: Uint8Array;
  scratch: string;
  mode: number;
  state: string | undefined;
}

function replaceBy(system: System, { path, content, scratch, mode, state }: Replacement): void {
  remove(system, scratch, false);
  try {
    writeNew(system, scratch, content, mode);
    const second = Math.floor(systemClock.now() / 1000);
    system.fs.utimesSync(scratch, second, second);
    if (state !== undefined && stateOf(system, path).id !== state)
      throw new Contention(`${path} has been changed`);
    patiently(system, () => system.fs.renameSync(scratch, path));
  } catch (error) {
    remove(system, scratch, false); // on a full disk, half of it
    throw error;
  }
}

function writeNew(system: System, path: string, content: Uint8Array | string, mode: number): void {
  const { fs, platform } = system;
  const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants;
  const descriptor = openHere(system, path, O_WRONLY | O_CREAT | O_EXCL, mode);
  try {
    // The umask may have taken bits that the replaced file had. On Windows a file takes the permissions of its
    // directory, and the bits of a mode mean nothing but "read-only".
    if (platform !== 'win32') fs.fchmodSync(descriptor, mode);
    fs.writeFileSync(descriptor, content);
  } finally {
    fs.closeSync(descriptor);
  }
}
