import { expect } from '@jest/globals';
import { type Journey, startJourney } from '../e2e/journey.ts';
import type { Ended } from './step.ts';

type Options = Parameters<typeof startJourney>[0];

export async function loggedIn(inputs: Record<string, string> = {}, options?: Options): Promise<Journey> {
  const journey = await startJourney(options);
  expect((await journey.main(inputs)).exitCode).toBe(0);
  return journey;
}

/** The standard output of a program that must have succeeded. */
export function stdoutOf({ exitCode, stdout, stderr }: Ended): string {
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

/** The output of a program that must have failed by itself: it was not killed. */
export function failureOf({ exitCode, stdout, stderr }: Ended): string {
  expect(exitCode).toBeGreaterThan(0);
  return stdout + stderr;
}

/** Status of each request to the OCI API. */
export const statuses = ({ emulator }: Journey) =>
  emulator.journal.filter(({ service }) => service === 'oci').map(({ status }) => status);
