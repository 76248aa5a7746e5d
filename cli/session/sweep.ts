// Removes the sessions of processes that were killed: SIGKILL leaves no time for a clean-up.
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { removeCachedRole } from '../../src/aws/cli-cache.ts';
import { tryEach } from '../../src/errors/try-each.ts';
import type { Clock, Files } from '../../src/ports.ts';
import { isPrivateDirectory, readSavedState, readSavedStates, unsafeReason } from './directory.ts';
import { OWNER, readOwner, stateOfOwner } from './owner.ts';

const NAME = /^oci-wif-action-[0-9a-f]{16}$/;

/** No token and no role session is valid for longer. @see src/inputs/schema.ts */
export const LONGEST_SESSION_MS = 12 * 3_600_000;
/** As `timeout-seconds`. */
const LONGEST_LOGIN_MS = 3_600_000;

export interface Sweep {
  /** Directories that are gone. */
  removed: string[];
  /** A sentence for each directory that could not be removed. */
  failed: string[];
}

/**
 * Removes each session of this user whose owner has ended, or has no token any more and cannot be identified. Leaves
 * links, directories of other users, and sessions without an owner. Never throws.
 * @param sessions the directory of the sessions
 */
export function sweepSessions({ files, clock }: { files: Files; clock: Clock }, sessions: string): Sweep {
  const sweep: Sweep = { removed: [], failed: [] };
  for (const directory of directoriesIn(files, sessions)) {
    try {
      if (!isAbandoned(files, directory, clock.now())) continue;
      if (files.kind(directory) === 'absent') continue; // its owner removed it and has just ended
      removeSession(files, directory);
      sweep.removed.push(directory);
    } catch (error) {
      // Another process may be removing it at the same time.
      if (lstatSync(directory, { throwIfNoEntry: false }))
        sweep.failed.push(
          `Could not remove ${directory}, the session of a process that was killed. ${error}`,
        );
    }
  }
  return sweep;
}

/**
 * Removes the directory of a session that has nothing outside it but the role session in the cache of the AWS CLI.
 * @throws ActionError FILES_NOT_WRITABLE when something stayed, after everything was tried
 */
export function removeSession(files: Files, directory: string): void {
  const cached = readSavedState(files, directory)?.cachedRole;
  // The file of the owner goes last: a removal that is killed can be repeated.
  const names = files.list(directory).filter((name) => name !== OWNER);
  tryEach([
    () => cached && removeCachedRole(files, cached.cache, cached.assumedRoleArn),
    ...names.map((name) => () => files.removeTree(path.join(directory, name))),
  ]);
  if (files.kind(directory) !== 'absent') files.removeTree(directory);
}

/** The directories of sessions of this user. */
export function directoriesIn(files: Files, sessions: string): string[] {
  try {
    const names = files.list(sessions).filter((name) => NAME.test(name));
    const directories = names.map((name) => path.join(sessions, name));
    return directories.filter((one) => isPrivateDirectory(one) && unsafeReason(files, one) === undefined);
  } catch {
    return []; // then the login fails, too, and says why
  }
}

function isAbandoned(files: Files, directory: string, now: number): boolean {
  const owner = readOwner(files, directory);
  const isOlderThan = (ageMs: number) => now - lastWrite(directory) > ageMs;
  // A login that was killed before it changed anything. With a state, it is a session of `oci-wif login`.
  if (owner === undefined)
    return readSavedStates(files, directory).length === 0 && isOlderThan(LONGEST_LOGIN_MS);
  const state = stateOfOwner(owner);
  return state === 'gone' || (state === 'unknown' && isOlderThan(LONGEST_SESSION_MS));
}

/** When a file in the directory last changed: a renewal writes a new token. Does not follow links, such as those to Docker's settings. */
export function lastWrite(entry: string): number {
  const stats = lstatSync(entry, { throwIfNoEntry: false });
  const names = stats?.isDirectory() ? readdirSync(entry) : [];
  return Math.max(stats?.mtimeMs ?? 0, ...names.map((name) => lastWrite(path.join(entry, name))));
}
