// The exchange without a subject token: an OCI session signs, and gets an access token of the domain for itself.
// Source: "Token Exchange Grant Type: Two-Legged OAuth Flow". Assumed for users: who may have which scope, and the claims.
import type { Principal } from '../oci/request-signature.ts';
import { scopesOf } from '../scim/view.ts';
import type { EmulatorResponse } from '../server/message.ts';
import { awsClientId, type World } from '../server/world.ts';
import { accessTokenResponse, audienceInSettings, tenantName } from './access-token.ts';
import type { Access } from './allowed-scopes.ts';
import { AWS_SCOPE } from './client-credentials.ts';
import { refuse } from './responses.ts';
import { kindOf } from './signers.ts';

export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** Of the user's session in the domain, by default. */
const USER_SESSION_SECONDS = 480 * 60;

interface User {
  id: string;
  ocid: string;
  userName: string;
}

export function requestsAccessToken(form: URLSearchParams): boolean {
  return form.get('requested_token_type') === ACCESS_TOKEN;
}

/** @throws {RefusedRequest} */
export async function twoLegged(
  form: URLSearchParams,
  signer: Principal,
  world: World,
): Promise<EmulatorResponse> {
  const unexpected = ['subject_token', 'subject_token_type', 'public_key'].find((name) => form.has(name));
  if (unexpected !== undefined) throw refuse('unexpectedParameter', `${unexpected} in a two-legged exchange`);
  const kind = kindOf(signer);
  const { accessTokenSigners, accessTokenUsers, accessTokenEndsWithSession } = world.settings;
  if (!accessTokenSigners.includes(kind)) throw refuse('scopeNotGranted', `signer is of the kind ${kind}`);
  const { audience, scope, lifetimeSeconds } = accessFor(form.get('scope') ?? '', world);
  if (accessTokenUsers !== 'all' && !accessTokenUsers.includes(signer.user)) {
    throw refuse('scopeNotGranted', 'user is not granted the scope');
  }
  const left = accessTokenEndsWithSession
    ? (signer.claims.exp ?? 0) - Math.floor(world.now() / 1000)
    : Infinity;
  const lifetime = Math.min(lifetimeSeconds, USER_SESSION_SECONDS, left);
  const claims = claimsOf(userOf(signer, world), world);
  return accessTokenResponse(claims, { audience, scope, lifetimeSeconds: lifetime }, world);
}

/** Only the qualified form: the audience, directly followed by the scope. */
function accessFor(requested: string, world: World): Access {
  if (requested === '') throw refuse('missingParameter', 'scope is missing');
  if (requested === AWS_SCOPE) throw refuse('invalidScope', 'scope has no audience');
  const access = world.settings.untouchedDomain
    ? inDirectory(requested, world)
    : inSettings(requested, world);
  if (!access) throw refuse('invalidScope', 'no active resource server has the scope');
  return access;
}

function inSettings(requested: string, world: World): Access | undefined {
  const { primaryAudience, awsResourceActive, accessTokenLifetimeSeconds } = world.settings;
  if (!awsResourceActive || requested !== `${primaryAudience}${AWS_SCOPE}`) return undefined;
  return {
    audience: audienceInSettings(world),
    scope: AWS_SCOPE,
    lifetimeSeconds: accessTokenLifetimeSeconds,
  };
}

function inDirectory(requested: string, { directory, settings }: World): Access | undefined {
  const server = directory
    .all('Apps')
    .filter((app) => app['active'] === true && app['isOAuthResource'] === true)
    .find((app) => scopesOf(app).some(({ fqs }) => fqs === requested));
  if (server === undefined) return undefined;
  const { audience, accessTokenExpiry } = server;
  return {
    audience: String(audience),
    scope: requested.slice(String(audience).length),
    lifetimeSeconds:
      typeof accessTokenExpiry === 'number' ? accessTokenExpiry : settings.accessTokenLifetimeSeconds,
  };
}

function userOf({ user: ocid }: Principal, { settings, directory }: World): User {
  if (!settings.untouchedDomain)
    return { id: settings.serviceUser.id, ocid, userName: settings.serviceUserName };
  const found = directory.all('Users').find((user) => user['ocid'] === ocid);
  return { id: found?.id ?? '', ocid, userName: String(found?.['userName'] ?? '') };
}

/** No `client_id`: there is no client. */
function claimsOf({ id, ocid, userName }: User, world: World) {
  const subjects = { userName, id, ocid, absent: undefined, 'client-id': awsClientId(world) };
  return {
    sub: subjects[world.settings.accessTokenSubject],
    sub_type: 'user',
    user_id: id,
    user_ocid: ocid,
    user_tenantname: tenantName(world),
    domain_id: world.settings.domainOcid,
  };
}
