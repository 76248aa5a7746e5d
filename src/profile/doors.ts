// Which environment variables lead which client to the profile, and which lead it astray. Pure.
import path from 'node:path';
import { isInside } from '../location.ts';

export interface ProfileLocation {
  configFile: string;
  profile: string;
}

/**
 * What later steps need to use the profile without flags.
 *
 * Only variables that point to a profile. `OCI_CLI_KEY_FILE`, `OCI_CLI_SECURITY_TOKEN_FILE`, `OCI_CLI_REGION` and their
 * like outrank every profile: with two logins in one job they would sign the second one's calls with the first one's key.
 * @see SDK and CLI Configuration File; Command Line Interface Environment Variables (OCI documentation)
 */
export function variablesForCli({ configFile, profile }: ProfileLocation): Record<string, string> {
  return {
    // OCI CLI, and kubectl through its exec plug-in: sign with the session token; the default is api_key.
    OCI_CLI_AUTH: 'security_token',
    // OCI CLI, fn: the section to use; the default is DEFAULT.
    OCI_CLI_PROFILE: profile,
    // OCI CLI, fn: the file to read.
    OCI_CLI_CONFIG_FILE: configFile,
    // SDKs for Python, TypeScript, Java, .NET, Go and Ruby, which look here when there is no ~/.oci/config; Ansible, always.
    OCI_CONFIG_FILE: configFile,
  };
}

/** Variables that override a profile's own keys in the OCI CLI, whichever profile is used. */
const OUTRANKING = [
  'OCI_CLI_USER',
  'OCI_CLI_TENANCY',
  'OCI_CLI_FINGERPRINT',
  'OCI_CLI_REGION',
  'OCI_CLI_KEY_FILE',
  'OCI_CLI_KEY_CONTENT',
  'OCI_CLI_PASSPHRASE',
  'OCI_CLI_SECURITY_TOKEN_FILE',
];

/** A warning that names such variables if the job already has some. */
export function adviseOnOutranking(
  env: (name: string) => string | undefined,
  profile: string,
): string | undefined {
  const names = OUTRANKING.filter((name) => Boolean(env(name)));
  if (names.length === 0) return undefined;
  return `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} set in this job. The OCI CLI puts them above every profile, so its calls will not use all of [${profile}]: remove them.`;
}

/**
 * A line for the log of a container job, whose HOME is not the home of its account; undefined where all look alike.
 * No warning: every container job would get it, and most use clients that go by HOME or by our variables.
 * @see os/user `Current` (Go), `user.home` (Java): the user database, not the environment
 */
export function noteOnHomes(
  configFile: string,
  { home, account }: { home: string | undefined; account: string | undefined },
): string | undefined {
  if (home === undefined || account === undefined || home === account) return undefined;
  if (!isInside(configFile, home)) return undefined;
  const isUsual = configFile === path.join(home, '.oci', 'config');
  const override = isUsual ? ` For Terraform's provider, set TF_HOME_OVERRIDE to ${home}.` : '';
  return `HOME is ${home}, but this account's home is ${account}. Clients in Go (Terraform's provider, Pulumi, Packer, rclone) and Java look for .oci/config in the latter unless they are told ${configFile}.${override}`;
}

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
