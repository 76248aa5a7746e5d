import { describe, expect, it } from '@jest/globals';
import type { PolicyDocument, PolicyStatement } from '../../../cli/aws/aws.ts';
import {
  admits,
  foreignDiffer,
  policyOf,
  providerArnOf,
  sidFor,
  statementFor,
  withoutStatement,
  withoutSubject,
  withStatement,
} from '../../../cli/aws/trust-policy.ts';

const HOST = 'idcs-1.identity.oraclecloud.com';
const client = {
  providerArn: `arn:aws:iam::123456789012:oidc-provider/${HOST}`,
  audience: 'sts.amazon.com',
  clientId: 'client-1',
};
const SID = sidFor(5678, 'prod');
const ours = statementFor(SID, client);
const foreign: PolicyStatement = {
  Sid: 'Admins',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::123456789012:root' },
  Action: 'sts:AssumeRole',
};
const policy = (...Statement: PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Id: 'x',
  Statement,
});

describe('our statement', () => {
  it('compares aud and sub of the access token with StringEquals', () => {
    expect(ours).toEqual({
      Sid: SID,
      Effect: 'Allow',
      Principal: { Federated: client.providerArn },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${HOST}:aud`]: 'sts.amazon.com', [`${HOST}:sub`]: 'client-1' } },
    });
  });

  it('has a Sid of letters and digits that differs between environments with the same letters', () => {
    const sids = ['prod', 'pr-od', 'Prod', 'süd/ost', 'x'.repeat(255)].map((name) => sidFor(5678, name));
    expect(new Set(sids).size).toBe(sids.length);
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]{1,100}$/);
  });

  it('is appended to the statements of others, which stay as they are', () => {
    const before = policy(foreign);
    expect(JSON.stringify(withStatement(before, ours))).toBe(JSON.stringify(policy(foreign, ours)));
    expect(before).toEqual(policy(foreign));
  });

  it('is appended to a policy whose only statement is not in a list', () => {
    expect(withStatement({ Statement: foreign }, ours)).toEqual({ Statement: [foreign, ours] });
  });

  it('replaces its former version at its place', () => {
    const former = statementFor(SID, { ...client, clientId: 'deleted' });
    expect(withStatement(policy(former, foreign), ours)).toEqual(policy(ours, foreign));
  });

  it('is removed without the statements of others', () => {
    expect(withoutStatement(policy(foreign, ours), SID)).toEqual(policy(foreign));
  });
});

describe('a policy that is there', () => {
  it.each<[string, PolicyStatement]>([
    ['our statement', ours],
    ['a statement without Sid', { ...ours, Sid: 'Other' }],
    ['values in lists of one', { ...ours, Action: ['sts:AssumeRoleWithWebIdentity'] }],
  ])('admits the client by %s', (_name, statement) => {
    expect(admits(policy(foreign, statement), client)).toBe(true);
  });

  it.each<[string, PolicyStatement]>([
    ['another client', statementFor(SID, { ...client, clientId: 'client-2' })],
    ['another audience', statementFor(SID, { ...client, audience: 'other' })],
    ['no condition on sub', { ...ours, Condition: { StringEquals: { [`${HOST}:aud`]: 'sts.amazon.com' } } }],
    ['one more condition', { ...ours, Condition: { ...ours.Condition, Bool: { 'aws:x': 'true' } } }],
    ['a denial', { ...ours, Effect: 'Deny' }],
  ])('does not count as ours with %s', (_name, statement) => {
    expect(admits(policy(statement), client)).toBe(false);
  });

  it('shows its statements that trust the provider without a condition on sub', () => {
    const open = { ...ours, Sid: 'Open', Condition: { StringEquals: { [`${HOST}:aud`]: 'sts.amazon.com' } } };
    expect(withoutSubject(policy(foreign, ours, open), client.providerArn)).toEqual([open]);
  });

  it('differs when a statement of others is lost, changed or moved, and not by ours', () => {
    const second = { ...foreign, Sid: 'Second' };
    const before = policy(foreign, second);
    expect(foreignDiffer(before, policy(foreign, ours, second), SID)).toBe(false);
    for (const after of [
      policy(foreign),
      policy(second, foreign),
      policy({ ...foreign, Action: '*' }, second),
    ])
      expect(foreignDiffer(before, after, SID)).toBe(true);
  });
});

it('computes the ARN of the provider of a domain in the partition of the account', () => {
  expect(providerArnOf({ accountId: '1', partition: 'aws-cn' }, `https://${HOST}`)).toBe(
    `arn:aws-cn:iam::1:oidc-provider/${HOST}`,
  );
  expect(policyOf(ours).Statement).toEqual([ours]);
});
