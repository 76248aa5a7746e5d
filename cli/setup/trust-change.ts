// What has to be added to a trust, and whether a change has kept everything. Pure functions.
import type { IdentityPropagationTrust } from '../domain/objects.ts';
import type { PatchOperation } from '../domain/scim.ts';

/** What the trust must have. */
export interface Wanted {
  rule: string;
  userId: string;
  /** Undefined for a trust whose callers sign. */
  clientId: string | undefined;
  /** Undefined when the trust accepts every token: with a value, it would refuse the tokens of others. */
  claimValue: string | undefined;
  activate: boolean;
}

/** The lists of a trust that grow. Undefined: the domain did not return it, so it is unknown. */
export type TrustLists = Pick<
  IdentityPropagationTrust,
  'impersonationServiceUsers' | 'oauthClients' | 'clientClaimValues'
>;

type ListName = keyof TrustLists;
export const LIST_NAMES = ['impersonationServiceUsers', 'oauthClients', 'clientClaimValues'] as const;

/** The entries that are missing, by list. */
export function missingIn(trust: TrustLists, wanted: Wanted): Required<TrustLists> {
  const { rule, userId, clientId, claimValue } = wanted;
  const rules = trust.impersonationServiceUsers ?? [];
  const hasRule = rules.some((one) => one.rule === rule && one.value === userId);
  return {
    impersonationServiceUsers: hasRule ? [] : [{ rule, value: userId }],
    oauthClients: clientId === undefined || trust.oauthClients?.includes(clientId) ? [] : [clientId],
    clientClaimValues:
      claimValue === undefined || trust.clientClaimValues?.includes(claimValue) ? [] : [claimValue],
  };
}

const activation = (wanted: Wanted, { active }: IdentityPropagationTrust): PatchOperation[] =>
  wanted.activate && active !== true ? [{ op: 'replace', path: 'active', value: true }] : [];

/** One `add` for each list that lacks something. Empty when nothing is missing. */
export function additions(trust: IdentityPropagationTrust, wanted: Wanted): PatchOperation[] {
  const missing = missingIn(trust, wanted);
  const adds = LIST_NAMES.filter((name) => missing[name].length > 0).map(
    (name): PatchOperation => ({ op: 'add', path: name, value: missing[name] }),
  );
  return [...adds, ...activation(wanted, trust)];
}

/** Like `additions`, but replaces whole lists. @returns the names of the lists that the domain did not return, if any */
export function replacements(
  trust: IdentityPropagationTrust,
  wanted: Wanted,
): { operations: PatchOperation[] } | { unknown: ListName[] } {
  const missing = missingIn(trust, wanted);
  const changed = LIST_NAMES.filter((name) => missing[name].length > 0);
  const unknown = changed.filter((name) => trust[name] === undefined);
  if (unknown.length > 0) return { unknown };
  const operations = changed.map(
    (name): PatchOperation => ({
      op: 'replace',
      path: name,
      value: [...(trust[name] ?? []), ...missing[name]],
    }),
  );
  return { operations: [...operations, ...activation(wanted, trust)] };
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Names of lists in which an entry was lost, changed or moved. */
export function damagedLists(before: TrustLists, after: TrustLists): ListName[] {
  return LIST_NAMES.filter((name) => {
    const [old, now] = [before[name] ?? [], after[name] ?? []] as [readonly unknown[], readonly unknown[]];
    let next = 0;
    for (const entry of now) if (next < old.length && same(entry, old[next])) next += 1;
    return next < old.length;
  });
}

/**
 * Writes the former entries back in their order, and after them what was added since: ours, and those of others.
 * Lists that are not damaged are left alone.
 */
export function restorations(before: TrustLists, after: TrustLists): PatchOperation[] {
  return damagedLists(before, after).map((path) => {
    const [old, now] = [before[path] ?? [], after[path] ?? []] as [readonly unknown[], readonly unknown[]];
    const added = now.filter((entry) => !old.some((one) => same(one, entry)));
    return { op: 'replace', path, value: [...old, ...added] };
  });
}
