// What main reports of a successful login: outputs, log lines, job summary.
import type { Config, OciConfig } from '../inputs/config.ts';
import type { Runner } from '../ports.ts';
import { sessionPaths } from '../profiles/oci-profile.ts';
import type { InstalledFiles } from '../refresh/start.ts';
import { type RoleFacts, type SessionFacts, summarise } from '../report/login-summary.ts';
import { quote } from '../response.ts';
import type { Secret } from '../secret.ts';
import type { Kubeconfig } from '../targets/target.ts';
import type { RoleInstall } from './install-role.ts';
import type { LoginDeps } from './login.ts';
import type { OciSession } from './oci-session.ts';
import type { SavedState } from './saved-state.ts';

type OutputDeps = Pick<LoginDeps, 'runner' | 'clock'>;

/** Sets the outputs of the step and logs who is logged in. */
export function setOutputs(
  deps: OutputDeps,
  config: Config,
  { session, targetFiles, aws }: InstalledFiles,
  kubeconfig: Kubeconfig | undefined,
): void {
  if (config.oci && session) outputSession(deps, config, config.oci, session);
  if (targetFiles?.kubeconfig && kubeconfig)
    outputKubeconfig(deps.runner, targetFiles.kubeconfig, kubeconfig);
  if (aws) outputRole(deps.runner, config, aws);
}

function outputSession(
  { runner, clock }: OutputDeps,
  { outputCredentials }: Config,
  { configFile, profile, region }: OciConfig,
  { sessionToken, keyPair }: OciSession,
): void {
  const { token, tenancy, principal, requestId } = sessionToken;
  const { keyFile, tokenFile } = sessionPaths(configFile, profile);
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
    'expires-in': String(Math.max(0, Math.floor((sessionToken.expiresAt - clock.now()) / 1000))),
    'request-id': requestId ?? '',
    ...(outputCredentials && { 'security-token': token }),
  };
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
  runner.info(`Logged in to OCI as ${principal}, profile [${profile}] in ${configFile}, until ${expiresAt}.`);
  if (requestId !== undefined) runner.info(`Request ID: ${requestId}.`);
}

function outputKubeconfig(runner: Runner, file: string, { clusters }: Kubeconfig): void {
  runner.output('kubeconfig', file);
  for (const { id, name, server } of clusters)
    runner.info(`kubectl context ${name}: cluster ${id}, server ${quote(server.host, [])}.`);
}

function outputRole(runner: Runner, { outputCredentials }: Config, { role, config }: RoleInstall): void {
  const { accountId, assumedRoleArn, accessKeyId, secretAccessKey, sessionToken } = role.credentials;
  const expiration = new Date(role.credentials.expiresAt).toISOString();
  const keys = { 'aws-access-key-id': accessKeyId, 'aws-secret-access-key': secretAccessKey };
  const outputs = {
    'aws-expiration': expiration,
    'aws-account-id': accountId,
    'aws-assumed-role-arn': assumedRoleArn,
    ...(config.profile !== undefined && { 'aws-profile': config.profile }),
    ...(outputCredentials && { ...keys, 'aws-session-token': sessionToken }),
  };
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
  runner.info(`Assumed ${assumedRoleArn} in account ${accountId}, until ${expiration}.`);
}

export interface SummaryFacts extends InstalledFiles {
  variables: Readonly<Record<string, string | Secret>>;
  state: Pick<SavedState, 'installed'>;
  isRefreshed: boolean;
}

/** Comes last: a login that failed after it would have two summaries. */
export function writeSummary(
  { runner, clock }: OutputDeps,
  { summary, domainUrl, oci, cleanup }: Config,
  { session, targetFiles, aws, variables, state, isRefreshed }: SummaryFacts,
): void {
  if (summary !== 'always') return;
  const now = clock.now();
  const paths = oci && sessionPaths(oci.configFile, oci.profile);
  const files = [
    ...new Set(state.installed.map(({ file }) => file)),
    ...(paths ? [paths.keyFile, paths.tokenFile] : []),
    ...(targetFiles?.tokenFiles ?? []).flatMap(({ keyFile, file }) => [keyFile, file]),
    ...(targetFiles?.idToken ? [targetFiles.idToken.file] : []),
    ...(targetFiles?.kubeconfig ? [targetFiles.kubeconfig] : []),
    ...(aws?.config.credentialSource === 'web-identity' ? [aws.tokenFile] : []),
  ];
  const names = Object.keys(variables);
  const isEmptied = (name: string) => variables[name] === '';
  const text = summarise({
    domain: domainUrl.host,
    session: session && oci && sessionFacts(session, oci, now),
    role: aws && roleFacts(aws, now),
    files,
    variables: { set: names.filter((name) => !isEmptied(name)), emptied: names.filter(isEmptied) },
    isRefreshed,
    cleanup,
  });
  runner.summary(text);
}

function sessionFacts({ sessionToken }: OciSession, oci: OciConfig, now: number): SessionFacts {
  const { region, profile, resource } = oci;
  const { principal, tenancy, tokenId, expiresAt, requestId } = sessionToken;
  const until = { at: expiresAt, now };
  return { principal, resourceType: resource?.type, tenancy, region, profile, until, requestId, tokenId };
}

function roleFacts({ role }: RoleInstall, now: number): RoleFacts {
  const { accountId, assumedRoleArn, expiresAt } = role.credentials;
  return { accountId, assumedRoleArn, application: role.identity.subject, until: { at: expiresAt, now } };
}
