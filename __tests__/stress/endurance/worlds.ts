// The two worlds of a long job. Sources disagree whether a session lives an hour or as long as the token exchanged for it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator, JournalEntry, WireFault, WorldSettings } from '../../../emulator/server/start.ts';
import type { Journey } from '../../e2e/journey.ts';
import { startStep } from '../../e2e/later-steps.ts';
import type { StepReport } from '../../e2e/long-step.ts';

export interface LongJobWorld {
  /** Group of its figures. */
  name: string;
  settings: Partial<WorldSettings>;
  inputs: Readonly<Record<string, string>>;
  sessionMs: number;
  /** How long a service fails. */
  outageMs: number;
  /** How long nothing renews after the refresher was killed. */
  killedMs: number;
}

const INPUTS = {
  'export-for': 'cli, resource-principal',
  'aws-credential-source': 'web-identity',
  // The waits between attempts are not scaled: with the usual five attempts, a renewal would take an hour of the job.
  'retry-max-attempts': '2',
  'timeout-seconds': '10',
};

/** A job may take longer than six hours only on a self-hosted runner, where its request token lives as long. */
const requestTokenLifetimeSeconds = 12 * 3600;

/** A minute is an hour of the job: sessions of a minute, tokens of GitHub of five seconds. */
export const SESSIONS_OF_AN_HOUR: LongJobWorld = {
  name: 'endurance, sessions of an hour',
  settings: { lifetimeScale: 1 / 60, requestTokenLifetimeSeconds },
  inputs: { ...INPUTS, refresh: 'true' },
  sessionMs: 60_000,
  outageMs: 15_000,
  killedMs: 5000,
};

/**
 * Three minutes are an hour of the job: tokens of GitHub and sessions of 15 seconds. On a smaller scale, a session would
 * end while a busy machine still starts the process that renews it.
 */
export const SESSIONS_OF_FIVE_MINUTES: LongJobWorld = {
  name: 'endurance, sessions of five minutes',
  settings: { lifetimeScale: 1 / 20, upstEndsWithJwt: true, requestTokenLifetimeSeconds },
  inputs: { ...INPUTS, refresh: 'auto' },
  sessionMs: 15_000,
  outageMs: 3500,
  killedMs: 500,
};

const isTokenGiven = ({ service, path, status }: JournalEntry) =>
  service === 'github' && path === '/_services/token' && status === 200;

/**
 * Lets a service fail by one fault and then by the other, so that a renewal falls into it: renewals begin after 55 % of a
 * life. @returns how many requests failed
 */
export async function breakDown(
  { journal, faults }: Emulator,
  { sessionMs, outageMs }: LongJobWorld,
  service: 'domain' | 'github',
  kinds: readonly [WireFault, WireFault],
): Promise<number> {
  const known = journal.length;
  while (!journal.slice(known).some(isTokenGiven)) await sleep(50);
  await sleep(sessionMs / 2);
  const begin = journal.length;
  for (const fault of kinds) {
    faults.add({ service, fault });
    await sleep(outageMs / kinds.length);
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
