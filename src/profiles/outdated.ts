// What a login does about the entries of other jobs for the profile that it is about to write.
import { ActionError } from '../errors/action-error.ts';
import type { InstallDeps } from './install.ts';
import { findEntry, type Ledger, type LedgerEntry } from './ledger.ts';
import { removeEntry } from './remove.ts';
import { isSameDirectory, isSameSection, type SectionTarget } from './section-target.ts';

/**
 * Removes the entries of jobs that have ended, and an earlier attempt of this very login.
 * @throws ActionError PROFILE_IN_USE when another job still uses the profile
 */
export function removeOutdatedEntries(deps: InstallDeps, ledger: Ledger, target: SectionTarget): Ledger {
  const { disk, owner } = deps;
  const isOwnAttempt = (entry: LedgerEntry) =>
    entry.loginId === owner.loginId && isSameSection(entry, target);
  const isOtherJob = (entry: LedgerEntry) =>
    entry.jobId !== owner.jobId && (isSameSection(entry, target) || isSameDirectory(entry, target));
  const { entries } = ledger;
  for (const entry of entries.filter(isOtherJob)) assertUnused(deps, entry);
  // The last entry first: then each of them is at the top of its stack.
  let left = ledger;
  for (const { loginId, ...outdated } of entries
    .toReversed()
    .filter((one) => isOwnAttempt(one) || isOtherJob(one))) {
    const entry = findEntry(left, loginId, outdated);
    if (entry !== undefined) left = removeEntry(disk.files, left, entry);
  }
  return left;
}

function assertUnused({ disk, runnerProcesses, warn }: InstallDeps, entry: LedgerEntry): void {
  const { file, section, expiresAt, runnerProcess } = entry;
  if (expiresAt !== null && expiresAt <= disk.clock.now()) return;
  const state = runnerProcesses.stateOf(runnerProcess);
  if (state === 'gone') return;
  const profile = `Profile [${section}] in ${file}`;
  const end = expiresAt === null ? 'when that job ends' : `at ${new Date(expiresAt).toISOString()}`;
  if (state === 'alive')
    throw new ActionError(
      'PROFILE_IN_USE',
      `${profile} belongs to a job that is still running. Its session ends ${end}.`,
    );
  warn(
    `${profile} belongs to another job, which may still be running on another machine or in another container. This login replaces it.`,
  );
}
