// Gives an assumed role to later steps: through their environment, through AWS's shared files, or both.

import { awsFiles, awsPlace, renderAwsSection } from '../aws/profile.ts';
import {
  AWS_CREDENTIALS,
  awsProfileWarning,
  STALE_FOR_SESSION,
  variablesForAwsRegion,
  variablesForWebIdentity,
} from '../aws/variables.ts';
import type { AwsConfig } from '../inputs/config.ts';
import type { Disk, Runner } from '../ports.ts';
import { hasSection, installSection } from '../profiles/install.ts';
import type { Owner, UndoRecord } from '../profiles/section-target.ts';
import { putFile } from '../profiles/session-files.ts';
import type { Secret } from '../secret.ts';
import type { AwsSession } from './aws-session.ts';

export interface RoleHandOver {
  owner: Owner;
  role: AwsSession;
  config: AwsConfig;
  /** Never undefined with `config.profile`. */
  home: string | undefined;
  /** File for the access token, in the session's directory in the runner's temp area. */
  tokenFile: string;
}

type Settings = Readonly<Record<string, string | Secret>>;

/** Variables for later steps; those of other credentials are emptied if the job has them. */
export function variablesForRole(runner: Runner, { role, config, tokenFile }: RoleHandOver): Settings {
  if (!config.exportEnvironment) return {};
  const advice = awsProfileWarning(runner.env, config.profile);
  if (advice !== undefined) runner.warning(advice);
  const { region } = config;
  const { accessKeyId, secretAccessKey, sessionToken } = role.credentials;
  const isSession = config.credentialSource === 'session';
  const stale = (isSession ? STALE_FOR_SESSION : AWS_CREDENTIALS).filter((name) => Boolean(runner.env(name)));
  const emptied = Object.fromEntries(stale.map((name) => [name, '']));
  if (!isSession)
    return { ...emptied, ...variablesForWebIdentity({ ...webIdentityOf(role, config), region, tokenFile }) };
  return {
    ...emptied,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    ...variablesForAwsRegion(region),
  };
}

function webIdentityOf({ sessionName }: AwsSession, { role }: AwsConfig) {
  return { roleArn: role.arn, roleSessionName: sessionName };
}

/** The token alone, no final newline: the JavaScript SDK sends the bytes as they are. */
export function writeTokenFile({ files }: Disk, { tokenFile, role }: RoleHandOver): void {
  putFile(files, tokenFile, role.identity.token);
}

/**
 * Writes the profile into AWS's shared files, by the same surgery as the OCI profile.
 * @throws ActionError as `installSection`
 */
export async function installAwsProfile(
  runner: Runner,
  disk: Disk,
  handOver: RoleHandOver,
  save: (record: UndoRecord) => void,
): Promise<void> {
  const { config, owner, home } = handOver;
  // The input is refused where there is no home.
  if (config.profile === undefined || home === undefined) return;
  const files = awsFiles(home, runner.env);
  for (const [kind, settings] of settingsFor(handOver)) {
    const place = awsPlace(kind, files[kind], config.profile);
    // Nothing of ours to say, but an old section of that name would be taken before what we say elsewhere.
    if (Object.keys(settings).length === 0 && !hasSection(disk.files, place)) continue;
    const render = (lineEnd: string) => renderAwsSection(place, owner, settings, lineEnd);
    const install = { owner, place, render, save, overwrite: config.overwriteProfile };
    await installSection(disk, { ...install, contents: [], inspect: () => {} });
  }
}

/** The source of the credentials decides which of the two files holds what; the other must not hold anything else. */
function settingsFor({ role, config, tokenFile }: RoleHandOver): ['config' | 'credentials', Settings][] {
  const { region } = config;
  const { accessKeyId, secretAccessKey, sessionToken } = role.credentials;
  const { roleArn, roleSessionName } = webIdentityOf(role, config);
  if (config.credentialSource === 'web-identity') {
    const named = {
      role_arn: roleArn,
      web_identity_token_file: tokenFile,
      role_session_name: roleSessionName,
    };
    return [
      ['credentials', {}],
      ['config', { ...named, region }],
    ];
  }
  const keys = {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    aws_session_token: sessionToken,
  };
  return [
    ['credentials', keys],
    ['config', { region }],
  ];
}
