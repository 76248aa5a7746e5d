import { ActionError } from '../errors/action-error.ts';
import { Secret } from '../secret.ts';
import { regionalSts } from './aws-parsers.ts';
import { type ClientAuthentication, toClientCredentials } from './client-credentials.ts';
import { findConflicts } from './conflicts.ts';
import { type InputContext, InputError } from './parsers.ts';
import { INPUTS, type InputName, type InputRule, type InputValues } from './schema.ts';

/** The parsed inputs, frozen. */
export type Config = ReturnType<typeof toConfig>;
export type OciConfig = ReturnType<typeof toOciConfig>;
export type OkeConfig = NonNullable<OciConfig['oke']>;
export type AwsConfig = NonNullable<ReturnType<typeof toAwsConfig>>;

/** Inputs for the doctor. Some may be invalid; the doctor runs every check that the valid ones allow. */
export interface PartialConfig {
  /** Each invalid input has its default, or is undefined in spite of its type: check `invalidInputs` first. */
  config: Config;
  invalidInputs: ReadonlySet<InputName>;
  /** One sentence per error, which begins with the name of the input in backticks. */
  errors: readonly string[];
}

/**
 * Parses and checks every input. An empty input is absent.
 * @throws ActionError INPUT_INVALID, which names every invalid input
 */
export function readConfig(read: (name: InputName) => string, context: InputContext): Config {
  const { config, errors } = readPartialConfig(read, context);
  if (errors.length > 0) throw invalidInputsError(errors);
  return config;
}

/**
 * Parses some inputs, without the checks of their combinations.
 * @throws ActionError INPUT_INVALID, which names every invalid one
 */
export function readInputs<Name extends InputName>(
  names: readonly Name[],
  read: (name: InputName) => string,
  context: InputContext,
): Pick<InputValues, Name> {
  const { values, errors } = parseInputs(names, read, context);
  if (errors.length > 0) throw invalidInputsError(errors);
  return values as Pick<InputValues, Name>;
}

/** As `readConfig`, but returns the errors. */
export function readPartialConfig(read: (name: InputName) => string, context: InputContext): PartialConfig {
  const names = Object.keys(INPUTS) as InputName[];
  const { values, errors } = parseInputs(names, read, context);
  errors.push(...findConflicts(values as InputValues, context));
  const isInvalid = (name: InputName) => errors.some((error) => error.startsWith(`\`${name}\``));
  const invalidInputs = new Set(names.filter(isInvalid));
  for (const name of invalidInputs) {
    const { default: preset, parse }: InputRule<unknown> = INPUTS[name];
    // Even a default can be invalid, such as `~/.oci/config` when the home directory is in the checkout.
    values[name] = preset === undefined ? undefined : valueOrError(() => parse(preset, context)).value;
  }
  return { config: toConfig(values as InputValues), invalidInputs, errors };
}

/** An invalid value is null, an absent one undefined. */
function parseInputs(names: readonly InputName[], read: (name: InputName) => string, context: InputContext) {
  const values: Partial<Record<InputName, unknown>> = {};
  const errors: string[] = [];
  for (const name of names) {
    const rule: InputRule<unknown> = INPUTS[name];
    const raw = read(name) || rule.default;
    if (raw !== undefined) {
      const { value, error } = valueOrError(() => rule.parse(raw, context));
      values[name] = error === undefined ? value : null;
      if (error !== undefined) errors.push(`\`${name}\` ${error}`);
    } else if (rule.required) errors.push(`\`${name}\` is required`);
  }
  return { values, errors };
}

export function invalidInputsError(errors: readonly string[]): ActionError {
  return new ActionError('INPUT_INVALID', `${errors.join('; ')}.`);
}

function valueOrError(parse: () => unknown): { value?: unknown; error?: string } {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof InputError) return { error: error.message };
    throw error;
  }
}

