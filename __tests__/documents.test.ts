// Holds README, docs, messages and code to each other: examples that would run, inputs that exist, codes that are told.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CATALOGUE, pageOf } from '../src/catalogue/catalogue.ts';
import { INPUTS, type InputRule } from '../src/config/inputs.ts';
import type { ErrorCode, Explanation } from '../src/errors.ts';
import { type Pace, RATE_LIMITED, USUAL } from '../src/platform/retry.ts';
import { REMEDIES } from '../src/remedies.ts';
import { LOOK_AGAIN_MS } from '../src/section/shared-file.ts';

const root = path.join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const PAGES = ['README.md', 'docs/setup.md', 'docs/aws.md', 'docs/doors.md'];
const rules: Readonly<Record<string, InputRule<unknown>>> = INPUTS;

interface Step {
  uses?: string;
  with?: Record<string, unknown>;
}

/** Every use of the action in the YAML blocks of a page, whole workflows and bare steps alike. */
function usesIn(page: string): Record<string, unknown>[] {
  const blocks = [...read(page).matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].map(
    ([, text = '']) => parse(text) as unknown,
  );
  return blocks
    .flatMap(stepsIn)
    .flatMap((step) => (/\/oci-wif-action(\/doctor)?@/.test(step.uses ?? '') ? [step.with ?? {}] : []));
}

function stepsIn(value: unknown): Step[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'uses' in value ? [value as Step] : [];
  return [...own, ...Object.values(value).flatMap(stepsIn)];
}

describe('the examples', () => {
  it.each(PAGES)('of %s give inputs that exist, and all that are required', (page) => {
    const uses = usesIn(page);
    expect(uses.length).toBeGreaterThan(0);
    for (const inputs of uses) {
      expect(Object.keys(inputs).filter((name) => !(name in rules))).toEqual([]);
      const required = Object.keys(rules).filter((name) => rules[name]?.required);
      expect(required.filter((name) => !(name in inputs))).toEqual([]);
      expect('region' in inputs || inputs['token-type'] === 'none').toBe(true);
      expect('aws-role-arn' in inputs).toBe('aws-region' in inputs);
    }
  });

  it('never write a secret in clear', () => {
    const secrets = Object.keys(rules).filter((name) => rules[name]?.secret);
    const given = PAGES.flatMap(usesIn).flatMap((inputs) => secrets.map((name) => inputs[name]));
    for (const value of given.filter((one) => one !== undefined))
      expect(value).toMatch(/^\$\{\{ secrets\.\w+ \}\}$/);
  });
});

/** What looks like an input and belongs to GitHub's syntax of workflows. */
const OTHERS = ['id-token', 'max-parallel'];
const explanations: readonly Explanation[] = Object.values(CATALOGUE);

describe('the messages', () => {
  it('name only inputs that exist', () => {
    const texts = [...Object.values(REMEDIES), ...explanations.flatMap(({ causes }) => causes)];
    const named = texts.flatMap((text) => [...text.matchAll(/`([a-z]+(?:-[a-z]+)+)(?=[`:])/g)]);
    const unknown = named
      .map(([, name = '']) => name)
      .filter((name) => !(name in rules) && !OTHERS.includes(name));
    expect(unknown).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  });
});

describe('the catalogue', () => {
  it('has a sentence and causes for each code, which need no escaping in Markdown', () => {
    for (const { happened, causes } of explanations) {
      expect(causes.length).toBeGreaterThan(0);
      for (const text of [happened, ...causes]) expect(text).toMatch(/^[^a-z\s][^<>&\n]*[^.]\.$/);
    }
  });

  it('is told in docs/troubleshooting.md, as `npm run docs` writes it', () => {
    const checked = spawnSync(process.execPath, [path.join(root, 'tools/troubleshooting.ts'), '--check']);
    expect([String(checked.stderr), checked.status]).toEqual(['', 0]);
  });

  it('has each code once, under the heading that links lead to', () => {
    const headings = [...read('docs/troubleshooting.md').matchAll(/^#+ (.*)$/gm)].map(([, text]) => text);
    for (const code of Object.keys(REMEDIES) as ErrorCode[]) {
      const [, anchor] = pageOf(code).split('#');
      expect(headings.filter((text) => text?.toLowerCase() === anchor)).toEqual([code]);
    }
  });
});

describe('the links', () => {
  it.each([
    ...PAGES,
    'docs/decisions.md',
    'docs/interop.md',
    'docs/reliability.md',
    'docs/troubleshooting.md',
  ])('of %s lead to files that exist', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    for (const target of links) expect(() => read(path.join(path.dirname(page), target))).not.toThrow();
  });
});

describe('docs/reliability.md', () => {
  it('gives the waits that the code has', () => {
    const seconds = ({ baseMs, maxMs }: Pace) => `up to ${baseMs / 1000} s doubling to ${maxMs / 1000} s`;
    for (const pace of [USUAL, RATE_LIMITED]) expect(read('docs/reliability.md')).toContain(seconds(pace));
    const wait = { 250: 'a quarter of a second' }[LOOK_AGAIN_MS];
    expect(read('docs/reliability.md').replaceAll('\n', ' ')).toContain(`looks again ${wait}`);
  });
});
