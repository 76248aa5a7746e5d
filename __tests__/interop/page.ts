// The matrix as docs/interop.md keeps it, between two markers. Must not know how its rows are found out.
import type { Row } from './matrix.ts';

const START = '<!-- matrix -->\n';
const END = '<!-- /matrix -->\n';
const HEAD = '| client | version | door | result | remark |\n| --- | --- | --- | --- | --- |\n';

/** Lines of a table, in an order that does not depend on which suite was quicker. */
export function linesOf(rows: readonly Row[]): string[] {
  const line = ({ client, version, door, result, remark }: Row) =>
    `| ${[client, version, door, result, remark].join(' | ')} |`;
  return rows.map(line).toSorted();
}

export function matrixIn(page: string): string[] {
  const [, rest = ''] = page.split(START);
  const [table = ''] = rest.split(END);
  return table
    .split('\n')
    .slice(2)
    .filter((line) => line !== '');
}

export function withMatrix(page: string, lines: readonly string[]): string {
  const [before = '', rest = ''] = page.split(START);
  const [, after = ''] = rest.split(END);
  const table = lines.map((line) => `${line}\n`).join('');
  return `${before}${START}${HEAD}${table}${END}${after}`;
}

/** What was found and is not on the page; after a whole run also what is on the page and was not found. */
export function differences(page: string, found: readonly string[], whole: boolean): string[] {
  const kept = matrixIn(page);
  return [
    ...found.filter((line) => !kept.includes(line)).map((line) => `found, not on the page: ${line}`),
    ...(whole ? kept.filter((line) => !found.includes(line)) : []).map(
      (line) => `on the page, not found: ${line}`,
    ),
  ];
}
