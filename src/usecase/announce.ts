// What main says of a login that worked: the step's outputs and a line or two in the log.
import type { ActionConfig, OciConfig } from '../config/action-config.ts';
import type { Runner } from '../port.ts';
import type { SessionPaths } from '../profile/session-profile.ts';
import type { RoleHandOver } from './hand-over-role.ts';
import type { Session } from './open-session.ts';

export function announceSession(
  runner: Runner,
  { outputCredentials }: ActionConfig,
  { configFile, profile, region }: OciConfig,
  { upst, keyPair, requestId }: Session,
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
    'request-id': requestId ?? '',
  };
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
  if (outputCredentials) runner.output('security-token', upst.token);
  runner.info(
    `Logged in to OCI as ${upst.principal}, profile [${profile}] in ${configFile}, until ${expiresAt}.`,
  );
  runner.info(`The domain knows this login by request id ${requestId ?? '(none given)'}.`);
}

export function announceRole(
  runner: Runner,
  { outputCredentials }: ActionConfig,
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
