// Checks the statements of a policy: their form, and that the groups and compartments that they name exist.
// Source: "Policy Syntax", "Subjects", "Policy Attachment".
import type { World } from '../server/world.ts';
import { refuse } from './responses.ts';

const STATEMENT =
  /^\s*(?:allow|deny)\s+(.+?)\s+to\s+(.+?)\s+in\s+(tenancy|compartment\s+.+?)(?:\s+where\s+.+)?\s*$/is;
/** Names of permissions instead of a verb and a resource type. */
const PERMISSIONS = /^\{\s*[A-Z][A-Z_]*(\s*,\s*[A-Z][A-Z_]*)*\s*\}$/;
const OTHER_STATEMENT = /^\s*(?:define|endorse|admit)\s/i;
/** Younger groups are not known to IAM at once. */
const NEW_GROUP_MS = 60_000;

/**
 * @param compartmentId where the policy is attached: its statements apply there and below
 * @throws {RefusedRequest}
 */
export function checkStatements(statements: readonly string[], compartmentId: string, world: World): void {
  for (const statement of statements) {
    const [, subject, permissions = '', location] = STATEMENT.exec(statement) ?? [];
    if (subject === undefined || location === undefined) {
      if (OTHER_STATEMENT.test(statement)) continue;
      throw refuse('syntax', 'statement cannot be parsed');
    }
    if (permissions.startsWith('{') && !PERMISSIONS.test(permissions))
      throw refuse('syntax', 'permissions cannot be parsed');
    for (const name of groupNames(subject)) checkGroup(name, 'Groups', world);
    for (const name of groupNames(subject, 'dynamic-group')) checkGroup(name, 'DynamicResourceGroups', world);
    checkLocation(location, compartmentId, world);
  }
}

/** Names in `group 'Domain'/'Name', Name`, or in the same with `dynamic-group`. None for another subject, nor for `group id <ocid>`, which IAM does not look up. */
export function groupNames(subject: string, keyword: 'group' | 'dynamic-group' = 'group'): string[] {
  const list = new RegExp(`^${keyword}\\s+(?!id\\s)(.+)$`, 'is').exec(subject.trim())?.[1];
  if (list === undefined) return [];
  const items = list.match(/(?:'[^']*'|[^,'])+/g) ?? [];
  return items
    .map((one) => one.trim().replace(/^(dynamic-)?group\s+/i, ''))
    .filter((one) => !/^id\s/i.test(one));
}

function checkGroup(written: string, resource: 'Groups' | 'DynamicResourceGroups', world: World): void {
  const parts = written.split('/').map((part) => part.trim().replace(/^'(.*)'$/, '$1'));
  const [domain, name = ''] = parts.length === 2 ? parts : [world.settings.domainName, parts.join('/')];
  const group = world.directory.all(resource).find(({ displayName }) => same(String(displayName), name));
  if (!same(world.settings.domainName, domain) || !group) {
    throw refuse('unknownGroup', 'no such group', { group: name });
  }
  const refused = world.iam.refusedGroups.get(group.id) ?? 0;
  if (refused < world.settings.groupRefusals && !world.directory.isOlder(group, NEW_GROUP_MS)) {
    world.iam.refusedGroups.set(group.id, refused + 1);
    throw refuse('unknownGroup', 'the group is not visible yet', { group: name });
  }
}

/** `compartment id <ocid>`, or a path of names such as `apps:prod`. */
function checkLocation(location: string, attachedTo: string, world: World): void {
  const { tenancy } = world.settings;
  const [, isId, written = ''] = /^compartment\s+(id\s+)?(.+)$/is.exec(location) ?? [];
  if (written === '') {
    if (attachedTo !== tenancy) throw refuse('invalid', 'tenancy', { parameter: 'in tenancy' });
    return;
  }
  const found = isId ? written.trim() : findByPath(written, attachedTo, world);
  if (found === undefined || !isBelow(found, attachedTo, world)) {
    throw refuse('unknownCompartment', 'no such compartment', { compartment: written });
  }
}

/** The path begins below the policy's compartment, or with that compartment. */
function findByPath(path: string, attachedTo: string, { settings }: World): string | undefined {
  const { compartments, tenancy } = settings;
  const names = path.split(':').map((name) => name.trim().replace(/^'(.*)'$/, '$1'));
  const own = compartments.find(({ id }) => id === attachedTo);
  const start = own && same(own.name, names[0]) ? names.slice(1) : names;
  return start.reduce<string | undefined>(
    (parent, name) =>
      compartments.find((one) => (one.parent ?? tenancy) === parent && same(one.name, name))?.id,
    attachedTo,
  );
}

function isBelow(id: string, ancestor: string, world: World): boolean {
  const { compartments, tenancy } = world.settings;
  const found = compartments.find((one) => one.id === id);
  return id === ancestor || (found !== undefined && isBelow(found.parent ?? tenancy, ancestor, world));
}

function same(left = '', right = ''): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
