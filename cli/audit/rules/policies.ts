// P01–P04: what policies allow the jobs.
import { quote } from '../../../src/response.ts';
import type { Group } from '../../domain/objects.ts';
import type { IdentityDomain, Policy } from '../../iam/iam.ts';
import { inShell, inShellIfNeeded, words } from '../../shell.ts';
import { defineRule, type Found } from '../rule.ts';
import type { AuditContext, Sources } from '../snapshot.ts';
import { shown } from './names.ts';
import { isRestricted, type PolicyStatement, parseStatement } from './statement.ts';
import { groupsOf, jobUsers } from './users.ts';

/** Writes the statements without this one, or deletes the policy. The OCI CLI asks before it does. */
export function withoutStatement({ ociOptions }: AuditContext, policy: Policy, text: string): string {
  const statements = policy.statements.filter((one) => one !== text);
  const etag = policy.etag === undefined ? '' : `--if-match ${inShell(policy.etag)}`;
  if (statements.length === 0)
    return words(`oci iam policy delete --policy-id ${inShellIfNeeded(policy.id)}`, etag, ociOptions);
  // The OCI CLI wants the version date beside the statements; empty, it stays as it is.
  const list = inShell(JSON.stringify(statements));
  const update = `oci iam policy update --policy-id ${inShellIfNeeded(policy.id)} --statements ${list} --version-date ''`;
  return words(update, etag, ociOptions);
}

export function found(context: AuditContext, policy: Policy, text: string, evidence: string): Found {
  return {
    object: `policy ${quote(policy.name, [])}`,
    key: `${policy.id}\n${text}`,
    evidence,
    fix: withoutStatement(context, policy, text),
  };
}

export interface Grant {
  policy: Policy;
  text: string;
  statement: PolicyStatement;
}

export const statementsOf = (policies: readonly Policy[]): Grant[] =>
  policies.flatMap((policy) =>
    policy.statements.flatMap((text) => {
      const statement = parseStatement(text);
      return statement === undefined ? [] : [{ policy, text, statement }];
    }),
  );

type JobSources = Pick<Sources, 'policies' | 'domain' | 'groups' | 'users' | 'rules'>;

/** Statements without a restricting condition that apply to a user of the jobs, as a member of a group or as any user. */
function grantsOfJobs({ policies, domain, groups, users, rules }: JobSources): (Grant & { via: string })[] {
  const own = jobUsers(rules, users).flatMap((user) => groupsOf(user, groups));
  const hasJobs = own.length > 0 || jobUsers(rules, users).length > 0;
  return statementsOf(policies).flatMap((grant) => {
    const { statement } = grant;
    if (isRestricted(statement)) return [];
    if (statement.isAnyUser) return hasJobs ? [{ ...grant, via: 'any user' }] : [];
    const group = own.find((one) => namesGroup(statement, one, domain));
    return group === undefined
      ? []
      : [{ ...grant, via: `group ${quote(group.displayName ?? group.id, [])}` }];
  });
}

export function namesGroup(
  { groups, dynamicGroups }: PolicyStatement,
  group: Pick<Group, 'displayName' | 'ocid'>,
  { displayName }: IdentityDomain,
): boolean {
  const isSame = (one: string, other = '') => one.toLowerCase() === other.toLowerCase();
  return [...groups, ...dynamicGroups].some(({ domain = 'Default', name, ocid }) =>
    name === undefined ? ocid === group.ocid : isSame(domain, displayName) && isSame(name, group.displayName),
  );
}

/** Statements with the verb `manage`. */
const managedByJobs = (
  sources: JobSources,
  context: AuditContext,
  isFault: (statement: PolicyStatement) => boolean,
) =>
  grantsOfJobs(sources)
    .filter(({ statement }) => statement.verb === 'manage' && isFault(statement))
    .map(({ policy, text, via }) => found(context, policy, text, `${via}: ${shown(text)}`));

const P01 = defineRule({
  id: 'P01',
  severity: 'critical',
  title: 'Jobs may do everything in the tenancy',
  why: 'Whoever can change what one of these jobs runs can do everything in the tenancy.',
  needs: ['policies', 'domain', 'groups', 'users', 'rules'],
  check: (sources, context) =>
    managedByJobs(
      sources,
      context,
      ({ resource, isInTenancy }) => resource === 'all-resources' && isInTenancy,
    ),
});

/** Resource types whose manager can give itself every other permission. */
const IDENTITY = [
  'policies',
  'users',
  'groups',
  'dynamic-groups',
  'domains',
  'identity-providers',
  'compartments',
];

const P02 = defineRule({
  id: 'P02',
  severity: 'high',
  title: 'Jobs may do everything in a compartment, or extend their rights',
  why: 'Who manages policies, users, groups or domains can become an administrator.',
  needs: ['policies', 'domain', 'groups', 'users', 'rules'],
  check: (sources, context) =>
    managedByJobs(sources, context, ({ resource, isInTenancy }) =>
      resource === 'all-resources' ? !isInTenancy : IDENTITY.includes(resource),
    ),
});

const P03 = defineRule({
  id: 'P03',
  severity: 'high',
  title: 'A policy admits resources without naming them',
  why: 'Every job that a trust for resources admits gets these rights, also a job of another repository or domain.',
  needs: ['policies'],
  check: ({ policies }, context) =>
    policies.flatMap((policy) =>
      policy.statements.flatMap((text) => {
        const condition = /\bwhere\b(.*)$/is.exec(text)?.[1] ?? '';
        if (!/identityfederateddomainapp/i.test(condition)) return [];
        const has = (name: string) =>
          new RegExp(`request\\.principal\\.${name}\\s*=\\s*'(?!\\*?')`, 'i').test(condition);
        const faults = [
          /^\s*any\b/i.test(condition) && 'needs only one of its conditions',
          !has('domain\\.id') && 'does not compare `request.principal.domain.id`',
          !has('name') && !has('ext_\\w+') && 'compares neither `request.principal.name` nor an `ext_` claim',
        ].filter((one) => one !== false);
        return faults.length === 0
          ? []
          : [found(context, policy, text, `${shown(text)} ${faults.join(', ')}`)];
      }),
    ),
});

const P04 = defineRule({
  id: 'P04',
  severity: 'medium',
  title: 'A policy admits any user unconditionally',
  why: 'It applies to every user, service user and resource principal of the tenancy.',
  needs: ['policies'],
  check: ({ policies }, context) =>
    statementsOf(policies)
      .filter(({ statement }) => statement.isAnyUser && statement.condition === undefined)
      .map(({ policy, text }) => found(context, policy, text, shown(text))),
});

export const POLICY_RULES = [P01, P02, P03, P04] as const;
