// README, docs, messages and code agree: examples are valid, named inputs exist, links lead somewhere.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ErrorCode, Explanation } from '../../src/errors/action-error.ts';
import { CATALOGUE, pageOf } from '../../src/errors/codes.ts';
import { REMEDIES } from '../../src/errors/remedies.ts';
import { INPUTS } from '../../src/inputs/schema.ts';
import { inputFaults, usesOfTheAction } from './workflow-text.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const docs = readdirSync(path.join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const PAGES = ['README.md', ...docs];

const pagesWithUses = PAGES.filter((page) => usesOfTheAction(read(page)).length > 0);

describe('the uses of the action', () => {
  it.each(pagesWithUses)('in %s have inputs that the action accepts', (page) => {
    expect(usesOfTheAction(read(page)).flatMap(inputFaults)).toEqual([]);
  });
});

/** Workflow syntax of GitHub that looks like an input. */
const OTHERS = ['id-token', 'max-parallel'];
const explanations: readonly Explanation[] = Object.values(CATALOGUE);

describe('the messages', () => {
  it('name only inputs that exist', () => {
    const texts = [...Object.values(REMEDIES), ...explanations.flatMap(({ causes }) => causes)];
    const named = texts.flatMap((text) => [...text.matchAll(/`([a-z]+(?:-[a-z]+)+)(?=[`:])/g)]);
    const unknown = named
      .map(([, name = '']) => name)
      .filter((name) => !(name in INPUTS) && !OTHERS.includes(name));
    expect(unknown).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  });
});

describe('the catalogue', () => {
  it('has a sentence and causes for each code, in plain Markdown text', () => {
    for (const { happened, causes } of explanations) {
      expect(causes.length).toBeGreaterThan(0);
      for (const text of [happened, ...causes]) expect(text).toMatch(/^[^a-z\s][^<>&\n]*[^.]\.$/);
    }
  });

  it('is in docs/troubleshooting.md, as `npm run docs` writes it', () => {
    const checked = spawnSync(process.execPath, [path.join(root, 'scripts/troubleshooting.ts'), '--check']);
    expect([String(checked.stderr), checked.status]).toEqual(['', 0]);
  });

  it('has one heading for each code, to which the links of messages lead', () => {
    const headings = [...read('docs/troubleshooting.md').matchAll(/^#+ (.*)$/gm)].map(([, text]) => text);
    for (const code of Object.keys(REMEDIES) as ErrorCode[]) {
      const [, anchor] = pageOf(code).split('#');
      expect(headings.filter((text) => text?.toLowerCase() === anchor)).toEqual([code]);
    }
  });
});

/** Anchors of headings as GitHub makes them: lower case, no punctuation, hyphens for spaces. */
function anchorsOf(page: string): string[] {
  const text = read(page).replace(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Links within the repository: whole link, file, anchor. */
const linksOf = (page: string) => [...read(page).matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]*))?\)/g)];

describe('the links', () => {
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
