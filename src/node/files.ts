// Files on disk. No operation that changes something follows a link, and new files are for their owner only. Synchronous: a dozen small calls
// take less time than the thread pool would need, which generates the key meanwhile.
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileKind, Files } from '../ports.ts';
import { canonicalPath } from './canonical-path.ts';
import {
  OWNER_WRITE,
  ourTime,
  remove,
  replace,
  setMode,
  stateOf,
  withDescriptor,
  writeNew,
} from './file-content.ts';
import { rewrite, undoRewrite } from './rewrite.ts';
import { codeOf, retryWhileInUse, type System, thisSystem, withFileErrors } from './system.ts';
import { unsafeReason } from './unsafe-path.ts';

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
    unsafeReason: (paths) => unsafeReason(system, paths),
    read: (path) => withFileErrors(path, () => retryWhileInUse(system, () => read(system, path))),
    realPath: (path) => withFileErrors(path, () => unlessAbsent(() => fs.realpathSync.native(path))),
    allowOwner: (path) => allowOwner(system, path),
    overwrite: (path, edit) => withFileErrors(path, () => overwriteParts(system, path, edit)),
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
    create: (path, content) => withFileErrors(path, () => writeNew(system, path, content)),
    replace: (path, content, scratch) => withFileErrors(path, () => replace(system, path, content, scratch)),
    rewrite: (path, content, state, plan) =>
      withFileErrors(path, () => rewrite(system, path, content, state, plan)),
    undoRewrite: (path, journal) => withFileErrors(path, () => undoRewrite(system, path, journal)),
    setMode: (path, mode) => withFileErrors(path, () => setMode(system, path, mode)),
    rename: (from, to) => withFileErrors(from, () => retryWhileInUse(system, () => fs.renameSync(from, to))),
    remove: (path) => withFileErrors(path, () => remove(system, path)),
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

function read(system: System, path: string): Uint8Array | undefined {
  const { fs } = system;
  if (kindFrom(unlessAbsent(() => fs.lstatSync(path, { throwIfNoEntry: false }))) !== 'file')
    return undefined;
  return unlessAbsent(() =>
    withDescriptor(system, path, fs.constants.O_RDONLY, (descriptor) =>
      fs.fstatSync(descriptor).size > MAX_BYTES ? undefined : fs.readFileSync(descriptor),
    ),
  );
}

function overwriteParts(system: System, path: string, edit: (text: string) => string): void {
  const { fs } = system;
  const time = ourTime(system, path);
  const mode = fs.lstatSync(path).mode & 0o7777;
  setMode(system, path, mode | OWNER_WRITE); // a later step may have set 0400
  withDescriptor(system, path, fs.constants.O_RDWR, (descriptor) => {
    const before = fs.readFileSync(descriptor);
    const after = Buffer.from(edit(before.toString('latin1')), 'latin1');
    const first = before.findIndex((byte, at) => byte !== after[at]);
    const end = before.findLastIndex((byte, at) => byte !== after[at]) + 1;
    if (first === -1) return;
    fs.writeSync(descriptor, after, first, end - first, first);
    fs.futimesSync(descriptor, time, time);
  });
  setMode(system, path, mode);
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
    if (!fs.lstatSync(path).isSymbolicLink()) fs.chmodSync(path, OWNER_DIRECTORY);
  } catch {
    // The next call on this path reports the cause.
  }
}
