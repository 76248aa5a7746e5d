// Tests of what only some systems have, by its name: where it is missing they are skipped, and Jest says so.
import { describe, it } from '@jest/globals';

const isWindows = process.platform === 'win32';

/** Node makes modes up on Windows, and a umask does nothing there. */
export const itWithModes = isWindows ? it.skip : it;
export const describeWithModes = isWindows ? describe.skip : describe;

/** Windows can end a process, not halt it; there is no such thing as a process that has ended and is still there. */
export const itWithSignals = isWindows ? it.skip : it;

/** What the kernel tells of a process: neither macOS nor Windows shows its state or environment in files. */
export const itWithProcfs = process.platform === 'linux' ? it : it.skip;
export const describeWithProcfs = process.platform === 'linux' ? describe : describe.skip;

/** Commands as they are pasted into a shell on Linux or macOS. */
export const itWithShell = isWindows ? it.skip : it;
export const describeWithShell = isWindows ? describe.skip : describe;

/** Files of other users: only root can create them. */
export const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;
