// A matrix of 500 jobs at a domain that limits the rate as a Free one does, in virtual time.
import { describe, expect, it } from '@jest/globals';
import { FREE_DOMAIN } from '../../../emulator/domain/rate-limit.ts';
import type { RateLimit } from '../../../emulator/server/settings.ts';
import { figure } from '../figures.ts';
import { type CrowdOptions, type JobReport, simulate } from './rate-limit-jobs.ts';

const SUITE = 'rate limit of a Free domain (virtual time)';
const FORMS = ['none', 'seconds', 'date'] as const satisfies readonly RateLimit['retryAfter'][];
const PATIENT = { 'retry-max-attempts': '20', 'timeout-seconds': '600' };

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(0)} s`;
const most = (values: readonly number[]) => Math.max(...values);
const failures = (reports: readonly JobReport[]) =>
  reports.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'in');

function free(retryAfter: RateLimit['retryAfter'], changes: Partial<RateLimit> = {}): CrowdOptions['world'] {
  return { rateLimit: { ...FREE_DOMAIN, retryAfter, ...changes } };
}

/** Total time, load on the domain per login, and who waited longest, as one line of the table. */
function report(what: string, reports: readonly JobReport[]): void {
  const asked = reports.map(({ statuses }) => statuses.length);
  const total = asked.reduce((sum, count) => sum + count, 0);
  const refused = reports.flatMap(({ statuses }) => statuses).filter((status) => status === 429).length;
  const last = most(reports.map(({ endedAt }) => endedAt)) - Math.min(...reports.map((one) => one.startedAt));
  const longest = most(reports.map(({ startedAt, endedAt }) => endedAt - startedAt));
  const load = `${(total / reports.length).toFixed(2)} requests per login (at most ${most(asked)})`;
  const share = `${((100 * refused) / total).toFixed(0)} % refused`;
  figure(SUITE, what, `all in after ${seconds(last)}, longest wait ${seconds(longest)}, ${load}, ${share}`);
}

describe('500 jobs that are given 20 tries and 10 minutes', () => {
  describe.each([
    ['at once', 0],
    ['within 30 s', 30_000],
  ])('and begin %s', (start, withinMs) => {
    it.each(FORMS)('all log in, with Retry-After: %s', async (form) => {
      const reports = await simulate({ jobs: 500, withinMs, world: free(form), inputs: PATIENT, seed: 1 });
      expect(reports).toHaveLength(500);
      expect(failures(reports)).toEqual([]);
      expect(reports.flatMap(({ warnings }) => warnings)).toEqual([]);
      // Nothing but room is ever refused, and every job stops asking once it is in.
      const odd = reports.filter(({ statuses }) => !/^(429,)*200$/.test(statuses.join()));
      expect(odd).toEqual([]);
      // 150 at once and 150 a minute: nobody can bring the last of 500 in before the third minute is over.
      const last = most(reports.map(({ endedAt }) => endedAt));
      expect(last - Math.min(...reports.map(({ startedAt }) => startedAt))).toBeGreaterThan(180_000);
      report(`500 jobs ${start}, Retry-After: ${form}`, reports);
    });
  });

  it("renew GitHub's token when the wait outlasts it", async () => {
    const world = free('seconds', { perMinute: 75 });
    const reports = await simulate({ jobs: 500, world, inputs: PATIENT, seed: 1 });
    expect(failures(reports)).toEqual([]);
    const outlasted = reports.filter(({ startedAt, endedAt }) => endedAt - startedAt > 300_000);
    expect(outlasted.length).toBeGreaterThan(0);
    expect(outlasted.filter(({ tokensAt }) => tokensAt.length < 2)).toEqual([]);
    // An expired one would be a 400.
    expect([...new Set(reports.flatMap(({ statuses }) => statuses))].toSorted()).toEqual([200, 429]);
    const renewed = reports.filter(({ tokensAt }) => tokensAt.length > 1).length;
    figure(SUITE, 'jobs that renewed their token, at 75 a minute; refused for its age', `${renewed}; 0`);
    report('500 jobs at once, 75 a minute, Retry-After: seconds', reports);
  });
});

/** Somewhat less than the 150 of a minute, so that not every one of them has to be hit. */
const PROMISED = 120;
const STEP = 10;

describe('jobs with the default limits, at once', () => {
  it.each(FORMS)('are at least as many as promised before one fails, with Retry-After: %s', async (form) => {
    let jobs = PROMISED;
    let failed: string[] = [];
    for (; failed.length === 0; jobs += STEP) {
      failed = failures(await simulate({ jobs, world: free(form), seed: jobs }));
    }
    const most = jobs - 2 * STEP;
    expect(most).toBeGreaterThanOrEqual(PROMISED);
    // Twice a minute's room is all that the default of 120 s has.
    expect(most).toBeLessThanOrEqual(2 * FREE_DOMAIN.perMinute);
    expect(failed.filter((code) => !['OCI_RATE_LIMITED', 'DEADLINE_EXCEEDED'].includes(code))).toEqual([]);
    figure(SUITE, `jobs at once, default limits, before one fails, Retry-After: ${form}`, most);
  });
});
