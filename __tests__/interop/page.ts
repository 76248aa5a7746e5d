// The matrix in results.md, and its summary in docs/interop.md, both between two markers.
import { SCRIPTS } from './clients.ts';
import type { Row } from './matrix.ts';

const START = '<!-- matrix -->\n';
const END = '<!-- /matrix -->\n';
const HEAD = '| client | version | access | result | remark |\n| --- | --- | --- | --- | --- |\n';

/** Lines of the table, sorted. */
export function linesOf(rows: readonly Row[]): string[] {
  const line = ({ client, version, access, result, remark }: Row) =>
    `| ${[client, version, access, result, remark].join(' | ')} |`;
  return rows.map(line).toSorted();
}

/** The rows of the clients that a script tests. */
export function rowsOfScript(lines: readonly string[], script: string): string[] {
  const clientOf = (line: string) => line.slice(2).split(' | ', 1)[0] ?? '';
  return lines.filter((line) => (SCRIPTS[clientOf(line)] ?? 'interop') === script);
}

export function matrixIn(page: string): string[] {
  const [, rest = ''] = page.split(START);
  const [table = ''] = rest.split(END);
  return table
    .split('\n')
    .slice(2)
    .filter((line) => line !== '');
}

/** Replaces the rows of a script, and keeps those of others. */
export function withMatrix(page: string, found: readonly string[], script = 'interop'): string {
  const own = rowsOfScript(matrixIn(page), script);
  const lines = [...matrixIn(page).filter((line) => !own.includes(line)), ...found].toSorted();
  const [before = '', rest = ''] = page.split(START);
  const [, after = ''] = rest.split(END);
  const table = lines.map((line) => `${line}\n`).join('');
  return `${before}${START}${HEAD}${table}${END}${after}`;
}

/** Rows that the page lacks. After a whole run, also rows of the page that no test found. */
export function differences(
  page: string,
  found: readonly string[],
  whole: boolean,
  script = 'interop',
): string[] {
  const onPage = rowsOfScript(matrixIn(page), script);
  return [
    ...found.filter((line) => !onPage.includes(line)).map((line) => `found, not on the page: ${line}`),
    ...(whole ? onPage.filter((line) => !found.includes(line)) : []).map(
      (line) => `on the page, not found: ${line}`,
    ),
  ];
}

const CLIENTS_START = '<!-- clients: written by "npm run interop -- --updateSnapshot" -->\n';
const CLIENTS_END = '<!-- /clients -->\n';
const CLIENTS_HEAD = '| client | version | works with |\n| --- | --- | --- |\n';

/** One line for each client: how it was tried, as far as that works. */
export function summaryOf(lines: readonly string[]): string {
  const clients = new Map<string, Set<string>>();
  for (const line of lines) {
    const [client = '', version = '', access = '', result] = line.slice(2).split(' | ');
    const key = `${client} | ${version}`;
    const known = clients.get(key) ?? new Set();
    clients.set(key, result === 'works' ? known.add(access.replace(/, job .*/, '')) : known);
  }
  const rows = [...clients].map(([key, accesses]) => `| ${key} | ${[...accesses].join('; ')} |\n`);
  return `${CLIENTS_START}${CLIENTS_HEAD}${rows.join('')}${CLIENTS_END}`;
}

/** Replaces the summary in docs/interop.md. */
export function withSummary(page: string, lines: readonly string[]): string {
  const [before = '', rest = ''] = page.split(CLIENTS_START);
  const [, after = ''] = rest.split(CLIENTS_END);
  return `${before}${summaryOf(lines)}${after}`;
}
