// Inputs that are right each by itself and wrong together.
import { partitionOf } from './aws-parsers.ts';
import { doorContradictions } from './export-conflicts.ts';
import { type InputContext, isBelowHome, NO_HOME } from './parsers.ts';
import type { InputName, InputValues } from './schema.ts';

/** Inputs of the AWS leg that have no default: without a role, somebody gave them in vain. */
const NEED_A_ROLE = [
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

/** They go into the one call of STS that we make, not into those of the SDKs in later steps. */
const NARROW_ONE_SESSION = [
  'aws-session-policy',
  'aws-managed-session-policies',
] as const satisfies readonly InputName[];

/** Inputs that have a meaning for a session as a resource alone. */
const OF_A_RESOURCE = ['resource-type', 'rpst-lifetime-seconds'] as const satisfies readonly InputName[];

/** @returns one sentence per fault, beginning with the name of an input; a value that was refused by itself is null */
export function contradictions(values: InputValues, surroundings: Pick<InputContext, 'home'>): string[] {
  const isGiven = (name: InputName) => values[name] !== undefined;
  const faults = doorContradictions(values, surroundings);
  if (values['token-type'] === 'none') {
    if (!isGiven('aws-role-arn'))
      faults.push('`token-type` none leaves nothing to do without `aws-role-arn`');
    if (values.verify) faults.push('`verify` needs a session, which `token-type` none leaves out');
    if (values.refresh && values['aws-credential-source'] === 'session')
      faults.push(
        '`refresh` has nothing to renew with `token-type` none, but for `aws-credential-source` web-identity',
      );
  } else {
    if (!isGiven('region')) faults.push('`region` is required');
    const file = values['config-file'];
    if (isBelowHome(`${file}`)) faults.push(`\`config-file\` ${NO_HOME}, or give an absolute path`);
  }
  faults.push(...aboutResource(values));
  if (values.verify === false && values['verify-endpoint'])
    faults.push('`verify-endpoint` has no effect without `verify`');
  if (isGiven('aws-role-arn')) return [...faults, ...aboutRole(values, isGiven)];
  const vain = NEED_A_ROLE.filter(isGiven);
  return [...faults, ...vain.map((name) => `\`${name}\` has no effect without \`aws-role-arn\``)];
}

function aboutResource(values: InputValues): string[] {
  const { 'token-type': type, 'minimum-lifetime-seconds': least } = values;
  if (type === 'upst' || type === 'none') {
    const vain = OF_A_RESOURCE.filter((name) => values[name]);
    return vain.map((name) => `\`${name}\` has no effect without \`token-type\` rpst`);
  }
  if (type !== 'rpst') return []; // refused by itself
  const faults: string[] = [];
  const { 'resource-type': resource, 'rpst-lifetime-seconds': asked } = values;
  if (resource === undefined) faults.push('`resource-type` is required with `token-type` rpst');
  if (values['trust-rule'])
    faults.push('`trust-rule` has no effect with `token-type` rpst: a trust for resources has no rules');
  if (least && asked && least > asked)
    faults.push(
      `\`minimum-lifetime-seconds\` is more than the ${asked} that \`rpst-lifetime-seconds\` asks for`,
    );
  return faults;
}

function aboutRole(values: InputValues, isGiven: (name: InputName) => boolean): string[] {
  const faults: string[] = [];
  const { 'aws-role-arn': role, 'aws-region': region, 'aws-allowed-account-ids': allowed } = values;
  if (!isGiven('aws-region')) faults.push('`aws-region` is required with `aws-role-arn`');
  if (role && region && partitionOf(region) !== role.partition) {
    faults.push(`\`aws-region\` ${region} is not in partition ${role.partition} of \`aws-role-arn\``);
  }
  if (isGiven('aws-client-id') !== isGiven('aws-client-secret')) {
    const [there, missing] = isGiven('aws-client-id') ? ['id', 'secret'] : ['secret', 'id'];
    faults.push(`\`aws-client-${missing}\` is required with \`aws-client-${there}\``);
  }
  if (role && allowed && !allowed.includes(role.accountId)) {
    faults.push(
      `\`aws-role-arn\` is in account ${role.accountId}, which \`aws-allowed-account-ids\` does not list`,
    );
  }
  if (values['aws-credential-source'] === 'web-identity') {
    const vain = NARROW_ONE_SESSION.filter(isGiven);
    const why =
      'cannot be kept with `aws-credential-source` web-identity: later steps assume the whole role themselves';
    faults.push(...vain.map((name) => `\`${name}\` ${why}`));
  }
  const isKept = values['aws-export-environment'] === false && values['output-credentials'] === false;
  if (isKept && !isGiven('aws-profile')) {
    faults.push(
      '`aws-export-environment` false needs `aws-profile` or `output-credentials`, or nobody gets the role',
    );
  }
  return faults;
}
