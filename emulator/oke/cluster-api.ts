// The API server of a cluster: authenticates every request, and responds to the calls of `kubectl version`, `kubectl auth whoami`,
// `kubectl get pods` and `helm list`. Source: Kubernetes API reference.
import type { Principal } from '../oci/request-signature.ts';
import { type EmulatorRequest, type EmulatorResponse, json, pathOf, single } from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { verifyClusterToken } from './cluster-token.ts';
import { clusterAt } from './clusters.ts';
import { refuseInCluster, statusError } from './responses.ts';

const LIST = /^\/api\/v1\/namespaces\/([^/]+)\/(pods|secrets)$/;
const VERBS = ['create', 'get', 'list'];
const CREATED = '2026-01-02T03:04:05Z';

export async function handleCluster(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  try {
    return route(request, await authenticate(request, world), world);
  } catch (error) {
    if (error instanceof RefusedRequest) return statusError(serviceError(error, world));
    throw error;
  }
}

async function authenticate(request: EmulatorRequest, world: World): Promise<Principal> {
  const token = /^Bearer (\S+)$/i.exec(single(request, 'authorization') ?? '')?.[1];
  if (token === undefined) throw refuseInCluster('unauthorized', 'no bearer token');
  world.secrets.add(token);
  const cluster = clusterAt(single(request, 'host') ?? '', world);
  if (cluster === undefined) throw refuseInCluster('unauthorized', 'no cluster');
  const result = await verifyClusterToken(token, cluster, world);
  if (!result.ok) throw refuseInCluster('unauthorized', result.reason);
  return result.principal;
}

function route(request: EmulatorRequest, { user }: Principal, { settings }: World): EmulatorResponse {
  const path = pathOf(request);
  const call = `${request.method} ${path}`;
  const found = DISCOVERY[call];
  if (found !== undefined) return json(200, found);
  if (call === 'POST /apis/authentication.k8s.io/v1/selfsubjectreviews') return json(201, selfReview(user));
  const [, namespace, resource] = (request.method === 'GET' && LIST.exec(path)) || [];
  if (namespace === undefined || resource === undefined)
    throw refuseInCluster('notFound', 'no such resource');
  if (settings.clusterAccess === 'none') {
    throw refuseInCluster('forbidden', 'no role binding', { user, verb: 'list', resource, namespace });
  }
  const list = { apiVersion: 'v1', metadata: { resourceVersion: '1' } };
  return resource === 'pods'
    ? json(200, { ...list, kind: 'PodList', items: [pod(namespace)] })
    : json(200, { ...list, kind: 'SecretList', items: [] });
}

const DISCOVERY: Readonly<Record<string, unknown>> = {
  'GET /version': { major: '1', minor: '34', gitVersion: 'v1.34.1', platform: 'linux/amd64' },
  'GET /api': { kind: 'APIVersions', versions: ['v1'] },
  'GET /apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [
      {
        name: 'authentication.k8s.io',
        versions: [{ groupVersion: 'authentication.k8s.io/v1', version: 'v1' }],
        preferredVersion: { groupVersion: 'authentication.k8s.io/v1', version: 'v1' },
      },
    ],
  },
  'GET /api/v1': resourceList('v1', [
    { name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: VERBS, shortNames: ['po'] },
  ]),
  'GET /apis/authentication.k8s.io/v1': resourceList('authentication.k8s.io/v1', [
    {
      name: 'selfsubjectreviews',
      singularName: 'selfsubjectreview',
      namespaced: false,
      kind: 'SelfSubjectReview',
      verbs: VERBS,
    },
  ]),
};

function resourceList(groupVersion: string, resources: readonly object[]) {
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

/** The name of the user is the OCID ("About Access Control and Kubernetes Engine"). */
function selfReview(username: string) {
  return {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: null },
    status: { userInfo: { username, groups: ['system:authenticated'] } },
  };
}

function pod(namespace: string) {
  const metadata = {
    name: 'web-1',
    namespace,
    uid: 'b6c1',
    resourceVersion: '1',
    creationTimestamp: CREATED,
  };
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata,
    spec: { containers: [] },
    status: { phase: 'Running' },
  };
}
