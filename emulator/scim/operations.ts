// Lists, reads and changes the objects of a domain. The request is authorized already.
import { type EmulatorResponse, json, noContent } from '../server/message.ts';
import type { World } from '../server/world.ts';
import {
  attributeOf,
  isMembers,
  type Members,
  type ResourceType,
  SCHEMAS,
  type ScimObject,
  splitPath,
  valuesOf,
} from './attributes.ts';
import { checkNames, checkObject } from './checks.ts';
import { parseFilter } from './filter.ts';
import type { ScimRequest } from './handler.ts';
import { completed } from './new-objects.ts';
import { patched } from './patch.ts';
import { project, selectionOf } from './projection.ts';
import { refuse, refuseAs } from './responses.ts';
import { viewOf } from './view.ts';

const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const DEFAULT_COUNT = 50;
const LARGEST_COUNT = 1000;

/** Responses to creations by their `opc-retry-token`. */
const firstResponses = new WeakMap<World, Map<string, EmulatorResponse>>();

export function listed({ resource, query }: ScimRequest, world: World): EmulatorResponse {
  const { directory, settings } = world;
  const selection = selectionOf(query, resource);
  const filter = query.get('filter');
  const predicate = filter ? parseFilter(filter, resource) : () => true;
  const found = directory
    .all(resource)
    .filter((object) => directory.isOlder(object, settings.scim.searchDelayMs))
    .map((object) => viewOf(resource, object, world))
    .filter(predicate);
  const startIndex = Math.max(1, numberIn(query, 'page') ?? numberIn(query, 'startIndex') ?? 1);
  const count = Math.min(
    LARGEST_COUNT,
    numberIn(query, 'count') ?? numberIn(query, 'limit') ?? DEFAULT_COUNT,
  );
  const page = found.slice(startIndex - 1, startIndex - 1 + count);
  const resources = page.map((object) => project(visible(resource, object, world), resource, selection));
  const body = {
    schemas: [LIST_SCHEMA],
    totalResults: found.length,
    ...(resources.length === 0 ? {} : { Resources: resources }),
    startIndex,
    itemsPerPage: resources.length,
  };
  const next = startIndex + page.length;
  return json(200, body, next <= found.length && count > 0 ? { 'opc-next-page': String(next) } : {});
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw refuse('malformed', `${name} is not a number`);
  return Number(text);
}

export function read({ resource, query }: ScimRequest, id: string, world: World): EmulatorResponse {
  return respond(200, resource, stored(resource, id, world), query, world);
}

export function created(request: ScimRequest, world: World): EmulatorResponse {
  const { resource, retryToken } = request;
  const responses = firstResponses.get(world) ?? new Map<string, EmulatorResponse>();
  firstResponses.set(world, responses);
  const honoured = world.settings.scim.honoursRetryTokens ? retryToken : undefined;
  const first = honoured === undefined ? undefined : responses.get(honoured);
  if (first !== undefined) return first;
  if (resource === 'Settings' || resource === 'AppRoles')
    throw refuse('wrongScimMethod', `no POST of ${resource}`);
  world.settings.scim.beforeWrite?.({ method: 'POST', resource, id: undefined });
  const object = completed(resource, writable(resource, request.body), world);
  checkObject(resource, object, undefined, world);
  const inserted = world.directory.insert(resource, object);
  const response = respond(201, resource, inserted, request.query, world, object['clientSecret']);
  if (honoured !== undefined) responses.set(honoured, response);
  return response;
}

/** Attributes that are read-only are ignored in a creation and in PUT. */
function writable(resource: ResourceType, body: Members): Members {
  if (![body['schemas']].flat().includes(SCHEMAS[resource])) {
    throw refuse('missingAttribute', 'schemas is missing', { names: 'schemas' });
  }
  checkNames(resource, body);
  const isWritable = ([name]: [string, unknown]) => attributeOf(resource, name)?.mutability !== 'readOnly';
  return Object.fromEntries(Object.entries(body).filter(isWritable));
}

export function patchedObject(request: ScimRequest, id: string, world: World): EmulatorResponse {
  const { resource, query, body } = request;
  const old = beforeWrite(request, id, world);
  const next = patched(old, resource, body, world.settings.scim);
  if (world.settings.scim.ignoredPatches.includes(resource)) return respond(200, resource, old, query, world);
  return save(resource, old, next, query, world);
}

