// The client credentials grant: an access token for a resource server, here AWS STS.
// Source: A-Team, "Using OCI Identity Domain as an OIDC provider for AWS STS".
import { createHash } from 'node:crypto';
import type { EmulatorResponse } from '../server/message.ts';
import { awsClientId, type World } from '../server/world.ts';
import { accessTokenResponse, audienceInSettings, tenantName } from './access-token.ts';
import { type Access, accessOf } from './allowed-scopes.ts';
import type { Client } from './clients.ts';
import { refuse } from './responses.ts';

/** The only scope of the application as a resource server, in a domain that the settings describe. */
export const AWS_SCOPE = '/';

export async function clientCredentials(
  form: URLSearchParams,
  client: Client,
  world: World,
): Promise<EmulatorResponse> {
  const requested = form.get('scope') ?? '';
  const access = client.app
    ? accessOf(client.app, requested, world)
    : accessInSettings(client.id, requested, world);
  return accessTokenResponse(claimsOf(client, world), access, world);
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
  return { audience: audienceInSettings(world), scope: granted.join(' '), lifetimeSeconds };
}

/** The qualified form of a scope is the audience, directly followed by the scope. */
function grantedScope(requested: string, { settings }: World): string | undefined {
  const { primaryAudience, scopeForms } = settings;
  const isQualified = scopeForms !== 'bare-only' && requested === `${primaryAudience}${AWS_SCOPE}`;
  const isBare = scopeForms !== 'qualified-only' && requested === AWS_SCOPE;
  return isQualified || isBare ? AWS_SCOPE : undefined;
}

function claimsOf({ id: clientId, app }: Client, world: World) {
  return {
    sub: clientId,
    sub_type: 'client',
    client_id: clientId,
    client_name: app?.['displayName'] ?? 'aws-federation',
    client_tenantname: tenantName(world),
    // The SCIM id of the application.
    client_guid: app?.id ?? createHash('md5').update(clientId).digest('hex'),
  };
}
