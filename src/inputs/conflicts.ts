// Errors in combinations of inputs.
import path from 'node:path';
import { partitionOf } from './aws-parsers.ts';
import { type InputContext, NO_HOME } from './parsers.ts';
import { homeOfConfig, startsAtHome } from './paths.ts';
import type { EXPORT_TARGETS, InputName, InputValues } from './schema.ts';

/** AWS inputs without a default: somebody set them, and without a role they do nothing. */
const NEED_ROLE = [
  'aws-region',
  'aws-client-id',
  'aws-client-secret',
  'aws-role-session-name',
  'aws-session-policy',
  'aws-managed-session-policies',
  'aws-allowed-account-ids',
  'aws-profile',
  'aws-sts-endpoint',
] as const satisfies readonly InputName[];

/** Parameters of this action's STS request. The AWS SDKs of later steps do not send them. */
const ONE_ROLE_SESSION = [
  'aws-session-policy',
  'aws-managed-session-policies',
] as const satisfies readonly InputName[];

const NEED_RPST = ['resource-type', 'rpst-lifetime-seconds'] as const satisfies readonly InputName[];

/**
 * @param values an invalid value is null, and causes no second error
 * @returns one sentence per error, which begins with the name of an input in backticks
 */
export function findConflicts(values: InputValues, { home }: Pick<InputContext, 'home'>): string[] {
  const isOciLogin = values['token-type'] !== 'none';
  return [
    ...(isOciLogin ? exportConflicts(values, home) : exportsWithoutSession(values)),
    ...(isOciLogin ? sessionConflicts(values) : noSessionConflicts(values)),
    ...resourceConflicts(values),
    ...roleConflicts(values),
  ];
}

function isGiven(values: InputValues, name: InputName): boolean {
  return values[name] !== undefined;
}

function exportsWithoutSession(values: InputValues): string[] {
  const targets = exportTargets(values).filter((target) => target !== 'cli');
  if (targets.length === 0) return [];
  return [`\`export-for\` ${targets.join(', ')} needs a session, but \`token-type\` is none`];
}

function exportTargets(values: InputValues): readonly (typeof EXPORT_TARGETS)[number][] {
  return values['export-for'] ?? []; // null if invalid
}

/** Terraform's provider renews session and key so long before they expire. @see oracle/oci-go-sdk, common/auth */
const PROVIDER_RENEWS_EARLY_SECONDS = 300;

function exportConflicts(values: InputValues, home: string | undefined): string[] {
  const errors: string[] = [];
  const targets = exportTargets(values);
  const has = (target: (typeof targets)[number]) => targets.includes(target);
  if (has('terraform') && has('terraform-session'))
    errors.push('`export-for` takes terraform or terraform-session, not both: they set the same variables');
  if (has('terraform') && values.refresh === false) {
    errors.push(
      "`export-for` terraform needs `refresh` true, because GitHub's token is valid for five minutes; or use terraform-session",
    );
  }
  const lifetime = values['rpst-lifetime-seconds'];
  if (has('terraform') && lifetime && lifetime <= PROVIDER_RENEWS_EARLY_SECONDS) {
    errors.push(
      `\`rpst-lifetime-seconds\` must be more than ${PROVIDER_RENEWS_EARLY_SECONDS} with \`export-for\` terraform, whose provider renews a session that long before it expires`,
    );
  }
  const file = values['config-file'];
  if (!file || !path.isAbsolute(file)) return errors; // reported by its parser or by `sessionConflicts`
  if (has('terraform-session') && homeOfConfig(file) === undefined)
    errors.push(
      '`config-file` must end in .oci/config, the only file that `export-for` terraform-session reads',
    );
  if (has('docker') && homeOfConfig(file) !== home) {
    errors.push(
      '`config-file` must be the default with `export-for` docker: no other path is the same file for this machine and for Docker actions',
    );
  }
  return errors;
}

function noSessionConflicts(values: InputValues): string[] {
  const errors: string[] = [];
  if (!isGiven(values, 'aws-role-arn')) errors.push('`token-type` none needs `aws-role-arn`');
  if (values.verify) errors.push('`verify` needs a session, but `token-type` is none');
  if (values.refresh && values['aws-credential-source'] === 'session')
    errors.push('`refresh` with `token-type` none needs `aws-credential-source` web-identity');
  return errors;
}

function sessionConflicts(values: InputValues): string[] {
  const errors: string[] = [];
  if (!isGiven(values, 'region')) errors.push('`region` is required');
  if (startsAtHome(`${values['config-file']}`))
    errors.push(`\`config-file\` ${NO_HOME}, or give an absolute path`);
  return errors;
}

function resourceConflicts(values: InputValues): string[] {
  const errors: string[] = [];
  const {
    'token-type': type,
    'minimum-lifetime-seconds': minimum,
    'rpst-lifetime-seconds': lifetime,
  } = values;
  if (type === 'upst' || type === 'none') {
    const useless = NEED_RPST.filter((name) => values[name]);
    errors.push(...useless.map((name) => `\`${name}\` has no effect without \`token-type\` rpst`));
  }
  if (type === 'rpst') {
    if (!isGiven(values, 'resource-type')) errors.push('`resource-type` is required with `token-type` rpst');
    if (values['trust-rule'])
      errors.push('`trust-rule` has no effect with `token-type` rpst: a trust for resources has no rules');
    if (minimum && lifetime && minimum > lifetime)
      errors.push(`\`minimum-lifetime-seconds\` is more than the ${lifetime} of \`rpst-lifetime-seconds\``);
  }
  if (values.verify === false && values['verify-endpoint'])
    errors.push('`verify-endpoint` has no effect without `verify`');
  return errors;
}

function roleConflicts(values: InputValues): string[] {
  const has = (name: InputName) => isGiven(values, name);
  if (!has('aws-role-arn'))
    return NEED_ROLE.filter(has).map((name) => `\`${name}\` has no effect without \`aws-role-arn\``);
  const errors: string[] = [];
  const { 'aws-role-arn': role, 'aws-region': region, 'aws-allowed-account-ids': allowed } = values;
  if (!has('aws-region')) errors.push('`aws-region` is required with `aws-role-arn`');
  if (role && region && partitionOf(region) !== role.partition)
    errors.push(`\`aws-region\` ${region} is not in partition ${role.partition} of \`aws-role-arn\``);
  if (has('aws-client-id') !== has('aws-client-secret')) {
    const [given, missing] = has('aws-client-id') ? ['id', 'secret'] : ['secret', 'id'];
    errors.push(`\`aws-client-${missing}\` is required with \`aws-client-${given}\``);
  }
  if (role && allowed && !allowed.includes(role.accountId))
    errors.push(
      `\`aws-role-arn\` is in account ${role.accountId}, which \`aws-allowed-account-ids\` does not list`,
    );
  if (values['aws-credential-source'] === 'web-identity') {
    const why = 'needs `aws-credential-source` session: with web-identity, later steps assume the whole role';
    errors.push(...ONE_ROLE_SESSION.filter(has).map((name) => `\`${name}\` ${why}`));
  }
  const isHidden = values['aws-export-environment'] === false && values['output-credentials'] === false;
  if (isHidden && !has('aws-profile'))
    errors.push(
      '`aws-export-environment` false needs `aws-profile` or `output-credentials`, or no step gets the role',
    );
  return errors;
}
