// What a domain checks before it stores an object: properties of attributes, then rules of each resource.
import { isMatchingRule } from '../iam/conditions.ts';
import { githubKeysUrl, type World } from '../server/world.ts';
import {
  attributeOf,
  attributesOf,
  extensionsOf,
  isMembers,
  type Members,
  type ResourceType,
  type ScimObject,
  sameValue,
  splitPath,
  USER_EXTENSION,
  valuesOf,
} from './attributes.ts';
import { refuse, refuseAs } from './responses.ts';
import { scopesOf } from './view.ts';

/** An id has 32 digits; an OCID is longer. The exact limit is not published. */
const LONGEST_ID = 40;
const TEMPLATE = 'CustomWebAppTemplateId';

/** Required by the API, though their properties do not say so. */
const REQUIRED_TOO: Partial<Record<ResourceType, string[]>> = {
  Apps: ['basedOnTemplate'],
  Grants: ['grantee', 'app', 'entitlement'],
};

type Check = (after: Members, before: ScimObject | undefined, world: World) => void;

const RULES: Partial<Record<ResourceType, Check>> = {
  Apps: checkApp,
  Users: checkUser,
  Groups: (group, before, world) =>
    checkReferences('members.value', group, before, (id) => isReferable('Users', 'id', id, world)),
  DynamicResourceGroups: checkDynamicGroup,
  IdentityPropagationTrusts: checkTrust,
  Grants: checkGrant,
};

/**
 * @param before undefined for a creation
 * @throws {RefusedRequest}
 */
export function checkObject(
  resource: ResourceType,
  after: Members,
  before: ScimObject | undefined,
  world: World,
): void {
  checkRequired(resource, after, before);
  checkImmutable(resource, after, before);
  checkUnique(resource, after, before, world);
  RULES[resource]?.(after, before, world);
}

/** @throws {RefusedRequest} for a name that the schema does not have: nothing says that it is ignored */
export function checkNames(resource: ResourceType, body: Members): void {
  for (const [name, value] of Object.entries(body)) {
    const isExtension = extensionsOf(resource).includes(name);
    const inner = isExtension && isMembers(value) ? Object.keys(value).map((one) => `${name}:${one}`) : [];
    const unknown = (isExtension ? inner : [name]).find((path) => attributeOf(resource, path) === undefined);
    if (unknown !== undefined) throw refuse('unknownAttribute', `${unknown} is unknown`, { name: unknown });
  }
}

/** An object that lacks an attribute already may be changed. */
function checkRequired(resource: ResourceType, after: Members, before: ScimObject | undefined): void {
  const old = before === undefined ? [] : missingIn(resource, before);
  const missing = missingIn(resource, after).filter((path) => !old.includes(path));
  if (missing.length > 0) throw missingAttributes(missing);
}

function missingIn(resource: ResourceType, object: Members): string[] {
  const required = attributesOf(resource).filter((one) => one.required && one.mutability !== 'readOnly');
  const missing = required.filter(({ path }) => {
    const { extension, names } = splitPath(path);
    if (names.length === 1) return valuesOf(object, path).every((value) => value === '');
    const parent = `${extension === undefined ? '' : `${extension}:`}${names[0]}`;
    return valuesOf(object, parent).some((value) => isMembers(value) && !value[names[1] ?? '']);
  });
  const absent = (REQUIRED_TOO[resource] ?? []).filter((name) => object[name] === undefined);
  return [...missing.map(({ path }) => path).filter((path) => path !== 'schemas'), ...absent];
}

function missingAttributes(names: readonly string[]) {
  return refuse('missingAttribute', `missing ${names.join(', ')}`, { names: names.join(', ') });
}

/** Only a value that exists is immutable. */
function checkImmutable(resource: ResourceType, after: Members, before: ScimObject | undefined): void {
  if (before === undefined) return;
  const changed = attributesOf(resource).find(({ path, mutability }) => {
    if (mutability !== 'immutable') return false;
    const old = valuesOf(before, path);
    return old.length > 0 && !sameValue(old, valuesOf(after, path));
  });
  if (changed !== undefined) throw refuse('immutable', `${changed.path} changed`, { path: changed.path });
}

function checkUnique(
  resource: ResourceType,
  after: Members,
  before: ScimObject | undefined,
  world: World,
): void {
  const others = world.directory.all(resource).filter(({ id }) => id !== before?.id);
  for (const { path, exact } of attributesOf(resource).filter(({ unique }) => unique)) {
    const folded = (object: Members) =>
      valuesOf(object, path).map((value) => (exact ? String(value) : String(value).toLowerCase()));
    const taken = new Set(others.flatMap(folded));
    const value = folded(after).find((one) => taken.has(one));
    if (value === undefined) continue;
    throw path === 'issuer'
      ? refuseAs(world.settings.scim.duplicateIssuerStatus, 'sameIssuer', 'issuer is not unique')
      : duplicate(path, value);
  }
}

