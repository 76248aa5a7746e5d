// The permission of the runners to call the token exchange. It comes last: before it, no runner is admitted.
import { runnersTerraform } from '../../emit/runners.ts';
import { check } from '../checks.ts';
import { markFor } from '../names.ts';
import type { Check, Part, Step } from '../part.ts';
import { missingStatements, planStatements, unsafeName } from '../plan-policy.ts';
import { resourceTypeOf } from '../plan-resource-trust.ts';
import { type Selection, targetOf } from '../selection.ts';
import type { Snapshot } from '../snapshot.ts';
import { count, refuse, warn } from '../steps.ts';
import { isSameRule, matchingRuleFor } from './dynamic-group.ts';
import { exchangeStatement, type RunnersSnapshot, readRunners } from './snapshot.ts';

export function runnersPart(selection: Selection): Part {
  const isResource = selection.tokenType === 'rpst';
  return {
    inputs: isResource ? { 'token-type': 'rpst', 'resource-type': resourceTypeOf(selection) } : {},
    async plan(context, snapshot) {
      return planRunners(snapshot, selection, await readRunners(context));
    },
    async terraform(context, snapshot) {
      return runnersTerraform(snapshot, selection, await readRunners(context));
    },
    async verify(context, snapshot) {
      return checksOf(snapshot, selection, await readRunners(context));
    },
  };
}

function planRunners(snapshot: Snapshot, selection: Selection, found: RunnersSnapshot): Step[] {
  const { domain, domainUrl, ownApps, repository } = snapshot;
  const mark = markFor(repository.id, targetOf(selection));
  const object = { system: 'domain', object: 'domain', name: domain?.displayName ?? domainUrl } as const;
  const advice = [
    ownApps.length > 0
      ? `has ${count(ownApps.length, 'application')}: whether a trust without clients admits them, too, is not documented; a domain of its own is safer`
      : '',
    selection.tokenType === 'upst'
      ? 'a session of a service user is experimental here: the permission that it needs is not documented'
      : '',
  ].filter((text) => text !== '');
  return [planPermission(snapshot, selection, found, mark), ...advice.map((text) => warn(object, text))];
}

function planPermission(
  snapshot: Snapshot,
  selection: Selection,
  { policies, tenancy = '' }: RunnersSnapshot,
  mark: string,
): Step {
  const { runners: name } = selection.names;
  const object = { system: 'iam', object: 'policy', name } as const;
  const unsafe = unsafeName([snapshot.domain?.displayName]);
  if (unsafe !== undefined) return refuse(object, unsafe);
  const statement = exchangeStatement(snapshot, selection);
  if (policies === undefined)
    return warn(object, `IAM does not accept the bearer token; add this statement yourself: ${statement}`);
  const target = { name, compartmentId: tenancy, group: name, option: '--name', mark };
  return planStatements(policies, [statement], target);
}

function checksOf(snapshot: Snapshot, selection: Selection, { policies }: RunnersSnapshot): Check[] {
  const { dynamicGroup: group } = snapshot;
  const rule = matchingRuleFor(selection.runners);
  const isUnknown = group !== undefined && group.matchingRule === undefined;
  const missing = missingStatements(policies ?? [], [exchangeStatement(snapshot, selection)]);
  return [
    isUnknown
      ? { name: 'runners', verdict: 'warning', text: 'the matching rule was not returned' }
      : check('runners', isSameRule(group?.matchingRule, rule), rule, `do not have the rule ${rule}`),
    policies === undefined
      ? { name: 'permission', verdict: 'warning', text: 'not read' }
      : check('permission', missing.length === 0, '{GET_RPST}', `lacks: ${missing.join('; ')}`),
  ];
}
