// What main reports of a successful login: outputs, log lines, job summary.
import type { Config, OciConfig } from '../inputs/config.ts';
import type { Clock, Runner } from '../ports.ts';
import type { InstalledFiles } from '../refresh/start.ts';
import { type RoleFacts, type SessionFacts, summarise } from '../report/login-summary.ts';
import type { Secret } from '../secret.ts';
import { targetFilePaths } from '../targets/token-files.ts';
import type { RoleInstall } from './install-role.ts';
import type { OciSession } from './oci-session.ts';
import type { SavedState } from './saved-state.ts';

interface OutputDeps {
  runner: Runner;
  clock: Clock;
}

/** Sets the outputs of the step and logs who is logged in. */
export function setOutputs(deps: OutputDeps, config: Config, { session, paths, aws }: InstalledFiles): void {
  if (config.oci && session && paths) outputSession(deps, config, config.oci, session, paths);
  if (aws) outputRole(deps.runner, config, aws);
}

function outputSession(
  { runner, clock }: OutputDeps,
  { outputCredentials }: Config,
  { configFile, profile, region }: OciConfig,
  { sessionToken, keyPair }: OciSession,
  { keyFile, tokenFile }: NonNullable<InstalledFiles['paths']>,
): void {
  const { token, tenancy, principal, requestId } = sessionToken;
  const expiresAt = new Date(sessionToken.expiresAt).toISOString();
  const outputs = {
    'config-file': configFile,
    profile,
    region,
    tenancy,
    principal,
    'private-key-file': keyFile,
    'security-token-file': tokenFile,
    fingerprint: keyPair.fingerprint,
    'expires-at': expiresAt,
    // Rounded down.
    'expires-in': String(Math.max(0, Math.floor((sessionToken.expiresAt - clock.now()) / 1000))),
    'request-id': requestId ?? '',
  };
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
  if (outputCredentials) runner.output('security-token', token);
  runner.info(`Logged in to OCI as ${principal}, profile [${profile}] in ${configFile}, until ${expiresAt}.`);
  runner.info(`Request ID: ${requestId ?? 'none'}.`);
}

function outputRole(runner: Runner, { outputCredentials }: Config, { role, config }: RoleInstall): void {
  const { accountId, assumedRoleArn, accessKeyId, secretAccessKey, sessionToken, expiresAt } =
    role.credentials;
  const expiration = new Date(expiresAt).toISOString();
  runner.output('aws-expiration', expiration);
  runner.output('aws-account-id', accountId);
  runner.output('aws-assumed-role-arn', assumedRoleArn);
  if (config.profile !== undefined) runner.output('aws-profile', config.profile);
  if (outputCredentials) {
    runner.output('aws-access-key-id', accessKeyId);
    runner.output('aws-secret-access-key', secretAccessKey);
    runner.output('aws-session-token', sessionToken);
  }
  runner.info(`Assumed ${assumedRoleArn} in account ${accountId}, until ${expiration}.`);
}

/** Comes last: a login that failed after it would have two summaries. */
export function writeSummary(
  { runner, clock }: OutputDeps,
  { summary, domainUrl, oci, cleanup }: Config,
  {
    session,
    paths,
    targetFiles,
    aws,
    variables,
    state,
    isRefreshed,
  }: InstalledFiles & {
    variables: Readonly<Record<string, string | Secret>>;
    state: Pick<SavedState, 'installed'>;
    isRefreshed: boolean;
  },
): void {
  if (summary !== 'always') return;
  const now = clock.now();
  const files = [
    ...state.installed.map(({ file }) => file),
    ...(paths ? [paths.keyFile, paths.tokenFile] : []),
    ...(targetFiles ? targetFilePaths(targetFiles) : []),
    ...(aws?.config.credentialSource === 'web-identity' ? [aws.tokenFile] : []),
  ];
  const names = Object.keys(variables);
  const isEmptied = (name: string) => variables[name] === '';
  const text = summarise({
    domain: domainUrl.host,
    session: session && oci && sessionFacts(session, oci, now),
    role: aws && roleFacts(aws, now),
    files,
    variables: {
      set: names.filter((name) => !isEmptied(name)),
      emptied: names.filter(isEmptied),
    },
    isRefreshed,
    cleanup,
  });
  runner.summary(text);
}

function sessionFacts(
  { sessionToken }: OciSession,
  { region, profile, resource }: OciConfig,
  now: number,
): SessionFacts {
  const { principal, tenancy, tokenId, expiresAt, requestId } = sessionToken;
  const resourceType = resource?.type;
  return {
    principal,
    resourceType,
    tenancy,
    region,
    profile,
    until: { at: expiresAt, now },
    requestId,
    tokenId,
  };
}

function roleFacts({ role }: RoleInstall, now: number): RoleFacts {
  const { accountId, assumedRoleArn, expiresAt } = role.credentials;
  return { accountId, assumedRoleArn, application: role.identity.subject, until: { at: expiresAt, now } };
}
