// The profile of a role in AWS's two shared files. Pure.
import path from 'node:path';
import { ActionError } from '../errors/action-error.ts';
import { quoted } from '../inputs/parsers.ts';
import { expandHome, isFullPath, isInside, startsAtHome } from '../inputs/paths.ts';
import type { Environment, Files } from '../ports.ts';
import type { SectionTarget } from '../profiles/section-target.ts';
import { Secret } from '../secret.ts';

/** The sections of a profile. Both are the same if the two variables have the same path and the profile is `default`. */
export type AwsTargets = Readonly<Record<'config' | 'credentials', SectionTarget>>;

/**
 * The sections of a profile in AWS's two shared files. For each file, an environment variable can set another path; all
 * SDKs read it. In `config` a section is called `profile NAME`, except `default`; in `credentials` it is the bare name.
 * @throws ActionError PATH_UNSAFE as `awsFile`
 * @see Configuration and credential file settings (AWS CLI User Guide)
 */
export function awsTargets(
  files: Pick<Files, 'canonical'>,
  home: string,
  env: Environment,
  profile: string,
): AwsTargets {
  const target = (kind: keyof AwsTargets, section: string) => {
    const file = awsFile(files, env, VARIABLES[kind], path.join(home, '.aws', kind), home);
    return { file, section, directory: null };
  };
  return {
    config: target('config', profile === 'default' ? profile : `profile ${profile}`),
    credentials: target('credentials', profile),
  };
}

const VARIABLES = { config: 'AWS_CONFIG_FILE', credentials: 'AWS_SHARED_CREDENTIALS_FILE' };

/** @throws ActionError PATH_UNSAFE inside the checkout, and for a value that programs resolve to different files */
function awsFile(
  { canonical }: Pick<Files, 'canonical'>,
  env: Environment,
  variable: string,
  usual: string,
  home: string,
): string {
  const value = expandHome(env(variable) || usual, home);
  // botocore expands variables; a relative path depends on the working directory of each step.
  const names = [...value.matchAll(/\$(\w+)|\$\{(.*?)\}|%(.*?)%/g)].flatMap((match) => match.slice(1));
  if (!isFullPath(value) || names.some((name) => name && env(name) !== undefined))
    throw new ActionError(
      'PATH_UNSAFE',
      `${variable} is ${quoted(value)}, which programs resolve to different files.`,
      { remedy: `Set ${variable} to an absolute path, such as ${usual}.` },
    );
  const file = canonical(value);
  const workspace = env('GITHUB_WORKSPACE');
  if (!workspace || !isInside(file, canonical(workspace, 'directory'))) return file;
  throw new ActionError('PATH_UNSAFE', `${variable} is a file in the checkout: ${file}.`);
}

/** A warning if some programs do not resolve the variable to this file. */
export function awsFileWarning(env: Environment, kind: keyof AwsTargets, file: string): string | undefined {
  const variable = VARIABLES[kind];
  const value = env(variable);
  if (value === '')
    return `${variable} is empty: the AWS CLI and boto3 then read no file. Set it to ${file}.`;
  if (value === undefined || !startsAtHome(value)) return undefined;
  return `${variable} begins with "~", which SDKs in Go do not expand. Set it to ${file}.`;
}

/** The lines of a section. Values come from AWS or from checked inputs; none can contain a line break. */
export function awsLines(settings: Readonly<Record<string, string | Secret>>): string[] {
  return Object.entries(settings).map(
    ([key, value]) => `${key} = ${value instanceof Secret ? value.reveal() : value}`,
  );
}
