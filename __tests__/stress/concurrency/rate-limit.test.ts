// 500 jobs at once against the rate limit of a Free domain, in virtual time.
import { describe, expect, it } from '@jest/globals';
import { FREE_DOMAIN } from '../../../emulator/domain/rate-limit.ts';
import type { RateLimit } from '../../../emulator/server/settings.ts';
import { figure } from '../figures.ts';
import { type JobReport, type SimulationOptions, simulate } from './rate-limit-jobs.ts';

const SUITE = 'rate limit of a Free domain (virtual time)';
const FORMS = ['none', 'seconds', 'date'] as const satisfies readonly RateLimit['retryAfter'][];
const LONG_RETRIES = { 'retry-max-attempts': '20', 'timeout-seconds': '600' };

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(0)} s`;
const most = (values: readonly number[]) => Math.max(...values);
const failures = (reports: readonly JobReport[]) =>
  reports.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'logged in');

function free(
  retryAfter: RateLimit['retryAfter'],
  changes: Partial<RateLimit> = {},
): SimulationOptions['world'] {
  return { rateLimit: { ...FREE_DOMAIN, retryAfter, ...changes } };
}

/** Adds a line to the table: total time, longest wait, requests per login. */
function report(what: string, reports: readonly JobReport[]): void {
  const requests = reports.map(({ statuses }) => statuses.length);
  const total = requests.reduce((sum, count) => sum + count, 0);
  const refused = reports.flatMap(({ statuses }) => statuses).filter((status) => status === 429).length;
  const last = most(reports.map(({ endedAt }) => endedAt)) - Math.min(...reports.map((one) => one.startedAt));
  const longest = most(reports.map(({ startedAt, endedAt }) => endedAt - startedAt));
  const load = `${(total / reports.length).toFixed(2)} requests per login (at most ${most(requests)})`;
  const share = `${((100 * refused) / total).toFixed(0)} % refused`;
  figure(
    SUITE,
    what,
    `all logged in after ${seconds(last)}, longest wait ${seconds(longest)}, ${load}, ${share}`,
  );
}

describe('500 jobs with 20 attempts and 10 minutes', () => {
  describe.each([
    ['at once', 0],
    ['within 30 s', 30_000],
  ])('that start %s', (start, withinMs) => {
    it.each(FORMS)('all log in, with Retry-After: %s', async (form) => {
      const reports = await simulate({
        jobs: 500,
        withinMs,
        world: free(form),
        inputs: LONG_RETRIES,
        seed: 1,
      });
      expect(reports).toHaveLength(500);
      expect(failures(reports)).toEqual([]);
      expect(reports.flatMap(({ warnings }) => warnings)).toEqual([]);
      // Only the rate limit refuses, and each job stops after its success.
      const others = reports.filter(({ statuses }) => !/^(429,)*200$/.test(statuses.join()));
      expect(others).toEqual([]);
      // 150 at once and 150 a minute: the last of 500 jobs cannot log in before the third minute ends.
      const last = most(reports.map(({ endedAt }) => endedAt));
      expect(last - Math.min(...reports.map(({ startedAt }) => startedAt))).toBeGreaterThan(180_000);
      report(`500 jobs ${start}, Retry-After: ${form}`, reports);
    });
  });

  it('request another GitHub token when the wait is longer than its lifetime', async () => {
    const world = free('seconds', { perMinute: 75 });
    const reports = await simulate({ jobs: 500, world, inputs: LONG_RETRIES, seed: 1 });
    expect(failures(reports)).toEqual([]);
    const outlasted = reports.filter(({ startedAt, endedAt }) => endedAt - startedAt > 300_000);
    expect(outlasted.length).toBeGreaterThan(0);
    expect(outlasted.filter(({ tokensAt }) => tokensAt.length < 2)).toEqual([]);
    // An expired token would lead to status 400.
    expect([...new Set(reports.flatMap(({ statuses }) => statuses))].toSorted()).toEqual([200, 429]);
    const renewed = reports.filter(({ tokensAt }) => tokensAt.length > 1).length;
    figure(SUITE, 'jobs that renewed their token, at 75 a minute; refused as expired', `${renewed}; 0`);
    report('500 jobs at once, 75 a minute, Retry-After: seconds', reports);
  });
});

/** Less than the 150 of a minute, because retries are random. */
const PROMISED = 120;
const STEP = 10;

describe('jobs with the default limits, at once', () => {
  it.each(FORMS)('fail only when there are more than promised, with Retry-After: %s', async (form) => {
    let jobs = PROMISED;
    let failed: string[] = [];
    for (; failed.length === 0; jobs += STEP) {
      failed = failures(await simulate({ jobs, world: free(form), seed: jobs }));
    }
    const most = jobs - 2 * STEP;
    expect(most).toBeGreaterThanOrEqual(PROMISED);
    // The default of 120 s allows twice the requests of a minute.
    expect(most).toBeLessThanOrEqual(2 * FREE_DOMAIN.perMinute);
    expect(failed.filter((code) => !['OCI_RATE_LIMITED', 'DEADLINE_EXCEEDED'].includes(code))).toEqual([]);
    figure(SUITE, `jobs at once, default limits, before one fails, Retry-After: ${form}`, most);
  });
});
