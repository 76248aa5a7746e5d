// Decides which service user a token leads to: the impersonation rules of a trust, in their order.
// Source: "Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST". Must not know tokens or HTTP.
import type { ImpersonationRule } from '../server/settings.ts';

/** The value of the first rule that matches. A rule that cannot be read never matches. */
export function firstMatch(
  rules: readonly ImpersonationRule[],
  claims: Readonly<Record<string, unknown>>,
): string | undefined {
  return rules.find(({ rule }) => matches(rule, claims))?.value;
}

/**
 * `<claim> eq <value>` or `<claim> co <value>`, over string claims only; there is no `and`, no `or`.
 * Quotes are taken literally, so a quoted value never matches: live reports agree on that, Oracle's example does not.
 */
function matches(rule: string, claims: Readonly<Record<string, unknown>>): boolean {
  const [, name = '', operator, wanted = ''] = /^(\S+) (eq|co) (.+)$/.exec(rule) ?? [];
  const actual = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (operator === undefined || typeof actual !== 'string') {
    return false;
  }
  return operator === 'co' ? actual.includes(wanted) : equals(actual, wanted);
}

/** A star counts at the end alone; in the middle its meaning is undocumented, so here it is a plain character. */
function equals(actual: string, wanted: string): boolean {
  return wanted.endsWith('*') ? actual.startsWith(wanted.slice(0, -1)) : actual === wanted;
}
