// Reads and writes single files. Never follows a link.
import { BUSY_MS, type FileState } from '../ports.ts';
import { retryWhileInUse, type System, systemClock } from './system.ts';

const OWNER_FILE = 0o600;
export const OWNER_WRITE = 0o200;
/** Our replacements have a modification time of a whole second, which marks the file as ours. Other programs do not. */
const SECOND_NS = 1_000_000_000n;

/** Inode, size and times: every write by another program changes one of them. */
export function stateOf({ fs, platform }: System, path: string): FileState {
  const stats = fs.lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (stats === undefined) return { id: 'absent', ageMs: Infinity, quietMs: Infinity, openMode: undefined };
  const { ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats;
  const mode = Number(stats.mode) & 0o7777;
  const isOpen = platform !== 'win32' && (mode & 0o077) !== 0;
  const now = systemClock.now();
  const ageMs = isForeign(stats) ? now - Number(mtimeMs) : Infinity;
  const id = [ino, size, mtimeNs, ctimeNs].join(':');
  return { id, ageMs, quietMs: now - Number(ctimeMs), openMode: isOpen ? mode : undefined };
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

/** Opens a file, never a link, and closes it after `work`. */
export function withDescriptor<T>(
  system: System,
  path: string,
  flags: number,
  work: (descriptor: number) => T,
  mode?: number,
): T {
  const descriptor = openNoFollow(system, path, flags, mode);
  try {
    return work(descriptor);
  } finally {
    system.fs.closeSync(descriptor);
  }
}

export function read(system: System, path: string): Uint8Array {
  const { fs } = system;
  return withDescriptor(system, path, fs.constants.O_RDONLY, (descriptor) => fs.readFileSync(descriptor));
}

/** On Windows, a mode means nothing but "read-only". */
export function setMode(system: System, path: string, mode: number): void {
  const { fs } = system;
  if ((fs.lstatSync(path).mode & 0o7777) === mode) return;
  withDescriptor(system, path, fs.constants.O_RDONLY, (descriptor) => fs.fchmodSync(descriptor, mode));
}

export function remove(system: System, path: string, recursive = false): void {
  retryWhileInUse(system, () => system.fs.rmSync(path, { force: true, recursive }));
}

export function writeNew(
  system: System,
  path: string,
  content: Uint8Array | string,
  mode = OWNER_FILE,
): void {
  const { fs, platform } = system;
  const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants;
  const write = (descriptor: number) => {
    // The umask may have cleared bits. On Windows a mode means nothing but "read-only".
    const isSet = platform === 'win32' || (fs.fstatSync(descriptor).mode & 0o777) === mode;
    if (!isSet) fs.fchmodSync(descriptor, mode);
    fs.writeFileSync(descriptor, content);
  };
  withDescriptor(system, path, O_WRONLY | O_CREAT | O_EXCL, write, mode);
}

/** Replaces the content of an existing file in place. The file is never empty. */
export function overwrite(system: System, path: string, content: Uint8Array): void {
  const { fs } = system;
  const time = ourTime(system, path);
  withDescriptor(system, path, fs.constants.O_WRONLY, (descriptor) => {
    fs.writeFileSync(descriptor, content);
    fs.ftruncateSync(descriptor, content.length);
    try {
      fs.futimesSync(descriptor, time, time);
    } catch {
      // Only the owner can set the time. Without it, later logins treat the file as written by another program.
    }
  });
}

/** See `Files.replace`. @param beforeRename runs when the new file is complete */
export function replace(
  system: System,
  path: string,
  content: Uint8Array,
  scratch: string,
  mode = OWNER_FILE,
  beforeRename = () => {},
): void {
  const { fs } = system;
  remove(system, scratch, true); // even a directory: only this action uses this name
  try {
    writeNew(system, scratch, content, mode);
    const time = ourTime(system, path);
    fs.utimesSync(scratch, time, time);
    beforeRename();
    retryWhileInUse(system, () => fs.renameSync(scratch, path));
  } catch (error) {
    remove(system, scratch, true); // incomplete if the disk is full
    throw error;
  }
}

/**
 * The modification time to set on a file that we write, in seconds since the epoch. If another program wrote the file within
 * BUSY_MS, its time stays, so that the next login notices the program too. Otherwise, a time that marks the file as ours.
 */
export function ourTime(system: System, path: string): number {
  const stats = system.fs.lstatSync(path, { throwIfNoEntry: false, bigint: true });
  const isBusy = stats && isForeign(stats) && systemClock.now() - Number(stats.mtimeMs) < BUSY_MS;
  return isBusy ? Number(stats.mtimeNs) / Number(SECOND_NS) : Math.floor(systemClock.now() / 1000);
}

const isForeign = ({ mtimeNs }: { mtimeNs: bigint }) => mtimeNs % SECOND_NS !== 0n;
