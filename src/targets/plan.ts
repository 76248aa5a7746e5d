// What clients beyond the OCI CLI need in order to find the session: variables, and the files that these name. Loaded
// only when `export-for` asks for such a door.
import path from 'node:path';
import type { Config, ExportTarget, OciConfig } from '../inputs/config.ts';
import { type HomeDirectories, homeOfConfig } from '../inputs/paths.ts';
import type { OciSession } from '../login/oci-session.ts';
import type { Files, Runner } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { variablesForAnsible, variablesForCli, withoutHostPaths } from './cli.ts';
import { type Copy, copyForDocker } from './docker.ts';
import { overrideForBackend, overrideForProvider } from './homes.ts';
import { type Install, layDoorFiles } from './install-files.ts';
import { adviseOnOverridden, claimDoors } from './ownership.ts';
import { adviseOnPassphrase, variablesForResourcePrincipal } from './resource-principal.ts';
import {
  adviseOnTerraform,
  variablesForBackend,
  variablesForTerraform,
  variablesForTerraformSession,
} from './terraform.ts';
import type { DoorFiles } from './token-files.ts';

export interface DoorParts extends HomeDirectories {
  runner: Runner;
  /** The runner's temp area. */
  temporary: string;
  /** The session's own directory in there, which is made only if needed. */
  directory: string;
  /** Default: the one this runs on. */
  platform?: NodeJS.Platform;
}

type Variables = Readonly<Record<string, string | Secret>>;

export interface DoorPlan {
  variables: Variables;
  /** Whether files go into the session's directory in the temp area, which must be there by then. */
  needDirectory: boolean;
  /** @throws ActionError as `installSection` */
  layFiles(files: Files, session: OciSession, install: Install): Promise<DoorFiles>;
}

/**
 * Says what the doors of a login will need, before anything has happened.
 * @throws ActionError EXPORT_CONFLICT
 */
export function planDoors(parts: DoorParts, config: Config, oci: OciConfig): DoorPlan {
  const { runner, directory } = parts;
  const { env } = runner;
  const has = (door: ExportTarget) => oci.exportFor.includes(door);
  const claim = claimDoors(env, oci.exportFor, oci);
  const session = path.join(directory, 'session');
  const pair = has('resource-principal')
    ? { directory: session, tokenFile: path.join(session, 'token'), keyFile: path.join(session, 'key.pem') }
    : undefined;
  const idTokenFile = has('terraform') ? path.join(directory, 'github-id-token') : undefined;
  const copy = has('docker') ? planCopy(parts, oci) : undefined;
  const owned: Partial<Record<ExportTarget, Variables>> = {
    ...(idTokenFile && { terraform: forTerraform(parts, config, oci, idTokenFile) }),
    ...(has('terraform-session') && { 'terraform-session': forTerraformSession(parts, oci) }),
    ...(pair && { 'resource-principal': variablesForResourcePrincipal(pair, oci.region) }),
  };
  adviseOnOwned(runner, owned, claim.isAgain);
  const byProfile = {
    ...(has('cli') && variablesForCli(oci)),
    ...(has('ansible') && variablesForAnsible(oci)),
  };
  return {
    variables: {
      ...(copy ? withoutHostPaths(byProfile, env) : byProfile),
      ...Object.assign({}, ...Object.values(owned)),
      ...claim.variables,
    },
    needDirectory: pair !== undefined || idTokenFile !== undefined,
    layFiles: (files, opened, install) =>
      layDoorFiles(files, oci, { pair, idTokenFile, copy }, opened, install),
  };
}

function planCopy(
  { runner, temporary, home, platform = process.platform }: DoorParts,
  { exportFor }: OciConfig,
): Copy | undefined {
  if (platform !== 'linux') {
    runner.warning(
      '`export-for` docker: only runners on Linux run Docker actions, so nothing is laid for them.',
    );
    return undefined;
  }
  const copy = copyForDocker(temporary, home);
  const hidden = exportFor.filter((door) => door === 'terraform' || door === 'resource-principal');
  if (copy === undefined && hidden.length > 0) {
    runner.warning(
      `\`export-for\` ${hidden.join(', ')}: Docker actions of a job in a container see the profile, but not the files in the temp area that these variables name.`,
    );
  }
  if (copy !== undefined && exportFor.includes('terraform-session')) {
    runner.warning(
      `\`export-for\` terraform-session: in a Docker action, Terraform's provider looks into the home of the image's account. Give such a step \`env: { TF_HOME_OVERRIDE: ${copy.home} }\`.`,
    );
  }
  return copy;
}

function forTerraform(
  parts: DoorParts,
  { domainUrl, client }: Config,
  oci: OciConfig,
  idTokenFile: string,
): Variables {
  const { runner, platform = process.platform } = parts;
  const variables = variablesForTerraform({ ...oci, domainUrl, client }, idTokenFile);
  if (platform === 'win32') {
    runner.warning(
      "`export-for` terraform: on Windows, Terraform's `oci` state backend reads the variables of its provider, and cannot log in their way. If you use it, take terraform-session.",
    );
    return variables;
  }
  if (homeOfConfig(oci.configFile) === undefined) {
    runner.info(
      `Nothing is exported for Terraform's \`oci\` state backend: it reads .oci/config below a home, never ${oci.configFile}.`,
    );
    return variables;
  }
  return { ...variables, ...forBackend(parts, oci) };
}

function forTerraformSession(parts: DoorParts, oci: OciConfig): Variables {
  return {
    ...variablesForTerraformSession(oci),
    ...overrideForProvider(oci.configFile, parts, parts.runner.env),
    ...forBackend(parts, oci),
  };
}

function forBackend(parts: DoorParts, oci: OciConfig): Variables {
  const { runner, platform = process.platform } = parts;
  return {
    ...variablesForBackend(oci, platform),
    ...overrideForBackend(oci.configFile, parts, runner.env),
  };
}

function adviseOnOwned(
  runner: Runner,
  owned: Partial<Record<ExportTarget, Variables>>,
  isAgain: (door: string) => boolean,
): void {
  const { env } = runner;
  for (const [door, variables] of Object.entries(owned)) {
    const advice = [
      isAgain(door) ? undefined : adviseOnOverridden(env, door, variables),
      door === 'resource-principal' ? adviseOnPassphrase(env) : adviseOnTerraform(env, variables),
    ];
    for (const text of advice) if (text !== undefined) runner.warning(text);
  }
}
