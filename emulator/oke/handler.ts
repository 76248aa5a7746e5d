// Kubernetes Engine, version 20180222: the kubeconfig of a cluster. Source: Kubernetes Engine API, "CreateKubeconfig".
import { respondAsOci } from '../oci/api-errors.ts';
import { verifyRequest } from '../oci/request-signature.ts';
import {
  decodePath,
  type EmulatorRequest,
  type EmulatorResponse,
  parseObject,
  pathOf,
  single,
} from '../server/message.ts';
import type { Handler } from '../server/server.ts';
import type { World } from '../server/world.ts';
import { clustersOf, regionOf, serverOf, shortName } from './clusters.ts';
import { refuse } from './responses.ts';
import type { Cluster, ClusterEndpoint } from './settings.ts';

const KUBECONFIG = /^\/20180222\/clusters\/([^/]+)\/kubeconfig\/content$/;
const ENDPOINTS: readonly string[] = [
  'PUBLIC_ENDPOINT',
  'PRIVATE_ENDPOINT',
  'VCN_HOSTNAME',
  'LEGACY_KUBERNETES',
] satisfies ClusterEndpoint[];

export const handleOke: Handler = (request, world) => respondAsOci(request, world, respond);

async function respond(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const signature = await verifyRequest(request, world);
  if (!signature.ok) throw refuse('notAuthenticated', signature.reason);
  const id = KUBECONFIG.exec(pathOf(request))?.[1];
  if (id === undefined) throw refuse('noOperation', 'no such operation');
  if (request.method !== 'POST') throw refuse('method', 'only POST is supported');
  const cluster = clustersOf(world).find((one) => one.id === decodePath(id));
  checkAccess(cluster, signature.principal.tenancy, request, world);
  return kubeconfig(endpointIn(request, cluster), cluster, world);
}

/** A cluster of another region or tenancy is not found; neither is one that no policy allows to use. */
function checkAccess(
  cluster: Cluster | undefined,
  tenancy: string,
  request: EmulatorRequest,
  { settings }: World,
): asserts cluster is Cluster {
  if (cluster === undefined) throw refuse('notFound', 'no such cluster');
  // Without a region in the host, a test calls the loopback address.
  const region = /^containerengine\.([a-z0-9-]+)\./.exec(single(request, 'host') ?? '')?.[1];
  if (region !== undefined && region !== regionOf(cluster)) throw refuse('notFound', 'another region');
  if (cluster.tenancy !== tenancy) throw refuse('notFound', 'another tenancy');
  if (settings.okeAccess === 'none') throw refuse('notFound', 'no policy');
}

function endpointIn(request: EmulatorRequest, { endpoints }: Cluster): ClusterEndpoint {
  if (!/^application\/json(\s*;|$)/i.test(single(request, 'content-type') ?? '')) throw refuse('mediaType');
  const body = parseObject(request.body);
  if (body === undefined) throw refuse('body');
  const { tokenVersion = '2.0.0', endpoint = 'LEGACY_KUBERNETES' } = body;
  if (tokenVersion !== '2.0.0') throw refuse('invalid', 'tokenVersion', { parameter: 'tokenVersion' });
  if (!isEndpoint(endpoint)) throw refuse('invalid', 'endpoint', { parameter: 'endpoint' });
  if (!endpoints.includes(endpoint)) throw refuse('noEndpoint', `no ${endpoint}`, { endpoint });
  return endpoint;
}

function isEndpoint(value: unknown): value is ClusterEndpoint {
  return typeof value === 'string' && ENDPOINTS.includes(value);
}

function kubeconfig(endpoint: ClusterEndpoint, cluster: Cluster, world: World): EmulatorResponse {
  const text = kubeconfigText(serverOf(endpoint, cluster, world), cluster, world);
  const body = Buffer.from(world.settings.changeKubeconfig?.(text) ?? text);
  return { status: 200, headers: { 'Content-Type': 'application/x-yaml' }, body };
}

/** That `server` comes before the certificate, and the names, are as in published kubeconfigs of OKE. */
function kubeconfigText(server: string, cluster: Cluster, { clusterCa }: World): string {
  const name = shortName(cluster);
  return `---
apiVersion: v1
kind: ""
clusters:
- name: cluster-${name}
  cluster:
    server: ${server}
    certificate-authority-data: ${Buffer.from(clusterCa).toString('base64')}
users:
- name: user-${name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: oci
      args:
      - ce
      - cluster
      - generate-token
      - --cluster-id
      - ${cluster.id}
      - --region
      - ${regionOf(cluster)}
      env: []
contexts:
- name: context-${name}
  context:
    cluster: cluster-${name}
    user: user-${name}
current-context: context-${name}
`;
}
