// Doors of Terraform: its provider, by federation of its own or by a profile, and its `oci` state backend. Pure.
import type { ClientCredentials } from '../inputs/client-credentials.ts';
import type { Secret } from '../secret.ts';
import type { ProfileLocation } from './cli.ts';

type Environment = (name: string) => string | undefined;

export interface Federation {
  domainUrl: URL;
  client: ClientCredentials;
  region: string;
  /** Undefined for a session of the trust's service user. */
  resource?: { readonly type: string; readonly lifetimeSeconds: number | undefined } | undefined;
}

/**
 * The provider exchanges GitHub's token by itself, from version 8.22.0 on, and again before each session ends.
 * It takes the secret of the application from its environment or from its configuration, and from nowhere else.
 * @see OCI provider for Terraform, `auth = "WorkloadIdentityFederation"`
 */
export function variablesForTerraform(
  { domainUrl, client, region, resource }: Federation,
  idTokenFile: string,
): Record<string, string | Secret> {
  return {
    OCI_AUTH: 'WorkloadIdentityFederation',
    OCI_REGION: region,
    OCI_WORKLOAD_IDENTITY_TOKEN_PATH: idTokenFile,
    OCI_TOKEN_EXCHANGE_DOMAIN_URL: domainUrl.origin, // the provider refuses a path, even a slash
    OCI_TOKEN_EXCHANGE_AUTH: 'OAuthClientCredentials',
    OCI_TOKEN_EXCHANGE_CLIENT_ID: client.clientId,
    OCI_TOKEN_EXCHANGE_CLIENT_SECRET: client.clientSecret,
    OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN_TYPE: 'jwt',
    OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: `urn:oci:token-type:oci-${resource ? 'rpst' : 'upst'}`,
    ...(resource && { OCI_TOKEN_EXCHANGE_RESOURCE_TYPE: resource.type }),
    ...(resource?.lifetimeSeconds && { OCI_TOKEN_EXCHANGE_RPST_EXP: String(resource.lifetimeSeconds) }),
  };
}

export interface RegionalProfile extends ProfileLocation {
  region: string;
}

/** For providers before 8.22.0, which sign with the session of a profile. */
export function variablesForTerraformSession({ profile, region }: RegionalProfile): Record<string, string> {
  return { OCI_AUTH: 'SecurityToken', OCI_CONFIG_FILE_PROFILE: profile, OCI_REGION: region };
}

/**
 * Terraform's `oci` state backend spells the same words in small letters, and knows no federation. Where case does not
 * matter they would be the provider's own variables, which it reads there: nothing is to be added.
 * @see hashicorp/terraform, internal/backend/remote-state/oci
 */
export function variablesForBackend(
  { profile, region }: RegionalProfile,
  platform: NodeJS.Platform,
): Record<string, string> {
  if (platform === 'win32') return {};
  return { OCI_auth: 'SecurityToken', OCI_config_file_profile: profile, OCI_region: region };
}

/** A warning that names the variables which the provider puts above those of the door. */
export function adviseOnTerraform(
  env: Environment,
  variables: Readonly<Record<string, string | Secret>>,
): string | undefined {
  const names = Object.entries(variables).flatMap(([name, value]) => {
    const above = `TF_VAR_${name.replace(/^OCI_/, '').toLowerCase()}`;
    return /^OCI_[A-Z_]+$/.test(name) && env(above) && env(above) !== value ? [above] : [];
  });
  if (names.length === 0) return undefined;
  return `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} set in this job. Terraform's provider puts TF_VAR_ variables above those of \`export-for\`, so it will not use this session: remove them.`;
}
