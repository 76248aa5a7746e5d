// IAM: the OIDC providers and roles of the world, and the evaluation of a role's trust policy.
// Source: IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements".
import {
  type AwsRole,
  type IamProvider,
  listOf,
  type TrustPolicy,
  type TrustStatement,
} from '../server/settings.ts';
import { awsClientId, domainIssuer, type World } from '../server/world.ts';
import type { WebIdentity } from './web-identity-token.ts';

const ACTION = 'sts:AssumeRoleWithWebIdentity';
export const ACCOUNT = '123456789012';
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/deploy`;

export interface RoleName {
  partition: string;
  account: string;
  /** Without its path. */
  name: string;
}

/** Completed with defaults that accept the default domain. */
export function iamProvidersOf(world: World): IamProvider[] {
  const { iamProviders, primaryAudience } = world.settings;
  return iamProviders.map((provider) => ({
    account: ACCOUNT,
    url: domainIssuer(world),
    clientIds: [primaryAudience],
    ...provider,
  }));
}

/** Roles of the settings. The default trust policy requires the `sub` that `roleSubject` selects. */
export function rolesOf(world: World): AwsRole[] {
  return world.settings.roles.map((role) => ({
    arn: ROLE_ARN,
    maxSessionDuration: 3600,
    trustPolicy: defaultTrustPolicy(role.arn ?? ROLE_ARN, world),
    ...role,
  }));
}

export function providerArn({ partition, account }: RoleName, url: string): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${withoutScheme(url)}`;
}

export function parseRoleArn(arn: string): RoleName | undefined {
  const [, partition, account, name] =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[!-.0-~]+\/)*([\w+=,.@-]{1,64})$/.exec(arn) ?? [];
  return partition === undefined || account === undefined || name === undefined
    ? undefined
    : { partition, account, name };
}

/** IAM accepts https URLs only. The URL of a real provider has no port. */
function withoutScheme(url: string): string {
  return url.replace(/^https:\/\//, '');
}

function defaultTrustPolicy(arn: string, world: World): TrustPolicy {
  const host = withoutScheme(domainIssuer(world));
  const role = parseRoleArn(arn) ?? { partition: 'aws', account: ACCOUNT, name: '' };
  const { primaryAudience, roleSubject, serviceUserName } = world.settings;
  const subject = roleSubject === 'user' ? serviceUserName : awsClientId(world);
  const tests = {
    [`${host}:aud`]: primaryAudience,
    ...(roleSubject !== 'any' && { [`${host}:sub`]: subject }),
  };
  return {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: providerArn(role, domainIssuer(world)) },
      Action: ACTION,
      Condition: { StringEquals: tests },
    },
  };
}

/** Evaluates principal, action and conditions of every statement. Deny has precedence over Allow. */
export function isTrusted(
  { Statement }: TrustPolicy,
  principal: string,
  { issuer, audience, subject }: WebIdentity,
  sessionName: string,
): boolean {
  const host = withoutScheme(issuer).toLowerCase();
  // The case of condition keys does not matter; that of their values does.
  const context = new Map([
    [`${host}:aud`, audience],
    [`${host}:sub`, subject],
    ['sts:rolesessionname', sessionName],
  ]);
  const statements = 'Effect' in Statement ? [Statement] : Statement;
  const effects = statements.filter((one) => applies(one, principal, context)).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function applies(
  { Principal, Action, Condition = {} }: TrustStatement,
  principal: string,
  context: ReadonlyMap<string, string>,
): boolean {
  return (
    listOf(Principal.Federated ?? []).includes(principal) &&
    listOf(Action).some((action) => matches(action.toLowerCase(), ACTION.toLowerCase())) &&
    Object.entries(Condition).every(([operator, tests]) =>
      Object.entries(tests).every(([key, values]) =>
        isMet(operator, listOf(values), context.get(key.toLowerCase())),
      ),
    )
  );
}

const COMPARISONS: Readonly<Record<string, (wanted: string, actual: string) => boolean>> = {
  StringEquals: (wanted, actual) => wanted === actual,
  StringEqualsIgnoreCase: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  StringLike: matches,
};

/**
 * Web identities have one value for each key. A key that the request does not have meets negated operators, `IfExists` and
 * `ForAllValues:`, which is why the last is dangerous.
 */
function isMet(operator: string, wanted: readonly string[], actual: string | undefined): boolean {
  const [, set = '', not = '', kind = '', ifExists] =
    /^(ForAllValues:|ForAnyValue:)?String(Not)?(Equals|EqualsIgnoreCase|Like)(IfExists)?$/.exec(operator) ??
    [];
  if (operator === 'Null') return wanted.some((one) => (one === 'true') === (actual === undefined));
  const compare = COMPARISONS[`String${kind}`];
  if (!compare) throw new Error(`trust policies with ${operator} are not emulated`);
  if (actual === undefined)
    return set === 'ForAllValues:' || (set === '' && (not !== '' || ifExists !== undefined));
  return wanted.some((one) => compare(one, actual)) === (not === '');
}

/** A star matches any characters, a question mark one. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\/-]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
