// The clusters of `export-for` kubectl: whether the session may use them, and whether this machine reaches them.
import { TransportError } from '../errors/transport-error.ts';
import type { OciConfig, OkeConfig } from '../inputs/config.ts';
import type { OciSession } from '../login/oci-session.ts';
import { requestCluster } from '../login/request-clusters.ts';
import { clusterHosts } from '../oci/oke.ts';
import type { Http } from '../ports.ts';
import { quote } from '../response.ts';
import type { CheckResult } from './check.ts';
import type { CheckContext } from './doctor.ts';

const PROBE_MS = 5000;

export async function checkClusters(
  context: CheckContext,
  { region }: OciConfig,
  { clusters, endpoint, server: override }: OkeConfig,
  session: CheckResult<Pick<OciSession, 'sessionToken' | 'keyPair'>>,
): Promise<void> {
  const { check, http, validInputs } = context;
  const needs = [session, validInputs('region', 'oke-cluster', 'oke-endpoint', 'oke-server')] as const;
  for (const cluster of clusters)
    await check(`cluster c${cluster.id.slice(-10)}`, needs, async (proof) => {
      const located = { id: cluster.id, ...clusterHosts(cluster, region) };
      const { server } = await requestCluster(context, located, endpoint, proof);
      const host = quote(server.host, []);
      const text = `OKE in ${located.region} lets the session use it; server ${host}`;
      // A tunnel may open later.
      const failure = override === undefined ? await failureToReach(http, server) : undefined;
      return {
        text,
        advice: [failure && `${text}, but from here ${failure}. Check \`oke-endpoint\` and the network.`],
      };
    });
}

/** Sends nothing but a request without credentials. A certificate that this machine does not trust is a response, too. */
async function failureToReach(http: Http, server: URL): Promise<string | undefined> {
  try {
    await http.send(
      { method: 'GET', url: new URL('/version', server), headers: {} },
      { timeoutMs: PROBE_MS },
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return ['untrusted', 'unusable'].includes(error.failure) ? undefined : error.message;
  }
}
