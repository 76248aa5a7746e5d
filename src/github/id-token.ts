// GitHub's OIDC issuer: how a job asks for its identity token, and which claims help a human.
// Knows nothing of OCI. Own request rather than `core.getIDToken`, so that one retry policy holds everywhere.
import { decodeJwt } from 'jose';
import {
  ActionError,
  explainTransport,
  type TransportCodes,
  TransportError,
} from '../errors/action-error.ts';
import { isConfidential } from '../inputs/urls.ts';
import type { Clock, Environment, Http, HttpRequest, HttpResponse } from '../ports.ts';
import { isRetryableStatus, isTime, parseObject, requestIdFrom } from '../response.ts';
import { Secret } from '../secret.ts';

/** Where a job asks for its token; the runner sets both variables when the job has `id-token: write`. */
export interface IdTokenSource {
  url: URL;
  requestToken: Secret;
}

export interface IdToken {
  jwt: Secret;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** From its issue to its end, by its own claims: our clock may be another than GitHub's. */
  lifetimeMs: number;
  /** Those that are text, as they stand in the token: public in nature, unlike the token, but not fit for a log. */
  claims: Readonly<Record<string, string>>;
}

const URL_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const TOKEN_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';
const LABEL = "GitHub's OIDC token";
/** @see OpenID Connect reference (GitHub documentation), the times in its example of a token */
const USUAL_LIFETIME_MS = 5 * 60_000;

const TRANSPORT_CODES: TransportCodes = {
  unreachable: 'GITHUB_UNREACHABLE',
  'timed-out': 'GITHUB_UNREACHABLE',
  unusable: 'GITHUB_RESPONSE_MALFORMED',
};

/**
 * Finds the token service in the environment of the step.
 * A job without the permission can have these variables from anywhere, hence the check of the URL.
 * @throws ActionError GITHUB_OIDC_UNAVAILABLE
 */
export function findIdTokenSource(env: Environment): IdTokenSource {
  const missing = [URL_VARIABLE, TOKEN_VARIABLE].filter((name) => !env(name));
  if (missing.length > 0) {
    const which = `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set`;
    throw new ActionError(
      'GITHUB_OIDC_UNAVAILABLE',
      `This job cannot ask GitHub for its identity: ${which}.`,
    );
  }
  const address = env(URL_VARIABLE) ?? '';
  if (!URL.canParse(address) || !isConfidential(new URL(address))) {
    throw new ActionError('GITHUB_OIDC_UNAVAILABLE', `${URL_VARIABLE} holds no https:// address.`);
  }
  return { url: new URL(address), requestToken: new Secret(env(TOKEN_VARIABLE) ?? '') };
}

/**
 * Asks for a fresh token; each call gives a new one, valid for about five minutes.
 * @throws ActionError GITHUB_OIDC_REFUSED, GITHUB_OIDC_EXPIRED, GITHUB_UNREACHABLE, GITHUB_RESPONSE_MALFORMED, TLS_UNTRUSTED,
 *   PROXY_UNREACHABLE, PROXY_REFUSED, DEADLINE_EXCEEDED
 * @see OpenID Connect reference, "Requesting the JWT using environment variables" (GitHub documentation)
 */
export async function requestIdToken(
  http: Http,
  source: IdTokenSource,
  audience: string,
  clock: Pick<Clock, 'now'>,
): Promise<Secret> {
  try {
    const response = await http.send(() => idTokenRequest(source, audience));
    if (response.status < 400 || isRetryableStatus(response.status)) return processIdTokenResponse(response);
    const { explainRefusal } = await import('../diagnosis/id-token-refusal.ts');
    throw explainRefusal(response, source.requestToken, clock.now());
  } catch (error) {
    throw error instanceof TransportError
      ? explainTransport(error, `Asking for ${LABEL}`, TRANSPORT_CODES)
      : error;
  }
}

function idTokenRequest({ url, requestToken }: IdTokenSource, audience: string): HttpRequest {
  const withAudience = new URL(url); // carries `?api-version=2.0` already
  withAudience.searchParams.set('audience', audience);
  return {
    method: 'GET',
    url: withAudience,
    headers: { accept: 'application/json', authorization: `Bearer ${requestToken.reveal()}` },
    label: LABEL,
    transient: isJobNotYetRunning,
  };
}

/** In the first second of a job the service may not know yet that the job runs, and says so with a 403. */
function isJobNotYetRunning({ status, text }: HttpResponse): string | undefined {
  return status === 403 && /'(Pending|Delayed)' state/.test(text)
    ? 'the job is not yet known to run'
    : undefined;
}

function processIdTokenResponse(response: HttpResponse): Secret {
  const { status, text, tries = '1 try' } = response;
  const requestId = requestIdFrom(response, 'x-github-request-id');
  if (isRetryableStatus(status)) {
    throw new ActionError('GITHUB_UNREACHABLE', `GitHub's OIDC service answered ${status} (${tries}).`, {
      status,
      requestId,
    });
  }
  const jwt = status === 200 ? parseObject(text)?.['value'] : undefined;
  if (typeof jwt !== 'string' || jwt.split('.').length !== 3) {
    const what = status === 200 ? 'an answer without a token' : `status ${status}`;
    throw new ActionError('GITHUB_RESPONSE_MALFORMED', `GitHub's OIDC service gave ${what}.`, {
      status,
      requestId,
    });
  }
  return new Secret(jwt);
}

/**
 * Reads a token that GitHub signed for others to verify: here only its times and its telling claims count.
 * @throws ActionError GITHUB_RESPONSE_MALFORMED
 */
export function readIdToken(jwt: Secret): IdToken {
  try {
    const payload = decodeJwt(jwt.reveal());
    if (!isTime(payload.exp)) throw new TypeError('no exp');
    const audience = payload.aud === undefined ? {} : { aud: String(payload.aud) };
    const texts = Object.entries(payload).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    const claims = { ...Object.fromEntries(texts), ...audience };
    const { exp, iat } = payload;
    const lifetimeMs = isTime(iat) && iat < exp ? (exp - iat) * 1000 : USUAL_LIFETIME_MS;
    return { jwt, expiresAt: exp * 1000, lifetimeMs, claims };
  } catch {
    throw new ActionError(
      'GITHUB_RESPONSE_MALFORMED',
      "GitHub's OIDC service gave a token that cannot be read.",
    );
  }
}

/**
 * When what the job asks with comes to its end: six hours on GitHub's own runners, less than a job may take elsewhere.
 * @returns milliseconds since the epoch; undefined when it is no JWT, or none with a time in it
 */
export function expiryOf(requestToken: Secret): number | undefined {
  try {
    const { exp } = decodeJwt(requestToken.reveal());
    return isTime(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
