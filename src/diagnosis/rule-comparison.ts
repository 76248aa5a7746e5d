// Compares an impersonation rule with the claims of a token, character by character.
import { byName, withIds } from './subject-form.ts';

type Claims = Readonly<Record<string, string>>;

export interface ImpersonationRule {
  readonly claim: string;
  readonly operator: 'eq' | 'co';
  readonly value: string;
}

export interface Comparison {
  matches: boolean;
  /** One sentence that continues the name of the rule, without its full stop. */
  text: string;
  /** Rule and token in two lines, with a caret where they differ; '' if that shows nothing. */
  lines: string;
}

/** @see Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST (OCI documentation), "Impersonation" */
export function compareRule(rule: ImpersonationRule, claims: Claims): Comparison {
  const { claim, operator, value } = rule;
  const actual = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (actual === undefined) return differs(`needs the claim ${ticked(claim)}, which the token does not have`);
  // A star works at the end; its meaning elsewhere is not documented.
  const isPrefix = operator === 'eq' && value.endsWith('*');
  const wanted = isPrefix ? value.slice(0, -1) : value;
  const isMet =
    operator === 'co' ? actual.includes(wanted) : isPrefix ? actual.startsWith(wanted) : actual === wanted;
  if (isMet) {
    const scope = value === '*' ? ', and any job of any repository: replace it' : '';
    return { matches: true, text: `matches this token${scope}`, lines: '' };
  }
  const start = operator === 'co' ? bestStart(actual, wanted) : 0;
  const sides = { wanted: [...wanted], actual: [...actual].slice(start), start };
  const reason = reasonFor(wanted, actual, operator, claims);
  const why = reason === undefined ? '' : `: ${reason}`;
  const opening = operator === 'co' ? `is not contained in ${ticked(claim)}; it ` : '';
  return differs(`${opening}${whereItDiffers(sides, isPrefix)}${why}`, drawn(sides));
}

function differs(text: string, lines = ''): Comparison {
  return { matches: false, text, lines };
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

const bare = (text: string) => text.replace(/["'`“”]/g, '');

/** Names the mistakes that are easily overlooked. */
function reasonFor(
  wanted: string,
  actual: string,
  operator: 'eq' | 'co',
  claims: Claims,
): string | undefined {
  const isMet = (value: string) => (operator === 'co' ? actual.includes(value) : actual === value);
  const rewritten = (from: string, to: string) => wanted.startsWith(from) && actual.startsWith(to);
  if (isMet(wanted.trim()))
    return `a space at the ${wanted.startsWith(' ') ? 'beginning' : 'end'} of the rule`;
  if (isMet(bare(wanted))) return 'quotes in the rule, which the token does not have';
  const lowered = [actual.toLowerCase(), wanted.toLowerCase()] as const;
  if (operator === 'co' ? lowered[0].includes(lowered[1]) : lowered[0] === lowered[1]) {
    return 'only upper and lower case differ, and they count';
  }
  if (rewritten(byName(claims), withIds(claims))) {
    return 'the rule is written by name, the token has the immutable form with ids';
  }
  if (rewritten(withIds(claims), byName(claims))) {
    return 'the rule is written in the immutable form with ids, the token has names';
  }
  return wanted.includes('*') ? 'a star is known to work at the end of the value alone' : undefined;
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
