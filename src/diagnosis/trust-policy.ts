// The trust policy that would have let a token in, to be compared with the one that did not. Pure.

export interface TrustedToken {
  partition: string;
  /** Account of the role, in which the provider must be registered too. */
  accountId: string;
  issuer: string;
  audience: string;
  subject: string;
}

/** @see Creating a role for OpenID Connect federation (AWS documentation) */
export function renderTrustPolicy({ partition, accountId, issuer, audience, subject }: TrustedToken): string {
  const provider = issuer.replace(/^https:\/\//, '');
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:${partition}:iam::${accountId}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: subject } },
      },
    ],
  });
}
