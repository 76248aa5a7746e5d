// What an application of the directory gets with client credentials: a scope of a resource server, or its own roles.
// Source: "OAuth Client App"; A-Team, "Using OCI Identity Domain as an OIDC provider for AWS STS".
import { type ScimObject, valuesOf } from '../scim/attributes.ts';
import { grantedRoles, scopesOf } from '../scim/view.ts';
import type { World } from '../server/world.ts';
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
  if (!valuesOf(app, 'allowedGrants').includes('client_credentials'))
    throw refuse('grantNotAllowed', 'allowedGrants has no client_credentials');
  if (requested === '') throw refuse('missingParameter', 'scope is missing');
  const { accessTokenLifetimeSeconds } = world.settings;
  if (requested === OWN_ROLES) {
    if (grantedRoles(app.id, world.directory).length === 0)
      throw refuse('invalidScope', 'application has no role');
    return { audience: world.urls.domain, scope: requested, lifetimeSeconds: accessTokenLifetimeSeconds };
  }
  const scopes = requested.split(' ').map((scope) => allowedScope(scope, app, world));
  const [first] = scopes;
  if (first === undefined || scopes.some(({ server }) => server.id !== first.server.id)) {
    throw refuse('invalidScope', 'scopes of several resource servers');
  }
  const expiry = first.server['accessTokenExpiry'];
  return {
    audience: String(first.server['audience']),
    scope: scopes.map(({ value }) => value).join(' '),
    lifetimeSeconds: typeof expiry === 'number' ? expiry : accessTokenLifetimeSeconds,
  };
}

interface Scope {
  server: ScimObject;
  value: string;
  /** With the audience of its server in front. */
  fqs: string;
}

/** An explicit client gets the scopes in its list; any other, and any in a domain that trusts all, every scope there is. */
function allowedScope(requested: string, app: ScimObject, { directory, settings }: World): Scope {
  const isNamed = ({ value, fqs }: Scope) =>
    (settings.scopeForms !== 'bare-only' && fqs === requested) ||
    (settings.scopeForms !== 'qualified-only' && value === requested);
  const servers = directory
    .all('Apps')
    .filter((one) => one['active'] === true && one['isOAuthResource'] === true);
  const named = servers
    .flatMap((server) => scopesOf(server).map(({ value, fqs }) => ({ server, value, fqs })))
    .filter(isNamed);
  if (named.length === 0) throw refuse('invalidScope', 'no active resource server has the scope');
  const trustsAll = directory.get('Settings', 'Settings')?.['accountAlwaysTrustScope'] === true;
  const allowed = valuesOf(app, 'allowedScopes.fqs');
  const scope = named.find(
    ({ fqs }) => trustsAll || app['trustScope'] !== 'Explicit' || allowed.includes(fqs),
  );
  if (scope === undefined) throw refuse('invalidScope', 'scope is not in allowedScopes');
  return scope;
}
