// How arguments become options, and what `--help` and wrong options print.
import { describe, expect, it } from '@jest/globals';
import { parseOptions } from '../../cli/arguments.ts';
import type { OptionRules } from '../../cli/command.ts';
import { CommandError } from '../../cli/failure.ts';
import { itWithTerminal } from '../unit/systems-with.ts';
import { runCommand, runInTerminal } from './command.ts';

const RULES = {
  repo: { type: 'string', required: true, help: 'x', env: 'GITHUB_REPOSITORY' },
  allow: { type: 'string', multiple: true, help: 'x' },
  format: { type: 'string', choices: ['text', 'json'], default: 'text', help: 'x' },
  apply: { type: 'boolean', help: 'x' },
} as const satisfies OptionRules;

const parse = (args: string[], variables: Record<string, string> = {}) =>
  parseOptions(RULES, args, (name) => variables[name]);

function faultOf(args: string[]): string {
  try {
    parse(args);
  } catch (error) {
    if (error instanceof CommandError && error.code === 'OPTION_INVALID') return error.message;
    throw error;
  }
  throw new Error('the arguments were accepted');
}

describe('options', () => {
  it('are read in every usual form, with defaults for the others', () => {
    expect(parse(['--repo', 'a/b', '--allow=x y', '--allow', '-z', '--apply'])).toEqual({
      repo: 'a/b',
      allow: ['x y', '-z'],
      format: 'text',
      apply: true,
    });
  });

  it('come from the environment unless they are given', () => {
    const variables = { GITHUB_REPOSITORY: 'c/d' };
    expect(parse([], variables)).toMatchObject({ repo: 'c/d', apply: false, allow: [] });
    expect(parse(['--repo', 'a/b'], variables)).toMatchObject({ repo: 'a/b' });
  });

  it.each([
    ['a missing one', [], '--repo is missing, and GITHUB_REPOSITORY is not set.'],
    ['a member of every object', ['--repo=a/b', '--constructor'], '--constructor is unknown.'],
    [
      'a misspelt one and its value',
      ['--repo=a/b', '--alow', 'x'],
      '--alow is unknown. Did you mean --allow?',
    ],
    ['an unknown one', ['--repo=a/b', '--whatever=1'], '--whatever is unknown.'],
    [
      'a forgotten value',
      ['--repo', '--apply'],
      '--repo needs a value. --repo is missing, and GITHUB_REPOSITORY is not set.',
    ],
    ['a value for a switch', ['--repo=a/b', '--apply=yes'], '--apply takes no value.'],
    ['a repeated one', ['--repo=a/b', '--repo=c/d'], '--repo is given 2 times.'],
    ['a wrong choice', ['--repo=a/b', '--format=xml'], '--format must be one of text, json, not "xml".'],
    ['a bare word', ['--repo=a/b', 'apply'], '"apply" is not an option. Quote a value that contains spaces.'],
  ])('name %s', (_what, args, message) => {
    expect(faultOf(args)).toBe(message);
  });

  it('report all faults at once', () => {
    expect(faultOf(['--alow', 'x', '--format=xml'])).toBe(
      '--alow is unknown. Did you mean --allow? --repo is missing, and GITHUB_REPOSITORY is not set. --format must be one of text, json, not "xml".',
    );
  });
});

describe('oci-wif', () => {
  it.each(['setup', 'audit', 'remove'])(
    'lists %s, and shows its help with usage and exit codes',
    async (name) => {
      const [all, one] = await Promise.all([runCommand(['--help']), runCommand([name, '--wrong', '--help'])]);
      expect([all.exitCode, all.stderr, one.exitCode, one.stderr]).toEqual([0, '', 0, '']);
      expect(all.stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
      expect(one.stdout).toContain(`\n  oci-wif ${name} `);
      expect(one.stdout).toMatch(/^Exit codes\n {2}0 /m);
      for (const text of [all, one])
        expect(
          text.stdout.split('\n').filter((line) => line.length > 100 && !line.startsWith('  oci-wif ')),
        ).toEqual([]);
    },
  );

  it('prints its version', async () => {
    expect(await runCommand(['--version'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it.each([
    [[], 'error: OPTION_INVALID: The command is missing. `oci-wif --help` lists the commands.\n'],
    [
      ['setpu'],
      'error: OPTION_INVALID: "setpu" is not a command. Did you mean setup? `oci-wif --help` lists the commands.\n',
    ],
  ])('refuses %j', async (args, stderr) => {
    expect(await runCommand(args)).toMatchObject({ exitCode: 1, stdout: '', stderr });
  });

  itWithTerminal('has colors in a terminal, unless NO_COLOR is set', async () => {
    const bold = '\u001b[1mUsage';
    expect((await runInTerminal(['--help'], { env: { TERM: 'xterm' } })).stdout).toContain(bold);
    expect((await runInTerminal(['--help'], { env: { TERM: 'xterm', NO_COLOR: '1' } })).stdout).not.toContain(
      '\u001b[',
    );
  });
});
