// Reads from GitHub what the rules need about the repositories that a trust names.
import type { Clients } from '../command.ts';
import { CommandError } from '../failure.ts';
import type { GitHub, SecretInfo, SubjectCustomization } from '../github/github.ts';
import type { Read } from './read-domain.ts';
import type { EnvironmentState, RepositoryState, SecretState, Sources } from './snapshot.ts';
import { gapOf, readSource } from './source.ts';
import { environmentIn } from './subject.ts';
import { githubHostOf } from './trust-rules.ts';

type GitHubSources = Pick<Sources, 'repositories' | 'subjects' | 'environments' | 'secrets'>;

/** Environments by repository. */
export type RepositoryNames = ReadonlyMap<string, ReadonlySet<string>>;

/** What the rules of trusts name, on one host. A name that GitHub cannot have is left out. */
export function repositoriesIn(rules: Sources['rules'], host: string): RepositoryNames {
  const names = new Map<string, Set<string>>();
  for (const { trust, subject, claim, operator, value } of rules) {
    const repository = subject?.repository ?? (operator === 'eq' && claim === 'repository' ? value : '');
    if (githubHostOf(trust) !== host || !/^[\w-]+\/[\w.-]+$/.test(repository)) continue;
    const environments = names.get(repository) ?? new Set();
    const environment = subject && environmentIn(subject.tail);
    if (environment !== undefined) environments.add(environment);
    names.set(repository, environments);
  }
  return names;
}

/** One sentence for each other host that rules name. Its repositories are not read. */
export function otherHosts(rules: Sources['rules'], host: string): string[] {
  const hosts = new Set(rules.flatMap(({ trust }) => githubHostOf(trust) ?? []));
  hosts.delete(host);
  return [...hosts].map(
    (other) =>
      `The repositories on ${other} are not read. Set GH_HOST to audit them in place of those on ${host}.`,
  );
}

/** Which secrets give access to the domain. */
const CLIENT_SECRET = /^OCI_(\w+_)?CLIENT_SECRET$/;

type SourceName = keyof GitHubSources;

const NAMES: readonly SourceName[] = ['repositories', 'subjects', 'environments', 'secrets'];

/** What has been read until now. */
class Reading {
  readonly repositories = new Map<string, RepositoryState>();
  readonly subjects = new Map<string, SubjectCustomization>();
  readonly environments = new Map<string, readonly EnvironmentState[]>();
  readonly secrets: SecretState[] = [];
  readonly gaps: Record<SourceName, string[]> = {
    repositories: [],
    subjects: [],
    environments: [],
    secrets: [],
  };

  /** A failure is a gap of these sources. */
  async attempt(names: readonly SourceName[], repository: string, read: () => Promise<void>): Promise<void> {
    await read().catch((error: unknown) => {
      const gap = `${repository}: ${gapOf(error)}`;
      for (const name of names) this.gaps[name].push(gap);
    });
  }
}

/** @param wanted all repositories that are looked at */
export async function readGitHub(
  clients: Pick<Clients, 'github'>,
  wanted: RepositoryNames,
  report: (line: string) => void,
): Promise<Read<GitHubSources>> {
  const reading = new Reading();
  const [first] = wanted.keys();
  const access = first === undefined ? { gaps: [] } : await readSource(() => clients.github(first));
  if (access.gaps.length > 0) return without(access.gaps);
  for (const [repository, environments] of wanted) {
    report(`Reading ${repository}`);
    await reading.attempt(NAMES, repository, async () => {
      await readRepository(await clients.github(repository), repository, environments, reading);
    });
  }
  const { repositories, subjects, environments, secrets, gaps } = reading;
  return {
    repositories: { data: repositories, gaps: gaps.repositories },
    subjects: { data: subjects, gaps: gaps.subjects },
    environments: { data: environments, gaps: gaps.environments },
    secrets: { data: secrets, gaps: gaps.secrets },
  };
}

const without = (gaps: readonly string[]): Read<GitHubSources> => ({
  repositories: { gaps },
  subjects: { gaps },
  environments: { gaps },
  secrets: { gaps },
});

async function readRepository(
  github: GitHub,
  name: string,
  environments: ReadonlySet<string>,
  reading: Reading,
): Promise<void> {
  const state = await github.repository().catch((error: unknown) => whenNotFound(error, github));
  reading.repositories.set(name, state);
  if (state === 'gone') return;
  await reading.attempt(['subjects'], name, async () => {
    reading.subjects.set(name, await github.subjectCustomization());
  });
  const existing: string[] = [];
  await reading.attempt(['environments'], name, async () => {
    const states: EnvironmentState[] = [];
    for (const environment of environments) {
      const found = await github.environment(environment);
      states.push(found ?? { name: environment, missing: true });
      if (found !== undefined) existing.push(environment);
    }
    reading.environments.set(name, states);
  });
  await reading.attempt(['secrets'], name, () => readSecrets(github, name, existing, reading.secrets));
}

/** GitHub sends 404 also for a private repository that the token may not see. But accounts are visible to everybody. */
async function whenNotFound(error: unknown, github: GitHub): Promise<RepositoryState> {
  const isNotFound = error instanceof CommandError && error.details.status === 404;
  if (isNotFound && !(await github.ownerExists())) return 'gone';
  throw error;
}

async function readSecrets(
  github: GitHub,
  repository: string,
  environments: readonly string[],
  found: SecretState[],
): Promise<void> {
  const add = (place: Pick<SecretState, 'level' | 'environment'>, secrets: readonly SecretInfo[]) =>
    found.push(
      ...secrets
        .filter(({ name }) => CLIENT_SECRET.test(name))
        .map((one) => ({ ...one, ...place, repository })),
    );
  for (const environment of environments)
    add({ level: 'environment', environment }, await github.secrets(environment));
  add({ level: 'repository' }, await github.secrets(undefined));
  // The account of a person has no organization secrets.
  const ofOrganization = await github.organizationSecrets().catch((error: unknown) => {
    if (error instanceof CommandError && error.details.status === 404) return [];
    throw error;
  });
  add({ level: 'organization' }, ofOrganization);
}
