// The impersonation rules that an author says the trust holds, one per line. Text only: knows no token and no trust.
import { refuse, shown } from './parsers.ts';

export interface TrustRule {
  readonly claim: string;
  readonly operator: 'eq' | 'co';
  /** As written, blanks at its ends included: the domain compares those too. */
  readonly value: string;
}

export function trustRules(raw: string): readonly TrustRule[] {
  const lines = raw.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.map((line, at) => trustRule(line, lines.length > 1 ? ` (rule ${at + 1})` : ''));
}

function trustRule(line: string, which: string): TrustRule {
  const [, claim = '', operator = '', value = ''] = /^\s*(\S+) +(\S+)(?: (.*))?$/u.exec(line) ?? [];
  const wrong = (why: string) => refuse(`${why}${which}, not ${shown(line)}`);
  if (/[\p{Cc}\u2028\u2029]/u.test(line)) return wrong('must be text without control characters');
  if (value.trim() === '') return wrong('must be <claim> eq <value> or <claim> co <value>');
  if (operator !== 'eq' && operator !== 'co') return wrong('must have eq or co between claim and value');
  if (/^\s*(["'`]).*\1\s*$/.test(value)) {
    return wrong(
      'must have no quotes round the value, here and in the trust: domains have been seen to take them as part of it',
    );
  }
  if (/ (and|or) \S+ (eq|co) /i.test(value))
    return wrong('must be one comparison, since rules know no and/or');
  return { claim, operator, value };
}
