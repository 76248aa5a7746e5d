// Who calls the SCIM API, and what the caller may do. Source: "Required Role per Endpoint" of identity domains.
import { jwtVerify } from 'jose';
import { verifyRequest } from '../oci/request-signature.ts';
import { type EmulatorRequest, single } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { type ResourceType, type ScimObject, valuesOf } from './attributes.ts';
import { refuse, refuseAs } from './responses.ts';
import { grantedRoles } from './view.ts';

/** Names of roles of the domain; `Reader` for the users of `settings.scim.readers`. */
export type Roles = ReadonlySet<string>;

type Endpoint = ResourceType | 'AppStatusChanger' | 'AppClientSecretRegenerator';

const OWNER = 'Identity Domain Administrator';
const APPS: readonly Endpoint[] = ['Apps', 'AppStatusChanger', 'AppClientSecretRegenerator'];

/** The rights of other roles than that of the domain's administrator, who may do everything. */
const RIGHTS: Readonly<Record<string, { write: readonly Endpoint[]; read: readonly Endpoint[] }>> = {
  'Security Administrator': { write: [...APPS, 'Settings'], read: ['Users', 'Groups', 'AppRoles', 'Grants'] },
  'User Administrator': { write: ['Users', 'Groups', 'Grants'], read: ['AppRoles'] },
};

/** @throws {RefusedRequest} 401 for a caller who is unknown, 403 for one without the right */
export async function authorize(request: EmulatorRequest, endpoint: Endpoint, world: World): Promise<void> {
  const roles = await authenticate(request, world);
  const isRead = request.method === 'GET';
  if (roles.has(OWNER) || (isRead && roles.has('Reader'))) return;
  const isAllowed = [...roles].some((role) => {
    const { write, read } = RIGHTS[role] ?? { write: [], read: [] };
    return write.includes(endpoint) || (isRead && read.includes(endpoint));
  });
  if (isAllowed) return;
  const held = [...roles].join(', ') || 'none';
  throw refuseAs(
    world.settings.scim.forbiddenStatus,
    'forbidden',
    `${endpoint}: roles of the caller: ${held}`,
  );
}

async function authenticate(request: EmulatorRequest, world: World): Promise<Roles> {
  const bearer = /^Bearer (\S+)$/i.exec(single(request, 'authorization') ?? '')?.[1];
  if (bearer !== undefined) return bearerRoles(bearer, world);
  const signature = await verifyRequest(request, world);
  if (!signature.ok) throw refuse('notAuthenticated', signature.reason);
  return userRoles(world.directory.find('Users', 'ocid', signature.principal.user), world);
}

/** Roles of the bearer of an access token: a user's personal one, or an application's with the scope for its roles. */
async function bearerRoles(token: string, world: World): Promise<Roles> {
  world.secrets.add(token);
  const { domainKey, urls, directory } = world;
  const verified = await jwtVerify(token, domainKey.publicKey, {
    audience: urls.domain,
    currentDate: new Date(world.now()),
    requiredClaims: ['exp', 'sub'],
  }).catch(() => undefined);
  if (verified === undefined) throw refuse('notAuthenticated', 'access token is not valid for the domain');
  const { sub, sub_type: type } = verified.payload;
  if (type === 'user') return userRoles(directory.find('Users', 'userName', sub), world);
  const app = directory.find('Apps', 'name', sub);
  if (app?.['active'] !== true) throw refuse('notAuthenticated', 'application is unknown or inactive');
  return new Set(grantedRoles(app.id, directory).map(({ display }) => display));
}

/** Members of the group Administrators have every role. */
function userRoles(user: ScimObject | undefined, { directory, settings }: World): Roles {
  if (user?.['active'] !== true) throw refuse('notAuthenticated', 'user is unknown or inactive');
  const groups = directory
    .all('Groups')
    .filter((group) => valuesOf(group, 'members.value').includes(user.id));
  const isAdministrator = groups.some(({ displayName }) => displayName === 'Administrators');
  return new Set([
    ...(isAdministrator ? [OWNER] : []),
    ...(settings.scim.readers.includes(String(user['ocid'])) ? ['Reader'] : []),
    ...grantedRoles(user.id, directory).map(({ display }) => display),
  ]);
}
