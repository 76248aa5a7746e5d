// The access token of the identity domain that AWS accepts as a web identity. This module rejects a token only if AWS
// certainly refuses it or it differs from the inputs; `diagnosis/sts-refusal.ts` explains the other refusals.
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { ActionError, titled } from '../errors/action-error.ts';
import type { AwsConfig } from '../inputs/config.ts';
import { isPrintable, isShallow, isTime, quote } from '../response.ts';
import type { Secret } from '../secret.ts';

export interface WebIdentity {
  token: Secret;
  issuer: string;
  /** What AWS compares: `azp` if the token has one, otherwise `aud`. */
  audience: string;
  subject: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** Of the key that signed the token. */
  keyId: string | undefined;
  /** The only roles that the token may assume; undefined for any. */
  roles: readonly unknown[] | undefined;
}

/** The values of `aws-scope` and `aws-audience`. */
export type RequestedAudience = Pick<AwsConfig, 'scope' | 'audience'>;

type Claims = JWTPayload;

/** All tenancies share this default. It has no discovery document, so no provider can be registered for it. */
const SHARED_ISSUER = 'https://identity.oraclecloud.com/';

/**
 * Reads a token that is meant for AWS and checks issuer, audience, subject and expiry.
 * @param now milliseconds since the epoch
 * @throws ActionError AWS_ISSUER_UNUSABLE, AWS_AUDIENCE_MISMATCH, AWS_TOKEN_EXPIRED, OCI_RESPONSE_MALFORMED
 * @see Create an OpenID Connect identity provider in IAM (AWS documentation)
 */
export function readWebIdentity(
  token: Secret,
  expected: RequestedAudience & { domainUrl: URL },
  now: number,
): WebIdentity {
  const { claims, ...identity } = decodeAccessToken(token, now);
  const issuer = assertIssuer(claims, expected.domainUrl);
  return { ...identity, issuer, audience: assertAudience(claims, expected) };
}

/** @throws ActionError AWS_TOKEN_EXPIRED, OCI_RESPONSE_MALFORMED */
export function decodeAccessToken(
  token: Secret,
  now: number,
): Omit<WebIdentity, 'issuer' | 'audience'> & { claims: Claims } {
  const { claims, keyId } = decode(token);
  const { sub: subject, exp, 'https://aws.amazon.com/roles': roles } = claims;
  if (!isPrintable(subject) || !isTime(exp))
    throw titled('OCI_RESPONSE_MALFORMED', "The domain's access token lacks `sub` or `exp`.");
  const expiresAt = exp * 1000;
  if (expiresAt <= now)
    throw new ActionError('AWS_TOKEN_EXPIRED', "The domain's access token has expired already.");
  return { token, claims, subject, expiresAt, keyId, roles: roles === undefined ? roles : [roles].flat() };
}

function decode(token: Secret): { claims: Claims; keyId: string | undefined } {
  try {
    return { claims: decodeJwt(token.reveal()), keyId: decodeProtectedHeader(token.reveal()).kid };
  } catch {
    throw titled('OCI_RESPONSE_MALFORMED', "The domain's access token is no JWT.");
  }
}

/**
 * Refuses an issuer for which IAM cannot have a provider. An issuer on another host may have one: AWS decides.
 * @throws ActionError AWS_ISSUER_UNUSABLE
 * @see CreateOpenIDConnectProvider (IAM API Reference): the URL begins with https:// and has no port
 */
export function assertIssuer({ iss }: Claims, { origin }: URL): string {
  if (isOfDomain(iss, origin)) return iss;
  const why = whyUnusable(iss);
  if (why === undefined && isPrintable(iss)) return iss;
  const text = `The token's issuer is ${show(iss)}${why}. AWS needs ${origin}, with or without a slash at the end.`;
  throw titled('AWS_ISSUER_UNUSABLE', text);
}

export function isOfDomain(issuer: unknown, origin: string): issuer is string {
  return issuer === origin || issuer === `${origin}/`;
}

function whyUnusable(issuer: unknown): string | undefined {
  if (issuer === SHARED_ISSUER) return ', the default that all tenancies share';
  if (!isPrintable(issuer) || !/^https:\/\/[^/]/.test(issuer) || !URL.canParse(issuer)) return '';
  return /^https:\/\/[^/]*:\d*(\/|$)/.test(issuer) ? '; the URL of an IAM provider has no port' : undefined;
}

/** A message has no room for more, and a token of 1 MB could have 200,000. */
const MAX_SHOWN = 5;

/**
 * @returns what AWS compares with the provider's client IDs
 * @throws ActionError AWS_AUDIENCE_MISMATCH
 */
export function assertAudience({ aud, azp, scope }: Claims, requested: RequestedAudience): string {
  const { audience } = requested;
  const audiences = [...new Set([aud].flat())];
  const others = audiences.filter((one) => one !== audience);
  const hasWanted = others.length < audiences.length;
  if (hasWanted && others.length === 0) return isPrintable(azp) ? azp : audience;
  const facts = { aud: show(aud), scope: show(scope), 'aws-scope': requested.scope };
  if (!hasWanted) {
    const text = `The token's audience is ${show(aud)}; \`aws-audience\` is ${show(audience)}.`;
    throw titled('AWS_AUDIENCE_MISMATCH', text, { facts });
  }
  const scopes = `${requested.scope} ${typeof scope === 'string' ? scope : ''}`.split(' ');
  const causes = others.slice(0, MAX_SHOWN).map((other) => {
    const cause = scopes.find((one) => typeof other === 'string' && one.startsWith(other));
    return cause === undefined ? show(other) : `${show(other)} (scope ${cause})`;
  });
  const text = `Besides ${show(audience)}, the token has the audience ${quote(causes.join(', '), [])}; AWS accepts only one.`;
  const from = `\`aws-scope\` is ${show(requested.scope)}; the token's scopes are ${show(scope)}.`;
  throw titled('AWS_AUDIENCE_MISMATCH', `${text} ${from}`, { facts });
}

/** For messages. */
export function show(value: unknown): string {
  if (!isShallow(value)) return '(nested too deep)';
  return value === undefined ? '(none)' : quote(JSON.stringify(value), []);
}
