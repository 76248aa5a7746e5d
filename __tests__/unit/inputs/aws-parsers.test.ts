import { describe, expect, it } from '@jest/globals';
import * as aws from '../../../src/inputs/aws-parsers.ts';
import { InputError } from '../../../src/inputs/parsers.ts';
import type { Parse } from './parser-cases.ts';

const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const compact = JSON.stringify(POLICY);
const policyOf = (length: number) => JSON.stringify({ a: 'x'.repeat(length - 8) });
const policyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const role = (arn: string, partition: string) => ({ arn, partition, accountId: '123456789012' });

const tables: [string, Parse, [raw: string, value: unknown][], invalid: string[]][] = [
  [
    'a role',
    aws.roleArn,
    [
      [ROLE, role(ROLE, 'aws')],
      [ROLE.replace('deploy', 'a/b/deploy'), role(ROLE.replace('deploy', 'a/b/deploy'), 'aws')],
      ...['aws-cn', 'aws-us-gov', 'aws-eusc'].map((partition): [string, unknown] => {
        const arn = ROLE.replace('aws', partition);
        return [arn, role(arn, partition)];
      }),
    ],
    [
      'deploy',
      '123456789012',
      ROLE.replace('role', 'user'),
      ROLE.replace('iam', 'sts'),
      ROLE.replace('123456789012', '12345678901'),
      ROLE.replace('aws', 'aws-x'),
      'arn:aws:iam::123456789012:role/',
      `${ROLE} `,
      `${ROLE}\n[x]`,
      'arn:aws:sts::123456789012:assumed-role/deploy/x',
    ],
  ],
  [
    'a region of AWS',
    aws.region,
    ['us-east-1', 'eu-central-2', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1', 'ap-southeast-10'].map(
      (name) => [name, name],
    ),
    ['', 'us-east', 'US-EAST-1', 'us-east-1a', 'us-east-1.evil.example', 'us-east-1/', 'us-east-1\n', 'iad'],
  ],
  [
    'a scope',
    aws.scope,
    ['/', 'sts.amazon.com/', 'urn:opc:idm:__myscopes__', 'a b'].map((text) => [text, text]),
    ['', ' ', 'a  b', ' a', 'a ', 'a"b', 'a\\b', 'a\nb', 'ä'],
  ],
  [
    'the name of a session',
    aws.roleSessionName,
    ['ab', 'a+b=c,d.e@f-g_h', 'x'.repeat(64)].map((text) => [text, text]),
    ['', 'a', 'x'.repeat(65), 'a b', 'a/b', 'a:b', 'ä-ö', 'ab\n'],
  ],
  [
    'a session policy',
    aws.sessionPolicy,
    [
      [compact, compact],
      [JSON.stringify(POLICY, undefined, 8), compact],
      [`\n ${compact} \n`, compact],
      [policyOf(2048), policyOf(2048)],
    ],
    ['', 'null', '[]', '"x"', '{', 'arn:aws:iam::aws:policy/x', policyOf(2049)],
  ],
  [
    'managed session policies',
    aws.managedSessionPolicies,
    [
      [policyArn, [policyArn]],
      [` ${policyArn} ,\n${ROLE.replace('role', 'policy')}\n`, [policyArn, ROLE.replace('role', 'policy')]],
      [Array(10).fill(policyArn).join(), Array(10).fill(policyArn)],
    ],
    ['x', ROLE, `${policyArn} ${policyArn}`, Array(11).fill(policyArn).join()],
  ],
  [
    'account ids',
    aws.accountIds,
    [
      ['123456789012', ['123456789012']],
      ['000000000012, 123456789012\n', ['000000000012', '123456789012']],
    ],
    ['', ',', '12', '1234-5678-9012', '123456789012 000000000012', '１23456789012'],
  ],
];

describe.each(tables)('the parser of %s', (_title, parse, valid, invalid) => {
  it.each(valid)('accepts %j', (raw, value) => {
    expect(parse(raw)).toEqual(value);
  });

  it.each(invalid)('rejects %j in one line', (raw) => {
    expect(() => parse(raw)).toThrow(InputError);
    expect(() => parse(raw)).toThrow(
      expect.not.objectContaining({ message: expect.stringMatching(/\p{Cc}/u) }),
    );
  });
});

describe('the partition', () => {
  it.each([
    ['us-east-1', 'aws', 'https://sts.us-east-1.amazonaws.com/'],
    ['cn-northwest-1', 'aws-cn', 'https://sts.cn-northwest-1.amazonaws.com.cn/'],
    ['us-gov-east-1', 'aws-us-gov', 'https://sts.us-gov-east-1.amazonaws.com/'],
    ['eusc-de-east-1', 'aws-eusc', 'https://sts.eusc-de-east-1.amazonaws.eu/'],
  ])('of %s is %s, and its STS is at %s', (region, partition, sts) => {
    expect(aws.partitionOf(region)).toBe(partition);
    expect(aws.regionalSts(region).href).toBe(sts);
  });
});
