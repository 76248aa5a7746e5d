// Error codes of the AWS login.
import type { CodeEntry } from './codes.ts';

export const AWS_CODES = {
  AWS_ISSUER_UNUSABLE: {
    title: 'AWS cannot use the issuer of the access token.',
    remedy: "In the domain's OAuth settings, set the issuer to the domain's own URL, without :443.",
    causes: [
      'The domain has the default issuer, `https://identity.oraclecloud.com/`, which all tenancies share.',
      'The discovery document and the token spell the issuer differently.',
      'The issuer is not `domain-url`, and the account has no provider for it.',
    ],
  },
  AWS_AUDIENCE_MISMATCH: {
    title: 'The access token does not have exactly the audience in `aws-audience`.',
    remedy: 'Give `aws-audience`, the resource server and the provider in AWS the same audience.',
    causes: [
      'The primary audience of the resource server differs: `sts.amazon.com` is not `sts.amazonaws.com`.',
      'The scopes belong to several resource servers.',
      'The token has the claim `azp`, which AWS compares instead.',
    ],
  },
  AWS_SIGNING_KEYS_HIDDEN: {
    title: 'AWS cannot read the signing keys of the domain.',
    remedy: 'In the settings of the domain, turn on "Configure client access".',
    causes: ['This setting is off, which is the default.'],
  },
  AWS_TOKEN_EXPIRED: {
    title: 'The access token has expired by the clock of the runner or of AWS.',
    remedy: 'Synchronize the clock of the runner, or raise the lifetime of access tokens.',
    causes: ["The runner's clock is wrong.", 'Access tokens are valid for seconds.'],
  },
  AWS_ACCESS_DENIED: {
    title: 'The role does not trust this token, or does not exist.',
    remedy:
      'Check that the role in `aws-role-arn` exists. If it does, add the statement in the job summary to its trust policy.',
    causes: [
      'The `sub` in the trust policy is another client ID, or `aud` another audience.',
      'The role in `aws-role-arn` does not exist (same response of STS).',
      'The role or its policy is less than a minute old.',
      'The trust policy demands `sts:RoleAuthorizedByIdp`, and the token has no claim `https://aws.amazon.com/roles`.',
      'A policy of the organization denies it, or the role does not allow `sts:TagSession` or `sts:SetSourceIdentity`.',
    ],
  },
  AWS_IDENTITY_TOKEN_INVALID: {
    title: 'STS did not accept the token for any OIDC provider.',
    remedy: 'In the account of the role, create an IAM OIDC provider with this issuer and audience.',
    causes: [
      'No provider has exactly this issuer ("No OpenIDConnect provider found").',
      'The client ID list of the provider lacks the audience ("Incorrect token audience").',
      'AWS could not fetch the keys ("Couldn\'t retrieve verification key"), although the runner can.',
      'The claim `https://aws.amazon.com/roles` does not name the role ("not present in the roles claim").',
    ],
  },
  AWS_POLICY_MALFORMED: {
    title: 'STS cannot read the session policy.',
    remedy: 'Correct `aws-session-policy`: it must be an IAM policy with Version and Statement.',
    causes: ['YAML folded the text. A literal block (`|`) keeps it.'],
  },
  AWS_POLICY_TOO_LARGE: {
    title: 'The session policies are too large after AWS has packed them.',
    remedy: 'Shorten `aws-session-policy`, or name fewer `aws-managed-session-policies`.',
    causes: ['The policies are long or many. Tags of the token count too.'],
  },
  AWS_REQUEST_INVALID: {
    title: 'STS rejected a parameter, which its message names.',
    remedy: 'Correct this parameter. Often the duration is above the maximum of the role.',
    causes: [
      '`aws-role-duration-seconds` is above the maximum session duration of the role, by default an hour.',
      'The account has not enabled the region.',
      '`aws-sts-endpoint` is that of another partition or service.',
    ],
  },
  AWS_IDP_UNREACHABLE: {
    title: 'STS could not reach the identity domain.',
    remedy: 'Run the job again. If it fails again, check that no network perimeter blocks AWS.',
    causes: ['The domain is slow, or a perimeter blocks AWS.'],
  },
  AWS_UNREACHABLE: {
    title: 'STS sent no usable response.',
    remedy: 'Check `aws-region` or `aws-sts-endpoint`, and that the runner can reach the host over HTTPS.',
    causes: [
      'A firewall blocks the endpoint of the region.',
      'Many jobs assume roles at once (`Throttling`).',
    ],
  },
  AWS_RESPONSE_MALFORMED: {
    title: 'The response of STS does not contain complete credentials.',
    remedy: 'Check `aws-sts-endpoint`, and that no proxy responds in place of STS.',
    causes: ['`aws-sts-endpoint` is the address of another service.', "The runner's clock is hours fast."],
  },
} as const satisfies Record<string, CodeEntry>;
