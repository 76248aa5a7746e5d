// The report of the doctor: in lines for people, as JSON for programs.
import type { verdictOf } from '../../src/checks/check.ts';
import { ActionError } from '../../src/errors/action-error.ts';
import type { Failure } from '../../src/errors/failure.ts';
import { type CheckReport, totalsOf } from '../../src/report/doctor-report.ts';
import type { OptionRules } from '../command.ts';
import { helpUrl } from '../failure.ts';
import { detailLines, TRUST_REFUSALS } from '../session/messages.ts';
import { withOptionNames } from '../session/options.ts';
import { plain, type Style, type Terminal } from '../terminal.ts';
import type { NeededTrust } from './trust.ts';

export interface DoctorReport {
  result: ReturnType<typeof verdictOf>;
  /** Undefined without a source of ID tokens. */
  source: { issuer: string; supply: string; endsAt: string | undefined } | undefined;
  checks: readonly CheckReport[];
  /** Undefined without an ID token. */
  trust: NeededTrust | undefined;
}

const STYLES = { ok: 'green', warning: 'yellow', failure: 'red', skipped: 'dim' } as const satisfies Readonly<
  Record<CheckReport['verdict'], Style>
>;
const [VERDICT_WIDTH, CHECK_WIDTH] = [7, 16];
const INDENT = ' '.repeat(VERDICT_WIDTH + 2 + CHECK_WIDTH + 2);

/** @returns a function that prints a check at once, below the name of its group */
export function checkPrinter(terminal: Terminal, rules: OptionRules): (report: CheckReport) => void {
  let current: string | undefined;
  const print = (text: string) => terminal.print(withOptionNames(plain(text), rules));
  return ({ group, check, verdict, text, facts = {}, error }) => {
    if (group !== current && current !== undefined) terminal.print('');
    if (group !== current) terminal.print(terminal.style('bold', group));
    current = group;
    // Styles are control characters, so they are added last.
    const word = terminal.style(STYLES[verdict], verdict.padEnd(VERDICT_WIDTH));
    terminal.print(`${word}  ${withOptionNames(plain(`${check.padEnd(CHECK_WIDTH)}  ${text}`), rules)}`);
    if (error !== undefined) print(`${INDENT}→ ${error.remedy}${seeHelp(error)}`);
    // Claims may contain any text, so they stay as they are.
    else
      for (const [name, value] of Object.entries(facts)) terminal.print(plain(`${INDENT}${name}: ${value}`));
  };
}

const seeHelp = (error: Failure) => {
  const url = helpUrl(error);
  return url === undefined ? '' : ` See ${url}`;
};

/** Prints what follows the checks. @param rules the options of the command */
export function printEnd(terminal: Terminal, { checks, trust }: DoctorReport, rules: OptionRules): void {
  const known = [...(trust?.notes ?? []), ...(trust?.snippets ?? []).map(({ title }) => title)];
  const details = checks.flatMap(({ error }) =>
    error instanceof ActionError ? newDetails(error, known, rules) : [],
  );
  if (details.length > 0) terminal.print(`\n${terminal.style('bold', 'Details')}`);
  for (const line of details) terminal.print(plain(line));
  if (trust !== undefined) printTrust(terminal, trust, mayBeMissing(checks));
  terminal.print(`\n${totalsOf(checks)}`);
}

/** @param known what is part of the trust */
function newDetails(
  { details, snippets }: ActionError,
  known: readonly string[],
  rules: OptionRules,
): string[] {
  const others = {
    details: details.filter((text) => !known.includes(text)),
    snippets: snippets.filter(({ title }) => !known.includes(title)),
  };
  return detailLines(others, rules);
}

/** Whether the trust may be missing: the domain refused the job because of it, or could not be asked for lack of options. */
function mayBeMissing(checks: readonly CheckReport[]): boolean {
  const named = (name: string) => checks.find(({ check }) => check === name);
  const exchange = named('exchange');
  if (exchange?.error !== undefined) return TRUST_REFUSALS.includes(exchange.error.code);
  return exchange?.verdict === 'skipped' && named('inputs')?.verdict === 'failure';
}

function printTrust(terminal: Terminal, trust: NeededTrust, withCommands: boolean): void {
  const { issuer, keysUrl, audience, rule, notes, snippets } = trust;
  const facts = {
    issuer,
    keys: keysUrl ?? 'not public: the trust needs `publicCertificate` in place of `publicKeyEndpoint`',
    audience,
    ...(rule !== undefined && { rule }),
  };
  terminal.print(`\n${terminal.style('bold', 'Trust that this job needs')}`);
  for (const [name, value] of Object.entries(facts)) terminal.print(`${name.padEnd(8)}  ${plain(value)}`);
  for (const note of notes) terminal.print(`- ${plain(note)}`);
  if (!withCommands) return;
  for (const { title, text } of snippets.filter(({ language }) => language === 'sh')) {
    terminal.print(`\n${terminal.style('bold', title)}\n`);
    terminal.print(
      text
        .split('\n')
        .map((line) => plain(line))
        .join('\n'),
    );
  }
}

/** The same, with the trust in all its forms. Texts name options. */
export function jsonOf({ result, source, checks, trust }: DoctorReport, rules: OptionRules): unknown {
  return {
    version: 1,
    result,
    source,
    checks: checks.map(({ text, error, ...check }) => ({
      ...check,
      text: withOptionNames(text, rules),
      ...(error !== undefined && { code: error.code, remedy: withOptionNames(error.remedy, rules) }),
      ...(error instanceof ActionError && {
        details: error.details.map((detail) => withOptionNames(detail, rules)),
      }),
    })),
    trust: trust && {
      ...trust,
      snippets: trust.snippets.map(({ title, language, text }) => ({ title, language, text })),
    },
  };
}
