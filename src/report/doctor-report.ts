// The doctor's report: a line per check in the log, a table in the job summary, the output `result`.
import type { ActionError } from '../errors/action-error.ts';
import type { Runner } from '../ports.ts';
import { helpLink, helpUrl } from './help-link.ts';
import { escapeMarkup, literal, snippetLines, tableOf } from './markdown.ts';

export interface CheckResult {
  group: string;
  check: string;
  verdict: 'ok' | 'warning' | 'failure' | 'skipped';
  text: string;
  remedy?: string | undefined;
  facts?: Readonly<Record<string, string>> | undefined;
  /** Of a failure. */
  error?: Pick<ActionError, 'code' | 'details' | 'snippets'>;
}

const COLORS = { ok: 32, warning: 33, failure: 31, skipped: 90 } as const;
const SIGNS = { ok: '✅', warning: '⚠️', failure: '❌', skipped: '➖' } as const;
const [VERDICT_WIDTH, CHECK_WIDTH] = [7, 16];
const INDENT = ' '.repeat(VERDICT_WIDTH + 2 + CHECK_WIDTH + 2);

const colored = (color: number, text: string) => `\u001b[${color}m${text}\u001b[0m`;

/** @returns a function that logs each result when it is there, below the name of its group */
export function createCheckLog(runner: Runner): (result: CheckResult) => void {
  let current: string | undefined;
  return ({ group, check, verdict, text, remedy, facts = {}, error }) => {
    if (group !== current) runner.info(`${current === undefined ? '' : '\n'}${colored(1, group)}`);
    current = group;
    const word = colored(COLORS[verdict], verdict.padEnd(VERDICT_WIDTH));
    runner.info(`${word}  ${check.padEnd(CHECK_WIDTH)}  ${text}`);
    const help = error === undefined ? '' : ` See ${helpUrl(runner, error.code)}`;
    if (remedy !== undefined) runner.info(`${INDENT}→ ${remedy}${help}`);
    else for (const [name, value] of Object.entries(facts)) runner.info(`${INDENT}${name}: ${value}`);
  };
}

/** Writes the totals, the output `result` and the job summary; one annotation when a check failed. */
export function reportDoctor(runner: Runner, results: readonly CheckResult[], result: string): void {
  const failed = results.filter(({ verdict }) => verdict === 'failure');
  const totals = totalsOf(results);
  runner.info('');
  if (failed.length === 0) runner.info(totals);
  else {
    const names = failed.map(({ check }) => check).join(', ');
    runner.error(`Failed checks: ${names}. The log shows what to do. Total: ${totals}.`);
  }
  runner.output('result', result);
  runner.summary([...overview(runner, results, totals), ...failed.flatMap(detailsOf), ''].join('\n'));
}

function overview(runner: Runner, results: readonly CheckResult[], totals: string): string[] {
  const lines = results.map(({ verdict, check, text, remedy, error }) => {
    const help = error === undefined ? '' : ` Likely causes: ${helpLink(runner, error.code)}`;
    const action = remedy === undefined ? '' : ` **→** ${escapeMarkup(remedy)}${help}`;
    return `| ${SIGNS[verdict]} ${verdict} | ${check} | ${escapeMarkup(text)}${action} |`;
  });
  const claims = results.flatMap(({ verdict, facts = {} }) =>
    verdict === 'ok' ? Object.entries(facts) : [],
  );
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

function detailsOf({ check, error }: CheckResult): string[] {
  if (error === undefined || error.details.length + error.snippets.length === 0) return [];
  const details = error.details.map((detail) => `- ${escapeMarkup(detail)}`);
  return ['', `#### ${check}`, '', ...details, '', ...error.snippets.flatMap(snippetLines)];
}

/** For example: 1 failure, 2 warnings, 17 ok. */
function totalsOf(results: readonly CheckResult[]): string {
  const totals = (['failure', 'warning', 'ok', 'skipped'] as const).flatMap((verdict) => {
    const count = results.filter((result) => result.verdict === verdict).length;
    const plural = count > 1 && (verdict === 'failure' || verdict === 'warning') ? 's' : '';
    return count === 0 ? [] : [`${count} ${verdict}${plural}`];
  });
  return totals.join(', ');
}
