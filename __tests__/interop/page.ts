// The matrix in docs/interop.md, between two markers.
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

/** Rows that the page lacks. After a whole run, also rows of the page that no test found. */
export function differences(page: string, found: readonly string[], whole: boolean): string[] {
  const onPage = matrixIn(page);
  return [
    ...found.filter((line) => !onPage.includes(line)).map((line) => `found, not on the page: ${line}`),
    ...(whole ? onPage.filter((line) => !found.includes(line)) : []).map(
      (line) => `on the page, not found: ${line}`,
    ),
  ];
}
