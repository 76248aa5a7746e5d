import { invalid, quoted } from './parsers.ts';

/** An impersonation rule of the trust, as the author says it is configured. */
export interface TrustRule {
  readonly claim: string;
  readonly operator: 'eq' | 'co';
  /** Includes spaces at both ends: the domain compares them, too. */
  readonly value: string;
}

/** One rule per line. */
export function trustRules(raw: string): readonly TrustRule[] {
  const lines = raw.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.map((line, index) => trustRule(line, lines.length > 1 ? ` (rule ${index + 1})` : ''));
}

function trustRule(line: string, position: string): TrustRule {
  const [, claim = '', operator = '', value = ''] = /^\s*(\S+) +(\S+)(?: (.*))?$/u.exec(line) ?? [];
  const wrong = (reason: string) => invalid(`${reason}${position}, not ${quoted(line)}`);
  if (/[\p{Cc}\u2028\u2029]/u.test(line)) return wrong('must be text without control characters');
  if (value.trim() === '') return wrong('must be <claim> eq <value> or <claim> co <value>');
  if (operator !== 'eq' && operator !== 'co') return wrong('must have eq or co between claim and value');
  // Domains have been seen to take the quotes as part of the value.
  if (/^\s*(["'`]).*\1\s*$/.test(value))
    return wrong('must have no quotes around the value, here and in the trust');
  if (/ (and|or) \S+ (eq|co) /i.test(value))
    return wrong('must be one comparison, because rules have no and/or');
  return { claim, operator, value };
}
