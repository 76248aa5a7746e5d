// The clusters of the world: their OCIDs, and the addresses of their endpoints.
import { createHash } from 'node:crypto';
import type { World } from '../server/world.ts';
import type { Cluster, ClusterEndpoint } from './settings.ts';

/** Regions whose OCIDs have the key instead of the name. */
const KEYS: Readonly<Record<string, string>> = { 'us-ashburn-1': 'iad', 'us-phoenix-1': 'phx' };
/** Second-level domains by realm; others than these follow the number of the realm. */
const DOMAINS: Readonly<Record<string, string>> = {
  oc1: 'oraclecloud.com',
  oc2: 'oraclegovcloud.com',
  oc3: 'oraclegovcloud.com',
  oc4: 'oraclegovcloud.uk',
  oc19: 'oraclecloud.eu',
};
/** Names by which clients can reach the loopback interface: one for each cluster. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1'];
const PORT = 6443;

/** Names in the certificate of the clusters, apart from those of the loopback interface. */
export const CLUSTER_NAMES = {
  vcn: '*.oke.acme.oraclevcn.com',
  private: ['10.0.0.10', '10.0.0.11'],
} as const;

/** The clusters of the settings, completed. */
export function clustersOf({ settings }: World): Cluster[] {
  const { clusters, tenancy, region } = settings;
  return clusters.map((cluster, at) => ({
    id: clusterOcid(tenancy, region, at),
    tenancy,
    endpoints: ['PUBLIC_ENDPOINT', 'PRIVATE_ENDPOINT'],
    ...cluster,
  }));
}

/** The same for the same settings. */
function clusterOcid(tenancy: string, region: string, at: number): string {
  const digest = createHash('sha256').update(`${tenancy} ${at}`).digest('hex').slice(0, 56);
  // Lower-case base32 has no 0, 1, 8 and 9.
  const suffix = digest.replaceAll(/[0189]/g, (digit) => `ghij`.charAt('0189'.indexOf(digit)));
  return `ocid1.cluster.${tenancy.split('.')[2]}.${KEYS[region] ?? region}.aaaa${suffix}`;
}

/** The region's name in an OCID. */
export function regionOf({ id }: Pick<Cluster, 'id'>): string {
  const written = id.split('.')[3] ?? '';
  return Object.entries(KEYS).find(([, key]) => key === written)?.[0] ?? written;
}

export function realmDomainOf({ id }: Pick<Cluster, 'id'>): string {
  const realm = id.split('.')[2] ?? '';
  return DOMAINS[realm] ?? `oraclecloud${realm.slice('oc'.length)}.com`;
}

/** The name of a cluster in the kubeconfig and in host names: `c` and the end of the OCID. */
export function shortName({ id }: Pick<Cluster, 'id'>): string {
  return `c${id.slice(-10)}`;
}

/** The server URL of an endpoint. Only a proxy with `routes` leads from private addresses to the emulator. */
export function serverOf(endpoint: ClusterEndpoint, cluster: Cluster, world: World): string {
  const at = Math.max(
    clustersOf(world).findIndex(({ id }) => id === cluster.id),
    0,
  );
  switch (endpoint) {
    case 'PRIVATE_ENDPOINT':
      return `https://${CLUSTER_NAMES.private[at]}:${PORT}`;
    case 'VCN_HOSTNAME':
      return `https://${shortName(cluster)}${CLUSTER_NAMES.vcn.slice(1)}:${PORT}`;
    default: {
      const url = new URL(world.urls.cluster);
      if (at > 0) url.hostname = LOOPBACK_NAMES[at] ?? '';
      return url.origin;
    }
  }
}

/** The cluster with this host. The first cluster, if no cluster has it. */
export function clusterAt(host: string, world: World): Cluster | undefined {
  const all = clustersOf(world);
  const names = (cluster: Cluster) =>
    cluster.endpoints.map((endpoint) => new URL(serverOf(endpoint, cluster, world)).host);
  return all.find((cluster) => names(cluster).includes(host)) ?? all[0];
}

/** Routes for the proxy: from the cluster addresses that are not on the loopback interface to the emulator. */
export function clusterRoutes(world: World, url: string): Record<string, string> {
  const hosts = clustersOf(world).flatMap((cluster) =>
    (['PRIVATE_ENDPOINT', 'VCN_HOSTNAME'] as const).map((one) => new URL(serverOf(one, cluster, world)).host),
  );
  return Object.fromEntries(hosts.map((host) => [host, url]));
}
