// Verifies a web identity token: provider, claims, audience, signature with the published keys, and lifetime.
// Source: IAM User Guide, "Create an OpenID Connect identity provider"; messages from public reports.

import {
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose';
import { handleDomain } from '../domain/handler.ts';
import { AwsError } from '../server/aws-xml.ts';
import { scaled, type World } from '../server/world.ts';
import { iamProvidersOf } from './iam.ts';

export interface WebIdentity {
  issuer: string;
  subject: string;
  /** `azp` when the token has it, otherwise `aud`. */
  audience: string;
}

/** "AWS accepts up to five minutes after `exp`". For `nbf` and `iat` the same is assumed. */
const GRACE_SECONDS = 300;
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
const REQUIRED_METADATA = [
  'issuer',
  'authorization_endpoint',
  'jwks_uri',
  'response_types_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
];
const NOT_A_JWT =
  'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)';
const NO_KEY =
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";

/** @throws {AwsError} */
export async function verifyWebIdentity(token: string, account: string, world: World): Promise<WebIdentity> {
  const claims = decode(token);
  if (claims === undefined) {
    // STS treats a token without three parts as the opaque token of another provider.
    const isOpaque = token.split('.').length < 3;
    throw isOpaque
      ? invalid('Provided Token is not a Login With Amazon token', 'token does not have three parts')
      : invalid(NOT_A_JWT, 'token is not a JWT');
  }
  const { iss: issuer, sub: subject } = claims;
  if (typeof issuer !== 'string') throw invalid('Missing a required claim: iss', 'no iss');
  const provider = iamProvidersOf(world).find((one) => one.account === account && one.url === issuer);
  if (!provider) {
    const message = `No OpenIDConnect provider found in your account for ${issuer}`;
    throw invalid(message, 'no provider for the issuer');
  }
  const missing = ['aud', 'sub', 'iat', 'exp'].find((name) => !isPresent(claims, name));
  if (missing !== undefined || typeof subject !== 'string') {
    throw invalid(`Missing a required claim: ${missing}`, `no ${missing}`);
  }
  const audience = audienceOf(claims);
  if (audience === undefined || !provider.clientIds.includes(audience)) {
    const reason =
      audience === undefined ? 'several audiences' : 'audience is not a client id of the provider';
    throw invalid('Incorrect token audience', reason);
  }
  await verifySignature(token, issuer, world);
  checkLifetime(claims, world);
  return { issuer, subject, audience };
}

/** Refuses whitespace and quotes, which decoders ignore. */
function decode(token: string): JWTPayload | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return undefined;
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

function isPresent(claims: JWTPayload, name: string): boolean {
  const value = claims[name];
  return ['iat', 'exp'].includes(name) ? Number.isInteger(value) : value !== undefined && value !== '';
}

/** Several audiences are always refused: how AWS treats them is undocumented. */
function audienceOf({ aud, azp }: JWTPayload): string | undefined {
  const [audience, ...others] = Array.isArray(aud) ? aud : [aud];
  if (others.length > 0) return undefined;
  return typeof azp === 'string' ? azp : audience;
}

async function verifySignature(token: string, issuer: string, world: World): Promise<void> {
  const keys = await publishedKeys(issuer, world);
  if (!keys) throw invalid(NO_KEY, 'discovery document or keys cannot be read');
  try {
    await compactVerify(token, createLocalJWKSet(keys), { algorithms: ALGORITHMS });
  } catch (error) {
    // The wording of STS for a wrong signature is unknown.
    throw error instanceof errors.JWKSNoMatchingKey
      ? invalid(NO_KEY, 'no published key matches')
      : invalid('The signature of the token could not be verified.', 'signature or algorithm');
  }
}

/** Reads the discovery document and the keys again for each token, without authentication. */
async function publishedKeys(issuer: string, world: World): Promise<JSONWebKeySet | undefined> {
  const metadata = await getPublic(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, world);
  const complete = REQUIRED_METADATA.every((name) => metadata[name] !== undefined);
  if (!complete || metadata['issuer'] !== issuer) return undefined;
  const { keys } = await getPublic(String(metadata['jwks_uri']), world);
  return Array.isArray(keys) ? { keys } : undefined;
}

/** Only the emulated domain can be reached. */
async function getPublic(url: string, world: World): Promise<Record<string, unknown>> {
  if (!URL.canParse(url) || new URL(url).origin !== world.urls.domain) return {};
  const target = new URL(url).pathname;
  const request = { method: 'GET', target, headers: {}, body: Buffer.alloc(0), requestId: '' };
  const { status, body } = await handleDomain(request, world);
  return status === 200 ? Object(JSON.parse(body.toString('utf8'))) : {};
}

function checkLifetime({ exp = 0, iat = 0, nbf = iat }: JWTPayload, world: World): void {
  const now = Math.floor(world.now() / 1000);
  const grace = scaled(GRACE_SECONDS, world.settings);
  if (now >= exp + grace) {
    // The missing space is AWS's.
    const message = `Token expired: current date/time ${now} must be before the expiration date/time${exp}`;
    throw new AwsError(400, 'ExpiredTokenException', message, 'exp');
  }
  if (Math.max(iat, nbf) > now + grace) {
    // The wording of STS is unknown.
    throw invalid('The token is not valid yet.', 'iat or nbf lies in the future');
  }
}

function invalid(message: string, reason: string): AwsError {
  return new AwsError(400, 'InvalidIdentityToken', message, reason);
}
