// The house rules of `src/`, read off the text: who imports whom, what only one room may do, how long things are.
// Each rule is also shown a breach, so that a rule that has gone blind is noticed.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { functionLengths } from './function-lengths.ts';

type Sources = Readonly<Record<string, string>>;

const root = path.join(import.meta.dirname, '../src');
const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const src: Sources = Object.fromEntries(
  names.toSorted().map((name) => [name.replaceAll('\\', '/'), readFileSync(path.join(root, name), 'utf8')]),
);

const FOUNDATION = [
  'port.ts',
  'secret.ts',
  'errors.ts',
  'remedies.ts',
  'claims.ts',
  'answer.ts',
  'client-credentials.ts',
  'location.ts',
  'address.ts',
  'markup.ts',
];
const DOMAIN = ['github', 'oci', 'aws', 'profile', 'config'];
/** Which rooms and files of `src/` each room may import, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  entry: ['refresh', 'checkup', 'usecase', 'runner', 'platform', ...DOMAIN, ...FOUNDATION],
  refresh: ['usecase', ...DOMAIN, ...FOUNDATION],
  checkup: ['usecase', 'section', ...DOMAIN, ...FOUNDATION],
  usecase: ['section', ...DOMAIN, ...FOUNDATION],
  section: [...DOMAIN, ...FOUNDATION],
  runner: ['catalogue', ...FOUNDATION],
  catalogue: FOUNDATION,
  platform: FOUNDATION,
  ...Object.fromEntries(DOMAIN.map((room) => [room, FOUNDATION])),
  ...Object.fromEntries(FOUNDATION.map((file) => [file, FOUNDATION])),
};

const roomOf = (file: string) => file.split('/')[0] ?? '';
const importsOf = (text: string) =>
  [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name ?? '');

function wrongImports(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([file, text]) => {
    const inner = importsOf(text).filter((name) => name.startsWith('.'));
    const rooms = inner.map((name) => roomOf(path.posix.join(path.posix.dirname(file), name)));
    const allowed = [roomOf(file), ...(MAY_IMPORT[roomOf(file)] ?? [])];
    return rooms.filter((room) => !allowed.includes(room)).map((room) => `${file} imports ${room}`);
  });
}

/** Who loads a file together with itself, not by an `import()` that runs when needed. */
function importersOf(sources: Sources, wanted: string): string[] {
  return Object.entries(sources)
    .filter(([file, text]) => {
      const together = [...text.matchAll(/\bfrom '(\.[^']+)'|^import '(\.[^']+)'/gm)];
      return together.some(
        ([, named, bare = '']) => path.posix.join(path.posix.dirname(file), named ?? bare) === wanted,
      );
    })
    .map(([file]) => file);
}

/** What may occur in these files or rooms alone. */
const RESERVED: readonly [what: string, pattern: RegExp, places: readonly string[]][] = [
  ['the toolkit', /from '@actions\/|import\('@actions\//, ['runner']],
  ['the environment', /process\.env\b/, ['entry', 'runner']],
  ['the time', /Date\.now\b|new Date\(\s*\)|performance\.now/, ['platform/clock.ts']],
  ['timers', /\bset(Timeout|Interval)\(/, ['platform']],
  ['fetch', /\bfetch\(/, []],
  ['the file system', /'(node:)?fs(\/promises)?'/, ['platform', 'runner/github-runner.ts']], // a file command
  ['sockets', /'(node:)?(https?|net|tls)'/, ['platform/http.ts', 'platform/tunnel.ts']],
  ['the console', /\bconsole\.|process\.std(out|err)/, ['runner']],
  ['default exports', /\bexport default\b|as default\b/, []],
  ['re-exports', /^export (\*|\{[^}]*\}|type \{[^}]*\}) from/m, []],
  [
    'an unwrapped secret',
    /\.reveal\(\)/,
    [
      'answer.ts', // to find it in the text of a server and take it out
      'github/id-token.ts', // the bearer and its end; the claims of the token
      'client-credentials.ts', // the Basic value made of it
      'oci/token-endpoint.ts', // the credentials of the request
      'oci/token-exchange.ts', // the body of the request
      'oci/upst.ts', // the claims of the token
      'oci/request-signature.ts', // the key that signs, the token that names it
      'aws/web-identity.ts', // the claims of the token
      'aws/assume-role.ts', // the body of the request
      'profile/aws-profile.ts', // the section with the keys
      'usecase/session-files.ts', // a token in its file
      'refresh/order.ts', // what goes to the process in the background
      'platform/background.ts', // the pipe on which it goes there
      'oci/key-pair.ts', // the key, read again
      'platform/tunnel.ts', // the credentials of a proxy
      'runner/github-runner.ts', // masks and outputs
      'usecase/environment.ts', // a digest to tell it by
      'section/install-section.ts', // the two files
    ],
  ],
];

const code = (text: string) => text.replace(/^\s*(\/\/|\/?\*).*$/gm, '');

function wrongPlaces(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([file, text]) =>
    RESERVED.filter(
      ([, pattern, places]) =>
        pattern.test(code(text)) && !places.some((place) => file === place || file.startsWith(`${place}/`)),
    ).map(([what]) => `${file} uses ${what}`),
  );
}

