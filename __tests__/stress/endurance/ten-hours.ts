// The job of ten hours by a clock that it takes for sixty times as fast: what happens in it, and when.
// Must not judge: it tells what it has seen.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator, JournalEntry, WireFault, WorldSettings } from '../../../emulator/server/start.ts';
import type { Journey } from '../../e2e/journey.ts';
import { startStep } from '../../e2e/later-steps.ts';
import type { StepReport } from '../../e2e/long-step.ts';

/** A minute here is an hour there. */
export const HOUR_MS = 60_000;

export const WORLD: Partial<WorldSettings> = {
  lifetimeScale: 1 / 60,
  // A job may be longer than six hours only where its runner is one's own; there its identity lives as long.
  requestTokenLifetimeSeconds: 12 * 3600,
};

/** The waits between tries are not sixty times as short: with the usual five, one attempt would take an hour. */
export const INPUTS = {
  refresh: 'true',
  'export-for': 'cli, resource-principal',
  'aws-credential-source': 'web-identity',
  'retry-max-attempts': '2',
  'timeout-seconds': '10',
};

const isTokenGiven = ({ service, path, status }: JournalEntry) =>
  service === 'github' && path === '/_services/token' && status === 200;
/** Renewals begin after 55 % of a life. */
const BEFORE_RENEWAL_MS = HOUR_MS / 2;
const OUTAGE_MS = HOUR_MS / 4;

/**
 * Lets a service fail for a quarter of an hour of the job, by one fault and then by the other, so that a renewal falls
 * into it. @returns how many requests it has struck
 */
export async function breakDown(
  { journal, faults }: Emulator,
  service: 'domain' | 'github',
  kinds: readonly [WireFault, WireFault],
): Promise<number> {
  const known = journal.length;
  while (!journal.slice(known).some(isTokenGiven)) await sleep(50);
  await sleep(BEFORE_RENEWAL_MS);
  const begin = journal.length;
  for (const fault of kinds) {
    faults.add({ service, fault });
    await sleep(OUTAGE_MS / kinds.length);
    faults.clear();
  }
  const struck = journal.slice(begin).filter((entry) => entry.service === service);
  return struck.filter(({ reason }) => reason?.startsWith('fault: ')).length;
}

/** Processes that live for one round of calls each, one after the other until the end. */
export function startFreshSteps(journey: Journey, everyMs: number) {
  const ending = new AbortController();
  const running = (async () => {
    const reports: StepReport[] = [];
    while (!ending.signal.aborted) {
      reports.push(await startStep(journey).end());
      await sleep(everyMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    return reports;
  })();
  running.catch(() => undefined);
  return {
    end(): Promise<StepReport[]> {
      ending.abort();
      return running;
    },
  };
}
