import path from 'node:path';
import { titled } from '../errors/action-error.ts';
import type { ProfileLocation } from '../inputs/paths.ts';
import type { Environment } from '../ports.ts';
import { type Variables, warningAbout } from './target.ts';

/** Exported for later logins of the job: a line for each reserved set of variables. */
export const RESERVATIONS = 'OCI_WIF_ACTION_EXPORTS';

/** Targets whose variables override every profile, with the name of their set. One profile of a job can have each. */
const RESERVED_SETS: Readonly<Record<string, string>> = {
  terraform: 'terraform',
  'terraform-session': 'terraform',
  'resource-principal': 'resource-principal',
  kubectl: 'kubectl',
};

/**
 * Reserves the variables of the targets for a profile.
 * @returns the marker, which is exported with the variables of the targets, and the targets that no earlier login reserved
 * @throws ActionError EXPORT_CONFLICT when an earlier login has reserved one of them for another profile
 */
export function reserveExports(
  env: Environment,
  targets: readonly string[],
  { profile, configFile }: ProfileLocation,
): { variables: Variables; added: readonly string[] } {
  const marker = env(RESERVATIONS) ?? '';
  const earlier = parseMarker(marker);
  const reserved = targets.filter((target) => target in RESERVED_SETS);
  const added = reserved.filter((target) => {
    const previous = earlier.find(({ set }) => set === RESERVED_SETS[target]);
    if (previous && (previous.profile !== profile || previous.configFile !== configFile))
      throw titled(
        'EXPORT_CONFLICT',
        `\`export-for\` ${target}: an earlier login exported these variables for profile [${previous.profile}] in ${previous.configFile}.`,
      );
    return previous === undefined;
  });
  const lines = added.map((target) => `${RESERVED_SETS[target]} ${profile} ${configFile}`);
  const extended = [marker, ...lines].filter((line) => line !== '').join('\n');
  return { variables: reserved.length > 0 ? { [RESERVATIONS]: extended } : {}, added };
}

/** Only the path, which is last, can contain spaces. */
function parseMarker(text: string): (ProfileLocation & { set: string })[] {
  return text.split('\n').flatMap((line) => {
    const [, set, profile, configFile] = /^(\S+) (\S+) (.+)$/.exec(line) ?? [];
    return set && profile && configFile ? [{ set, profile, configFile }] : [];
  });
}

/** Warns about variables that the workflow has set to other values. A list that ends with its old value still contains it. */
export function replacementWarning(env: Environment, target: string, variables: Variables): string[] {
  const names = Object.keys(variables).filter((name) => {
    const [before, value] = [env(name), String(variables[name])];
    return before && value !== before && !value.endsWith(`${path.delimiter}${before}`);
  });
  const effect = `Until the clean-up, \`export-for\` ${target} replaces the values for all later steps.`;
  return warningAbout(names, `. ${effect}`);
}
