// Plans a removal. Pure functions. The order is that of `setup` in reverse: first nobody is admitted any more. GitHub comes before
// the application is deleted, because its variable names the application: so a run that was interrupted can be completed.
import type { IdentityPropagationTrust } from '../domain/objects.ts';
import type { Run, Step } from '../setup/part.ts';
import { isStatementFor } from '../setup/plan-policy.ts';
import type { Selection } from '../setup/selection.ts';
import { count, removal, warn } from '../setup/steps.ts';
import { type AppUse, appUses, isOwnRule, ownUser } from './ownership.ts';
import { planClients, planVariables } from './plan-clients.ts';
import { planRunners } from './plan-runners.ts';
import { planPolicy } from './plan-statements.ts';
import { removeFromTrust } from './remove-from-trust.ts';
import { deleteGroup, deleteUser } from './remove-objects.ts';
import { planRoleRemoval, type RoleRemoval } from './role.ts';
import type { RemovalSnapshot } from './snapshot.ts';

/** @param aws undefined when nothing of AWS was asked for */
export function planRemoval(
  snapshot: RemovalSnapshot,
  selection: Selection,
  aws: RoleRemoval | undefined,
): Step[] {
  const uses = appUses(snapshot, ({ impersonationServiceUsers = [] }) =>
    impersonationServiceUsers.filter((rule) => !isOwnRule(rule, snapshot, selection)),
  );
  const clients = planClients(snapshot, selection, uses);
  const role = planRoleRemoval(snapshot, selection, aws);
  const runners = planRunners(snapshot, selection);
  return [
    ...runners.before,
    ...snapshot.trusts.flatMap((trust) => planTrust(trust, snapshot, selection, uses)),
    ...role.statement,
    ...planPrincipal(snapshot, selection),
    ...clients.before,
    ...planVariables(snapshot, selection, uses),
    ...clients.after,
    ...runners.after,
    ...role.role,
  ];
}

function planTrust(
  trust: IdentityPropagationTrust,
  snapshot: RemovalSnapshot,
  selection: Selection,
  uses: readonly AppUse[],
): Step[] {
  const { impersonationServiceUsers: rules = [], oauthClients: clients = [], name = '' } = trust;
  const object = { system: 'domain', object: 'trust', name } as const;
  const unused = uses.flatMap(({ app, use }) => (use === undefined ? (app.name ?? []) : []));
  const clientIds = clients.filter((client) => unused.includes(client));
  const own = rules.filter((rule) => isOwnRule(rule, snapshot, selection));
  if (own.length === 0 && clientIds.length === 0) return [];
  const parts = [
    ...own.map((rule) => `- rule ${rules.indexOf(rule) + 1}  ${rule.rule}`),
    ...clientIds.map((client) => `- client ${client}`),
  ];
  const kept = `${count(rules.length - own.length, 'rule')}, ${count(clients.length - clientIds.length, 'client')} kept`;
  const unwanted = {
    isRule: (rule: (typeof rules)[number]) => isOwnRule(rule, snapshot, selection),
    clientIds,
  };
  return [
    {
      action: {
        ...object,
        op: 'change',
        text: parts[0] ?? '',
        details: [...parts.slice(1), kept],
        before: { impersonationServiceUsers: rules, oauthClients: clients },
      },
      apply: (run) => removeFromTrust(run, trust.id, unwanted),
    },
  ];
}

/** User, group and permissions belong together: while a rule of others names the user, all of them stay. */
function planPrincipal(snapshot: RemovalSnapshot, selection: Selection): Step[] {
  const { trusts, group } = snapshot;
  const user = ownUser(snapshot);
  const name = user?.userName ?? '';
  const object = { system: 'domain', object: 'user', name } as const;
  const rules = trusts.flatMap(({ impersonationServiceUsers = [] }) => impersonationServiceUsers);
  const others = rules.filter((rule) => rule.value === user?.id && !isOwnRule(rule, snapshot, selection));
  if (user !== undefined && others.length > 0) {
    const list = others.map(({ rule }) => rule).join(', ');
    return [warn(object, `stays with its group and permissions: another rule names it: ${list}`)];
  }
  const members = (group?.members ?? []).filter(({ value }) => value !== user?.id);
  const isUnknown = trusts.some(
    ({ subjectType, impersonationServiceUsers }) =>
      subjectType !== 'Resource' && impersonationServiceUsers === undefined,
  );
  return [
    ...(user !== undefined && isUnknown
      ? [
          warn(
            object,
            'the rules of a trust were not returned: while one names the user, the domain keeps it',
          ),
        ]
      : []),
    ...(members.length > 0 ? [] : planStatements(snapshot)),
    ...planGroup(snapshot, members.length),
    ...(user === undefined ? [] : [removal(object, 'service user', (run) => deleteUser(run, user))]),
  ];
}

function planGroup(snapshot: RemovalSnapshot, others: number): Step[] {
  const { group } = snapshot;
  const user = ownUser(snapshot);
  if (group === undefined) return [];
  const object = { system: 'domain', object: 'group', name: group.displayName ?? '' } as const;
  const isMember = group.members?.some(({ value }) => value === user?.id) === true;
  const apply = (run: Run) => deleteGroup(run, group, user?.id);
  if (others === 0)
    return [removal(object, isMember ? `with its member ${user?.userName ?? ''}` : 'deleted', apply)];
  const advice = warn(object, `stays with its permissions: ${count(others, 'other member')}`);
  const text = `- member ${user?.userName ?? ''}; ${others} kept`;
  return isMember ? [removal(object, text, apply, 'change'), advice] : [advice];
}

function planStatements({ policies, group, domain }: RemovalSnapshot): Step[] {
  if (group?.displayName === undefined) return [];
  if (policies === undefined) {
    const object = { system: 'iam', object: 'policy', name: group.displayName } as const;
    return [warn(object, 'statements of the group were not read: remove them yourself')];
  }
  const isOwn = isStatementFor(domain?.displayName ?? '', group.displayName);
  return policies.flatMap((policy) => planPolicy(policy, isOwn));
}
