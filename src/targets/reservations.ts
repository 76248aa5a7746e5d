import { ActionError } from '../errors/action-error.ts';
import type { ProfileLocation } from '../inputs/paths.ts';
import type { Environment } from '../ports.ts';
import { namesWithVerb, type Variables } from './target.ts';

/** Exported for later logins of the job: a line for each reserved set of variables. */
const MARKER = 'OCI_WIF_ACTION_EXPORTS';

/** Targets whose variables override every profile, so that one login of a job can have them, and their set. */
const RESERVED_SETS: Readonly<Record<string, string>> = {
  terraform: 'terraform',
  'terraform-session': 'terraform',
  'resource-principal': 'resource-principal',
};

export interface Reservation {
  /** The marker, which is exported and restored with the variables of the targets. */
  variables: Record<string, string>;
  /** Targets that no earlier login has reserved. */
  added: ReadonlySet<string>;
}

/**
 * Reserves the variables of the targets for a profile.
 * @throws ActionError EXPORT_CONFLICT when an earlier login has reserved one of them for another profile
 */
export function reserveExports(
  env: Environment,
  targets: readonly string[],
  { profile, configFile }: ProfileLocation,
): Reservation {
  const earlier = parseMarker(env(MARKER) ?? '');
  const isOther = (one: ProfileLocation) => one.profile !== profile || one.configFile !== configFile;
  const added = new Set<string>();
  const sets = new Set<string>();
  for (const target of targets) {
    const set = RESERVED_SETS[target];
    if (set === undefined) continue;
    sets.add(set);
    const previous = earlier.find((one) => one.set === set);
    if (previous !== undefined && isOther(previous))
      throw new ActionError(
        'EXPORT_CONFLICT',
        `\`export-for\` ${target}: an earlier login of this job has exported these variables for profile [${previous.profile}] in ${previous.configFile}.`,
      );
    if (previous === undefined) added.add(target);
  }
  const others = earlier.filter(({ set }) => !sets.has(set));
  const lines = [...others, ...[...sets].map((set) => ({ set, profile, configFile }))];
  const marker = lines.map((one) => [one.set, one.profile, one.configFile].join(' ')).join('\n');
  return { variables: sets.size > 0 ? { [MARKER]: marker } : {}, added };
}

/** Only the path, which is last, can contain spaces. */
function parseMarker(text: string): (ProfileLocation & { set: string })[] {
  return text.split('\n').flatMap((line) => {
    const [, set, profile, configFile] = /^(\S+) (\S+) (.+)$/.exec(line) ?? [];
    return set && profile && configFile ? [{ set, profile, configFile }] : [];
  });
}

/** Warns about variables that the workflow has set to other values. */
export function replacementWarning(env: Environment, target: string, variables: Variables): string[] {
  const names = Object.keys(variables).filter((name) => Boolean(env(name)) && env(name) !== variables[name]);
  if (names.length === 0) return [];
  return [
    `${namesWithVerb(names)} set in this job. Until the post step, \`export-for\` ${target} replaces the values for all later steps.`,
  ];
}