function toConfig(values: InputValues) {
  const client = toClient(values);
  return Object.freeze({
    /** Origin of the identity domain, without a path. */
    domainUrl: values['domain-url'],
    /** Authenticates the token exchange. */
    client,
    /** The OCI login; undefined for `token-type: none`. */
    oci: values['token-type'] === 'none' ? undefined : toOciConfig(values),
    /** The AWS login; undefined without `aws-role-arn`. */
    aws: toAwsConfig(values, client),
    outputCredentials: values['output-credentials'],
    /** Whether a background process renews what later steps use. */
    refresh: values.refresh,
    minimumLifetimeMs: (values['minimum-lifetime-seconds'] ?? 0) * 1000,
    cleanup: values.cleanup,
    /** When to write the job summary. */
    summary: values.summary,
    retryMaxAttempts: values['retry-max-attempts'],
    requestTimeoutMs: values['request-timeout-seconds'] * 1000,
    timeoutMs: values['timeout-seconds'] * 1000,
  });
}

function toClient(values: InputValues): ClientAuthentication {
  const { 'client-auth': kind, 'client-id': id = '', 'client-secret': secret = '' } = values;
  return kind === 'secret' ? toClientCredentials(id, new Secret(secret)) : { kind };
}

function toOciConfig(values: InputValues) {
  const { 'resource-type': type = '', 'rpst-lifetime-seconds': lifetimeSeconds } = values;
  return Object.freeze({
    region: values.region ?? '', // `findConflicts` requires it
    tenancy: values.tenancy,
    audience: values.audience,
    /** The resource to log in as; undefined to log in as the trust's service user. */
    resource: values['token-type'] === 'rpst' ? Object.freeze({ type, lifetimeSeconds }) : undefined,
    /** Compared with the job's token after a refusal. */
    trustRules: values['trust-rule'] ?? [],
    profile: values.profile,
    /** Absolute path. */
    configFile: values['config-file'],
    overwriteProfile: values['overwrite-profile'],
    exportFor: values['export-for'],
    oke: toOkeConfig(values),
    /** Undefined: those of the region. */
    registries: values['ocir-registries'],
    /** Whether a token of the registry is stored as a password, too. */
    registryLogin: values['ocir-login'],
    /** Whether to send a signed request with the session before anything is written. */
    verify: values.verify,
    /** Undefined: Object Storage in the region. */
    verifyEndpoint: values['verify-endpoint'],
  });
}

/** Undefined unless kubectl is in `export-for`. */
function toOkeConfig(values: InputValues) {
  if (!values['export-for'].includes('kubectl')) return undefined;
  return Object.freeze({
    /** kubectl uses the first by default. */
    clusters: values['oke-cluster'] ?? [], // `findConflicts` requires it
    endpoint: values['oke-endpoint'],
    /** The URL that kubectl connects to; undefined: the one that OKE names. */
    server: values['oke-server'],
    /** Whether kubectl reads the job's kubeconfig, too. */
    merge: values['oke-merge'],
  });
}

function toAwsConfig(values: InputValues, client: ClientAuthentication) {
  const { 'aws-role-arn': role, 'aws-region': region } = values;
  const { 'aws-client-id': id, 'aws-client-secret': secret } = values;
  if (role === undefined || region === undefined) return undefined;
  const isOwn = id !== undefined && secret !== undefined;
  const requester = isOwn ? toClientCredentials(id, new Secret(secret)) : client;
  const isOfSession = values['aws-token-source'] === 'session' || requester.kind !== 'secret';
  return Object.freeze({
    role,
    region,
    /** Requests the access token; undefined if the OCI session does. */
    client: isOfSession ? undefined : requester,
    scope: values['aws-scope'],
    audience: values['aws-audience'],
    /** Undefined: derived from repository and run. */
    roleSessionName: values['aws-role-session-name'],
    durationSeconds: values['aws-role-duration-seconds'],
    sessionPolicy: values['aws-session-policy'],
    managedSessionPolicies: values['aws-managed-session-policies'] ?? [],
    allowedAccountIds: values['aws-allowed-account-ids'] ?? [],
    profile: values['aws-profile'],
    overwriteProfile: values['overwrite-profile'],
    exportEnvironment: values['aws-export-environment'],
    credentialSource: values['aws-credential-source'],
    stsEndpoint: values['aws-sts-endpoint'] ?? regionalSts(region),
  });
}
