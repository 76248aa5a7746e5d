// Tests of this repository with Jest itself on Windows' Node. There, the tests also start their processes by that Node.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { installed } from '../interop/install.ts';
import { onWindows, windowsNode } from './wine.ts';

const root = path.join(import.meta.dirname, '../..');
const FILES = [
  'unit/(aws|diagnosis|github|inputs|login|oci|refresh|report|targets)/',
  // Wine rounds the times of creation, which rewrite.test.ts compares.
  'unit/node/(canonical-path|directory-trust|files|home-directories|http|lock|lock-platforms|processes|retry|runner-process)\\.',
  'unit/profiles/(ini|oci-profile|refusals)',
  'repo/(action-yml|community|documents|examples|interop-page|layout|workflows)',
];

/** @returns the exit code and what failed, and how many tests passed */
async function runJest(...files: readonly string[]): Promise<{ failed: unknown; passed: number }> {
  const jest = path.join(root, 'node_modules/jest/bin/jest.js');
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, '--runInBand'];
  // Node packages for Windows, which are not among those of this machine.
  const env = { NODE_PATH: onWindows(installed('windows', 'node_modules')), CI: 'true' };
  const command = windowsNode([...args, '--watchman=false', ...files], env);
  const child = spawn(command.file, command.args, { env: command.env, cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  const failures = output.split('\n').filter((line) => /^ {2}●|^FAIL/.test(line));
  return { failed: [exitCode, failures], passed: Number(/^Tests: .*?(\d+) passed/m.exec(output)?.[1]) };
}

it('on Windows, unit and repository tests pass', async () => {
  const { failed, passed } = await runJest(...FILES);
  expect(failed).toEqual([0, []]);
  expect(passed).toBeGreaterThan(1000);
});

it("on Windows, Docker's credential helper is a batch file that gives a token", async () => {
  const { failed, passed } = await runJest('e2e/ocir\\.', '--testNamePattern=the credential helper');
  expect(failed).toEqual([0, []]);
  expect(passed).toBeGreaterThan(10);
});
