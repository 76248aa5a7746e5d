// Requests what kubectl needs to know about the clusters. Loaded only for `export-for` kubectl.
import { explainClusterRefusal } from '../diagnosis/oke-refusal.ts';
import { explainFailure } from '../diagnosis/service-failure.ts';
import type { OciConfig, OkeConfig } from '../inputs/config.ts';
import {
  type ClusterAccess,
  type ClusterHosts,
  clusterHosts,
  kubeconfigRequest,
  processKubeconfigResponse,
  TRANSIENT_REFUSAL,
} from '../oci/oke.ts';
import type { StepDeps } from '../ports.ts';
import type { SessionPaths } from '../profiles/oci-profile.ts';
import { type Cluster, contextNames, kubeconfigOf } from '../targets/kubeconfig.ts';
import type { Kubeconfig, Programs } from '../targets/target.ts';
import { type OciSession, proofOf } from './oci-session.ts';

type Session = Pick<OciSession, 'sessionToken' | 'keyPair'>;

/** @throws ActionError as `requestClusters` */
export async function requestKubeconfig(
  deps: StepDeps & { programs: Programs },
  oci: Pick<OciConfig, 'region'>,
  oke: OkeConfig,
  session: Session,
  files: SessionPaths,
): Promise<Kubeconfig> {
  const clusters = await requestClusters(deps, oci, oke, session);
  return { text: kubeconfigOf(clusters, deps.programs, files, oke), clusters };
}

/**
 * Asks OKE for the server and the certificate of each cluster, all at once.
 * @throws ActionError as `requestCluster`
 */
async function requestClusters(
  deps: StepDeps,
  { region }: Pick<OciConfig, 'region'>,
  { clusters, endpoint }: OkeConfig,
  session: Session,
): Promise<readonly Cluster[]> {
  const located = clusters.map((cluster) => ({ id: cluster.id, ...clusterHosts(cluster, region) }));
  const names = contextNames(located);
  return Promise.all(
    located.map(async (cluster, index) => {
      const access = await requestCluster(deps, cluster, endpoint, session);
      return { ...cluster, ...access, name: names[index] ?? cluster.id };
    }),
  );
}

/**
 * Asks OKE for the server and the certificate of a cluster. Each attempt is signed anew.
 * @throws ActionError OKE_NOT_AUTHORIZED, OKE_REFUSED, OKE_UNREACHABLE, OKE_RESPONSE_MALFORMED, OCI_SESSION_REFUSED,
 *   OCI_CLOCK_SKEWED, TLS_UNTRUSTED, the PROXY_ codes, DEADLINE_EXCEEDED
 */
export async function requestCluster(
  { http, clock }: StepDeps,
  { id, region, api }: ClusterHosts & Pick<Cluster, 'id'>,
  endpoint: OkeConfig['endpoint'],
  session: Session,
): Promise<ClusterAccess> {
  const label = `the kubeconfig of ${id}`;
  const proof = proofOf(session);
  const { tenancy } = session.sessionToken;
  try {
    const { response } = await http.retry({ label, transientReason: TRANSIENT_REFUSAL }, async () => ({
      response: await http.send(kubeconfigRequest(api, id, endpoint, proof, clock.now())),
    }));
    return processKubeconfigResponse(response, proof);
  } catch (error) {
    throw await explainFailure(error, 'oke', `Requesting ${label}`, (refusal) =>
      explainClusterRefusal(refusal, { cluster: id, region, tenancy, endpoint, now: clock.now() }),
    );
  }
}
