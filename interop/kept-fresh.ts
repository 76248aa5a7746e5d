// A client that lives longer than its session, in a job that keeps the session fresh. Must not know which client.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { type Journey, startJourney } from '../__tests__/journeys/journey.ts';
import { until } from '../__tests__/journeys/refresher.ts';
import { good, statuses } from './login.ts';
import type { Ended } from './step.ts';

interface KeptFresh {
  /** Status of each call as the program saw it. */
  seen: number[];
  /** Status of each call as the API answered it. */
  answered: number[];
}

type World = NonNullable<NonNullable<Parameters<typeof startJourney>[0]>['world']>;

/** The program calls in a loop until its file is there: for as long as `lastsMs` from its first call on. */
export async function keptFresh(
  world: World,
  inputs: Record<string, string>,
  lastsMs: number,
  start: (journey: Journey, outputs: Record<string, string>, file: string) => Promise<Ended>,
): Promise<KeptFresh> {
  const journey = await startJourney({ world });
  const main = await journey.main({ ...inputs, refresh: 'true' });
  expect(main.exitCode).toBe(0);
  const file = path.join(journey.job.workspace, 'enough');
  const running = start(journey, main.outputs, file);
  await Promise.race([running, until(() => statuses(journey).length > 0)]);
  await setTimeout(lastsMs);
  writeFileSync(file, '');
  const seen = good(await running)
    .trimEnd()
    .split('\n')
    .map(Number);
  expect((await journey.post(main)).exitCode).toBe(0);
  return { seen: [...new Set(seen)], answered: [...new Set(statuses(journey))] };
}
