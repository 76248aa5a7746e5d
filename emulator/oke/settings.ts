// Settings of Kubernetes Engine (OKE): clusters, who may use them, and what public sources do not say about their tokens.

/** As in the body of the kubeconfig call. */
export type ClusterEndpoint = 'PUBLIC_ENDPOINT' | 'PRIVATE_ENDPOINT' | 'VCN_HOSTNAME' | 'LEGACY_KUBERNETES';

export interface Cluster {
  id: string;
  tenancy: string;
  /** The endpoints that the cluster has. */
  endpoints: readonly ClusterEndpoint[];
}

/** Who a pod is to OCI. */
export interface Workload {
  namespace: string;
  serviceAccount: string;
}

export interface OkeSettings {
  /** Each entry overrides the default cluster, which is in the region and tenancy of the settings. At most two. */
  clusters: readonly Partial<Cluster>[];
  /** What IAM's policies allow in all clusters. */
  okeAccess: 'use' | 'none';
  /** What the role bindings of the clusters allow. */
  clusterAccess: 'view' | 'none';
  /** Whether a cluster authenticates a resource session. Unknown for OKE. */
  clusterAcceptsRpst: boolean;
  /** Whether a cluster token may be in standard base64 or without padding, unlike the tokens of the OCI CLI. Unknown for OKE. */
  clusterAcceptsOtherBase64: boolean;
  /** The pod on which a job runs. It is in the first cluster. */
  workload: Workload;
  /** Whether the clusters are enhanced ones. Only those give OCI tokens to pods. */
  enhancedClusters: boolean;
  workloadTokenLifetimeSeconds: number;
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
    workload: { namespace: 'ci', serviceAccount: 'runner' },
    enhancedClusters: true,
    workloadTokenLifetimeSeconds: 1800,
    changeKubeconfig: undefined,
  };
}
