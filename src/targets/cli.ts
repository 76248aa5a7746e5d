// Doors of clients that are led to a profile by name, and what leads them astray. Pure.

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

/**
 * The collection takes a profile's own keys from nowhere else when it signs with a session.
 * @see oracle.oci collection, `oci_config_utils`: module options come before these
 */
export function variablesForAnsible({ configFile, profile }: ProfileLocation): Record<string, string> {
  return {
    OCI_ANSIBLE_AUTH_TYPE: 'security_token',
    OCI_CONFIG_FILE: configFile,
    OCI_CONFIG_PROFILE: profile,
  };
}

/**
 * The same variables for a job whose Docker actions have another home: a path of this host leads nowhere in there.
 * Left out, each client looks below the home that it sees; one that is set already is given the default in the client's
 * own spelling, which each expands for itself. Empty would not do: older releases of Ansible's collection take an empty one for a path.
 */
export function withoutHostPaths(
  variables: Readonly<Record<string, string>>,
  env: (name: string) => string | undefined,
): Record<string, string> {
  const entries = Object.entries(variables).flatMap(([name, value]) => {
    if (!CONFIG_PATHS.includes(name)) return [[name, value] as const];
    return env(name) ? [[name, '~/.oci/config'] as const] : [];
  });
  return Object.fromEntries(entries);
}

const CONFIG_PATHS = ['OCI_CLI_CONFIG_FILE', 'OCI_CONFIG_FILE'];

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
