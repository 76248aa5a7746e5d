// Makes an assumed role available to later steps: by variables, by AWS's shared files, or by both.
import { type AwsTargets, awsFileWarning, awsLines, awsTargets } from '../aws/profile.ts';
import {
  AWS_CREDENTIALS,
  awsProfileWarning,
  STALE_FOR_SESSION,
  variablesForAwsRegion,
  variablesForWebIdentity,
} from '../aws/variables.ts';
import { ActionError } from '../errors/action-error.ts';
import type { AwsConfig, OciConfig } from '../inputs/config.ts';
import type { Environment, Files, Runner } from '../ports.ts';
import { assertOwnIdentity } from '../profiles/inherited.ts';
import { adviseOnFaults } from '../profiles/ini-faults.ts';
import { hasSection, type InstallDeps, installSection } from '../profiles/install.ts';
import { ociTarget } from '../profiles/oci-profile.ts';
import { isSameSection } from '../profiles/section-target.ts';
import { readText } from '../profiles/shared-file.ts';
import { Secret } from '../secret.ts';
import type { AwsSession } from './aws-session.ts';

export interface RoleInstall {
  role: AwsSession;
  config: AwsConfig;
  /** File for the access token, in the directory of the login in the runner's temp area. */
  tokenFile: string;
  /** Undefined without `aws-profile`. */
  targets: AwsTargets | undefined;
}

const KINDS = ['credentials', 'config'] as const;

type Settings = Readonly<Record<string, string | Secret>>;

/** Variables for later steps. Empties those of other credentials if the job has them. */
export function variablesForRole(runner: Runner, { role, config, tokenFile }: RoleInstall): Settings {
  if (!config.exportEnvironment) return {};
  const advice = awsProfileWarning(runner.env, config.profile);
  if (advice !== undefined) runner.warning(advice);
  const { region } = config;
  const isSession = config.credentialSource === 'session';
  const stale = (isSession ? STALE_FOR_SESSION : AWS_CREDENTIALS).filter((name) => Boolean(runner.env(name)));
  const emptied = Object.fromEntries(stale.map((name) => [name, '']));
  if (!isSession) {
    const location = { roleArn: config.role.arn, roleSessionName: role.sessionName, region, tokenFile };
    return { ...emptied, ...variablesForWebIdentity(location) };
  }
  const { accessKeyId, secretAccessKey, sessionToken } = role.credentials;
  return {
    ...emptied,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    ...variablesForAwsRegion(region),
  };
}

/**
 * The sections that the role's profile needs. Changes nothing.
 * @throws ActionError PATH_UNSAFE, PROFILE_AMBIGUOUS, and INPUT_INVALID when one of them is the section of the OCI profile
 */
export function planAwsProfile(
  { files, home, env }: { files: Files; home: string | undefined; env: Environment },
  { profile, credentialSource }: AwsConfig,
  oci: OciConfig | undefined,
): AwsTargets | undefined {
  // `aws-profile` is an invalid input without a home directory.
  if (profile === undefined || home === undefined) return undefined;
  const targets = awsTargets(files, home, env, profile);
  for (const target of Object.values(targets)) {
    const { section, file } = target;
    if (oci && isSameSection(target, ociTarget(oci.configFile, oci.profile)))
      throw new ActionError(
        'INPUT_INVALID',
        `\`profile\` and \`aws-profile\` are both [${section}] in ${file}.`,
      );
    if (credentialSource === 'session') assertOwnIdentity(readText(files, file), target);
  }
  return targets;
}

/**
 * Writes the profile into AWS's shared files.
 * @throws ActionError as `installSection`
 */
export async function installAwsProfile(
  { env }: Pick<Runner, 'env'>,
  deps: InstallDeps,
  installed: RoleInstall,
): Promise<void> {
  const { role, config, targets } = installed;
  if (targets === undefined) return;
  const { credentials, config: settings } = settingsFor(installed);
  const sections = isSameSection(targets.credentials, targets.config)
    ? [[targets.config, { ...credentials, ...settings }] as const]
    : [[targets.credentials, credentials] as const, [targets.config, settings] as const];
  for (const [target, lines] of sections) {
    // The file needs no settings, but an old section of this name would take precedence.
    if (Object.keys(lines).length === 0 && !hasSection(deps.disk.files, target)) continue;
    await installSection(deps, {
      target,
      overwrite: config.overwriteProfile,
      expiresAt: config.credentialSource === 'session' ? role.credentials.expiresAt : null,
      lines: awsLines(lines),
      isSecret: Object.values(lines).some((value) => value instanceof Secret),
    });
  }
  const faults = [...new Set(sections.map(([{ file }]) => file))].map((file) => {
    const advice = adviseOnFaults(readText(deps.disk.files, file));
    return advice && `${file} ${advice}.`;
  });
  const warnings = KINDS.map((kind) => awsFileWarning(env, kind, targets[kind].file));
  for (const warning of [...faults, ...warnings]) if (warning !== undefined) deps.warn(warning);
}

/** The settings of the profile in each file. With web-identity, credentials in `credentials` would take precedence. */
function settingsFor({ role, config, tokenFile }: RoleInstall): Record<keyof AwsTargets, Settings> {
  const { region } = config;
  if (config.credentialSource === 'web-identity') {
    const identity = { role_arn: config.role.arn, web_identity_token_file: tokenFile };
    return { credentials: {}, config: { ...identity, role_session_name: role.sessionName, region } };
  }
  const { accessKeyId, secretAccessKey, sessionToken } = role.credentials;
  const keys = { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey };
  return { credentials: { ...keys, aws_session_token: sessionToken }, config: { region } };
}
