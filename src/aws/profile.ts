// The profile of a role in AWS's two shared files. Pure.
import path from 'node:path';
import { ActionError } from '../errors/action-error.ts';
import { expandHome, isInside } from '../inputs/paths.ts';
import type { Environment, Files } from '../ports.ts';
import type { SectionTarget } from '../profiles/section-target.ts';
import { Secret } from '../secret.ts';

/**
 * AWS's two shared files. For each, an environment variable can set another path; all SDKs read it.
 * @throws ActionError PATH_UNSAFE for one inside the checkout, where later steps could publish it
 * @see Configuration and credential file settings (AWS CLI User Guide)
 */
export function awsFiles(
  { canonical }: Pick<Files, 'canonical'>,
  home: string,
  env: Environment,
): { config: string; credentials: string } {
  const resolve = (variable: string, usual: string) => {
    const file = canonical(path.resolve(home, expandHome(env(variable) || usual, home)));
    const workspace = env('GITHUB_WORKSPACE');
    if (workspace === undefined || !isInside(file, canonical(workspace, 'directory'))) return file;
    throw new ActionError('PATH_UNSAFE', `${variable} names a file in the checkout: ${file}.`);
  };
  return {
    config: resolve('AWS_CONFIG_FILE', '~/.aws/config'),
    credentials: resolve('AWS_SHARED_CREDENTIALS_FILE', '~/.aws/credentials'),
  };
}

/** In `config` a section is called `profile NAME`, except `default`; in `credentials` it is the bare name. */
export function awsTarget(kind: 'config' | 'credentials', file: string, profile: string): SectionTarget {
  const isPrefixed = kind === 'config' && profile !== 'default';
  return { file, section: isPrefixed ? `profile ${profile}` : profile, directory: null };
}

/** The lines of a section. Values come from AWS or from checked inputs; none can contain a line break. */
export function awsLines(settings: Readonly<Record<string, string | Secret>>): string[] {
  return Object.entries(settings).map(
    ([key, value]) => `${key} = ${value instanceof Secret ? value.reveal() : value}`,
  );
}
