import { describe, expect, it } from '@jest/globals';
import { firstMatch } from '../../../emulator/domain/rules.ts';

const claims = {
  sub: 'repo:acme/infra:ref:refs/heads/main',
  repository_id: '2002',
  aud: ['one', 'two'],
  run_number: 7,
};

const table: [string, boolean][] = [
  ['sub eq repo:acme/infra:ref:refs/heads/main', true],
  ['sub eq repo:acme/infra:ref:refs/heads/mai', false],
  ['sub eq repo:acme/infra:*', true],
  ['sub eq *', true],
  ['sub eq repo:acme/other:*', false],
  ['sub eq repo:*:ref:refs/heads/main', false],
  ['sub eq "repo:acme/infra:*"', false],
  ['sub eq "repo:acme/infra:ref:refs/heads/main"', false],
  ['sub eq REPO:acme/infra:*', false],
  ['sub co acme/infra', true],
  ['sub co acme/*', false],
  ['sub co other', false],
  ['repository_id eq 2002', true],
  ['aud eq one', false],
  ['run_number eq 7', false],
  ['absent eq *', false],
  ['toString co a', false],
  ['sub ne x', false],
  ['sub eq', false],
  ['sub  eq *', false],
];

describe('impersonation rules', () => {
  it.each(table)('%s: %s', (rule, expected) => {
    expect(firstMatch([{ rule, value: 'user' }], claims)).toBe(expected ? 'user' : undefined);
  });

  it('take the first that matches', () => {
    const rules = [
      { rule: 'sub eq nobody', value: 'a' },
      { rule: 'sub eq *', value: 'b' },
      { rule: 'sub co acme', value: 'c' },
    ];
    expect(firstMatch(rules, claims)).toBe('b');
  });

  it('lead to nobody if there are none', () => {
    expect(firstMatch([], claims)).toBeUndefined();
  });
});
