// Draws terminal output as an SVG that looks the same everywhere: with its own dark background, and with each run of
// characters stretched to a grid, because fonts differ.

const COLUMN = 7.8;
const LINE = 18;
const FONT = 13;
const MARGIN = 20;
const BAR = 38;
const COLOURS: Readonly<Record<string, string>> = {
  '32': '#3fb950',
  '33': '#d2a85c',
  '36': '#56c7d4',
  '90': '#8b949e',
};

interface Run {
  text: string;
  colour: string;
  bold: boolean;
}

const ESCAPE = '\u001b';
const STYLED = new RegExp(`${ESCAPE}\\[([\\d;]*)m`);

/** The text without its colours. */
export function plain(line: string): string {
  return line.replaceAll(new RegExp(STYLED, 'g'), '');
}

/** Pieces with one colour each. Unknown colours are ignored. */
function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  let [colour, bold] = ['#e6edf3', false];
  line.split(STYLED).forEach((part, index) => {
    if (index % 2 === 0) {
      if (part !== '') runs.push({ text: part, colour, bold });
      return;
    }
    for (const code of part.split(';')) {
      if (code === '0' || code === '39') colour = '#e6edf3';
      if (code === '0' || code === '22') bold = false;
      if (code === '1') bold = true;
      colour = COLOURS[code] ?? colour;
    }
  });
  return runs;
}

/** Breaks at spaces, and indents the following lines by two more. The colour of the start continues. */
export function wrap(line: string, columns: number): string[] {
  const [indent = ''] = /^ */.exec(plain(line)) ?? [];
  const open = STYLED.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let rest = line;
  while (plain(rest).length > columns) {
    const breaks = [...rest.matchAll(/(?<=\S) /g)].filter(
      ({ index }) => plain(rest.slice(0, index)).length <= columns,
    );
    const at = breaks.at(-1)?.index;
    if (at === undefined) break;
    lines.push(rest.slice(0, at));
    rest = `${open}${indent}  ${rest.slice(at + 1)}`;
  }
  return [...lines, rest];
}

export const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function drawLine(line: string, y: number): string {
  let column = 0;
  const drawn = runsOf(line).map(({ text, colour, bold }) => {
    const blanks = text.length - text.trimStart().length;
    const shown = text.trim();
    const x = MARGIN + (column + blanks) * COLUMN;
    column += text.length;
    if (shown === '') return '';
    const weight = bold ? ' font-weight="600"' : '';
    const length = (shown.length * COLUMN).toFixed(1);
    return `<text x="${x.toFixed(1)}" y="${y}" fill="${colour}"${weight} textLength="${length}" xml:space="preserve">${escaped(shown)}</text>`;
  });
  return drawn.join('');
}

export interface Picture {
  /** For screen readers. */
  description: string;
  title: string;
  columns: number;
  lines: readonly string[];
}

export function draw({ description, title, columns, lines }: Picture): string {
  const width = Math.ceil(columns * COLUMN + 2 * MARGIN);
  const height = BAR + lines.length * LINE + MARGIN;
  const buttons = ['#f26d63', '#f0bf4f', '#5fc454'].map(
    (colour, index) => `<circle cx="${MARGIN + index * 19}" cy="19" r="6" fill="${colour}"/>`,
  );
  const body = lines.map((line, index) => drawLine(line, BAR + 16 + index * LINE));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(description)}">`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="#161b22" stroke="#57606a" stroke-opacity="0.6"/>`,
    ...buttons,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace" font-size="${FONT}">`,
    `<text x="${width / 2}" y="23" fill="#8b949e" text-anchor="middle">${escaped(title)}</text>`,
    ...body.filter((line) => line !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
