// What a domain adds to a new object, or changes in it, before it checks it.
import { randomBytes, randomUUID } from 'node:crypto';
import type { World } from '../server/world.ts';
import { isMembers, type Members, type ResourceType, USER_EXTENSION, valuesOf } from './attributes.ts';
import { refuse, refuseAs } from './responses.ts';
import { APP_LIMITS } from './settings.ts';

export function completed(resource: ResourceType, body: Members, world: World): Members {
  switch (resource) {
    case 'Apps':
      return newApp(body, world);
    case 'Users':
      return newUser(body, world);
    case 'IdentityPropagationTrusts':
      // Real trusts are created inactive, too.
      return { active: false, allowImpersonation: false, ...body };
    case 'Grants':
      return { isFulfilled: true, compositeKey: compositeKey(body), ...body };
    default:
      return body;
  }
}

export function newClientSecret(world: World): string {
  const secret = `idcscs-${randomUUID()}`;
  world.secrets.add(secret);
  return secret;
}

function newApp(body: Members, world: World): Members {
  const { chosenClientId, appsStartInactive, appLimitStatus } = world.settings.scim;
  const limit = world.settings.scim.appLimit ?? APP_LIMITS[world.settings.domainLicense] ?? 0;
  const count = world.directory.all('Apps').filter((app) => app['isOPCService'] !== true).length;
  if (count >= limit) throw refuseAs(appLimitStatus, 'appLimit', 'limit of applications', { limit });
  const { name: chosen, ...others } = body;
  if (chosen !== undefined && chosenClientId === 'refused') throw refuse('clientIdRefused', 'name was given');
  const accepted = chosenClientId === 'accepted' ? chosen : undefined;
  const isConfidential =
    body['isOAuthClient'] === true && (body['clientType'] ?? 'confidential') === 'confidential';
  return {
    trustScope: 'Explicit',
    isOAuthClient: false,
    isOAuthResource: false,
    ...others,
    name: accepted ?? randomBytes(16).toString('hex'),
    active: body['active'] === true && !appsStartInactive,
    isOPCService: false,
    ...(isConfidential ? { clientSecret: newClientSecret(world) } : {}),
  };
}

function newUser(body: Members, { settings }: World): Members {
  const { externalId, ...others } = body;
  const extension = body[USER_EXTENSION];
  const isServiceUser = isMembers(extension) && extension['serviceUser'] === true;
  const mode = isServiceUser && externalId !== undefined ? settings.scim.externalIdOfServiceUser : 'kept';
  if (mode === 'refused') throw refuse('externalIdRefused', 'externalId of a service user');
  return { active: true, ...(mode === 'ignored' ? others : body) };
}

function compositeKey(grant: Members): string {
  const paths = ['app.value', 'entitlement.attributeValue', 'grantee.value', 'grantMechanism'];
  return paths.map((path) => valuesOf(grant, path)[0] ?? '').join('.');
}
