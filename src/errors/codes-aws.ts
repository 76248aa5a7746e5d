// Error codes of the AWS login.
import type { CodeEntry } from './codes.ts';

export const AWS_CODES = {
  AWS_ISSUER_UNUSABLE: {
    title: 'AWS cannot use the issuer in the access token or in the discovery document of the domain.',
    remedy:
      "In the domain's OAuth settings (token issuance policy), set the issuer to the domain's own URL, without :443.",
    causes: [
      'The domain has the default issuer, `https://identity.oraclecloud.com/`, which all tenancies share.',
      'The issuer has `:443`. The URL of an IAM provider has no port, so no provider can match it.',
      'The discovery document and the access token spell the issuer differently: AWS needs the same text, with or without a slash at the end.',
      'The issuer differs from `domain-url` (another domain, or another address of the same one), and the account has no provider for the issuer.',
    ],
  },
  AWS_AUDIENCE_MISMATCH: {
    title: 'The access token does not have the audience in `aws-audience`, or has further audiences.',
    remedy:
      'Set the primary audience of the resource server, `aws-audience` and the client ID list of the IAM provider to the same value, and request one resource only.',
    causes: [
      'The resource server has another primary audience: `sts.amazon.com` and `sts.amazonaws.com` are easily confused.',
      'The scopes belong to several resource servers, so the token has several audiences.',
      'The token has the claim `azp`, which AWS compares instead of the audience, and the provider does not list its value.',
    ],
  },
  AWS_SIGNING_KEYS_HIDDEN: {
    title:
      'AWS cannot read the keys that verify the access token, because it has no credentials for the domain.',
    remedy:
      'In the settings of the domain, turn on "Configure client access", so that AWS can fetch the signing certificate without credentials.',
    causes: [
      'The domain setting "Configure client access" is off, which is the default.',
      'The signing key was rotated a moment ago and is not published yet.',
    ],
  },
  AWS_TOKEN_EXPIRED: {
    title: 'The access token has expired by the clock of the runner or of AWS.',
    remedy:
      'Compare the clocks of the runner and the domain. Raise the lifetime of access tokens if it is less than a few minutes.',
    causes: [
      "The runner's clock is wrong.",
      'The application or the resource server has a very short lifetime of access tokens.',
    ],
  },
  AWS_ACCESS_DENIED: {
    title: 'STS knows the domain, but the role does not trust this token, or the role does not exist.',
    remedy:
      'Compare the trust policy of the role with the one shown, and check `aws-role-arn`. STS does not say what differs. A new role may need a minute.',
    causes: [
      'The `sub` in the trust policy of the role is another client ID.',
      'The `aud` in the trust policy is another audience.',
      'The name or account in `aws-role-arn` is wrong. STS responds the same for a role that does not exist.',
      'The role or its policy was created a moment ago.',
      'The trust policy demands `sts:RoleAuthorizedByIdp`, and the token has no claim `https://aws.amazon.com/roles`.',
      'A policy of the organization denies it, or the token has tags or a source identity and the role does not allow `sts:TagSession` or `sts:SetSourceIdentity`.',
    ],
  },
  AWS_IDENTITY_TOKEN_INVALID: {
    title:
      'STS rejects the token: no OIDC provider of the account matches it, or it may not assume this role.',
    remedy:
      'In the account of the role, create an IAM OIDC provider with exactly this issuer, and this audience in its client ID list. If STS could not get the key, run the job again.',
    causes: [
      'The account of the role has no IAM OIDC provider with exactly this issuer ("No OpenIDConnect provider found").',
      'The client ID list of the provider lacks the audience ("Incorrect token audience").',
      'AWS could not fetch the keys in any attempt ("Couldn\'t retrieve verification key"). The runner may be able to read them nevertheless.',
      'The token has the claim `https://aws.amazon.com/roles`, and the claim does not name the role (since July 2026; "not present in the roles claim"). STS checks it before the trust policy.',
      'The provider has an outdated list of thumbprints ("certificate doesn\'t match configured thumbprint").',
    ],
  },
  AWS_POLICY_MALFORMED: {
    title: 'STS cannot read the session policy.',
    remedy: 'Correct `aws-session-policy`: it must be an IAM policy document with Version and Statement.',
    causes: [
      'The policy has an element that IAM does not know, or lacks one.',
      'YAML folded or changed the text. A literal block (`|`) keeps it.',
    ],
  },
  AWS_POLICY_TOO_LARGE: {
    title: 'The session policies are too large after AWS has packed them.',
    remedy: 'Shorten `aws-session-policy`, or name fewer `aws-managed-session-policies`.',
    causes: [
      '`aws-session-policy` is long.',
      '`aws-managed-session-policies` names many policies.',
      'The token has tags, which count too.',
    ],
  },
  AWS_REQUEST_INVALID: {
    title: 'STS rejected a parameter, which its message names.',
    remedy:
      'Correct the input that STS names. STS refuses a duration above the maximum of the role, and a region that is not enabled.',
    causes: [
      '`aws-role-duration-seconds` is above the maximum session duration of the role, which is an hour by default.',
      'The region is not enabled for the account, or STS is turned off in it.',
      '`aws-sts-endpoint` is that of another partition or service.',
    ],
  },
  AWS_IDP_UNREACHABLE: {
    title: 'STS could not reach the identity domain in any attempt.',
    remedy:
      'Run the job again. If the error returns, check that no network perimeter of the domain blocks AWS from its discovery document and keys.',
    causes: ['The domain has a temporary fault or is slow.', 'A network perimeter of the domain blocks AWS.'],
  },
  AWS_UNREACHABLE: {
    title: 'STS sent no usable response in any attempt (network, 5xx or throttling).',
    remedy:
      'Check `aws-region` or `aws-sts-endpoint`, and that the runner can reach STS there over HTTPS. If STS throttles, run fewer jobs at once. Otherwise run the job again.',
    causes: [
      '`aws-region` or `aws-sts-endpoint` is mistyped, so its host does not exist.',
      'The network of a self-hosted runner blocks the endpoint of the region.',
      'Many jobs assume roles in the account at the same time (`Throttling`).',
      'AWS has a temporary fault.',
    ],
  },
  AWS_RESPONSE_MALFORMED: {
    title: 'The response of STS does not contain complete credentials for the role.',
    remedy: 'Check `aws-sts-endpoint`, and that no proxy or captive portal responds in place of STS.',
    causes: [
      'A proxy or captive portal sends its own page.',
      '`aws-sts-endpoint` is the address of another service than STS.',
      "The runner's clock is hours fast, so new credentials seem to be expired.",
    ],
  },
} as const satisfies Record<string, CodeEntry>;
