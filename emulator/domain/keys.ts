// What a domain publishes so that others can verify its tokens: the discovery document and the keys.
// Source: OpenID Connect Discovery 1.0; "Access signing certificate" in the domain's settings. Must not know grants.

import { type EmulatorResponse, json } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { domainIssuer } from '../sts/aws-accounts.ts';
import { scimError } from './scim-error.ts';

export const DISCOVERY_PATH = '/.well-known/openid-configuration';
export const KEYS_PATH = '/admin/v1/SigningCert/jwk';

/** That `issuer` follows the domain's setting is assumed; AWS at any rate compares the two. */
export function discovery(world: World): EmulatorResponse {
  const { domain } = world.urls;
  return json(200, {
    issuer: domainIssuer(world),
    authorization_endpoint: `${domain}/oauth2/v1/authorize`,
    token_endpoint: `${domain}/oauth2/v1/token`,
    jwks_uri: `${domain}${KEYS_PATH}`,
    response_types_supported: ['code', 'token', 'id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  });
}

/** With public access off an administrator's token would open it; here nothing does. */
export function keys(world: World): EmulatorResponse {
  return world.settings.signingCertPublicAccess
    ? json(200, { keys: [world.domainKey.jwk] })
    : scimError(401, 'You must be authenticated to access this resource.', 'signing keys are not public');
}
