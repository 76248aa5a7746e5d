// The workflow to which the results of an audit are attached.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../failure.ts';
import type { SarifOptions } from './sarif.ts';

const FOLDER = '.github/workflows';
const USE = /^\s*(-\s+)?uses:.*\/oci-wif-action@/m;

/**
 * The given file, else the first workflow of the working directory that uses the action, else its first one.
 * @throws CommandError OPTION_INVALID when there is none, or for a path outside of the working directory
 */
export function findWorkflow(given: string | undefined): SarifOptions['workflow'] {
  const name = given ?? defaultWorkflow();
  const relative = path.posix.normalize(name.replaceAll('\\', '/'));
  if (relative === '.' || relative.startsWith('..') || path.posix.isAbsolute(relative))
    throw invalid('must be a path below the repository');
  const text = read(relative);
  if (text === undefined) throw invalid(`names ${relative}, which cannot be read`);
  return { path: relative, line: lineOf(text) };
}

const invalid = (what: string) => new CommandError('OPTION_INVALID', `\`--workflow\` ${what}.`);

function defaultWorkflow(): string {
  const names = list().filter((name) => /\.ya?ml$/.test(name));
  const all = names.toSorted().map((name) => `${FOLDER}/${name}`);
  const found = all.find((name) => USE.test(read(name) ?? '')) ?? all[0];
  if (found !== undefined) return found;
  throw new CommandError('OPTION_INVALID', `SARIF attaches results to a workflow, and ${FOLDER} has none.`, {
    remedy: 'Run the command in a checkout of the repository, or name the file with `--workflow`.',
  });
}

function list(): string[] {
  try {
    return readdirSync(FOLDER);
  } catch {
    return [];
  }
}

function read(name: string): string | undefined {
  try {
    return readFileSync(name, 'utf8');
  } catch {
    return undefined;
  }
}

/** From 1: that of the step which logs in, else the first. */
function lineOf(text: string): number {
  const before = text.slice(0, USE.exec(text)?.index ?? 0);
  const step = /^\s*/.exec(text.slice(before.length))?.[0] ?? '';
  return (before + step).split('\n').length;
}
