import { CONTROL, invalid, quoted } from './parsers.ts';

/** An impersonation rule of the trust, as the author says it is configured. */
export interface TrustRule {
  /** For messages: the input, and which line of it if there are several. */
  name: string;
  claim: string;
  /** Undefined when the rule cannot be compared with a token. */
  operator: 'eq' | 'co' | undefined;
  /** Includes spaces at both ends: the domain compares them, too. */
  value: string;
  /** Why a domain may not evaluate the rule as its author expects. Continues a sentence that `name` begins. */
  problem: string | undefined;
}

/** One rule per line. Rules only explain a refusal, so a malformed rule does not stop the login. */
export function trustRules(raw: string): readonly TrustRule[] {
  const lines = raw.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const [position, number] = lines.length > 1 ? [` (rule ${index + 1})`, ` ${index + 1}`] : ['', ''];
    if (!CONTROL.test(line)) return { name: `\`trust-rule\`${number}`, ...parseRule(line) };
    return invalid(`must be text without control characters${position}, not ${quoted(line)}`);
  });
}

/** @see Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST (OCI documentation), "Impersonation" */
export function parseRule(line: string): Omit<TrustRule, 'name'> {
  const [, claim = '', word = '', value = ''] = /^\s*(\S+) +(\S+)(?: (.*))?$/u.exec(line) ?? [];
  const operator = word === 'eq' || word === 'co' ? word : undefined;
  const unknown = (problem: string) => ({ claim, operator: undefined, value, problem });
  if (value.trim() === '') return unknown('is not of the form <claim> eq <value> or <claim> co <value>');
  if (operator === undefined)
    return unknown(`has the operator ${quoted(word)}, but domains are known to have only eq and co`);
  if (/ (and|or) \S+ [a-z]{2} /i.test(value))
    return unknown('has more than one comparison, but domains are not known to have "and" and "or"');
  const isQuoted = /^\s*["'`“”].*["'`“”]\s*$/.test(value);
  const problem = isQuoted
    ? 'has quotes around its value, and domains have been seen to treat the quotes as part of the value'
    : undefined;
  return { claim, operator, value, problem };
}
