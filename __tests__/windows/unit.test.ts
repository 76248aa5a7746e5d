// Unit and repository tests that start no process with a pipe, with Jest itself on Windows' Node.
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

it('on Windows, unit and repository tests pass', async () => {
  const jest = path.join(root, 'node_modules/jest/bin/jest.js');
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, '--runInBand'];
  // Node packages for Windows, which are not among those of this machine.
  const env = { NODE_PATH: onWindows(installed('windows', 'node_modules')), CI: 'true' };
  const command = windowsNode([...args, '--watchman=false', ...FILES], env);
  const child = spawn(command.file, command.args, { env: command.env, cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  const failures = output.split('\n').filter((line) => /^ {2}●|^FAIL/.test(line));
  expect([exitCode, failures]).toEqual([0, []]);
  expect(Number(/^Tests: .*?(\d+) passed/m.exec(output)?.[1])).toBeGreaterThan(1000);
});
