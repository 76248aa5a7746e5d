// The variables of the command that `exec` runs. Pure.
import { AWS_CREDENTIALS, PROFILES } from '../../src/aws/variables.ts';
import type { ExportTarget } from '../../src/inputs/schema.ts';
import type { Environment } from '../../src/ports.ts';
import { Secret } from '../../src/secret.ts';
import { OVERRIDING } from '../../src/targets/cli.ts';
import { PASSPHRASE } from '../../src/targets/resource-principal.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** The directory of the session. */
export const SESSION = 'OCI_WIF_SESSION';

export interface Chosen {
  exportFor: readonly ExportTarget[];
  /** Whether a role of AWS is assumed. */
  hasRole: boolean;
}

/**
 * Variables that would lead the command to another identity than that of the session. The command does not get them.
 * @returns the names of those that are set
 */
export function overridingVariables(env: Environment, { exportFor, hasRole }: Chosen): string[] {
  const isOf = (...targets: ExportTarget[]) => targets.some((target) => exportFor.includes(target));
  const names = [
    ...(isOf('cli', 'kubectl', 'ansible') ? OVERRIDING : []),
    ...(isOf('terraform', 'terraform-session') ? OVERRIDING_TERRAFORM : []),
    ...(isOf('resource-principal') ? [PASSPHRASE] : []),
    ...(hasRole ? OVERRIDING_ROLE : []),
  ];
  return names.filter((name) => Boolean(env(name)));
}

/** These take precedence over the session. Region and tenancy stay: they do not select a principal. */
const OVERRIDING_TERRAFORM = [
  'auth',
  'config_file_profile',
  'user_ocid',
  'fingerprint',
  'private_key',
  'private_key_path',
  'private_key_password',
  'workload_identity_token_path',
  'token_exchange_domain_url',
  'token_exchange_auth',
  'token_exchange_client_id',
  'token_exchange_client_secret',
].map((name) => `TF_VAR_${name}`);

/** SDKs of AWS use these before the profile of the session. */
const OVERRIDING_ROLE = [
  ...AWS_CREDENTIALS,
  ...PROFILES,
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

export interface Changes {
  /** Variables of the session. An empty value removes the variable of the parent. */
  variables: Readonly<Record<string, string | Secret>>;
  /** Directories before those of PATH. */
  paths: readonly string[];
  /** Names of variables that the command does not get. */
  dropped: readonly string[];
}

export function childEnvironment(
  parent: Variables,
  { variables, paths, dropped }: Changes,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const set = Object.entries(variables).map(
    ([name, value]) => [name, value instanceof Secret ? value.reveal() : value] as const,
  );
  const gone = [...set.map(([name]) => name), ...dropped].map((name) => comparable(name, platform));
  const kept = Object.entries(parent).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !gone.includes(comparable(entry[0], platform)),
  );
  const env = Object.fromEntries([...kept, ...set.filter(([, value]) => value !== '')]);
  if (paths.length === 0) return env;
  const path = Object.keys(env).find((name) => comparable(name, platform) === 'PATH') ?? 'PATH';
  const delimiter = platform === 'win32' ? ';' : ':';
  return { ...env, [path]: [...paths, ...(env[path] ? [env[path]] : [])].join(delimiter) };
}

/** Names of variables ignore case on Windows. */
function comparable(name: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? name.toUpperCase() : name;
}

/** The variables by their names in capital letters, for programs on Windows. */
export function withUpperCase(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name.toUpperCase(), value]));
}
