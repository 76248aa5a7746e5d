// The wrong tokens themselves: what a changed JWT claims, and who signs it. Must not know answers or their members.
import { type JWTPayload, SignJWT } from 'jose';
import { publicJwk, signUpst } from '../domain/upst.ts';
import { signingKey, type World } from '../server/world.ts';
import type { AnswerMutation, Grant } from './faults.ts';

type Claims = JWTPayload;
type Kind = AnswerMutation['kind'];

export async function changedClaims(grant: Grant, claims: Claims, kind: Kind, world: World): Promise<Claims> {
  const now = Math.floor(world.now() / 1000);
  switch (kind) {
    case 'expired':
      return { ...claims, ...(claims.nbf === undefined ? {} : { nbf: now - 7800 }), ...times(now - 7200) };
    case 'not-yet-valid':
      return { ...claims, nbf: now + 3600, ...times(now + 3600) };
    case 'other-audience':
      return { ...claims, aud: 'https://elsewhere.example' };
    case 'other-tenancy':
      return grant === 'session-token'
        ? { ...claims, tenant: `ocid1.tenancy.oc1..aaaa${'other'.repeat(11)}a` }
        : { ...claims, iss: 'https://elsewhere.example' };
    default:
      return grant === 'session-token' ? changedSession(claims, kind) : claims;
  }
}

function times(issued: number): { iat: number; exp: number } {
  return { iat: issued, exp: issued + 3600 };
}

async function changedSession(claims: Claims, kind: Kind): Promise<Claims> {
  const { jwk, tenant, ...rest } = claims;
  switch (kind) {
    case 'no-jwk':
      return { ...rest, tenant };
    case 'jwk-object':
      return { ...claims, jwk: typeof jwk === 'string' ? JSON.parse(jwk) : jwk };
    case 'other-key':
      return { ...claims, jwk: JSON.stringify(await publicJwk((await signingKey('other')).publicKey)) };
    case 'no-tenant':
      return { ...rest, jwk };
    case 'injected-tenant':
      // Written into a profile as it stands, it would add a line of its own.
      return { ...claims, tenant: `${tenant}\nkey_file=/tmp/injected.pem` };
    default:
      return claims;
  }
}

/** The signature stays good, unless it is what is wrong: only what is said is changed. */
export async function resign(grant: Grant, claims: Claims, kind: Kind, world: World): Promise<string> {
  if (grant === 'session-token') {
    return signUpst(world, claims);
  }
  const honest = grant === 'id-token' ? world.githubKey : world.domainKey;
  const { kid, privateKey } = kind === 'other-key' ? await signingKey('other') : honest;
  return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid }).sign(privateKey);
}
