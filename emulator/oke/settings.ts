// Settings of Kubernetes Engine (OKE): clusters, who may use them, and what public sources do not say about their tokens.

/** As in the body of the kubeconfig call. */
export type ClusterEndpoint = 'PUBLIC_ENDPOINT' | 'PRIVATE_ENDPOINT' | 'VCN_HOSTNAME' | 'LEGACY_KUBERNETES';

export interface Cluster {
  id: string;
  tenancy: string;
  /** The endpoints that the cluster has. */
  endpoints: readonly ClusterEndpoint[];
}

export interface OkeSettings {
  /** Each entry overrides the default cluster, which is in the region and tenancy of the settings. At most two. */
  clusters: readonly Partial<Cluster>[];
  /** What IAM's policies allow in all clusters. */
  okeAccess: 'use' | 'none';
  /** What the role bindings of the clusters allow. */
  clusterAccess: 'view' | 'none';
  /** Whether a cluster authenticates a resource session: unknown. */
  clusterAcceptsRpst: boolean;
  /** Whether a cluster token may be standard base64, or have no padding, both unlike that of the OCI CLI: unknown. */
  clusterAcceptsOtherBase64: boolean;
  /** Changes the text that the kubeconfig call returns. */
  changeKubeconfig: ((yaml: string) => string) | undefined;
}

export function okeDefaults(): OkeSettings {
  return {
    clusters: [{}],
    okeAccess: 'use',
    clusterAccess: 'view',
    clusterAcceptsRpst: false,
    clusterAcceptsOtherBase64: false,
    changeKubeconfig: undefined,
  };
}
