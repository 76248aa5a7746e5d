// Asks OCI itself whether it takes a session: the cheapest signed call there is, the namespace of Object Storage.
// Knows the answers of that call; knows neither the login around it nor how the session came about.

import {
  ActionError,
  explainTransport,
  type TransportCodes,
  TransportError,
} from '../errors/action-error.ts';
import type { Clock, Http, HttpResponse } from '../ports.ts';
import {
  isPrintable,
  isRetryableStatus,
  parseObject,
  quote,
  requestIdFrom,
  serverTimeOf,
  toText,
} from '../response.ts';
import { domainOfRealm, realmOf } from './realms.ts';
import { type SessionProof, signRequest } from './request-signing.ts';
import { CLOCK_TOLERANCE_MS } from './session-token.ts';

export interface Verified {
  /** Of Object Storage; one for each tenancy. */
  namespace: string;
  requestId: string | undefined;
}

const TRANSPORT_CODES: TransportCodes = {
  unreachable: 'OCI_SERVICE_UNREACHABLE',
  'timed-out': 'OCI_SERVICE_UNREACHABLE',
  unusable: 'OCI_SERVICE_RESPONSE_MALFORMED',
};

/**
 * Object Storage of a region, in the realm of the tenancy.
 * @throws ActionError OCI_REALM_UNKNOWN
 */
export function objectStorageOf(region: string, tenancy: string): URL {
  const realm = realmOf(tenancy);
  const domain = domainOfRealm(realm);
  if (domain !== undefined) return new URL(`https://objectstorage.${region}.${domain}`);
  const what = `The tenancy is in realm ${JSON.stringify(realm)}, whose hosts are not known here.`;
  throw new ActionError('OCI_REALM_UNKNOWN', what);
}

/**
 * Makes one call as the session. Each try is signed anew, since a signature is good for minutes.
 * @throws ActionError OCI_SESSION_REFUSED, OCI_CLOCK_SKEWED, OCI_NOT_AUTHORIZED, OCI_SERVICE_UNREACHABLE,
 *   OCI_SERVICE_RESPONSE_MALFORMED, TLS_UNTRUSTED, PROXY_UNREACHABLE, PROXY_REFUSED, DEADLINE_EXCEEDED
 * @see GetNamespace (Object Storage Service API)
 */
export async function verifySession(
  { http, clock }: { http: Http; clock: Clock },
  endpoint: URL,
  proof: SessionProof,
): Promise<Verified> {
  const url = new URL('/n/', endpoint);
  try {
    const response = await http.send(() => {
      const headers = signRequest({ method: 'GET', url }, proof, clock.now());
      const label = 'the call that verifies the session';
      return { method: 'GET', url, headers, label, transient: notAuthorized };
    });
    return processVerifyResponse(response, { url, proof, now: clock.now() });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw explainTransport(error, 'Verifying the session', TRANSPORT_CODES);
  }
}

/** Of a policy that is minutes old a service may not know yet; OCI does not tell that from one that is not there. */
function notAuthorized({ status, text }: HttpResponse): string | undefined {
  if (status !== 403 && status !== 404) return undefined;
  const code = toText(parseObject(text)?.['code']);
  return /^NotAuthorized(OrNotFound)?$/.test(code) ? `${status} ${code}` : undefined;
}

export interface Asked {
  url: URL;
  proof: SessionProof;
  /** Milliseconds since the epoch, when the answer came. */
  now: number;
}

/** @throws ActionError as `verifySession`, but for what is the way's */
export function processVerifyResponse(response: HttpResponse, asked: Asked): Verified {
  const { status, text, tries = '1 try' } = response;
  const requestId = requestIdFrom(response, 'opc-request-id');
  const details = { status, requestId };
  const { host } = asked.url;
  if (status === 200) {
    const namespace = parseText(text);
    if (isPrintable(namespace)) return { namespace, requestId };
    const what = `${host} answered with something that is no namespace.`;
    throw new ActionError('OCI_SERVICE_RESPONSE_MALFORMED', what, details);
  }
  if (isRetryableStatus(status)) {
    throw new ActionError('OCI_SERVICE_UNREACHABLE', `${host} answered ${status} (${tries}).`, details);
  }
  const refusal = parseObject(text);
  if (refusal !== undefined && status === 401) throw refused(response, refusal, asked, details);
  if (notAuthorized(response) !== undefined) {
    const what = `${host} knows the session but does not let it read the namespace: ${said(refusal, asked)} (${status}, ${tries}).`;
    throw new ActionError('OCI_NOT_AUTHORIZED', what, details);
  }
  const what =
    status >= 300 && status < 400 ? `a redirect (${status}), which is never followed` : `${status}`;
  const rest = refusal === undefined ? '' : `: ${said(refusal, asked)}`;
  throw new ActionError('OCI_SERVICE_RESPONSE_MALFORMED', `${host} answered with ${what}${rest}.`, details);
}

/** OCI gives one and the same text for a bad signature, a dead token and a date that is off. */
function refused(
  response: HttpResponse,
  refusal: Readonly<Record<string, unknown>>,
  asked: Asked,
  details: { status: number; requestId: string | undefined },
): ActionError {
  const { host } = asked.url;
  const skew = asked.now - (serverTimeOf(response) ?? asked.now);
  if (Math.abs(skew) > CLOCK_TOLERANCE_MS) {
    const seconds = Math.round(Math.abs(skew) / 1000);
    const what = `${host} refused the session (401), and this machine's clock is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} its own; 300 s are allowed.`;
    return new ActionError('OCI_CLOCK_SKEWED', what, details);
  }
  const what = `${host} refused the session (401): ${said(refusal, asked)}.`;
  return new ActionError('OCI_SESSION_REFUSED', what, details);
}

function said(refusal: Readonly<Record<string, unknown>> | undefined, { proof }: Asked): string {
  const parts = [refusal?.['code'], refusal?.['message']].filter((part) => part !== undefined).map(toText);
  return quote(parts.join(': '), [proof.token]) || 'no reason given';
}

/** The body as a JSON string. */
function parseText(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
