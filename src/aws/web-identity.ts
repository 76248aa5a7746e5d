// What AWS will ask of a token of the identity domain, asked here first: each fault names the setting to change.
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { ActionError, TransportError } from '../errors/action-error.ts';
import type { Http } from '../ports.ts';
import { isPrintable, isRetryableStatus, isTime, parseObject, quote } from '../response.ts';
import type { Secret } from '../secret.ts';

export interface WebIdentity {
  token: Secret;
  issuer: string;
  audience: string;
  subject: string;
  /** The signing key by which AWS will look for it. */
  keyId: string | undefined;
}

export interface CurrentWebIdentity extends WebIdentity {
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

export interface Expectation {
  domainUrl: URL;
  audience: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** All tenancies share this default; discovery does not live there, so no provider can be registered for it. */
const SHARED_ISSUER = 'https://identity.oraclecloud.com/';

/**
 * Reads a token that is meant for AWS and checks issuer, audience, subject and expiry.
 * @throws ActionError AWS_ISSUER_UNUSABLE, AWS_AUDIENCE_MISMATCH, AWS_TOKEN_EXPIRED, OCI_RESPONSE_MALFORMED
 * @see Create an OpenID Connect identity provider in IAM (AWS documentation)
 */
export function readWebIdentity(
  token: Secret,
  { domainUrl, audience, now }: Expectation,
): CurrentWebIdentity {
  const claims = decodeAccessToken(token);
  const issuer = issuerOf(claims, domainUrl);
  assertAudience(claims, audience);
  const subject = currentSubject(claims, now);
  return { token, issuer, audience, subject, expiresAt: (claims.exp ?? 0) * 1000, keyId: claims.kid };
}

/** @throws ActionError AWS_ISSUER_UNUSABLE */
export function issuerOf({ iss }: AccessTokenClaims, { origin }: URL): string {
  if (iss === origin) return iss;
  const why = iss === SHARED_ISSUER ? ', the default that all tenancies share' : '';
  throw new ActionError(
    'AWS_ISSUER_UNUSABLE',
    `The token's issuer is ${shown(iss)}${why}; AWS needs ${origin}.`,
  );
}

/** @throws ActionError AWS_AUDIENCE_MISMATCH */
export function assertAudience({ aud, azp }: AccessTokenClaims, audience: string): void {
  const audiences = Array.isArray(aud) ? aud : [aud];
  if (audiences.length !== 1 || audiences[0] !== audience) {
    const what = `The token's audience is ${shown(aud)}; \`aws-audience\` says ${shown(audience)}.`;
    throw new ActionError('AWS_AUDIENCE_MISMATCH', what);
  }
  // STS looks at the authorized party instead of the audience where there is one.
  if (azp !== undefined && azp !== audience) {
    const what = `The token names ${shown(azp)} as authorized party (\`azp\`), which AWS takes for the audience.`;
    throw new ActionError('AWS_AUDIENCE_MISMATCH', what);
  }
}

/** @throws ActionError AWS_TOKEN_EXPIRED, OCI_RESPONSE_MALFORMED */
export function currentSubject({ sub, exp }: AccessTokenClaims, now: number): string {
  if (typeof sub !== 'string' || !isPrintable(sub) || !isTime(exp)) {
    throw new ActionError('OCI_RESPONSE_MALFORMED', "The domain's access token lacks `sub` or `exp`.");
  }
  if (exp * 1000 <= now)
    throw new ActionError('AWS_TOKEN_EXPIRED', "The domain's access token has expired already.");
  return sub;
}

export type AccessTokenClaims = JWTPayload & { kid: string | undefined };

/** @throws ActionError OCI_RESPONSE_MALFORMED */
export function decodeAccessToken(token: Secret): AccessTokenClaims {
  try {
    return { ...decodeJwt(token.reveal()), kid: decodeProtectedHeader(token.reveal()).kid };
  } catch {
    throw new ActionError('OCI_RESPONSE_MALFORMED', "The domain's access token is no JWT.");
  }
}

function shown(value: unknown): string {
  return value === undefined ? '(none)' : quote(JSON.stringify(value), []);
}

/**
 * Fetches the discovery document and the signing keys as AWS will: without credentials.
 * @returns a warning when the network hides from this machine what AWS may well see; undefined if all is well
 * @throws ActionError AWS_ISSUER_UNUSABLE, AWS_SIGNING_KEYS_HIDDEN
 * @see OpenID Connect Discovery 1.0 section 4
 */
export async function checkPublishedKeys(
  http: Http,
  { issuer, keyId }: Pick<WebIdentity, 'issuer' | 'keyId'>,
): Promise<string | undefined> {
  try {
    const discovery = await fetchPublic(
      http,
      new URL(`${issuer}/.well-known/openid-configuration`),
      'discovery document',
    );
    if (discovery['issuer'] !== issuer) {
      const what = `The discovery document names issuer ${shown(discovery['issuer'])}; AWS needs exactly ${issuer}.`;
      throw new ActionError('AWS_ISSUER_UNUSABLE', what);
    }
    const { ids, address } = await fetchSigningKeys(http, discovery);
    if (ids.length > 0 && (keyId === undefined || ids.includes(keyId))) return undefined;
    throw new ActionError(
      'AWS_SIGNING_KEYS_HIDDEN',
      `The key ${shown(keyId)} is not among those at ${quote(address, [])}.`,
    );
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return `Whether AWS can read the domain's keys could not be tried from here: ${error.message}.`;
  }
}

/**
 * The ids of the keys to which a discovery document leads.
 * @throws ActionError AWS_SIGNING_KEYS_HIDDEN
 * @throws TransportError as `fetchPublic`
 */
export async function fetchSigningKeys(
  http: Http,
  discovery: Readonly<Record<string, unknown>>,
): Promise<{ ids: unknown[]; address: string }> {
  const address = discovery['jwks_uri'];
  if (typeof address !== 'string' || !/^https?:/.test(address) || !URL.canParse(address)) {
    throw new ActionError(
      'AWS_SIGNING_KEYS_HIDDEN',
      'The discovery document does not say where the signing keys are.',
    );
  }
  const { keys } = await fetchPublic(http, new URL(address), 'signing keys');
  const ids = Array.isArray(keys) ? keys.map((key: { kid?: unknown } | null) => key?.kid) : [];
  return { ids, address };
}

/**
 * A refusal that depends on who asks, or an outage, says nothing of what AWS will get; a demand for credentials does.
 * @throws TransportError for the former, ActionError AWS_SIGNING_KEYS_HIDDEN for the latter
 */
async function fetchPublic(http: Http, url: URL, what: string): Promise<Record<string, unknown>> {
  const headers = { accept: 'application/json' };
  const { status, text } = await http.send(() => ({
    method: 'GET',
    url,
    headers,
    label: `the domain's ${what}`,
    isOptional: true,
  }));
  const answer = status === 200 ? parseObject(text) : undefined;
  if (answer !== undefined) return answer;
  if (status === 403 || isRetryableStatus(status)) {
    throw new TransportError('unusable', `${url.href} answered ${status}`);
  }
  const got = status === 200 ? 'something that is no JSON object' : `status ${status}`;
  throw new ActionError('AWS_SIGNING_KEYS_HIDDEN', `Without credentials, ${url.href} gives ${got}.`);
}
