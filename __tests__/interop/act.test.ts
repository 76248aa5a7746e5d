// act runs the action from its own repository, with secrets that a step prints and a step that fails.
import { expect } from '@jest/globals';
import { startRunner } from './act.ts';
import { rowsOf } from './matrix.ts';

const row = rowsOf('act');

row(
  {
    access: '`uses: ./`',
    remark: 'token and key masked when a step prints them; the post step runs after a step that failed',
  },
  async () => {
    const { run } = await startRunner();
    const { exitCode, log } = await run({ file: '__tests__/interop/workflows/own.yml', own: true });
    expect(exitCode).toBe(1);
    const lines = log.replaceAll(/^\[Own\/deploy\] +/gm, '');
    expect(lines).toMatch(/^\| output: \*\*\*\.\n\| file: \*\*\*\.\n(\| \*\*\*\n){28}✅/m);
    expect(lines).toMatch(
      /❌ {2}Failure - Main exit 3 [\s\S]*"acmenamespace"[\s\S]*✅ {2}Success - Post \.\//,
    );
    expect(lines.match(/"acmenamespace"/g)).toHaveLength(2);
    expect(log).not.toContain('not reached');
  },
);
