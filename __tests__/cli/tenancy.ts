// A tenancy, a repository and an administrator for the journeys of the command. Every test begins with nothing set up.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, expect } from '@jest/globals';
import { type GithubState, newGithubState, type Repository } from '../../emulator/github/repositories.ts';
import { PROMPT_IAM } from '../../emulator/iam/settings.ts';
import { newIamState } from '../../emulator/iam/state.ts';
import {
  type Administrator,
  type AdministratorOptions,
  PUBLIC_HOSTS,
  startAdministrator,
} from '../../emulator/runner/administrator.ts';
import { type Stage, startJob } from '../../emulator/runner/job.ts';
import { INSTANCE_HOSTS } from '../../emulator/runner/oci-machines.ts';
import { type Members, RESOURCES, type ScimObject, USER_EXTENSION } from '../../emulator/scim/attributes.ts';
import { Directory, fillNewDomain } from '../../emulator/scim/directory.ts';
import { DEFAULT_SCIM_SETTINGS } from '../../emulator/scim/settings.ts';
import {
  type Emulator,
  type JournalEntry,
  startEmulator,
  type WorldSettings,
} from '../../emulator/server/start.ts';
import { encodingsOf } from '../e2e/secret-encodings.ts';
import { type CommandOptions, type CommandRun, runCommand } from './command.ts';

export const DOMAIN_URL = `https://${PUBLIC_HOSTS.domain}`;
export const ISSUER = `https://${PUBLIC_HOSTS.github}`;
export const SUBJECT = 'repo:acme/infra:environment:prod';
export const SECRET = 'OCI_CLIENT_SECRET';

export interface Tenancy {
  emulator: Emulator;
  administrator: Administrator;
  /** The OCID of the tenancy itself. */
  compartment: string;
  /** The options of a complete set-up, before those given. */
  setup(args?: readonly string[], options?: CommandOptions): Promise<CommandRun>;
  /** Runs any command, and searches its output and its files for secrets. */
  run(args: readonly string[], options?: CommandOptions): Promise<CommandRun>;
  /** Everything that the services store. */
  world(): unknown;
  /** Requests that change something, since the test began or `forgetRequests`. */
  writes(): string[];
  forgetRequests(): void;
  /** Nothing is set up any more. Runs before each test. */
  reset(): void;
  requests(): readonly JournalEntry[];
  repository(): Repository;
  /** The trust for GitHub, as the domain stores it. */
  trust(): ScimObject | undefined;
  insertTrust(changes?: Members): ScimObject;
  /** A job of the action with what GitHub stores for the environment, on an OCI instance. */
  login(claims?: Record<string, string>, inputs?: Record<string, string>): Promise<Stage>;
}

/** Starts it for all tests of a file. */
export async function startTenancy(
  settings: Partial<WorldSettings> = {},
  options: AdministratorOptions = {},
): Promise<Tenancy> {
  const base = { untouchedDomain: true, ...PROMPT_IAM, ...settings };
  const emulator = await startEmulator({ hosts: { ...PUBLIC_HOSTS, ...INSTANCE_HOSTS }, world: base });
  const administrator = await startAdministrator(emulator, options);
  const { world } = emulator;
  const initial = { ...world.settings };
  const tokens = new Map(world.githubRest.tokens);
  let since = 0;
  const resetAll = () => {
    Object.assign(world.settings, initial, { scim: { ...DEFAULT_SCIM_SETTINGS, ...settings.scim } });
    emptyWorld(emulator, tokens);
    emulator.faults.clear();
    rmSync(path.join(administrator.home, '.oci-wif'), { recursive: true, force: true });
    since = emulator.journal.length;
  };
  beforeEach(resetAll);
  afterAll(async () => {
    await administrator.end();
    await emulator.close();
  });
  const compartment = world.settings.compartments[0]?.id ?? '';
  const requests = () => emulator.journal.slice(since);
  const run: Tenancy['run'] = async (args, changes = {}) => {
    const { home, env } = administrator;
    const ended = await runCommand(args, { ...changes, env: { ...env, ...changes.env } });
    expect(leaksOf(emulator, home, ended)).toEqual([]);
    return ended;
  };
  const tenancy: Tenancy = {
    emulator,
    administrator,
    compartment,
    run,
    setup: (args = [], changes) => run(['setup', ...setupOptions(compartment), ...args], changes),
    world: () => stored(emulator),
    reset: resetAll,
    requests,
    forgetRequests() {
      since = emulator.journal.length;
    },
    writes: () =>
      requests()
        .filter(
          ({ method, service }) => method !== 'GET' && ['domain', 'iam', 'github-api'].includes(service),
        )
        .map(({ method, path: where }) => `${method} ${where}`),
    repository() {
      const [first] = world.githubRest.repositories;
      if (first === undefined) throw new Error('no repository');
      return first;
    },
    trust: () => world.directory.find('IdentityPropagationTrusts', 'issuer', ISSUER),
    insertTrust(changes = {}) {
      for (const { value: id } of FOREIGN_TRUST.impersonationServiceUsers)
        world.directory.insert('Users', { id, userName: id, [USER_EXTENSION]: { serviceUser: true } });
      for (const name of FOREIGN_TRUST.oauthClients)
        world.directory.insert('Apps', { name, displayName: name, active: true });
      return world.directory.insert('IdentityPropagationTrusts', { ...FOREIGN_TRUST, ...changes });
    },
    login: (claims, inputs) => login(tenancy, claims, inputs),
  };
  return tenancy;
}

