import { describe, expect, it } from '@jest/globals';
import { jobClaims } from '../../../emulator/github/claims.ts';
import { defaultSettings } from '../../../emulator/server/settings.ts';
import { describeSubject, subjectForm } from '../../../src/diagnosis/subject-form.ts';

const claimsOf = (githubClaims: Record<string, string>, rest = {}) =>
  jobClaims({ ...defaultSettings(), githubClaims, ...rest });

const JOBS: [string, Record<string, string>][] = [
  ['a push', {}],
  ['a tag', { ref: 'refs/tags/v1' }],
  ['a pull request', { event_name: 'pull_request', ref: 'refs/pull/1/merge' }],
  ['an environment', { environment: 'prod' }],
  ['an environment with a colon', { environment: 'prod:eu' }],
  ['an environment in a pull request', { environment: 'prod', event_name: 'pull_request' }],
];

describe('the form of a subject', () => {
  it.each(JOBS)('is recognised for %s', (_what, claims) => {
    expect(subjectForm(claimsOf(claims))).toBe('name');
    expect(subjectForm(claimsOf(claims, { immutableSubject: true }))).toBe('immutable');
  });

  it.each([
    'repository_owner:acme:environment:prod',
    'repo:acme/infra:job_workflow_ref:acme/infra/.github/workflows/deploy.yml@refs/heads/main',
    'repo:acme/infra',
    'repo:other/infra:ref:refs/heads/main',
    'repo:acme@1001/infra@9:ref:refs/heads/main',
    '',
  ])("is nobody else's for %j", (githubSubject) => {
    expect(subjectForm(claimsOf({}, { githubSubject }))).toBe('customised');
  });

  it('has a sentence for each form', () => {
    const forms = [{}, { immutableSubject: true }, { githubSubject: 'x' }];
    expect(new Set(forms.map((form) => describeSubject(claimsOf({}, form)))).size).toBe(3);
  });
});
