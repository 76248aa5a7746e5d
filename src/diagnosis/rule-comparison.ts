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
    const scope = value === '*' ? ', and any job of any repository: replace it' : '';
    return { matches: true, isExplained: false, text: `matches this token${scope}`, lines: '' };
  }
  const isPrefix = endsInWildcard(operator, value);
  const wanted = isPrefix ? value.slice(0, -1) : value;
  const start = operator === 'co' ? bestStart(actual, wanted) : 0;
  const sides = { wanted: [...wanted], actual: [...actual].slice(start), start };
  const reason = reasonFor(operator, rule, actual, claims);
  const why = reason === undefined ? '' : `: ${reason}`;
  const opening = operator === 'co' ? `is not contained in ${ticked(claim)}; it ` : '';
  return differs(`${opening}${whereItDiffers(sides, isPrefix)}${why}`, reason !== undefined, drawn(sides));
}

type Operator = 'eq' | 'co';

/** A star works at the end; its meaning elsewhere is not documented. */
function endsInWildcard(operator: Operator, value: string): boolean {
  return operator === 'eq' && value.endsWith('*');
}

function isMet(operator: Operator, value: string, actual: string): boolean {
  if (operator === 'co') return actual.includes(value);
  return endsInWildcard(operator, value) ? actual.startsWith(value.slice(0, -1)) : actual === value;
}

function differs(text: string, isExplained: boolean, lines = ''): Comparison {
  return { matches: false, isExplained, text, lines };
}

/** Both texts as characters; the token's begins where it is compared with the rule's. */
interface Sides {
  wanted: readonly string[];
  actual: readonly string[];
  start: number;
}

function firstDifference({ wanted, actual }: Pick<Sides, 'wanted' | 'actual'>): number {
  const at = wanted.findIndex((character, index) => character !== actual[index]);
  return at === -1 ? wanted.length : at;
}

/** Where the token has the longest beginning of the wanted text. */
function bestStart(actual: string, wanted: string): number {
  const [there, sought] = [[...actual], [...wanted]];
  let best = { start: 0, length: 0 };
  for (const start of there.keys()) {
    const length = firstDifference({ wanted: sought, actual: there.slice(start, start + sought.length) });
    if (length > best.length) best = { start, length };
  }
  return best.start;
}

function whereItDiffers(sides: Sides, isPrefix: boolean): string {
  const { wanted, actual, start } = sides;
  const at = firstDifference(sides);
  const inToken = start > 0 ? ` (${start + at + 1} of the token's)` : '';
  const tokenHas = at < actual.length ? ticked(segment(actual, at)) : 'nothing more';
  const ruleHas = at < wanted.length ? ticked(segment(wanted, at)) : isPrefix ? 'a star' : 'nothing more';
  return `differs at character ${at + 1}${inToken}: the rule has ${ruleHas}, the token has ${tokenHas}`;
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
    return 'only upper and lower case differ, and they count';
  if (isMet(operator, unescaped(value), unescaped(actual)))
    return actual.includes('%3A')
      ? 'GitHub writes a colon inside a part of the subject as %3A'
      : 'the rule has %3A where the token has a colon';
  if (isRewritten(byName, withIds))
    return 'the rule is written by name, the token has the immutable form with ids';
  if (isRewritten(withIds, byName))
    return 'the rule is written in the immutable form with ids, the token has names';
  const inside = endsInWildcard(operator, value) ? value.slice(0, -1) : value;
  return inside.includes('*') ? 'a star is known to work at the end of the value alone' : undefined;
}

function drawn(sides: Sides): string {
  const at = firstDifference(sides);
  const line = (characters: readonly string[]) => characters.map(visible).join('');
  const { wanted, actual, start } = sides;
  const margin = `token  ${start > 0 ? '…' : ''}`;
  return [
    `${'rule'.padEnd(margin.length)}${line(wanted)}`,
    `${margin}${line(actual)}`,
    `${' '.repeat(margin.length + at)}^ character ${at + 1}`,
  ].join('\n');
}

/** Makes spaces visible. */
function visible(character: string): string {
  return character === ' ' ? '␣' : character.replace(/[\p{Cc}\p{Zl}\p{Zp}]/u, '�');
}

/** For a sentence, between backticks. */
function ticked(text: string): string {
  return `\`${text.slice(0, MAX_SEGMENT).replaceAll('`', "'").replaceAll(' ', '␣')}\``;
}
