// The client credentials grant: an access token for a resource server, here AWS STS.
// Source: A-Team, "Using OCI Identity Domain as an OIDC provider for AWS STS".
import { createHash, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { type EmulatorResponse, json } from '../server/message.ts';
import { listOf } from '../server/settings.ts';
import { awsClientId, domainIssuer, scaled, thumbprint, type World, withPort } from '../server/world.ts';
import { type Access, accessOf } from './allowed-scopes.ts';
import type { Client } from './clients.ts';
import { refuse } from './responses.ts';

/** The only scope of the application as a resource server, in a domain that the settings describe. */
const SCOPE = '/';

export async function clientCredentials(
  form: URLSearchParams,
  client: Client,
  world: World,
): Promise<EmulatorResponse> {
  const requested = form.get('scope') ?? '';
  const access = client.app
    ? accessOf(client.app, requested, world)
    : accessInSettings(client.id, requested, world);
  const accessToken = await signAccessToken(client, access, world);
  world.secrets.add(accessToken);
  const response = {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: scaled(access.lifetimeSeconds, world.settings),
  };
  return json(200, response, { 'Cache-Control': 'no-store' });
}

function accessInSettings(clientId: string, requested: string, world: World): Access {
  if (clientId !== awsClientId(world)) {
    throw refuse('grantNotAllowed', 'client is not the application for AWS');
  }
  if (requested === '') throw refuse('missingParameter', 'scope is missing');
  const scopes = requested.split(' ').map((scope) => grantedScope(scope, world));
  const granted = scopes.filter((scope) => scope !== undefined);
  if (granted.length < scopes.length) {
    throw refuse('invalidScope', 'scope is unknown or has the wrong form');
  }
  const lifetimeSeconds = world.settings.accessTokenLifetimeSeconds;
  return { audience: audience(world), scope: granted.join(' '), lifetimeSeconds };
}

/** The qualified form of a scope is the audience, directly followed by the scope. */
function grantedScope(requested: string, { settings }: World): string | undefined {
  const { primaryAudience, scopeForms } = settings;
  const isQualified = scopeForms !== 'bare-only' && requested === `${primaryAudience}${SCOPE}`;
  const isBare = scopeForms !== 'qualified-only' && requested === SCOPE;
  return isQualified || isBare ? SCOPE : undefined;
}

async function signAccessToken(
  { id: clientId, app }: Client,
  { audience, scope, lifetimeSeconds }: Access,
  world: World,
): Promise<string> {
  const { settings, domainKey } = world;
  const issued = Math.floor(world.now() / 1000);
  // The name of the domain, which is the first label of its host. It is not the tenancy.
  const tenant = new URL(world.urls.domain).hostname.split('.', 1)[0] ?? '';
  return new SignJWT({
    iss: domainIssuer(world),
    aud: audience,
    sub: clientId,
    sub_type: 'client',
    sub_mappingattr: 'userName',
    client_id: clientId,
    client_name: app?.['displayName'] ?? 'aws-federation',
    tok_type: 'AT',
    scope,
    tenant,
    'user.tenant.name': tenant,
    client_tenantname: tenant,
    // The SCIM id of the application.
    client_guid: app?.id ?? createHash('md5').update(clientId).digest('hex'),
    // With the port, which `iss` does not have.
    tenant_iss: withPort(world.urls.domain),
    primTenant: false,
    opc: false,
    iat: issued,
    exp: issued + scaled(lifetimeSeconds, settings),
    jti: randomUUID(),
    ...settings.accessTokenClaims,
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: domainKey.kid, x5t: thumbprint(domainKey) })
    .sign(domainKey.privateKey);
}

function audience({ settings }: World): string | string[] {
  const audiences = [...listOf(settings.accessTokenAudience ?? settings.primaryAudience)];
  const [only, ...others] = audiences;
  const asString = settings.accessTokenAudienceForm === 'string' && others.length === 0;
  return asString && only !== undefined ? only : audiences;
}
