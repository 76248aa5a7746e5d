// Reads what a removal depends on. Sends no request that changes anything.
import type { AwsCaller, Role } from '../aws/aws.ts';
import {
  APP_ATTRIBUTES,
  DYNAMIC_GROUP_ATTRIBUTES,
  GROUP_ATTRIBUTES,
  USER_ATTRIBUTES,
} from '../domain/attributes.ts';
import type { App, DynamicGroup, Group, IdentityPropagationTrust, User } from '../domain/objects.ts';
import { listTrusts, readTrusts } from '../domain/reads.ts';
import { quoted, type Scim } from '../domain/scim.ts';
import type { GitHub, Repository, SecretInfo } from '../github/github.ts';
import type { Iam, IdentityDomain, Policy } from '../iam/iam.ts';
import { MARK_PREFIX, markFor, markOf } from '../setup/names.ts';
import type { SetupContext } from '../setup/part.ts';
import { type Selection, targetOf } from '../setup/selection.ts';
import type { RoleRemoval } from './role.ts';

export interface RemovalSnapshot {
  domainUrl: string;
  /** Undefined without access to IAM. */
  domain: IdentityDomain | undefined;
  repository: Repository;
  /** Of our user and group. */
  mark: string;
  secrets: readonly SecretInfo[];
  variables: Readonly<Record<string, string>>;
  /** All users that `setup` has made, for any repository. */
  users: readonly User[];
  group: Group | undefined;
  /** Of our runners. */
  dynamicGroup: DynamicGroup | undefined;
  trusts: readonly IdentityPropagationTrust[];
  apps: readonly App[];
  /** Of every compartment, or of the one that was named. Undefined without access to IAM. */
  policies: readonly Policy[] | undefined;
  /** Undefined when nothing of AWS was asked for. */
  aws: { caller: AwsCaller; role: Role | undefined } | undefined;
}

/** @param repositoryId of a repository that GitHub no longer has */
export async function inspectRemoval(
  { scim, iam, github, selection }: SetupContext,
  aws: RoleRemoval | undefined,
  repositoryId: number | undefined,
): Promise<RemovalSnapshot> {
  const { repository, ...vault } = await (repositoryId === undefined
    ? readGitHub(github, selection)
    : nothingOf(selection.repository, repositoryId));
  const mark = markFor(repository.id, targetOf(selection));
  const filter = `externalId eq ${quoted(mark)}`;
  const groups = await scim.list('Groups', { filter, attributes: GROUP_ATTRIBUTES });
  const dynamicGroup = await readOwnDynamicGroup(scim, mark);
  const group = groups.find(({ externalId }) => externalId === mark);
  return {
    domainUrl: scim.url.origin,
    domain: iam && (await readDomain(scim, iam)),
    repository,
    mark,
    ...vault,
    users: await scim.list('Users', {
      filter: `externalId sw ${quoted(MARK_PREFIX)} or tags.value sw ${quoted(MARK_PREFIX)}`,
      attributes: USER_ATTRIBUTES,
    }),
    group,
    dynamicGroup,
    trusts: await readTrusts(scim, await listTrusts(scim)),
    apps: await scim.list('Apps', { attributes: APP_ATTRIBUTES }),
    policies:
      iam &&
      (group ?? dynamicGroup) &&
      (await readPolicies(iam, selection.compartment, dynamicGroup !== undefined)),
    aws: aws && { caller: await aws.iam.caller(), role: await aws.iam.role(aws.wanted.role) },
  };
}

async function readOwnDynamicGroup(scim: Scim, mark: string): Promise<DynamicGroup | undefined> {
  const filter = `tags.value eq ${quoted(mark)}`;
  const found = await scim.list('DynamicResourceGroups', { filter, attributes: DYNAMIC_GROUP_ATTRIBUTES });
  return found.find((group) => markOf(group) === mark);
}

type GitHubSide = Pick<RemovalSnapshot, 'repository' | 'secrets' | 'variables'>;

async function readGitHub(
  github: GitHub,
  { environment }: Pick<Selection, 'environment'>,
): Promise<GitHubSide> {
  const repository = await github.repository();
  const isThere = environment === undefined || (await github.environment(environment)) !== undefined;
  if (!isThere) return { repository, secrets: [], variables: {} };
  return {
    repository,
    secrets: await github.secrets(environment),
    variables: await github.variables(environment),
  };
}

function nothingOf(fullName: string, id: number): GitHubSide {
  return { repository: { id, fullName, ownerId: 0, defaultBranch: '' }, secrets: [], variables: {} };
}

async function readDomain(scim: Scim, iam: Iam): Promise<IdentityDomain | undefined> {
  const settings = await scim.get('Settings', 'Settings', ['domainOcid']);
  return settings?.domainOcid === undefined ? undefined : iam.domain(settings.domainOcid);
}

/** @param hasRunners whether there is a policy in the tenancy, too */
async function readPolicies(
  iam: Iam,
  compartment: string | undefined,
  hasRunners: boolean,
): Promise<Policy[]> {
  const all = compartment === undefined ? (await iam.compartments()).map(({ id }) => id) : [compartment];
  const found: Policy[] = [];
  for (const id of new Set(hasRunners ? [...all, iam.tenancy] : all)) found.push(...(await iam.policies(id)));
  return found;
}
