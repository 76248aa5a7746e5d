// docs/other-ci.md and the component for GitLab: the examples parse, use options that exist, and their rules accept the emulated jobs.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { parseOptions } from '../../cli/arguments.ts';
import { SYSTEMS } from '../../emulator/issuers/systems.ts';
import { COMMANDS } from '../../scripts/commands.ts';
import { compareRule } from '../../src/diagnosis/rule-comparison.ts';
import { parseRule } from '../../src/inputs/trust-rule.ts';
import { blocksIn } from './workflow-text.ts';

const root = path.join(import.meta.dirname, '../..');
const PAGE = 'docs/other-ci.md';
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const page = read(PAGE);

/** The text of each section, by its heading. */
const sections = new Map(
  page.split(/^#{2,3} /m).map((text) => {
    const end = text.indexOf('\n');
    return [text.slice(0, end), text.slice(end)] as const;
  }),
);
/** The page begins with the example for GitLab. */
const sectionOf = (name: string) => sections.get(name === 'GitLab' ? 'A first job, in GitLab' : name) ?? '';
const table = sections.get('Systems') ?? '';
const systems = [...table.matchAll(/^\| \[([^\]]+)\]\(#[^)]*\)/gm)].map(([, name = '']) => name);

/** The words of a command line as a shell splits them. Enough for examples: no escapes, no substitutions. */
const wordsIn = (line: string) =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'),
  );

/** Command lines of `oci-wif` in a text: each as its words, without the program. */
function commandsIn(text: string): string[][] {
  const code = text.replaceAll(/ # .*$| >>? \S+.*$/gm, '');
  const lines = [...code.matchAll(/(?<![\w/."-])oci-wif ([a-z]+(?=[\s']|$)[^\n]*)/g)].map(
    ([, line = '']) => line,
  );
  const lists = [...code.matchAll(/\[oci-wif, ([^\]]*)\]/g)].map(([, list = '']) => list.replaceAll(',', ''));
  return [...lines, ...lists].map(wordsIn);
}

function fault([name, ...args]: string[]): string | undefined {
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) return `there is no command ${name}`;
  const end = args.indexOf('--');
  if (end >= 0 !== (command.hasOperands === true)) return `${name}: -- is missing or not allowed`;
  try {
    parseOptions(command.options, end < 0 ? args : args.slice(0, end), () => undefined);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

describe('the examples for other CI systems', () => {
  const yaml = [...blocksIn(page), ...blocksIn(read('packaging/gitlab/README.md'))];

  it('are valid YAML', () => {
    expect(yaml.length).toBeGreaterThan(7);
    for (const text of yaml) {
      const { errors, warnings } = parseDocument(text);
      expect([text, ...errors, ...warnings]).toEqual([text]);
    }
  });

  it('use commands and options that exist', () => {
    const code = [...page.matchAll(/^```\w+\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
    const commands = [...code, ...yaml].flatMap(commandsIn);
    expect(commands.length).toBeGreaterThan(12);
    expect(commands.map(fault).filter(Boolean)).toEqual([]);
    expect(fault(['exec', '--fro', 'x', '--', 'true'])).toContain('Did you mean --for?');
    expect(fault(['exec', 'true'])).toBeDefined();
  });

  it('exist for every system of the table, with its rule', () => {
    expect(systems.length).toBe(Object.keys(SYSTEMS).length);
    for (const name of systems) {
      const text = sectionOf(name);
      expect(commandsIn(text).length).toBeGreaterThan(0);
      expect(text).toMatch(/^Rules?: `sub eq /m);
    }
  });

  it.each([
    ['GitLab', SYSTEMS.gitlab],
    ['Forgejo', SYSTEMS.forgejo],
    ['Buildkite', SYSTEMS.buildkite],
    ['HCP Terraform', SYSTEMS['hcp-terraform']],
    ['Kubernetes', SYSTEMS.kubernetes],
    ['Jenkins', SYSTEMS.jenkins],
  ])('of %s have a rule that accepts the job of the emulator', (name, system) => {
    const { sub } = system.claims('new', 'https://jenkins.example.com');
    const [, rule = ''] = /^Rules?: `([^`]*)`/m.exec(sectionOf(name)) ?? [];
    expect(compareRule({ name, ...parseRule(rule) }, { sub: String(sub) })).toMatchObject({
      matches: true,
    });
  });

  const addresses = Object.values(SYSTEMS).map(({ keysPath, issuerPath, fixedAudience }) => ({
    keys: keysPath('new').replace(issuerPath('new'), ''),
    fixedAudience,
  }));
  it.each(addresses)('show the keys at $keys', ({ keys, fixedAudience }) => {
    // Azure DevOps shows its issuer with the service connection.
    if (fixedAudience === undefined) expect(page).toContain(`; keys: \`${keys}\`.`);
    else expect(table).toContain(`always \`${fixedAudience}\``);
  });
});
