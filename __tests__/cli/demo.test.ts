// `npm run demo -- setup`, as a newcomer runs it. It checks its own results.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { blocksIn } from '../repo/workflow-text.ts';
import { itWithShell } from '../unit/systems-with.ts';

const PAGE = readFileSync(path.join(import.meta.dirname, '../../docs/setup.md'), 'utf8');
const SCRIPT = path.join(import.meta.dirname, '../../scripts/demo/demo.ts');

// The emulated machine of the administrator has shell scripts on its PATH.
itWithShell(
  'the demo of the command ends well, is short enough to read, and shows the plan of docs/setup.md',
  () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [SCRIPT, 'setup'], { encoding: 'utf8' });
    expect([stderr, status]).toEqual(['', 0]);
    const lines = stdout.trim().split('\n');
    expect(lines.at(-1)).toMatch(/^All checks passed/);
    expect(lines.length).toBeLessThan(60);
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
    expect(stdout.match(/^\d\. \w+/gm)).toEqual(['1. Plan', '2. Apply', '3. A', '4. Audit']);
    const [plan = ''] = blocksIn(PAGE, 'text').filter((text) => text.includes('\nPlan: '));
    // The page has other IDs, and leaves out the ends of long values.
    const shown = plan.trim().replaceAll('@1234/', '@1001/').replaceAll('@5678:', '@2002:').split('\n');
    const missing = shown.filter((line) => !lines.some((one) => one.startsWith(`  ${line.split('…')[0]}`)));
    expect(missing).toEqual([]);
    expect(shown.length).toBeGreaterThan(15);
  },
);
