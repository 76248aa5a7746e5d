// Evaluates the token of a job against the domain's identity propagation trusts, up to the user or resource that it becomes.
// Sources: API page "IdentityPropagationTrusts"; "Exchanging a JSON Web Token for a UPST" for the rules.
import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { USER_EXTENSION, valuesOf } from '../scim/attributes.ts';
import type { ImpersonationRule, ServiceUser, Trust } from '../server/settings.ts';
import { keysAt, trustsOf, type World } from '../server/world.ts';
import { refuse } from './responses.ts';
import type { Resource } from './session-token.ts';

export interface TrustRequest {
  jwt: string;
  /** Undefined for a caller that signs instead. */
  clientId: string | undefined;
  /** The `res_type` of an RPST; undefined for a UPST. */
  resourceType: string | undefined;
}

export interface TrustResult {
  claims: JWTPayload;
  principal: { user: ServiceUser } | { resource: Resource };
}

/** @throws {RefusedRequest} when no trust allows the exchange */
export async function evaluateTrust(request: TrustRequest, world: World): Promise<TrustResult> {
  const { jwt, clientId, resourceType } = request;
  const trust = trustFor(jwt, world);
  checkCaller(clientId, trust, world);
  const claims = await verifyToken(jwt, trust, world);
  if (!hasClientClaim(claims, trust, world)) {
    throw refuse('clientClaimMismatch', 'client claim does not match');
  }
  if ((trust.subjectType === 'Resource') !== (resourceType !== undefined)) {
    throw refuse('wrongSubjectType', `trust has subjectType ${trust.subjectType}`);
  }
  const principal =
    resourceType === undefined
      ? { user: impersonatedUser(claims, trust, world) }
      : { resource: impersonatedResource(claims, trust, resourceType) };
  if (world.settings.refusesReplays && world.exchanged.has(jwt))
    throw refuse('invalidSubjectToken', 'subject_token was exchanged before');
  world.exchanged.add(jwt);
  return { claims, principal };
}

/** With and without `oauthClients`, a trust is for callers of one kind only, unless the settings say so. */
function checkCaller(clientId: string | undefined, { oauthClients }: Trust, { settings }: World): void {
  const isEmpty = oauthClients.length === 0;
  if (clientId === undefined) {
    if (!isEmpty && !settings.trustOfClientsAdmitsSigners) {
      throw refuse('signerNotInTrust', 'signer, but oauthClients is not empty');
    }
  } else if (!oauthClients.includes(clientId) && !(isEmpty && settings.trustWithoutClientsAdmitsClients)) {
    throw refuse('clientNotInTrust', 'client not in oauthClients');
  }
}

/** An inactive user cannot be impersonated. */
function userWith(id: string, { settings, directory }: World): ServiceUser | undefined {
  if (!settings.untouchedDomain) return id === settings.serviceUser.id ? settings.serviceUser : undefined;
  const user = directory.get('Users', id);
  if (user?.['active'] !== true) return undefined;
  const [isServiceUser] = valuesOf(user, `${USER_EXTENSION}:serviceUser`);
  return { id, ocid: String(user['ocid']), serviceUser: isServiceUser === true };
}

/** There may be one trust per issuer: a domain treats none and several as the same error. */
function trustFor(jwt: string, world: World): Trust {
  const issuer = issuerOf(jwt);
  if (issuer === undefined) {
    throw refuse('malformedSubjectToken', 'subject_token is not a JWT with an issuer');
  }
  const trusts = trustsOf(world).filter((one) => one.issuer === issuer);
  const active = trusts.filter((one) => one.active);
  const [trust] = active;
  if (trust === undefined || active.length > 1) {
    const name = active.length === 0 && trusts.length > 0 ? 'inactiveTrust' : 'noUniqueTrust';
    throw refuse(name, `${active.length} active trusts for the issuer`);
  }
  return trust;
}

function issuerOf(jwt: string): string | undefined {
  try {
    return decodeJwt(jwt).iss;
  } catch {
    return undefined;
  }
}

