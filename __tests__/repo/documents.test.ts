// Holds README, docs, messages and code to each other: examples that would run, inputs that exist, codes that are told.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ErrorCode, Explanation } from '../../src/errors/action-error.ts';
import { CATALOGUE, pageOf } from '../../src/errors/codes.ts';
import { REMEDIES } from '../../src/errors/remedies.ts';
import { INPUTS, type InputRule } from '../../src/inputs/schema.ts';
import { type Pace, RATE_LIMITED, USUAL } from '../../src/node/retry.ts';
import { LOOK_AGAIN_MS } from '../../src/profiles/shared-file.ts';
import { configOf, usesOfTheAction } from './workflow-text.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const docs = readdirSync(path.join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const PAGES = ['README.md', ...docs];
const rules: Readonly<Record<string, InputRule<unknown>>> = INPUTS;

const pagesWithUses = PAGES.filter((page) => usesOfTheAction(read(page)).length > 0);

describe('the uses of the action', () => {
  it('are in the pages that show how it is used', () => {
    const expected = ['README.md', 'docs/aws.md', 'docs/diagnosis.md', 'docs/doors.md', 'docs/setup.md'];
    expect(pagesWithUses).toEqual(expect.arrayContaining(expected));
  });

  it.each(pagesWithUses)('in %s give inputs that the action accepts, and secrets only as secrets', (page) => {
    for (const step of usesOfTheAction(read(page))) {
      const inputs = step.with ?? {};
      expect(Object.keys(inputs).filter((name) => !(name in rules))).toEqual([]);
      expect(() => configOf(step)).not.toThrow();
      const secrets = Object.entries(inputs).filter(([name]) => rules[name]?.secret);
      for (const [, value] of secrets) expect(value).toMatch(/^\$\{\{ secrets\.\w+ \}\}$/);
    }
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
    const checked = spawnSync(process.execPath, [path.join(root, 'scripts/troubleshooting.ts'), '--check']);
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

/** Anchors as GitHub makes them of headings: lower case, no punctuation, hyphens for blanks. */
function anchorsOf(page: string): string[] {
  const text = read(page).replace(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Links within the repository: the whole, the file, the heading. */
const linksOf = (page: string) => [...read(page).matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]*))?\)/g)];

describe('the links', () => {
  it('are seen', () => {
    for (const page of ['README.md', 'docs/README.md', 'docs/troubleshooting.md'])
      expect(linksOf(page).length).toBeGreaterThan(10);
  });

  it.each(PAGES)('of %s lead to files that exist, and to headings in them', (page) => {
    for (const [link, file = '', anchor] of linksOf(page)) {
      const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      expect([link, existsSync(path.join(root, target))]).toEqual([link, true]);
      if (anchor !== undefined)
        expect([link, anchorsOf(target)]).toEqual([link, expect.arrayContaining([anchor])]);
    }
  });

  it('of docs/README.md lead to every page', () => {
    for (const page of docs.filter((one) => one !== 'docs/README.md'))
      expect(read('docs/README.md')).toContain(`(${path.basename(page)})`);
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

describe('docs/architecture.md', () => {
  it('lists the modules of src/', () => {
    const listed = [...read('docs/architecture.md').matchAll(/^\| `src\/([\w.]+)\/` \|/gm)].map(
      ([, name]) => name,
    );
    const modules = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    expect(listed.toSorted()).toEqual(modules.map(({ name }) => name).toSorted());
  });
});
