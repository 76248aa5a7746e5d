// The layout of `cli/`: what it imports, where secrets and programs are, and that its page is up to date.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';
import { COMMAND_CODES, COMMAND_HELP } from '../../cli/codes.ts';
import { importsOf, type Reserved, type Sources, sourcesIn, tooLong, wrongPlaces } from './sources.ts';

const cli = sourcesIn('cli');
const root = path.join(import.meta.dirname, '../..');

/** From the top down. Each module may import itself and those below it. */
const LEVELS: readonly (readonly string[])[] = [
  ['main.ts'],
  ['setup', 'audit', 'remove', 'emit', 'exec', 'login', 'logout', 'token', 'doctor'],
  ['session'],
  ['clients.ts', 'sources'],
  ['domain', 'iam', 'github', 'aws', 'ci'],
  ['connect'],
];
const moduleOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : file);
const levelOf = (module: string) => LEVELS.findIndex((level) => level.includes(module));

/** Imports of a module from above. `import type` is free, as the interfaces of the clients are in their folders. */
function wrongImports(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([file, text]) => {
    const code = text.replace(/^import type [\s\S]*?;$/gm, '');
    return importsOf(file, code).flatMap((wanted) => {
      const [from, to] = [levelOf(moduleOf(file)), levelOf(moduleOf(wanted))];
      return to >= 0 && (from < 0 || from > to) ? [`${file} imports ${wanted} from above`] : [];
    });
  });
}

const RESERVED: readonly Reserved[] = [
  [/process\.env\b/, ['main.ts', 'connect/program.ts'], 'use env of the CommandContext'],
  [/Date\.now\b|new Date\(\s*\)|performance\.now/, [], 'use clock of the CommandContext'],
  [/\bset(Timeout|Interval)\(/, [], 'use clock of the CommandContext'],
  [/\bfetch\(|from '(node:)?(https?|net|tls)'/, [], 'use the clients of the CommandContext'],
  [
    /child_process/,
    ['connect/program.ts', 'exec/child.ts'],
    'use runProgram, which has no shell and passes a secret on standard input',
  ],
  [
    /\.reveal\(\)/,
    [
      'connect/program.ts',
      'connect/credentials.ts',
      'connect/http-connection.ts',
      'session/options.ts',
      'exec/background.ts', // renews in the same process
      'token/token.ts', // the key, into its file
      'token/formats.ts', // what was asked for by name
      'sources/azure-devops.ts',
      'sources/variable.ts',
      'exec/environment.ts', // Terraform's provider reads the client secret only from its environment
    ],
    'pass the Secret on: only a connection, a source of ID tokens or a program gets its value',
  ],
  [/\bconsole\.|process\.std(in|out|err)/, [], 'use terminal of the CommandContext'],
  [/\bexport default\b/, [], 'use a named export'],
];

describe('cli', () => {
  it('imports downwards', () => {
    expect(wrongImports(cli)).toEqual([]);
    expect(wrongImports({ 'connect/a.ts': "import { x } from '../setup/b.ts';" })).toHaveLength(1);
    expect(wrongImports({ 'help.ts': "const x = await import('./iam/b.ts');" })).toHaveLength(1);
  });

  it('keeps secrets, programs and the environment in few places', () => {
    expect(wrongPlaces(cli, RESERVED, moduleOf)).toEqual([]);
    expect(wrongPlaces({ 'setup/a.ts': "run('gh', [secret.reveal()]);" }, RESERVED, moduleOf)).toHaveLength(
      1,
    );
  });

  it('has short files and functions', () => {
    expect(tooLong(cli)).toEqual([]);
  });

  it('is imported by no module of the action', () => {
    const importers = Object.entries(sourcesIn('src')).filter(([file, text]) =>
      importsOf(file, text).some((wanted) => wanted.startsWith('../')),
    );
    expect(importers).toEqual([]);
  });
});

/** The texts of literals in the source, with `…` in place of each value of a template. */
function literalsIn(source: string): string[] {
  const found: string[] = [];
  JSON.stringify(parseSync(source, { syntax: 'typescript' }), (_key, node) => {
    if (node?.type === 'StringLiteral') found.push(node.value);
    if (node?.type === 'TemplateLiteral' && 'expressions' in node)
      found.push(node.quasis.map(({ cooked }: { cooked: string }) => cooked).join('…'));
    return node;
  });
  return found;
}

describe('the messages of the command', () => {
  it('have at most 200 characters, without their values', () => {
    const { 'emit/terraform.ts': _code, ...others } = cli;
    const literals = Object.values(others).flatMap(literalsIn);
    expect(literals.length).toBeGreaterThan(1000);
    expect(literals.filter((text) => text.length > 200)).toEqual([]);
    expect(literalsIn(`f('a', \`b \${'c'}\`)`)).toEqual(['a', 'b …', 'c']);
  });
});

describe('the codes of the command', () => {
  it('lead to headings that exist', () => {
    for (const heading of Object.values(COMMAND_HELP)) {
      const [page = '', anchor] = heading.split('#');
      const text = readFileSync(path.join(root, page), 'utf8');
      const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(anchors.filter((one) => one === anchor)).toEqual([anchor]);
    }
  });

  it('have titles of at most 110 and remedies of at most 200 characters', () => {
    for (const { title, remedy } of Object.values(COMMAND_CODES)) {
      expect(title).toMatch(/^[A-Z].{5,109}[^.]$/);
      expect(remedy).toMatch(/^[A-Z].{5,198}\.$/);
    }
  });

  it('are all thrown', () => {
    const { 'codes.ts': _, ...others } = cli;
    const texts = Object.values(others).join('\n');
    expect(Object.keys(COMMAND_CODES).filter((code) => !texts.includes(`'${code}'`))).toEqual([]);
  });

  it('are in docs/command.md, as `npm run docs` writes it', () => {
    const checked = spawnSync(process.execPath, [path.join(root, 'scripts/command-pages.ts'), '--check']);
    expect([String(checked.stderr), checked.status]).toEqual(['', 0]);
  });
});
