// Creates the policy, or appends statements to it.
import { CommandError, withRemedy } from '../failure.ts';
import type { Iam, Policy } from '../iam/iam.ts';
import { TAG } from './names.ts';
import type { Run } from './part.ts';
import { count } from './steps.ts';
import { whileStale } from './until-known.ts';

export interface PolicyTarget {
  name: string;
  compartmentId: string;
  /** Name of the group in the statements: IAM may not know it yet. */
  group: string;
  /** The option that chooses another name. */
  option: string;
  mark: string;
}

export async function createPolicy(
  run: Run,
  { name, compartmentId, group, option, mark }: PolicyTarget,
  statements: readonly string[],
): Promise<void> {
  const { report, untilKnown } = run;
  const details = {
    compartmentId,
    name,
    description: 'GitHub Actions. Created by oci-wif.',
    statements: [...statements],
    freeformTags: { [TAG]: mark },
  };
  const taken = `The name of a policy is unique in the tenancy. Choose another with \`${option}\`.`;
  await untilKnown(() => iamOf(run).createPolicy(details), group).catch(withRemedy([409], taken));
  report(`created policy ${name} with ${count(statements.length, 'statement')}`);
}

export async function appendStatements(
  run: Run,
  id: string,
  wanted: readonly string[],
  group: string,
): Promise<void> {
  const change = (present: readonly string[]) => {
    const missing = wanted.filter((statement) => !present.includes(statement));
    const done = `appended ${count(missing.length, 'statement')} to`;
    return { statements: [...present, ...missing], done };
  };
  await changeStatements(run, id, change, group);
}

interface Change {
  /** All that are wanted. Without any, the policy is deleted: it needs one. */
  statements: readonly string[];
  /** For the report. */
  done: string;
}

/**
 * Reads the policy again before each attempt: `updatePolicy` replaces all statements, and only `if-match` keeps it from
 * removing what another administrator has just added.
 */
export async function changeStatements(
  run: Run,
  id: string,
  change: (present: readonly string[]) => Change,
  group: string,
): Promise<void> {
  const { report, saveCopy, untilKnown } = run;
  const iam = iamOf(run);
  await whileStale(async () => {
    const policy = await readWithEtag(iam, id);
    const { statements, done } = change(policy.statements);
    if (statements.length === policy.statements.length) return;
    saveCopy(`policy-${policy.name}`, policy);
    const write = async () => {
      if (statements.length > 0) await iam.updatePolicy(id, statements, policy.etag);
      else await iam.deletePolicy(id, policy.etag);
    };
    await untilKnown(write, group);
    report(`${done} policy ${policy.name}`);
  });
}

/** @throws CommandError SERVICE_REFUSED */
async function readWithEtag(iam: Iam, id: string): Promise<Policy> {
  const policy = await iam.policy(id);
  // Without an ETag the update could remove the statement of somebody else.
  if (policy?.etag !== undefined) return policy;
  const what = policy === undefined ? 'was deleted by somebody else' : 'was returned without an ETag';
  throw new CommandError('SERVICE_REFUSED', `The policy ${id} ${what}.`, {
    remedy: 'Run the command again.',
  });
}

function iamOf({ iam }: Run): Iam {
  if (iam === undefined)
    throw new CommandError('CREDENTIALS_UNUSABLE', 'IAM does not accept a bearer token.');
  return iam;
}
