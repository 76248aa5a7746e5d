// Evaluates a role's trust policy for a web identity: principal, action, conditions; a denial outweighs all.
// Source: IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements". Must not know tokens.

import { listOf, type TrustPolicy, type TrustStatement } from '../server/aws-settings.ts';
import { withoutScheme } from './aws-accounts.ts';
import type { WebIdentity } from './web-identity-token.ts';

const ACTION = 'sts:AssumeRoleWithWebIdentity';

export function trusts(
  policy: TrustPolicy,
  principal: string,
  { issuer, audience, subject }: WebIdentity,
  sessionName: string,
): boolean {
  const host = withoutScheme(issuer).toLowerCase();
  // The names of condition keys, unlike their values, are compared without regard to case.
  const context = new Map([
    [`${host}:aud`, audience],
    [`${host}:sub`, subject],
    ['sts:rolesessionname', sessionName],
  ]);
  const { Statement } = policy;
  const statements = 'Effect' in Statement ? [Statement] : Statement;
  const effects = statements.filter((one) => applies(one, principal, context)).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function applies(
  { Principal, Action, Condition = {} }: TrustStatement,
  principal: string,
  context: ReadonlyMap<string, string>,
): boolean {
  return (
    listOf(Principal.Federated).includes(principal) &&
    listOf(Action).some((action) => matches(action.toLowerCase(), ACTION.toLowerCase())) &&
    Object.entries(Condition).every(([operator, tests]) =>
      Object.entries(tests).every(([key, values]) => {
        const actual = context.get(key.toLowerCase());
        // A key that the request does not have never equals anything.
        return actual !== undefined && listOf(values).some((wanted) => holds(operator, wanted, actual));
      }),
    )
  );
}

function holds(operator: string, wanted: string, actual: string): boolean {
  switch (operator) {
    case 'StringEquals':
      return wanted === actual;
    case 'StringLike':
      return matches(wanted, actual);
    default:
      throw new Error(`trust policies with ${operator} are not emulated`);
  }
}

/** A star stands for any characters, a question mark for one. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\/-]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
