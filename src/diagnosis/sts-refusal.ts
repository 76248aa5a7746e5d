import type { WebIdentity } from '../aws/web-identity.ts';
import { ActionError, type ErrorCode } from '../errors/action-error.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import type { AwsConfig } from '../inputs/config.ts';
import { unavailable } from './service-failure.ts';

/** @see AssumeRoleWithWebIdentity, Common Errors (AWS STS API Reference) */
const CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['AccessDenied', 'AWS_ACCESS_DENIED'],
  ['InvalidIdentityToken', 'AWS_IDENTITY_TOKEN_INVALID'],
  ['IDPRejectedClaim', 'AWS_IDENTITY_TOKEN_INVALID'],
  ['ExpiredToken', 'AWS_TOKEN_EXPIRED'],
  ['IDPCommunicationError', 'AWS_IDP_UNREACHABLE'],
  ['MalformedPolicyDocument', 'AWS_POLICY_MALFORMED'],
  ['PackedPolicyTooLarge', 'AWS_POLICY_TOO_LARGE'],
]);

export function explainStsRefusal(
  refusal: ServiceRefusal,
  { role }: Pick<AwsConfig, 'role'>,
  { issuer, audience, subject }: WebIdentity,
): ActionError {
  const { code: stsCode, status, requestId } = refusal;
  if (/^(Throttling|RequestLimitExceeded)$/.test(stsCode)) return unavailable(refusal);
  const code = CODES.get(stsCode) ?? 'AWS_REQUEST_INVALID';
  const facts = { iss: issuer, aud: audience, sub: subject, role: role.arn };
  const message = `STS refused role ${role.arn} (${status} ${refusal.text}).`;
  if (code !== 'AWS_ACCESS_DENIED' && code !== 'AWS_IDENTITY_TOKEN_INVALID')
    return new ActionError(code, message, { status, requestId, facts });
  const token = `The token has iss=${issuer} aud=${audience} sub=${subject}.`;
  const policy = `This trust policy would accept it: ${renderTrustPolicy({ ...role, issuer, audience, subject })}.`;
  return new ActionError(code, `${message} ${token} ${policy}`, { status, requestId, facts });
}

export interface TrustedToken extends Pick<WebIdentity, 'issuer' | 'audience' | 'subject'> {
  partition: string;
  /** Account of the role, in which the provider must be registered too. */
  accountId: string;
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
