// Reads the trust policies of AWS roles. @see IAM JSON policy elements: Condition (AWS documentation)
import type { OidcProvider, PolicyStatement, Role } from '../../aws/aws.ts';
import { statementsOf } from '../../aws/trust-policy.ts';

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** Wildcards match, too. A statement with `NotAction` counts as if it allowed every action. */
const ACTION = /^(\*|sts:(AssumeRole(With\w*)?)?\*|sts:AssumeRoleWithWebIdentity)$/i;

/** Statements that let tokens of a provider become the role. */
export function federatedStatements(
  { trustPolicy }: Role,
  { arn }: Pick<OidcProvider, 'arn'>,
): PolicyStatement[] {
  return statementsOf(trustPolicy).filter(
    ({ Effect, Principal, Action, NotAction }) =>
      Effect === 'Allow' &&
      listOf((Principal as { Federated?: string | string[] } | undefined)?.Federated).includes(arn) &&
      (NotAction !== undefined || listOf(Action).some((one) => ACTION.test(one))),
  );
}

export interface Comparison {
  /** For example `ForAnyValue:StringLike`. */
  operator: string;
  /** For example `<host>:sub`. */
  key: string;
  values: readonly string[];
}

export function comparisonsOf({ Condition = {} }: PolicyStatement): Comparison[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: listOf(values) })),
  );
}

/** Condition keys are not case-sensitive. */
export const isKey = ({ key }: Comparison, name: 'aud' | 'sub') => key.toLowerCase().endsWith(`:${name}`);

/** Whether AWS refuses every value that is not listed. Operators such as `StringNotEquals` and `Null` do not. */
export const refusesUnlisted = ({ operator }: Comparison) =>
  /^(ForAnyValue:|ForAllValues:)?String(Equals|EqualsIgnoreCase|Like)(IfExists)?$/i.test(operator);

/** The client ids that a role admits with tokens of these providers. */
export function subjectsOf(role: Role, providers: readonly OidcProvider[]): string[] {
  const statements = providers.flatMap((provider) => federatedStatements(role, provider));
  const subjects = statements
    .flatMap(comparisonsOf)
    .filter((one) => isKey(one, 'sub') && refusesUnlisted(one));
  return [...new Set(subjects.flatMap(({ values }) => values))];
}
