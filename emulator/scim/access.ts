// Who calls the SCIM API, and what the caller may do. Source: "Required Role per Endpoint" of identity domains.
import { decodeJwt, jwtVerify } from 'jose';
import { verifyRequest } from '../oci/request-signature.ts';
import { type EmulatorRequest, sameSecret, single } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { type ResourceType, valuesOf } from './attributes.ts';
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
  return userRoles(signature.principal.user, world);
}

async function bearerRoles(token: string, world: World): Promise<Roles> {
  world.secrets.add(token);
  const { administrator, domainKey, urls, directory } = world;
  if (sameSecret(token, administrator.bearer)) return bearerOfAdministrator(token, world);
  const verified = await jwtVerify(token, domainKey.publicKey, {
    audience: urls.domain,
    currentDate: new Date(world.now()),
  }).catch(() => undefined);
  if (verified === undefined) throw refuse('notAuthenticated', 'access token is not valid for the domain');
  const app = directory.find('Apps', 'name', verified.payload['client_id']);
  if (app?.['active'] !== true) throw refuse('notAuthenticated', 'application is unknown or inactive');
  return new Set(grantedRoles(app.id, world).map(({ display }) => display));
}

function bearerOfAdministrator(token: string, world: World): Roles {
  const { exp = 0 } = decodeJwt(token);
  if (exp * 1000 <= world.now()) throw refuse('notAuthenticated', 'personal token has expired');
  return userRoles(world.administrator.ocid, world);
}

/** Members of the group Administrators have every role. */
function userRoles(ocid: string, world: World): Roles {
  const { directory, settings } = world;
  const user = directory.find('Users', 'ocid', ocid);
  if (user?.['active'] !== true) throw refuse('notAuthenticated', 'user is unknown or inactive');
  const groups = directory
    .all('Groups')
    .filter((group) => valuesOf(group, 'members.value').includes(user.id));
  const isAdministrator = groups.some(({ displayName }) => displayName === 'Administrators');
  return new Set([
    ...(isAdministrator ? [OWNER] : []),
    ...(settings.scim.readers.includes(ocid) ? ['Reader'] : []),
    ...grantedRoles(user.id, world).map(({ display }) => display),
  ]);
}
