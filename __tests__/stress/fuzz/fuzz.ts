// Defines a test for a property: the number of cases, the seed, and a line in the table of figures.
import { it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../unit/profiles/arbitraries.ts';
import { figure } from '../figures.ts';

/** FUZZ_SEED repeats a run. Default: a random seed. */
const SEED = Number.parseInt(process.env['FUZZ_SEED'] ?? '', 10);

/** Defines a test for one property. On failure, fast-check prints seed, path and the shrunk case. */
export function holds<T>(
  what: string,
  usual: number,
  cases: fc.Arbitrary<T>,
  check: (value: T) => Promise<void> | void,
): void {
  it(what, async () => {
    const seed = Number.isNaN(SEED) ? Math.trunc(Math.random() * 0x7fffffff) : SEED;
    const { numRuns } = runs(usual);
    let tried = 0;
    const property = fc.asyncProperty(cases, async (value) => {
      tried += 1;
      await check(value);
    });
    try {
      await fc.assert(property, { seed, numRuns });
    } finally {
      figure('fuzz', what, `${tried} cases, seed ${seed}`);
    }
  });
}
