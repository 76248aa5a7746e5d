import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as rule from '../../../src/inputs/parsers.ts';
import { runs } from '../profiles/arbitraries.ts';

const surroundings = { home: '/home/x', workspace: '/srv/repo' };

describe('what goes into files that others parse', () => {
  const words = [rule.profileName, rule.region, rule.tenancy];

  it('holds neither control characters nor brackets, slashes or blanks', () => {
    const dangerous = fc.constantFrom(
      '\n',
      '\r',
      '\0',
      '\t',
      '\x85',
      '\u2028',
      '[',
      ']',
      '/',
      '\\',
      ' ',
      '=',
      '\x7f',
    );
    const near = fc.constantFrom('P', 'us-ashburn-1', 'ocid1.tenancy.oc1..aaaa', '');
    fc.assert(
      fc.property(near, dangerous, near, (before, character, after) => {
        const raw = before + character + after;
        for (const parse of words) expect(() => parse(raw)).toThrow(rule.Refusal);
        if (!'[]/\\='.includes(character)) expect(() => rule.clientId(raw)).toThrow(rule.Refusal);
      }),
      runs(300),
    );
  });

  it('is the value itself or refused, never something in between', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (raw) => {
        for (const parse of words) {
          try {
            expect(parse(raw)).toBe(raw);
            expect(raw).toMatch(/^[\w.@-]+$/);
          } catch (error) {
            if (!(error instanceof rule.Refusal)) throw error;
          }
        }
      }),
      runs(300),
    );
  });

  it('lies outside the checkout, whatever way leads there', () => {
    const step = fc.constantFrom('..', '.', 'repo', 'work', 'a', '', '..a');
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const raw = `/${steps.join('/')}/config`;
        try {
          const file = rule.configFile(raw, surroundings);
          expect(`${path.resolve(file)}/`.startsWith('/srv/repo/')).toBe(false);
        } catch (error) {
          if (!(error instanceof rule.Refusal)) throw error;
        }
      }),
      runs(500),
    );
  });
});
