// The machines on which a job has an identity of OCI: an instance with its metadata service, and a pod in a cluster of OKE.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { issueServiceAccountToken } from '../oke/workload.ts';
import { startConnectProxy } from '../proxy.ts';
import type { Emulator, EmulatorOptions } from '../server/start.ts';

/** The `hosts` of an emulator that an instance reaches. */
export const INSTANCE_HOSTS = {
  auth: 'auth.us-ashburn-1.oraclecloud.com',
} as const satisfies EmulatorOptions['hosts'];

export interface Machine {
  /** Variables of every step on this machine. */
  env: Record<string, string>;
  end(): Promise<void>;
}

/**
 * The metadata service is at another address than usual, and a proxy leads to the federation service.
 * @param emulator started with `hosts: INSTANCE_HOSTS`
 */
export async function startInstance({ urls, routes }: Emulator): Promise<Machine> {
  const proxy = await startConnectProxy({ routes });
  const env = { OCI_METADATA_BASE_URL: `${urls.metadata}/opc/v2`, HTTPS_PROXY: proxy.url };
  return { env, end: () => proxy.close() };
}

/**
 * The files of the service account are in one directory, as in a pod. Environment variables name them.
 */
export async function startPod({ world, urls }: Emulator): Promise<Machine> {
  const directory = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'serviceaccount-')));
  const write = (name: string, text: string) => writeFileSync(path.join(directory, name), text);
  write('ca.crt', world.clusterCa);
  write('namespace', world.settings.workload.namespace);
  write('token', await issueServiceAccountToken(world));
  const { hostname, port } = new URL(urls.workload);
  return {
    env: {
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: '443',
      // As in OCI's SDK for TypeScript. In a real cluster, the port is 12250.
      KUBERNETES_SERVICE_PORT_PROXYMUX: port,
      OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH: path.join(directory, 'ca.crt'),
      OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH: path.join(directory, 'token'),
      OCI_RESOURCE_PRINCIPAL_VERSION: '2.2',
      OCI_RESOURCE_PRINCIPAL_REGION: world.settings.region,
    },
    async end() {
      rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
