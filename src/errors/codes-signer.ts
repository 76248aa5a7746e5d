// Error codes of a token exchange that an instance or a pod signs, for `client-auth`.
import type { CodeEntry } from './codes.ts';

export const SIGNER_CODES = {
  OCI_SIGNER_REJECTED: {
    title: 'The identity domain did not let this instance or pod exchange tokens.',
    remedy:
      'Allow its dynamic group {GET_RPST} in the tenancy, and remove `oauthClients` from the trust. The instance and the domain must be in the same tenancy. A new policy takes minutes.',
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
    remedy:
      'Run the job on a self-hosted runner in OCI Compute (`runs-on`), or use `client-auth: secret`. On an instance, allow the runner to reach 169.254.169.254.',
    causes: [
      "The job runs on GitHub's own runner, on another cloud or in your network.",
      'A firewall, a network policy or a container network blocks 169.254.169.254.',
      'The variable OCI_METADATA_BASE_URL is set to another address.',
    ],
  },
  INSTANCE_PRINCIPAL_UNAVAILABLE: {
    title: 'OCI issued no token for this instance.',
    remedy:
      'Check the clock of the instance, and that it can reach the host in the message over HTTPS. Then run the job again: the certificate of the instance may have been replaced a moment ago.',
    causes: [
      'The instance cannot reach auth.<region>.<domain of the realm>: its subnet has neither a service gateway nor a NAT gateway.',
      'The clock of the instance is wrong by more than five minutes.',
      'The instance has just been created, or its certificate was replaced between two requests.',
      'A proxy in HTTPS_PROXY responds in place of OCI. Add the host to NO_PROXY.',
    ],
  },
  OKE_WORKLOAD_IDENTITY_UNAVAILABLE: {
    title: 'OKE issued no token for this pod, or the job does not run in a pod.',
    remedy:
      'Run the job in a pod of an enhanced OKE cluster, with a service account whose token is mounted (`automountServiceAccountToken`).',
    causes: [
      'The job does not run in a pod, or in a pod of another Kubernetes.',
      'The cluster is a basic cluster (403).',
      'The pod has no token of a service account.',
      'A network policy blocks port 12250 of the Kubernetes API.',
    ],
  },
} as const satisfies Record<string, CodeEntry>;