function checkApp(app: Members, before: ScimObject | undefined, world: World): void {
  const [template] = valuesOf(app, 'basedOnTemplate.value');
  if (before === undefined && template !== TEMPLATE) throw invalidReference('basedOnTemplate', template);
  if (valuesOf(app, 'scopes').length > 0 && !app['audience']) throw missingAttributes(['audience']);
  const others = world.directory.all('Apps').filter(({ id }) => id !== before?.id);
  const audiences = world.settings.scim.sharedAudiences ? [] : others.map(({ audience }) => audience);
  const { audience } = app;
  if (audience !== undefined && audiences.includes(audience)) throw duplicate('audience', String(audience));
  const known = others.flatMap(fullScopes);
  const taken = fullScopes(app).find((scope) => known.includes(scope));
  if (taken !== undefined) throw duplicate('scopes.fqs', taken);
  // A resource server must be stored before any client is allowed its scopes, even the same application.
  const scopes = [...known, ...fullScopes(before ?? {})];
  const unknown = valuesOf(app, 'allowedScopes.fqs').find((scope) => !scopes.includes(String(scope)));
  if (unknown !== undefined) throw invalidReference('allowedScopes', unknown);
}

function fullScopes(app: Members): string[] {
  return scopesOf(app).map(({ fqs }) => fqs);
}

function duplicate(path: string, value: string) {
  return refuse('duplicate', `${path} is not unique`, { path, value });
}

function checkUser(user: Members, before: ScimObject | undefined): void {
  const isServiceUser = valuesOf(user, `${USER_EXTENSION}:serviceUser`)[0] === true;
  if (before === undefined && !isServiceUser && valuesOf(user, 'emails').length === 0) {
    throw refuse('emailMissing', 'neither a service user nor an email');
  }
}

/** Its name must differ from those of groups, too. @see CreateDynamicGroupDetails (IAM API) */
function checkDynamicGroup(group: Members, _: ScimObject | undefined, world: World): void {
  const name = String(group['displayName']).toLowerCase();
  const groups = world.directory.all('Groups').map(({ displayName }) => String(displayName).toLowerCase());
  if (groups.includes(name)) throw duplicate('displayName', name);
  if (!isMatchingRule(String(group['matchingRule'])))
    throw refuse('matchingRule', 'matchingRule cannot be parsed');
}

function checkTrust(trust: Members, before: ScimObject | undefined, world: World): void {
  const lacks = (name: string) =>
    trust[name] === undefined && (before === undefined || before[name] !== undefined);
  if (world.settings.scim.trustNeedsClients && lacks('oauthClients'))
    throw missingAttributes(['oauthClients']);
  if (lacks('publicKeyEndpoint') && lacks('publicCertificate'))
    throw missingAttributes(['publicKeyEndpoint']);
  if (trust['clientClaimName'] !== undefined && valuesOf(trust, 'clientClaimValues').length === 0) {
    throw refuse('emptyClaimValues', 'clientClaimName without clientClaimValues');
  }
  const endpoint = trust['publicKeyEndpoint'];
  const reachable = [githubKeysUrl(world), ...world.settings.scim.reachableKeys];
  if (
    endpoint !== undefined &&
    endpoint !== before?.['publicKeyEndpoint'] &&
    !reachable.includes(String(endpoint))
  ) {
    throw refuse('unreachableKeys', 'publicKeyEndpoint does not respond');
  }
  const users = 'impersonationServiceUsers.value';
  if (valuesOf(trust, users).some((id) => String(id).length > LONGEST_ID)) {
    throw refuse('tooLong', 'id in a rule is too long', { path: users });
  }
  const { mostRules = Number.POSITIVE_INFINITY } = world.settings.scim;
  if (valuesOf(trust, 'impersonationServiceUsers').length > mostRules)
    throw refuse('tooManyRules', 'rules of the trust');
  checkReferences(users, trust, before, (id) => isReferable('Users', 'id', id, world));
  checkReferences('oauthClients', trust, before, (name) => isReferable('Apps', 'name', name, world));
}

function checkGrant(grant: Members, before: ScimObject | undefined, world: World): void {
  const [type] = valuesOf(grant, 'grantee.type');
  const grantees = {
    User: 'Users',
    Group: 'Groups',
    App: 'Apps',
    DynamicResourceGroup: 'DynamicResourceGroups',
  } as const;
  const resource = grantees[String(type) as keyof typeof grantees];
  if (resource === undefined) throw invalidReference('grantee', type);
  checkReferences('grantee.value', grant, before, (id) => isReferable(resource, 'id', id, world));
  checkReferences('app.value', grant, before, (id) => isReferable('Apps', 'id', id, world));
  checkReferences('entitlement.attributeValue', grant, before, (id) =>
    isReferable('AppRoles', 'id', id, world),
  );
}

/** Only new references are checked: older ones may have become invalid. */
function checkReferences(
  path: string,
  after: Members,
  before: ScimObject | undefined,
  isKnown: (value: unknown) => boolean,
): void {
  const old = valuesOf(before ?? {}, path);
  const unknown = valuesOf(after, path).find((value) => !old.includes(value) && !isKnown(value));
  if (unknown !== undefined) throw invalidReference(path, unknown);
}

function invalidReference(path: string, id: unknown) {
  return refuse('invalidReference', `${path} references nothing`, { path, id: String(id) });
}

function isReferable(
  resource: ResourceType,
  path: string,
  value: unknown,
  { directory, settings }: World,
): boolean {
  const object = directory.find(resource, path, value);
  return object !== undefined && directory.isOlder(object, settings.scim.referenceDelayMs);
}
