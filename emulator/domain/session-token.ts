// Session tokens: the UPST of a user, the RPST of a resource, and how an OCI API verifies both.
// Sources: "Workload Identity Federation" (OCI documentation), A-Team's article on ephemeral RPSTs.
import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { httpDate } from '../server/message.ts';
import type { ServiceUser } from '../server/settings.ts';
import { scaled, type World } from '../server/world.ts';
import { refuse } from './responses.ts';

const ISSUER = 'authService.oracle.com';
const AUDIENCE = 'oci';
/** As in the only public token with both: a database token of the same service. */
const SESSION_AFTER_EXPIRY_SECONDS = 5 * 3600;
const MAX_PROPAGATED_CLAIMS = 3;
const PROPAGATION_PREFIX = 'ext_';

export interface Resource {
  /** The trust's `impersonatingResource`. */
  type: string;
  /** Names of claims, each written `ext_<claim>`. */
  propagatedClaims: readonly string[];
}

export type SessionTokenResult =
  | { ok: true; key: KeyObject; user: string; tenancy: string; isResource: boolean; claims: JWTPayload }
  | { ok: false; reason: string };

export async function issueUpst(
  world: World,
  user: ServiceUser,
  publicKey: KeyObject,
  { sub = '', exp }: JWTPayload,
  latestExpiry = world.settings.upstEndsWithJwt ? exp : undefined,
): Promise<string> {
  const { upstLifetimeSeconds } = world.settings;
  const claims = { sub: user.ocid, ptype: 'user', ttype: 'login', source_authn_prin: sub };
  return issueSessionToken(world, publicKey, upstLifetimeSeconds, claims, latestExpiry);
}

/** @param rpstExp the value of `rpst_exp`, in the unit of the settings; a domain shortens a lifetime that is too long */
export async function issueRpst(
  world: World,
  resource: Resource,
  publicKey: KeyObject,
  claims: JWTPayload,
  rpstExp: number | undefined,
): Promise<string> {
  const { rpstLifetimeSeconds, rpstLongestSeconds, rpstExpUnitSeconds, rpstClaims } = world.settings;
  const requested = rpstExp === undefined ? rpstLifetimeSeconds : rpstExp * rpstExpUnitSeconds;
  if (requested > rpstLongestSeconds && world.settings.rpstRefusesLongLifetimes)
    throw refuse('unsupportedValue', 'rpst_exp is too long');
  return issueSessionToken(world, publicKey, Math.min(requested, rpstLongestSeconds), {
    // There is no user: the job is the principal.
    sub: claims.sub ?? '',
    ptype: 'res',
    ttype: 'res',
    res_type: resource.type,
    ...propagated(resource, claims),
    ...rpstClaims,
  });
}

/** Claims that the job's token does not have are left out. */
function propagated({ propagatedClaims }: Resource, claims: JWTPayload): JWTPayload {
  const names = propagatedClaims.filter((name) => name.startsWith(PROPAGATION_PREFIX));
  const pairs = names
    .slice(0, MAX_PROPAGATED_CLAIMS)
    .map((name) => [`var_${name}`, claims[name.slice(PROPAGATION_PREFIX.length)]] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

/** A token of OCI's identity data plane, bound to the key. */
export async function issueSessionToken(
  world: World,
  publicKey: KeyObject,
  lifetimeSeconds: number,
  claims: JWTPayload,
  latestExpiry = Number.POSITIVE_INFINITY,
): Promise<string> {
  const issued = Math.floor(world.now() / 1000);
  const expires = Math.min(issued + scaled(lifetimeSeconds, world.settings), latestExpiry);
  const jwk = await publicJwk(publicKey);
  return signSessionToken(world, {
    tenant: world.settings.tenancy,
    ...claims,
    // The end of the sign-in session, which is not that of the token.
    sess_exp: httpDate((expires + scaled(SESSION_AFTER_EXPIRY_SECONDS, world.settings)) * 1000).replace(
      'GMT',
      'UTC',
    ),
    jwk: world.settings.upstJwkForm === 'string' ? JSON.stringify(jwk) : jwk,
    iss: ISSUER,
    aud: AUDIENCE,
    iat: issued,
    exp: expires,
    jti: randomUUID(),
  });
}

export async function signSessionToken(world: World, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: world.upstKey.kid })
    .sign(world.upstKey.privateKey);
}

/** The bound key with the members that OCI's tokens carry (RFC 7517 section 4, RFC 7518 section 6.3.1). */
export async function publicJwk(key: KeyObject): Promise<Record<string, string>> {
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const kid = await calculateJwkThumbprint({ kty: 'RSA', n, e });
  return { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' };
}

/** Verifies signature, issuer, audience and lifetime, and returns the bound key and the principal. */
export async function verifySessionToken(token: string, world: World): Promise<SessionTokenResult> {
  try {
    const { payload } = await jwtVerify(token, world.upstKey.publicKey, {
      algorithms: ['RS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: new Date(world.now()),
      requiredClaims: ['exp', 'iat', 'jwk'], // whether an RPST has a `sub` is unknown
    });
    const key = boundKey(payload['jwk']);
    const isResource = payload['ptype'] === 'res';
    return key
      ? {
          ok: true,
          key,
          user: payload.sub ?? '',
          tenancy: String(payload['tenant'] ?? ''),
          isResource,
          claims: payload,
        }
      : { ok: false, reason: 'token: jwk cannot be read' };
  } catch (error) {
    const detail = error instanceof errors.JOSEError ? error.message : 'cannot be verified';
    return { ok: false, reason: `token: ${detail}` };
  }
}

/** Real tokens carry a JSON string; an object is accepted too. */
function boundKey(claim: unknown): KeyObject | undefined {
  try {
    const jwk = typeof claim === 'string' ? JSON.parse(claim) : claim;
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}
