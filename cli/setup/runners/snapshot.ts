// Reads the policies of the tenancy, in which the runners get the permission to exchange tokens.
import type { Policy } from '../../iam/iam.ts';
import type { SetupContext } from '../part.ts';
import { subjectOf } from '../plan-policy.ts';
import type { Selection } from '../selection.ts';
import type { Snapshot } from '../snapshot.ts';

export interface RunnersSnapshot {
  /** Of the tenancy; undefined without access to IAM. */
  policies: readonly Policy[] | undefined;
  tenancy: string | undefined;
}

export async function readRunners({ iam }: SetupContext): Promise<RunnersSnapshot> {
  return {
    policies: await iam?.policies(iam.tenancy),
    tenancy: iam?.tenancy,
  };
}

/** Not in Oracle's policy reference. @see manifest of the cloud controller manager for OCI */
export function exchangeStatement({ domain }: Snapshot, { names }: Selection): string {
  const subject = subjectOf(domain?.displayName ?? '<name of the domain>', names.runners, 'dynamic-group');
  return `${subject} to {GET_RPST} in tenancy`;
}
