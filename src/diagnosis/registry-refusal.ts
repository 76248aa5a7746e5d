import { type ActionError, titled } from '../errors/action-error.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import { endOf } from '../oci/registry.ts';
import type { Secret } from '../secret.ts';
import { explainUnauthenticated } from './service-failure.ts';

/**
 * @param token the session token. It may have expired, because the credential helper runs in later steps
 * @param now when the response arrived, in milliseconds since the epoch
 */
export function explainRegistryRefusal(
  refusal: ServiceRefusal,
  { host, token, now }: { host: string; token: Secret; now: number },
): ActionError {
  const { status, text, requestId } = refusal;
  const general = status === 401 ? explainUnauthenticated(refusal, now) : undefined;
  if (general?.code === 'OCI_CLOCK_SKEWED') return general;
  const end = endOf(token) ?? Number.POSITIVE_INFINITY;
  const why = end > now ? text || 'no reason given' : `the session expired at ${new Date(end).toISOString()}`;
  const remedy =
    end > now ? undefined : 'Log in again before this step, or set `refresh: true` in the login.';
  const message = `${host} refused a token for the session (${status}): ${why}.`;
  return titled('OCIR_TOKEN_REFUSED', message, { status, requestId, remedy });
}
