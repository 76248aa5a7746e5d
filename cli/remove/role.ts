// Removes our statement from the trust policy of a role in AWS. The OIDC provider stays: other roles may use it.
import type { AwsIam, Role } from '../aws/aws.ts';
import { foreignDiffer, sidFor, statementsOf, withoutStatement } from '../aws/trust-policy.ts';
import { CommandError } from '../failure.ts';
import type { AwsSelection } from '../setup/aws/selection.ts';
import type { Run, Step } from '../setup/part.ts';
import { type Selection, targetOf } from '../setup/selection.ts';
import { refuse, removal, warn } from '../setup/steps.ts';
import type { RemovalSnapshot } from './snapshot.ts';

interface RoleSteps {
  /** While the application still exists. */
  statement: Step[];
  /** After everything else: AWS refuses it while the role has policies, which are the user's. */
  role: Step[];
}

export interface RoleRemoval {
  iam: AwsIam;
  wanted: AwsSelection;
}

export function planRoleRemoval(
  { aws, repository }: RemovalSnapshot,
  selection: Selection,
  asked: RoleRemoval | undefined,
): RoleSteps {
  const none = { statement: [], role: [] };
  if (aws === undefined || asked === undefined) return none;
  const { iam, wanted } = asked;
  const object = { system: 'aws', object: 'role', name: wanted.role } as const;
  const { caller, role } = aws;
  if (caller.accountId !== wanted.accountId) {
    const text = `the AWS credentials are of the account ${caller.accountId}, not ${wanted.accountId}; set AWS_PROFILE`;
    return { ...none, statement: [refuse(object, text)] };
  }
  const sid = sidFor(repository.id, targetOf(selection));
  const statements = role === undefined ? [] : statementsOf(role.trustPolicy);
  if (role === undefined || !statements.some(({ Sid }) => Sid === sid)) return none;
  if (statements.length > 1) {
    const text = `- statement ${sid}; ${statements.length - 1} kept`;
    return {
      ...none,
      statement: [removal(object, text, (run) => removeStatement(run, role, sid, iam), 'change')],
    };
  }
  // A trust policy needs a statement.
  if (role.tags['managed-by'] === 'oci-wif')
    return {
      ...none,
      role: [removal(object, 'deleted', (run) => deleteRole(run, role, sid, iam))],
    };
  return {
    ...none,
    statement: [warn(object, `has no other statement than ${sid}: delete the role yourself`)],
  };
}

/** @throws CommandError CONFLICT when somebody else has added a statement since the plan */
async function deleteRole({ report }: Run, { name }: Role, sid: string, iam: AwsIam): Promise<void> {
  const now = await iam.role(name);
  if (now === undefined) return;
  if (statementsOf(now.trustPolicy).some(({ Sid }) => Sid !== sid))
    throw new CommandError('CONFLICT', `Others changed the trust policy of the role ${name} meanwhile.`);
  await iam.deleteRole(name);
  report(`AWS: deleted the role ${name}`);
}

/** AWS has no ETag: the policy is read just before the change, and again after it. */
async function removeStatement(run: Run, { name }: Role, sid: string, iam: AwsIam): Promise<void> {
  const before = await iam.role(name);
  if (before === undefined || !statementsOf(before.trustPolicy).some(({ Sid }) => Sid === sid)) return;
  run.saveCopy(`role-${name}`, before);
  await iam.updateTrustPolicy(name, withoutStatement(before.trustPolicy, sid));
  const after = await iam.role(name);
  if (after !== undefined && foreignDiffer(before.trustPolicy, after.trustPolicy, sid))
    throw new CommandError(
      'CONFLICT',
      `Others changed the trust policy of the role ${name} at the same time.`,
    );
  run.report(`AWS: removed our statement from the role ${name}; everything of others is still there`);
}
