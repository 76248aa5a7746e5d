// Parsers of the AWS inputs, with the limits of the STS API.
import { parseObject } from '../response.ts';
import { invalid, matching, quoted, regionName, splitList } from './parsers.ts';

export interface RoleArn {
  arn: string;
  partition: string;
  accountId: string;
}

/** @see IAM identifiers (AWS documentation) */
export function roleArn(raw: string): RoleArn {
  const match = /^arn:(aws|aws-cn|aws-us-gov|aws-eusc):iam::(\d{12}):role\/[\w+=,.@/-]{1,512}$/.exec(raw);
  if (match === null)
    return invalid(`must be the ARN of a role, arn:aws:iam::123456789012:role/…, not ${quoted(raw)}`);
  const [, partition = '', accountId = ''] = match;
  return { arn: raw, partition, accountId };
}

/** Becomes part of a host name, so it must contain nothing else. */
export const region = regionName('an AWS region, such as eu-central-1');

/** The partition of an AWS region. @see AWS STS endpoints and quotas (AWS General Reference) */
export function partitionOf(name: string): string {
  const [, prefix] = /^(cn|us-gov|eusc)-/.exec(name) ?? [];
  return prefix === undefined ? 'aws' : `aws-${prefix}`;
}

/** @see AWS STS endpoints and quotas (AWS General Reference) */
const DNS_SUFFIX: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
};

/** The endpoint of the region: tokens of the global one fail in opt-in regions. */
export function regionalSts(name: string): URL {
  return new URL(`https://sts.${name}.${DNS_SUFFIX[partitionOf(name)] ?? 'amazonaws.com'}`);
}

/** RFC 6749 section 3.3: words of printable ASCII without quote and backslash. */
export const scope = matching(
  /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/,
  'must be an OAuth scope such as "/" or "sts.amazon.com/"',
);

export const roleSessionName = matching(
  /^[\w+=,.@-]{2,64}$/,
  'must have 2 to 64 letters, digits and _ + = , . @ -',
);

const POLICY_LIMIT = 2048;

/** Without whitespace between tokens, which would count towards the limit. */
export function sessionPolicy(raw: string): string {
  const policy = parseObject(raw);
  if (policy === undefined) return invalid('must be an IAM policy document in JSON');
  const compact = JSON.stringify(policy);
  if (compact.length <= POLICY_LIMIT) return compact;
  return invalid(`must have up to ${POLICY_LIMIT} characters without whitespace, not ${compact.length}`);
}

export function managedSessionPolicies(raw: string): string[] {
  const arns = splitList(raw);
  const wrong = arns.filter((arn) => !/^arn:[a-z-]+:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}$/.test(arn));
  if (wrong.length > 0)
    return invalid(`must contain only ARNs of managed policies, not ${quoted(wrong.join(', '))}`);
  return arns.length <= 10 ? arns : invalid(`must contain up to 10 policies, not ${arns.length}`);
}

export function accountIds(raw: string): string[] {
  const ids = splitList(raw);
  const wrong = ids.filter((id) => !/^\d{12}$/.test(id));
  if (wrong.length === 0 && ids.length > 0) return ids;
  const why = 'in quotes, because YAML drops leading zeros';
  return invalid(`must contain only account IDs of 12 digits, ${why}; not ${quoted(wrong.join(', '))}`);
}
