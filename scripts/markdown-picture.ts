// Draws the Markdown of a job summary as an SVG that looks the same everywhere: with its own dark background, and with each
// word stretched to its width in Arial, because fonts differ. Reads only the Markdown that summaries have.
import { escaped } from './terminal.ts';

const MARGIN = 24;
const FONT = 14;
const LINE = 22;
const MONO = 7.8; // a column at 13 px
const SANS = "Arial, Helvetica, 'Liberation Sans', sans-serif";
const MONOSPACE = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace";
const [PAPER, EDGE, INK, MUTED, LINK, SHADE] = [
  '#0d1117',
  '#57606a',
  '#e6edf3',
  '#9198a1',
  '#4493f8',
  '#262c36',
];

/** Advance widths of Arial in thousandths of the font size, from U+0020 to U+007E. */
const ARIAL = (
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 ' +
  '584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 ' +
  '278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 ' +
  '500 334 260 334 584'
).split(' ');

type Style = 'text' | 'bold' | 'code' | 'link';

interface Piece {
  text: string;
  style: Style;
  /** Number of its span in the text: only words of one span are drawn as one. */
  span: number;
}

/** Pieces without a space between them. */
type Word = Piece[];

const SPAN =
  /\*\*(?<bold>.+?)\*\*|`(?<code>[^`]+)`|<code>(?<literal>.*?)<\/code>|\[(?<link>[^\]]+)\]\([^)]+\)/g;

const decoded = (text: string) =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

function wordsOf(markdown: string): Word[] {
  const words: Word[] = [[]];
  const add = (text: string, style: Style) => {
    span += 1;
    for (const [index, part] of decoded(text).split(' ').entries()) {
      if (index > 0) words.push([]);
      if (part !== '') words.at(-1)?.push({ text: part, style, span });
    }
  };
  let end = 0;
  let span = 0;
  for (const { 0: whole, index, groups = {} } of markdown.matchAll(SPAN)) {
    add(markdown.slice(end, index), 'text');
    if (groups['bold']) add(groups['bold'], 'bold');
    if (groups['link']) add(groups['link'], 'link');
    const code = groups['code'] ?? groups['literal'];
    if (code) add(code, 'code');
    end = index + whole.length;
  }
  add(markdown.slice(end), 'text');
  return words.filter((word) => word.length > 0);
}

function widthOf({ text, style }: Omit<Piece, 'span'>, size: number): number {
  if (style === 'code') return text.length * MONO;
  const thousandths = [...text].reduce(
    (sum, one) => sum + Number(ARIAL[one.charCodeAt(0) - 0x20] ?? 1000),
    0,
  );
  return (thousandths * size * (style === 'bold' ? 1.06 : 1)) / 1000;
}

const wordWidth = (word: Word, size: number) => word.reduce((sum, piece) => sum + widthOf(piece, size), 0);

function linesOf(words: readonly Word[], width: number, size: number): Word[][] {
  const lines: Word[][] = [[]];
  let used = 0;
  for (const word of words) {
    const own = wordWidth(word, size);
    if (own > width) throw new Error(`too wide for the picture: ${word.map(({ text }) => text).join('')}`);
    if (used > 0 && used + own > width) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push(word);
    used += own + spaceOf(size);
  }
  return lines;
}

const spaceOf = (size: number) => size * 0.278;

export interface MarkdownPicture {
  /** For screen readers. */
  description: string;
  title: string;
  markdown: string;
  width: number;
}

interface Canvas {
  drawn: string[];
  y: number;
  width: number;
}

export function drawMarkdown({ description, title, markdown, width }: MarkdownPicture): string {
  const canvas: Canvas = { drawn: [], y: 20, width };
  drawText(canvas, title, { size: 12, colour: MUTED });
  canvas.y += 6;
  for (const block of blocksOf(markdown)) {
    block(canvas);
    canvas.y += 10;
  }
  const height = Math.ceil(canvas.y + 10);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(description)}">`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${PAPER}" stroke="${EDGE}" stroke-opacity="0.6"/>`,
    ...canvas.drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** Folded details are one line with their title. */
function blocksOf(markdown: string): ((canvas: Canvas) => void)[] {
  const folded = markdown.replaceAll(
    /<details>\s*<summary>(.*?)<\/summary>[\s\S]*?<\/details>/g,
    (_, title: string) => `▸ ${title}`,
  );
  return folded
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => (canvas) => drawBlock(canvas, block));
}

function drawBlock(canvas: Canvas, block: string): void {
  const lines = block.split('\n');
  if (block.startsWith('### ')) drawText(canvas, `**${block.slice(4)}**`, { size: 18 });
  else if (block.startsWith('|')) drawTable(canvas, lines);
  else if (block.startsWith('```')) drawCode(canvas, lines.slice(1, -1));
  else if (block.startsWith('▸ ')) for (const line of lines) drawFolded(canvas, line.slice(2));
  else if (block.startsWith('- ')) {
    for (const line of lines) {
      canvas.drawn.push(`<circle cx="${MARGIN + 8}" cy="${canvas.y + 11}" r="2.5" fill="${INK}"/>`);
      drawText(canvas, line.slice(2), { indent: 20 });
    }
  } else drawText(canvas, block);
}

