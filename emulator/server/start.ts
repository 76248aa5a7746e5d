// Composes the emulator: certificates, five servers, one world, and what a step needs to find them.
// The machine's clock is named here and nowhere else, save for the dates of the TLS certificates.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handleDomain } from '../domain/handler.ts';
import { FaultList } from '../faults/faults.ts';
import { handleGithub, TOKEN_PATH } from '../github/handler.ts';
import { handleOci } from '../oci/handler.ts';
import { handleS3 } from '../s3/handler.ts';
import { rolesOf } from '../sts/aws-accounts.ts';
import { handleSts } from '../sts/handler.ts';
import { type CertificateFlaw, type CertificateSet, makeCertificates } from './certificates.ts';
import type { Service } from './message.ts';
import type { JournalEntry } from './request-log.ts';
import { openServer } from './server.ts';
import type { WorldSettings } from './settings.ts';
import { createWorld, type World } from './world.ts';

export type { AnswerMutation, Fault, FaultOrder, WireFault } from '../faults/faults.ts';
export type { AwsRole, AwsSettings, IamProvider, TrustPolicy, TrustStatement } from './aws-settings.ts';
export type { CertificateFlaw } from './certificates.ts';
export type { JournalEntry } from './request-log.ts';
export type { ImpersonationRule, ServiceUser, Trust, WorldSettings } from './settings.ts';
export type { World } from './world.ts';
export { FaultList };

export interface EmulatorOptions {
  /** Milliseconds since the epoch; Date.now by default. */
  clock?: () => number;
  world?: Partial<WorldSettings>;
  /** An existing directory for ca.pem; by default a fresh one, which close() removes. */
  caDirectory?: string;
  /** Services whose certificate a client must refuse. */
  certificates?: Partial<Record<Service, CertificateFlaw>>;
  /** Hosts by whose names the world knows a service; only a proxy with `routes` leads from there to here. */
  hosts?: Partial<Record<Service, string>>;
}

export type InputName = 'domain-url' | 'client-id' | 'client-secret' | 'region' | 'audience' | 'tenancy';
export type AwsInputName = 'aws-role-arn' | 'aws-region' | 'aws-sts-endpoint';

export interface Emulator {
  world: World;
  /** Where the services listen. */
  urls: { github: string; domain: string; oci: string; sts: string; s3: string };
  /** From the authority of each of `hosts` to where its service listens. */
  routes: Record<string, string>;
  caFile: string;
  /** The good ones, for whatever else is to be trusted through the same file. */
  certificates: CertificateSet;
  /** What the runner would put into the step's environment, and the CA for Node to trust. */
  env: Record<string, string>;
  /** Inputs of the action that fit this world. */
  inputs: Record<InputName, string>;
  /** To be laid beside `inputs` for a step that goes on to AWS. */
  awsInputs: Record<AwsInputName, string>;
  journal: readonly JournalEntry[];
  faults: FaultList;
  /** Every secret issued or received so far. */
  secrets(): string[];
  close(): Promise<void>;
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const certificates = makeCertificates(Object.values(options.hosts ?? {}));
  // Before anything listens: a directory that is not there must not leave servers open. mkdtemp gives 0700.
  const caDirectory = options.caDirectory ?? (await mkdtemp(join(tmpdir(), 'oci-emulator-')));
  const caFile = join(caDirectory, 'ca.pem');
  await writeFile(caFile, certificates.ca);
  const servers = await openServers(certificates, options.certificates);
  const { github, domain, oci, sts, s3 } = servers;
  const urls = { github: github.url, domain: domain.url, oci: oci.url, sts: sts.url, s3: s3.url };
  const hosts = Object.entries(options.hosts ?? {}) as [Service, string][];
  const names = Object.fromEntries(hosts.map(([service, host]) => [service, `https://${host}`]));
  const world = await createWorld({ ...urls, ...names }, options.clock ?? Date.now, options.world);
  const faults = new FaultList();
  const journal: JournalEntry[] = [];
  github.serve({ service: 'github', handler: handleGithub, world, faults, journal });
  domain.serve({ service: 'domain', handler: handleDomain, world, faults, journal });
  oci.serve({ service: 'oci', handler: handleOci, world, faults, journal });
  sts.serve({ service: 'sts', handler: handleSts, world, faults, journal });
  s3.serve({ service: 's3', handler: handleS3, world, faults, journal });
  return {
    world,
    urls,
    routes: Object.fromEntries(hosts.map(([service, host]) => [`${host}:443`, urls[service]])),
    caFile,
    certificates,
    env: environment(world, caFile),
    inputs: inputsFor(world),
    awsInputs: awsInputsFor(world),
    journal,
    faults,
    secrets: () => [...world.secrets],
    async close() {
      await Promise.all(Object.values(servers).map((server) => server.close()));
      await rm(options.caDirectory === undefined ? caDirectory : caFile, { recursive: true, force: true });
    },
  };
}

async function openServers(certificates: CertificateSet, flaws: EmulatorOptions['certificates'] = {}) {
  const open = (service: Service) => {
    const flaw = flaws[service];
    return openServer(flaw === undefined ? certificates : certificates.flawed(flaw));
  };
  const [github, domain, oci, sts, s3] = await Promise.all([
    open('github'),
    open('domain'),
    open('oci'),
    open('sts'),
    open('s3'),
  ]);
  return { github, domain, oci, sts, s3 };
}

function environment(world: World, caFile: string): Record<string, string> {
  return {
    // The runner's URL has a query already: a client that appends `?audience=` breaks.
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
