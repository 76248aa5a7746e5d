// Compares an impersonation rule with the claims of a token, character by character.
import type { TrustRule } from '../inputs/trust-rule.ts';
import { type Claims, PROPERTY_PREFIX, subjectPrefixes } from './job-claims.ts';

export interface Comparison {
  matches: boolean;
  /** Whether the difference is a known mistake, and so a likely cause of a refusal. */
  isExplained: boolean;
  /** One sentence that continues the name of the rule, without its full stop. */
  text: string;
  /** Rule and token in two lines, with a caret where they differ; '' if that shows nothing. */
  lines: string;
}

/** @see Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST (OCI documentation), "Impersonation" */
export function compareRule(rule: TrustRule, claims: Claims): Comparison {
  const { claim, operator, value, problem } = rule;
  if (operator === undefined) return differs(problem ?? 'cannot be compared', true);
  const actual = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (actual === undefined) {
    const isProperty = claim.startsWith(PROPERTY_PREFIX);
    const why = isProperty ? ': an organisation or enterprise chooses the properties that tokens have' : '';
    return differs(`needs the claim ${ticked(claim)}, which the token does not have${why}`, isProperty);
  }
  if (isMet(operator, value, actual)) {
    const scope = value === '*' ? ', and every other token of the issuer: replace it' : '';
    return { matches: true, isExplained: false, text: `matches this token${scope}`, lines: '' };
  }
  const reason = reasonFor(operator, rule, actual, claims);
  const why = reason === undefined ? '' : `: ${reason}`;
  if (operator === 'co') return differs(`is not contained in ${ticked(claim)}${why}`, reason !== undefined);
  const isPrefix = value.endsWith('*');
  const [wanted, found] = [[...(isPrefix ? value.slice(0, -1) : value)], [...actual]];
  const first = wanted.findIndex((character, index) => character !== found[index]);
  const at = first === -1 ? wanted.length : first;
  const ruleHas = at < wanted.length ? ticked(segment(wanted, at)) : isPrefix ? 'a star' : 'nothing more';
  const tokenHas = at < found.length ? ticked(segment(found, at)) : 'nothing more';
  const text = `differs at character ${at + 1}: the rule has ${ruleHas}, the token has ${tokenHas}${why}`;
  const lines = [
    `rule   ${drawn(wanted)}`,
    `token  ${drawn(found)}`,
    `${' '.repeat(7 + at)}^ character ${at + 1}`,
  ];
  return differs(text, reason !== undefined, lines.join('\n'));
}

type Operator = 'eq' | 'co';

/** With `eq`, a star works at the end; its meaning elsewhere is not documented. */
function isMet(operator: Operator, value: string, actual: string): boolean {
  if (operator === 'co') return actual.includes(value);
  return value.endsWith('*') ? actual.startsWith(value.slice(0, -1)) : actual === value;
}

function differs(text: string, isExplained: boolean, lines = ''): Comparison {
  return { matches: false, isExplained, text, lines };
}

const BORDER = /[/:@]/;
const MAX_SEGMENT = 60;

/** The part of a subject to which a character belongs: people think in branches and names, not in positions. */
function segment(characters: readonly string[], at: number): string {
  const isBorder = (index: number) => BORDER.test(characters[index] ?? '');
  let from = at;
  while (from > 0 && !isBorder(from) && !isBorder(from - 1)) from -= 1;
  let to = at + 1;
  while (to < characters.length && !isBorder(to)) to += 1;
  return characters.slice(from, to).join('');
}

const withoutQuotes = (text: string) => text.replace(/["'`“”]/g, '');
const unescaped = (text: string) => text.replaceAll('%3A', ':');

/** Names the mistakes that are easily overlooked. */
function reasonFor(
  operator: Operator,
  { value, problem }: TrustRule,
  actual: string,
  claims: Claims,
): string | undefined {
  const isRewritten = (from: string, to: string) => value.startsWith(from) && actual.startsWith(to);
  const { byName, withIds } = subjectPrefixes(claims);
  if (problem !== undefined || isMet(operator, withoutQuotes(value), actual))
    return 'quotes in the rule, and domains have been seen to treat the quotes as part of the value';
  if (isMet(operator, value.trim(), actual))
    return `a space at the ${value.startsWith(' ') ? 'beginning' : 'end'} of the rule`;
  if (isMet(operator, value.toLowerCase(), actual.toLowerCase()))
    return 'only upper and lower case differ, and the comparison is case-sensitive';
  if (isMet(operator, unescaped(value), unescaped(actual)))
    return actual.includes('%3A')
      ? 'the token has %3A where the rule has a colon'
      : 'the rule has %3A where the token has a colon';
  if (isRewritten(byName, withIds))
    return 'the rule is written by name, the token has the immutable form with ids';
  if (isRewritten(withIds, byName))
    return 'the rule is written in the immutable form with ids, the token has names';
  const hasStar = /\*./u.test(value) || (operator === 'co' && value.endsWith('*'));
  return hasStar ? 'a star is known to work only at the end of an `eq` value' : undefined;
}

/** Makes spaces visible. */
function drawn(characters: readonly string[]): string {
  const line = characters.map((one) => (one === ' ' ? '␣' : one.replace(/[\p{Cc}\p{Zl}\p{Zp}]/u, '�')));
  return line.join('');
}

/** For a sentence, between backticks. */
function ticked(text: string): string {
  return `\`${text.slice(0, MAX_SEGMENT).replaceAll('`', "'").replaceAll(' ', '␣')}\``;
}
