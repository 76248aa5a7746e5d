// Any value is written with `@actions/core`, and read as the runner reads it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { parseFileCommand } from '../../../emulator/runner/file-commands.ts';
import { githubRunner } from '../../../src/github/runner.ts';
import { Secret } from '../../../src/secret.ts';
import { holds } from './fuzz.ts';
import { hostileText } from './hostile.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'fuzz-runner-'));
const FILES = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_ENV'];
const fileOf = (name: string) => path.join(directory, name);
beforeAll(() => {
  for (const name of FILES) process.env[name] = fileOf(name);
});
afterAll(() => {
  for (const name of FILES) delete process.env[name];
  rmSync(directory, { recursive: true });
});

/** Returns what `work` writes to standard output. */
function logOf(work: () => void): string {
  const { stdout } = process;
  const write = stdout.write;
  let log = '';
  stdout.write = (text: string | Uint8Array) => {
    log += String(text);
    return true;
  };
  try {
    work();
  } finally {
    stdout.write = write;
  }
  return log;
}

const delimiters = fc.constantFrom(
  'ghadelimiter_',
  'EOF',
  '<<EOF\n',
  'x=y\n',
  'name<<ghadelimiter_1\nv\nghadelimiter_1\n',
);
const value = fc
  .array(fc.oneof(hostileText, delimiters), { maxLength: 4 })
  .map((parts) => parts.join('').toWellFormed());
const unescaped = (data: string) =>
  data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

describe('the runner', () => {
  holds('reads back every output, state and variable', 4000, fc.tuple(value, value), ([first, second]) => {
    for (const name of FILES) writeFileSync(fileOf(name), '');
    const log = logOf(() => {
      githubRunner.output('one', first);
      githubRunner.output('two', new Secret(second));
      githubRunner.saveState('session', first);
      githubRunner.exportVariable('FUZZ_VALUE', second.replaceAll('\0', ''));
    });
    const [outputs, state, exported] = FILES.map((name) =>
      parseFileCommand(readFileSync(fileOf(name), 'utf8')),
    );
    expect(outputs).toEqual({ one: first, two: second });
    expect(state).toEqual({ session: first });
    expect(exported).toEqual({ FUZZ_VALUE: second.replaceAll('\0', '') });
    expect(log).toBe('');
  });

  holds(
    'masks each line of a secret that is longer than three letters, and logs nothing else',
    4000,
    value,
    (secret) => {
      const lines = logOf(() => githubRunner.mask(new Secret(secret))).split('\n');
      expect(lines.pop()).toBe('');
      const masks = lines.map((line) => unescaped(/^::add-mask::(.*)$/s.exec(line)?.[1] ?? 'no mask'));
      expect(masks).toEqual(secret.split(/\r\n|\r|\n/).filter((line) => line.trim().length > 3));
    },
  );

  holds('reads one line and no command of any text', 4000, value, (text) => {
    const log = logOf(() => {
      githubRunner.info(text);
      githubRunner.group(text, [text]);
    });
    const lines = log.split(/\r\n|\r|\n/);
    expect(lines).toHaveLength(5);
    const [info, title, line, end] = lines;
    expect([title?.startsWith('::group::'), line, end]).toEqual([true, info, '::endgroup::']);
    expect(info).not.toMatch(/^\s*::|##\[/);
  });

  holds('shows one annotation for any text', 4000, value, (text) => {
    const log = logOf(() => githubRunner.error(text));
    expect(log.split('\n')).toHaveLength(2);
    expect(log.startsWith('::error::')).toBe(true);
    expect(log.slice(0, -1)).not.toMatch(/\r/);
  });
});
