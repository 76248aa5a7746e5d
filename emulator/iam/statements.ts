// Checks the statements of a policy: their form, and that the groups and compartments that they name exist.
// Source: "Policy Syntax", "Subjects".
import { valuesOf } from '../scim/attributes.ts';
import type { World } from '../server/world.ts';
import { refuse } from './responses.ts';

const STATEMENT =
  /^\s*(?:allow|deny)\s+(.+?)\s+to\s+(.+?)\s+in\s+(tenancy|compartment\s+.+?)(?:\s+where\s+.+)?\s*$/is;
const OTHER_STATEMENT = /^\s*(?:define|endorse|admit|allow\s+service)\s/i;
/** A new group: made less than this before. */
const NEW_GROUP_MS = 60_000;

/** Of a group, as IAM reads it from the directory of the domain. */
export interface DirectoryGroup {
  id: string;
  displayName: string;
  /** Milliseconds since the epoch. */
  created: number;
}

/**
 * @param known statements of the policy before: IAM does not look up their groups again (assumed)
 * @throws {RefusedRequest}
 */
export function checkStatements(statements: readonly string[], known: readonly string[], world: World): void {
  for (const statement of statements.filter((one) => !known.includes(one))) {
    const [, subject] = STATEMENT.exec(statement) ?? [];
    if (subject === undefined) {
      if (OTHER_STATEMENT.test(statement)) continue;
      throw refuse('syntax', 'statement cannot be parsed');
    }
    for (const name of groupNames(subject)) checkGroup(name, world);
  }
}

/** Names in `group 'Domain'/'Name', Name`; none for another subject and for `group id <ocid>`, which is not looked up. */
export function groupNames(subject: string): string[] {
  const list = /^group\s+(?!id\s)(.+)$/is.exec(subject.trim())?.[1];
  if (list === undefined) return [];
  const items = list.match(/(?:'[^']*'|[^,'])+/g) ?? [];
  return items.map((one) => one.trim().replace(/^group\s+/i, '')).filter((one) => !/^id\s/i.test(one));
}

function checkGroup(written: string, world: World): void {
  const unquoted = written.split('/').map((part) => part.trim().replace(/^'(.*)'$/, '$1'));
  const [domain, name] = unquoted.length === 2 ? unquoted : [world.settings.domainName, unquoted.join('/')];
  const group = groupsOf(world).find((one) => same(one.displayName, name));
  if (!same(world.settings.domainName, domain) || !group) {
    throw refuse('unknownGroup', 'no such group', { group: name ?? '' });
  }
  const refused = world.iam.refusedGroups.get(group.id) ?? 0;
  const isNew = world.now() - group.created < NEW_GROUP_MS;
  if (isNew && refused < world.settings.groupRefusals) {
    world.iam.refusedGroups.set(group.id, refused + 1);
    throw refuse('unknownGroup', 'the group is not visible yet', { group: group.displayName });
  }
}

function same(left = '', right = ''): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function groupsOf({ directory }: World): DirectoryGroup[] {
  return directory.all('Groups').map((group) => ({
    id: group.id,
    displayName: String(group['displayName']),
    created: Date.parse(String(valuesOf(group, 'meta.created')[0])),
  }));
}
