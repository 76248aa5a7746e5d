// The machine below the file rooms: Node's file system, whose it is, and how its refusals are read.
// Injected, so that what Windows and macOS do differently is tried anywhere. Knows no path of ours.
import fs from 'node:fs';
import { ActionError, type ErrorCode } from '../errors/action-error.ts';

export interface System {
  platform: NodeJS.Platform;
  fs: typeof fs;
  /** Undefined where users have no numbers (Windows). */
  uid: number | undefined;
}

export const thisSystem: System = { platform: process.platform, fs, uid: process.getuid?.() };

const FIRST_PAUSE_MS = 10;
const PAUSES = 7; // 10 ms, doubled each time: 1.3 s in all
/** What Windows answers while another process has the file open: a reader, an indexer, a virus scanner. */
const IN_USE = ['EPERM', 'EACCES', 'EBUSY', 'ENOTEMPTY'];

/**
 * Runs a step that Windows refuses as long as somebody else has the file open, and for a moment after that: there it
 * is tried again. POSIX systems let go of a name at once; what they refuse, they would refuse again.
 */
export function patiently<T>({ platform }: System, action: () => T): T {
  for (let pause = 0; ; pause += 1) {
    try {
      return action();
    } catch (error) {
      if (platform !== 'win32' || pause === PAUSES || !IN_USE.includes(codeOf(error) ?? '')) throw error;
      // Blocks on purpose: these are synchronous steps, some of them under a lock.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FIRST_PAUSE_MS * 2 ** pause);
    }
  }
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Runs one file operation and turns the system's refusal into PATH_UNSAFE or FILES_NOT_WRITABLE. */
export function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (error instanceof ActionError || code === undefined) throw error;
    const unsafe: ErrorCode = code === 'ELOOP' || code === 'EEXIST' ? 'PATH_UNSAFE' : 'FILES_NOT_WRITABLE';
    throw new ActionError(unsafe, `${path}: ${syscall ?? 'access'} failed (${code}).`);
  }
}
