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
    const read = trustRules(raw).map(({ claim, operator, value, problem }) => [
      claim,
      operator,
      value,
      problem,
    ]);
    expect(read).toEqual(rules.map((rule) => [...rule, undefined]));
  });

  it.each([
    ['sub', 'not of the form'],
    ['sub eq', 'not of the form'],
    ['sub eq   ', 'not of the form'],
    ['repo:acme/infra', 'not of the form'],
    ['sub == a', 'the operator "=="'],
    ['sub EQ a', 'the operator "EQ"'],
    ['sub sw a', 'the operator "sw"'],
    ['sub eq a and ref eq b', 'more than one comparison'],
    ['sub eq a OR ref sw b', 'more than one comparison'],
  ])('cannot be compared, but are no error: %j', (raw, why) => {
    expect(trustRules(raw)).toMatchObject([{ operator: undefined, problem: expect.stringContaining(why) }]);
  });

  it.each(['sub eq "a"', "sub eq 'a' ", 'sub co `a`', 'sub eq “a”'])(
    'with quotes can be compared: %s',
    (raw) => {
      const [rule] = trustRules(raw);
      expect(rule).toMatchObject({ claim: 'sub', problem: expect.stringContaining('has quotes') });
      expect(rule?.operator).toBeDefined();
    },
  );

  it('are numbered when there are several', () => {
    expect(trustRules('a').map(({ name }) => name)).toEqual(['`trust-rule`']);
    expect(trustRules('a\nb').map(({ name }) => name)).toEqual(['`trust-rule` 1', '`trust-rule` 2']);
  });

  it.each([
    ['sub eq a\tb', 'control characters, not "sub eq a\\tb"'],
    ['sub eq a\u2028b', 'control characters'],
    ['sub eq a\nsub eq \u0007', '(rule 2)'],
  ])('with control characters are rejected, because they reach the log: %j', (raw, why) => {
    expect(() => trustRules(raw)).toThrow(InputError);
    expect(() => trustRules(raw)).toThrow(expect.objectContaining({ message: expect.stringContaining(why) }));
  });
});
