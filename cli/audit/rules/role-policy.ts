// Reads the trust policies of AWS roles. @see IAM JSON policy elements: Condition (AWS documentation)
import type { OidcProvider, PolicyDocument, PolicyStatement, Role } from '../../aws/aws.ts';

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** Statements that let tokens of a provider become the role. */
export function federatedStatements(
  { trustPolicy }: Role,
  { arn }: Pick<OidcProvider, 'arn'>,
): PolicyStatement[] {
  return allStatements(trustPolicy).filter(
    ({ Effect, Principal, Action }) =>
      Effect === 'Allow' &&
      listOf((Principal as { Federated?: string | string[] } | undefined)?.Federated).includes(arn) &&
      listOf(Action).some((one) =>
        /^(\*|sts:(\*|AssumeRole\*|AssumeRoleWith\w*\*?|AssumeRoleWithWebIdentity))$/i.test(one),
      ),
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

/** Whether a value that is not listed is refused. `Not…`, `Null` and the like exclude at most a few values. */
export const binds = ({ operator }: Comparison) =>
  /^(ForAnyValue:|ForAllValues:)?String(Equals|EqualsIgnoreCase|Like)(IfExists)?$/i.test(operator);

/** The client ids that a role admits with tokens of these providers. */
export function subjectsOf(role: Role, providers: readonly OidcProvider[]): string[] {
  const statements = providers.flatMap((provider) => federatedStatements(role, provider));
  const subjects = statements.flatMap(comparisonsOf).filter((one) => isKey(one, 'sub') && binds(one));
  return [...new Set(subjects.flatMap(({ values }) => values))];
}

/** The statements of a policy, which may be one object. */
export const allStatements = ({ Statement }: PolicyDocument) =>
  listOf(Statement as PolicyStatement | readonly PolicyStatement[]);
