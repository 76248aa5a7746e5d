// Creates the policy, or appends statements to it.
import { CommandError } from '../failure.ts';
import type { Iam, Policy } from '../iam/iam.ts';
import { TAG } from './names.ts';
import type { Run } from './part.ts';
import { count } from './steps.ts';

const ATTEMPTS = 3;

export async function createPolicy(
  run: Run,
  mark: string,
  compartmentId: string,
  statements: readonly string[],
): Promise<void> {
  const { selection, report, untilKnown } = run;
  const { policy: name } = selection.names;
  const details = {
    compartmentId,
    name,
    description: 'GitHub Actions. Created by oci-wif.',
    statements: [...statements],
    freeformTags: { [TAG]: mark },
  };
  await untilKnown(() => iamOf(run).createPolicy(details), groupOf(run)).catch((error: unknown) => {
    if (!(error instanceof CommandError) || error.details.status !== 409) throw error;
    throw new CommandError(error.code, error.message, {
      ...error.details,
      remedy: `The name of a policy is unique in the tenancy. Choose another with \`--policy\`.`,
    });
  });
  report(`created policy ${name} with ${count(statements.length, 'statement')}`);
}

/**
 * Reads the policy again before each attempt: `updatePolicy` replaces all statements, and only `if-match` keeps it from
 * removing what another administrator has just added.
 */
export async function appendStatements(run: Run, id: string, wanted: readonly string[]): Promise<void> {
  const { report, saveCopy, untilKnown } = run;
  const iam = iamOf(run);
  for (let attempt = 1; ; attempt += 1) {
    const policy = await readWithEtag(iam, id);
    const missing = wanted.filter((statement) => !policy.statements.includes(statement));
    if (missing.length === 0) return;
    saveCopy(`policy-${policy.name}`, policy);
    try {
      const statements = [...policy.statements, ...missing];
      await untilKnown(() => iam.updatePolicy(id, statements, policy.etag), groupOf(run));
      return report(`appended ${count(missing.length, 'statement')} to policy ${policy.name}`);
    } catch (error) {
      if (attempt >= ATTEMPTS || !isStale(error)) throw error;
    }
  }
}

/** @throws CommandError SERVICE_REFUSED */
export async function readWithEtag(iam: Iam, id: string): Promise<Policy> {
  const policy = await iam.policy(id);
  // Without an ETag the update could remove the statement of somebody else.
  if (policy?.etag !== undefined) return policy;
  const what = policy === undefined ? 'was deleted by somebody else' : 'was returned without an ETag';
  throw new CommandError('SERVICE_REFUSED', `The policy ${id} ${what}.`, {
    remedy: 'Run the command again.',
  });
}

/** Somebody else has changed the object since it was read. */
export const isStale = (error: unknown) =>
  error instanceof CommandError && (error.details.status === 412 || error.details.status === 409);

/** IAM may not know the new group yet. */
const groupOf = ({ made, selection }: Run) => made.groupName ?? selection.names.group;

function iamOf({ iam }: Run): Iam {
  if (iam === undefined)
    throw new CommandError('CREDENTIALS_UNUSABLE', 'IAM does not accept a bearer token.');
  return iam;
}
