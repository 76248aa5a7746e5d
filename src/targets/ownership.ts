// Variables that outrank every profile lead all later steps to one session: which login of the job has them. Pure.
import { ActionError } from '../errors/action-error.ts';
import type { ProfileLocation } from './cli.ts';

/** Tells the later logins of a job what the earlier ones own: a line for each set of variables. */
const MARKER = 'OCI_WIF_ACTION_DOORS';

/** Doors with such variables, and the set to which they belong: those of Terraform share theirs. */
const OWNED: Readonly<Record<string, string>> = {
  terraform: 'terraform',
  'terraform-session': 'terraform',
  'resource-principal': 'resource-principal',
};

interface Ownership extends ProfileLocation {
  set: string;
}

export interface Claim {
  /** The marker, to be exported with the variables of the doors and taken back with them. */
  variables: Record<string, string>;
  /** Doors that an earlier login of this very profile has opened already. */
  isAgain: (door: string) => boolean;
}

/**
 * Claims the doors for a profile.
 * @throws ActionError EXPORT_CONFLICT when another profile has one of them
 */
export function claimDoors(
  env: (name: string) => string | undefined,
  doors: readonly string[],
  { profile, configFile }: ProfileLocation,
): Claim {
  const before = parse(env(MARKER) ?? '');
  const isOurs = (one: Ownership) => one.profile === profile && one.configFile === configFile;
  for (const door of doors) {
    const other = before.find((one) => one.set === OWNED[door] && !isOurs(one));
    if (other === undefined) continue;
    throw new ActionError(
      'EXPORT_CONFLICT',
      `\`export-for\` ${door}: an earlier login of this job has these variables lead to profile [${other.profile}] in ${other.configFile}.`,
    );
  }
  const sets = new Set(doors.flatMap((door) => OWNED[door] ?? []));
  const others = before.filter(({ set }) => !sets.has(set));
  const lines = [...others, ...[...sets].map((set) => ({ set, profile, configFile }))].map(lineOf);
  return {
    variables: sets.size > 0 ? { [MARKER]: lines.join('\n') } : {},
    isAgain: (door) => before.some((one) => one.set === OWNED[door]),
  };
}

function lineOf({ set, profile, configFile }: Ownership): string {
  return [set, profile, configFile].join(' ');
}

/** Neither a set nor a profile has blanks in its name; a path may. */
function parse(text: string): Ownership[] {
  return text.split('\n').flatMap((line) => {
    const [, set, profile, configFile] = /^(\S+) (\S+) (.+)$/.exec(line) ?? [];
    return set && profile && configFile ? [{ set, profile, configFile }] : [];
  });
}

/** A warning that names variables of a door which the workflow itself has set, unlike this login. */
export function adviseOnOverridden(
  env: (name: string) => string | undefined,
  door: string,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  const names = Object.keys(variables).filter((name) => Boolean(env(name)) && env(name) !== variables[name]);
  if (names.length === 0) return undefined;
  return `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} set in this job. Until its post step, \`export-for\` ${door} replaces ${names.length > 1 ? 'them' : 'it'} for all later steps.`;
}
