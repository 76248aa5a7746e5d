// Tokens of OCI's container registry (OCIR), which Docker and other clients use as a password.
import { titled } from '../errors/action-error.ts';
import { ServiceRefusal } from '../errors/service-refusal.ts';
import type { HttpRequest, HttpResponse } from '../ports.ts';
import {
  describeHtmlPage,
  describeStatus,
  isRetryableStatus,
  isTime,
  parseObject,
  quoteRefusal,
  requestIdFrom,
  serverTimeOf,
} from '../response.ts';
import { Secret } from '../secret.ts';
import { claimsOf } from './claims.ts';
import { type SessionProof, sessionKey, signRequest } from './request-signature.ts';

/** The user name that belongs to a token. @see Pushing Images Using the Docker CLI (OCI documentation) */
export const REGISTRY_USER = 'BEARER_TOKEN';

export interface RegistryToken {
  token: Secret;
  /** Milliseconds since the epoch by the clock of this machine; undefined if the registry does not state it. */
  expiresAt: number | undefined;
  requestId: string | undefined;
}

/**
 * The request has no scope, because it is unknown whether the registry accepts a token with a scope as a password.
 * @param host see `tokenHostOf`
 * @param now milliseconds since the epoch; the signature is valid for five minutes
 * @see ContainerRegistryClient.getAccessToken (oci-containerregistry, SDK for TypeScript)
 */
export function registryTokenRequest(host: string, proof: SessionProof, now: number): HttpRequest {
  const url = new URL(`https://${host}/20180419/docker/token`);
  const request: HttpRequest = { method: 'GET', url, headers: {} };
  return { ...request, headers: signRequest(request, sessionKey(proof), now) };
}

/**
 * @param token the session token, so that no message repeats it
 * @param now milliseconds since the epoch
 * @throws ServiceRefusal with a status 401, 403, 404 or a retryable one; ActionError OCIR_RESPONSE_MALFORMED
 */
export function processRegistryTokenResponse(
  response: HttpResponse,
  token: Secret,
  now: number,
): RegistryToken {
  const { status, text, attempts } = response;
  const requestId = requestIdFrom(response, 'opc-request-id');
  if (isRetryableStatus(status)) throw new ServiceRefusal('ocir', { status, requestId, attempts });
  const body = parseObject(text);
  const value = body?.['token'] ?? body?.['access_token'];
  if (status === 200 && isPassword(value))
    return { token: new Secret(value), expiresAt: expiryOf(value, body?.['expires_in'], now), requestId };
  const reason = refusalText(body, token);
  const page = describeHtmlPage(response, 'the container registry');
  if (page === undefined && (status === 401 || status === 403 || (status === 404 && body !== undefined))) {
    const details = { status, text: reason, requestId, attempts, serverTime: serverTimeOf(response) };
    throw new ServiceRefusal('ocir', details);
  }
  const what = status === 200 ? 'something that is no token' : describeStatus(status);
  const message = page ?? `The container registry responded with ${what}${reason && `: ${reason}`}.`;
  throw titled('OCIR_RESPONSE_MALFORMED', message, { status, requestId });
}

/** Printable ASCII, so that it is one line of a mask and of the helper's JSON. */
function isPassword(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{16,65536}$/.test(value);
}

/** OCI's form, or that of a registry: `{"errors":[{"code","message"}]}`. @see Docker Registry HTTP API V2, "Errors" */
function refusalText(body: Readonly<Record<string, unknown>> | undefined, token: Secret): string {
  const list = body?.['errors'];
  const { code, message } = Object(Array.isArray(list) ? list[0] : body) as Record<string, unknown>;
  return quoteRefusal(code, message, [token]);
}

/** `expires_in` is relative to now, so clock skew does not matter. Without it, the token may be a JWT with `exp`. */
function expiryOf(token: string, expiresIn: unknown, now: number): number | undefined {
  if (isTime(expiresIn) && expiresIn > 0) return now + expiresIn * 1000;
  return endOf(new Secret(token));
}

/** The end of a JWT, in milliseconds since the epoch. */
export function endOf(token: Secret): number | undefined {
  const { exp } = claimsOf(token);
  return isTime(exp) ? exp * 1000 : undefined;
}

/** The `auth` of Docker's config file: user and password in base64. It is a secret too. */
export function basicAuthOf({ token }: Pick<RegistryToken, 'token'>): Secret {
  return new Secret(Buffer.from(`${REGISTRY_USER}:${token.reveal()}`).toString('base64'));
}
