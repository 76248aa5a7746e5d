// Plans the statements of the policy. Pure functions.
import type { Policy } from '../iam/iam.ts';
import { appendStatements, createPolicy } from './apply-policy.ts';
import { markFor } from './names.ts';
import type { Step } from './part.ts';
import { type Selection, targetOf } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { count, keep, refuse, warn } from './steps.ts';

/** Documented limit of statements in a policy. */
const MAX_STATEMENTS = 50;

/** With these the jobs could give themselves any permission. */
const DANGEROUS = /^manage (policies|users|groups|domains|all-resources)\b/i;

/** One statement for each `--allow`. The group is named as people write it: a SCIM ID would never match. */
export function statementsFor({ domain, group }: Snapshot, selection: Selection): string[] {
  const { allow, names, compartment = '' } = selection;
  const subject = subjectOf(domain?.displayName ?? '<name of the domain>', group?.displayName ?? names.group);
  const place = compartment.startsWith('ocid1.tenancy.') ? 'tenancy' : `compartment id ${compartment}`;
  return allow.map((one) => {
    const [, permission = one, condition = ''] = /^(\S+ \S+)( where .*)?$/i.exec(one) ?? [];
    return `${subject} to ${permission} in ${place}${condition}`;
  });
}

const subjectOf = (domain: string, group: string) => `Allow group ${inQuotes(domain)}/${inQuotes(group)}`;

/** Whether a statement gives permissions to this group alone. */
export function isStatementFor(domain: string, group: string): (statement: string) => boolean {
  const start = normalized(`${subjectOf(domain, group)} to `);
  return (statement) => normalized(statement).startsWith(`${start} `);
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
  const { policies, domain, group } = snapshot;
  const { allow, names } = selection;
  const object = { system: 'iam', object: 'policy', name: names.policy } as const;
  if (allow.length === 0)
    return [warn(object, 'without `--allow`, this command gives the jobs no permission')];
  // A backslash could escape the closing quote. The rest of the name would then be part of the permission.
  const unsafe = [domain?.displayName, group?.displayName].find((name) => /[\\\p{Cc}]/u.test(name ?? ''));
  if (unsafe !== undefined) {
    const text = `the name ${unsafe} cannot be written in a statement; choose another with \`--name\``;
    return [refuse(object, text)];
  }
  const statements = statementsFor(snapshot, selection);
  if (policies === undefined) {
    const list = statements.join('; ');
    return [warn(object, `IAM does not accept the bearer token; add these statements yourself: ${list}`)];
  }
  const advice = allow
    .filter((one) => DANGEROUS.test(one))
    .map((one) => warn(object, `${one}: the jobs can give themselves other permissions`));
  return [planStatements(policies, statements, snapshot, selection), ...advice];
}

function planStatements(
  policies: readonly Policy[],
  statements: readonly string[],
  { repository }: Snapshot,
  selection: Selection,
): Step {
  const { names, compartment = '' } = selection;
  const object = { system: 'iam', object: 'policy', name: names.policy } as const;
  const missing = missingStatements(policies, statements);
  const policy = policies.find(({ name }) => name === names.policy);
  const before = policy?.statements.length ?? 0;
  if (missing.length === 0)
    return keep(object, `${count(statements.length, 'statement')} present (${before} of ${MAX_STATEMENTS})`);
  const after = before + missing.length;
  if (after > MAX_STATEMENTS)
    return refuse(object, `has ${before} of ${MAX_STATEMENTS} statements; choose another with \`--policy\``);
  const text = `+ ${count(missing.length, 'statement')} (${after} of ${MAX_STATEMENTS})`;
  const change = { text, details: missing, after: missing };
  if (policy !== undefined)
    return {
      action: { ...object, op: 'append', ...change, before: policy.statements },
      apply: (run) => appendStatements(run, policy.id, missing),
    };
  const mark = markFor(repository.id, targetOf(selection));
  return {
    action: { ...object, op: 'create', ...change },
    apply: (run) => createPolicy(run, mark, compartment, missing),
  };
}
