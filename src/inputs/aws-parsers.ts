// The rules of the AWS inputs, with the limits of the STS service model.
import { parseObject } from '../response.ts';
import { entriesOf, refuse, shown } from './parsers.ts';

export interface RoleArn {
  arn: string;
  partition: string;
  accountId: string;
}

/** @see IAM identifiers (AWS documentation) */
export function roleArn(raw: string): RoleArn {
  const match = /^arn:(aws|aws-cn|aws-us-gov|aws-eusc):iam::(\d{12}):role\/[\w+=,.@/-]{1,512}$/.exec(raw);
  if (match === null)
    return refuse(`must be the ARN of a role, arn:aws:iam::123456789012:role/…, not ${shown(raw)}`);
  const [, partition = '', accountId = ''] = match;
  return { arn: raw, partition, accountId };
}

/** The name goes into a host name: nothing else may be in it. Unknown names pass, the list grows. */
export function region(raw: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(raw)) return raw;
  return refuse(`must be the name of an AWS region, such as eu-central-1, not ${shown(raw)}`);
}

/** @see AWS STS endpoints and quotas (AWS General Reference); partitions are told by the first part of the name */
export function partitionOf(name: string): string {
  const prefixes: Readonly<Record<string, string>> = {
    'cn-': 'aws-cn',
    'us-gov-': 'aws-us-gov',
    'eusc-': 'aws-eusc',
  };
  const prefix = Object.keys(prefixes).find((one) => name.startsWith(one));
  return (prefix && prefixes[prefix]) ?? 'aws';
}

/** RFC 6749 section 3.3: words of printable ASCII without quote and backslash. */
export function scope(raw: string): string {
  if (/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(raw)) return raw;
  return refuse(`must be an OAuth scope such as "/" or "sts.amazon.com/", not ${shown(raw)}`);
}

export function roleSessionName(raw: string): string {
  if (/^[\w+=,.@-]{2,64}$/.test(raw)) return raw;
  return refuse(`takes 2 to 64 letters, digits and _ + = , . @ -, not ${shown(raw)}`);
}

const POLICY_LIMIT = 2048;

/** Sent without the blanks that make it readable: they would count. */
export function sessionPolicy(raw: string): string {
  const policy = parseObject(raw);
  if (policy === undefined) return refuse('must be an IAM policy document in JSON');
  const compact = JSON.stringify(policy);
  if (compact.length <= POLICY_LIMIT) return compact;
  return refuse(`is ${compact.length} characters long without blanks; STS takes ${POLICY_LIMIT}`);
}

export function managedSessionPolicies(raw: string): string[] {
  const arns = entriesOf(raw);
  const wrong = arns.filter((arn) => !/^arn:[a-z-]+:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}$/.test(arn));
  if (wrong.length > 0) return refuse(`takes ARNs of policies, not ${shown(wrong.join(', '))}`);
  return arns.length <= 10 ? arns : refuse(`takes up to 10 policies, not ${arns.length}`);
}

export function accountIds(raw: string): string[] {
  const ids = entriesOf(raw);
  const wrong = ids.filter((id) => !/^\d{12}$/.test(id));
  if (wrong.length === 0 && ids.length > 0) return ids;
  return refuse(
    `takes account ids of 12 digits, in quotes lest YAML drop a leading zero; not ${shown(wrong.join(', '))}`,
  );
}
