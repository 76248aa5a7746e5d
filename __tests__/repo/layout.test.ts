// The layout of `src/`: imports go downwards, and what is dangerous stays in one module. A failure says where to go instead.
import { describe, expect, it } from '@jest/globals';
import { importsOf, type Reserved, type Sources, sourcesIn, tooLong, wrongPlaces } from './sources.ts';

const src = sourcesIn('src');

/** Modules from the top down. Each may import its own level and those below; `node` is constructed by the programs. */
const LEVELS: readonly (readonly string[])[] = [
  ['(program)'],
  ['login', 'refresh', 'checks'],
  ['github', 'oci', 'aws', 'targets', 'profiles', 'diagnosis', 'report'],
  ['inputs', 'errors', 'ports.ts', 'secret.ts', 'response.ts'],
];
const ADAPTERS = ['node', 'github/runner.ts'];

const moduleOf = (file: string) => {
  if (LEVELS.flat().includes(file)) return file;
  return file.includes('/') ? (file.split('/')[0] ?? '') : '(program)';
};
const levelOf = (module: string) => LEVELS.findIndex((level) => level.includes(module));

function wrongImports(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([file, text]) =>
    importsOf(file, text).flatMap((wanted) => {
      const [from, to] = [moduleOf(file), moduleOf(wanted)];
      if (from === to || from === '(program)') return [];
      const isAdapter = ADAPTERS.some((one) => wanted === one || wanted.startsWith(`${one}/`));
      if (isAdapter)
        return [
          `${file} imports ${wanted}: take it as a parameter of a type in ports.ts; programs construct it`,
        ];
      if (from === 'node' ? levelOf(to) === 3 : levelOf(to) >= levelOf(from)) return [];
      return [
        `${file} imports ${wanted} from above: move what both need down to ${(LEVELS[3] ?? []).join(', ')}`,
      ];
    }),
  );
}

/** What may occur in these files or modules alone, and what everybody else does instead. */
const RESERVED: readonly Reserved[] = [
  [/from '@actions\/(core|github)'/, ['github'], 'use the Runner of ports.ts'],
  [/process\.env\b/, ['(program)', 'github', 'node'], 'use runner.env of ports.ts'],
  [/Date\.now\b|new Date\(\s*\)|performance\.now/, ['node'], 'use the Clock of ports.ts'],
  [/\bset(Timeout|Interval)\(/, ['node'], 'use the Clock of ports.ts'],
  [/\bfetch\(/, [], 'use the Http of ports.ts'],
  [/'(node:)?fs(\/promises)?'/, ['node', 'github/runner.ts'], 'use the Files of ports.ts'],
  [/'(node:)?(https?|net|tls)'/, ['node'], 'use the Http of ports.ts'],
  [
    /\bconsole\.|process\.std(out|err)/,
    ['node/processes.ts', 'node/plug-in.ts'],
    'use the log of the Runner of ports.ts',
  ],
  [/\bexport default\b/, [], 'use a named export'],
];

describe('src', () => {
  it('consists of the known modules', () => {
    expect([...new Set(Object.keys(src).map(moduleOf))].filter((one) => levelOf(one) < 0)).toEqual(['node']);
  });

  it('imports downwards', () => {
    expect(wrongImports(src)).toEqual([]);
  });

  it('keeps what is dangerous in one module', () => {
    expect(wrongPlaces(src, RESERVED, moduleOf)).toEqual([]);
  });

  it('has short files and functions', () => {
    expect(tooLong(src)).toEqual([]);
  });
});

describe('the layout test itself', () => {
  it.each([
    ['oci/a.ts', "import { x } from '../login/b.ts';"],
    ['login/a.ts', "const x = await import('../node/b.ts');"],
    ['report/a.ts', "import { githubRunner } from '../github/runner.ts';"],
    ['node/a.ts', "import { x } from '../oci/b.ts';"],
    ['ports.ts', "import type { x } from './oci/b.ts';"],
  ])('finds a wrong import in %s: %s', (file, text) => {
    expect(wrongImports({ [file]: text })).toHaveLength(1);
  });

  it.each([
    ['oci/a.ts', 'const home = process.env.HOME;'],
    ['login/a.ts', 'const now = Date.now();'],
    ['oci/a.ts', "import fs from 'node:fs';"],
    ['oci/a.ts', 'console.log(1);'],
  ])('finds what does not belong in %s: %s', (file, text) => {
    expect(wrongPlaces({ [file]: text }, RESERVED, moduleOf)).toHaveLength(1);
  });
});
