// Error codes of a token exchange that an instance or a pod signs, for `client-auth`.
import type { CodeEntry } from './codes.ts';

export const SIGNER_CODES = {
  OCI_SIGNER_REJECTED: {
    title: 'The identity domain did not let this instance or pod exchange tokens.',
    remedy:
      'Check that a policy allows this instance or pod {GET_RPST}, and remove `oauthClients` from the trust. A new policy takes minutes.',
    causes: [
      'No policy gives {GET_RPST} to a dynamic group whose rule matches the instance, or the policy does not apply everywhere yet.',
      'The trust lists `oauthClients`, which may admit only these applications.',
      'The instance is in another tenancy than the domain.',
      'With `token-type: upst` or `client-auth: oke-workload-identity`, both experimental: which permission the domain requires is not documented.',
      'The clock of the instance is wrong by more than five minutes.',
    ],
  },
  INSTANCE_METADATA_UNREACHABLE: {
    title: 'This machine is no OCI instance, or its metadata service sent no certificate.',
    remedy: 'Run the job on an OCI instance that reaches 169.254.169.254, or use `client-auth: secret`.',
    causes: [
      "The job runs on GitHub's own runner, on another cloud or in your network.",
      'A firewall, a network policy or a container network blocks 169.254.169.254.',
      'The variable OCI_METADATA_BASE_URL is set to another address.',
      'OCI replaced the certificate between two requests. Run the job again.',
    ],
  },
  INSTANCE_PRINCIPAL_UNAVAILABLE: {
    title: 'OCI issued no token for this instance.',
    remedy:
      'Check the clock of the instance, and that it reaches the host in the message. Otherwise run the job again.',
    causes: [
      'The instance cannot reach the host auth of its region: its subnet has neither a service gateway nor a NAT gateway.',
      'The clock of the instance is wrong by more than five minutes.',
      'The instance has just been created.',
      'A proxy in HTTPS_PROXY responds in place of OCI. Add the host to NO_PROXY.',
    ],
  },
  OKE_WORKLOAD_IDENTITY_UNAVAILABLE: {
    title: 'OKE issued no token for this pod, or the job does not run in a pod.',
    remedy:
      'Run the job in a pod of an enhanced OKE cluster, in which the token of a service account is mounted.',
    causes: [
      'The job does not run in a pod, or in a pod of another Kubernetes.',
      'The cluster is a basic cluster (403).',
      'The pod has no token of a service account (`automountServiceAccountToken`).',
      'A network policy blocks port 12250 of the Kubernetes API.',
    ],
  },
} as const satisfies Record<string, CodeEntry>;
