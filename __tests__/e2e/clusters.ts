// Journeys with clusters of OKE, whose hosts only a proxy leads to.
import { afterEach } from '@jest/globals';
import { clustersOf } from '../../emulator/oke/clusters.ts';
import { type ConnectProxy, startConnectProxy } from '../../emulator/proxy.ts';
import type { Emulator, EmulatorOptions } from '../../emulator/server/start.ts';
import { type Journey, startJourney } from './journey.ts';

export const OKE_HOST = 'containerengine.us-ashburn-1.oci.oraclecloud.com';

const proxies: ConnectProxy[] = [];

afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.close();
});

/** The environment of a job that reaches OKE and the private endpoints of clusters. */
export async function proxyTo({ routes }: Emulator): Promise<{ HTTPS_PROXY: string }> {
  const proxy = await startConnectProxy({ routes });
  proxies.push(proxy);
  return { HTTPS_PROXY: proxy.url };
}

/** Inputs for kubectl, with all clusters. */
export function kubectlInputs({ world }: Emulator): Record<string, string> {
  const ids = clustersOf(world).map(({ id }) => id);
  return { 'export-for': 'kubectl', 'oke-cluster': ids.join('\n') };
}

export async function startWithClusters(options: EmulatorOptions = {}): Promise<Journey> {
  const journey = await startJourney({ hosts: { oke: OKE_HOST }, ...options });
  return { ...journey, ...journey.nextJob({ env: await proxyTo(journey.emulator) }) };
}
