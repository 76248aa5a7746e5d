import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backOffMs } from '../../../src/node/retry.ts';
import { runs } from '../profiles/arbitraries.ts';

describe('the wait', () => {
  it('is anything up to a limit that doubles to twenty seconds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, chance) => {
          const wait = backOffMs(attempt, () => chance);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(Math.min(20_000, 500 * 2 ** (attempt - 1)));
        },
      ),
      runs(200),
    );
    expect([1, 2, 3, 6, 7, 20].map((attempt) => backOffMs(attempt, () => 1))).toEqual([
      500, 1000, 2000, 16_000, 20_000, 20_000,
    ]);
    expect(backOffMs(9, () => 0)).toBe(0);
  });
});
