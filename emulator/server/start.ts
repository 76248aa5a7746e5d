// Starts the emulator: certificates, a server for each service and the world behind them, and what a step needs to reach them.
// Only this module reads the machine's clock, apart from the dates of the TLS certificates.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handleAwsIam } from '../aws-iam/handler.ts';
import { handleFederation } from '../compute/federation.ts';
import { handleMetadata } from '../compute/metadata.ts';
import { handleDomain } from '../domain/handler.ts';
import { FaultList } from '../faults/faults.ts';
import { handleGithub, TOKEN_PATH } from '../github/handler.ts';
import { handleGithubApi } from '../github/rest.ts';
import { handleIam } from '../iam/handler.ts';
import { handleOci } from '../oci/handler.ts';
import { handleOcir } from '../ocir/handler.ts';
import { handleCluster } from '../oke/cluster-api.ts';
import { CLUSTER_NAMES, clusterRoutes } from '../oke/clusters.ts';
import { handleOke } from '../oke/handler.ts';
import { handleWorkload } from '../oke/workload.ts';
import { handleS3 } from '../s3/handler.ts';
import { handleSts } from '../sts/handler.ts';
import { rolesOf } from '../sts/iam.ts';
import {
  type CertificateFlaw,
  type CertificateSet,
  type Certificates,
  makeCertificates,
} from './certificates.ts';
import { type JournalEntry, mapServices, type PerService, type Service } from './message.ts';
import { type Handler, type LoopbackServer, openServer } from './server.ts';
import { listOf, type OneOrMore } from './settings.ts';
import { createWorld, type World, type WorldOverrides } from './world.ts';

export type { Fault, FaultOrder, ResponseMutation, WireFault } from '../faults/faults.ts';
export type { CertificateFlaw } from './certificates.ts';
export type { JournalEntry } from './message.ts';
export type {
  AwsRole,
  AwsSettings,
  IamProvider,
  ImpersonationRule,
  ServiceUser,
  Trust,
  TrustPolicy,
  TrustStatement,
  WorldSettings,
} from './settings.ts';
export type { World } from './world.ts';
export { FaultList };

export interface EmulatorOptions {
  /** Milliseconds since the epoch; Date.now by default. */
  clock?: () => number;
  /** Overrides the default settings. */
  world?: WorldOverrides;
  /** Services with a certificate that a client must refuse. */
  certificates?: Partial<Record<Service, CertificateFlaw>>;
  /** Public host names of services, the first of a service in its URL. Only a proxy with `routes` leads from them to the emulator. */
  hosts?: Partial<Record<Service, OneOrMore>>;
}

export type InputName = 'domain-url' | 'client-id' | 'client-secret' | 'region' | 'audience' | 'tenancy';
export type AwsInputName = 'aws-role-arn' | 'aws-region' | 'aws-sts-endpoint';

export interface Emulator {
  world: World;
  /** Where the services listen. */
  urls: PerService<string>;
  /** From the authority of each of `hosts`, and of each private endpoint of a cluster, to the address where its service listens. */
  routes: Record<string, string>;
  caFile: string;
  /** For other servers with the same CA, such as a proxy; `flawed` makes invalid ones. */
  certificates: CertificateSet;
  /** The variables that the runner would set for the step, and the CA for Node to trust. */
  env: Record<string, string>;
  /** Inputs of the action that match this world. */
  inputs: Record<InputName, string>;
  /** The additional inputs of a login to AWS. */
  awsInputs: Record<AwsInputName, string>;
  /** The request log: one entry per request, in order of arrival. */
  journal: readonly JournalEntry[];
  faults: FaultList;
  /** Opens a server of its own for the issuer of a CI system, until the emulator closes: see `startIssuer`. */
  openCi(handler: Handler): Promise<{ url: string }>;
  /** Every secret issued or received until now. */
  secrets(): string[];
  close(): Promise<void>;
}

