// How a check-up is told: a line per check in the log, a table in the job summary, the verdict as an output.
import { setOutput } from '@actions/core';
import type { Snippet } from '../errors/action-error.ts';
import { reportError, githubRunner as runner } from '../github/runner.ts';
import { escapeMarkup, literal, snippetLines, tableOf } from './markdown.ts';

/** As in `checkup/checkup.ts`, of which this room knows nothing. */
export interface Row {
  group: string;
  check: string;
  verdict: 'ok' | 'warning' | 'failure' | 'skipped';
  text: string;
  remedy?: string | undefined;
  facts?: Readonly<Record<string, string>> | undefined;
  /** What a failure has to say at length. */
  error?: { findings: readonly string[]; snippets: readonly Snippet[] };
}

const COLOURS = { ok: 32, warning: 33, failure: 31, skipped: 90 } as const;
const SIGNS = { ok: '✅', warning: '⚠️', failure: '❌', skipped: '➖' } as const;
const [VERDICT, CHECK] = [7, 16];
const INDENT = ' '.repeat(VERDICT + 2 + CHECK + 2);

const coloured = (code: number, text: string) => `\u001b[${code}m${text}\u001b[0m`;

/** Writes each row as it comes, below the name of its group. */
export function rowWriter(): (row: Row) => void {
  let latest = '';
  return ({ group, check, verdict, text, remedy, facts = {} }) => {
    if (group !== latest) runner.info(`${latest === '' ? '' : '\n'}${coloured(1, group)}`);
    latest = group;
    const word = coloured(COLOURS[verdict], verdict.padEnd(VERDICT));
    runner.info(`${word}  ${check.padEnd(CHECK)}  ${text}`);
    if (remedy !== undefined) runner.info(`${INDENT}→ ${remedy}`);
    else for (const [name, value] of Object.entries(facts)) runner.info(`${INDENT}${name}: ${value}`);
  };
}

/** One annotation if there is a failure: the lines above it say the rest. */
export async function reportCheckup(rows: readonly Row[], result: string): Promise<void> {
  const failed = rows.filter(({ verdict }) => verdict === 'failure');
  const count = countsOf(rows);
  runner.info('');
  if (failed.length === 0) runner.info(count);
  else
    reportError(`${failed.map(({ check }) => check).join(', ')}: the log says what to do. In all ${count}.`);
  setOutput('result', result);
  await runner.summary([...overview(rows, count), ...failed.flatMap(longForm), ''].join('\n'));
}

function overview(rows: readonly Row[], count: string): string[] {
  const lines = rows.map(({ verdict, check, text, remedy }) => {
    const cure = remedy === undefined ? '' : ` **→** ${escapeMarkup(remedy)}`;
    return `| ${SIGNS[verdict]} ${verdict} | ${check} | ${escapeMarkup(text)}${cure} |`;
  });
  const claims = rows.flatMap(({ verdict, facts = {} }) => (verdict === 'ok' ? Object.entries(facts) : []));
  const table = tableOf(claims.map(([name, value]) => [name, literal(value)]));
  const identity = ['', "<details><summary>The job's identity</summary>", '', ...table, '', '</details>'];
  return [
    `### Doctor: ${count}`,
    '',
    '| | check | finding |',
    '| --- | --- | --- |',
    ...lines,
    ...(claims.length === 0 ? [] : identity),
  ];
}

function longForm({ check, error }: Row): string[] {
  if (error === undefined || error.findings.length + error.snippets.length === 0) return [];
  const findings = error.findings.map((finding) => `- ${escapeMarkup(finding)}`);
  return ['', `#### ${check}`, '', ...findings, '', ...error.snippets.flatMap(snippetLines)];
}

function countsOf(rows: readonly Row[]): string {
  const verdicts = ['failure', 'warning', 'ok', 'skipped'] as const;
  const counts = verdicts.map((one) => [rows.filter(({ verdict }) => verdict === one).length, one] as const);
  const isCountable = (one: string) => one === 'failure' || one === 'warning';
  const told = counts.map(([count, one]) => `${count} ${one}${count > 1 && isCountable(one) ? 's' : ''}`);
  return told.filter((one) => !one.startsWith('0 ')).join(', ');
}
