// Removes rules and clients from a trust. A trust is shared by all repositories: nothing of others may be lost.
import type { IdentityPropagationTrust } from '../domain/objects.ts';
import type { PatchOperation } from '../domain/scim.ts';
import { CommandError } from '../failure.ts';
import { isStale } from '../setup/apply-policy.ts';
import { TRUST_ATTRIBUTES } from '../setup/inspect.ts';
import type { Run } from '../setup/part.ts';
import { damagedLists, restorations, type TrustLists } from '../setup/trust-change.ts';
import type { StoredRule } from '../setup/trust-rules.ts';

export interface Unwanted {
  isRule(rule: StoredRule): boolean;
  clientIds: readonly string[];
}

const ATTEMPTS = 3;

/**
 * Only `replace` is attested for trusts: the lists are sent without what is removed, and `If-Match` refuses them if somebody
 * else has changed the trust since it was read.
 * @throws CommandError TRUST_DAMAGED when the domain lost entries of others, after they were written back
 */
export async function removeFromTrust(run: Run, id: string, unwanted: Unwanted): Promise<void> {
  const { report, saveCopy } = run;
  for (let attempt = 1; ; attempt += 1) {
    const before = await readTrust(run, id);
    if (before === undefined) return;
    const operations = removals(before, unwanted);
    if (operations.length === 0) return;
    const copy = saveCopy('trust', before);
    try {
      const left = await patch(run, before, operations);
      await confirm(run, id, left, copy);
      return report('removed from the trust; everything of others is still there');
    } catch (error) {
      if (attempt >= ATTEMPTS || !isStale(error)) throw error;
    }
  }
}

const readTrust = ({ scim }: Run, id: string) => scim.get('IdentityPropagationTrusts', id, TRUST_ATTRIBUTES);

/** One `replace` for each list from which something is removed. */
export function removals(trust: TrustLists, { isRule, clientIds }: Unwanted): PatchOperation[] {
  const { impersonationServiceUsers: rules, oauthClients: clients } = trust;
  const otherRules = rules?.filter((rule) => !isRule(rule));
  const otherClients = clients?.filter((client) => !clientIds.includes(client));
  const operations: PatchOperation[] = [];
  if (rules?.length !== otherRules?.length)
    operations.push({ op: 'replace', path: 'impersonationServiceUsers', value: otherRules });
  if (clients?.length !== otherClients?.length)
    operations.push({ op: 'replace', path: 'oauthClients', value: otherClients });
  return operations;
}

/** @returns the lists that must be left */
async function patch(
  { scim, report }: Run,
  before: IdentityPropagationTrust,
  operations: readonly PatchOperation[],
): Promise<TrustLists> {
  const send = async (sent: readonly PatchOperation[]) => {
    await scim.patch('IdentityPropagationTrusts', before.id, sent, before.meta?.version);
    return { ...before, ...Object.fromEntries(sent.map(({ path, value }) => [path, value])) };
  };
  const rules = operations.filter(({ path }) => path !== 'oauthClients');
  const last = operations.find(
    ({ path, value }) => path === 'oauthClients' && (value as string[]).length === 0,
  );
  try {
    return await send(operations);
  } catch (error) {
    // A trust may need a client. Without a rule, and without its application, the client admits nobody.
    if (!isRefusal(error) || last === undefined || rules.length === 0) throw error;
    report('the domain keeps the last client of the trust; its application is deleted');
    return await send(rules);
  }
}

const isRefusal = (error: unknown) => error instanceof CommandError && error.details.status === 400;

async function confirm(run: Run, id: string, left: TrustLists, copy: string): Promise<void> {
  const after = await readTrust(run, id);
  if (after === undefined || damagedLists(left, after).length === 0) return;
  run.report('the domain lost entries of others; writing them back');
  await run.scim.patch('IdentityPropagationTrusts', id, restorations(left, after), after.meta?.version);
  const restored = await readTrust(run, id);
  const isWhole = restored !== undefined && damagedLists(left, restored).length === 0;
  throw new CommandError(
    'TRUST_DAMAGED',
    `The domain lost entries of others when one of the trust was removed. ${isWhole ? 'They were written back.' : 'Writing them back failed.'}`,
    isWhole ? { remedy: 'Run the command again.' } : { remedy: `Write them back from ${copy}.` },
  );
}
