// The doctor's report: a line per check in the log, a table in the job summary, the output `result`.
import { ActionError } from '../errors/action-error.ts';
import type { Failure } from '../errors/failure.ts';
import type { Runner } from '../ports.ts';
import { escapeMarkup, helpLink, helpUrl, literal, snippetLines, tableOf } from './markdown.ts';

/** The result of one check. */
export interface CheckReport {
  group: string;
  check: string;
  verdict: 'ok' | 'warning' | 'failure' | 'skipped';
  text: string;
  /** Names and values, one line each in the log. */
  facts?: Readonly<Record<string, string>> | undefined;
  /** Of a failure. */
  error?: Failure;
}

const COLORS = { ok: 32, warning: 33, failure: 31, skipped: 90 } as const;
const SIGNS = { ok: '✅', warning: '⚠️', failure: '❌', skipped: '➖' } as const;
const [VERDICT_WIDTH, CHECK_WIDTH] = [7, 16];
const INDENT = ' '.repeat(VERDICT_WIDTH + 2 + CHECK_WIDTH + 2);

const colored = (color: number, text: string) => `\u001b[${color}m${text}\u001b[0m`;

/** @returns a function that logs a report at once, below the name of its group */
export function createCheckLog(runner: Runner): (report: CheckReport) => void {
  let current: string | undefined;
  return ({ group, check, verdict, text, facts = {}, error }) => {
    if (group !== current && current !== undefined) runner.info('');
    if (group !== current) runner.info(colored(1, group));
    current = group;
    const word = colored(COLORS[verdict], verdict.padEnd(VERDICT_WIDTH));
    runner.info(`${word}  ${check.padEnd(CHECK_WIDTH)}  ${text}`);
    if (error instanceof ActionError)
      runner.info(`${INDENT}→ ${error.remedy} See ${helpUrl(runner, error.code)}`);
    else for (const [name, value] of Object.entries(facts)) runner.info(`${INDENT}${name}: ${value}`);
  };
}

/** Writes the totals, the output `result` and the job summary; one annotation when a check failed. */
export function reportDoctor(runner: Runner, reports: readonly CheckReport[], result: string): void {
  const failed = reports.filter(({ verdict }) => verdict === 'failure');
  const totals = totalsOf(reports);
  const names = failed.map(({ check }) => check).join(', ');
  runner.info('');
  if (failed.length === 0) runner.info(totals);
  else runner.error(`Failed checks: ${names}. The log shows what to do. Total: ${totals}.`);
  runner.output('result', result);
  runner.summary([...overview(runner, reports, totals), ...failed.flatMap(detailsOf), ''].join('\n'));
}

function overview(runner: Runner, reports: readonly CheckReport[], totals: string): string[] {
  const lines = reports.map(({ verdict, check, text, error }) => {
    const help =
      error instanceof ActionError &&
      ` **→** ${escapeMarkup(error.remedy)} Likely causes: ${helpLink(runner, error.code)}`;
    return `| ${SIGNS[verdict]} ${verdict} | ${check} | ${escapeMarkup(text)}${help || ''} |`;
  });
  const passed = reports.filter(({ verdict }) => verdict === 'ok');
  const claims = passed.flatMap(({ facts = {} }) => Object.entries(facts));
  const table = tableOf(claims.map(([name, value]) => [name, literal(value)]));
  const summary = "<details><summary>Claims of the job's ID token</summary>";
  return [
    `### Doctor: ${totals}`,
    '',
    '| | Check | Result |',
    '| --- | --- | --- |',
    ...lines,
    ...(claims.length === 0 ? [] : ['', summary, '', ...table, '', '</details>']),
  ];
}

function detailsOf({ check, error }: CheckReport): string[] {
  if (!(error instanceof ActionError) || error.details.length + error.snippets.length === 0) return [];
  const details = error.details.map((detail) => `- ${escapeMarkup(detail)}`);
  return ['', `#### ${check}`, '', ...details, '', ...error.snippets.flatMap(snippetLines)];
}

/** For example: 1 failure, 2 warnings, 17 ok. */
export function totalsOf(reports: readonly CheckReport[]): string {
  const totals = (['failure', 'warning', 'ok', 'skipped'] as const).flatMap((verdict) => {
    const count = reports.filter((report) => report.verdict === verdict).length;
    const plural = count > 1 && (verdict === 'failure' || verdict === 'warning') ? 's' : '';
    return count === 0 ? [] : [`${count} ${verdict}${plural}`];
  });
  return totals.join(', ');
}
