import { describe, expect, it } from '@jest/globals';
import { renderTrustPolicy } from '../../../src/diagnosis/trust-policy.ts';

const token = {
  partition: 'aws-us-gov',
  accountId: '000000000012',
  issuer: 'https://idcs-1.identity.oraclegovcloud.com',
  audience: 'sts.amazon.com',
  subject: 'a"b',
};

describe('a trust policy', () => {
  it('names provider, audience and subject, in the account of the role', () => {
    expect(JSON.parse(renderTrustPolicy(token))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: {
            Federated: 'arn:aws-us-gov:iam::000000000012:oidc-provider/idcs-1.identity.oraclegovcloud.com',
          },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'idcs-1.identity.oraclegovcloud.com:aud': 'sts.amazon.com',
              'idcs-1.identity.oraclegovcloud.com:sub': 'a"b',
            },
          },
        },
      ],
    });
  });

  it('is one line', () => {
    expect(renderTrustPolicy(token)).not.toMatch(/\s/);
  });
});
