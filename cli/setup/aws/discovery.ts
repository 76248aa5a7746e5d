// Whether AWS can read the domain's discovery document and keys. It is asked, as a setting takes effect after some time.
import { assertKeyPublished } from '../../../src/diagnosis/sts-refusal.ts';
import { ActionError } from '../../../src/errors/action-error.ts';
import { TransportError } from '../../../src/errors/transport-error.ts';
import type { Clock, Http } from '../../../src/ports.ts';
import { CommandError } from '../../failure.ts';

const LIMIT_MS = 120_000;
const WAIT_MS = 5000;

/** @returns why AWS cannot use the domain, as a sentence; undefined if it can */
export async function discoveryFault(http: Http, issuer: string, domain: URL): Promise<string | undefined> {
  try {
    await assertKeyPublished(http, { issuer, keyId: undefined }, domain);
    return undefined;
  } catch (error) {
    if (error instanceof ActionError) return error.message;
    if (error instanceof TransportError) return `The domain's keys cannot be read: ${error.message}.`;
    throw error;
  }
}

/**
 * Waits for at most 120 s until the discovery document names the issuer and the keys are public.
 * @throws CommandError DISCOVERY_UNUSABLE
 */
export async function awaitDiscovery(
  { http, clock, progress }: { http: Http; clock: Clock; progress: (line: string) => void },
  issuer: string,
  domain: URL,
): Promise<void> {
  const end = clock.now() + LIMIT_MS;
  for (;;) {
    const fault = await discoveryFault(http, issuer, domain);
    if (fault === undefined) return;
    if (clock.now() + WAIT_MS > end) throw new CommandError('DISCOVERY_UNUSABLE', fault);
    progress(`AWS could not use the domain yet: ${fault} Trying again in ${WAIT_MS / 1000} s`);
    await clock.sleep(WAIT_MS);
  }
}
