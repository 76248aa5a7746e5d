import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as rule from '../../../src/inputs/parsers.ts';
import { runs } from '../profiles/arbitraries.ts';

const context = { home: '/home/x', workspace: '/srv/repo' };

describe('values that are written into files', () => {
  const words = [rule.profileName, rule.region, rule.tenancy];

  it('contain no control characters, brackets, slashes or spaces', () => {
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
        for (const parse of words) expect(() => parse(raw)).toThrow(rule.InputError);
        if (!'[]/\\='.includes(character)) expect(() => rule.clientId(raw)).toThrow(rule.InputError);
      }),
      runs(300),
    );
  });

  it('are the input itself, or the input is rejected', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (raw) => {
        for (const parse of words) {
          try {
            expect(parse(raw)).toBe(raw);
            expect(raw).toMatch(/^[\w.@-]+$/);
          } catch (error) {
            if (!(error instanceof rule.InputError)) throw error;
          }
        }
      }),
      runs(300),
    );
  });

  it('never lie in the checkout, by any path', () => {
    const step = fc.constantFrom('..', '.', 'repo', 'work', 'a', '', '..a');
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const raw = `/${steps.join('/')}/config`;
        try {
          const file = rule.configFile(raw, context);
          expect(`${path.resolve(file)}/`.startsWith('/srv/repo/')).toBe(false);
        } catch (error) {
          if (!(error instanceof rule.InputError)) throw error;
        }
      }),
      runs(500),
    );
  });
});
