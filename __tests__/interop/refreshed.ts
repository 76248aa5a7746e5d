// A client that runs longer than its session, in a job with a refresher.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { type Journey, startJourney } from '../e2e/journey.ts';
import { until } from '../e2e/refresher.ts';
import { statuses, stdoutOf } from './login.ts';
import type { Ended } from './step.ts';

interface Statuses {
  /** Status of each request as the program saw it. */
  seen: number[];
  /** Status of each response of the API. */
  sent: number[];
}

type World = NonNullable<NonNullable<Parameters<typeof startJourney>[0]>['world']>;
type Start = (journey: Journey, file: string) => Promise<Ended>;

/** Sessions of five seconds: a program sees three of them. */
export const SHORT = { upstLifetimeSeconds: 5, githubJwtLifetimeSeconds: 60 };
const DURATION_MS = 11_000;
const SESSIONS = 3;

/** The program calls the API in a loop until the file exists. */
export async function runOverThreeSessions(
  world: World,
  inputs: Record<string, string>,
  start: Start,
): Promise<Statuses> {
  const journey = await startJourney({ world });
  const main = await journey.main({ ...inputs, refresh: 'true' });
  expect(main.exitCode).toBe(0);
  const file = path.join(journey.job.workspace, 'stop');
  let hasEnded = false;
  const running = start(journey, file).finally(() => {
    hasEnded = true;
  });
  await until(() => hasEnded || statuses(journey).length > 0);
  await setTimeout(DURATION_MS);
  writeFileSync(file, '');
  const seen = stdoutOf(await running)
    .trimEnd()
    .split('\n')
    .map(Number);
  // One request may still be without a response.
  const logins = journey.emulator.journal.filter(({ service, status }) => service === 'domain' && status > 0);
  expect(new Set(logins.map(({ status }) => status))).toEqual(new Set([200]));
  expect(logins.length).toBeGreaterThanOrEqual(SESSIONS);
  expect((await journey.post(main)).exitCode).toBe(0);
  return { seen, sent: statuses(journey) };
}
