// The statement that lets the access tokens of one client assume a role, and its place among the statements of others.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { PolicyDocument, PolicyStatement } from './aws.ts';

const ACTION = 'sts:AssumeRoleWithWebIdentity';

/** The access tokens that a role trusts. */
interface TrustedClient {
  providerArn: string;
  audience: string;
  /** The client ID: `sub` of its access tokens. */
  clientId: string;
}

/** The Sid of the statement for one environment: letters and digits only. @see IAM JSON policy elements: Sid */
export function sidFor(repositoryId: number, environment: string): string {
  const digest = createHash('sha256').update(environment).digest('hex').slice(0, 8);
  return `OciWif${repositoryId}${environment.replace(/[^A-Za-z0-9]/g, '').slice(0, 40)}${digest}`;
}

/** Compares `aud` and `sub`: with `aud` alone, every client of the domain could assume the role. */
export function statementFor(
  sid: string,
  { providerArn, audience, clientId }: TrustedClient,
): PolicyStatement {
  const host = hostOf(providerArn);
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: { Federated: providerArn },
    Action: ACTION,
    Condition: { StringEquals: { [`${host}:aud`]: audience, [`${host}:sub`]: clientId } },
  };
}

export function policyOf(statement: PolicyStatement): PolicyDocument {
  return { Version: '2012-10-17', Statement: [statement] };
}

export function statementsOf({ Statement }: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(Statement) ? Statement : [Statement as PolicyStatement];
}

/** The policy with our statement, as the last one unless it was there. All others stay as they are, in their order. */
export function withStatement(policy: PolicyDocument, statement: PolicyStatement): PolicyDocument {
  const statements = statementsOf(policy);
  const found = statements.findIndex(({ Sid }) => Sid === statement.Sid);
  return { ...policy, Statement: statements.toSpliced(found < 0 ? statements.length : found, 1, statement) };
}

export function withoutStatement(policy: PolicyDocument, sid: string): PolicyDocument {
  return { ...policy, Statement: statementsOf(policy).filter(({ Sid }) => Sid !== sid) };
}

/** Whether a statement, whoever wrote it, admits exactly these tokens and has no other condition. */
export function admits(policy: PolicyDocument, client: TrustedClient): boolean {
  const { Principal, Action, Condition } = statementFor('', client);
  return statementsOf(policy).some(
    (one) =>
      one.Effect === 'Allow' &&
      isDeepStrictEqual(listsIn({ Principal: one.Principal, Action: one.Action, Condition: one.Condition }), {
        ...(listsIn({ Principal, Action, Condition }) as object),
      }),
  );
}

/** Whether statements other than ours differ between two versions of a policy. */
export function foreignDiffer(before: PolicyDocument, after: PolicyDocument, sid: string): boolean {
  const foreign = (policy: PolicyDocument) => JSON.stringify(withoutStatement(policy, sid));
  return foreign(before) !== foreign(after);
}

/** Statements that trust the provider without a condition on `sub`: every client of the domain can assume the role. */
export function withoutSubject(policy: PolicyDocument, providerArn: string): readonly PolicyStatement[] {
  const subject = `${hostOf(providerArn)}:sub`.toLowerCase();
  return statementsOf(policy).filter(
    ({ Effect, Principal, Condition = {} }) =>
      Effect === 'Allow' &&
      JSON.stringify(Principal ?? '').includes(providerArn) &&
      !Object.values(Condition).some((tests) =>
        Object.keys(tests).some((key) => key.toLowerCase() === subject),
      ),
  );
}

/** URL of the provider without `https://`: condition keys begin with it. */
function hostOf(providerArn: string): string {
  return providerArn.slice(providerArn.indexOf('/') + 1);
}

export function providerArnOf(
  { accountId, partition }: { accountId: string; partition: string },
  issuer: string,
): string {
  return `arn:${partition}:iam::${accountId}:oidc-provider/${issuer.replace(/^https:\/\//, '')}`;
}

/** IAM takes a list of one value and the value itself for the same. */
function listsIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? value[0] : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, listsIn(member)]));
}
