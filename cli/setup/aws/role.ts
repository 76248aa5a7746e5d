// The OIDC provider and the role in AWS. The statements and client IDs of others stay as they are.
import type { AwsIam, Role } from '../../aws/aws.ts';
import {
  admits,
  foreignDiffer,
  policyOf,
  sidFor,
  statementFor,
  statementsOf,
  withoutSubject,
  withStatement,
} from '../../aws/trust-policy.ts';
import { CommandError } from '../../failure.ts';
import type { Run, Step } from '../part.ts';
import { type Selection, targetOf } from '../selection.ts';
import { keep, refuse, warn } from '../steps.ts';
import type { AwsSelection } from './selection.ts';
import type { AwsSnapshot } from './snapshot.ts';

/** What the steps need besides the run. `made` of the run is that of the AWS side. */
export interface AwsTools {
  aws: AwsIam;
  /** Waits until AWS can read the domain's discovery document. */
  awaitDiscovery(run: Run): Promise<void>;
  sleep(milliseconds: number): Promise<void>;
}

export function planProvider(snapshot: AwsSnapshot, wanted: AwsSelection, tools: AwsTools): Step[] {
  const { caller, provider, providerArn, issuer } = snapshot;
  const object = { system: 'aws', object: 'provider', name: issuer.replace(/^https:\/\//, '') } as const;
  if (caller.accountId !== wanted.accountId)
    return [
      refuse(
        object,
        `the AWS credentials are of the account ${caller.accountId}, not ${wanted.accountId}; set AWS_PROFILE`,
      ),
    ];
  const { audience } = wanted;
  if (provider === undefined)
    return [
      {
        action: { ...object, op: 'create', text: `client ID ${audience}`, after: providerArn },
        apply: (run) => createProvider(run, issuer, providerArn, audience, tools),
      },
    ];
  if (provider.clientIds.includes(audience)) return [keep(object, `client ID ${audience}`)];
  return [
    {
      action: {
        ...object,
        op: 'append',
        text: `+ client ID ${audience}; ${provider.clientIds.length} kept`,
        before: provider.clientIds,
      },
      apply: async ({ report }) => {
        await tools.aws.addClientId(providerArn, audience);
        report(`AWS: added the client ID ${audience} to the OIDC provider`);
      },
    },
  ];
}

async function createProvider(
  run: Run,
  issuer: string,
  arn: string,
  audience: string,
  { aws, awaitDiscovery }: AwsTools,
): Promise<void> {
  await awaitDiscovery(run);
  try {
    await aws.createProvider(issuer, [audience]);
    run.report('AWS: created the OIDC provider');
  } catch (error) {
    // Also after a response that was lost: then AWS has it already.
    if (!isThere(error)) throw error;
    await aws.addClientId(arn, audience);
    run.report(`AWS: the OIDC provider exists; added the client ID ${audience}`);
  }
}

const isThere = (error: unknown) =>
  error instanceof CommandError && error.details.serviceCode === 'EntityAlreadyExists';

/** The ARN that a new role gets, or that of the role that is there, with its path. */
export function roleArnOf({ role, caller }: AwsSnapshot, wanted: AwsSelection): string {
  return role?.arn ?? `arn:${caller.partition}:iam::${wanted.accountId}:role/${wanted.role}`;
}

export function planRole(
  snapshot: AwsSnapshot,
  selection: Selection,
  wanted: AwsSelection,
  tools: AwsTools,
): Step[] {
  const { role, app, caller, providerArn } = snapshot;
  if (caller.accountId !== wanted.accountId) return [];
  const object = { system: 'aws', object: 'role', name: wanted.role } as const;
  const client = { providerArn, audience: wanted.audience, clientId: app?.name ?? '' };
  const apply = (run: Run) => trustClient(run, snapshot, selection, wanted, tools);
  const after = { clientId: app?.name ?? 'of the new application', audience: wanted.audience };
  if (role === undefined)
    return [
      {
        action: {
          ...object,
          op: 'create',
          text: 'admits aud and sub of the application; attach its permissions yourself',
          after,
        },
        apply,
      },
    ];
  const advice = withoutSubject(role.trustPolicy, providerArn).map(({ Sid = 'without Sid' }) =>
    warn(object, `the statement ${Sid} has no condition on sub: it admits every application of the domain`),
  );
  if (app?.name !== undefined && admits(role.trustPolicy, client))
    return [keep(object, 'admits aud and sub of the application'), ...advice];
  const statements = statementsOf(role.trustPolicy);
  const sid = sidFor(snapshot.repository.id, targetOf(selection));
  const isReplaced = statements.some(({ Sid }) => Sid === sid);
  const kept = `${statements.length - (isReplaced ? 1 : 0)} kept`;
  return [
    {
      action: {
        ...object,
        op: isReplaced ? 'change' : 'append',
        text: isReplaced
          ? `our statement ${sid} admits the new application; ${kept}`
          : `+ statement ${sid}; ${kept}`,
        before: role.trustPolicy,
        after,
      },
      apply,
    },
    ...advice,
  ];
}

const ATTEMPTS = 3;
const READ_AGAIN_MS = 2000;

/**
 * AWS has no ETag for a trust policy. So it is read just before the change, and again after it: if somebody else wrote in
 * between, the statement is added to what they wrote.
 */
async function trustClient(
  run: Run,
  { repository, providerArn }: AwsSnapshot,
  selection: Selection,
  wanted: AwsSelection,
  tools: AwsTools,
): Promise<void> {
  const { aws, awaitDiscovery, sleep } = tools;
  const { made } = run;
  const client = { providerArn, audience: wanted.audience, clientId: made.clientId ?? '' };
  const statement = statementFor(sidFor(repository.id, targetOf(selection)), client);
  await awaitDiscovery(run);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = await aws.role(wanted.role);
    if (before === undefined) {
      const description = descriptionOf(repository.fullName, targetOf(selection));
      const role = await run.untilKnown(() => createRole(aws, wanted.role, description, statement));
      if (role === undefined) continue;
      return run.report(`AWS: created the role ${wanted.role}. Attach the permissions of the jobs to it`);
    }
    if (admits(before.trustPolicy, client)) return;
    run.saveCopy(`role-${wanted.role}`, before);
    const changed = withStatement(before.trustPolicy, statement);
    await run.untilKnown(() => aws.updateTrustPolicy(wanted.role, changed));
    if (await isKept(aws, before, client, statement.Sid ?? '')) {
      return run.report(
        `AWS: the role ${wanted.role} trusts the application; everything that was there is still there`,
      );
    }
    await sleep(READ_AGAIN_MS);
  }
  const message = `Others change the trust policy of the role ${wanted.role} at the same time.`;
  throw new CommandError('CONFLICT', message);
}

/** IAM allows Latin-1 only. @see CreateRole (IAM API Reference) */
const descriptionOf = (repository: string, target: string) =>
  `GitHub Actions, ${repository}, ${target}`.replace(/[^\x20-\x7e\u00a1-\u00ff]/gu, '?');

/** @returns undefined when the role exists meanwhile */
async function createRole(
  aws: AwsIam,
  name: string,
  description: string,
  statement: Parameters<typeof policyOf>[0],
): Promise<Role | undefined> {
  try {
    return await aws.createRole(name, description, policyOf(statement));
  } catch (error) {
    if (isThere(error)) return undefined;
    throw error;
  }
}

async function isKept(
  aws: AwsIam,
  before: Role,
  client: Parameters<typeof admits>[1],
  sid: string,
): Promise<boolean> {
  const after = await aws.role(before.name);
  return (
    after !== undefined &&
    admits(after.trustPolicy, client) &&
    !foreignDiffer(before.trustPolicy, after.trustPolicy, sid)
  );
}
