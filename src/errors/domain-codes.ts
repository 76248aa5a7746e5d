// The failures of the identity domain and of the session that it gives: see catalogue.ts.
import type { ErrorCode, Explanation } from './action-error.ts';

export const OF_THE_DOMAIN = {
  OCI_DOMAIN_UNREACHABLE: {
    happened: 'The identity domain gave no usable answer in any of the tries.',
    causes: [
      'A mistyped host in `domain-url`, or a domain that has been deleted.',
      'A firewall between a self-hosted runner and the domain.',
      'A passing fault of the domain (5xx), which also shows when it cannot fetch the keys of the token issuer.',
    ],
  },
  OCI_CLIENT_REJECTED: {
    happened: 'The identity domain does not accept the application (`invalid_client`).',
    causes: [
      'A wrong `client-id` or `client-secret`, or a secret that was regenerated after it was stored.',
      'The application has not been activated.',
      'The application belongs to another domain than `domain-url`.',
      'For the access token for AWS: the same in `aws-client-id` and `aws-client-secret`.',
    ],
  },
  OCI_NO_RULE_MATCHED: {
    happened: "The domain trusts the token, but none of the trust's impersonation rules fits it.",
    causes: [
      'Another kind of subject than the rule has: with `environment:` the job is that environment, not its branch; pull requests and tags have subjects of their own.',
      'The form with ids (`repo:OWNER@ID/REPO@ID:…`), the default of repositories created or renamed since 15 July 2026.',
      'The value of the rule stands in quotes.',
      'The rules were lost: an update of the list replaces all of it.',
    ],
  },
  OCI_NOT_A_SERVICE_USER: {
    happened: 'A rule matched, but the user it names is an ordinary user, whom nobody may impersonate.',
    causes: [
      'The user was created without `serviceUser: true`; some versions of the CLI drop it from the JSON.',
      'The rule holds the id of another user.',
    ],
  },
  OCI_EXCHANGE_REJECTED: {
    happened: 'The domain refused the exchange for another reason, which its own text gives if it gives one.',
    causes: [
      "The audience of the token is not among the values of the trust's client claim.",
      'The trust is not active, as every trust is at first, or the domain has none for this issuer.',
      'The application is not among the OAuth clients of the trust.',
      'The issuer differs: GitHub Enterprise Server and enterprises with an issuer of their own have another.',
      "The token's signature cannot be verified: the trust's public key endpoint is wrong.",
      'With `token-type: rpst`: the trust is for users, or its `impersonatingResource` is not the `resource-type`, or the token does not meet its `claimValidations`. The reverse: the trust is for resources and the login asks for a user.',
      'The token has expired on the way, or the clocks differ.',
    ],
  },
  OCI_RATE_LIMITED: {
    happened: 'The domain answered 429: too many tokens were asked of it in this second or minute.',
    causes: [
      'A wide matrix whose jobs all log in at once; a Free domain allows 10 a second and 150 a minute.',
      'Several logins in each job where one would do.',
      'Other programs use the same domain.',
    ],
  },
  OCI_RESPONSE_MALFORMED: {
    happened: "What answered at `domain-url` did not answer as an identity domain's token endpoint does.",
    causes: [
      'The address is that of another service, such as the web console of OCI.',
      'A proxy or captive portal answers with a page of its own.',
      'An application for AWS whose access tokens are not JWTs, or lack a subject.',
    ],
  },
  UPST_EXPIRED: {
    happened: 'By the clock of the runner, the session token is over already or not yet valid.',
    causes: [
      "The runner's clock is wrong, as after a machine was suspended.",
      'Something between the runner and the domain answers with old tokens.',
    ],
  },
  UPST_KEY_MISMATCH: {
    happened: 'The session token is not bound to the key pair of this login, so it was thrown away.',
    causes: [
      'Something between the runner and the domain answers with the token of somebody else, such as a cache.',
      'The token names no key at all, as from a gateway or test double in place of the domain.',
    ],
  },
  UPST_TENANCY_MISMATCH: {
    happened: 'The login would have worked, in another tenancy than `tenancy` names.',
    causes: [
      '`domain-url` of another stage, such as test instead of production.',
      'A mistyped `tenancy`, or the OCID of a compartment.',
    ],
  },
  OCI_SCOPE_REFUSED: {
    happened: 'The domain does not give this application the scope in `aws-scope`.',
    causes: [
      'The domain wants the other form, bare or behind the primary audience.',
      'The scope is not among those that the application may ask for.',
      'The resource server is not active, or the scope is mistyped.',
    ],
  },
  OCI_ACCESS_TOKEN_REFUSED: {
    happened:
      'The domain refused the access token for AWS for another reason, which its own text gives if it gives one.',
    causes: [
      'The application may not use the grant "client credentials".',
      'The resource server is not among what the application may ask for.',
    ],
  },
} as const satisfies Partial<Record<ErrorCode, Explanation>>;