const HANDLERS: Readonly<PerService<Handler>> = {
  github: handleGithub,
  domain: handleDomain,
  oci: handleOci,
  sts: handleSts,
  s3: handleS3,
  iam: handleIam,
  'github-api': handleGithubApi,
  'aws-iam': handleAwsIam,
  oke: handleOke,
  cluster: handleCluster,
  ocir: handleOcir,
  metadata: handleMetadata,
  auth: handleFederation,
  workload: handleWorkload,
};
/** Services in the cluster, with certificates of its authority. */
const IN_CLUSTER: readonly Service[] = ['cluster', 'workload'];

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { clock = Date.now, certificates: flaws = {}, hosts = {} } = options;
  const names = (Object.entries(hosts) as [Service, OneOrMore][]).map(
    ([service, list]) => [service, listOf(list)] as const,
  );
  const certificates = makeCertificates(names.flatMap(([, list]) => list));
  // With mode 0700.
  const caDirectory = await mkdtemp(join(tmpdir(), 'oci-emulator-'));
  const caFile = join(caDirectory, 'ca.pem');
  await writeFile(caFile, certificates.ca);
  const cluster = certificates.ofAuthority(
    'Kubernetes CA',
    [CLUSTER_NAMES.vcn, ...listOf(hosts.cluster ?? [])],
    CLUSTER_NAMES.private,
  );
  const servers = await openServers(certificates, cluster, flaws);
  const urls = mapServices((service) => servers[service].url);
  const publicUrls = Object.fromEntries(names.map(([service, [host]]) => [service, `https://${host}`]));
  const world = await createWorld({ ...urls, ...publicUrls }, clock, options.world, cluster.ca);
  const faults = new FaultList();
  const journal: JournalEntry[] = [];
  const opened: LoopbackServer[] = [];
  mapServices((service) =>
    servers[service].serve({ service, handler: HANDLERS[service], world, faults, journal }),
  );
  return {
    world,
    urls,
    routes: {
      ...clusterRoutes(world, urls.cluster),
      ...Object.fromEntries(
        names.flatMap(([service, list]) => list.map((host) => [`${host}:443`, urls[service]])),
      ),
    },
    caFile,
    certificates,
    env: stepEnvironment(world, caFile),
    inputs: inputsFor(world),
    awsInputs: awsInputsFor(world),
    journal,
    faults,
    async openCi(handler) {
      const server = await openServer(certificates);
      opened.push(server);
      server.serve({ service: 'ci', handler, world, faults, journal });
      return server;
    },
    secrets: () => [...world.secrets],
    async close() {
      await Promise.all([...Object.values(servers), ...opened].map((server) => server.close()));
      await rm(caDirectory, { recursive: true, force: true });
    },
  };
}

async function openServers(
  certificates: CertificateSet,
  cluster: Certificates,
  flaws: Partial<Record<Service, CertificateFlaw>>,
): Promise<PerService<LoopbackServer>> {
  const opening = mapServices((service) => {
    const flaw = flaws[service];
    const usual = IN_CLUSTER.includes(service) ? cluster : certificates;
    if (service === 'metadata') return openServer(undefined);
    return openServer(flaw === undefined ? usual : certificates.flawed(flaw));
  });
  const servers = await Promise.all(Object.values(opening));
  return Object.fromEntries(
    servers.map((server, at) => [Object.keys(opening)[at], server]),
  ) as PerService<LoopbackServer>;
}

function stepEnvironment(world: World, caFile: string): Record<string, string> {
  return {
    // The runner's URL already has a query: a client that appends `?audience=` fails.
    ACTIONS_ID_TOKEN_REQUEST_URL: `${world.urls.github}${TOKEN_PATH}?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: world.requestToken,
    NODE_EXTRA_CA_CERTS: caFile,
  };
}

function inputsFor({ settings, urls }: World): Record<InputName, string> {
  return {
    'domain-url': urls.domain,
    'client-id': settings.clientId,
    'client-secret': settings.clientSecret,
    region: settings.region,
    audience: settings.audience,
    tenancy: settings.tenancy,
  };
}

function awsInputsFor(world: World): Record<AwsInputName, string> {
  return {
    'aws-role-arn': rolesOf(world)[0]?.arn ?? '',
    'aws-region': world.settings.awsRegion,
    'aws-sts-endpoint': world.urls.sts,
  };
}
