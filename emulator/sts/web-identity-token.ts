// Judges a web identity token as STS does: provider, claims, audience, signature by published keys, times.
// Source: IAM User Guide, "Create an OpenID Connect identity provider"; texts from reports. Must not know roles.
import {
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose';
import { handleDomain } from '../domain/handler.ts';
import type { IamProvider } from '../server/aws-settings.ts';
import { scaled, type World } from '../server/world.ts';
import { iamProvidersOf } from './aws-accounts.ts';
import type { StsError } from './responses.ts';

export interface WebIdentity {
  issuer: string;
  subject: string;
  /** `azp` if the token has it, or else `aud`. */
  audience: string;
}

export type IdentityResult = { ok: true; identity: WebIdentity } | { ok: false; error: StsError };

/** "AWS accepts up to five minutes after `exp`"; for `nbf` and `iat` the same is assumed. */
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

export async function identify(token: string, account: string, world: World): Promise<IdentityResult> {
  const claims = read(token);
  if (claims === undefined) {
    // Something without three parts is taken for the opaque token of another kind of provider.
    const foreign = token.split('.').length < 3;
    const text = foreign ? 'Provided Token is not a Login With Amazon token' : NOT_A_JWT;
    return no(text, foreign ? 'token has no three parts' : 'token is no JWT');
  }
  const { iss: issuer, sub: subject } = claims;
  if (typeof issuer !== 'string') {
    return no('Missing a required claim: iss', 'no iss');
  }
  const provider = iamProvidersOf(world).find((one) => one.account === account && one.url === issuer);
  if (!provider) {
    return no(`No OpenIDConnect provider found in your account for ${issuer}`, 'no provider for the issuer');
  }
  const missing = ['aud', 'sub', 'iat', 'exp'].find((name) => !isPresent(claims, name));
  if (missing !== undefined || typeof subject !== 'string') {
    return no(`Missing a required claim: ${missing}`, `no ${missing}`);
  }
  const audience = audienceOf(claims);
  if (audience === undefined || !provider.clientIds.includes(audience)) {
    return no('Incorrect token audience', audience === undefined ? 'not one audience' : 'not a client id');
  }
  const error = (await signatureFault(token, provider, world)) ?? timeFault(claims, world);
  return error ? { ok: false, error } : { ok: true, identity: { issuer, subject, audience } };
}

/** Strict on purpose: blanks, line breaks and quotes inside are refused, which decoders skip over. */
function read(token: string): JWTPayload | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) {
    return undefined;
  }
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

/** Several audiences are refused in any case: what AWS makes of them is undocumented. */
function audienceOf({ aud, azp }: JWTPayload): string | undefined {
  const [only, ...others] = Array.isArray(aud) ? aud : [aud];
  if (others.length > 0) {
    return undefined;
  }
  return typeof azp === 'string' ? azp : only;
}

async function signatureFault(
  token: string,
  { url }: IamProvider,
  world: World,
): Promise<StsError | undefined> {
  const published = await publishedKeys(url, world);
  if (!published) {
    return invalid(NO_KEY, 'discovery or keys cannot be read');
  }
  try {
    await compactVerify(token, createLocalJWKSet(published), { algorithms: ALGORITHMS });
    return undefined;
  } catch (error) {
    // The wording for a signature that does not fit is unknown; this one is ours.
    return error instanceof errors.JWKSNoMatchingKey
      ? invalid(NO_KEY, 'no published key fits')
      : invalid('The signature of the token could not be verified.', 'signature or algorithm');
  }
}

/** Looks the keys up afresh each time, as anybody on the internet would. */
async function publishedKeys(issuer: string, world: World): Promise<JSONWebKeySet | undefined> {
  const metadata = await anonymously(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, world);
  const complete = REQUIRED_METADATA.every((name) => metadata[name] !== undefined);
  if (!complete || metadata['issuer'] !== issuer) {
    return undefined;
  }
  const { keys } = await anonymously(String(metadata['jwks_uri']), world);
  return Array.isArray(keys) ? { keys } : undefined;
}

/** Nothing but the domain can be reached in this world. */
async function anonymously(url: string, world: World): Promise<Record<string, unknown>> {
  if (!URL.canParse(url) || new URL(url).origin !== world.urls.domain) {
    return {};
  }
  const target = new URL(url).pathname;
  const request = { method: 'GET', target, headers: {}, body: Buffer.alloc(0), requestId: '' };
  const { status, body } = await handleDomain(request, world);
  return status === 200 ? Object(JSON.parse(body.toString('utf8'))) : {};
}

function timeFault({ exp = 0, iat = 0, nbf = iat }: JWTPayload, world: World): StsError | undefined {
  const now = Math.floor(world.now() / 1000);
  const grace = scaled(GRACE_SECONDS, world.settings);
  if (now >= exp + grace) {
    // The missing blank is AWS's.
    const message = `Token expired: current date/time ${now} must be before the expiration date/time${exp}`;
    return { status: 400, code: 'ExpiredTokenException', message, reason: 'exp' };
  }
  // The wording is ours.
  return Math.max(iat, nbf) <= now + grace
    ? undefined
    : invalid('The token is not valid yet.', 'iat or nbf lies in the future');
}

function invalid(message: string, reason: string): StsError {
  return { status: 400, code: 'InvalidIdentityToken', message, reason };
}

function no(message: string, reason: string): IdentityResult {
  return { ok: false, error: invalid(message, reason) };
}
