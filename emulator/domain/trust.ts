// Judges a GitHub token by the domain's trusts: issuer, caller, signature, times, client claim, and whom it becomes.
// Source: API page "IdentityPropagationTrusts". Must not know HTTP; answers an OAuth error, a service user or a resource.
import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { ServiceUser, Trust } from '../server/settings.ts';
import { trustsOf, type World } from '../server/world.ts';
import type { Resource } from './rpst.ts';
import { firstMatch } from './rules.ts';

export interface OAuthError {
  status: number;
  error: string;
  description: string;
  /** More precise than the description, which the vendor keeps vague. */
  reason: string;
}

type Denied = { ok: false } & OAuthError;

export type TrustResult =
  | ({ ok: true; claims: JWTPayload } & ({ user: ServiceUser } | { resource: Resource }))
  | Denied;

export interface Petition {
  jwt: string;
  clientId: string;
  /** What the session is to be of; undefined to become a user. */
  resourceType: string | undefined;
}

export async function judge({ jwt, clientId, resourceType }: Petition, world: World): Promise<TrustResult> {
  const found = findTrust(jwt, world);
  if (!found.ok) {
    return found;
  }
  const { trust } = found;
  if (!trust.oauthClients.includes(clientId)) {
    return no(
      401,
      'unauthorized_client',
      'Client is not authorized to use the trust.',
      'client not in oauthClients',
    );
  }
  const verified = await verify(jwt, trust, world);
  if (!verified.ok) {
    return verified;
  }
  if (!carriesClientClaim(verified.claims, trust)) {
    // The domain does not say which claim it missed.
    return no(
      400,
      'invalid_request',
      'The token is not valid for this client.',
      'client claim does not match',
    );
  }
  const { claims } = verified;
  if ((trust.subjectType === 'Resource') !== (resourceType !== undefined)) {
    const description = 'The requested token type is not supported by the trust.';
    return no(400, 'invalid_request', description, `trust has subjectType ${trust.subjectType}`);
  }
  return resourceType === undefined
    ? impersonate(claims, trust, world)
    : asResource(claims, trust, resourceType);
}

/** "One trust per issuer": none and several are the same fault to the domain. */
function findTrust(jwt: string, world: World): { ok: true; trust: Trust } | Denied {
  const issuer = issuerOf(jwt);
  if (issuer === undefined) {
    return no(
      400,
      'invalid_request',
      'The subject token is malformed.',
      'subject_token is not a JWT with an issuer',
    );
  }
  const fitting = trustsOf(world).filter((trust) => trust.active && trust.issuer === issuer);
  const [trust] = fitting;
  return trust !== undefined && fitting.length === 1
    ? { ok: true, trust }
    : no(
        400,
        'invalid_grant',
        'No unique trust found for the issuer.',
        `${fitting.length} active trusts for the issuer`,
      );
}

function issuerOf(jwt: string): string | undefined {
  try {
    return decodeJwt(jwt).iss;
  } catch {
    return undefined;
  }
}

/** RFC 7519 section 4.1 with the trust's tolerance; jose leaves a future `iat` alone, the domain does not. */
async function verify(
  jwt: string,
  trust: Trust,
  world: World,
): Promise<{ ok: true; claims: JWTPayload } | Denied> {
  const published = createLocalJWKSet({ keys: [world.githubKey.jwk] });
  try {
    const { payload } = await jwtVerify(jwt, published, {
      algorithms: ['RS256'],
      issuer: trust.issuer,
      clockTolerance: trust.clockSkewSeconds,
      currentDate: new Date(world.now()),
      requiredClaims: ['sub', 'aud', 'exp', 'nbf', 'iat', 'jti'],
    });
    const latest = Math.floor(world.now() / 1000) + trust.clockSkewSeconds;
    return (payload.iat ?? 0) <= latest ? { ok: true, claims: payload } : badToken('iat lies in the future');
  } catch (error) {
    return badToken(error instanceof errors.JOSEError ? error.message : 'subject_token cannot be verified');
  }
}

function badToken(reason: string): Denied {
  return no(400, 'invalid_grant', 'The subject token is invalid or has expired.', reason);
}

/** String claims only, except that a token's single audience may also stand alone in a list. */
function carriesClientClaim(claims: JWTPayload, trust: Trust): boolean {
  const value = claims[trust.clientClaimName];
  const text = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof text === 'string' && trust.clientClaimValues.includes(text);
}

function impersonate(claims: JWTPayload, trust: Trust, world: World): TrustResult {
  const id = trust.allowImpersonation ? firstMatch(trust.impersonationServiceUsers, claims) : undefined;
  const { serviceUser } = world.settings;
  if (id === undefined || id !== serviceUser.id) {
    const text = 'No rules matched from given token to find impersonation user';
    return no(
      401,
      'unauthorized_client',
      text,
      id === undefined ? 'no rule matches' : 'rule names an unknown user',
    );
  }
  return serviceUser.serviceUser
    ? { ok: true, user: serviceUser, claims }
    : no(401, 'unauthorized_client', 'User requesting is not a service user', 'user has no serviceUser flag');
}

function asResource(claims: JWTPayload, trust: Trust, type: string): TrustResult {
  if (!trust.allowImpersonation || type !== trust.impersonatingResource) {
    const reason = trust.allowImpersonation ? 'res_type is not impersonatingResource' : 'no impersonation';
    return no(401, 'unauthorized_client', 'The resource type is not allowed by the trust.', reason);
  }
  const unmet = trust.claimValidations.find(({ name, value }) => claims[name] !== value);
  return unmet === undefined
    ? { ok: true, resource: { type, propagated: trust.claimPropagations }, claims }
    : no(401, 'unauthorized_client', 'Claim validation failed.', `claim ${unmet.name} does not hold`);
}

function no(status: number, error: string, description: string, reason: string): Denied {
  return { ok: false, status, error, description, reason };
}
