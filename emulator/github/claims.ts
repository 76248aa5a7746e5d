// The claims of a job's OIDC token, and the forms of `sub`. Source: GitHub docs, "OpenID Connect reference".
import type { World } from '../server/world.ts';
import { fullNameOf, newRepository, type Repository } from './repositories.ts';

/** What the claims depend on. */
export type ClaimSource = Pick<World, 'settings' | 'githubRest'>;

/** Every value is a string, also of ids and booleans. */
const JOB: Readonly<Record<string, string>> = {
  actor: 'octo-dev',
  actor_id: '3003',
  repository: 'acme/infra',
  repository_id: '2002',
  repository_owner: 'acme',
  repository_owner_id: '1001',
  repository_visibility: 'private',
  ref: 'refs/heads/main',
  ref_type: 'branch',
  ref_protected: 'true',
  base_ref: '',
  head_ref: '',
  sha: '0123456789abcdef0123456789abcdef01234567',
  event_name: 'push',
  workflow: 'deploy',
  workflow_ref: 'acme/infra/.github/workflows/deploy.yml@refs/heads/main',
  workflow_sha: '0123456789abcdef0123456789abcdef01234567',
  job_workflow_ref: 'acme/infra/.github/workflows/deploy.yml@refs/heads/main',
  job_workflow_sha: '0123456789abcdef0123456789abcdef01234567',
  run_id: '4004004004',
  run_number: '7',
  run_attempt: '1',
  check_run_id: '5005005005',
  runner_environment: 'github-hosted',
};

/** Of a repository that `githubClaims` only invents. */
const DEFAULT_SUBJECT = newRepository('', 0, 0).subject;

/** Empty in GitHub's tokens too, unless the event is a pull request. */
const MAY_BE_EMPTY = new Set(['base_ref', 'head_ref']);

export function jobClaims(source: ClaimSource): Record<string, string> {
  const { settings } = source;
  const repository = repositoryOf(source);
  const merged = Object.entries({
    ...JOB,
    ...(repository && claimsOf(repository)),
    ...settings.githubClaims,
  });
  const claims = Object.fromEntries(merged.filter(([name, value]) => value !== '' || MAY_BE_EMPTY.has(name)));
  return { ...claims, sub: settings.githubSubject ?? subject(claims, repository, source) };
}

/** The audience of a token that was requested without one: the URL of the repository's owner. */
export function defaultAudience(source: ClaimSource): string {
  return `https://github.com/${jobClaims(source)['repository_owner'] ?? ''}`;
}

/** The repository that `githubClaims` names, if GitHub has it; otherwise the first. */
function repositoryOf({ settings, githubRest }: ClaimSource): Repository | undefined {
  const { repository: name } = settings.githubClaims;
  const { repositories } = githubRest;
  return name === undefined ? repositories[0] : repositories.find((one) => fullNameOf(one) === name);
}

function claimsOf(repository: Repository): Record<string, string> {
  const { id, owner, ownerId, isPrivate } = repository;
  return {
    repository: fullNameOf(repository),
    repository_id: String(id),
    repository_owner: owner,
    repository_owner_id: String(ownerId),
    repository_visibility: isPrivate ? 'private' : 'public',
  };
}

/** The environment has precedence over the event, the event over the ref. A colon inside a value is escaped. */
function subject(
  claims: Readonly<Record<string, string>>,
  repository: Repository | undefined,
  { settings }: ClaimSource,
): string {
  const claim = (name: string) => (claims[name] ?? '').replaceAll(':', '%3A');
  const { useDefault, includeClaimKeys, useImmutable } = repository?.subject ?? DEFAULT_SUBJECT;
  if (!useDefault) return includeClaimKeys.map((key) => customPart(key, claim)).join(':');
  const name = (useImmutable ?? settings.immutableSubject) ? immutableName(claim) : claim('repository');
  return `repo:${name}:${context(claim)}`;
}

/** `repo` and `context` stand for the parts of the default subject. */
function customPart(key: string, claim: (name: string) => string): string {
  if (key === 'repo') return `repo:${claim('repository')}`;
  return key === 'context' ? context(claim) : `${key}:${claim(key)}`;
}

function immutableName(claim: (name: string) => string): string {
  const [owner = '', name = ''] = claim('repository').split('/');
  return `${owner}@${claim('repository_owner_id')}/${name}@${claim('repository_id')}`;
}

function context(claim: (name: string) => string): string {
  if (claim('environment') !== '') return `environment:${claim('environment')}`;
  return claim('event_name') === 'pull_request' ? 'pull_request' : `ref:${claim('ref')}`;
}
