// A client that lives longer than its session, in a job that keeps the session fresh. Must not know which client.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { type Journey, startJourney } from '../e2e/journey.ts';
import { until } from '../e2e/refresher.ts';
import { good, statuses } from './login.ts';
import type { Ended } from './step.ts';

interface KeptFresh {
  /** Status of each call as the program saw it. */
  seen: number[];
  /** Status of each call as the API answered it. */
  answered: number[];
}

type World = NonNullable<NonNullable<Parameters<typeof startJourney>[0]>['world']>;
type Start = (journey: Journey, file: string) => Promise<Ended>;

/** Sessions of five seconds, of which a program sees three. */
export const SHORT = { upstLifetimeSeconds: 5, githubJwtLifetimeSeconds: 60 };
const LASTS_MS = 11_000;
const SESSIONS = 3;

/** The program calls in a loop until its file is there. */
export async function keptFresh(
  world: World,
  inputs: Record<string, string>,
  start: Start,
): Promise<KeptFresh> {
  const journey = await startJourney({ world });
  const main = await journey.main({ ...inputs, refresh: 'true' });
  expect(main.exitCode).toBe(0);
  const file = path.join(journey.job.workspace, 'enough');
  let hasEnded = false;
  const running = start(journey, file).finally(() => {
    hasEnded = true;
  });
  await until(() => hasEnded || statuses(journey).length > 0);
  await setTimeout(LASTS_MS);
  writeFileSync(file, '');
  const seen = good(await running)
    .trimEnd()
    .split('\n')
    .map(Number);
  // One may be under way at this moment, without an answer yet.
  const logins = journey.emulator.journal.filter(({ service, status }) => service === 'domain' && status > 0);
  expect(new Set(logins.map(({ status }) => status))).toEqual(new Set([200]));
  expect(logins.length).toBeGreaterThanOrEqual(SESSIONS);
  expect((await journey.post(main)).exitCode).toBe(0);
  return { seen, answered: statuses(journey) };
}
