// The options of the commands that log in: inputs of the action by the same names. `src/inputs` parses the values.
import { INPUTS, type InputName } from '../../src/inputs/schema.ts';
import type { Environment } from '../../src/ports.ts';
import { Secret } from '../../src/secret.ts';
import { type OptionRule, type OptionRules, optionsBelow } from '../command.ts';

const domain = optionsBelow('Identity domain');
const session = optionsBelow('Session');
const network = optionsBelow('Network');
const aws = optionsBelow('AWS');

/** The domain, and the application that requests tokens there. */
export const DOMAIN_OPTIONS = {
  'domain-url': domain.text('url', 'URL of the identity domain', { env: 'OCI_DOMAIN_URL' }),
  'client-auth': domain.text(
    'kind',
    'What authenticates the exchange: secret, or on a machine in OCI instance-principal or oke-workload-identity',
    { default: 'secret', choices: ['secret', 'instance-principal', 'oke-workload-identity'] },
  ),
  'client-id': domain.text('id', 'Client ID of the application', { env: 'OCI_CLIENT_ID' }),
  'client-secret-file': domain.text(
    'path',
    'File with the client secret. Default: the variable OCI_CLIENT_SECRET',
    { env: 'OCI_CLIENT_SECRET_FILE' },
  ),
} as const satisfies OptionRules;

/** The session that the exchange returns. */
export const SESSION_OPTIONS = {
  region: session.text('name', 'OCI region, such as us-ashburn-1', { env: 'OCI_REGION' }),
  tenancy: session.text('ocid', 'Fail unless the session is in this tenancy', { env: 'OCI_TENANCY' }),
  audience: session.text('text', 'Audience to request the ID token for. Default: https://cloud.oracle.com', {
    env: 'OCI_AUDIENCE',
  }),
  'token-type': session.text(
    'type',
    'upst: a session of a service user; rpst: of a resource; none: only AWS',
    {
      default: 'upst',
      choices: ['upst', 'rpst', 'none'],
    },
  ),
  'resource-type': session.text('type', 'With --token-type rpst: the resource type of the trust'),
  'rpst-lifetime-seconds': session.text('n', 'With --token-type rpst: the lifetime to request'),
  'trust-rule': session.text('rule', 'Rule of the trust, to compare with the ID token after a refusal'),
  verify: session.flag('Send a signed request with the session before anything is written'),
  'verify-endpoint': session.text('url', 'Endpoint for --verify. Default: Object Storage of the region'),
} as const satisfies OptionRules;

/** What tools need besides the profile. */
export const TARGET_OPTIONS = {
  for: session.text(
    'list',
    'Tools to configure, separated by commas: cli, terraform, terraform-session, ansible, resource-principal, kubectl, ocir, none',
    { default: 'cli' },
  ),
  'oke-cluster': session.text('ocids', 'With --for kubectl: OCIDs of the clusters, separated by commas'),
  'oke-endpoint': session.text('kind', 'With --for kubectl: public, private or vcn-hostname'),
  'oke-server': session.text('url', 'With --for kubectl: the URL that kubectl connects to'),
  'oke-merge': session.flag('With --for kubectl: read the existing kubeconfig, too'),
  'ocir-registries': session.text('hosts', 'With --for ocir: the registries. Default: those of the region'),
  refresh: session.text(
    'mode',
    'Renew tokens in the background: auto (those that end in less than 30 minutes), true or false',
    {
      default: 'auto',
    },
  ),
} as const satisfies OptionRules;

