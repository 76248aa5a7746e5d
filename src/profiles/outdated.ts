// Removes outdated entries of a profile before a login writes it.
import { ActionError } from '../errors/action-error.ts';
import type { InstallDeps } from './install.ts';
import { findEntry, type Ledger, type LedgerEntry } from './ledger.ts';
import { removeEntry } from './remove.ts';
import { INI, isSameDirectory, isSameSection, nameOf, type SectionTarget } from './section-target.ts';

/**
 * Removes the entries of jobs that have ended, and the entry of an earlier attempt of this login.
 * @throws ActionError PROFILE_IN_USE when another job still uses the profile
 */
export function removeOutdatedEntries(
  deps: InstallDeps,
  ledger: Ledger,
  target: SectionTarget,
  format = INI,
): Ledger {
  const { loginId, jobId } = deps.owner;
  const isOwnAttempt = (one: LedgerEntry) => one.loginId === loginId && isSameSection(one, target);
  const others = assertUnused({ ...deps, jobId, now: deps.disk.clock.now() }, ledger, target);
  const outdated = ledger.entries.filter((one) => isOwnAttempt(one) || others.includes(one));
  // The last entry first: then each of them is at the top of its stack.
  return outdated.toReversed().reduce((left, one) => {
    const entry = findEntry(left, one.loginId, one);
    return entry === undefined ? left : removeEntry(deps.disk.files, left, entry, format);
  }, ledger);
}

type UseDeps = Pick<InstallDeps, 'runnerProcesses' | 'warn'> & { jobId: string; now: number };

/**
 * Warns when nobody can tell whether another job still uses the profile.
 * @returns the entries of other jobs
 * @throws ActionError PROFILE_IN_USE when one of them still uses it, or perhaps does: see `RunnerProcesses`
 */
export function assertUnused(deps: UseDeps, ledger: Ledger, target: SectionTarget): LedgerEntry[] {
  const others = ledger.entries.filter(
    (one) => one.jobId !== deps.jobId && (isSameSection(one, target) || isSameDirectory(one, target)),
  );
  for (const entry of others) assertEnded(deps, entry);
  return others;
}

function assertEnded({ now, runnerProcesses, warn }: UseDeps, entry: LedgerEntry): void {
  const { expiresAt, runnerProcess } = entry;
  if (expiresAt !== null && expiresAt <= now) return;
  const state = runnerProcesses.stateOf(runnerProcess);
  if (state === 'gone') return;
  const isRefused = state === 'alive' || (runnerProcesses.latestEnd !== undefined && expiresAt !== null);
  const name = nameOf(entry);
  const profile = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (isRefused) {
    const end = expiresAt === null ? 'when that job ends' : `at ${new Date(expiresAt).toISOString()}`;
    const whose = state === 'alive' ? 'a job that is still running' : 'another job';
    throw new ActionError('PROFILE_IN_USE', `${profile} belongs to ${whose}.`, {
      evidence: `Its session ends ${end}.`,
    });
  }
  warn(
    `${profile} belongs to another job, which may still be running on another machine or in another container. This login replaces it.`,
  );
}