function drawFolded(canvas: Canvas, title: string): void {
  const { y } = canvas;
  canvas.drawn.push(`<path d="M${MARGIN + 1} ${y + 6}l8 5l-8 5z" fill="${INK}"/>`);
  drawText(canvas, title, { indent: 18 });
}

interface TextOptions {
  size?: number;
  indent?: number;
  colour?: string;
  width?: number;
}

function drawText(canvas: Canvas, markdown: string, options: TextOptions = {}): void {
  const { size = FONT, indent = 0, colour = INK } = options;
  const { width = canvas.width - 2 * MARGIN - indent } = options;
  for (const line of linesOf(wordsOf(markdown), width, size)) {
    let x = MARGIN + indent;
    for (const piece of runsOf(line)) {
      if (piece.text !== ' ') canvas.drawn.push(drawPiece(piece, x, canvas.y + 16, size, colour));
      x += widthOf(piece, size);
    }
    canvas.y += Math.max(LINE, size * 1.4);
  }
}

/** Joins the words of each span. A space between spans is a piece of its own. */
function runsOf(line: readonly Word[]): Piece[] {
  const runs: Piece[] = [];
  for (const [index, word] of line.entries()) {
    for (const [at, { text, style, span }] of word.entries()) {
      const space = index > 0 && at === 0 ? ' ' : '';
      const last = runs.at(-1);
      if (last?.span === span) last.text += space + text;
      else {
        if (space !== '') runs.push({ text: space, style: 'text', span: 0 });
        runs.push({ text, style, span });
      }
    }
  }
  return runs;
}

function drawPiece(piece: Piece, x: number, y: number, size: number, colour: string): string {
  const { text, style } = piece;
  const width = widthOf(piece, size).toFixed(1);
  const [left, base] = [x.toFixed(1), y.toFixed(1)];
  if (style === 'code') {
    const back = `<rect x="${(x - 2).toFixed(1)}" y="${(y - 13).toFixed(1)}" width="${(Number(width) + 4).toFixed(1)}" height="18" rx="4" fill="${SHADE}"/>`;
    return `${back}<text x="${left}" y="${base}" font-family="${MONOSPACE}" font-size="13" fill="${INK}" textLength="${width}">${escaped(text)}</text>`;
  }
  const weight = style === 'bold' ? ' font-weight="600"' : '';
  const fill = style === 'link' ? LINK : colour;
  return `<text x="${left}" y="${base}" font-family="${SANS}" font-size="${size}" fill="${fill}"${weight} textLength="${width}">${escaped(text)}</text>`;
}

function drawTable(canvas: Canvas, lines: readonly string[]): void {
  const [header = [], , ...rest] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const rows = [header.map((cell) => (cell === '' ? '' : `**${cell}**`)), ...rest];
  const PAD = 12;
  const names = rows.map(([name = '']) => {
    const words = wordsOf(name);
    return words.reduce((sum, word) => sum + wordWidth(word, FONT) + spaceOf(FONT), 0);
  });
  const first = Math.max(...names) + 2 * PAD;
  const all = canvas.width - 2 * MARGIN;
  for (const [name = '', value = ''] of rows) {
    const top = canvas.y;
    canvas.y += 5;
    drawText(canvas, name, { indent: PAD });
    canvas.y = top + 5;
    drawText(canvas, value, { indent: first + PAD, width: all - first - 2 * PAD });
    canvas.y = Math.max(canvas.y, top + 5 + LINE) + 5;
    const height = canvas.y - top;
    const line = `stroke="${EDGE}" stroke-opacity="0.7"`;
    canvas.drawn.push(
      `<rect x="${MARGIN}" y="${top}" width="${all}" height="${height}" fill="none" ${line}/>`,
      `<path d="M${(MARGIN + first).toFixed(1)} ${top}v${height}" ${line}/>`,
    );
  }
}

function drawCode(canvas: Canvas, lines: readonly string[]): void {
  const height = lines.length * LINE + 16;
  canvas.drawn.push(
    `<rect x="${MARGIN}" y="${canvas.y}" width="${canvas.width - 2 * MARGIN}" height="${height}" rx="6" fill="#151b23"/>`,
  );
  canvas.y += 8;
  for (const line of lines) {
    const length = (line.length * MONO).toFixed(1);
    canvas.drawn.push(
      `<text x="${MARGIN + 12}" y="${canvas.y + 16}" font-family="${MONOSPACE}" font-size="13" fill="${INK}" textLength="${length}" xml:space="preserve">${escaped(line)}</text>`,
    );
    canvas.y += LINE;
  }
  canvas.y += 8;
}
