import { describe, expect, it } from '@jest/globals';
import { adviseOnGrantedLife } from '../../../src/oci/rpst.ts';

const NOW = Date.UTC(2030, 0, 1);
const advice = (asked: number, granted: number) =>
  adviseOnGrantedLife(asked, { expiresAt: NOW + granted * 1000 }, NOW);

describe('the life of a session as a resource', () => {
  it.each([
    [3600, 3600],
    [3600, 3595],
    [3600, 3605],
    [60, 60],
  ])('of %i s as asked is not worth a word, nor is %i s', (asked, granted) => {
    expect(advice(asked, granted)).toBeUndefined();
  });

  it.each([
    [3600, 3594, /3594 s.*3600 s as `rpst-lifetime-seconds` asks\.$/],
    [3600, 3606, /asks\.$/],
    [600, 36_000, /: sixty times as long/],
    [600, 36_006, /asks\.$/],
    [3600, 60, /: a sixtieth/],
    [3600, 66, /asks\.$/],
  ])('is told where %i s are asked and %i s granted', (asked, granted, text) => {
    const said = advice(asked, granted);
    expect(said).toMatch(text);
    expect(said).toContain(`until ${new Date(NOW + granted * 1000).toISOString()}`);
  });
});
