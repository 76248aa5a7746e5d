import { describe, expect, it } from '@jest/globals';
import { createForwardClock } from '../../../src/node/system.ts';

const sleep = () => Promise.resolve();

describe('createForwardClock', () => {
  it.each([
    ['the system clock', 'it runs on', 1060, 60, 1060],
    ['the system clock', 'it is set forward, or the machine was suspended', 9000, 60, 9000],
    ['the time that has passed', 'the system clock is set back', 400, 60, 1060],
  ])('follows %s when %s', (_what, _when, wall, elapsed, expected) => {
    let [now, monotonic] = [1000, 0];
    const clock = createForwardClock({ now: () => now, sleep }, () => monotonic);
    expect(clock.now()).toBe(1000);
    [now, monotonic] = [wall, elapsed];
    expect(clock.now()).toBe(expected);
  });
});
