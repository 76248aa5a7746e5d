// What an application of the directory gets with client credentials: a scope of a resource server, or its own roles.
// Source: "OAuth Client App"; A-Team, "Using OCI Identity Domain as an OIDC provider for AWS STS".
import { type ScimObject, valuesOf } from '../scim/attributes.ts';
import { fullScopesOf, grantedRoles } from '../scim/view.ts';
import { listOf } from '../server/settings.ts';
import type { World } from '../server/world.ts';
import { mayUseClientCredentials } from './clients.ts';
import { refuse } from './responses.ts';

export interface Access {
  audience: string | string[];
  scope: string;
  lifetimeSeconds: number;
}

/** Everything that the roles of the application allow in the domain's own API. */
const OWN_ROLES = 'urn:opc:idm:__myscopes__';

/** @throws {RefusedRequest} */
export function accessOf(app: ScimObject, requested: string, world: World): Access {
  if (!mayUseClientCredentials(app))
    throw refuse('grantNotAllowed', 'allowedGrants has no client_credentials');
  if (requested === '') throw refuse('missingParameter', 'scope is missing');
  const { accessTokenLifetimeSeconds, accessTokenAudience } = world.settings;
  if (requested === OWN_ROLES) {
    if (grantedRoles(app.id, world).length === 0) throw refuse('invalidScope', 'application has no role');
    return { audience: world.urls.domain, scope: requested, lifetimeSeconds: accessTokenLifetimeSeconds };
  }
  const servers = requested.split(' ').map((scope) => resourceServer(scope, app, world));
  const [first, ...others] = servers;
  if (first === undefined || others.some(({ id }) => id !== first.id)) {
    throw refuse('invalidScope', 'scopes of several resource servers');
  }
  const audience = String(first['audience']);
  const expiry = first['accessTokenExpiry'];
  return {
    audience: accessTokenAudience === undefined ? audience : [...listOf(accessTokenAudience)],
    scope: requested
      .split(' ')
      .map((scope) => scope.slice(audience.length))
      .join(' '),
    lifetimeSeconds: typeof expiry === 'number' ? expiry : accessTokenLifetimeSeconds,
  };
}

/** An explicit client gets the scopes in its list; any other, and any in a domain that trusts all, every scope there is. */
function resourceServer(scope: string, app: ScimObject, { directory }: World): ScimObject {
  const settings = directory.get('Settings', 'Settings');
  const isExplicit = app['trustScope'] === 'Explicit' && settings?.['accountAlwaysTrustScope'] !== true;
  const server = directory
    .all('Apps')
    .filter((one) => one['active'] === true && one['isOAuthResource'] === true)
    .find((one) => fullScopesOf(one).includes(scope));
  if (server === undefined) throw refuse('invalidScope', 'no active resource server has the scope');
  if (isExplicit && !valuesOf(app, 'allowedScopes.fqs').includes(scope)) {
    throw refuse('invalidScope', 'scope is not in allowedScopes');
  }
  return server;
}
