// Removes rules and clients from a trust. A trust is shared by all repositories: nothing of others may be lost.
import type { IdentityPropagationTrust } from '../domain/objects.ts';
import { readTrust } from '../domain/reads.ts';
import type { PatchOperation } from '../domain/scim.ts';
import { CommandError } from '../failure.ts';
import { assertKept } from '../setup/apply-trust.ts';
import type { Run } from '../setup/part.ts';
import type { TrustLists } from '../setup/trust-change.ts';
import type { StoredRule } from '../setup/trust-rules.ts';
import { whileStale } from '../setup/until-known.ts';

interface Unwanted {
  isRule(rule: StoredRule): boolean;
  clientIds: readonly string[];
}

/**
 * Public sources show only `replace` for trusts, so the whole remaining lists are sent. With `If-Match`, the domain refuses them
 * if somebody else has changed the trust since it was read.
 * @throws CommandError TRUST_DAMAGED when the domain lost entries of others, after they were written back
 */
export async function removeFromTrust(run: Run, id: string, unwanted: Unwanted): Promise<void> {
  await whileStale(async () => {
    const before = await readTrust(run.scim, id);
    if (before === undefined) return;
    const operations = removals(before, unwanted);
    if (operations.length === 0) return;
    const copy = run.saveCopy('trust', before);
    const left = await patch(run, before, operations);
    const after = await readTrust(run.scim, id);
    if (after !== undefined) await assertKept(run, left, after, copy);
    run.report('removed from the trust; everything of others is still there');
  });
}

/** One `replace` for each list from which something is removed. */
function removals(trust: TrustLists, { isRule, clientIds }: Unwanted): PatchOperation[] {
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

/** @returns the lists that the trust must have afterwards */
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