export function replaced(request: ScimRequest, id: string, world: World): EmulatorResponse {
  const { resource, query, body } = request;
  if (resource === 'Settings' && body['csrAccess'] === undefined) {
    throw refuse('missingAttribute', 'csrAccess is missing', { names: 'csrAccess' });
  }
  const old = beforeWrite(request, id, world);
  const isReadOnly = ([name]: [string, unknown]) => attributeOf(resource, name)?.mutability === 'readOnly';
  const kept = Object.entries(old).filter(
    (entry) => isReadOnly(entry) || ['ocid', 'name'].includes(entry[0]),
  );
  const next = { ...Object.fromEntries(kept), ...writable(resource, body), id };
  return save(resource, old, next, query, world);
}

function save(
  resource: ResourceType,
  old: ScimObject,
  next: ScimObject,
  query: URLSearchParams,
  world: World,
) {
  checkNames(resource, next);
  checkObject(resource, next, old, world);
  if (resource === 'Settings' && next['issuer'] !== old['issuer']) next['prevIssuer'] = old['issuer'];
  const { scim } = world.settings;
  if (resource === 'IdentityPropagationTrusts' && scim.losesRules > 0) {
    scim.losesRules -= 1;
    next['impersonationServiceUsers'] = valuesOf(next, 'impersonationServiceUsers').slice(1);
  }
  const removed = Object.keys(old).filter((name) => next[name] === undefined);
  const changes = { ...next, ...Object.fromEntries(removed.map((name) => [name, undefined])) };
  return respond(200, resource, world.directory.update(resource, old.id, changes), query, world);
}

export function deleted(request: ScimRequest, id: string, world: World): EmulatorResponse {
  const { resource } = request;
  const { directory } = world;
  const { active } = beforeWrite(request, id, world);
  if (resource === 'Settings' || resource === 'AppRoles')
    throw refuse('wrongScimMethod', `no DELETE of ${resource}`);
  if (resource === 'Apps' && active === true) throw refuse('appStillActive', 'application is active');
  const isNamed =
    directory.find('IdentityPropagationTrusts', 'impersonationServiceUsers.value', id) !== undefined;
  if (resource === 'Users' && isNamed) throw refuse('userInRule', 'a rule names the user');
  directory.remove(resource, id);
  removeReferences(id, world);
  return noContent(204);
}

function removeReferences(id: string, { directory }: World): void {
  for (const group of directory.all('Groups')) {
    const members = valuesOf(group, 'members');
    const kept = members.filter((member) => !isMembers(member) || member['value'] !== id);
    if (kept.length < members.length) directory.update('Groups', group.id, { members: kept });
  }
  const grants = directory.all('Grants').filter((grant) => valuesOf(grant, 'grantee.value').includes(id));
  for (const grant of grants) directory.remove('Grants', grant.id);
}

/** Lets the second writer write, then compares the version. */
function beforeWrite({ method, resource, ifMatch }: ScimRequest, id: string, world: World): ScimObject {
  const { scim } = world.settings;
  stored(resource, id, world);
  scim.beforeWrite?.({ method, resource, id });
  const object = stored(resource, id, world);
  const isStale =
    ifMatch !== undefined && ifMatch !== '*' && !valuesOf(object, 'meta.version').includes(ifMatch);
  if (isStale && scim.staleVersion !== 'ignored')
    throw refuseAs(scim.staleVersion, 'staleVersion', 'If-Match is stale');
  return object;
}

function stored(resource: ResourceType, id: string, { directory }: World): ScimObject {
  const object = directory.get(resource, id);
  if (object === undefined) throw refuse('notFound', `no ${resource} with this id`);
  return object;
}

function respond(
  status: number,
  resource: ResourceType,
  object: ScimObject,
  query: URLSearchParams,
  world: World,
  newSecret?: unknown,
): EmulatorResponse {
  const view = visible(resource, viewOf(resource, object, world), world);
  const shown = world.settings.scim.clientSecret === 'empty' ? '' : newSecret;
  const withSecret = newSecret === undefined ? view : { ...view, clientSecret: shown };
  const body = project(withSecret, resource, selectionOf(query, resource));
  return json(status, body, { etag: String(valuesOf(object, 'meta.version')[0]) });
}

/** Without the attributes that the settings hide, and without a secret that is returned only once. */
function visible(resource: ResourceType, object: ScimObject, { settings }: World): ScimObject {
  const { absentAttributes, clientSecret } = settings.scim;
  const hidden = [
    ...absentAttributes,
    ...(clientSecret !== 'always' && resource === 'Apps' ? ['clientSecret'] : []),
  ];
  const copy = structuredClone(object);
  for (const path of hidden) {
    const { extension, names } = splitPath(path);
    const holder = extension === undefined ? copy : copy[extension];
    if (isMembers(holder)) delete holder[names[0] ?? ''];
  }
  return copy;
}
