// docs/security.md and SECURITY.md: every section names the tests that hold its statements, and they exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const page = read('docs/security.md');
const [intro = '', ...rest] = page.split(/^## /m);
/** The rest of SECURITY.md says what the maintainers do. */
const ofProject = /^(?:What is not|Verify a release|How the repository is kept)$/m;
const more = read('SECURITY.md')
  .split(/^## /m)
  .filter((text) => ofProject.test(text.split('\n')[0] ?? ''));
const sections = [...rest, ...more].map((text) => {
  const [heading = '', ...lines] = text.split('\n');
  const blocks = lines
    .join('\n')
    .trim()
    .split(/\n{2,}/);
  const last = blocks.at(-1) ?? '';
  return { heading, blocks: blocks.slice(0, -1), last };
});

/** docs/security.md shortens the path. */
const hasTest = (name: string) =>
  [name, `__tests__/${name}.test.ts`].some(
    (file) => /\.test\.ts$/.test(file) && existsSync(path.join(root, file)),
  );

describe('docs/security.md and SECURITY.md', () => {
  it.each(sections)('end the section "$heading" with tests that exist', ({ last }) => {
    expect(last).toMatch(/^Tests: `[\w./-]+`/);
    const names = [...last.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !hasTest(name))).toEqual([]);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  it('name tests nowhere else, and explain the mark †', () => {
    expect(sections.length).toBeGreaterThan(10);
    expect(page.match(/^Tests: /gm)).toHaveLength(rest.length);
    expect(more).toHaveLength(3);
    expect(intro).toContain('† marks what these tests cannot');
  });

  it('mark each statement about what others do as one that no test shows', () => {
    // A sentence is about others when one of them is its subject. A mark after a list's first line is for the list.
    const OTHERS = /^(?:- )?(?:\*\*)?(?:GitHub|The runner|OCI|AWS|Client tools|Steps) /;
    const unmarked = sections.flatMap(({ blocks }) =>
      blocks
        .filter((block) => !/^(?:```|\||> )/.test(block))
        .flatMap((block) => block.replaceAll(/\n +/g, ' ').split(/\n(?=- )/))
        .filter((item) => item.split(/(?<=[.:] †?) ?/).some((sentence) => OTHERS.test(sentence.trim())))
        .filter((item) => !item.includes('†')),
    );
    expect(unmarked).toEqual([]);
  });
});

describe('ports', () => {
  const sourcesIn = (folder: string) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(path.join(folder, name)));

  it('are opened by no code of the action and of the command', () => {
    const sources = ['src', 'cli'].flatMap(sourcesIn);
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((text) => /createServer|\.listen\(/.test(text))).toEqual([]);
  });

  it('of the emulator are on loopback', () => {
    const calls = sourcesIn('emulator').flatMap((text) => text.match(/\.listen\(.*/g) ?? []);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter((call) => !call.includes("'127.0.0.1'"))).toEqual([]);
  });
});
