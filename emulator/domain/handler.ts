// An identity domain: the token endpoint, what it publishes as an OIDC provider, and its SCIM API.
// Source: OpenID Connect Discovery 1.0; "Access signing certificate" in the domain's settings.

import { DEFAULT_ISSUER } from '../scim/directory.ts';
import { handleScim, SCIM_PATH } from '../scim/handler.ts';
import { scimError } from '../scim/responses.ts';
import { type EmulatorRequest, type EmulatorResponse, json, pathOf } from '../server/message.ts';
import { domainIssuer, publishesKeys, type World, withPort } from '../server/world.ts';
import { KEYS_PATH, rateLimited, TOKEN_PATH } from './rate-limit.ts';
import { tokenEndpoint } from './token-endpoint.ts';

const DISCOVERY_PATH = '/.well-known/openid-configuration';

export async function handleDomain(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const path = pathOf(request);
  const limited = rateLimited(path, world);
  if (limited) return limited;
  if (path === TOKEN_PATH) return tokenEndpoint(request, world);
  const isScim = path.startsWith(SCIM_PATH) && path !== KEYS_PATH;
  if (isScim && world.settings.untouchedDomain) return handleScim(request, world);
  if (path !== DISCOVERY_PATH && path !== KEYS_PATH) {
    return scimError('notFound', 'no such resource', world);
  }
  if (request.method !== 'GET') return scimError('wrongScimMethod', 'only GET is supported', world);
  return path === DISCOVERY_PATH ? discovery(world) : publicKeys(world);
}

/** That `issuer` follows the domain's setting is assumed. AWS compares the two. */
function discovery(world: World): EmulatorResponse {
  const domain = withPort(world.urls.domain);
  return json(200, {
    issuer: world.settings.scim.discoveryFollowsIssuer ? domainIssuer(world) : DEFAULT_ISSUER,
    authorization_endpoint: `${domain}/oauth2/v1/authorize`,
    token_endpoint: `${domain}${TOKEN_PATH}`,
    jwks_uri: `${domain}${KEYS_PATH}`,
    response_types_supported: ['code', 'token', 'id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  });
}

/** Without public access, a real domain accepts an administrator's token instead; the emulator accepts none. */
function publicKeys(world: World): EmulatorResponse {
  return publishesKeys(world)
    ? json(200, { keys: [world.domainKey.jwk] })
    : scimError('keysNotPublic', 'signing keys are not public', world);
}
