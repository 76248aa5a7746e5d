// The client credentials grant: an access token for a resource server, here AWS STS.
// Source: A-Team, "Using OCI Identity Domain as an OIDC provider for AWS STS".
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { type EmulatorResponse, json } from '../server/message.ts';
import { listOf } from '../server/settings.ts';
import { awsClientId, domainIssuer, scaled, type World } from '../server/world.ts';
import { invalidRequest, OAuthError } from './responses.ts';

/** The only scope of the application as a resource server. */
const SCOPE = '/';

export async function clientCredentials(
  form: URLSearchParams,
  clientId: string,
  world: World,
): Promise<EmulatorResponse> {
  if (clientId !== awsClientId(world)) {
    // RFC 6749 section 5.2 names the error; status and wording of a real domain are unknown.
    const description = 'The client is not authorized to use this grant type.';
    throw new OAuthError(401, 'unauthorized_client', description, 'client is not the application for AWS');
  }
  const requested = form.get('scope') ?? '';
  if (requested === '') throw invalidRequest('A required parameter is missing.', 'scope is missing');
  const scopes = requested.split(' ').map((scope) => grantedScope(scope, world));
  const granted = scopes.filter((scope) => scope !== undefined);
  if (granted.length < scopes.length) {
    // The error is that of RFC 6749 section 5.2; a real domain's wording is unknown.
    const description = 'The requested scope is invalid, unknown, or malformed.';
    throw new OAuthError(400, 'invalid_scope', description, 'scope is unknown or has the wrong form');
  }
  const accessToken = await signAccessToken(clientId, granted.join(' '), world);
  world.secrets.add(accessToken);
  const response = {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: scaled(world.settings.accessTokenLifetimeSeconds, world.settings),
  };
  return json(200, response, { 'Cache-Control': 'no-store' });
}

/** The qualified form of a scope is the audience, directly followed by the scope. */
function grantedScope(requested: string, { settings }: World): string | undefined {
  const { primaryAudience, scopeForms } = settings;
  const isQualified = scopeForms !== 'bare-only' && requested === `${primaryAudience}${SCOPE}`;
  const isBare = scopeForms !== 'qualified-only' && requested === SCOPE;
  return isQualified || isBare ? SCOPE : undefined;
}

async function signAccessToken(clientId: string, scope: string, world: World): Promise<string> {
  const { settings, domainKey } = world;
  const issued = Math.floor(world.now() / 1000);
  return new SignJWT({
    iss: domainIssuer(world),
    aud: audience(world),
    sub: clientId,
    sub_type: 'client',
    sub_mappingattr: 'userName',
    client_id: clientId,
    client_name: 'aws-federation',
    tok_type: 'AT',
    scope,
    // The name of the domain, which is the first label of its host. It is not the tenancy.
    tenant: new URL(world.urls.domain).hostname.split('.', 1)[0] ?? '',
    iat: issued,
    exp: issued + scaled(settings.accessTokenLifetimeSeconds, settings),
    jti: randomUUID(),
    ...settings.accessTokenClaims,
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: domainKey.kid })
    .sign(domainKey.privateKey);
}

function audience({ settings }: World): string | string[] {
  const audiences = [...listOf(settings.accessTokenAudience ?? settings.primaryAudience)];
  const [only, ...others] = audiences;
  const asString = settings.accessTokenAudienceForm === 'string' && others.length === 0;
  return asString && only !== undefined ? only : audiences;
}