export function setupOptions(compartment: string): string[] {
  return [
    ...['--repo', 'acme/infra', '--environment', 'prod', '--domain-url', DOMAIN_URL],
    ...['--compartment', compartment, '--allow', 'read buckets'],
  ];
}

/** A trust that serves others, with rules whose members and spaces must survive. */
export const FOREIGN_TRUST = {
  name: 'gha',
  type: 'JWT',
  active: true,
  issuer: ISSUER,
  publicKeyEndpoint: `${ISSUER}/.well-known/jwks`,
  clientClaimName: 'aud',
  clientClaimValues: ['https://cloud.oracle.com', 'https://acme.example/b', 'https://acme.example/a'],
  oauthClients: ['c3', 'c1', 'c2'],
  subjectType: 'User',
  subjectClaimName: 'sub',
  allowImpersonation: true,
  impersonationServiceUsers: [
    { rule: 'sub eq repo:acme/shop:environment:prod', value: 'f'.repeat(32) },
    { rule: 'sub eq "repo:acme/shop:environment:test"', value: 'e'.repeat(32) },
    { rule: 'sub co /web:environment:', value: 'd'.repeat(32) },
  ],
};

function emptyWorld({ world }: Emulator, tokens: GithubState['tokens']): void {
  world.directory = new Directory(world.settings, world.urls.domain, world.now);
  const { id, userName } = fillNewDomain(world.directory, world.settings.administrator);
  Object.assign(world.administrator, { id, userName: String(userName) });
  world.iam = newIamState();
  world.githubRest = { ...newGithubState(), tokens: new Map(tokens) };
}

function stored({ world }: Emulator): unknown {
  const objects = RESOURCES.map((resource) => [resource, world.directory.all(resource)] as const);
  const vaults = world.githubRest.repositories.map((one) => ({ ...one, ...maps(one) }));
  const { iamProviders, roles } = world.settings;
  return structuredClone({
    objects,
    policies: [...world.iam.policies.values()],
    vaults,
    iamProviders,
    roles,
  });
}

function maps({ environments, secrets, variables }: Repository) {
  return {
    secrets: [...secrets],
    variables: [...variables],
    environments: [...environments.values()].map((one) => ({
      ...one,
      secrets: [...one.secrets],
      variables: [...one.variables],
    })),
  };
}

/** What the command wrote besides the files that the administrator had: output, arguments of programs, journal. */
function leaksOf(emulator: Emulator, home: string, { stdout, stderr }: CommandRun): string[] {
  const directory = path.join(home, '.oci-wif');
  const files = statSync(directory, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(directory, { recursive: true, encoding: 'utf8' })
    : [];
  const contents = files
    .map((name) => path.join(directory, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => [file, readFileSync(file, 'utf8')] as const);
  const calls = path.join(home, 'calls.jsonl');
  const places = [
    ['stdout', stdout] as const,
    ['stderr', stderr] as const,
    ['arguments of programs', existsSync(calls) ? readFileSync(calls, 'utf8') : ''] as const,
    ...contents,
  ];
  const encodings = emulator.secrets().flatMap(encodingsOf);
  return places.filter(([, text]) => encodings.some((one) => text.includes(one))).map(([name]) => name);
}

async function login(
  { emulator, administrator, repository }: Tenancy,
  claims: Record<string, string> = {},
  inputs: Record<string, string> = {},
) {
  const { settings } = emulator.world;
  const environment = repository().environments.get('prod') ?? repository();
  const { variables, secrets } = environment;
  settings.githubClaims = { environment: 'prod', ...claims };
  const env = {
    ...emulator.env,
    HTTPS_PROXY: administrator.env['HTTPS_PROXY'] ?? '',
    OCI_METADATA_BASE_URL: `${emulator.urls.metadata}/opc/v2`,
  };
  const job = startJob({ env });
  try {
    return await job.main({
      'domain-url': variables.get('OCI_DOMAIN_URL') ?? '',
      'client-id': variables.get('OCI_CLIENT_ID') ?? '',
      'client-secret': secrets.get(SECRET)?.value ?? '',
      region: variables.get('OCI_REGION') ?? '',
      audience: variables.get('OCI_AUDIENCE') ?? '',
      'retry-max-attempts': '1',
      ...inputs,
    });
  } finally {
    job.end();
    settings.githubClaims = {};
  }
}
