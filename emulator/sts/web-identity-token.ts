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
import { scaled, type World } from '../server/world.ts';
import { iamProvidersOf } from './iam.ts';
import { refuse } from './responses.ts';

export interface WebIdentity {
  issuer: string;
  subject: string;
  /** `azp` when the token has it, otherwise `aud`. */
  audience: string;
  /** The only roles that the token may assume; undefined for any. */
  roles: readonly unknown[] | undefined;
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

/** @throws {RefusedRequest} */
export async function verifyWebIdentity(token: string, account: string, world: World): Promise<WebIdentity> {
  const claims = decode(token);
  if (claims === undefined) {
    // STS treats a token without three parts as the opaque token of another provider.
    const isOpaque = token.split('.').length < 3;
    throw isOpaque
      ? refuse('opaqueToken', 'token does not have three parts')
      : refuse('notAJwt', 'token is not a JWT');
  }
  const { iss: issuer, sub: subject } = claims;
  if (typeof issuer !== 'string') throw refuse('missingClaim', 'no iss', { claim: 'iss' });
  const provider = iamProvidersOf(world).find((one) => one.account === account && one.url === issuer);
  if (!provider) throw refuse('noProvider', 'no provider for the issuer', { issuer });
  const missing = ['aud', 'sub', 'iat', 'exp'].find((name) => !isPresent(claims, name));
  if (missing !== undefined || typeof subject !== 'string') {
    throw refuse('missingClaim', `no ${missing}`, { claim: missing ?? '' });
  }
  const audience = audienceOf(claims);
  if (audience === undefined) throw refuse('severalAudiences', 'several audiences');
  if (!provider.clientIds.includes(audience)) {
    throw refuse('wrongAudience', 'audience is not a client id of the provider');
  }
  await verifySignature(token, issuer, world);
  checkLifetime(claims, world);
  const { 'https://aws.amazon.com/roles': roles } = claims;
  return { issuer, subject, audience, roles: roles === undefined ? roles : [roles].flat() };
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
  if (!keys) throw refuse('noKey', 'discovery document or keys cannot be read');
  try {
    await compactVerify(token, createLocalJWKSet(keys), { algorithms: ALGORITHMS });
  } catch (error) {
    throw error instanceof errors.JWKSNoMatchingKey
      ? refuse('noKey', 'no published key matches')
      : refuse('wrongSignature', 'signature or algorithm');
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
  if (now >= exp + grace) throw refuse('expired', 'exp', { now, exp });
  if (Math.max(iat, nbf) > now + grace) throw refuse('notYetValid', 'iat or nbf lies in the future');
}
