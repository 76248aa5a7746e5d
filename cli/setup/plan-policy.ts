// Plans the statements of the policy. Pure functions.
import type { Policy } from '../iam/iam.ts';
import { appendStatements, createPolicy, type PolicyTarget } from './apply-policy.ts';
import { markFor } from './names.ts';
import type { Step } from './part.ts';
import { type Selection, targetOf } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { count, keep, refuse, warn } from './steps.ts';
import { subjectOf as jobSubject } from './subject.ts';

/** Documented limit of statements in a policy. */
const MAX_STATEMENTS = 50;

/** With these the jobs could give themselves any permission. */
const DANGEROUS = /^manage (policies|users|groups|domains|all-resources)\b/i;

/** One statement for each `--allow`. The group is named as people write it: a SCIM ID would never match. */
export function statementsFor(snapshot: Snapshot, selection: Selection): string[] {
  const { domain, group } = snapshot;
  const { allow, names, compartment = '', tokenType } = selection;
  const isResource = tokenType === 'rpst';
  const subject = isResource
    ? 'Allow any-user'
    : subjectOf(domain?.displayName ?? '<name of the domain>', group?.displayName ?? names.group);
  const jobs = isResource ? jobCondition(snapshot, selection) : '';
  const place = compartment.startsWith('ocid1.tenancy.') ? 'tenancy' : `compartment id ${compartment}`;
  return allow.map((one) => {
    const [, permission = one, condition = ''] = /^(\S+ \S+)( where .*)?$/i.exec(one) ?? [];
    return `${subject} to ${permission} in ${place}${condition}${jobs}`;
  });
}

/** A resource has no group: the condition names domain and job. @see docs/setup.md */
const jobCondition = (snapshot: Snapshot, selection: Selection) =>
  conditionFor(snapshot.settings.domainOcid ?? '<OCID of the domain>', jobOf(snapshot, selection));

function jobOf({ repository, customization }: Snapshot, selection: Selection): string {
  const job = jobSubject(repository, customization, selection);
  return 'value' in job ? job.value : '';
}

export const conditionFor = (domainOcid: string, job: string) =>
  ` where all {request.principal.type='identityfederateddomainapp', request.principal.domain.id='${domainOcid}', request.principal.name='${job}'}`;

type GroupKind = 'group' | 'dynamic-group';

export const subjectOf = (domain: string, group: string, kind: GroupKind = 'group') =>
  `Allow ${kind} ${inQuotes(domain)}/${inQuotes(group)}`;

/** Whether a statement gives permissions to this group alone. */
export function isStatementFor(
  domain: string,
  group: string,
  kind?: GroupKind,
): (statement: string) => boolean {
  const start = normalized(`${subjectOf(domain, group, kind)} to `);
  return (statement) => normalized(statement).startsWith(`${start} `);
}

/** A backslash could escape the closing quote. The rest of the name would then be part of the permission. */
export function unsafeName(names: readonly (string | undefined)[]): string | undefined {
  const unsafe = names.find((name) => /[\\\p{Cc}]/u.test(name ?? ''));
  return unsafe && `the name ${unsafe} cannot be written in a statement; choose another with \`--name\``;
}

function jobFault(snapshot: Snapshot, selection: Selection): string | undefined {
  const job = jobOf(snapshot, selection);
  // How a condition escapes a quote is not documented. The rest of the subject would be part of the condition.
  if (/['\\\p{Cc}]/u.test(job))
    return `the subject ${job} cannot be written in a statement; choose an environment without quotes`;
  return snapshot.settings.domainOcid === undefined && snapshot.policies !== undefined
    ? 'the domain did not return its OCID, which the statements need'
    : undefined;
}

const inQuotes = (name: string) => `'${name.replaceAll("'", "\\'")}'`;

/** Those that no policy has, in any spelling. */
export function missingStatements(
  policies: readonly Pick<Policy, 'statements'>[],
  wanted: readonly string[],
): string[] {
  const present = new Set(policies.flatMap(({ statements }) => statements.map(normalized)));
  return wanted.filter((statement) => !present.has(normalized(statement)));
}

const normalized = (statement: string) => statement.trim().replace(/\s+/g, ' ').toLowerCase();

export function planPolicy(snapshot: Snapshot, selection: Selection): Step[] {
  const { policies, domain, group, repository } = snapshot;
  const { allow, names, tokenType, compartment = '' } = selection;
  const object = { system: 'iam', object: 'policy', name: names.policy } as const;
  if (allow.length === 0)
    return [warn(object, 'without `--allow`, this command gives the jobs no permission')];
  const unsafe =
    tokenType === 'rpst'
      ? jobFault(snapshot, selection)
      : unsafeName([domain?.displayName, group?.displayName]);
  if (unsafe !== undefined) return [refuse(object, unsafe)];
  const statements = statementsFor(snapshot, selection);
  if (policies === undefined) {
    const list = statements.join('; ');
    return [warn(object, `IAM does not accept the bearer token; add these statements yourself: ${list}`)];
  }
  const advice = allow
    .filter((one) => DANGEROUS.test(one))
    .map((one) => warn(object, `${one}: the jobs can give themselves other permissions`));
  const target = {
    name: names.policy,
    compartmentId: compartment,
    group: group?.displayName ?? names.group,
    option: '--policy',
    mark: markFor(repository.id, targetOf(selection)),
  };
  return [planStatements(policies, statements, target), ...advice];
}

/** @param policies of the compartment of the policy */
export function planStatements(
  policies: readonly Policy[],
  statements: readonly string[],
  target: PolicyTarget,
): Step {
  const { name, option } = target;
  const object = { system: 'iam', object: 'policy', name } as const;
  const missing = missingStatements(policies, statements);
  const policy = policies.find((one) => one.name === name);
  const before = policy?.statements.length ?? 0;
  if (missing.length === 0)
    return keep(object, `${count(statements.length, 'statement')} present (${before} of ${MAX_STATEMENTS})`);
  const after = before + missing.length;
  if (after > MAX_STATEMENTS)
    return refuse(object, `has ${before} of ${MAX_STATEMENTS} statements; choose another with \`${option}\``);
  const text = `+ ${count(missing.length, 'statement')} (${after} of ${MAX_STATEMENTS})`;
  const change = { text, details: missing, after: missing };
  if (policy !== undefined)
    return {
      action: { ...object, op: 'append', ...change, before: policy.statements },
      apply: (run) => appendStatements(run, policy.id, missing, target.group),
    };
  return {
    action: { ...object, op: 'create', ...change },
    apply: (run) => createPolicy(run, target, missing),
  };
}
