import type { Environment } from '../ports.ts';

/** The CLI and boto3 read only AWS_DEFAULT_REGION. */
export function variablesForAwsRegion(region: string): Record<string, string> {
  return { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}

/**
 * With these, AWS SDKs and the CLI assume the role themselves, again when the role session expires.
 * @see Assume role credential provider (AWS SDKs and Tools Reference Guide)
 */
export function variablesForWebIdentity(
  role: Record<'region' | 'roleArn' | 'roleSessionName' | 'tokenFile', string>,
) {
  return {
    AWS_ROLE_ARN: role.roleArn,
    AWS_WEB_IDENTITY_TOKEN_FILE: role.tokenFile,
    AWS_ROLE_SESSION_NAME: role.roleSessionName,
    ...variablesForAwsRegion(role.region),
  };
}

/** Credentials. Every SDK uses them before a web identity. */
export const AWS_CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
];

/** Variables of an earlier step that some SDK uses before the keys of a role session. */
export const STALE_FOR_SESSION = ['AWS_SECURITY_TOKEN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'];

/** The JavaScript SDK ignores keys when one is set. It cannot be emptied: botocore takes '' for the name of a profile. */
export const PROFILES = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'];

/** A warning about variables of the job that name another profile. */
export function awsProfileWarning(env: Environment, profile: string | undefined): string | undefined {
  const names = PROFILES.filter((name) => Boolean(env(name)) && env(name) !== profile);
  if (names.length === 0) return undefined;
  const are = names.length > 1 ? 'are' : 'is';
  return `${names.join(', ')} ${are} set in this job: some AWS SDKs use a profile instead of the assumed role. Remove it.`;
}
