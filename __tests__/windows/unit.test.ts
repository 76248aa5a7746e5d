// Unit tests whose expectations hold on every platform, with Jest itself on Windows' Node.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { installed } from '../interop/install.ts';
import { onWindows, windowsNode } from './wine.ts';

const root = path.join(import.meta.dirname, '../..');
const FILES = [
  'unit/aws/(assume-role|web-identity)',
  'unit/diagnosis',
  'unit/github',
  'unit/inputs/paths',
  'unit/node/(http|lock|retry|runner-process)\\.',
  'unit/oci',
  'unit/profiles/ini-text',
  'unit/refresh/(schedule|spec)',
];

it('on Windows, the unit tests of platform-independent modules pass', async () => {
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
  expect(Number(/^Tests: .*?(\d+) passed/m.exec(output)?.[1])).toBeGreaterThan(200);
});
