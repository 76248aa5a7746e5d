// GitHub's OIDC issuer: the token endpoint of a job, the discovery document and the public keys.
// Source: GitHub docs, "OpenID Connect reference".
import { randomUUID } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import {
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  pathOf,
  queryOf,
  sameSecret,
  single,
} from '../server/message.ts';
import type { Refusal } from '../server/refusal.ts';
import { githubKeysUrl, scaled, thumbprint, type World } from '../server/world.ts';
import { defaultAudience, jobClaims } from './claims.ts';
import { githubError, REFUSALS } from './responses.ts';

export const TOKEN_PATH = '/_services/token';

export async function handleGithub(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  if (request.method !== 'GET') return githubError(REFUSALS.wrongMethod, world);
  switch (pathOf(request)) {
    case '/.well-known/openid-configuration':
      return json(200, discovery(world));
    case world.settings.githubKeysPath:
      return json(200, { keys: [{ ...world.githubKey.jwk, x5t: thumbprint(world.githubKey) }] });
    case TOKEN_PATH:
      return issueToken(request, world);
    default:
      return githubError(REFUSALS.notFound, world);
  }
}

async function issueToken(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const denied = bearerFault(request, world);
  if (denied) return githubError(denied, world);
  const query = queryOf(request);
  if (query.getAll('api-version').length !== 1) return githubError(REFUSALS.noApiVersion, world);
  const audiences = query.getAll('audience');
  if (audiences.length > 1) return githubError(REFUSALS.repeatedAudience, world);
  const audience = audiences[0] || defaultAudience(world);
  const value = await signJobToken(world, audience);
  world.secrets.add(value);
  return { ...json(200, { count: value.length, value }), audience };
}

function bearerFault(request: EmulatorRequest, world: World): Refusal | undefined {
  const bearer = /^Bearer ([^ ]+)$/i.exec(single(request, 'authorization') ?? '')?.[1];
  if (bearer === undefined) return REFUSALS.noBearer;
  world.secrets.add(bearer);
  if (!sameSecret(bearer, world.requestToken)) return REFUSALS.wrongBearer;
  const { exp = 0 } = decodeJwt(bearer);
  return world.now() >= exp * 1000 ? REFUSALS.expiredBearer : undefined;
}

async function signJobToken(world: World, audience: string): Promise<string> {
  const issued = Math.floor(world.now() / 1000);
  const key = world.githubKey;
  return new SignJWT(jobClaims(world))
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: thumbprint(key), kid: key.kid })
    .setIssuer(world.urls.github)
    .setAudience(audience)
    .setJti(randomUUID())
    .setNotBefore(issued - 600)
    .setIssuedAt(issued)
    .setExpirationTime(issued + scaled(world.settings.githubJwtLifetimeSeconds, world.settings))
    .sign(key.privateKey);
}

function discovery(world: World) {
  const issuer = world.urls.github;
  return {
    issuer,
    jwks_uri: githubKeysUrl(world),
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: ['aud', 'exp', 'iat', 'iss', 'jti', 'nbf', ...Object.keys(jobClaims(world))],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}
