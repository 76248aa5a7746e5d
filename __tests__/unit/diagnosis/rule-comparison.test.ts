// What differs between a rule and a token, as a table: the sentence and where the caret stands.
import { describe, expect, it } from '@jest/globals';
import { firstMatch } from '../../../emulator/domain/trust.ts';
import { compareRule } from '../../../src/diagnosis/rule-comparison.ts';
import { trustRules } from '../../../src/inputs/trust-rule.ts';

const claims: Record<string, string> = {
  sub: 'repo:acme/infra:ref:refs/heads/master',
  repository: 'acme/infra',
  repository_id: '2002',
  repository_owner_id: '1001',
  ref: 'refs/heads/master',
  event_name: 'push',
};
const immutable = { ...claims, sub: 'repo:acme@1001/infra@2002:ref:refs/heads/master' };
const inEnvironment = { ...claims, sub: 'repo:acme/infra:environment:prod eu', environment: 'prod eu' };

const escaped = {
  ...claims,
  sub: 'repo:acme/infra:environment:prod%3Aus',
  environment: 'prod:us',
  repo_property_team: 'blue',
};

const compare = (line: string, token = claims) => {
  const [rule] = trustRules(line);
  if (rule === undefined) throw new Error('no rule');
  return compareRule(rule, token);
};

describe('a rule that differs', () => {
  it.each<[line: string, token: Record<string, string>, text: string, caret: number | undefined]>([
    [
      'sub eq repo:acme/infra:ref:refs/heads/main',
      claims,
      'differs at character 34: the rule has `main`, the token has `master`',
      34,
    ],
    [
      'sub eq repo:acme/infra:ref:refs/heads/master2',
      claims,
      'differs at character 38: the rule has `master2`, the token has nothing more',
      38,
    ],
    [
      'sub eq repo:acme/infra:ref:refs/heads/mas',
      claims,
      'differs at character 35: the rule has nothing more, the token has `master`',
      35,
    ],
    [
      'sub eq repo:acme/infra:environment:prod',
      claims,
      'differs at character 17: the rule has `environment`, the token has `ref`',
      17,
    ],
    [
      'sub eq Repo:acme/infra:ref:refs/heads/master',
      claims,
      'differs at character 1: the rule has `Repo`, the token has `repo`: only upper and lower case differ, and the comparison is case-sensitive',
      1,
    ],
    [
      'sub eq repo:acme/infra:ref:refs/heads/master  ',
      claims,
      'differs at character 38: the rule has `master␣␣`, the token has nothing more: a space at the end of the rule',
      38,
    ],
    [
      'sub eq  repo:acme/infra:ref:refs/heads/master',
      claims,
      'differs at character 1: the rule has `␣repo`, the token has `repo`: a space at the beginning of the rule',
      1,
    ],
    [
      'sub eq repo:acme/infra:ref:refs/heads/"master"',
      claims,
      'differs at character 32: the rule has `"master"`, the token has `master`: quotes in the rule, and domains have been seen to treat the quotes as part of the value',
      32,
    ],
    [
      'sub eq "repo:acme/infra:*"',
      claims,
      'differs at character 1: the rule has `"repo`, the token has `repo`: quotes in the rule, and domains have been seen to treat the quotes as part of the value',
      1,
    ],
    [
      'sub eq repo:acme/infra:environment:prod:us',
      escaped,
      'differs at character 33: the rule has `:us`, the token has `prod%3Aus`: the token has %3A where the rule has a colon',
      33,
    ],
    [
      'environment eq prod%3Aus',
      escaped,
      'differs at character 5: the rule has `prod%3Aus`, the token has `:us`: the rule has %3A where the token has a colon',
      5,
    ],
    [
      'sub eq repo:acme@1001/infra@2003:*',
      immutable,
      'differs at character 25: the rule has `2003`, the token has `2002`',
      25,
    ],
    [
      'repo_property_team eq red',
      escaped,
      'differs at character 1: the rule has `red`, the token has `blue`',
      1,
    ],
    [
      'sub eq repo:acme/infra:ref:refs/heads/master',
      immutable,
      'differs at character 10: the rule has `/infra`, the token has `@1001`: the rule is written by name, the token has the immutable form with ids',
      10,
    ],
    [
      'sub eq repo:acme@1001/infra@2002:ref:refs/heads/master',
      claims,
      'differs at character 10: the rule has `@1001`, the token has `/infra`: the rule is written in the immutable form with ids, the token has names',
      10,
    ],
    [
      'sub eq repo:acme/infra:environment:prod us',
      inEnvironment,
      'differs at character 34: the rule has `prod␣us`, the token has `prod␣eu`',
      34,
    ],
    [
      'sub eq repo:acme/infra:environment:*',
      claims,
      'differs at character 17: the rule has `environment`, the token has `ref`',
      17,
    ],
    [
      'sub eq repo:acme/*:ref:refs/heads/master',
      claims,
      'differs at character 11: the rule has `*`, the token has `infra`: a star is known to work only at the end of an `eq` value',
      11,
    ],
    [
      'environment eq prod',
      claims,
      'needs the claim `environment`, which the token does not have',
      undefined,
    ],
    [
      'repo_property_team eq blue',
      claims,
      'needs the claim `repo_property_team`, which the token does not have: an organisation or enterprise chooses the properties that tokens have',
      undefined,
    ],
    [
      'sub sw repo:acme/',
      claims,
      'has the operator "sw", but domains are known to have only eq and co',
      undefined,
    ],
    ['toString eq prod', claims, 'needs the claim `toString`, which the token does not have', undefined],
    [
      'ref eq refs/heads/main',
      claims,
      'differs at character 14: the rule has `main`, the token has `master`',
      14,
    ],
    ['sub co acme/other', claims, 'is not contained in `sub`', undefined],
    [
      'sub co repo:ACME/infra',
      claims,
      'is not contained in `sub`: only upper and lower case differ, and the comparison is case-sensitive',
      undefined,
    ],
    [
      'sub co repo:acme/infra:',
      immutable,
      'is not contained in `sub`: the rule is written by name, the token has the immutable form with ids',
      undefined,
    ],
    ['sub co zzz', claims, 'is not contained in `sub`', undefined],
    ['ref eq 😀x', { ref: '😀y' }, 'differs at character 2: the rule has `😀x`, the token has `😀y`', 2],
  ])('%s', (line, token, text, caret) => {
    const comparison = compare(line, token);
    expect([comparison.matches, comparison.text]).toEqual([false, text]);
    const [rule = '', claim = '', mark = ''] = comparison.lines.split('\n');
    if (caret === undefined) expect(comparison.lines).toBe('');
    else {
      expect(mark).toMatch(new RegExp(`^ *\\^ character ${caret}$`));
      const at = mark.indexOf('^');
      expect([...rule].slice(0, at).slice(8).join('')).toBe([...claim].slice(0, at).slice(8).join(''));
      expect([...rule][at]).not.toBe([...claim][at]);
    }
  });

  it('shows spaces and control characters in the drawing', () => {
    expect(compare('ref eq a b', { ref: 'a\u2028\nb' }).lines).toBe(
      'rule   a␣b\ntoken  a��b\n        ^ character 2',
    );
  });
});

