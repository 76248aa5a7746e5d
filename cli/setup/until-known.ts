// Repeats a request that names a new object, because the service may not know the object everywhere yet.
import type { Clock } from '../../src/ports.ts';
import { CommandError } from '../failure.ts';

const LIMIT_MS = 120_000;
const MAX_WAIT_MS = 10_000;

/** Whether the service does not know an object that the request names. */
export function isReferenceError(error: unknown, name = ''): boolean {
  if (!(error instanceof CommandError)) return false;
  const { serviceCode = '', serviceText = '' } = error.details;
  if (!serviceText.includes(name)) return false;
  return (
    serviceCode.endsWith('invalidReferenceResource') ||
    // A role that trusts a new OIDC provider.
    (serviceCode === 'MalformedPolicyDocument' && /invalid principal/i.test(serviceText)) ||
    /does not exist under current compartment hierarchy/i.test(serviceText)
  );
}

const ATTEMPTS = 3;

/** Whether somebody else has changed the object since it was read. */
const isStale = (error: unknown) =>
  error instanceof CommandError && (error.details.status === 412 || error.details.status === 409);

/** Runs a change that reads its object first. If somebody else changes the object in between, tries again, up to three times. */
export async function whileStale(change: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await change();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isStale(error)) throw error;
    }
  }
}

/**
 * Repeats `attempt` for at most 120 s.
 * @param name that the text of the error must contain: an object of somebody else stays unknown
 * @throws the last error, and at once every other one
 */
export function untilKnown(clock: Clock, report: (line: string) => void) {
  return async <T>(attempt: () => Promise<T>, name = ''): Promise<T> => {
    const end = clock.now() + LIMIT_MS;
    for (let wait = 1000; ; wait = Math.min(2 * wait, MAX_WAIT_MS)) {
      try {
        return await attempt();
      } catch (error) {
        if (!isReferenceError(error, name) || clock.now() + wait > end) throw error;
        report(`a service does not know a new object yet; trying again in ${wait / 1000} s`);
        await clock.sleep(wait);
      }
    }
  };
}
