// The kubeconfig for clusters of OKE, whose credential plugin signs cluster tokens. Pure.
import type { OkeConfig } from '../inputs/config.ts';
import type { OkeCluster } from '../inputs/oke-parsers.ts';
import type { ClusterAccess, ClusterHosts } from '../oci/oke.ts';
import type { SessionPaths } from '../profiles/oci-profile.ts';
import type { Programs } from './target.ts';

/** A cluster as kubectl sees it. */
export interface Cluster extends ClusterAccess, ClusterHosts, Pick<OkeCluster, 'id'> {
  /** Name of its context, cluster and user in the kubeconfig. */
  name: string;
}

/**
 * Names for these clusters, such as `oke-us-ashburn-1-c4daylfgvrg`: region, and the end of the OCID, as OKE itself
 * abbreviates it in the names of nodes. The whole OCID, if two would be the same.
 */
export function contextNames(clusters: readonly Pick<Cluster, 'id' | 'region'>[]): string[] {
  const names = clusters.map(({ id, region }) => `oke-${region}-c${id.slice(-10)}`);
  return new Set(names).size === clusters.length ? names : clusters.map(({ id }) => id);
}

/**
 * The kubeconfig, in JSON, which is YAML, too. It holds no secret. The current context is that of the first cluster.
 * @see client.authentication.k8s.io/v1; kubeconfig v1 (Kubernetes documentation)
 */
export function kubeconfigOf(
  clusters: readonly Cluster[],
  { node, kubectlToken }: Programs,
  { keyFile, tokenFile }: Pick<SessionPaths, 'keyFile' | 'tokenFile'>,
  { server: override }: Pick<OkeConfig, 'server'>,
): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: clusters.map(({ name, server, certificateAuthorityData }) => ({
      name,
      cluster: {
        ...serverOf(server, override),
        'certificate-authority-data': certificateAuthorityData,
      },
    })),
    users: clusters.map(({ name, id, tokenHost }) => ({
      name,
      user: { exec: { ...EXEC, command: node, args: [...kubectlToken, keyFile, tokenFile, id, tokenHost] } },
    })),
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    'current-context': clusters[0]?.name ?? '',
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

/** The certificate is for the host of the cluster, also behind a tunnel: kubectl must compare it with that host. */
function serverOf(server: URL, override: URL | undefined): Record<string, string> {
  if (override === undefined) return { server: server.origin };
  if (override.hostname === server.hostname) return { server: override.origin };
  return { server: override.origin, 'tls-server-name': server.hostname.replace(/^\[|\]$/g, '') };
}

const EXEC = {
  apiVersion: 'client.authentication.k8s.io/v1',
  // The job may set options that the plugin cannot load, such as `--require ./setup.js`.
  env: [{ name: 'NODE_OPTIONS', value: '' }],
  interactiveMode: 'Never',
  provideClusterInfo: false,
  installHint:
    'oci-wif-action wrote this kubeconfig for the steps of one job on its runner. Docker actions and other machines do not have its files.',
};
