import { describe, expect, it } from '@jest/globals';
import { adviseOnClock, adviseOnLifetime } from '../../../src/oci/session-advice.ts';

const NOW = Date.UTC(2030, 0, 1);
const advice = (requested: number | undefined, granted: number) =>
  adviseOnLifetime(requested, NOW + granted * 1000, NOW);

describe('adviseOnLifetime', () => {
  it.each([
    [3600, 3600],
    [3600, 3595],
    [3600, 3605],
    [60, 60],
    [undefined, 900],
  ])('returns nothing for %p s requested and %i s granted', (requested, granted) => {
    expect(advice(requested, granted)).toBeUndefined();
  });

  it.each([
    [undefined, 899, /^The session ends in 15 min/],
    [3600, 3594, /3594 s.* requests 3600 s\.$/],
    [3600, 3606, /requests 3600 s\.$/],
    [600, 36_000, /: sixty times as long/],
    [600, 36_006, /requests 600 s\.$/],
    [3600, 43_200, /: the maximum instead. OCI seems to count minutes/],
    [3600, 60, /: a sixtieth/],
    [3600, 66, /requests 3600 s\.$/],
  ])('names the difference for %p s requested and %i s granted', (requested, granted, text) => {
    expect(advice(requested, granted)).toMatch(text);
    expect(advice(requested, granted)).toContain(new Date(NOW + granted * 1000).toISOString());
  });
});

describe('adviseOnClock', () => {
  it.each([
    [0, undefined],
    [60_000, undefined],
    [61_000, '61 s fast'],
    [-61_000, '61 s slow'],
  ])('for a skew of %i ms is %p', (skew, text) => {
    const advice = adviseOnClock(NOW + skew, NOW);
    expect(text === undefined ? advice === undefined : advice?.includes(text)).toBe(true);
  });

  it('is nothing when the domain does not send its time', () => {
    expect(adviseOnClock(NOW, undefined)).toBeUndefined();
  });
});