describe('a rule that matches', () => {
  it.each([
    'sub eq repo:acme/infra:ref:refs/heads/master',
    'sub eq repo:acme/infra:*',
    'sub eq repo:acme@1001/infra@2002:*',
    'sub co acme/infra',
    'sub co master',
    'ref eq refs/heads/master',
    'event_name eq push',
  ])('%s', (line) => {
    expect(compare(line, line.includes('@') ? immutable : claims)).toEqual({
      matches: true,
      isExplained: false,
      text: 'matches this token',
      lines: '',
    });
  });

  it('for every token has a warning', () => {
    expect(compare('sub eq *')).toMatchObject({
      matches: true,
      text: expect.stringContaining('every other token'),
    });
  });
});

describe('the comparison', () => {
  const values = [
    '*',
    'repo:*',
    'repo:acme/infra',
    'repo:acme/infra:ref:refs/heads/master',
    'a*r',
    'M',
    'master',
    '*r',
  ];
  const lines = ['sub', 'ref', 'none'].flatMap((claim) =>
    ['eq', 'co'].flatMap((operator) => values.map((value) => `${claim} ${operator} ${value}`)),
  );
  it('treats a star in the middle as a plain character', () => {
    expect(compare('ref eq a*bd', { ref: 'a*bc' }).matches).toBe(false);
    expect(compare('ref eq a*b', { ref: 'a*b' }).matches).toBe(true);
  });

  it.each(lines)('agrees with the domain of the emulator: %s', (line) => {
    for (const token of [claims, immutable]) {
      expect(compare(line, token).matches).toBe(firstMatch([{ rule: line, value: 'x' }], token) === 'x');
    }
  });
});
