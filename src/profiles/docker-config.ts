// Docker's config file as a file with managed sections.
import path from 'node:path';
import { ActionError } from '../errors/action-error.ts';
import { homeVariable, isFullPath } from '../inputs/paths.ts';
import type { Environment, Files } from '../ports.ts';
import { blankPasswords, membersOf } from './json-members.ts';
import type { InstalledSection } from './remove.ts';
import { blankIn } from './secrets.ts';
import { INI, isSectionOf } from './section-target.ts';
import type { TextFormat } from './text-format.ts';

/**
 * @param home undefined if there is none
 * @throws ActionError PATH_UNSAFE for a relative DOCKER_CONFIG, INPUT_INVALID without a home directory
 * @see docker CLI, `cli/config`: DOCKER_CONFIG names the directory
 */
export function dockerConfigFile(
  { canonical }: Pick<Files, 'canonical'>,
  env: Environment,
  home: string | undefined,
): string {
  const directory = env('DOCKER_CONFIG') || (home && path.join(home, '.docker'));
  if (directory === undefined)
    throw new ActionError(
      'INPUT_INVALID',
      `\`export-for\` ocir needs a home directory for Docker's config file: set ${homeVariable()} or DOCKER_CONFIG.`,
    );
  if (isFullPath(directory)) return canonical(path.join(directory, 'config.json'));
  const what = `DOCKER_CONFIG is ${JSON.stringify(directory)}, which Docker resolves against the directory of each step.`;
  throw new ActionError('PATH_UNSAFE', what, { remedy: 'Set DOCKER_CONFIG to an absolute path.' });
}

export function formatOf({ member }: Pick<InstalledSection, 'member'>): TextFormat {
  return member === undefined ? INI : membersOf(member);
}

/** Blanks a password of a login in place, also behind a link. See `blankCredentials`. */
export function blankPassword(files: Files, loginId: string, installed: InstalledSection): void {
  const { member, settingsDigest } = installed;
  if (member !== 'auths') return;
  const owner = { loginId, settingsDigest };
  blankIn(files, installed, (text) =>
    blankPasswords(text, (one) => isSectionOf(owner, one, membersOf(member))),
  );
}
