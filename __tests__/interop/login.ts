// What the suites share: a job that has logged in, and clouds that only this job's later steps talk to.
import { expect } from '@jest/globals';
import { type Journey, startJourney } from '../e2e/journey.ts';
import type { Ended } from './step.ts';

type Options = Parameters<typeof startJourney>[0];

export async function loggedIn(inputs: Record<string, string> = {}, options?: Options): Promise<Journey> {
  const journey = await startJourney(options);
  expect((await journey.main(inputs)).exitCode).toBe(0);
  return journey;
}

/** Its standard output, if it ended well. */
export function good({ exitCode, stdout, stderr }: Ended): string {
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

/** All that a client said which did not end well: with a status of its own, and not because it was killed. */
export function refused({ exitCode, stdout, stderr }: Ended): string {
  expect(exitCode).toBeGreaterThan(0);
  return stdout + stderr;
}

/** Status of each call that has arrived at the OCI API. */
export const statuses = ({ emulator }: Journey) =>
  emulator.journal.filter(({ service }) => service === 'oci').map(({ status }) => status);
