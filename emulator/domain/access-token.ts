// Access tokens of the identity domain, as AWS STS gets them.
// Source: A-Team, "Using OCI Identity Domain as an OIDC provider for AWS STS".
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { type EmulatorResponse, json } from '../server/message.ts';
import { listOf } from '../server/settings.ts';
import { domainIssuer, scaled, thumbprint, type World, withPort } from '../server/world.ts';
import type { Access } from './allowed-scopes.ts';

/** @param subject the claims of the client or user; undefined leaves one out */
export async function accessTokenResponse(
  subject: Readonly<Record<string, unknown>>,
  access: Access,
  world: World,
): Promise<EmulatorResponse> {
  const expiresIn = scaled(access.lifetimeSeconds, world.settings);
  const accessToken = await signAccessToken(subject, access, expiresIn, world);
  world.secrets.add(accessToken);
  const response = { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn };
  return json(200, response, { 'Cache-Control': 'no-store' });
}

function signAccessToken(
  subject: Readonly<Record<string, unknown>>,
  { audience, scope }: Access,
  expiresIn: number,
  world: World,
): Promise<string> {
  const { settings, domainKey } = world;
  const issued = Math.floor(world.now() / 1000);
  const tenant = tenantName(world);
  return new SignJWT({
    iss: domainIssuer(world),
    aud: audience,
    sub_mappingattr: 'userName',
    ...subject,
    tok_type: 'AT',
    scope,
    tenant,
    'user.tenant.name': tenant,
    // With the port, which `iss` does not have.
    tenant_iss: withPort(world.urls.domain),
    primTenant: false,
    opc: false,
    iat: issued,
    exp: issued + expiresIn,
    jti: randomUUID(),
    ...settings.accessTokenClaims,
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: domainKey.kid, x5t: thumbprint(domainKey) })
    .sign(domainKey.privateKey);
}

/** The name of the domain, which is the first label of its host. It is not the tenancy. */
export function tenantName({ urls }: World): string {
  return new URL(urls.domain).hostname.split('.', 1)[0] ?? '';
}

/** `aud` of an application that the settings describe. */
export function audienceInSettings({ settings }: World): string | string[] {
  const audiences = [...listOf(settings.accessTokenAudience ?? settings.primaryAudience)];
  const [only, ...others] = audiences;
  const asString = settings.accessTokenAudienceForm === 'string' && others.length === 0;
  return asString && only !== undefined ? only : audiences;
}
