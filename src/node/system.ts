// The clock, the file system and its errors.
import fs from 'node:fs';
import { ActionError, Contention } from '../errors/action-error.ts';
import type { Clock } from '../ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/**
 * Follows the system clock forwards, also after the machine was suspended. Ignores a clock that is set back, because that
 * would delay a renewal.
 */
export function createForwardClock({ now, sleep }: Clock, elapsed = () => performance.now()): Clock {
  let offset = Number.NEGATIVE_INFINITY;
  return {
    now() {
      offset = Math.max(offset, now() - elapsed());
      return Math.round(elapsed() + offset);
    },
    sleep,
  };
}

/** Injected, so that tests can emulate other platforms. */
export interface System {
  platform: NodeJS.Platform;
  fs: typeof fs;
  /** User ID; undefined on Windows. */
  uid: number | undefined;
  /** RUNNER_TEMP; undefined outside a job. */
  temporary: string | undefined;
  /** GITHUB_WORKSPACE, the checkout; undefined outside a job. */
  workspace: string | undefined;
}

export const thisSystem: System = {
  platform: process.platform,
  fs,
  uid: process.getuid?.(),
  temporary: process.env['RUNNER_TEMP'] || undefined,
  workspace: process.env['GITHUB_WORKSPACE'] || undefined,
};

const FIRST_DELAY_MS = 10;
const RETRIES = 7; // each delay doubles: 1.3 s in all
/** Errors of Windows while another process has the file open, such as a reader, an indexer or a virus scanner. */
const IN_USE = ['EPERM', 'EACCES', 'EBUSY', 'ENOTEMPTY'];

/**
 * On Windows, retries while another process has the file open. On POSIX systems an open file is no obstacle.
 * @throws Contention when it stays open; missing rights are another error
 */
export function retryWhileInUse<T>({ platform, fs }: System, action: () => T): T {
  for (let retry = 0; ; retry += 1) {
    try {
      return action();
    } catch (error) {
      if (platform !== 'win32' || !IN_USE.includes(codeOf(error) ?? '')) throw error;
      const held = retry === RETRIES && heldPath(fs, error as NodeJS.ErrnoException & { dest?: string });
      if (held) throw new Contention(`${held} was open in another program`);
      if (retry === RETRIES) throw error;
      // Blocks, because these operations are synchronous and some run under a lock.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FIRST_DELAY_MS * 2 ** retry);
    }
  }
}

/** Flag of libuv for Windows: the file is opened only if no other process has it open. */
export const UV_FS_O_EXLOCK = 0x1000_0000;

/** The file of an error that another process has open. Windows reports EPERM for that and for missing rights. */
function heldPath(fs: System['fs'], { path, dest = path }: NodeJS.ErrnoException & { dest?: string }) {
  return dest !== undefined && isHeld(fs, dest) ? dest : undefined;
}

/** Whether another process has a file open. On Windows only. */
export function isHeld(fs: System['fs'], file: string): boolean {
  try {
    fs.closeSync(fs.openSync(file, fs.constants.O_RDWR | UV_FS_O_EXLOCK));
    return false;
  } catch (error) {
    return codeOf(error) === 'EBUSY';
  }
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Errors of `rename` for a mount point and, on overlayfs, for a directory of a lower layer. */
const CANNOT_MOVE = ['EXDEV', 'EBUSY'];

/** Runs one file operation. @throws ActionError PATH_UNSAFE or FILES_NOT_WRITABLE for an error of the system */
export function withFileErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (error instanceof ActionError || code === undefined) throw error;
    const isUnsafe = code === 'ELOOP' || code === 'EEXIST';
    const cause = CANNOT_MOVE.includes(code)
      ? ' It is a mount point, or a directory of a container image.'
      : '';
    throw new ActionError(
      isUnsafe ? 'PATH_UNSAFE' : 'FILES_NOT_WRITABLE',
      `${path} cannot be ${syscall === 'mkdir' ? 'created' : 'used'} (${code}).${cause}`,
      code === 'ENOSPC' ? { remedy: 'Free disk space.' } : {},
    );
  }
}
