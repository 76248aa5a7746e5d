// Error codes of a token exchange that an instance or a pod signs, for `client-auth`.
import type { CodeEntry } from './codes.ts';

export const SIGNER_CODES = {
  OCI_SIGNER_REJECTED: {
    title: 'The domain did not let this instance or pod exchange tokens.',
    remedy:
      'Add a policy that allows its dynamic group {GET_RPST}, and remove `oauthClients` from the trust.',
    causes: [
      'No policy gives {GET_RPST} to a dynamic group of the instance, or the policy is minutes old.',
      'The instance is in another tenancy than the domain, or its clock is wrong.',
      'With `token-type: upst` or `client-auth: oke-workload-identity`: no source documents the permission.',
    ],
  },
  INSTANCE_METADATA_UNREACHABLE: {
    title: 'This machine is no OCI instance, or its metadata service sent no certificate.',
    remedy: 'Run the job on an OCI instance, or use `client-auth: secret`.',
    causes: [
      "The job runs on GitHub's own runner or another cloud.",
      'A firewall or container network blocks 169.254.169.254.',
      'OCI_METADATA_BASE_URL is set to another address.',
    ],
  },
  INSTANCE_PRINCIPAL_UNAVAILABLE: {
    title: 'OCI issued no token for this instance.',
    remedy: 'Check the clock of the instance, and that its subnet has a service gateway or NAT gateway.',
    causes: [
      'The instance cannot reach the host `auth.…` of its region.',
      'A proxy responds in place of OCI. Add the host to NO_PROXY.',
    ],
  },
  OKE_WORKLOAD_IDENTITY_UNAVAILABLE: {
    title: 'OKE issued no token for this pod, or the job does not run in a pod.',
    remedy: 'Run the job in a pod of an enhanced OKE cluster, with a service account.',
    causes: [
      'The cluster is a basic cluster (403).',
      'The pod mounts no token of a service account (`automountServiceAccountToken`).',
      'A network policy blocks port 12250.',
    ],
  },
} as const satisfies Record<string, CodeEntry>;
