// README, docs, messages and code agree: examples are valid, named inputs exist, links lead somewhere.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { OptionRules } from '../../cli/command.ts';
import { CONNECTION_OPTIONS } from '../../cli/connect/options.ts';
import { COMMANDS } from '../../scripts/commands.ts';
import { listing, promisesIn } from '../../scripts/promises.ts';
import { CODES, type CodeEntry, type ErrorCode, helpPath } from '../../src/errors/codes.ts';
import { INPUTS } from '../../src/inputs/schema.ts';
import { blocksIn, inputFaults, usesOfTheAction } from './workflow-text.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const docs = readdirSync(path.join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const PAGES = ['README.md', '__tests__/README.md', ...docs];

const pagesWithUses = PAGES.filter((page) => usesOfTheAction(read(page)).length > 0);

/** Words that only this project used. CONTRIBUTING.md has those that replace them. */
const OLD_WORDS = [
  /\bdoors?\b/,
  /\bbequeath\w*|\bheirs?\b/,
  /\bkeepers?\b|\bdoz(e|es|ing)\b/,
  /\btelltale\w*|\bglue\b/,
  /\bcheckups?\b|\bconsultations?\b/,
  /\bexhibits?\b|\btelling claims?\b/,
  /\bsurroundings\b/,
  /\btorture\w*|\bdeaths?\b|\bcrowds?\b/,
  /\bpetitions?\b|\bthe judge\b/,
  /\b(hand|hands|handed|handing) over\b|\b(lay|lays|laid|laying) down\b/,
  /\b(take|takes|took|taken|taking) back\b|\bput back\b/,
  /\bof one's own\b|\bin want of\b|\blikewise\b|\bas such\b/,
];

describe('the pages', () => {
  const words = (page: string) => read(page).split(/\s+/).filter(Boolean).length;

  it('have a README of at most 260 lines', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(260);
  });

  it('of docs/ have at most 22,000 words in all', () => {
    const counts = docs.map((page): [string, number] => [page, words(page)]);
    const sum = counts.reduce((total, [, count]) => total + count, 0);
    expect(sum > 22_000 ? [sum, counts] : []).toEqual([]);
  });

  const examples = readdirSync(path.join(root, 'examples')).map((name) => `examples/${name}`);
  const texts = [...PAGES, 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'action.yml', ...examples];

  it.each(texts)('%s has none of the words that only this project used', (page) => {
    const lines = read(page).split('\n');
    expect(lines.filter((line) => OLD_WORDS.some((word) => word.test(line.toLowerCase())))).toEqual([]);
  });

  it.each(PAGES)('%s gives the permission id-token to jobs alone', (page) => {
    const workflows = blocksIn(read(page)).map(
      (text) => parse(text) as { jobs?: object; permissions?: object },
    );
    for (const { jobs, permissions } of workflows.filter((one) => one?.jobs !== undefined))
      expect([page, permissions ?? {}, jobs]).toEqual([page, {}, expect.anything()]);
  });
});

describe('the uses of the action', () => {
  it.each(pagesWithUses)('in %s have inputs that the action accepts', (page) => {
    expect(usesOfTheAction(read(page)).flatMap(inputFaults)).toEqual([]);
  });
});

/** Workflow syntax of GitHub that looks like an input. */
const OTHERS = ['id-token', 'max-parallel'];
const entries: readonly CodeEntry[] = Object.values(CODES);

