// What the failures of `verify` mean and where they come from: a part of the catalogue.
import type { ErrorCode, Explanation } from './action-error.ts';

export const OF_THE_VERIFICATION = {
  OCI_SESSION_REFUSED: {
    happened:
      'OCI does not accept a call that is signed with the session, although the domain has just issued it.',
    causes: [
      'A proxy or gateway on the way changes what is signed: the path, or the headers Host or Date.',
      '`verify-endpoint` is in another realm than the session, or is no service of OCI.',
      'The session has been revoked or its user deactivated in this very moment.',
    ],
  },
  OCI_CLOCK_SKEWED: {
    happened:
      'The clocks of this machine and of OCI are more than five minutes apart, so that OCI refuses every call.',
    causes: [
      'A runner of your own without a time server, or one whose virtual machine was asleep.',
      'A time zone entered as if it were the time: the difference is then a number of whole hours.',
    ],
  },
  OCI_NOT_AUTHORIZED: {
    happened: 'OCI knows the session but does not let it read the namespace of Object Storage.',
    causes: [
      'The policy, the group or the membership of the service user was made minutes ago and does not count everywhere yet.',
      'No policy allows anything to a group of the service user.',
      "The policy names the group without its domain, as in 'MyDomain'/'deployers', or the group of another domain.",
      'With `token-type: rpst`: no policy for any-user has conditions that this job meets.',
      'The tenancy is not subscribed to `region`.',
    ],
  },
  OCI_SERVICE_UNREACHABLE: {
    happened: 'Object Storage gave no usable answer in any of the tries.',
    causes: [
      'The runner may reach the domain but not the services of the region: a firewall, or a network with private endpoints only.',
      'A mistyped `region` or `verify-endpoint`, whose host does not exist.',
      'A passing fault of the service, or too many calls at once (429).',
    ],
  },
  OCI_SERVICE_RESPONSE_MALFORMED: {
    happened: 'Something answered in the place of Object Storage, or it answered with what is no namespace.',
    causes: [
      '`verify-endpoint` leads to another service.',
      'A captive portal or an intercepting proxy answers with a page or a redirect of its own.',
    ],
  },
  OCI_REALM_UNKNOWN: {
    happened:
      "The realm in the tenancy's OCID is not among those whose hosts are known here, so nobody could be asked.",
    causes: ['A realm that is newer than this version, or a dedicated one.'],
  },
} as const satisfies Partial<Record<ErrorCode, Explanation>>;
