import { expect, it } from '@jest/globals';
import { stopRefresher } from '../../../src/refresh/stop.ts';

const REFRESHER = { pid: 7, loginId: 'a', directory: '/none' };

it.each([
  ['stopped', 'the clock is set forward by an hour while it waits', 3],
  ['killed', 'it ends only when it is killed', 305],
  ['still-running', 'it never ends', 10_000],
])('returns %s when %s', async (outcome, _when, pausesUntilEnd) => {
  const sent: string[] = [];
  let [now, pauses] = [0, 0];
  const isRunning = () => pauses < pausesUntilEnd;
  const background = {
    logsItsStop: true,
    start: () => Promise.reject(new Error('not used')),
    isRunning,
    signal(_pid: number, _mark: string, _log: string, signal: string) {
      sent.push(signal);
      return isRunning();
    },
  };
  const clock = {
    now: () => now,
    sleep: async () => {
      pauses += 1;
      now += 3_600_000;
    },
  };
  expect(await stopRefresher({ background, clock }, REFRESHER)).toBe(outcome);
  expect(sent).toEqual(outcome === 'stopped' ? ['SIGTERM'] : ['SIGTERM', 'SIGKILL']);
});
