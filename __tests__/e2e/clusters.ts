// Journeys with clusters of OKE, whose hosts only a proxy leads to, and a client that reads the kubeconfig as client-go does.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect } from '@jest/globals';
import { clustersOf } from '../../emulator/oke/clusters.ts';
import { type ConnectProxy, startConnectProxy } from '../../emulator/proxy.ts';
import type { Emulator, EmulatorOptions } from '../../emulator/server/start.ts';
import { call } from '../unit/emulator/client.ts';
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

interface Named {
  name: string;
}

/** The members of a kubeconfig that this client reads. */
export interface KubeconfigFile {
  clusters: (Named & { cluster: Record<'server' | 'certificate-authority-data', string> })[];
  users: (Named & {
    user: { exec: { command: string; args: string[]; env: { name: string; value: string }[] } };
  })[];
  contexts: (Named & { context: { cluster: string; user: string } })[];
  'current-context': string;
}

/** The first file of KUBECONFIG. */
export function kubeconfigOf({ job }: Pick<Journey, 'job'>): { file: string; config: KubeconfigFile } {
  const [file = ''] = (job.env()['KUBECONFIG'] ?? '').split(path.delimiter);
  return { file, config: JSON.parse(readFileSync(file, 'utf8')) as KubeconfigFile };
}

export interface PluginRun {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the credential plugin of a context in a later step. Its standard input is the null device, as with `Never`. */
export function runPlugin(
  { job }: Pick<Journey, 'job'>,
  { contexts, users }: KubeconfigFile,
  context: string,
  env: Record<string, string> = {},
): Promise<PluginRun> {
  const user = contexts.find(({ name }) => name === context)?.context.user;
  const exec = users.find(({ name }) => name === user)?.user.exec;
  if (exec === undefined) throw new Error(`no credential plugin for ${context}`);
  const added = Object.fromEntries(exec.env.map(({ name, value }) => [name, value]));
  return new Promise((resolve, reject) => {
    const child = spawn(exec.command, exec.args, {
      cwd: job.workspace,
      env: { ...job.env(), ...env, ...added },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const run: PluginRun = { exitCode: null, stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        run[name] += text;
      });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ ...run, exitCode }));
  });
}

export interface Credential {
  token: string;
  expirationTimestamp: string;
}

export function credentialOf({ stdout }: PluginRun): Credential {
  const { apiVersion, kind, status } = JSON.parse(stdout) as Record<string, unknown>;
  expect([apiVersion, kind]).toEqual(['client.authentication.k8s.io/v1', 'ExecCredential']);
  return status as Credential;
}

/** Asks the API server of a context, by default the current one, who the user is. */
export async function whoAmI(
  journey: Pick<Journey, 'job' | 'emulator'>,
  context?: string,
  env: Record<string, string> = {},
): Promise<{ status: number; username: unknown }> {
  const { config } = kubeconfigOf(journey);
  const name = context ?? config['current-context'];
  const { token } = credentialOf(await runPlugin(journey, config, name, env));
  const wanted = config.contexts.find((one) => one.name === name)?.context.cluster;
  const { server = '', 'certificate-authority-data': ca = '' } =
    config.clusters.find((one) => one.name === wanted)?.cluster ?? {};
  const { status, json } = await call(
    journey.emulator,
    `${server}/apis/authentication.k8s.io/v1/selfsubjectreviews`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      ca: Buffer.from(ca, 'base64').toString(),
    },
  );
  const review = json['status'] as { userInfo?: { username?: unknown } } | undefined;
  return { status, username: review?.userInfo?.username };
}
