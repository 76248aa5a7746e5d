// Errors in combinations of inputs.
import path from 'node:path';
import { partitionOf } from './aws-parsers.ts';
import { type InputContext, NO_HOME } from './parsers.ts';
import { homeOfConfig, startsAtHome } from './paths.ts';
import { type ExportTarget, INPUTS, type InputName, type InputValues } from './schema.ts';

/** AWS inputs without a default: if one is set without a role, it has no effect. */
const NEED_ROLE = (Object.keys(INPUTS) as InputName[]).filter(
  (name) => name.startsWith('aws-') && name !== 'aws-role-arn' && !('default' in INPUTS[name]),
);

/** Maps each error to a truthy value if these inputs have it. */
type Checks = Record<string, unknown>;

/**
 * @param values an invalid value is null, and causes no second error
 * @returns one sentence per error, which begins with the name of an input in backticks
 */
export function findConflicts(values: InputValues, { home }: Pick<InputContext, 'home'>): string[] {
  const checks: Checks = {
    ...clientChecks(values),
    ...(values['token-type'] === 'none' ? noSessionChecks(values) : sessionChecks(values, home)),
    ...resourceChecks(values),
    ...kubectlChecks(values),
    ...(values['aws-role-arn'] === undefined
      ? unused(NEED_ROLE, 'without `aws-role-arn`', values)
      : roleChecks(values)),
  };
  return Object.keys(checks).filter((error) => checks[error]);
}

const EMPTY_SECRET = ': the secret is empty here. Check `environment` of the job';

function clientChecks(values: InputValues): Checks {
  const { 'client-auth': kind, 'client-id': id, 'client-secret': secret, 'token-type': type } = values;
  const isSecret = kind === 'secret';
  const isSigned = kind && !isSecret;
  return {
    '`client-id` is required': isSecret && id === undefined,
    [`\`client-secret\` is required${EMPTY_SECRET}`]: isSecret && secret === undefined,
    ...unused(isSigned ? ['client-id', 'client-secret'] : [], `with \`client-auth\` ${kind}`, values),
    ...unused(isSigned && type === 'none' ? ['client-auth'] : [], 'with `token-type` none', values),
    '`export-for` terraform does not support `client-auth` oke-workload-identity. Use terraform-session':
      kind === 'oke-workload-identity' && values['export-for']?.includes('terraform'),
  };
}

/** An error for each of these inputs that is given. */
function unused(names: readonly InputName[], why: string, values: InputValues): Checks {
  return Object.fromEntries(names.map((name) => [`\`${name}\` has no effect ${why}`, values[name]]));
}

/** Terraform's provider renews session and key this long before they expire. @see oracle/oci-go-sdk, common/auth */
export const PROVIDER_RENEWS_EARLY_SECONDS = 300;

function sessionChecks(values: InputValues, home: string | undefined): Checks {
  const has = (target: ExportTarget) => values['export-for']?.includes(target);
  const lifetime = values['rpst-lifetime-seconds'];
  const file = `${values['config-file']}`;
  const configHome = path.isAbsolute(file) ? homeOfConfig(file) : home; // else invalid, or reported below
  return {
    '`export-for` can contain terraform or terraform-session, not both: they set the same variables':
      has('terraform') && has('terraform-session'),
    "`refresh` cannot be false with `export-for` terraform, because GitHub's token is valid for five minutes. Use terraform-session to sign with the session":
      has('terraform') && values.refresh === 'never',
    [`\`rpst-lifetime-seconds\` must be more than ${PROVIDER_RENEWS_EARLY_SECONDS} with \`export-for\` terraform, whose provider renews a session that long before it expires`]:
      has('terraform') && lifetime && lifetime <= PROVIDER_RENEWS_EARLY_SECONDS,
    '`config-file` must end in .oci/config, the only file that `export-for` terraform-session reads':
      has('terraform-session') && path.isAbsolute(file) && configHome === undefined,
    '`config-file` must be the default with `export-for` docker: no other path is the same file for this machine and for Docker actions':
      has('docker') && configHome !== home,
    '`region` is required': values.region === undefined,
    [`\`config-file\` ${NO_HOME}, or give an absolute path`]: startsAtHome(file),
  };
}

function noSessionChecks(values: InputValues): Checks {
  const targets = (values['export-for'] ?? []).filter((target) => target !== 'cli');
  return {
    [`\`export-for\` ${targets.join(', ')} needs a session, but \`token-type\` is none`]: targets.length > 0,
    '`token-type` none needs `aws-role-arn`': values['aws-role-arn'] === undefined,
    '`verify` needs a session, but `token-type` is none': values.verify,
    '`refresh` true with `token-type` none needs `aws-credential-source` web-identity':
      values.refresh === 'always' && values['aws-credential-source'] === 'session',
  };
}

