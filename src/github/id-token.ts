// GitHub's OIDC service. Does not use `core.getIDToken`, so that the same retry policy applies to all calls.
import { decodeJwt } from 'jose';
import { ActionError, titled } from '../errors/action-error.ts';
import { ServiceRefusal } from '../errors/service-refusal.ts';
import { isConfidential } from '../inputs/parsers.ts';
import { type IdToken, parseIdToken } from '../oci/id-token.ts';
import type { HttpRequest, HttpResponse, RetriedCall, Runner } from '../ports.ts';
import {
  describeHtmlPage,
  isJwt,
  isRetryableStatus,
  isTime,
  parseObject,
  requestIdFrom,
} from '../response.ts';
import { Secret } from '../secret.ts';

/** Where a job requests its token. The runner sets both variables when the job has `id-token: write`. */
export interface TokenService {
  url: URL;
  requestToken: Secret;
}

const URL_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const TOKEN_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';

/**
 * Finds the token service in the environment of the step, and masks the request token. Without the permission, something else in the job may have
 * set these variables, hence the check of the URL.
 * @throws ActionError GITHUB_OIDC_UNAVAILABLE
 */
export function findTokenService({ env, mask }: Pick<Runner, 'env' | 'mask'>): TokenService {
  const missing = [URL_VARIABLE, TOKEN_VARIABLE].filter((name) => !env(name));
  if (missing.length > 0) throw titled('GITHUB_OIDC_UNAVAILABLE', `Not set: ${missing.join(', ')}.`);
  const address = env(URL_VARIABLE) ?? '';
  if (!URL.canParse(address) || !isConfidential(new URL(address))) {
    throw new ActionError('GITHUB_OIDC_UNAVAILABLE', `${URL_VARIABLE} is not an https:// address.`);
  }
  const requestToken = new Secret(env(TOKEN_VARIABLE) ?? '');
  mask(requestToken);
  if (/[^\x21-\x7e]/.test(requestToken.reveal()))
    throw new ActionError('GITHUB_OIDC_UNAVAILABLE', `${TOKEN_VARIABLE} is not a token.`);
  return { url: new URL(address), requestToken };
}

/** @see OpenID Connect reference, "Requesting the JWT using environment variables" (GitHub documentation) */
export function idTokenRequest({ url, requestToken }: TokenService, audience: string): HttpRequest {
  const withAudience = new URL(url); // has `?api-version=2.0` already
  withAudience.searchParams.set('audience', audience);
  return {
    method: 'GET',
    url: withAudience,
    headers: { accept: 'application/json', authorization: `Bearer ${requestToken.reveal()}` },
  };
}

export const ID_TOKEN_CALL: RetriedCall = {
  label: "GitHub's OIDC token",
  /** In the first second of a job the service may not know yet that the job runs, and refuses with 403. */
  transientReason: ({ status, text }) =>
    status === 403 && /'(Pending|Delayed)' state/.test(text) ? 'the job is not yet known to run' : undefined,
};

/** @throws ServiceRefusal, ActionError GITHUB_RESPONSE_MALFORMED */
export function processIdTokenResponse(response: HttpResponse): Secret {
  const { status, text, attempts } = response;
  const requestId = requestIdFrom(response, 'x-github-request-id');
  const page = describeHtmlPage(response, "GitHub's OIDC service");
  if (isRetryableStatus(status) || (status >= 400 && page === undefined))
    throw new ServiceRefusal('github', { status, requestId, attempts });
  const jwt = status === 200 ? parseObject(text)?.['value'] : undefined;
  if (isJwt(jwt)) return new Secret(jwt);
  const what = status === 200 ? 'a response without a token' : `status ${status}`;
  const message = page ?? `GitHub's OIDC service sent ${what}.`;
  throw titled('GITHUB_RESPONSE_MALFORMED', message, { status, requestId });
}

/** @throws ActionError GITHUB_RESPONSE_MALFORMED */
export function readIdToken(jwt: Secret): IdToken {
  const token = parseIdToken(jwt);
  if (token !== undefined) return token;
  const text = "GitHub's OIDC service sent a token that cannot be read.";
  throw titled('GITHUB_RESPONSE_MALFORMED', text);
}

/**
 * When the request token expires: after six hours on GitHub's runners, less than a job may take elsewhere.
 * @returns milliseconds since the epoch; undefined when it is no JWT, or has no readable `exp`
 */
export function expiryOf(requestToken: Secret): number | undefined {
  try {
    const { exp } = decodeJwt(requestToken.reveal());
    return isTime(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