export const AWS_OPTIONS = {
  'aws-role-arn': aws.text('arn', 'Assume this role of AWS with an access token of the domain'),
  'aws-region': aws.text('name', 'AWS region'),
  'aws-client-id': aws.text('id', 'Client ID for the access token. Default: --client-id'),
  'aws-client-secret-file': aws.text('path', 'File with the client secret of --aws-client-id'),
  'aws-token-source': aws.text(
    'kind',
    'What requests the access token: client, or the OCI session (experimental)',
    { default: 'client', choices: ['client', 'session'] },
  ),
  'aws-scope': aws.text('scope', 'Scope of the access token. Default: /'),
  'aws-audience': aws.text('text', 'Audience of the access token. Default: sts.amazon.com'),
  'aws-role-session-name': aws.text('name', 'Name of the role session'),
  'aws-role-duration-seconds': aws.text('n', 'Lifetime of the role session. Default: 3600'),
  'aws-session-policy': aws.text('json', 'Policy that restricts the role session'),
  'aws-managed-session-policies': aws.text('arns', 'Policies that restrict it, separated by commas'),
  'aws-allowed-account-ids': aws.text('ids', 'Accounts that the role may be in, separated by commas'),
  'aws-sts-endpoint': aws.text('url', 'Endpoint of STS. Default: that of the region'),
} as const satisfies OptionRules;

/** Of the commands that write a profile. */
export const AWS_PROFILE_OPTIONS = {
  ...AWS_OPTIONS,
  'aws-credential-source': aws.text(
    'kind',
    'session for keys that expire after --aws-role-duration-seconds, web-identity for a token that is renewed',
    { default: 'session', choices: ['session', 'web-identity'] },
  ),
} as const satisfies OptionRules;

export const NETWORK_OPTIONS = {
  'retry-max-attempts': network.text('n', 'Attempts for each request. Default: 5'),
  'request-timeout-seconds': network.text('n', 'Limit for one request. Default: 15'),
  'timeout-seconds': network.text('n', 'Limit for the whole login. Default: 120'),
} as const satisfies OptionRules;

/** Values of options by their names, whichever command has them. */
export type SessionOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The option of an input that has another name, or none because its value is a secret. */
const OPTION_OF: Partial<Record<InputName, string>> = { 'export-for': 'for' };

/**
 * Reads an input of the action from the options, and a secret from its file or variable.
 * @param overrides values that a command sets itself
 * @param secretOf reads a secret; undefined if it is not given
 */
export function inputReader(
  options: SessionOptions,
  secretOf: (name: InputName) => Secret | undefined,
  overrides: Partial<Record<InputName, string>> = {},
): (name: InputName) => string {
  return (name) => {
    const override = overrides[name];
    if (override !== undefined) return override;
    if ('secret' in INPUTS[name]) return secretOf(name)?.reveal() ?? '';
    const value = options[OPTION_OF[name] ?? name];
    return value === undefined ? '' : String(value);
  };
}

/** The variable of each secret; the option of its file is named after the input. */
const SECRET_VARIABLES: Partial<Record<InputName, string>> = { 'client-secret': 'OCI_CLIENT_SECRET' };

/** Variables that a child of `exec` does not get. */
export const SECRET_NAMES: readonly string[] = Object.values(SECRET_VARIABLES);

/** @param readText content of a file, without its line end. @throws CommandError */
export function secretReader(
  options: SessionOptions,
  env: Environment,
  readText: (file: string, option: string) => string,
): (name: InputName) => Secret | undefined {
  return (name) => {
    const option = `${name}-file`;
    const file = options[option];
    if (typeof file === 'string') return new Secret(readText(file, option));
    const variable = SECRET_VARIABLES[name];
    const value = variable === undefined ? undefined : env(variable);
    return value ? new Secret(value) : undefined;
  };
}

/**
 * A message of the action for the command line: names of inputs become options, or the variable of a secret.
 * @param rules the options of the command
 */
export function withOptionNames(text: string, rules: Readonly<Record<string, OptionRule>>): string {
  return text.replace(/`([a-z][a-z-]+)(?:: ([^`]+))?`/g, (whole, name: string, value?: string) => {
    if (!Object.hasOwn(INPUTS, name)) return whole;
    const input = name as InputName;
    const variable = SECRET_VARIABLES[input];
    if (variable !== undefined) return `${variable} (or --${input}-file)`;
    const option = OPTION_OF[input] ?? ('secret' in INPUTS[input] ? `${input}-file` : input);
    const rule = Object.hasOwn(rules, option) ? rules[option] : undefined;
    if (rule === undefined) return whole;
    return `--${option}${value === undefined || rule.type === 'boolean' ? '' : ` ${value}`}`;
  });
}
