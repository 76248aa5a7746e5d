// Removes logins without a logout: those of killed processes, and those whose session has expired.
import path from 'node:path';
import type { SavedState } from '../../src/login/saved-state.ts';
import { parseIdToken } from '../../src/oci/id-token.ts';
import type { Files } from '../../src/ports.ts';
import type { LedgerEntry } from '../../src/profiles/ledger.ts';
import { readSecret } from '../../src/profiles/session-files.ts';
import { readSavedStates, startedLogins, startingFile } from '../session/directory.ts';
import { readOwner, stateOfOwner } from '../session/owner.ts';
import type { ClosedSession, SessionMachine } from '../session/session.ts';
import { LONGEST_SESSION_MS, lastWrite } from '../session/sweep.ts';
import { entriesOf } from './find-logins.ts';
import { sessionDirectories } from './places.ts';
import { isRenewed, type UndoDeps, undoLogins } from './undo.ts';

interface SweepOptions {
  background: UndoDeps['background'];
  /** In this directory, only the logins of killed processes are removed: a new login renews the others. */
  kept?: string | undefined;
}

/** Removes these logins, and reports what cannot be removed. Never throws. */
export async function sweepLogins(
  context: UndoDeps['context'],
  machine: SessionMachine,
  { background, kept }: SweepOptions,
): Promise<void> {
  const { terminal, clock } = context;
  const directories = sessionDirectories(context, machine);
  const outdated = directories.flatMap((directory) => {
    try {
      return outdatedIn(machine, directory, { now: clock.now(), background, kept });
    } catch {
      return []; // another process is removing it
    }
  });
  const { removed, failed } = await undoLogins({ context, machine, background }, outdated);
  if (removed.length > 0) terminal.progress(`An earlier login was not logged out. ${removed.join(' ')}`);
  for (const sentence of failed) terminal.warn(sentence);
}

function outdatedIn(
  machine: SessionMachine,
  directory: string,
  { now, background, kept }: SweepOptions & { now: number },
): ClosedSession[] {
  const { files } = machine.disk;
  if (readOwner(files, directory) !== undefined) return []; // of `exec`
  const started = startedLogins(files, directory);
  const isOld = now - lastWrite(directory) > LONGEST_SESSION_MS;
  const starts = started.map((loginId) => {
    const owner = readOwner(files, directory, startingFile(loginId));
    const state = owner === undefined ? 'gone' : stateOfOwner(owner);
    return { loginId, directory, isRunning: state === 'alive' || (state === 'unknown' && !isOld) };
  });
  const killed = starts.filter(({ isRunning }) => !isRunning);
  const states = readSavedStates(files, directory);
  const isBusy =
    directory === kept || killed.length < starts.length || isRenewed(machine, background, directory);
  const isOver = states.length > 0 ? states.every((one) => expiryOf(files, directory, one) <= now) : isOld;
  // Logins of one directory share its files, so they end together.
  if (isBusy || !isOver) return killed;
  const ids = new Set([...started, ...states.map(({ loginId }) => loginId), loginIdOf(directory)]);
  return [...ids].map((loginId) => ({ loginId, directory }));
}

/** The ID of the login that created the directory: see `temporaryName`. */
const loginIdOf = (directory: string) => directory.slice(directory.lastIndexOf('-') + 1);

/** When the last token of a login expires; 0 if it has none. */
function expiryOf(files: Files, directory: string, { installed, loginId }: SavedState): number {
  const webIdentity = readSecret(files, path.join(directory, 'aws-web-identity-token'));
  // A section that only names a file or a program does not expire.
  const hasEnd = (entry: LedgerEntry) =>
    entry.directory !== null ||
    (entry.member === undefined ? webIdentity === undefined : entry.member === 'auths');
  const entries = installed.flatMap(({ file }) => entriesOf(files, file));
  const ends = entries.flatMap((one) =>
    one.loginId === loginId && hasEnd(one) ? (one.expiresAt ?? []) : [],
  );
  return Math.max(0, ...ends, (webIdentity && parseIdToken(webIdentity)?.expiresAt) ?? 0);
}
