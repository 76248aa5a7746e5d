// Error codes of OKE, for `export-for` kubectl.
import type { CodeEntry } from './codes.ts';

export const OKE_CODES = {
  OKE_NOT_AUTHORIZED: {
    title: 'OKE does not let the session use the cluster, or does not find it.',
    remedy: 'Add a policy such as "Allow group … to use clusters in compartment …", and check `oke-cluster`.',
    causes: [
      'No policy allows `use clusters` to a group of the service user (for `token-type: rpst`: any-user). `read clusters` is not enough.',
      'The cluster was deleted, or is in another tenancy.',
      'The OCID has a region key (`iad`), and `region` is another region.',
    ],
  },
  OKE_REFUSED: {
    title: 'OKE refused to send the kubeconfig of a cluster.',
    remedy: 'Check `oke-endpoint`: the cluster must have this endpoint.',
    causes: ['The cluster has only a private endpoint, or is being changed.'],
  },
  OKE_UNREACHABLE: {
    title: 'OKE sent no usable response.',
    remedy: 'Check `oke-cluster`, and that the runner can reach OKE in its region over HTTPS.',
    causes: ['A firewall blocks the services of the region.', 'The OCID names a region that does not exist.'],
  },
  OKE_RESPONSE_MALFORMED: {
    title: 'The response is not the kubeconfig that OKE sends.',
    remedy: 'Check that no proxy responds in place of OKE. If none does, report this failure.',
    causes: ['OKE has changed the form of its kubeconfig.'],
  },
} as const satisfies Record<string, CodeEntry>;
