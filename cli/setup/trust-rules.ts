// Evaluates the rules of a trust for jobs that have not run yet: some of their claims are known, others are not. Pure functions.
import type { Claims } from '../../src/diagnosis/job-claims.ts';
import { compareRule } from '../../src/diagnosis/rule-comparison.ts';
import { type TrustRule, trustRules } from '../../src/inputs/trust-rule.ts';
import type { IdentityPropagationTrust } from '../domain/objects.ts';

export type StoredRule = NonNullable<IdentityPropagationTrust['impersonationServiceUsers']>[number];

type RuleMatch =
  | 'yes'
  | 'no'
  /** It depends on a claim that is not known, or on how the domain reads quotes. */
  | 'perhaps';

function matchOf({ rule }: StoredRule, claims: Claims): RuleMatch {
  const parsed = parse(rule);
  if (parsed?.operator === undefined) return 'no';
  if (!Object.hasOwn(claims, parsed.claim)) return 'perhaps';
  if (compareRule(parsed, claims).matches) return 'yes';
  const unquoted = { ...parsed, value: parsed.value.replace(/^\s*["'`“”]|["'`“”]\s*$/gu, '') };
  return unquoted.value !== parsed.value && compareRule(unquoted, claims).matches ? 'perhaps' : 'no';
}

function parse(rule: string): TrustRule | undefined {
  try {
    return trustRules(rule)[0];
  } catch {
    return undefined; // control characters
  }
}

interface RuleSearch {
  /** Position of the first rule that matches, from 0; undefined without one. */
  first: number | undefined;
  /** Positions before it that may match. */
  perhaps: number[];
}

/** Rules are tried in order; the first that matches decides. */
export function searchRules(rules: readonly StoredRule[], claims: Claims): RuleSearch {
  const matches = rules.map((rule) => matchOf(rule, claims));
  const found = matches.indexOf('yes');
  const before = found < 0 ? matches : matches.slice(0, found);
  return {
    first: found < 0 ? undefined : found,
    perhaps: before.flatMap((match, index) => (match === 'perhaps' ? [index] : [])),
  };
}