function tooLong(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([file, text]) => {
    const lines = text.split('\n').length - 1;
    const longest = Math.max(0, ...functionLengths(text));
    const limit = roomOf(file) === 'entry' ? 60 : 200;
    return [
      ...(lines > limit ? [`${file} has ${lines} lines`] : []),
      ...(longest > 50 ? [`${file} has a function of ${longest} lines`] : []),
    ];
  });
}

describe('src', () => {
  it('is there', () => {
    expect(names.length).toBeGreaterThan(20);
    expect(
      [...new Set(Object.keys(src).map(roomOf))].filter((room) => MAY_IMPORT[room] === undefined),
    ).toEqual([]);
  });

  it('imports in one direction', () => {
    expect(wrongImports(src)).toEqual([]);
  });

  it('keeps what is dangerous in its room', () => {
    expect(wrongPlaces(src)).toEqual([]);
  });

  it('is short', () => {
    expect(tooLong(src)).toEqual([]);
  });

  it('loads what only a failure needs when main has failed', () => {
    expect(importersOf(src, 'catalogue/catalogue.ts')).toEqual(['runner/failure.ts']);
    expect(importersOf(src, 'runner/failure.ts')).toEqual([]);
  });

  it('unwraps secrets in no more files than it must', () => {
    const listed = RESERVED.find(([what]) => what === 'an unwrapped secret')?.[2] ?? [];
    expect(listed.filter((file) => !src[file]?.includes('.reveal()'))).toEqual([]);
  });
});

describe('the rules', () => {
  it.each([
    ['oci/a.ts', "import { x } from '../github/b.ts';"],
    ['oci/a.ts', "import type { x } from '../platform/b.ts';"],
    ['usecase/a.ts', "import { x } from '../runner/b.ts';"],
    ['usecase/a.ts', "const x = await import('../platform/b.ts');"],
    ['platform/a.ts', "import '../config/b.ts';"],
    ['port.ts', "import type { x } from './config/b.ts';"],
  ])('see a wrong import in %s: %s', (file, text) => {
    expect(wrongImports({ [file]: text })).toHaveLength(1);
  });

  it.each([
    ["import { b } from './b.ts';", ['oci/a.ts']],
    ["import './b.ts';", ['oci/a.ts']],
    ["const { b } = await import('./b.ts');", []],
  ])('see what is loaded at once: %s', (text, importers) => {
    expect(importersOf({ 'oci/a.ts': text }, 'oci/b.ts')).toEqual(importers);
  });

  it.each([
    ['oci/a.ts', "import { debug } from '@actions/core';"],
    ['usecase/a.ts', 'const home = process.env.HOME;'],
    ['usecase/a.ts', 'const now = Date.now();'],
    ['platform/http.ts', 'const now = new Date();'],
    ['platform/http.ts', 'await fetch(url);'],
    ['usecase/a.ts', "import fs from 'node:fs';"],
    ['oci/a.ts', "import https from 'node:https';"],
    ['oci/a.ts', 'console.log(1);'],
    ['oci/a.ts', 'export default 1;'],
    ['oci/a.ts', "export * from './b.ts';"],
    ['usecase/login.ts', 'const text = secret.reveal();'],
  ])('see what does not belong into %s: %s', (file, text) => {
    expect(wrongPlaces({ [file]: text })).toHaveLength(1);
  });

  const lines = (count: number) => 'x();\n'.repeat(count);
  it.each([
    ['a file', 'oci/a.ts', lines(201)],
    ['an entry', 'entry/a.ts', lines(61)],
    ['a function', 'oci/a.ts', `// ünder a comment\n\nfunction f() {\n${lines(49)}}\n`],
    ['an arrow', 'oci/a.ts', `const f = () => {\n${lines(49)}};\n`],
    ['a method', 'oci/a.ts', `class A {\n  f() {\n${lines(49)}}\n}\n`],
  ])('see %s that is too long', (_what, file, text) => {
    expect(tooLong({ [file]: text })).toHaveLength(1);
  });
});
