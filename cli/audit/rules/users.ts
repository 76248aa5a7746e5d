// U01–U03: the users that jobs become.
import { CREDENTIALS_EXTENSION, type Group, USER_EXTENSION, type User } from '../../domain/objects.ts';
import { lines, patch, rawRequest, revoke } from '../fixes.ts';
import { defineRule } from '../rule.ts';
import { isGitHub, type TrustRuleEntry } from '../trust-rules.ts';
import { shown, userName } from './names.ts';

/** Users that jobs become. */
export function jobUsers(rules: readonly TrustRuleEntry[], users: readonly User[]): User[] {
  const ids = new Set(rules.filter(({ trust }) => isGitHub(trust)).map(({ user }) => user));
  return users.filter(({ id, ocid = '' }) => ids.has(id) || ids.has(ocid));
}

/** The groups of a user. Domains return `groups` and `members` only on request, so both are checked. */
export function groupsOf(user: User, groups: readonly Group[]): Group[] {
  const ids = new Set((user.groups ?? []).map(({ value }) => value));
  return groups.filter(
    ({ id, members = [] }) => ids.has(id) || members.some(({ value }) => value === user.id),
  );
}

export const ADMINISTRATORS = ['Administrators', 'Domain_Administrators'];

const U01 = defineRule({
  id: 'U01',
  severity: 'critical',
  title: 'Jobs become an administrator',
  why: 'Every job that the trust admits administers the tenancy or the identity domain.',
  needs: ['rules', 'users', 'groups'],
  check: ({ rules, users, groups, grants }, context) =>
    jobUsers(rules, users).flatMap((user) => {
      const object = userName(user.id, users);
      const inGroups = groupsOf(user, groups)
        .filter(({ displayName = '' }) => ADMINISTRATORS.includes(displayName))
        .map((group) => ({
          object,
          key: `${user.id}\n${group.id}`,
          evidence: `is a member of ${shown(group.displayName ?? '')}`,
          fix: patch(context, `Groups/${group.id}`, group.meta, {
            op: 'remove',
            path: `members[value eq ${JSON.stringify(user.id)}]`,
          }),
        }));
      const roles = (user[USER_EXTENSION]?.appRoles ?? [])
        .filter(({ adminRole }) => adminRole === true)
        .map(({ display = '', value = '' }) => ({
          object,
          key: `${user.id}\n${value || display}`,
          evidence: `has the role ${shown(display)}`,
          fix: revoke(context, user.id, value, grants),
        }));
      return [...inGroups, ...roles];
    }),
});

/** Kinds of credentials that a user has, by their names in the SCIM schema, with the ids of the credentials. */
function credentialsOf(user: User): [kind: string, ids: string[]][] {
  return Object.entries(user[CREDENTIALS_EXTENSION] ?? {})
    .filter(([, list]) => Array.isArray(list) && list.length > 0)
    .map(([kind, list = []]) => [kind, list.map(({ value }) => value)]);
}

const U02 = defineRule({
  id: 'U02',
  severity: 'low',
  title: 'A service user has no rule',
  why: 'It keeps its groups and their permissions. Whoever adds a rule for it gets them.',
  needs: ['rules', 'users'],
  requiresAll: true,
  check: ({ rules, users }, context) => {
    const named = new Set(rules.map(({ user }) => user));
    return users
      .filter((user) => user[USER_EXTENSION]?.serviceUser === true && user.active !== false)
      .filter(({ id, ocid = '' }) => !named.has(id) && !named.has(ocid))
      .filter((user) => credentialsOf(user).length === 0)
      .map((user) => ({
        object: userName(user.id, users),
        key: user.id,
        evidence: 'has neither credentials nor a rule',
        fix: rawRequest(context, 'DELETE', `Users/${user.id}`),
      }));
  },
});

/** The SCIM resource of a kind of credential: `apiKeys` are `ApiKeys`. */
const resourceOf = (kind: string) =>
  kind === 'dbCredentials' ? 'UserDbCredentials' : kind.charAt(0).toUpperCase() + kind.slice(1);

const U03 = defineRule({
  id: 'U03',
  severity: 'medium',
  title: 'A user of jobs has other credentials',
  why: 'They never expire with the job, and they work without any token of GitHub.',
  needs: ['rules', 'users'],
  check: ({ rules, users }, context) =>
    jobUsers(rules, users).flatMap((user) =>
      credentialsOf(user).map(([kind, ids]) => ({
        object: userName(user.id, users),
        key: `${user.id}\n${kind}`,
        evidence: `has ${ids.length} of ${shown(kind)}`,
        fix: lines(...ids.map((id) => rawRequest(context, 'DELETE', `${resourceOf(kind)}/${id}`))),
      })),
    ),
});

export const USER_RULES = [U01, U02, U03] as const;
