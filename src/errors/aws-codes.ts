// The failures of the way on to AWS: see catalogue.ts.
import type { ErrorCode, Explanation } from './action-error.ts';

export const OF_AWS = {
  AWS_ISSUER_UNUSABLE: {
    happened:
      "The access token, or the domain's discovery document, names an issuer that AWS cannot look up.",
    causes: [
      'The domain still has the default issuer, `https://identity.oraclecloud.com/`, which all tenancies share.',
      'The issuer was entered with `:443` or a slash at the end.',
      '`domain-url` names the domain in another way than its issuer does.',
    ],
  },
  AWS_AUDIENCE_MISMATCH: {
    happened: 'The access token does not have exactly the audience in `aws-audience`.',
    causes: [
      'The resource server has another primary audience; `sts.amazon.com` and `sts.amazonaws.com` are easily confused.',
      'Scopes of several resource servers, and so several audiences.',
      'The token has a claim `azp`, which AWS takes in place of the audience.',
    ],
  },
  AWS_SIGNING_KEYS_HIDDEN: {
    happened:
      'Without credentials, which AWS does not have, the keys that sign the access token cannot be read.',
    causes: [
      'The domain setting "Configure client access" is off, as it is at first.',
      'The signing key has just been rotated and is not published yet.',
    ],
  },
  AWS_TOKEN_EXPIRED: {
    happened: 'The access token was too old, by the clock of the runner or that of AWS.',
    causes: [
      "The runner's clock is wrong.",
      'A very short lifetime of access tokens in the settings of the application or the resource server.',
    ],
  },
  AWS_ACCESS_DENIED: {
    happened: 'STS knows the domain, but the role does not let this token in, or there is no such role.',
    causes: [
      "The `sub` in the role's trust policy is another client id.",
      'The `aud` in it is another.',
      'The name or the account in `aws-role-arn` is wrong: a role that does not exist looks the same.',
      'The role or its policy was made a moment ago.',
      'A policy of the organisation forbids it, or the token carries tags or a source identity and the role does not allow `sts:TagSession` or `sts:SetSourceIdentity`.',
    ],
  },
  AWS_IDENTITY_TOKEN_INVALID: {
    happened:
      'STS does not accept the token as one of a provider that the account knows; its own text tells which of these.',
    causes: [
      'No IAM OIDC provider with exactly this issuer in the account of the role ("No OpenIDConnect provider found").',
      'The audience is not in the client id list of the provider ("Incorrect token audience").',
      'AWS could not fetch the keys, often only for a moment ("Couldn\'t retrieve verification key").',
      'The provider has an outdated thumbprint list ("certificate doesn\'t match configured thumbprint").',
    ],
  },
  AWS_POLICY_MALFORMED: {
    happened: 'STS cannot read the session policy.',
    causes: [
      'An element that IAM does not know, or one that is missing.',
      'YAML has folded or changed the text: a literal block (`|`) keeps it.',
    ],
  },
  AWS_POLICY_TOO_LARGE: {
    happened: 'The session policies are too large once AWS has packed them.',
    causes: [
      'A long `aws-session-policy`.',
      'Many managed policies.',
      'Tags that the token carries, which count too.',
    ],
  },
  AWS_REQUEST_INVALID: {
    happened: 'STS finds a parameter wrong; its own text names it.',
    causes: [
      '`aws-role-duration-seconds` above the maximum session duration of the role, which is an hour at first.',
      'A region that is not enabled for the account, or in which STS is turned off.',
      'An `aws-sts-endpoint` of another partition or service.',
    ],
  },
  AWS_IDP_UNREACHABLE: {
    happened: 'STS could not reach the identity domain in any of the tries.',
    causes: [
      'A passing fault, or a domain that answers slowly.',
      'A network perimeter of the domain that does not let AWS in.',
    ],
  },
  AWS_UNREACHABLE: {
    happened: 'STS gave no usable answer in any of the tries: network, 5xx or throttling.',
    causes: [
      'No way out of the network of a self-hosted runner to the endpoint of the region.',
      'A mistyped `aws-region` or `aws-sts-endpoint`, whose host does not exist.',
      'Many jobs that assume roles in the account at once (`Throttling`).',
      'A passing fault of AWS.',
    ],
  },
  AWS_RESPONSE_MALFORMED: {
    happened: 'What answered in place of STS did not send whole credentials for the role.',
    causes: [
      'A proxy or captive portal answers with a page of its own.',
      '`aws-sts-endpoint` leads to something else than STS.',
      "The runner's clock is ahead by hours, so that fresh credentials look expired.",
    ],
  },
  AWS_ACCOUNT_NOT_ALLOWED: {
    happened:
      'The session is in an account that `aws-allowed-account-ids` does not list, so it was thrown away.',
    causes: [
      'What answers at `aws-sts-endpoint` is not STS, such as a gateway or test double: it has answered for another account than that of `aws-role-arn`.',
    ],
  },
} as const satisfies Partial<Record<ErrorCode, Explanation>>;
