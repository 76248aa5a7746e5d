// Error codes of the identity domain, its tokens, and OCI itself.
import type { CodeEntry } from './codes.ts';

export const OCI_CODES = {
  OCI_DOMAIN_UNREACHABLE: {
    title: 'The identity domain sent no usable response.',
    remedy: 'Check `domain-url`, and that the runner can reach its host on port 443.',
    causes: [
      'The host is mistyped, or the domain was deleted.',
      'A firewall blocks the domain.',
      'The domain has a temporary fault (5xx).',
    ],
  },
  OCI_CLIENT_REJECTED: {
    title: 'The identity domain rejected the client ID or the client secret.',
    remedy:
      'Copy `client-id` and `client-secret` again from the application, which must be active in this domain.',
    causes: [
      'The secret was regenerated. For AWS, see `aws-client-id` and `aws-client-secret` too.',
      'The application belongs to another domain than `domain-url`.',
    ],
  },
  OCI_NO_RULE_MATCHED: {
    title: 'No rule of the identity propagation trust matches this job.',
    remedy: "To the trust, add a rule for the subject of this job's token, without quotes.",
    causes: [
      'The job has another kind of subject: `environment:`, a pull request or a tag changes it.',
      'The subject has the form with IDs (`repo:OWNER@ID/REPO@ID:…`), the default of repositories created or renamed since 15 July 2026.',
      'The value in the rule is in quotes. Domains may compare the quotes, too.',
      'The token has `%3A` for a colon in the name of an environment or branch.',
      'An update of the trust removed the rule: it replaces the whole list.',
    ],
  },
  OCI_NOT_A_SERVICE_USER: {
    title: 'A rule matched, but its user is not a service user.',
    remedy:
      'Create a user with `serviceUser: true` and put its ID into the rule: an old user cannot become one.',
    causes: [
      'The user was created without `serviceUser: true`. Some versions of the CLI remove it from the JSON.',
    ],
  },
  OCI_EXCHANGE_REJECTED: {
    title: "The identity domain refused to exchange the job's token.",
    remedy:
      'Check that the trust is active, and that it lists this issuer, this audience and the application.',
    causes: [
      'The input `audience` is missing in the workflow. After `oci-wif setup`, it is `vars.OCI_AUDIENCE`.',
      'The domain has no trust for this issuer, or the trust is inactive, as new ones are.',
      'The trust does not list the audience (`clientClaimValues`) or the application (`oauthClients`).',
      'The public key endpoint of the trust is not the `jwks_uri` of the issuer.',
      '`subjectType` does not match `token-type`, `impersonatingResource` is not `resource-type`, or the token does not meet `claimValidations`.',
      'OCI does not allow this `rpst-lifetime-seconds`. Sources disagree whether it counts seconds or minutes.',
      'The clocks differ.',
    ],
  },
  OCI_RATE_LIMITED: {
    title: 'The identity domain received too many token requests (429).',
    remedy: 'Run fewer jobs at once (`max-parallel`), or raise `timeout-seconds`.',
    causes: ['A large matrix logs in at once. A Free domain allows 10 logins a second and 150 a minute.'],
  },
  OCI_RESPONSE_MALFORMED: {
    title: 'The response is not that of an identity domain.',
    remedy: 'Check that `domain-url` is the URL of the domain, and that no proxy responds in its place.',
    causes: [
      '`domain-url` is the address of another service, such as the OCI Console.',
      'The access tokens of the application for AWS are not JWTs.',
    ],
  },
  SESSION_TOO_SHORT: {
    title: 'The session ends earlier than `minimum-lifetime-seconds` requires.',
    remedy:
      'Lower `minimum-lifetime-seconds`, and set `refresh: true` to renew the session while the job runs.',
    causes: [
      'Sessions of a user last an hour or only five minutes, those of a resource 20 minutes without `rpst-lifetime-seconds`.',
    ],
  },
  UPST_EXPIRED: {
    title: 'By the clock of the runner, the session token has expired or is not yet valid.',
    remedy: 'Synchronize the clock of the runner (NTP), or use another runner.',
    causes: ["The runner's clock is wrong, for example after the machine was suspended."],
  },
  UPST_KEY_MISMATCH: {
    title: 'The session token is bound to another key than that of this login.',
    remedy: 'Run the job again. If it fails again, find out what responds in place of the domain.',
    causes: [
      'A cache or gateway sends the token of another client. Treat it as an attack, and rotate the client secret.',
    ],
  },
  UPST_TENANCY_MISMATCH: {
    title: 'The session token is for another tenancy than `tenancy`.',
    remedy: 'Check `domain-url` and `tenancy`: they belong to different tenancies.',
    causes: [
      '`domain-url` is that of another tenancy, such as a test one.',
      '`tenancy` is mistyped, or is the OCID of a compartment.',
    ],
  },
  OCI_SESSION_REFUSED: {
    title: 'OCI refused a request that was signed with the new session.',
    remedy:
      'Run the job again in a few minutes. If it fails again, check that the tenancy is subscribed to `region`.',
    causes: [
      '`verify-endpoint` is in another realm than the session, or is not an OCI service.',
      'The user was deactivated a moment ago.',
      'A proxy that inspects TLS changes the path, Host or Date.',
      "None of these: send the request ID to Oracle's support.",
    ],
  },
  OCI_CLOCK_SKEWED: {
    title: 'The clocks of this machine and OCI differ by more than five minutes.',
    remedy: 'Synchronize the clock of the runner (NTP), or use another runner.',
    causes: ['A self-hosted runner has no time server, or was suspended.', 'The time zone is wrong.'],
  },
  OCI_NOT_AUTHORIZED: {
    title: 'OCI accepts the signature of the session, but did not send the namespace.',
    remedy: 'Run the job again: a new user may need minutes. Then check `region`.',
    causes: [
      'Sometimes OCI refuses valid sessions for a short time.',
      'The tenancy is not subscribed to `region`.',
    ],
  },
  OCI_SERVICE_UNREACHABLE: {
    title: 'Object Storage sent no usable response.',
    remedy: 'Check `region` or `verify-endpoint`, and that the runner can reach the host over HTTPS.',
    causes: ['`region` or `verify-endpoint` is mistyped.', 'A firewall blocks the services of the region.'],
  },
  OCI_SERVICE_RESPONSE_MALFORMED: {
    title: 'The response is not the namespace that Object Storage sends.',
    remedy: 'Check `verify-endpoint` or `region`, and that no proxy responds in place of Object Storage.',
    causes: ['`verify-endpoint` is the address of another service.'],
  },
  OCI_REALM_UNKNOWN: {
    title: 'This version does not know the realm in the OCID of the tenancy.',
    remedy: 'Set `verify-endpoint` to Object Storage of that realm, or remove `verify`.',
    causes: ['The realm is newer than this version, or is a dedicated one.'],
  },
  OCIR_TOKEN_REFUSED: {
    title: 'The container registry issued no token for the session.',
    remedy: 'Add a policy such as "Allow group … to manage repos in compartment …" (read: pull only).',
    causes: [
      'No policy allows a group of the service user (for `token-type: rpst`: any-user) to use `repos`.',
      'The session has ended, and nothing renewed it.',
      'The registry is in another realm, or in a region to which the tenancy is not subscribed.',
    ],
  },
  OCIR_UNREACHABLE: {
    title: 'The container registry sent no usable response.',
    remedy: 'Check `ocir-registries` or `region`, and that the runner can reach the host over HTTPS.',
    causes: ['The name of a registry is mistyped.'],
  },
  OCIR_RESPONSE_MALFORMED: {
    title: 'The response of the container registry does not contain a token.',
    remedy:
      'Check that `ocir-registries` names registries of OCI, and that no proxy responds in their place.',
    causes: ['A name is that of another registry.'],
  },
  OCI_SCOPE_REFUSED: {
    title: 'The domain does not grant the application the scope in `aws-scope`.',
    remedy: 'Add the primary audience before `aws-scope`, or remove it if it is there.',
    causes: [
      'The domain expects the other form, such as "sts.amazon.com/".',
      'The application may not request the scope.',
    ],
  },
  OCI_ACCESS_TOKEN_REFUSED: {
    title: 'The identity domain refused to issue the access token for AWS.',
    remedy: 'Allow the application the grant "client credentials" and the scope of the resource server.',
    causes: ['The application lacks one of these.'],
  },
} as const satisfies Record<string, CodeEntry>;
