// The table of inputs. Tests compare action.yml and the README with it.
import * as aws from './aws-parsers.ts';
import * as ocir from './ocir-parsers.ts';
import * as oke from './oke-parsers.ts';
import * as rule from './parsers.ts';
import { trustRules } from './trust-rule.ts';

export interface InputRule<T> {
  required?: true;
  /** As in action.yml. Applied here again, because `${{ vars.UNSET }}` passes '' and suppresses the default there. */
  default?: string;
  secret?: true;
  parse: (raw: string, context: rule.InputContext) => T;
}

/** Values of `export-for`, besides `none`. */
export const EXPORT_TARGETS = [
  'cli',
  'terraform',
  'terraform-session',
  'ansible',
  'resource-principal',
  'docker',
  'kubectl',
  'ocir',
] as const;

export type ExportTarget = (typeof EXPORT_TARGETS)[number];

export const INPUTS = {
  'domain-url': { required: true, parse: rule.domainUrl },
  'client-auth': {
    default: 'secret',
    parse: rule.oneOf(['secret', 'instance-principal', 'oke-workload-identity']),
  },
  'client-id': { parse: rule.clientId }, // required with `client-auth` secret, like `client-secret`
  'client-secret': { secret: true, parse: rule.singleLine },
  region: { parse: rule.region }, // required unless `token-type` is none
  tenancy: { parse: rule.tenancy },
  audience: { default: rule.DEFAULT_AUDIENCE, parse: rule.word },
  'token-type': { default: 'upst', parse: rule.oneOf(['upst', 'rpst', 'none']) },
  'resource-type': { parse: rule.word },
  'rpst-lifetime-seconds': { parse: rule.integer(60, 43_200) },
  'trust-rule': { parse: trustRules },
  profile: { default: 'DEFAULT', parse: rule.profileName },
  'config-file': { default: '~/.oci/config', parse: rule.configFile },
  'overwrite-profile': { default: 'false', parse: rule.boolean },
  'export-for': { default: 'cli', parse: rule.choices(EXPORT_TARGETS) },
  'oke-cluster': { parse: oke.clusters }, // required with kubectl in `export-for`
  'oke-endpoint': { default: 'public', parse: rule.oneOf(['public', 'private', 'vcn-hostname']) },
  'oke-server': { parse: oke.server },
  'oke-merge': { default: 'false', parse: rule.boolean },
  'ocir-registries': { parse: ocir.registries },
  'ocir-login': { default: 'false', parse: rule.boolean },
  'output-credentials': { default: 'true', parse: rule.boolean },
  verify: { default: 'false', parse: rule.boolean },
  'verify-endpoint': { parse: rule.endpoint },
  refresh: { default: 'auto', parse: rule.refreshMode },
  'minimum-lifetime-seconds': { parse: rule.integer(1, 43_200) },
  cleanup: { default: 'true', parse: rule.boolean },
  summary: { default: 'always', parse: rule.oneOf(['always', 'on-failure', 'never']) },
  'retry-max-attempts': { default: '5', parse: rule.integer(1, 20) },
  'request-timeout-seconds': { default: '15', parse: rule.integer(1, 300) },
  'timeout-seconds': { default: '120', parse: rule.integer(1, 3600) },
  'aws-role-arn': { parse: aws.roleArn },
  'aws-region': { parse: aws.region },
  'aws-token-source': { default: 'client', parse: rule.oneOf(['client', 'session']) },
  'aws-client-id': { parse: rule.clientId },
  'aws-client-secret': { secret: true, parse: rule.singleLine },
  'aws-scope': { default: '/', parse: aws.scope },
  'aws-audience': { default: 'sts.amazon.com', parse: rule.word },
  'aws-role-session-name': { parse: aws.roleSessionName },
  'aws-role-duration-seconds': { default: '3600', parse: rule.integer(900, 43_200) },
  'aws-session-policy': { parse: aws.sessionPolicy },
  'aws-managed-session-policies': { parse: aws.managedSessionPolicies },
  'aws-allowed-account-ids': { parse: aws.accountIds },
  'aws-profile': { parse: rule.awsProfile },
  'aws-export-environment': { default: 'true', parse: rule.boolean },
  'aws-credential-source': { default: 'session', parse: rule.oneOf(['session', 'web-identity']) },
  'aws-sts-endpoint': { parse: rule.endpoint },
} as const satisfies Record<string, InputRule<unknown>>;

export type InputName = keyof typeof INPUTS;

type ValueOf<R> = R extends { parse: (...args: never[]) => infer T }
  ? R extends { required: true } | { default: string }
    ? T
    : T | undefined
  : never;

/** Parsed inputs. Only an optional input without a default may be undefined. */
export type InputValues = { readonly [N in InputName]: ValueOf<(typeof INPUTS)[N]> };
