// The picture of the demo says what the demo says, and any viewer can show it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { draw, plain, wrap } from '../../scripts/terminal.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const coloured = (style: Parameters<typeof styleText>[0], text: string) =>
  styleText(style, text, { validateStream: false });
const picture = (...lines: string[]) => draw({ title: 't', description: 'd', columns: 40, lines });

describe('docs/demo.svg', () => {
  it('is what the demo says', () => {
    const tool = path.join(root, 'scripts/picture.ts');
    const { status, stderr } = spawnSync(process.execPath, [tool, '--check'], { encoding: 'utf8' });
    expect([stderr, status]).toEqual(['', 0]);
  });

  it('is in the README, as wide as a page at most, and loads nothing', () => {
    const svg = read('docs/demo.svg');
    expect(read('README.md')).toMatch(/^!\[[^\]]{20,}\]\(docs\/demo\.svg\)$/m);
    expect(Number(/^<svg [^>]*width="(\d+)"/.exec(svg)?.[1])).toBeLessThanOrEqual(900);
    expect(svg).not.toMatch(/<script|<image|<foreignObject|href=|url\(/);
  });
});

describe('a line', () => {
  it('has a run for each colour, at its column', () => {
    const svg = picture(`  ${coloured('green', '✓ good')} ${coloured(['bold', 'cyan'], 'x <&> y')}`);
    expect(svg).toContain(
      '<text x="35.6" y="54" fill="#3fb950" textLength="46.8" xml:space="preserve">✓ good</text>',
    );
    expect(svg).toContain('<text x="90.2" y="54" fill="#56c7d4" font-weight="600" textLength="54.6"');
    expect(svg).toContain('>x &lt;&amp;&gt; y</text>');
    expect(svg).not.toContain('\u001b');
  });

  it('that is too long goes on below, indented, in its colour', () => {
    const lines = wrap(`  ${coloured('green', 'one two three four')}`, 12);
    expect(lines.map(plain)).toEqual(['  one two', '    three', '    four']);
    expect(lines.slice(1).every((line) => line.startsWith('\u001b[32m'))).toBe(true);
  });

  it('that cannot be broken stays whole', () => {
    expect(wrap(`  ${'x'.repeat(30)}`, 12)).toEqual([`  ${'x'.repeat(30)}`]);
    expect(wrap('short', 12)).toEqual(['short']);
  });

  it('makes the picture higher', () => {
    const height = (svg: string) => Number(/height="(\d+)"/.exec(svg)?.[1]);
    expect(height(picture('a', 'b', 'c')) - height(picture('a'))).toBe(36);
  });
});
