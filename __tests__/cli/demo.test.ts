// `npm run demo -- setup`, as a newcomer runs it. It checks its own results.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from '@jest/globals';
import { itWithShell } from '../unit/systems-with.ts';

const SCRIPT = path.join(import.meta.dirname, '../../scripts/demo/demo.ts');

// The emulated machine of the administrator has shell scripts on its PATH.
itWithShell('the demo of the command ends well, and is short enough to read', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [SCRIPT, 'setup'], { encoding: 'utf8' });
  expect([stderr, status]).toEqual(['', 0]);
  const lines = stdout.trim().split('\n');
  expect(lines.at(-1)).toMatch(/^All checks passed/);
  expect(lines.length).toBeLessThan(60);
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
  expect(stdout.match(/^\d\. \w+/gm)).toEqual(['1. Plan', '2. Apply', '3. A', '4. Audit']);
});
