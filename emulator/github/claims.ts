// The claims of a job's OIDC token, and the forms of `sub`. Source: GitHub docs, "OpenID Connect reference".
import type { WorldSettings } from '../server/settings.ts';

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

/** Empty in GitHub's tokens too, unless the event is a pull request. */
const MAY_BE_EMPTY = new Set(['base_ref', 'head_ref']);

export function jobClaims(settings: WorldSettings): Record<string, string> {
  const merged = Object.entries({ ...JOB, ...settings.githubClaims });
  const claims = Object.fromEntries(merged.filter(([name, value]) => value !== '' || MAY_BE_EMPTY.has(name)));
  return { ...claims, sub: settings.githubSubject ?? subject(claims, settings.immutableSubject) };
}

/** The audience of a token that was requested without one: the URL of the repository's owner. */
export function defaultAudience(settings: WorldSettings): string {
  return `https://github.com/${jobClaims(settings)['repository_owner'] ?? ''}`;
}

/** The environment has precedence over the event, the event over the ref. A colon inside a value is escaped. */
function subject(claims: Readonly<Record<string, string>>, immutable: boolean): string {
  const claim = (name: string) => (claims[name] ?? '').replaceAll(':', '%3A');
  return `repo:${immutable ? immutableName(claim) : claim('repository')}:${context(claim)}`;
}

function immutableName(claim: (name: string) => string): string {
  const [owner = '', name = ''] = claim('repository').split('/');
  return `${owner}@${claim('repository_owner_id')}/${name}@${claim('repository_id')}`;
}

function context(claim: (name: string) => string): string {
  if (claim('environment') !== '') return `environment:${claim('environment')}`;
  return claim('event_name') === 'pull_request' ? 'pull_request' : `ref:${claim('ref')}`;
}
