// Stand-ins for programs: shell scripts on the PATH that run a module of the emulator.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const REPOSITORY = path.join(import.meta.dirname, '../..');

/**
 * Only the process under test gets NODE_OPTIONS.
 * @param module relative to the repository
 * @param env variables of the program only; CALLS_FILE is where it writes its arguments
 */
export function writeProgram(
  directory: string,
  name: string,
  module: string,
  env: Readonly<Record<string, string>>,
): void {
  const variables = Object.entries(env).map(([variable, value]) => `export ${variable}='${value}'`);
  const start = `exec '${process.execPath}' '${path.join(REPOSITORY, module)}' "$@"`;
  writeScript(directory, name, ['unset NODE_OPTIONS', ...variables, start]);
}

/** A program that is only these lines of POSIX shell. */
export function writeScript(directory: string, name: string, lines: readonly string[]): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(directory, name), `${['#!/bin/sh', ...lines].join('\n')}\n`, { mode: 0o700 });
}

/** The arguments of each call, after the name of the program. */
export function readCalls(file: string): string[][] {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as string[]);
  } catch {
    return [];
  }
}
