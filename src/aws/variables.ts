// Which environment variables lead AWS's clients to a role, and which lead them astray. Pure.

export interface RoleLocation {
  region: string;
  roleArn: string;
  roleSessionName: string;
  tokenFile: string;
}

/** Read by every AWS SDK and the CLI; of the two, the CLI and boto3 read only the second. */
export function variablesForAwsRegion(region: string): Record<string, string> {
  return { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}

/**
 * By these, AWS SDKs and the CLI assume the role by themselves, and again when the session ends.
 * @see Assume role credential provider (AWS SDKs and Tools Reference Guide)
 */
export function variablesForWebIdentity({ region, roleArn, roleSessionName, tokenFile }: RoleLocation) {
  return {
    AWS_ROLE_ARN: roleArn,
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ROLE_SESSION_NAME: roleSessionName,
    ...variablesForAwsRegion(region),
  };
}

/** Variables that hold AWS credentials themselves; a web identity would come after any of them. */
export const AWS_CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
];

/** Credentials under older names, or of an earlier step: each could be taken before the keys of a session. */
export const STALE_FOR_SESSION = ['AWS_SECURITY_TOKEN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'];

/** Cannot be cleared, since botocore takes an empty one for the name of a profile; makes the JavaScript SDK skip keys. */
const OUTRANKING_FOR_AWS = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'];

/** A warning that names those of them that lead elsewhere than to `profile`. */
export function adviseOnAwsProfiles(
  env: (name: string) => string | undefined,
  profile: string | undefined,
): string | undefined {
  const names = OUTRANKING_FOR_AWS.filter((name) => Boolean(env(name)) && env(name) !== profile);
  if (names.length === 0) return undefined;
  return `${names.join(', ')} is set in this job: some AWS SDKs put a profile above the role just assumed. Remove it.`;
}
