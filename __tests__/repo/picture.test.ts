import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { itWithModes } from '../unit/systems-with.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');

// The demo prints paths and modes.
itWithModes('docs/demo.svg shows what the demo prints', () => {
  const script = path.join(root, 'scripts/picture.ts');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect([stderr, status]).toEqual(['', 0]);
});

it('docs/demo.svg is in the README and loads nothing from elsewhere', () => {
  expect(read('README.md')).toMatch(/^!\[[^\]]{20,}\]\(docs\/demo\.svg\)$/m);
  expect(read('docs/demo.svg')).not.toMatch(/<script|<image|<foreignObject|href=|url\(/);
});
