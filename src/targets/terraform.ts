// Terraform: its OCI provider, which logs in by itself or uses a profile, and its `oci` state backend.
import path from 'node:path';
import { PROVIDER_RENEWS_EARLY_SECONDS } from '../inputs/conflicts.ts';
import { homeOfConfig } from '../inputs/paths.ts';
import type { ExportTarget } from '../inputs/schema.ts';
import type { Environment } from '../ports.ts';
import { type TargetContext, type TargetExports, type Variables, warningAbout } from './target.ts';

/**
 * For the provider from 8.22.0 on, which exchanges GitHub's token itself, again before each session expires. It reads the
 * client secret only from its environment or its configuration.
 * @see OCI provider for Terraform, `auth = "WorkloadIdentityFederation"`
 */
export function terraformExports(context: TargetContext): TargetExports {
  const { domainUrl, directory, env } = context;
  const { region, resource, configFile } = context.oci;
  const isWindows = context.platform === 'win32';
  const idTokenFile = path.join(directory, 'github-id-token');
  const variables = {
    OCI_AUTH: 'WorkloadIdentityFederation',
    OCI_REGION: region,
    OCI_WORKLOAD_IDENTITY_TOKEN_PATH: idTokenFile,
    OCI_TOKEN_EXCHANGE_DOMAIN_URL: domainUrl.origin, // the provider rejects a path, even a slash
    ...clientVariables(context),
    OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN_TYPE: 'jwt',
    OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: `urn:oci:token-type:oci-${resource ? 'rpst' : 'upst'}`,
    ...(resource && { OCI_TOKEN_EXCHANGE_RESOURCE_TYPE: resource.type }),
    ...(resource?.lifetimeSeconds && { OCI_TOKEN_EXCHANGE_RPST_EXP: String(resource.lifetimeSeconds) }),
    OCI_CONFIG_FILE_PROFILE: '', // the job may have set it for another tool: the provider fails if its own config lacks that profile
    ...withoutFallback(context),
    ...(isWindows ? {} : backendVariables(context)),
  };
  const warning =
    "`export-for` terraform: on Windows, Terraform's `oci` state backend reads the variables of the provider and cannot log in with them. If you use it, choose terraform-session.";
  const note = `Nothing is exported for Terraform's \`oci\` state backend, which reads only .oci/config in a home directory, not ${configFile}.`;
  const hasNoBackend = !isWindows && homeOfConfig(configFile) === undefined;
  return {
    variables,
    files: { idTokenFile },
    warnings: [...overriddenBy(variables, env), ...(isWindows ? [warning] : [])],
    notes: hasNoBackend ? [note] : [],
  };
}

/** The provider refuses those of a client when an instance signs. An empty variable counts as absent. */
function clientVariables({ client, env }: TargetContext): Variables {
  const [id, secret] = ['OCI_TOKEN_EXCHANGE_CLIENT_ID', 'OCI_TOKEN_EXCHANGE_CLIENT_SECRET'] as const;
  if (client.kind === 'secret')
    return {
      OCI_TOKEN_EXCHANGE_AUTH: 'OAuthClientCredentials',
      [id]: client.clientId,
      [secret]: client.clientSecret,
    };
  return {
    OCI_TOKEN_EXCHANGE_AUTH: 'InstancePrincipal',
    ...(env(id) && { [id]: '' }),
    ...(env(secret) && { [secret]: '' }),
  };
}

/** For providers before 8.22.0, which sign with the session of a profile. */
export function terraformSessionExports(context: TargetContext): TargetExports {
  const variables = {
    OCI_AUTH: 'SecurityToken',
    OCI_CONFIG_FILE_PROFILE: context.oci.profile,
    OCI_REGION: context.oci.region,
    ...withoutFallback(context),
    ...homeOverride('TF_HOME_OVERRIDE', context, context.account ?? context.home),
    ...backendVariables(context),
  };
  return { variables, warnings: overriddenBy(variables, context.env) };
}

/**
 * When the exchange fails or the token file is missing, the provider looks for another identity: arguments and variables of
 * an API key, then [DEFAULT] of a config file. These variables come first and identify nobody, so OCI should refuse such requests.
 * @see oracle/terraform-provider-oci, `GetSdkConfigProvider`; oci-go-sdk, `ComposingConfigurationProvider`
 */
function withoutFallback({ env, oci }: TargetContext): Variables {
  const tenancy = env('OCI_TENANCY_OCID') || oci.tenancy || 'none';
  return { OCI_TENANCY_OCID: tenancy, OCI_USER_OCID: 'none', OCI_FINGERPRINT: 'none' };
}

/**
 * The state backend spells the same names in small letters, and signs with a profile only. Windows ignores the case of
 * names, so there these would be the provider's own variables.
 * @see hashicorp/terraform, internal/backend/remote-state/oci
 */
function backendVariables(context: TargetContext): Variables {
  const { configFile, profile, region } = context.oci;
  if (homeOfConfig(configFile) === undefined) return {};
  const override = homeOverride('OCI_HOME_OVERRIDE', context, context.home);
  if (context.platform === 'win32') return override;
  return { OCI_auth: 'SecurityToken', OCI_config_file_profile: profile, OCI_region: region, ...override };
}

/** The variable that names the home directory of `.oci/config`, if the client would look in another one. */
function homeOverride(name: string, { oci, env }: TargetContext, usual: string | undefined): Variables {
  const wanted = homeOfConfig(oci.configFile);
  if (wanted === undefined) return {};
  const found = env(name) || usual;
  return found !== undefined && path.relative(wanted, found) === '' ? {} : { [name]: wanted };
}

/** A session is valid in every region, and a tenancy alone is no identity. */
const HARMLESS = ['TF_VAR_region', 'TF_VAR_tenancy_ocid'];

/** A warning about TF_VAR_ variables, which the provider reads before these. */
function overriddenBy(variables: Variables, env: Environment): string[] {
  const names = Object.entries(variables).flatMap(([name, value]) => {
    const override = `TF_VAR_${name.replace(/^OCI_/, '').toLowerCase()}`;
    const isRead = /^OCI_[A-Z_]+$/.test(name) && !HARMLESS.includes(override);
    return isRead && env(override) && env(override) !== value ? [override] : [];
  });
  const effect = "Terraform's provider reads TF_VAR_ variables before those of `export-for`. Remove them.";
  return warningAbout(names, `, and ${effect}`);
}

/**
 * What a short session means for Terraform. With `terraform`, the provider requests a new session whenever it reads one in
 * its last five minutes: once for the token and again for the key. The two then do not match.
 */
export function adviseOnTerraform(
  exportFor: readonly ExportTarget[],
  lifetimeMs: number,
): { warning?: string; note?: string } {
  if (lifetimeMs > PROVIDER_RENEWS_EARLY_SECONDS * 1000) return {};
  const granted = `OCI granted a session of ${Math.round(lifetimeMs / 1000)} s.`;
  if (exportFor.includes('terraform'))
    return {
      warning: `${granted} Terraform's provider treats a session as expired five minutes early, so it cannot use this one. Set \`export-for\` to terraform-session.`,
    };
  if (exportFor.includes('terraform-session'))
    return {
      note: `${granted} Terraform's provider (5.12.0 and later) and its \`oci\` backend read each renewed token. Older providers fail when the session ends.`,
    };
  return {};
}
