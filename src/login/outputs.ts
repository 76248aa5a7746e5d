// What main says of a login that worked: the step's outputs, a line or two in the log, and the job summary.
import type { Config, OciConfig } from '../inputs/config.ts';
import type { Clock, Runner } from '../ports.ts';
import type { SessionPaths } from '../profiles/oci-profile.ts';
import { type RoleFacts, type SessionFacts, summarise } from '../report/login-summary.ts';
import type { Secret } from '../secret.ts';
import { type TargetFiles, targetFilePaths } from '../targets/token-files.ts';
import type { RoleHandOver } from './install-role.ts';
import type { OciSession } from './oci-session.ts';
import type { SavedState } from './saved-state.ts';

interface Parts {
  runner: Runner;
  clock: Clock;
}

/** What later steps have got. */
export interface HandedOver {
  session: OciSession | undefined;
  paths: SessionPaths | undefined;
  targetFiles: TargetFiles | undefined;
  aws: RoleHandOver | undefined;
  variables: Readonly<Record<string, string | Secret>>;
  state: Pick<SavedState, 'places' | 'temporary'>;
  /** Whether a refresher renews the session until the job ends. */
  isRefreshed: boolean;
}

export function announceSession(
  { runner, clock }: Parts,
  { outputCredentials }: Config,
  { configFile, profile, region }: OciConfig,
  { sessionToken: upst, keyPair }: OciSession,
  paths: SessionPaths,
): void {
  const expiresAt = new Date(upst.expiresAt).toISOString();
  const outputs = {
    'config-file': configFile,
    profile,
    region,
    tenancy: upst.tenancy,
    principal: upst.principal,
    'private-key-file': paths.keyFile,
    'security-token-file': paths.tokenFile,
    fingerprint: keyPair.fingerprint,
    'expires-at': expiresAt,
    // Never more than there is.
    'expires-in': String(Math.max(0, Math.floor((upst.expiresAt - clock.now()) / 1000))),
    'request-id': upst.requestId ?? '',
  };
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
  if (outputCredentials) runner.output('security-token', upst.token);
  runner.info(
    `Logged in to OCI as ${upst.principal}, profile [${profile}] in ${configFile}, until ${expiresAt}.`,
  );
  runner.info(`The domain knows this login by request id ${upst.requestId ?? '(none given)'}.`);
}

export function announceRole(
  runner: Runner,
  { outputCredentials }: Config,
  { role, config }: RoleHandOver,
): void {
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

/** Last of all: a login that fails after it would have two summaries. */
export function announceInSummary(
  { runner, clock }: Parts,
  { summary, domainUrl, oci, cleanup }: Config,
  { session, paths, targetFiles, aws, variables, state, isRefreshed }: HandedOver,
): void {
  if (summary !== 'always') return;
  const now = clock.now();
  const files = [
    ...state.places.map(({ place }) => place.file),
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

function roleFacts({ role }: RoleHandOver, now: number): RoleFacts {
  const { accountId, assumedRoleArn, expiresAt } = role.credentials;
  return { accountId, assumedRoleArn, application: role.identity.subject, until: { at: expiresAt, now } };
}
