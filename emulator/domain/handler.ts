// An identity domain's door: the token endpoint, and what it publishes as OIDC provider.
// Must not know how tokens are judged or worded.

import { type EmulatorRequest, type EmulatorResponse, pathOf } from '../server/message.ts';
import { rateLimited } from '../server/rate-limit.ts';
import type { World } from '../server/world.ts';
import { DISCOVERY_PATH, discovery, KEYS_PATH, keys } from './keys.ts';
import { scimError } from './scim-error.ts';
import { tokenEndpoint } from './token-endpoint.ts';

export async function handleDomain(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const path = pathOf(request);
  const refused = rateLimited(path, world);
  if (refused) {
    return refused;
  }
  if (path === '/oauth2/v1/token') {
    return tokenEndpoint(request, world);
  }
  if (path !== DISCOVERY_PATH && path !== KEYS_PATH) {
    return scimError(404, 'Resource not found.', 'no such resource');
  }
  if (request.method !== 'GET') {
    return scimError(405, 'Method not allowed.', 'only GET is served here');
  }
  return path === DISCOVERY_PATH ? discovery(world) : keys(world);
}
