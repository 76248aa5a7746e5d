// Clients that read the profile itself: the OCI CLI, SDKs and Ansible.
import type { Environment } from '../ports.ts';
import { type TargetContext, type TargetExports, warningAbout } from './target.ts';

/**
 * Variables that point to the profile, for clients that need no flags then.
 *
 * `OCI_CLI_KEY_FILE`, `OCI_CLI_SECURITY_TOKEN_FILE`, `OCI_CLI_REGION` and similar ones must never be among them: they
 * override every profile, so a second login of the job would sign with the first one's key.
 * @see SDK and CLI Configuration File; Command Line Interface Environment Variables (OCI documentation)
 */
export function cliExports({ oci: { configFile, profile } }: TargetContext): TargetExports {
  return {
    variables: {
      // OCI CLI, and kubectl through its exec plugin. The default is api_key.
      OCI_CLI_AUTH: 'security_token',
      // OCI CLI, fn. The default is DEFAULT.
      OCI_CLI_PROFILE: profile,
      // OCI CLI, fn.
      OCI_CLI_CONFIG_FILE: configFile,
      // SDKs for Python, TypeScript, Java, .NET, Go and Ruby, if there is no ~/.oci/config; Ansible, always.
      OCI_CONFIG_FILE: configFile,
    },
  };
}

/** @see oracle.oci collection, `oci_config_utils`: module options override these variables */
export function ansibleExports({ oci: { configFile, profile } }: TargetContext): TargetExports {
  return {
    variables: {
      OCI_ANSIBLE_AUTH_TYPE: 'security_token',
      OCI_CONFIG_FILE: configFile,
      OCI_CONFIG_PROFILE: profile,
    },
  };
}

/** Variables that override the keys of every profile in the OCI CLI. */
export const OVERRIDING = [
  'OCI_CLI_USER',
  'OCI_CLI_TENANCY',
  'OCI_CLI_FINGERPRINT',
  'OCI_CLI_REGION',
  'OCI_CLI_KEY_FILE',
  'OCI_CLI_KEY_CONTENT',
  'OCI_CLI_PASSPHRASE',
  'OCI_CLI_SECURITY_TOKEN_FILE',
];

/** Warns about variables of the job that override the profile. */
export function overrideWarning(env: Environment, profile: string): string[] {
  const names = OVERRIDING.filter((name) => Boolean(env(name)));
  return warningAbout(names, `, and the OCI CLI ignores those keys of [${profile}]. Remove them.`);
}
