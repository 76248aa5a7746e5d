// Tests of what only some systems have, by its name: where it is missing they are skipped, and Jest says so.
import { lstatSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from '@jest/globals';

const isWindows = process.platform === 'win32';

/** Node makes modes up on Windows, and a umask does nothing there. */
export const itWithModes = isWindows ? it.skip : it;
export const describeWithModes = isWindows ? describe.skip : describe;

/** Windows lets users create links if they are administrators or in developer mode. */
const hasLinks = !isWindows || canLink();
export const itWithLinks = hasLinks ? it : it.skip;
export const describeWithLinks = hasLinks ? describe : describe.skip;

function canLink(): boolean {
  const directory = mkdtempSync(path.join(tmpdir(), 'link-'));
  try {
    const link = path.join(directory, 'link');
    symlinkSync(directory, link);
    return lstatSync(link).isSymbolicLink();
  } catch {
    return false;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Windows can end a process, not halt it; there is no such thing as a process that has ended and is still there. */
export const itWithSignals = isWindows ? it.skip : it;

/** On Windows, two variables whose names differ only in case are one: Terraform's targets export others there. */
export const describeWithVariableCase = isWindows ? describe.skip : describe;

/** GitHub runs Docker actions on Linux only. */
export const describeWithDocker = process.platform === 'linux' ? describe : describe.skip;
export const itWithDocker = process.platform === 'linux' ? it : it.skip;

/** Windows refuses `:`, `"`, `|`, `?` and others in names, and the names of devices. */
export const itWithAnyName = isWindows ? it.skip : it;

/** Windows leaves a file that a process has open where it is, and the directories above. */
export const itWithMovableFiles = isWindows ? it.skip : it;

/** What the kernel tells of a process: neither macOS nor Windows shows its state or environment in files. */
export const itWithProcfs = process.platform === 'linux' ? it : it.skip;
export const describeWithProcfs = process.platform === 'linux' ? describe : describe.skip;

/** The full path on this system that a full path of POSIX stands for: with a drive on Windows. Not normalized. */
export const fullPath = (posix: string) => posix.replace(/^\//, () => path.resolve('/'));

/** Commands as they are pasted into a shell on Linux or macOS. */
export const itWithShell = isWindows ? it.skip : it;
export const describeWithShell = isWindows ? describe.skip : describe;

/** `script` of util-linux, by which a test types into a terminal. That of macOS does not read a pipe. */
export const itWithTerminal = process.platform === 'linux' ? it : it.skip;
export const describeWithTerminal = process.platform === 'linux' ? describe : describe.skip;

/** Files of other users: only root can create them. */
export const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;
