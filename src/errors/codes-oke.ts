// Error codes of OKE, for `export-for` kubectl.
import type { CodeEntry } from './codes.ts';

export const OKE_CODES = {
  OKE_NOT_AUTHORIZED: {
    title: 'OCI does not let the session use the cluster, or does not find the cluster.',
    remedy:
      'Add a policy, such as "Allow group … to use clusters in compartment …" (rpst: any-user), and check `oke-cluster`: the cluster must be in the tenancy of the session. A new policy takes minutes.',
    causes: [
      'No policy allows `use clusters` to a group of the service user. `read clusters` and `inspect clusters` are not enough.',
      'The policy, the group or the membership of the service user is minutes old and does not apply everywhere yet.',
      'The cluster was deleted, or `oke-cluster` is mistyped or is the OCID of a cluster in another tenancy.',
      'The OCID abbreviates the region of the cluster, and `region` is another one. The message names the region that received the request.',
      'With `token-type: rpst`: no policy for any-user matches this job, or OKE does not accept sessions of a resource.',
    ],
  },
  OKE_REFUSED: {
    title: 'OKE refused to send the kubeconfig of a cluster.',
    remedy:
      'Check `oke-endpoint`: the cluster must have this endpoint. If the cluster is being created or updated, run the job again when it is active.',
    causes: [
      'The cluster does not have the endpoint in `oke-endpoint`: many clusters have only a private one.',
      'The cluster is being created, updated or deleted.',
    ],
  },
  OKE_UNREACHABLE: {
    title: 'OKE sent no usable response in any attempt.',
    remedy:
      'Check that the runner can reach the host in the message over HTTPS. If it can, run the job again.',
    causes: [
      'The runner can reach the domain but not the services of the region: a firewall blocks them, or the network has private endpoints only.',
      'The OCID in `oke-cluster` names a region that does not exist.',
      'The service has a temporary fault, or received too many requests at once (429).',
    ],
  },
  OKE_RESPONSE_MALFORMED: {
    title: 'The response is not the kubeconfig that OKE sends.',
    remedy:
      'Check that no proxy or captive portal responds in place of OKE. If none does, report the failure: OKE may have changed the form of its kubeconfig.',
    causes: [
      'A captive portal or intercepting proxy sends its own page or redirect.',
      'OKE sends a kubeconfig of another form than this version knows.',
    ],
  },
} as const satisfies Record<string, CodeEntry>;
