import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../../src/inputs/parsers.ts';
import { trustRules } from '../../../src/inputs/trust-rule.ts';

describe('trust rules', () => {
  it.each<[raw: string, rules: [claim: string, operator: string, value: string][]]>([
    ['sub eq repo:acme/infra:*', [['sub', 'eq', 'repo:acme/infra:*']]],
    ['sub co acme/infra', [['sub', 'co', 'acme/infra']]],
    [
      'sub eq a\r\n\n  ref co b \n',
      [
        ['sub', 'eq', 'a'],
        ['ref', 'co', 'b '],
      ],
    ],
    ['sub eq  a', [['sub', 'eq', ' a']]],
    ['sub  eq a', [['sub', 'eq', 'a']]],
    ['environment eq prod eu', [['environment', 'eq', 'prod eu']]],
    ['sub eq "a', [['sub', 'eq', '"a']]],
    ['sub eq a and b', [['sub', 'eq', 'a and b']]],
    ['eq eq eq', [['eq', 'eq', 'eq']]],
  ])('are parsed from %j', (raw, rules) => {
    expect(trustRules(raw)).toEqual(rules.map(([claim, operator, value]) => ({ claim, operator, value })));
  });

  it.each([
    ['sub', '<claim> eq <value>'],
    ['sub eq', '<claim> eq <value>'],
    ['sub eq   ', '<claim> eq <value>'],
    ['repo:acme/infra', '<claim> eq <value>'],
    ['sub == a', 'eq or co between'],
    ['sub EQ a', 'eq or co between'],
    ['sub sw a', 'eq or co between'],
    ['sub eq "a"', 'no quotes'],
    ["sub eq 'a' ", 'no quotes'],
    ['sub eq a and ref eq b', 'one comparison'],
    ['sub eq a OR ref co b', 'one comparison'],
    ['sub eq a\tb', 'control characters'],
    ['sub eq a\u2028b', 'control characters'],
    ['sub eq a\nsub eq "b"', '(rule 2), not "sub eq \\"b\\""'],
  ])('are rejected: %j', (raw, why) => {
    expect(() => trustRules(raw)).toThrow(InputError);
    expect(() => trustRules(raw)).toThrow(expect.objectContaining({ message: expect.stringContaining(why) }));
  });
});
