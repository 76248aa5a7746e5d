// The session token, of a user (UPST) or of a resource (RPST). OCI publishes no keys to verify its signature with; what
// can be checked is the key to which it is bound.
import { decodeJwt, type JWTPayload } from 'jose';
import { ActionError, titled } from '../errors/action-error.ts';
import { isJwt, isPrintable, isTime, parseObject, quote } from '../response.ts';
import type { Secret } from '../secret.ts';
import type { KeyPair } from './key-pair.ts';
import { CLOCK_TOLERANCE_MS } from './request-signature.ts';

export interface SessionToken {
  token: Secret;
  /** The OCID of a user, or the name of a resource from `resourceOf`. Safe to show. */
  principal: string;
  tenancy: string;
  /** Milliseconds since the epoch; undefined without a readable `nbf` or `iat`. */
  validFrom: number | undefined;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** `jti`, as audit logs may name it; undefined if there is none or it is not safe to show. */
  tokenId: string | undefined;
  /** The claim that names the public key to which the token is bound, unchecked. */
  jwk: unknown;
  /** Of the exchange that issued it, for messages. */
  requestId: string | undefined;
}

/**
 * These values go into files that others parse: only the characters of an OCID may pass, and no `::` of a
 * command to the runner. Old tenancies and users have OCIDs of the form `ocidv1:tenancy:oc1:phx:…`.
 */
const OCID = /^ocid(1\.|v1:)(?!.*::)[a-z0-9]+[.:][\w.:-]{1,250}$/i;
const TENANCY_OCID = /^ocid(1\.|v1:)(?!.*::)tenancy[.:][a-z0-9.:-]{1,200}$/;

/** Of a user, or of the requested resource. @throws ActionError OCI_RESPONSE_MALFORMED */
export function parseSessionToken(
  token: Secret,
  resource: { type: string } | undefined,
  requestId: string | undefined,
): SessionToken {
  const malformed = (text: string) => titled('OCI_RESPONSE_MALFORMED', text, { requestId });
  const payload = decode(token);
  if (payload === undefined) throw malformed('The domain issued a session token that is no JWT.');
  const { exp, nbf, iat, jti } = payload;
  const principal = resource === undefined ? userOf(payload) : resourceOf(payload, resource.type);
  if (!isTime(exp) || principal === undefined)
    throw malformed('The session token lacks a readable `exp` or `sub`.');
  // An RPST may name its tenancy as those of other resources do.
  const tenancy = payload['tenant'] ?? (resource && payload['res_tenant']);
  if (typeof tenancy !== 'string' || !TENANCY_OCID.test(tenancy))
    throw malformed('The session token does not name its tenancy.');
  const start = nbf ?? iat;
  return {
    token,
    principal,
    tenancy,
    validFrom: isTime(start) ? start * 1000 : undefined,
    expiresAt: exp * 1000,
    tokenId: isPrintable(jti) ? jti : undefined,
    jwk: payload['jwk'],
    requestId,
  };
}

function decode(token: Secret): JWTPayload | undefined {
  try {
    return isJwt(token.reveal()) ? decodeJwt(token.reveal()) : undefined;
  } catch {
    return undefined;
  }
}

function userOf({ sub }: JWTPayload): string | undefined {
  return typeof sub === 'string' && OCID.test(sub) ? sub : undefined;
}

/** The subject of the job's token; without one (no source shows an RPST's `sub`), the id or the type of the resource. */
function resourceOf({ sub, res_id, res_type }: JWTPayload, requestedType: string): string {
  const names = [sub, res_id, res_type, requestedType];
  return names.map((name) => (typeof name === 'string' ? quote(name, []) : '')).find((name) => name) ?? '';
}

/** @throws ActionError UPST_TENANCY_MISMATCH */
export function assertTenancy({ tenancy, requestId }: SessionToken, expected: string | undefined): void {
  if (expected === undefined || expected === tenancy) return;
  const text = `The session is in tenancy ${tenancy}, not in ${expected}.`;
  throw titled('UPST_TENANCY_MISMATCH', text, { requestId });
}

/**
 * OCI issues the claim as a JSON string; an object is understood as well.
 * @throws ActionError UPST_KEY_MISMATCH
 */
export function assertBindsKey(
  { jwk, requestId }: SessionToken,
  { publicJwk: { n, e } }: Pick<KeyPair, 'publicJwk'>,
): void {
  const claim = typeof jwk === 'string' ? parseObject(jwk) : jwk;
  const bound = (claim ?? {}) as { n?: unknown; e?: unknown };
  if (isSameNumber(bound.n, n) && isSameNumber(bound.e, e)) return;
  const text = 'The session token is bound to another key than that of this login.';
  throw new ActionError('UPST_KEY_MISMATCH', text, { requestId });
}

/** Compares values, not encodings: base64 or base64url, with or without padding and leading zero bytes. */
function isSameNumber(actual: unknown, expected: string): boolean {
  const toHex = (base64: string) =>
    Buffer.from(base64, 'base64url')
      .toString('hex')
      .replace(/^(00)+/, '');
  return typeof actual === 'string' && toHex(actual) === toHex(expected);
}

/**
 * @param serverTime the domain's clock, from a response that has just arrived
 * @returns by how many milliseconds the domain's clock is ahead; 0 when that is unknown, or more than OCI accepts
 */
export function clockSkew(now: number, serverTime = now): number {
  const skew = serverTime - now;
  return Math.abs(skew) <= CLOCK_TOLERANCE_MS ? skew : 0;
}

/**
 * @param now this machine's clock, milliseconds since the epoch
 * @param serverTime the domain's clock, milliseconds since the epoch
 * @throws ActionError UPST_EXPIRED for a token that has expired, or is not yet valid by either clock
 */
export function assertCurrent(
  { validFrom = 0, expiresAt, requestId }: SessionToken,
  now: number,
  serverTime = now,
): void {
  const isEarly = validFrom > Math.max(now, serverTime) + CLOCK_TOLERANCE_MS;
  if (expiresAt > now && !isEarly) return;
  const [then, here] = [isEarly ? validFrom : expiresAt, now].map((time) => new Date(time).toISOString());
  const text = `The session token ${isEarly ? 'is not valid before' : 'expired at'} ${then}; this machine's clock says ${here}.`;
  throw new ActionError('UPST_EXPIRED', text, { requestId });
}
