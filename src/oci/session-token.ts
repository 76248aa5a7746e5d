// The session token, of a user (UPST) or of a resource (RPST): what must hold before it is worth writing down.
// Its signature cannot be checked here, OCI publishes no keys for it; what can be checked is whose key it binds.
import { decodeJwt, type JWTPayload } from 'jose';
import { ActionError } from '../errors/action-error.ts';
import { isPrintable, isTime, parseObject, quote } from '../response.ts';
import type { Secret } from '../secret.ts';

export interface SessionToken {
  token: Secret;
  /** Whom the session acts as (`sub`): the OCID of a user; for a resource the subject of the job's token, fit to be shown. */
  principal: string;
  tenancy: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** By which audit logs may name it (`jti`); undefined without one that is fit to be shown. */
  tokenId: string | undefined;
}

/** Whose the session was asked to be. */
export type PrincipalKind = 'user' | 'resource';

export interface SessionTokenExpectation {
  kind: PrincipalKind;
  /** Milliseconds since the epoch. */
  now: number;
  /** The domain's clock at the exchange, likewise. */
  serverTime: number | undefined;
  publicJwk: { n: string; e: string };
  tenancy: string | undefined;
  requestId: string | undefined;
}

/** Such values go into files that others parse: nothing but the characters of an OCID may pass. */
const TENANCY_OCID = /^ocid1\.tenancy\.[a-z0-9.-]{1,200}$/;
const OCID = /^ocid1\.[a-z0-9._-]{1,250}$/i;

/**
 * Checks a token fresh from the exchange: three parts, not expired, of the expected tenancy, bound to our key.
 * @throws ActionError OCI_RESPONSE_MALFORMED, UPST_EXPIRED, UPST_TENANCY_MISMATCH, UPST_KEY_MISMATCH
 */
export function parseSessionToken(token: Secret, expected: SessionTokenExpectation): SessionToken {
  const claims = parseSessionTokenClaims(token, expected);
  assertCurrent(claims, expected);
  assertTenancy(claims, expected);
  assertBindsKey(claims, expected);
  const { payload: _payload, ...upst } = claims;
  return { token, ...upst };
}

/** What a session token says, before it is held to anything. */
export interface SessionTokenClaims extends Omit<SessionToken, 'token'> {
  /** All of them, as they came. */
  payload: JWTPayload;
}

/** @throws ActionError OCI_RESPONSE_MALFORMED */
export function parseSessionTokenClaims(
  token: Secret,
  { kind, requestId }: Pick<SessionTokenExpectation, 'kind' | 'requestId'>,
): SessionTokenClaims {
  const payload = decode(token, requestId);
  const { exp, jti } = payload;
  const principal = principalIn(payload, kind);
  if (!isTime(exp) || principal === undefined) {
    throw new ActionError('OCI_RESPONSE_MALFORMED', 'The session token lacks a readable `exp` or `sub`.', {
      requestId,
    });
  }
  // A resource's token may name its tenancy as those of other resources do.
  const tenancy = payload['tenant'] ?? (kind === 'resource' ? payload['res_tenant'] : undefined);
  if (typeof tenancy !== 'string' || !TENANCY_OCID.test(tenancy)) {
    throw new ActionError('OCI_RESPONSE_MALFORMED', 'The session token does not name its tenancy.', {
      requestId,
    });
  }
  const tokenId = typeof jti === 'string' && isPrintable(jti) ? jti : undefined;
  return { payload, principal, tenancy, expiresAt: exp * 1000, tokenId };
}

/** A resource has no OCID: it bears the name that the issuer of the job's token gave to the job. */
function principalIn({ sub }: JWTPayload, kind: PrincipalKind): string | undefined {
  if (typeof sub !== 'string') return undefined;
  if (kind === 'resource') return quote(sub, []) || undefined;
  return OCID.test(sub) ? sub : undefined;
}

/** @throws ActionError UPST_TENANCY_MISMATCH */
export function assertTenancy(
  { tenancy }: SessionTokenClaims,
  expected: Pick<SessionTokenExpectation, 'tenancy' | 'requestId'>,
): void {
  if (expected.tenancy === undefined || expected.tenancy === tenancy) return;
  const what = `The session is in tenancy ${tenancy}, not in ${expected.tenancy}.`;
  throw new ActionError('UPST_TENANCY_MISMATCH', what, { requestId: expected.requestId });
}

/** @throws ActionError UPST_KEY_MISMATCH */
export function assertBindsKey(
  { payload }: SessionTokenClaims,
  { publicJwk, requestId }: Pick<SessionTokenExpectation, 'publicJwk' | 'requestId'>,
): void {
  if (bindsKey(payload['jwk'], publicJwk)) return;
  const what = 'The session token is bound to a key that is not ours.';
  throw new ActionError('UPST_KEY_MISMATCH', what, { requestId });
}

/** So far a clock may be off before OCI refuses a request. @see Request Signatures (OCI documentation) */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** @throws ActionError UPST_EXPIRED for a token that is over by our clock, or not yet valid by the domain's */
export function assertCurrent(
  { payload, expiresAt }: SessionTokenClaims,
  { now, serverTime = now, requestId }: Pick<SessionTokenExpectation, 'now' | 'serverTime' | 'requestId'>,
): void {
  const { nbf, iat } = payload;
  const begins = nbf ?? iat;
  const isEarly = isTime(begins) && begins * 1000 > Math.max(now, serverTime) + CLOCK_TOLERANCE_MS;
  if (expiresAt > now && !isEarly) return;
  const [then, here] = [isEarly ? begins * 1000 : expiresAt, now].map((time) => new Date(time).toISOString());
  const what = `The session token ${isEarly ? 'is not valid before' : 'expired at'} ${then}; it is ${here} here.`;
  throw new ActionError('UPST_EXPIRED', what, { requestId });
}

function decode(token: Secret, requestId: string | undefined): JWTPayload {
  try {
    if (token.reveal().split('.').length !== 3) throw new TypeError('not three parts');
    return decodeJwt(token.reveal());
  } catch {
    throw new ActionError('OCI_RESPONSE_MALFORMED', 'The domain gave a session token that is no JWT.', {
      requestId,
    });
  }
}

/** The claim is a JWK, as OCI issues it in the form of a JSON string; an object is understood as well. */
function bindsKey(claim: unknown, ours: { n: string; e: string }): boolean {
  const jwk = typeof claim === 'string' ? parseObject(claim) : claim;
  if (typeof jwk !== 'object' || jwk === null) return false;
  const { n, e } = jwk as { n?: unknown; e?: unknown };
  return sameNumber(n, ours.n) && sameNumber(e, ours.e);
}

/** Compares values, not spellings: base64 or base64url, with or without padding and leading zero bytes. */
function sameNumber(theirs: unknown, ours: string): boolean {
  return typeof theirs === 'string' && numberHex(theirs) === numberHex(ours);
}

function numberHex(text: string): string {
  return Buffer.from(text, 'base64url')
    .toString('hex')
    .replace(/^(00)+/, '');
}
