// What GitHub stores: repositories with their environments, secrets and variables, and the tokens of its users.
import { randomBytes } from 'node:crypto';
import type { World } from '../server/world.ts';

export interface StoredSecret {
  value: string;
  created: number;
  /** Milliseconds since the epoch; an audit reads the age. */
  updated: number;
}

/** The owner of secrets and variables: a repository, an environment or an organization. Names are in upper case. */
export interface Vault {
  secrets: Map<string, StoredSecret>;
  variables: Map<string, string>;
}

export interface Environment extends Vault {
  name: string;
  /** Null: any branch may deploy. */
  branchPolicy: { protected_branches: boolean; custom_branch_policies: boolean } | null;
  /** Patterns, when `custom_branch_policies` is true. */
  branches: string[];
  /** Ids of users who must approve. */
  reviewers: number[];
  waitTimer: number;
}

export interface Repository extends Vault {
  id: number;
  ownerId: number;
  owner: string;
  name: string;
  isPrivate: boolean;
  defaultBranch: string;
  /** Names that redirect to this repository: `owner/name` in lower case. */
  formerNames: string[];
  subject: {
    useDefault: boolean;
    includeClaimKeys: string[];
    /** Undefined: as `settings.immutableSubject` says. */
    useImmutable: boolean | undefined;
    /** Overrides members of the response to GET; undefined removes one. */
    shown: Readonly<Record<string, unknown>>;
  };
  environments: Map<string, Environment>;
}

export type Permission =
  | 'metadata'
  | 'actions'
  | 'administration'
  | 'environments'
  | 'secrets'
  | 'variables'
  | 'organization_secrets';

/** A fine-grained token, or one with scopes; without a list of repositories, it has access to all. */
export interface GithubToken {
  permissions: Readonly<Partial<Record<Permission, 'read' | 'write'>>>;
  repositories?: readonly string[];
  /** Of a classic token or of `gh auth login`, for example `repo`, `read:org`. They replace `permissions`. */
  scopes?: readonly string[];
  /** Whether the user of a token with scopes administers the repository; true by default. */
  isAdmin?: boolean;
  /** Whether the organization demands that the token is authorized for its single sign-on. */
  needsSso?: boolean;
}

export interface GithubState {
  /** The first is that of the job, unless `githubClaims` names another. */
  repositories: Repository[];
  organization: Vault;
  tokens: Map<string, GithubToken>;
}

export const ALL_PERMISSIONS: GithubToken['permissions'] = {
  metadata: 'read',
  actions: 'write',
  administration: 'write',
  environments: 'write',
  secrets: 'write',
  variables: 'write',
  organization_secrets: 'read',
};

export function newVault(): Vault {
  return { secrets: new Map(), variables: new Map() };
}

/** With the repository `acme/infra` of the default job; it has no environment. */
export function newGithubState(): GithubState {
  return {
    repositories: [newRepository('acme/infra', 2002, 1001)],
    organization: newVault(),
    tokens: new Map(),
  };
}

export function newRepository(fullName: string, id: number, ownerId: number): Repository {
  const [owner = '', name = ''] = fullName.split('/');
  return {
    id,
    ownerId,
    owner,
    name,
    isPrivate: true,
    defaultBranch: 'main',
    formerNames: [],
    subject: { useDefault: true, includeClaimKeys: [], useImmutable: undefined, shown: {} },
    environments: new Map(),
    ...newVault(),
  };
}

export function newEnvironment(name: string): Environment {
  return { name, branchPolicy: null, branches: [], reviewers: [], waitTimer: 0, ...newVault() };
}

/** Names of environments do not depend on the case. */
export function addEnvironment(
  repository: Repository,
  name: string,
  changes: Partial<Environment> = {},
): Environment {
  const environment = { ...newEnvironment(name), ...changes };
  repository.environments.set(name.toLowerCase(), environment);
  return environment;
}

export function addRepository(world: World, fullName: string, id: number, ownerId: number): Repository {
  const repository = newRepository(fullName, id, ownerId);
  world.githubRest.repositories.push(repository);
  return repository;
}

/** The old name redirects, as on GitHub. */
export function renameRepository(repository: Repository, fullName: string): void {
  repository.formerNames.push(fullNameOf(repository).toLowerCase());
  const [owner = '', name = ''] = fullName.split('/');
  Object.assign(repository, { owner, name });
}

export function fullNameOf({ owner, name }: Pick<Repository, 'owner' | 'name'>): string {
  return `${owner}/${name}`;
}

/** @returns the token, which counts as a secret */
export function issueGithubToken(
  world: World,
  grant: GithubToken = { permissions: ALL_PERMISSIONS },
): string {
  const prefix = grant.scopes ? 'gho_' : 'github_pat_';
  const token = `${prefix}${randomBytes(27).toString('hex')}`;
  world.githubRest.tokens.set(token, grant);
  world.secrets.add(token);
  return token;
}

/** The start of a subject before the first colon after the repository: names alone, or names and ids. */
export function subjectPrefix(repository: Repository, { settings }: World): string {
  const { owner, ownerId, name, id } = repository;
  return (repository.subject.useImmutable ?? settings.immutableSubject)
    ? `repo:${owner}@${ownerId}/${name}@${id}`
    : `repo:${owner}/${name}`;
}
