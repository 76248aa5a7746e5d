// The access token of the identity domain that AWS accepts as a web identity, with the checks that AWS will make: each
// failure names the setting to change.
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { ActionError } from '../errors/action-error.ts';
import { isPrintable, isShallow, isTime, quote } from '../response.ts';
import type { Secret } from '../secret.ts';

export interface WebIdentity {
  token: Secret;
  issuer: string;
  audience: string;
  subject: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** Of the key that signed the token. */
  keyId: string | undefined;
}

export type AccessTokenClaims = JWTPayload & { kid: string | undefined };

/** All tenancies share this default. It has no discovery document, so no provider can be registered for it. */
const SHARED_ISSUER = 'https://identity.oraclecloud.com/';

/**
 * Reads a token that is meant for AWS and checks issuer, audience, subject and expiry.
 * @param expected `now` in milliseconds since the epoch
 * @throws ActionError AWS_ISSUER_UNUSABLE, AWS_AUDIENCE_MISMATCH, AWS_TOKEN_EXPIRED, OCI_RESPONSE_MALFORMED
 * @see Create an OpenID Connect identity provider in IAM (AWS documentation)
 */
export function readWebIdentity(
  token: Secret,
  { domainUrl, audience, now }: { domainUrl: URL; audience: string; now: number },
): WebIdentity {
  const claims = decodeAccessToken(token);
  const issuer = assertIssuer(claims, domainUrl);
  assertAudience(claims, audience);
  return { token, issuer, audience, ...currentSubject(claims, now), keyId: claims.kid };
}

/** @throws ActionError OCI_RESPONSE_MALFORMED */
export function decodeAccessToken(token: Secret): AccessTokenClaims {
  try {
    return { ...decodeJwt(token.reveal()), kid: decodeProtectedHeader(token.reveal()).kid };
  } catch {
    throw new ActionError('OCI_RESPONSE_MALFORMED', "The domain's access token is no JWT.");
  }
}

/** @throws ActionError AWS_ISSUER_UNUSABLE */
export function assertIssuer({ iss }: AccessTokenClaims, { origin }: URL): string {
  if (iss === origin) return iss;
  const why = iss === SHARED_ISSUER ? ', the default that all tenancies share' : '';
  const text = `The token's issuer is ${show(iss)}${why}; AWS needs ${origin}.`;
  throw new ActionError('AWS_ISSUER_UNUSABLE', text);
}

/** @throws ActionError AWS_AUDIENCE_MISMATCH */
export function assertAudience({ aud, azp }: AccessTokenClaims, audience: string): void {
  const audiences = Array.isArray(aud) ? aud : [aud];
  if (audiences.length !== 1 || audiences[0] !== audience) {
    const text = `The token's audience is ${show(aud)}; \`aws-audience\` is ${show(audience)}.`;
    throw new ActionError('AWS_AUDIENCE_MISMATCH', text);
  }
  // STS compares the authorized party instead of the audience if there is one.
  if (azp !== undefined && azp !== audience) {
    const text = `The token names ${show(azp)} as authorized party (\`azp\`), which AWS takes for the audience.`;
    throw new ActionError('AWS_AUDIENCE_MISMATCH', text);
  }
}

/** @throws ActionError AWS_TOKEN_EXPIRED, OCI_RESPONSE_MALFORMED */
export function currentSubject(
  { sub, exp }: AccessTokenClaims,
  now: number,
): Pick<WebIdentity, 'subject' | 'expiresAt'> {
  if (!isPrintable(sub) || !isTime(exp)) {
    throw new ActionError('OCI_RESPONSE_MALFORMED', "The domain's access token lacks `sub` or `exp`.");
  }
  if (exp * 1000 > now) return { subject: sub, expiresAt: exp * 1000 };
  throw new ActionError('AWS_TOKEN_EXPIRED', "The domain's access token has expired already.");
}

/** For messages. */
export function show(value: unknown): string {
  if (!isShallow(value)) return '(nested too deep)';
  return value === undefined ? '(none)' : quote(JSON.stringify(value), []);
}
