// Plans the removal of what lets runners sign the token exchange: trust, permissions, dynamic group. Pure functions.
import type { DynamicGroup, IdentityPropagationTrust } from '../domain/objects.ts';
import type { Step } from '../setup/part.ts';
import { conditionFor, isStatementFor } from '../setup/plan-policy.ts';
import type { Selection } from '../setup/selection.ts';
import { removal, warn } from '../setup/steps.ts';
import { isOwnSubject } from './ownership.ts';
import { planPolicy } from './plan-statements.ts';
import { deleteDynamicGroup, deleteTrust } from './remove-objects.ts';
import type { RemovalSnapshot } from './snapshot.ts';

interface RunnerSteps {
  /** The trust is removed first, so that no job can log in any more. */
  before: Step[];
  /** The group is removed last: after an interruption, the next run finds the statements by its mark. */
  after: Step[];
}

export function planRunners(snapshot: RemovalSnapshot, selection: Selection): RunnerSteps {
  const { trusts, dynamicGroup: group } = snapshot;
  return {
    before: trusts.flatMap((trust) => planTrust(trust, snapshot, selection)),
    after:
      group === undefined
        ? []
        : [
            ...planStatements(snapshot, selection, group),
            removal(
              { system: 'domain', object: 'runners', name: group.displayName ?? '' },
              'dynamic group',
              (run) => deleteDynamicGroup(run, group),
            ),
          ],
  };
}

/** `setup` marks its trust for resources. Another administrator may have changed the jobs that it admits. */
function planTrust(
  trust: IdentityPropagationTrust,
  { mark, repository }: RemovalSnapshot,
  selection: Selection,
): Step[] {
  const { name = '', description, subjectType, claimValidations = [] } = trust;
  if (subjectType !== 'Resource' || description !== mark) return [];
  const object = { system: 'domain', object: 'trust', name } as const;
  const list = claimValidations.map((one) => `${one.name} ${one.value}`).join(', ');
  const isOwn = claimValidations.some(
    (one) => one.name === 'sub' && isOwnSubject(one.value, repository, selection),
  );
  if (!isOwn) return [warn(object, `stays: it was changed, and validates ${list || 'no claim'}`)];
  return [removal(object, `serves ${list}`, (run) => deleteTrust(run, trust))];
}

function planStatements(
  { policies, domain, repository }: RemovalSnapshot,
  selection: Selection,
  { displayName = '' }: DynamicGroup,
): Step[] {
  if (policies === undefined || domain === undefined) {
    const object = { system: 'iam', object: 'policy', name: displayName } as const;
    return [warn(object, 'statements of the runners and of the jobs were not read: remove them yourself')];
  }
  const isOfGroup = isStatementFor(domain.displayName, displayName, 'dynamic-group');
  const isOfJobs = (statement: string) => {
    const [, job = ''] = /^Allow any-user to .*request\.principal\.name='(.*)'\}$/.exec(statement) ?? [];
    return isOwnSubject(job, repository, selection) && statement.endsWith(conditionFor(domain.id, job));
  };
  return policies.flatMap((policy) => planPolicy(policy, (one) => isOfGroup(one) || isOfJobs(one)));
}
