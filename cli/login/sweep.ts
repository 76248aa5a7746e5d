// Removes logins that nobody has logged out: those of killed processes, and those whose session has expired.
import path from 'node:path';
import { parseIdToken } from '../../src/oci/id-token.ts';
import type { Files } from '../../src/ports.ts';
import { readSecret } from '../../src/profiles/session-files.ts';
import type { CommandContext } from '../command.ts';
import { readSavedStates } from '../session/directory.ts';
import { readOwner, stateOfOwner } from '../session/owner.ts';
import type { SessionMachine } from '../session/session.ts';
import { LONGEST_SESSION_MS, lastWrite } from '../session/sweep.ts';
import { entriesOf } from './find-logins.ts';
import { sessionDirectories } from './places.ts';
import { isRenewed, type UndoDeps, undoLogins } from './undo.ts';

/** The name of the file that shows which process is writing a login. */
export const startingFile = (loginId: string) => `starting-${loginId}.json`;

/** Removes the logins that are not needed any more, and reports what cannot be removed. Never throws. */
export async function sweepLogins(
  context: Pick<CommandContext, 'env' | 'terminal' | 'clock'>,
  machine: SessionMachine,
  background: UndoDeps['background'],
): Promise<void> {
  const { terminal, clock } = context;
  const directories = sessionDirectories(context, machine);
  const moment = { now: clock.now(), background };
  const outdated = directories.flatMap((directory) => outdatedIn(machine, directory, moment));
  const { removed, failed } = await undoLogins({ context, machine, background }, outdated);
  if (removed.length > 0) terminal.progress(`Removed what earlier logins have left: ${removed.join(' ')}`);
  for (const sentence of failed) terminal.warn(sentence);
}

interface Moment {
  now: number;
  background: UndoDeps['background'];
}

function outdatedIn(
  machine: SessionMachine,
  directory: string,
  { now, background }: Moment,
): { directory: string; loginId: string }[] {
  const { files } = machine.disk;
  if (readOwner(files, directory) !== undefined) return []; // of `exec`
  const states = readSavedStates(files, directory);
  const processes = states.map((state) => stateOfStart(files, directory, state.loginId, now));
  const killed = states.filter((_, index) => processes[index] === 'gone');
  const isStarting = processes.includes('alive');
  // Logins of one directory share its files, so they end together.
  const isOver =
    !isStarting &&
    !isRenewed(machine, background, directory) &&
    states.every((state) => expiryOf(files, directory, state) <= now);
  return (isOver ? states : killed).map(({ loginId }) => ({ directory, loginId }));
}

/** Whether the process that was writing a login has ended too early. `none`: it has completed the login. */
function stateOfStart(files: Files, directory: string, loginId: string, now: number) {
  const owner = readOwner(files, directory, startingFile(loginId));
  if (owner === undefined) return 'none';
  const state = stateOfOwner(owner);
  if (state !== 'unknown') return state;
  return now - lastWrite(directory) > LONGEST_SESSION_MS ? 'gone' : 'alive';
}

/** When the last token of a login expires; 0 if it has none. */
function expiryOf(
  files: Files,
  directory: string,
  { installed, loginId }: ReturnType<typeof readSavedStates>[number],
): number {
  const ends = installed.flatMap(({ file }) =>
    entriesOf(files, file).flatMap((entry) => (entry.loginId === loginId ? (entry.expiresAt ?? []) : [])),
  );
  const webIdentity = readSecret(files, path.join(directory, 'aws-web-identity-token'));
  return Math.max(0, ...ends, (webIdentity && parseIdToken(webIdentity)?.expiresAt) ?? 0);
}
