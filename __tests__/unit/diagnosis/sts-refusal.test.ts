import { describe, expect, it } from '@jest/globals';
import { explainStsRefusal, renderTrustPolicy } from '../../../src/diagnosis/sts-refusal.ts';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import { Secret } from '../../../src/secret.ts';

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

describe('explainStsRefusal', () => {
  const role = { arn: 'arn:aws:iam::123456789012:role/deploy', partition: 'aws', accountId: '123456789012' };
  const identity = { ...token, token: new Secret('jwt'), expiresAt: 0, keyId: undefined };
  const explain = (code: string) => {
    const text = `${code}: why`;
    const refusal = new ServiceRefusal('sts', { status: 400, code, text, requestId: 'r-1' });
    return explainStsRefusal(refusal, { role }, identity);
  };

  it.each([
    ['AccessDenied', 'AWS_ACCESS_DENIED', true],
    ['InvalidIdentityToken', 'AWS_IDENTITY_TOKEN_INVALID', true],
    ['IDPRejectedClaim', 'AWS_IDENTITY_TOKEN_INVALID', true],
    ['ExpiredToken', 'AWS_TOKEN_EXPIRED', false],
    ['IDPCommunicationError', 'AWS_IDP_UNREACHABLE', false],
    ['MalformedPolicyDocument', 'AWS_POLICY_MALFORMED', false],
    ['PackedPolicyTooLarge', 'AWS_POLICY_TOO_LARGE', false],
    ['Throttling', 'AWS_UNREACHABLE', false],
    ['RequestLimitExceeded', 'AWS_UNREACHABLE', false],
    ['RegionDisabled', 'AWS_REQUEST_INVALID', false],
    ['SomethingNew', 'AWS_REQUEST_INVALID', false],
    ['constructor', 'AWS_REQUEST_INVALID', false],
  ])('returns for %s the code %s, with a trust policy: %p', (stsCode, code, hasPolicy) => {
    const error = explain(stsCode);
    expect(error).toMatchObject({ code, requestId: 'r-1' });
    expect(error.message).toContain(`${stsCode}: why`);
    expect(error.message.includes('This trust policy')).toBe(hasPolicy);
  });
});
