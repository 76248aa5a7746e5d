// The options of `setup`: names that follow from them, and faults that are all reported.
import { describe, expect, it } from '@jest/globals';
import { CommandError } from '../../../cli/failure.ts';
import { COMPARTMENT, select } from './fixtures.ts';

function faultOf(options: Parameters<typeof select>[0]): string {
  try {
    select(options);
  } catch (error) {
    if (error instanceof CommandError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

const SIGNS = 'instance-principal';
const RUNNERS = 'ocid1.instance.oc1..aaaa';

describe('the selection', () => {
  it('names application and policy once for all jobs, user and group by repository and environment', () => {
    expect(select().names).toEqual({
      app: 'github-actions',
      user: 'github-acme-infra-prod',
      group: 'github-acme-infra-prod',
      policy: 'github-actions',
      runners: 'github-acme-infra-prod-runners',
    });
  });

  it('replaces characters that a name must not have', () => {
    expect(select({ environment: 'prod: eu/west' }).names.user).toBe('github-acme-infra-prod-eu-west');
  });

  it('takes the branch in place of the environment', () => {
    expect(select({ environment: undefined, branch: 'main' }).names.user).toBe('github-acme-infra-main');
  });

  it('collapses spaces and repetitions of permissions, and keeps conditions', () => {
    const allow = ['read  buckets', 'read buckets', "manage objects where target.bucket.name='site'"];
    expect(select({ allow }).allow).toEqual([
      'read buckets',
      "manage objects where target.bucket.name='site'",
    ]);
  });

  it.each<[string, Parameters<typeof select>[0], RegExp]>([
    ['no repository', { repo: undefined }, /`--repo` is missing/],
    [
      'a repository with a path',
      { repo: 'acme/infra/x' },
      /owner\/name, such as acme\/infra, not "acme\/infra\/x"/,
    ],
    ['neither environment nor branch', { environment: undefined }, /`--environment` is missing/],
    ['environment and branch', { branch: 'main' }, /`--environment` and `--branch` exclude each other/],
    [
      'a branch with refs/heads',
      { environment: undefined, branch: 'refs/heads/main' },
      /without refs\/heads/,
    ],
    ['a branch with a wildcard', { environment: undefined, branch: 'release/*' }, /without wildcards/],
    ['a name that is too long', { environment: 'e'.repeat(90) }, /Choose one with `--name`/],
    ['manage all-resources', { allow: ['Manage all-resources'] }, /does not accept manage all-resources/],
    ['a permission that is no verb', { allow: ['Allow group x to read buckets'] }, /must be a verb/],
    ['a permission of two lines', { allow: ['read buckets where a\nb'] }, /must be a verb/],
    ['permissions without compartment', { compartment: undefined }, /`--allow` needs `--compartment`/],
    ['a compartment by name', { compartment: 'apps' }, /must be the OCID/],
    ['a subject with a star', { subject: 'repo:acme/infra:*' }, /without `\*`/],
    ['a subject in quotes', { subject: '"repo:acme/infra"' }, /without quotes/],
    [
      'a subject beside the immutable form',
      { subject: 'x', 'immutable-subject': true },
      /exclude each other/,
    ],
    ['signing runners that it does not name', { 'client-auth': SIGNS }, /needs `--runners`/],
    ['runners and a client secret', { runners: [RUNNERS] }, /`--runners` needs `--client-auth instance-/],
    ['a resource and a client secret', { 'token-type': 'rpst' }, /`--token-type rpst` needs/],
    ['runners by name', { 'client-auth': SIGNS, runners: ['ci'] }, /must be the OCID of a compartment or/],
    [
      'a new secret where there is none',
      { 'client-auth': SIGNS, runners: [RUNNERS], 'rotate-secret': true },
      /exclude each other: there is no secret/,
    ],
    [
      'a condition for a resource',
      { 'client-auth': SIGNS, runners: [RUNNERS], allow: ["read buckets where target.bucket.name='a'"] },
      /accepts no condition/,
    ],
    ['an audience with a space', { audience: 'a b' }, /`--audience`/],
    ['an issuer with a slash at the end', { issuer: 'https://example.com/' }, /`--issuer`/],
  ])('is refused with %s', (_what, options, text) => {
    expect(faultOf(options)).toMatch(/^OPTION_INVALID: /);
    expect(faultOf(options)).toMatch(text);
  });

  it('reports all faults at once', () => {
    expect(faultOf({ repo: '', compartment: 'apps', audience: '' }).match(/`--/g)).toHaveLength(3);
  });

  it('accepts the tenancy in place of a compartment', () => {
    expect(select({ compartment: COMPARTMENT.replace('compartment', 'tenancy') }).allow).toHaveLength(1);
  });
});