/** RFC 7519 section 4.1, with the trust's clock skew. A domain refuses a future `iat`, which jose does not. */
async function verifyToken(jwt: string, trust: Trust, world: World): Promise<JWTPayload> {
  const invalid = (reason: string) => refuse('invalidSubjectToken', reason);
  const keys = [...keysAt(trust.publicKeyEndpoint, world)];
  const { payload } = await jwtVerify(jwt, createLocalJWKSet({ keys }), {
    algorithms: ['RS256'],
    issuer: trust.issuer,
    clockTolerance: trust.clockSkewSeconds,
    currentDate: new Date(world.now()),
    // Not `nbf` and `jti`, which CircleCI, Bitbucket and Jenkins do not have.
    requiredClaims: ['sub', 'aud', 'exp', 'iat'],
  }).catch((error: unknown) => {
    throw invalid(error instanceof errors.JOSEError ? error.message : 'subject_token cannot be verified');
  });
  const latest = Math.floor(world.now() / 1000) + trust.clockSkewSeconds;
  if ((payload.iat ?? 0) > latest) throw invalid('iat lies in the future');
  return payload;
}

/** A trust without a client claim accepts any token. */
function hasClientClaim(claims: JWTPayload, trust: Trust, { settings }: World): boolean {
  if (trust.clientClaimName === undefined) return true;
  const value: unknown = claims[trust.clientClaimName];
  const matches = (text: unknown) => typeof text === 'string' && trust.clientClaimValues.includes(text);
  if (!Array.isArray(value)) return matches(value);
  switch (settings.clientClaimArrays) {
    case 'none':
      return false;
    case 'single':
      return value.length === 1 && value.every(matches);
    case 'any':
      return value.some(matches);
  }
}

function impersonatedUser(claims: JWTPayload, trust: Trust, world: World): ServiceUser {
  const id = trust.allowImpersonation ? firstMatch(trust.impersonationServiceUsers, claims) : undefined;
  const serviceUser = id === undefined ? undefined : userWith(id, world);
  if (serviceUser === undefined) {
    throw refuse(
      'noRuleMatched',
      id === undefined ? 'no rule matches' : 'rule names an inactive or unknown user',
    );
  }
  if (!serviceUser.serviceUser) {
    throw refuse('notServiceUser', 'user has no serviceUser flag');
  }
  return serviceUser;
}

function impersonatedResource(claims: JWTPayload, trust: Trust, type: string): Resource {
  if (!trust.allowImpersonation || type !== trust.impersonatingResource) {
    const reason = trust.allowImpersonation ? 'res_type is not impersonatingResource' : 'no impersonation';
    throw refuse('wrongResourceType', reason);
  }
  const unmet = trust.claimValidations.find(({ name, value }) => claims[name] !== value);
  if (unmet) throw refuse('claimValidationFailed', `claim ${unmet.name} does not match`);
  return { type, propagatedClaims: trust.claimPropagations };
}

/** The value of the first rule that matches. A malformed rule never matches. */
export function firstMatch(
  rules: readonly ImpersonationRule[],
  claims: Readonly<Record<string, unknown>>,
): string | undefined {
  return rules.find(({ rule }) => matches(rule, claims))?.value;
}

/**
 * `<claim> eq <value>` or `<claim> co <value>`, over string claims only; there is no `and`, no `or`.
 * Quotes are taken literally, so a quoted value never matches: live reports agree on that, Oracle's example does not.
 */
function matches(rule: string, claims: Readonly<Record<string, unknown>>): boolean {
  const [, name = '', operator, expected = ''] = /^(\S+) (eq|co) (.+)$/.exec(rule) ?? [];
  const actual = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (operator === undefined || typeof actual !== 'string') return false;
  if (operator === 'co') return actual.includes(expected);
  // A star is a wildcard at the end only. Elsewhere its meaning is undocumented: here it is a plain character.
  return expected.endsWith('*') ? actual.startsWith(expected.slice(0, -1)) : actual === expected;
}
