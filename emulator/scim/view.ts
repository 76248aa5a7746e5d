// Attributes that a domain computes from other objects when it reads one.
import type { World } from '../server/world.ts';
import {
  isMembers,
  type Members,
  type ResourceType,
  type ScimObject,
  USER_EXTENSION,
  valuesOf,
} from './attributes.ts';
import type { Directory } from './directory.ts';

/** The object as it can be read and searched. */
export function viewOf(resource: ResourceType, object: ScimObject, world: World): ScimObject {
  switch (resource) {
    case 'Apps':
      return {
        ...object,
        ...present({ grantedAppRoles: grantedRoles(object.id, world.directory), scopes: scopesOf(object) }),
      };
    case 'Users':
      return { ...object, ...userView(object, world) };
    case 'Groups':
      return { ...object, ...present({ members: membersOf(object, world) }) };
    case 'IdentityPropagationTrusts':
      return { ...object, ...present({ impersonationServiceUsers: rulesOf(object, world) }) };
    case 'AppRoles':
      return { ...object, ...present({ members: roleMembers(object.id, world) }) };
    default:
      return object;
  }
}

/** An empty list counts as absent (RFC 7643 section 2.5). */
function present(attributes: Record<string, readonly unknown[]>): Members {
  return Object.fromEntries(Object.entries(attributes).filter(([, values]) => values.length > 0));
}

function userView(user: ScimObject, world: World): Members {
  const groups = world.directory
    .all('Groups')
    .filter((group) => valuesOf(group, 'members.value').includes(user.id))
    .map(({ id, ocid, displayName }) => ({ value: id, ocid, display: displayName, type: 'direct' }));
  const appRoles = grantedRoles(user.id, world.directory);
  const extension = user[USER_EXTENSION];
  const own = isMembers(extension) ? extension : {};
  return { ...present({ groups }), [USER_EXTENSION]: { ...own, ...present({ appRoles }) } };
}

function membersOf(group: ScimObject, { directory }: World): Members[] {
  return valuesOf(group, 'members')
    .filter(isMembers)
    .map((member) => {
      const user = directory.get('Users', String(member['value']));
      return user === undefined ? member : { ...member, ocid: user['ocid'], name: user['userName'] };
    });
}

/** `$ref` is read-only, so a rule that is sent back as it was read is refused. */
function rulesOf(trust: ScimObject, { urls }: World): Members[] {
  return valuesOf(trust, 'impersonationServiceUsers')
    .filter(isMembers)
    .map((rule) => ({ ...rule, $ref: `${urls.domain}/admin/v1/Users/${rule['value']}` }));
}

/** `fqs` is the scope with the audience of its application in front. */
export function scopesOf(app: Members): (Members & { value: string; fqs: string })[] {
  const scopes = valuesOf(app, 'scopes').filter(isMembers);
  return scopes.map((scope) => {
    const value = String(scope['value']);
    return { ...scope, value, fqs: `${app['audience'] ?? ''}${value}` };
  });
}

interface GrantedRole extends Members {
  value: string;
  display: string;
  adminRole: boolean;
}

export function grantedRoles(granteeId: string, directory: Directory): GrantedRole[] {
  const grants = directory
    .all('Grants')
    .filter((grant) => valuesOf(grant, 'grantee.value').includes(granteeId));
  return grants.flatMap((grant) => {
    const role = directory.get('AppRoles', String(valuesOf(grant, 'entitlement.attributeValue')[0]));
    if (role === undefined) return [];
    const appId = valuesOf(role, 'app.value')[0];
    const app = directory.get('Apps', String(appId));
    const display = String(role['displayName']);
    return [
      {
        value: role.id,
        display,
        adminRole: role['adminRole'] === true,
        appId,
        appName: app?.['displayName'],
      },
    ];
  });
}

function roleMembers(roleId: string, { directory }: World): Members[] {
  return directory
    .all('Grants')
    .filter((grant) => valuesOf(grant, 'entitlement.attributeValue').includes(roleId))
    .map((grant) => ({
      value: valuesOf(grant, 'grantee.value')[0],
      type: valuesOf(grant, 'grantee.type')[0],
    }));
}
