import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { itWithModes } from '../unit/systems-with.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');

const PICTURES = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.svg'));
const PAGES = ['README.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)];

// The demo prints paths and modes.
itWithModes('the pictures show what the demo prints, and the job summaries of two logins', () => {
  const script = path.join(root, 'scripts/picture.ts');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect([stderr, status]).toEqual(['', 0]);
});

describe.each(PICTURES)('docs/%s', (name) => {
  const svg = read(`docs/${name}`);

  it('is on a page, with a text for those who do not see it', () => {
    const image = new RegExp(`!\\[[^\\]]{20,}\\]\\((docs/)?${name}\\)|<img [^>]*src="(docs/)?${name}"`);
    expect(PAGES.filter((page) => page.endsWith('.md') && image.test(read(page)))).not.toEqual([]);
  });

  it('loads nothing from elsewhere', () => {
    expect(svg).not.toMatch(/<script|<image|<foreignObject|href=|url\(/);
  });

  it('is small, and has letters of at least 12 px on GitHub', () => {
    const [, width] = /<svg [^>]*width="(\d+)"/.exec(svg) ?? [];
    const sizes = [...svg.matchAll(/font-size="(\d+)"/g)].map(([, size]) => Number(size));
    // GitHub scales a picture to the 830 px of the text.
    expect(Math.min(...sizes) * Math.min(1, 830 / Number(width))).toBeGreaterThanOrEqual(12);
    expect(svg.length).toBeLessThan(60_000);
  });
});
