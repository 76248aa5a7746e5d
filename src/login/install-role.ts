// Makes an assumed role available to later steps: by variables, by AWS's shared files, or by both.
import { awsFiles, awsLines, awsTarget } from '../aws/profile.ts';
import {
  AWS_CREDENTIALS,
  awsProfileWarning,
  STALE_FOR_SESSION,
  variablesForAwsRegion,
  variablesForWebIdentity,
} from '../aws/variables.ts';
import type { AwsConfig } from '../inputs/config.ts';
import type { Runner } from '../ports.ts';
import { hasSection, type InstallDeps, installSection } from '../profiles/install.ts';
import type { Secret } from '../secret.ts';
import type { AwsSession } from './aws-session.ts';
import type { LoginDeps } from './login.ts';

export interface RoleInstall {
  role: AwsSession;
  config: AwsConfig;
  /** File for the access token, in the directory of the login in the runner's temp area. */
  tokenFile: string;
}

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
 * Writes the profile into AWS's shared files.
 * @throws ActionError as `installSection`
 */
export async function installAwsProfile(
  { runner, home }: LoginDeps,
  deps: InstallDeps,
  installed: RoleInstall,
): Promise<void> {
  const { role, config } = installed;
  // `aws-profile` is an invalid input without a home directory.
  if (config.profile === undefined || home === undefined) return;
  const files = awsFiles(deps.disk.files, home, runner.env);
  const settings = settingsFor(installed);
  for (const kind of ['credentials', 'config'] as const) {
    const target = awsTarget(kind, files[kind], config.profile);
    // The file needs no settings, but an old section of this name would take precedence.
    if (Object.keys(settings[kind]).length === 0 && !hasSection(deps.disk.files, target)) continue;
    await installSection(deps, {
      target,
      overwrite: config.overwriteProfile,
      expiresAt: config.credentialSource === 'session' ? role.credentials.expiresAt : null,
      lines: awsLines(settings[kind]),
    });
  }
}

/** The settings of the profile in each file. With web-identity, credentials in `credentials` would take precedence. */
function settingsFor({ role, config, tokenFile }: RoleInstall): Record<'config' | 'credentials', Settings> {
  const { region } = config;
  if (config.credentialSource === 'web-identity') {
    const identity = { role_arn: config.role.arn, web_identity_token_file: tokenFile };
    return { credentials: {}, config: { ...identity, role_session_name: role.sessionName, region } };
  }
  const { accessKeyId, secretAccessKey, sessionToken } = role.credentials;
  const keys = { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey };
  return { credentials: { ...keys, aws_session_token: sessionToken }, config: { region } };
}