describe('the error table', () => {
  it('names only inputs that exist', () => {
    const texts = entries.flatMap(({ title, remedy, causes }) => [title, remedy, ...causes]);
    const named = texts.flatMap((text) => [...text.matchAll(/`([a-z]+(?:-[a-z]+)+)(?=[`:])/g)]);
    const unknown = named
      .map(([, name = '']) => name)
      .filter((name) => !(name in INPUTS) && !OTHERS.includes(name));
    expect(unknown).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  });

  it('has sentences that need no escaping in Markdown', () => {
    for (const { title, remedy, causes } of entries) {
      for (const text of [title, remedy, ...causes]) expect(text).toMatch(/^[^a-z\s][^<>&\n]*[^.]\.$/);
    }
  });

  it('has less than 200 characters for code, title and remedy together', () => {
    const lines = Object.entries(CODES).map(([code, { title, remedy }]) => `${code}: ${title} ${remedy}`);
    expect(lines.filter((line) => line.length >= 200)).toEqual([]);
  });

  it('is in dist/ without its causes', () => {
    const bundle = readdirSync(path.join(root, 'dist'))
      .map((name) => read(`dist/${name}`))
      .join('\n');
    // As the bundler writes strings: quotes and backslashes do not occur in what is compared.
    const isIn = (text: string) => text.split(/["'`\\]/).every((part) => bundle.includes(part));
    for (const { title, remedy, causes } of entries) {
      expect([title, isIn(title), isIn(remedy)]).toEqual([title, true, true]);
      expect(causes.filter(isIn)).toEqual([]);
    }
  });

  it('is read through describeError alone outside src/errors/', () => {
    const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
    const readers = sources.filter(
      (name) => /^(?!errors).*\.ts$/.test(name) && /\bCODES\b.*errors\/codes/.test(read(`src/${name}`)),
    );
    expect(readers).toEqual([]);
  });

  it('is what docs/troubleshooting.md shows, as `npm run docs` writes it', () => {
    const checked = spawnSync(process.execPath, [path.join(root, 'scripts/troubleshooting.ts'), '--check']);
    expect([String(checked.stderr), checked.status]).toEqual(['', 0]);
  });

  it('has one heading for each code, to which the links of messages lead', () => {
    const headings = [...read('docs/troubleshooting.md').matchAll(/^#+ (.*)$/gm)].map(([, text]) => text);
    for (const code of Object.keys(CODES) as ErrorCode[]) {
      const [, anchor] = helpPath(code).split('#');
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

describe('the command oci-wif', () => {
  const OPTIONS: Readonly<Record<string, OptionRules>> = Object.fromEntries(
    COMMANDS.map(({ name, options }) => [name, options]),
  );
  const COMMAND_LINE = new RegExp(
    `(?:oci-wif(?:[\\w.*-]*\\.(?:tgz|mjs))?|cli/main\\.ts|oci-wif --|\`) ?(${Object.keys(OPTIONS).join('|')})\\b([^\`\n]*)`,
    'g',
  );
  const optionsIn = (text: string) =>
    [...text.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g)].map(([, name]) => name);
  const exists = (rules: OptionRules) => (name?: string) =>
    name === 'help' || Object.hasOwn({ ...rules, ...CONNECTION_OPTIONS }, name ?? '');

  it.each([...PAGES, 'CONTRIBUTING.md', 'cli/README.md'])('has the options that %s gives it', (page) => {
    const lines = [
      ...read(page)
        .replaceAll(/\\\n\s*/g, '')
        .matchAll(COMMAND_LINE),
    ];
    const unknown = lines.flatMap(([line, name = '', rest = '']) =>
      optionsIn(rest.replace(/ -- .*/, '')).every(exists(OPTIONS[name] ?? {})) ? [] : [line],
    );
    expect(unknown).toEqual([]);
    if (page === 'docs/setup.md') expect(lines.length).toBeGreaterThan(5);
  });

  it('consists of the commands that the documentation describes', () => {
    const [, list = ''] = /^const COMMANDS = \{([^}]*)\}/m.exec(read('cli/main.ts')) ?? [];
    const names = [...list.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    expect(names.toSorted()).toEqual(Object.keys(OPTIONS).toSorted());
    for (const name of Object.keys(OPTIONS))
      expect(read('docs/command.md')).toContain(`| \`oci-wif ${name}\` |`);
  });

  it('has the options that its own page names', () => {
    const named = [...read('docs/command.md').matchAll(/`(--[a-z][^`]*)`/g)].flatMap(([, text = '']) =>
      optionsIn(text),
    );
    const all = Object.assign({}, ...Object.values(OPTIONS)) as OptionRules;
    expect(named.filter((name) => !exists(all)(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(30);
  });
});

describe('docs/architecture.md', () => {
  it.each(['src', 'cli'])('lists the modules of %s/', (folder) => {
    const rows = new RegExp(`^\\| \`${folder}/([\\w.]+)/\` \\|`, 'gm');
    const listed = [...read('docs/architecture.md').matchAll(rows)].map(([, name]) => name);
    const modules = readdirSync(path.join(root, folder), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    expect(listed.toSorted()).toEqual(modules.map(({ name }) => name).toSorted());
  });
});

describe('__tests__/README.md', () => {
  const page = read('__tests__/README.md');
  const promises = promisesIn(page);
  /** Whether a string in this file begins with the title. */
  const hasTest = (file: string, title: string) => {
    const source = read(file).replaceAll(/\\(?=['"`])/g, '');
    return ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}`));
  };

  it('and docs/reliability.md name tests that exist', () => {
    const pages = page + read('docs/reliability.md');
    const named = [...pages.matchAll(/__tests__\/[\w./-]+/g)].map(([file]) => file);
    expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    const tests = promises.flatMap((one) => one.tests);
    const missing = tests.filter(({ file, title }) => title !== undefined && !hasTest(file, title));
    expect(missing).toEqual([]);
  });

  it('names at least one test for each promise', () => {
    expect(promises.length).toBeGreaterThan(30);
    expect(promises.filter(({ tests }) => !tests.every(({ file }) => file.startsWith('__tests__/')))).toEqual(
      [],
    );
  });

  it('has a promise for every stress test', () => {
    const held = promises.flatMap(({ tests }) => tests.map(({ file }) => file));
    const folder = '__tests__/stress';
    const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((name) => name.endsWith('.test.ts'));
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !held.some((one) => file.startsWith(one)))).toEqual([]);
  });

  it('has each folder with tests', () => {
    const folders = readdirSync(path.join(root, '__tests__'), { withFileTypes: true })
      .filter((one) => one.isDirectory())
      .map(({ name }) => `${name}/`);
    const rows = [...page.matchAll(/^\| `([\w/]+\/)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual(expect.arrayContaining(folders));
    for (const row of rows)
      expect([row, existsSync(path.join(root, '__tests__', row ?? ''))]).toEqual([row, true]);
  });

  it('is what `npm run stress -- --list` prints', () => {
    const script = path.join(root, 'scripts/stress.ts');
    const { stdout, status } = spawnSync(process.execPath, [script, '--list'], { encoding: 'utf8' });
    expect([stdout.trimEnd(), status]).toEqual([listing(promises), 0]);
    for (const { group, promise, tests } of promises)
      for (const text of [group, promise, ...tests.map(({ file }) => file)]) expect(stdout).toContain(text);
  });
});
