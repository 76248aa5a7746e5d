// The grant that gives an app an access token for a resource server, here for AWS STS.
// Source: A-Team, "Using OCI Identity Domain as an OIDC provider for AWS STS". Must not know AWS.
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { listOf } from '../server/aws-settings.ts';
import { type EmulatorResponse, json } from '../server/message.ts';
import { scaled, type World } from '../server/world.ts';
import { awsClientId, domainIssuer } from '../sts/aws-accounts.ts';
import { invalid, refusal, repetitionFault } from './oauth.ts';

export async function clientCredentials(
  form: URLSearchParams,
  clientId: string,
  world: World,
): Promise<EmulatorResponse> {
  const repeated = repetitionFault(form);
  if (repeated) {
    return refusal(repeated);
  }
  if (clientId !== awsClientId(world)) {
    // RFC 6749 section 5.2 names the error; status and wording of a real domain are unknown.
    const description = 'The client is not authorized to use this grant type.';
    const reason = 'client is not the app for AWS';
    return refusal({ status: 401, error: 'unauthorized_client', description, reason });
  }
  const requested = form.get('scope') ?? '';
  if (requested === '') {
    return refusal(invalid('A required parameter is missing.', 'scope is missing'));
  }
  const scopes = requested.split(' ').map((scope) => bareScope(scope, world));
  const granted = scopes.filter((scope) => scope !== undefined);
  if (granted.length < scopes.length) {
    // The shape is that of RFC 6749 section 5.2; a real domain's wording is unknown.
    const description = 'The requested scope is invalid, unknown, or malformed.';
    const reason = 'scope is not one of the resource, or in the wrong form';
    return refusal({ status: 400, error: 'invalid_scope', description, reason });
  }
  const access_token = await sign(clientId, granted.join(' '), world);
  world.secrets.add(access_token);
  const answer = {
    access_token,
    token_type: 'Bearer',
    expires_in: scaled(world.settings.accessTokenLifetimeSeconds, world.settings),
  };
  return json(200, answer, { 'Cache-Control': 'no-store' });
}

/** The fully qualified form is audience and scope, one right after the other. */
function bareScope(requested: string, { settings }: World): string | undefined {
  const { primaryAudience, resourceScopes, scopeForms } = settings;
  return resourceScopes.find(
    (scope) =>
      (scopeForms !== 'bare-only' && requested === `${primaryAudience}${scope}`) ||
      (scopeForms !== 'qualified-only' && requested === scope),
  );
}

async function sign(clientId: string, scope: string, world: World): Promise<string> {
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
    tenant: tenantOf(world),
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
  const [only] = audiences;
  return only !== undefined && audiences.length === 1 && settings.accessTokenAudienceForm === 'string'
    ? only
    : audiences;
}

/** The domain's own name, the first label of its host, and not the tenancy. */
function tenantOf(world: World): string {
  return new URL(world.urls.domain).hostname.split('.', 1)[0] ?? '';
}
