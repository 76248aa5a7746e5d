// The subject that the selected jobs send, from what GitHub says about the repository.
import { describe, expect, it } from '@jest/globals';
import type { SubjectCustomization } from '../../../cli/github/github.ts';
import { subjectOf } from '../../../cli/setup/subject.ts';
import { FRESH, select } from './fixtures.ts';

const { repository } = FRESH;

const byName = { ...FRESH.customization, subClaimPrefix: undefined, useImmutableSubject: undefined };

function subject(customization: Partial<SubjectCustomization>, options: Parameters<typeof select>[0] = {}) {
  const found = subjectOf(repository, { ...byName, ...customization }, select(options));
  return 'refusal' in found ? found.refusal : found.value;
}

describe('the subject', () => {
  it.each<[string, Partial<SubjectCustomization>, Parameters<typeof select>[0], string]>([
    ['has the name without a prefix from GitHub', {}, {}, 'repo:acme/infra:environment:prod'],
    [
      'has the prefix of GitHub, which outranks the flag',
      { subClaimPrefix: 'repo:acme@1001/infra@2002', useImmutableSubject: false },
      {},
      'repo:acme@1001/infra@2002:environment:prod',
    ],
    [
      'has the name in the prefix although the flag says immutable',
      { subClaimPrefix: 'repo:acme/infra', useImmutableSubject: true },
      {},
      'repo:acme/infra:environment:prod',
    ],
    [
      'has the IDs when only the flag says immutable',
      { useImmutableSubject: true },
      {},
      'repo:acme@1001/infra@2002:environment:prod',
    ],
    [
      'has the IDs when the repository is to be switched',
      { subClaimPrefix: 'repo:acme/infra' },
      { 'immutable-subject': true },
      'repo:acme@1001/infra@2002:environment:prod',
    ],
    [
      'writes a colon in the environment as %3A',
      {},
      { environment: 'prod:eu' },
      'repo:acme/infra:environment:prod%3Aeu',
    ],
    [
      'has the ref of a branch',
      {},
      { environment: undefined, branch: 'release/1' },
      'repo:acme/infra:ref:refs/heads/release/1',
    ],
    [
      'is the one given',
      { useDefault: false, includeClaimKeys: ['repository_id'] },
      { subject: 'repository_id:2002:prod' },
      'repository_id:2002:prod',
    ],
  ])('%s', (_what, customization, options, expected) => {
    expect(subject(customization, options)).toBe(expected);
  });

  it('is demanded when the repository customises it', () => {
    expect(subject({ useDefault: false, includeClaimKeys: ['repo', 'context'] })).toBe(
      'The repository or its organisation customises the subject (repo, context). Give the whole `sub` of a job with `--subject`.',
    );
  });

  it('is not switched to the immutable form when the repository customises it', () => {
    expect(subject({ useDefault: false }, { 'immutable-subject': true })).toMatch(/would replace that/);
  });

  it('causes a warning when it is not one of the repository', () => {
    const found = subjectOf(repository, byName, select({ subject: 'repo:acme/other:environment:prod' }));
    expect(found).toMatchObject({ warnings: [expect.stringContaining('matches none of its jobs')] });
  });
});
