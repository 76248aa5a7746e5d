// One ID token for the whole job, in a variable: GitLab, Bitbucket, HCP Terraform, and any variable that an option names.
import { type IdTokenSource, parseIdToken } from '../../src/oci/id-token.ts';
import type { Environment } from '../../src/ports.ts';
import { Secret } from '../../src/secret.ts';
import { CI_SYSTEMS, type SystemId } from '../ci/systems.ts';
import { CommandError } from '../failure.ts';
import { adviseOnToken, issuerName } from './subjects.ts';
import { acceptToken } from './token.ts';

export interface VariableSpec {
  kind: 'variable';
  name: string;
  token: Secret;
  /** The CI system that sets the variable; undefined for one that an option names. */
  system: SystemId | undefined;
}

/** Where each system puts the token. In GitLab, the author of the job chooses the name. */
export const TOKEN_VARIABLES = {
  gitlab: 'OCI_ID_TOKEN',
  bitbucket: 'BITBUCKET_STEP_OIDC_TOKEN',
  'hcp-terraform': 'TFC_WORKLOAD_IDENTITY_TOKEN',
} as const satisfies Partial<Record<SystemId, string>>;

/** @throws CommandError ID_TOKEN_MISSING */
export function variableSource(env: Environment, name: string, system?: SystemId): IdTokenSource {
  const value = env(name) ?? '';
  if (value.trim() === '') {
    const state = env(name) === undefined ? 'is not set' : 'is empty';
    const who = system === undefined ? 'There is no ID token' : `${CI_SYSTEMS[system].name} gave no ID token`;
    const more =
      system === 'gitlab' ? ' If the variable has another name, give it with `--id-token-variable`.' : '';
    const remedy = `${remedyFor(system)}${more}`;
    throw new CommandError('ID_TOKEN_MISSING', `${who}: the variable ${name} ${state}.`, { remedy });
  }
  return variableSourceFrom({ kind: 'variable', name, token: new Secret(value.trim()), system });
}

function remedyFor(system: SystemId | undefined): string {
  return system === undefined
    ? 'Set the variable to an ID token, or name another source.'
    : `Add ${CI_SYSTEMS[system].setting}.`;
}

export function variableSourceFrom(spec: VariableSpec): IdTokenSource {
  const { name, token, system } = spec;
  const { claims = {}, expiresAt } = parseIdToken(token) ?? {};
  const origin = { place: `The variable ${name}`, remedy: adviceFor(system) };
  return {
    issuer: issuerName(claims, system),
    supply: 'once',
    endsAt: expiresAt,
    url: undefined,
    spec,
    request: async (deps) => acceptToken(deps, token.reveal(), origin),
    adviseOn: (received) => adviseOnToken(received, system),
  };
}

/** For a token that has expired, or is none. */
function adviceFor(system: SystemId | undefined): string {
  if (system === 'gitlab')
    return 'Log in earlier in the job, or raise its `timeout:`, which is also the lifetime of the token.';
  if (system === undefined) return 'Set the variable to a valid ID token.';
  return `Log in earlier in the job: ${CI_SYSTEMS[system].name} gives it only one ID token.`;
}
