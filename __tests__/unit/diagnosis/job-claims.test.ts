import { describe, expect, it } from '@jest/globals';
import { jobClaims } from '../../../emulator/github/claims.ts';
import { newGithubState } from '../../../emulator/github/repositories.ts';
import { defaultSettings } from '../../../emulator/server/settings.ts';
import { adviseOnJob, describeSubject, diagnosticClaims } from '../../../src/diagnosis/job-claims.ts';

const claimsOf = (githubClaims: Record<string, string>, rest = {}) =>
  jobClaims({ settings: { ...defaultSettings(), githubClaims, ...rest }, githubRest: newGithubState() });

const JOBS: [string, Record<string, string>][] = [
  ['a push', {}],
  ['a tag', { ref: 'refs/tags/v1' }],
  ['a pull request', { event_name: 'pull_request', ref: 'refs/pull/1/merge' }],
  ['an environment', { environment: 'prod' }],
  ['an environment with a colon', { environment: 'prod:eu' }],
  ['an environment in a pull request', { environment: 'prod', event_name: 'pull_request' }],
];

describe('describeSubject', () => {
  it.each(JOBS)('recognises the form by name and the immutable form: %s', (_what, claims) => {
    expect(describeSubject(claimsOf(claims))).toContain('by name, `repo:OWNER/REPO:…`.');
    expect(describeSubject(claimsOf(claims, { immutableSubject: true }))).toContain('immutable form');
  });

  it.each([
    'repository_owner:acme:environment:prod',
    'repo:acme/infra:job_workflow_ref:acme/infra/.github/workflows/deploy.yml@refs/heads/main',
    'repo:acme@1001/infra@2002:repo_property_team:blue',
    'repo:acme/infra',
    'repo:other/infra:ref:refs/heads/main',
    'repo:acme@1001/infra@9:ref:refs/heads/main',
    '',
  ])('takes every other subject for a customised one: %j', (githubSubject) => {
    expect(describeSubject(claimsOf({}, { githubSubject }))).toContain('customised');
  });
});

it('diagnosticClaims includes the custom properties of the repository', () => {
  const claims = claimsOf({
    repo_property_team: 'blue',
    'repo_property_a b': 'x',
    repo_property_env: '::error::',
  });
  const shown = diagnosticClaims({ claims, expiresAt: 0 }, adviseOnJob(claims));
  expect(Object.entries(shown).slice(-2)).toEqual([
    ['repo_property_env', ': :error: :'],
    ['repo_property_team', 'blue'],
  ]);
});

it('adviseOnJob gives no advice on the subjects of GitHub to a job of Forgejo', () => {
  const claims = { iss: 'https://git.example/api/actions', sub: 'repo:acme-1/infra-2:ref:refs/heads/main' };
  expect(adviseOnJob(claims)).toMatchObject({
    trustName: 'forgejo-actions',
    subject: claims.sub,
    keysUrl: 'https://git.example/api/actions/.well-known/keys',
    notes: [],
  });
});