function resourceChecks(values: InputValues): Checks {
  const isRpst = values['token-type'] === 'rpst';
  const isOther = ['upst', 'none'].includes(values['token-type']);
  const needsOcir = values['export-for']?.includes('ocir') === false;
  return {
    '`resource-type` has no effect without `token-type` rpst': isOther && values['resource-type'],
    '`rpst-lifetime-seconds` has no effect without `token-type` rpst':
      isOther && values['rpst-lifetime-seconds'],
    '`resource-type` is required with `token-type` rpst': isRpst && values['resource-type'] === undefined,
    '`trust-rule` has no effect with `token-type` rpst: a trust for resources has no rules':
      isRpst && values['trust-rule'],
    '`ocir-registries` has no effect without `export-for` ocir': needsOcir && values['ocir-registries'],
    '`ocir-login` has no effect without `export-for` ocir': needsOcir && values['ocir-login'],
    '`verify-endpoint` has no effect without `verify`': values.verify === false && values['verify-endpoint'],
  };
}

function kubectlChecks(values: InputValues): Checks {
  const { 'oke-cluster': clusters, 'oke-endpoint': endpoint, 'oke-server': server } = values;
  const isWanted = values['export-for']?.includes('kubectl');
  const isUnwanted = values['export-for'] && !isWanted;
  const why = 'has no effect without `export-for` kubectl';
  return {
    '`oke-cluster` is required with `export-for` kubectl': isWanted && clusters === undefined,
    '`oke-server` needs a single cluster in `oke-cluster`': server && clusters && clusters.length > 1,
    [`\`oke-cluster\` ${why}`]: isUnwanted && clusters,
    [`\`oke-endpoint\` ${why}`]: isUnwanted && endpoint && endpoint !== 'public',
    [`\`oke-server\` ${why}`]: isUnwanted && server,
    [`\`oke-merge\` ${why}`]: isUnwanted && values['oke-merge'],
  };
}

function roleChecks(values: InputValues): Checks {
  const has = (name: InputName) => values[name] !== undefined;
  const { 'aws-role-arn': role, 'aws-region': region, 'aws-allowed-account-ids': allowed } = values;
  const [given, missing] = has('aws-client-id') ? ['id', 'secret'] : ['secret', 'id'];
  // Parameters of this action's STS request. The AWS SDKs of later steps do not send them.
  const why = 'needs `aws-credential-source` session: with web-identity, later steps assume the whole role';
  const isWebIdentity = values['aws-credential-source'] === 'web-identity';
  const isHidden = values['aws-export-environment'] === false && values['output-credentials'] === false;
  return {
    '`aws-region` is required with `aws-role-arn`': !has('aws-region'),
    [`\`aws-region\` ${region} is not in partition ${role?.partition} of \`aws-role-arn\``]:
      role && region && partitionOf(region) !== role.partition,
    [`\`aws-client-${missing}\` is required with \`aws-client-${given}\``]:
      has('aws-client-id') !== has('aws-client-secret'),
    [`\`aws-role-arn\` is in account ${role?.accountId}, which \`aws-allowed-account-ids\` does not list`]:
      role && allowed && !allowed.includes(role.accountId),
    [`\`aws-session-policy\` ${why}`]: isWebIdentity && has('aws-session-policy'),
    [`\`aws-managed-session-policies\` ${why}`]: isWebIdentity && has('aws-managed-session-policies'),
    ...tokenSourceChecks(values),
    '`aws-export-environment` false needs `aws-profile` or `output-credentials`, or no step gets the role':
      isHidden && !has('aws-profile'),
  };
}

function tokenSourceChecks(values: InputValues): Checks {
  const { 'client-auth': kind, 'aws-token-source': source, 'token-type': type } = values;
  const client: InputName[] = ['aws-client-id', 'aws-client-secret'];
  const isSession = source === 'session';
  return {
    '`aws-token-source` session needs `token-type` upst': isSession && type && type !== 'upst',
    '`aws-token-source` session needs `aws-credential-source` session':
      isSession && values['aws-credential-source'] === 'web-identity',
    ...unused(isSession ? client : [], 'with `aws-token-source` session', values),
    [`\`aws-client-id\` and \`aws-client-secret\` are required with \`client-auth\` ${kind}, or \`aws-token-source\` session`]:
      source === 'client' && kind && kind !== 'secret' && client.every((name) => values[name] === undefined),
  };
}
