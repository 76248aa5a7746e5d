// Error codes of the identity domain, its tokens, and OCI itself.
import type { CodeEntry } from './codes.ts';

export const OCI_CODES = {
  OCI_DOMAIN_UNREACHABLE: {
    title: 'The identity domain sent no usable response in any attempt.',
    remedy:
      'Check `domain-url`, and that the runner can reach that host on port 443. If the domain is only slow, raise `request-timeout-seconds` or `retry-max-attempts`.',
    causes: [
      'The host in `domain-url` is mistyped, or the domain was deleted.',
      'A firewall blocks the domain for a self-hosted runner.',
      'The domain has a temporary fault (5xx). It also reports one when it cannot fetch the keys of the token issuer.',
    ],
  },
  OCI_CLIENT_REJECTED: {
    title: 'The identity domain rejected the application (`invalid_client`).',
    remedy:
      'Check `client-id` and `client-secret`, that the application is active, and that it belongs to the domain in `domain-url`.',
    causes: [
      '`client-id` or `client-secret` is wrong, or the secret was regenerated after it was stored.',
      'The application is not active.',
      'The application belongs to another domain than the one in `domain-url`.',
      'For the access token for AWS: `aws-client-id` or `aws-client-secret` is wrong.',
    ],
  },
  OCI_NO_RULE_MATCHED: {
    title: 'No rule of the trust matches this job.',
    remedy:
      "Add the rule `sub eq …` with the subject of this job's token to the trust (no quotes). The details show it.",
    causes: [
      'The rule has another kind of subject: with `environment:`, the subject is the environment, not the branch. Pull requests and tags have their own subjects.',
      'The subject has the form with IDs (`repo:OWNER@ID/REPO@ID:…`), the default of repositories created or renamed since 15 July 2026.',
      'The value in the rule is in quotes. Domains have been seen to treat the quotes as part of the value.',
      'A colon inside a part of the subject, such as an environment name, is written `%3A` in the token but not in the rule.',
      'An update of the trust removed the rule, because an update replaces the whole list of rules.',
    ],
  },
  OCI_NOT_A_SERVICE_USER: {
    title: 'A rule matched, but its user is not a service user and cannot be impersonated.',
    remedy:
      'Create a user with `serviceUser: true` and put its ID into the rule. An existing user cannot become a service user.',
    causes: [
      'The user was created without `serviceUser: true`. Some versions of the CLI remove it from the JSON.',
      'The rule has the ID of another user.',
    ],
  },
  OCI_EXCHANGE_REJECTED: {
    title: 'The identity domain refused to exchange the ID token.',
    remedy:
      'Check that the domain has an active trust for this issuer, and that the trust lists the audience of the token and this application. Its `subjectType` must match `token-type`.',
    causes: [
      "The client claim of the trust does not list the token's audience.",
      'The trust is not active (a new trust is inactive), or the domain has no trust for this issuer.',
      'The trust does not list the application as OAuth client.',
      'The issuer differs: GitHub Enterprise Server, and enterprises with their own issuer, have another one.',
      'The public key endpoint of the trust is not the `jwks_uri` of the issuer, so the domain cannot verify the signature of the token.',
      'With `token-type: rpst`: the trust is for users, its `impersonatingResource` is not `resource-type`, or the token does not meet its `claimValidations`. Without it: the trust is for resources.',
      'With `rpst-lifetime-seconds`: OCI counts the number in minutes and does not allow so many.',
      'The token expired before it arrived, or the clocks differ.',
    ],
  },
  OCI_RATE_LIMITED: {
    title: 'The identity domain received too many token requests (429).',
    remedy:
      'Run fewer jobs at once (`max-parallel`), log in once per job, or raise `timeout-seconds`. A Free domain allows 10 logins a second and 150 a minute.',
    causes: [
      'The jobs of a large matrix log in at the same time. A Free domain allows 10 logins a second and 150 a minute.',
      'Each job logs in several times where once is enough.',
      'Other programs use the same domain.',
    ],
  },
  OCI_RESPONSE_MALFORMED: {
    title: 'The response from `domain-url` is not that of an identity domain.',
    remedy:
      'Check that `domain-url` is the URL of the identity domain, and that no proxy or captive portal responds in its place.',
    causes: [
      '`domain-url` is the address of another service, such as the OCI Console.',
      'A proxy or captive portal sends its own page.',
      'The access tokens of the application for AWS are not JWTs, or have no subject.',
    ],
  },
  SESSION_TOO_SHORT: {
    title: 'The session ends earlier than `minimum-lifetime-seconds` requires.',
    remedy:
      'Lower `minimum-lifetime-seconds` (a session of a user lasts at most an hour), or set `refresh: true`. For `token-type: rpst`, raise `rpst-lifetime-seconds`.',
    causes: [
      '`minimum-lifetime-seconds` is more than a session lasts: an hour or only five minutes for a user, 20 minutes for a resource unless `rpst-lifetime-seconds` requests more.',
      'The domain issues shorter sessions than usual.',
      'The clock of the machine is fast, so less time seems to be left.',
    ],
  },
  UPST_EXPIRED: {
    title: 'By the clock of the runner, the session token has expired or is not yet valid.',
    remedy: 'Synchronize the clock of the runner with a time server: it differs from the times in the token.',
    causes: [
      "The runner's clock is wrong, for example after the machine was suspended.",
      'A system between the runner and the domain sends old tokens.',
    ],
  },
  UPST_KEY_MISMATCH: {
    title: 'The session token is not bound to the key of this login, so it was discarded.',
    remedy:
      'Run the job again. If the error returns, find out what responds in place of the domain. Until you know, treat it as an attack and rotate the client secret.',
    causes: [
      'A system between the runner and the domain, such as a cache, sends the token of another client.',
      'The token names no key, for example because a gateway or test double responds in place of the domain.',
    ],
  },
  UPST_TENANCY_MISMATCH: {
    title: 'The session token is for another tenancy than the one in `tenancy`.',
    remedy:
      'Check `domain-url`, which may be a domain of another tenancy, and `tenancy`. Nothing was written.',
    causes: [
      '`domain-url` is that of another stage, such as test instead of production.',
      '`tenancy` is mistyped, or is the OCID of a compartment.',
    ],
  },
  OCI_SESSION_REFUSED: {
    title: 'OCI refused a request that was signed with the new session.',
    remedy:
      'Run the job again. If the error returns, look for a proxy that changes Host or Date, and check that `verify-endpoint` is in the realm of the session.',
    causes: [
      'A proxy or gateway changes what is signed: the path, or the headers Host or Date.',
      '`verify-endpoint` is in another realm than the session, or is not an OCI service.',
      'The session was revoked, or its user deactivated, a moment ago.',
    ],
  },
  OCI_CLOCK_SKEWED: {
    title: 'The clocks of this machine and OCI differ by more than five minutes, so OCI refuses requests.',
    remedy:
      'Synchronize the clock of the runner with a time server (NTP). Until then, OCI refuses the requests of later steps too.',
    causes: [
      'A self-hosted runner has no time server, or its virtual machine was suspended.',
      'The clock was set in the wrong time zone: the difference is then a number of whole hours.',
    ],
  },
  OCI_NOT_AUTHORIZED: {
    title: 'OCI accepts the session but does not allow it to read the Object Storage namespace.',
    remedy:
      'Add a policy, such as "Allow group … to read objectstorage-namespaces in tenancy" (rpst: any-user). A new policy takes minutes to apply: run the job again, or raise `retry-max-attempts`.',
    causes: [
      'The policy, the group or the membership of the service user is minutes old and does not apply everywhere yet.',
      'No policy allows anything to a group of the service user.',
      "The policy names the group without its domain (the full form is 'MyDomain'/'deployers'), or the group of another domain.",
      'With `token-type: rpst`: no policy for any-user matches this job, such as one where request.principal.type is identityfederateddomainapp.',
      'The tenancy is not subscribed to `region`.',
    ],
  },
  OCI_SERVICE_UNREACHABLE: {
    title: 'Object Storage sent no usable response in any attempt.',
    remedy:
      'Check `region` or `verify-endpoint`, and that the runner can reach Object Storage there over HTTPS. If both are right, run the job again.',
    causes: [
      '`region` or `verify-endpoint` is mistyped, so its host does not exist.',
      'The runner can reach the domain but not the services of the region: a firewall blocks them, or the network has private endpoints only.',
      'The service has a temporary fault, or received too many requests at once (429).',
    ],
  },
  OCI_SERVICE_RESPONSE_MALFORMED: {
    title: 'The response is not the namespace that Object Storage sends.',
    remedy:
      'Check `verify-endpoint` or `region`, and that no proxy or captive portal responds in place of Object Storage.',
    causes: [
      '`verify-endpoint` is the address of another service.',
      'A captive portal or intercepting proxy sends its own page or redirect.',
    ],
  },
  OCI_REALM_UNKNOWN: {
    title: 'This version does not know the realm in the OCID of the tenancy.',
    remedy:
      'Set `verify-endpoint` to the Object Storage address of that realm, or remove `verify`. Nothing was written.',
    causes: ['The realm is newer than this version, or is a dedicated one.'],
  },
  OCIR_TOKEN_REFUSED: {
    title: 'The container registry refused to issue a token for the session.',
    remedy:
      'Add a policy, such as "Allow group … to manage repos in compartment …" (to pull only: read repos). If the session has ended, log in again, or set `refresh: true`.',
    causes: [
      'No policy allows a group of the service user (for `token-type: rpst`: any-user) to read or manage `repos`.',
      'The session has ended: the job took longer than the session lasts, and nothing renewed it.',
      'The registry is in another realm than the session.',
      'The tenancy is not subscribed to the region of the registry.',
    ],
  },
  OCIR_UNREACHABLE: {
    title: 'The container registry sent no usable response in any attempt.',
    remedy:
      'Check `ocir-registries` or `region`, and that the runner can reach the registry over HTTPS. If both are right, run the job again.',
    causes: [
      'The name of a registry is mistyped, so its host does not exist.',
      'A firewall blocks the registry, or the network has private endpoints only.',
      'The service has a temporary fault, or received too many requests at once (429).',
    ],
  },
  OCIR_RESPONSE_MALFORMED: {
    title: 'The response of the container registry does not contain a token.',
    remedy:
      'Check `ocir-registries`: each name must be a registry of OCI. Check that no proxy or captive portal responds in its place.',
    causes: [
      'A name in `ocir-registries` is another registry than that of OCI.',
      'A captive portal or intercepting proxy sends its own page or redirect.',
    ],
  },
  OCI_SCOPE_REFUSED: {
    title: 'The identity domain does not grant this application the scope in `aws-scope`.',
    remedy:
      'Use the other form of `aws-scope`: as the resource server lists it ("/"), or with its primary audience before it ("sts.amazon.com/"). The application must be allowed that resource.',
    causes: [
      'The domain expects the other form, with or without the primary audience.',
      'The application is not allowed to request the scope.',
      'The resource server is not active, or the scope is mistyped.',
    ],
  },
  OCI_ACCESS_TOKEN_REFUSED: {
    title: 'The identity domain refused to issue the access token for AWS.',
    remedy:
      'Allow the application the grant type "client credentials", and add the resource server with its scope to its resources.',
    causes: [
      'The application may not use the grant type "client credentials".',
      'The application is not allowed to request the resource server.',
    ],
  },
} as const satisfies Record<string, CodeEntry>;
