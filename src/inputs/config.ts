// From raw inputs to one frozen configuration. All faults are found before any of them is reported.

import { ActionError } from '../errors/action-error.ts';
import { Secret } from '../secret.ts';
import type { RoleArn } from './aws-parsers.ts';
import { type ClientCredentials, toClientCredentials } from './client-credentials.ts';
import { contradictions } from './conflicts.ts';
import { type InputContext, Refusal } from './parsers.ts';
import { type EXPORT_TARGETS, INPUTS, type InputName, type InputRule, type InputValues } from './schema.ts';
import type { TrustRule } from './trust-rule.ts';

export type ExportTarget = (typeof EXPORT_TARGETS)[number];

export interface Config {
  /** Origin of the identity domain, without a path. */
  readonly domainUrl: URL;
  readonly client: ClientCredentials;
  /** The OCI session; undefined for `token-type: none`. */
  readonly oci: OciConfig | undefined;
  /** The way on to AWS; undefined without a role. */
  readonly aws: AwsConfig | undefined;
  readonly outputCredentials: boolean;
  /** Whether what later steps use is renewed in the background. */
  readonly refresh: boolean;
  readonly minimumLifetimeMs: number;
  readonly cleanup: boolean;
  /** When the job summary is written. */
  readonly summary: 'always' | 'on-failure' | 'never';
  readonly retryMaxAttempts: number;
  readonly requestTimeoutMs: number;
  readonly timeoutMs: number;
}

export interface OciConfig {
  readonly region: string;
  readonly tenancy: string | undefined;
  readonly audience: string;
  /** What the session is to be of; undefined for the trust's service user. */
  readonly resource: ResourceConfig | undefined;
  /** What the trust is said to hold; compared with the job's token when that is refused. */
  readonly trustRules: readonly TrustRule[];
  readonly profile: string;
  /** Absolute path. */
  readonly configFile: string;
  readonly overwriteProfile: boolean;
  readonly exportFor: readonly ExportTarget[];
  /** Whether OCI is asked to accept the session before anything is written. */
  readonly verify: boolean;
  /** Undefined: Object Storage of the region. */
  readonly verifyEndpoint: URL | undefined;
}

export interface ResourceConfig {
  readonly type: string;
  /** Undefined: as OCI likes. */
  readonly lifetimeSeconds: number | undefined;
}

export interface AwsConfig {
  readonly role: RoleArn;
  readonly region: string;
  readonly client: ClientCredentials;
  readonly scope: string;
  readonly audience: string;
  /** Undefined: made from repository and run. */
  readonly roleSessionName: string | undefined;
  readonly durationSeconds: number;
  readonly sessionPolicy: string | undefined;
  readonly managedSessionPolicies: readonly string[];
  readonly allowedAccountIds: readonly string[];
  readonly profile: string | undefined;
  readonly overwriteProfile: boolean;
  readonly exportEnvironment: boolean;
  readonly credentialSource: 'session' | 'web-identity';
  readonly stsEndpoint: URL | undefined;
}

/**
 * Reads and checks every input; an empty one counts as absent.
 * @throws ActionError INPUT_INVALID naming all faults at once, in the author's spelling
 */
export function readConfig(read: (name: InputName) => string, surroundings: InputContext): Config {
  const { values, faults } = readValues(read, surroundings);
  if (faults.length > 0) throw invalidInputs(faults);
  return toConfig(values as InputValues);
}

export function invalidInputs(faults: readonly string[]): ActionError {
  return new ActionError('INPUT_INVALID', `${faults.join('; ')}.`);
}

/** Values by name, null for one that was refused, and one sentence per fault, beginning with the name in backticks. */
export function readValues(read: (name: InputName) => string, surroundings: InputContext) {
  const values: Partial<Record<InputName, unknown>> = {};
  const faults: string[] = [];
  for (const name of Object.keys(INPUTS) as InputName[]) {
    const rule: InputRule<unknown> = INPUTS[name];
    const raw = read(name) || rule.default;
    if (raw === undefined) {
      if (rule.required) faults.push(`\`${name}\` is required${rule.secret ? MISSING_SECRET : ''}`);
      continue;
    }
    try {
      values[name] = rule.parse(raw, surroundings);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      values[name] = null; // given, if wrongly: what depends on its being there is no second fault
      faults.push(`\`${name}\` ${error.message}`);
    }
  }
  faults.push(...contradictions(values as InputValues, surroundings));
  return { values, faults };
}

const MISSING_SECRET = ' (an empty secret: not set here, or not given to runs such as that of a fork)';

export function toConfig(values: InputValues): Config {
  const client = toClientCredentials(values['client-id'], new Secret(values['client-secret']));
  return Object.freeze({
    domainUrl: values['domain-url'],
    client,
    oci: values['token-type'] === 'none' ? undefined : toOciConfig(values),
    aws: toAwsConfig(values, client),
    outputCredentials: values['output-credentials'],
    refresh: values.refresh,
    minimumLifetimeMs: (values['minimum-lifetime-seconds'] ?? 0) * 1000,
    cleanup: values.cleanup,
    summary: values.summary,
    retryMaxAttempts: values['retry-max-attempts'],
    requestTimeoutMs: values['request-timeout-seconds'] * 1000,
    timeoutMs: values['timeout-seconds'] * 1000,
  });
}

function toOciConfig(values: InputValues): OciConfig {
  return Object.freeze({
    region: values.region ?? '', // required for a session, see `contradictions`
    tenancy: values.tenancy,
    audience: values.audience,
    resource: toResourceConfig(values),
    trustRules: values['trust-rule'] ?? [],
    profile: values.profile,
    configFile: values['config-file'],
    overwriteProfile: values['overwrite-profile'],
    exportFor: values['export-for'],
    verify: values.verify,
    verifyEndpoint: values['verify-endpoint'],
  });
}

function toResourceConfig(values: InputValues): ResourceConfig | undefined {
  if (values['token-type'] !== 'rpst') return undefined;
  const { 'resource-type': type = '', 'rpst-lifetime-seconds': lifetimeSeconds } = values; // see `contradictions`
  return Object.freeze({ type, lifetimeSeconds });
}

function toAwsConfig(values: InputValues, client: ClientCredentials): AwsConfig | undefined {
  const {
    'aws-role-arn': role,
    'aws-region': region,
    'aws-client-id': id,
    'aws-client-secret': secret,
  } = values;
  if (role === undefined || region === undefined) return undefined;
  return Object.freeze({
    role,
    region,
    client: id === undefined || secret === undefined ? client : toClientCredentials(id, new Secret(secret)),
    scope: values['aws-scope'],
    audience: values['aws-audience'],
    roleSessionName: values['aws-role-session-name'],
    durationSeconds: values['aws-role-duration-seconds'],
    sessionPolicy: values['aws-session-policy'],
    managedSessionPolicies: values['aws-managed-session-policies'] ?? [],
    allowedAccountIds: values['aws-allowed-account-ids'] ?? [],
    profile: values['aws-profile'],
    overwriteProfile: values['overwrite-profile'],
    exportEnvironment: values['aws-export-environment'],
    credentialSource: values['aws-credential-source'],
    stsEndpoint: values['aws-sts-endpoint'],
  });
}
