// Session tokens: what OCI's identity data plane writes into each, the UPST of a user, and how an OCI API verifies both.
// Must not know where a request for one came from.
import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { httpDate } from '../server/message.ts';
import type { ServiceUser } from '../server/settings.ts';
import { scaled, type World } from '../server/world.ts';

const ISSUER = 'authService.oracle.com';
const AUDIENCE = 'oci';

export type UpstResult =
  | { ok: true; key: KeyObject; user: string; tenancy: string }
  | { ok: false; reason: string };

export async function issueUpst(
  world: World,
  user: ServiceUser,
  publicKey: KeyObject,
  externalSubject: string,
): Promise<string> {
  return issueSession(world, publicKey, world.settings.upstLifetimeSeconds, {
    sub: user.ocid,
    ptype: 'user',
    ttype: 'login',
    source_authn_prin: externalSubject,
  });
}

/** A token with these claims and all that users and resources have in common. */
export async function issueSession(
  world: World,
  publicKey: KeyObject,
  lifetimeSeconds: number,
  claims: JWTPayload,
): Promise<string> {
  const issued = Math.floor(world.now() / 1000);
  const expires = issued + scaled(lifetimeSeconds, world.settings);
  const jwk = await publicJwk(publicKey);
  return signUpst(world, {
    ...claims,
    tenant: world.settings.tenancy,
    // Oracle's HDFS connector reads a date in words here; for an exchanged session both ends coincide.
    sess_exp: httpDate(expires * 1000),
    jwk: world.settings.upstJwkForm === 'string' ? JSON.stringify(jwk) : jwk,
    iss: ISSUER,
    aud: AUDIENCE,
    iat: issued,
    exp: expires,
    jti: randomUUID(),
  });
}

export async function signUpst(world: World, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: world.upstKey.kid })
    .sign(world.upstKey.privateKey);
}

/** The bound key in the members that OCI's tokens carry (RFC 7517 section 4, RFC 7518 section 6.3.1). */
export async function publicJwk(key: KeyObject): Promise<Record<string, string>> {
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const kid = await calculateJwkThumbprint({ kty: 'RSA', n, e });
  return { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' };
}

/** What every OCI API does before it looks at a signature: is this session ours, alive, and whose key is it? */
export async function verifyUpst(token: string, world: World): Promise<UpstResult> {
  try {
    const { payload } = await jwtVerify(token, world.upstKey.publicKey, {
      algorithms: ['RS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: new Date(world.now()),
      requiredClaims: ['sub', 'exp', 'iat', 'jwk'],
    });
    const key = boundKey(payload['jwk']);
    return key
      ? { ok: true, key, user: payload.sub ?? '', tenancy: String(payload['tenant'] ?? '') }
      : { ok: false, reason: 'token: jwk cannot be read' };
  } catch (error) {
    const detail = error instanceof errors.JOSEError ? error.message : 'cannot be verified';
    return { ok: false, reason: `token: ${detail}` };
  }
}

/** A JSON string in real tokens; an object is tolerated. */
function boundKey(claim: unknown): KeyObject | undefined {
  try {
    const jwk = typeof claim === 'string' ? JSON.parse(claim) : claim;
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}
