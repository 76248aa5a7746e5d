// The forms in which `login` prints its result. Pure. None contains a secret.
import path from 'node:path';
import { inShell } from '../shell.ts';

export const FORMATS = ['text', 'json', 'sh', 'powershell', 'dotenv'] as const;

export type Format = (typeof FORMATS)[number];

export interface LoginResult {
  /** Paths, names and times, by the names of the action's outputs. */
  facts: Readonly<Record<string, string>>;
  /** For later commands. An empty value hides one that would lead them to another identity. */
  variables: Readonly<Record<string, string>>;
  /** Directories before those of PATH. */
  directories: readonly string[];
  /** Whether a process renews the tokens. */
  isRenewed: boolean;
}

/** @see contracts of version 1 in docs/other-ci.md */
export function jsonOf({ facts, variables, directories, isRenewed }: LoginResult): object {
  const renamed = Object.entries(facts).map(([name, value]) => [snakeCase(name), value]);
  return {
    version: 1,
    ...Object.fromEntries(renamed),
    renewed: isRenewed,
    variables,
    path: directories,
  };
}

/** As in the JSON of `token`, the time is an `expiration`. */
const snakeCase = (name: string) => name.replace(/expires-at$/, 'expiration').replaceAll('-', '_');

/** @param searchPath PATH, which dotenv cannot refer to. @param warn gets a sentence for each variable without a form */
export function textOf(
  format: Exclude<Format, 'json'>,
  result: LoginResult,
  { searchPath, warn }: { searchPath: string; warn: (sentence: string) => void },
): string {
  const { variables, directories } = result;
  const assignments = Object.entries(variables);
  if (format === 'text') return forPeople(result);
  if (format === 'sh')
    return [
      ...assignments.map(([name, value]) => `export ${name}=${inShell(value)}`),
      ...(directories.length > 0 ? [`export PATH=${inShell(joined(directories))}':'"$PATH"`] : []),
    ].join('\n');
  if (format === 'powershell')
    return [
      ...assignments.map(([name, value]) => `$env:${name} = ${inPowerShell(value)}`),
      ...(directories.length > 0
        ? [`$env:PATH = ${inPowerShell(joined(directories))} + [IO.Path]::PathSeparator + $env:PATH`]
        : []),
    ].join('\n');
  const withPath = [...directories, searchPath].filter((one) => one !== '').join(path.delimiter);
  const all = directories.length > 0 ? [...assignments, ['PATH', withPath] as const] : assignments;
  return all
    .flatMap(([name, value]) => {
      const quoted = inDotenv(value);
      if (quoted !== undefined) return [`${name}=${quoted}`];
      warn(
        `${name} was left out: programs read its quotes or line breaks in dotenv files in different ways. Use --format sh.`,
      );
      return [];
    })
    .join('\n');
}

const joined = (directories: readonly string[]) => directories.join(path.delimiter);

function forPeople({ facts, variables, directories }: LoginResult): string {
  const known = Object.entries(facts).filter(([, value]) => value !== '');
  const lines = known.map(([name, value]) => `${name}: ${value}`);
  const set = Object.entries(variables).map(([name, value]) => `  ${name}=${value}`);
  const added = directories.map((directory) => `  PATH: ${directory}`);
  const more = [...set, ...added];
  if (more.length === 0) return lines.join('\n');
  return [...lines, 'Variables that select the profile (a shell reads them with --format sh):', ...more].join(
    '\n',
  );
}

/** PowerShell also takes typographic quotes for single quotes. @see about_Quoting_Rules */
const inPowerShell = (value: string) => `'${value.replace(/['‘’‚‛]/g, '$&$&')}'`;

/** Readers agree on a text between quotes only if it has nothing that one of them replaces. */
export function inDotenv(value: string): string | undefined {
  if (/[\n\r]/.test(value)) return undefined;
  if (!/["\\$`]/.test(value)) return `"${value}"`;
  return value.includes("'") ? undefined : `'${value}'`;
}
