import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TransportError } from '../../../src/errors/transport-error.ts';
import { backOffMs, parseRetryAfter, type RetryOptions, retry } from '../../../src/node/retry.ts';
import type { HttpResponse, RetriedCall } from '../../../src/ports.ts';
import { isRetryableStatus } from '../../../src/response.ts';
import { runs } from '../profiles/arbitraries.ts';

const START = Date.UTC(2030, 0, 1);

type Given = TransportError | (Partial<HttpResponse> & { status: number; takes?: number });

interface Run {
  outcome: HttpResponse | TransportError;
  attempts: number;
  waits: number[];
  log: string[];
}

/** Retries with these outcomes, the last one for ever, on a clock that only waits and attempts advance. */
async function play(
  given: Given[],
  policy: Partial<RetryOptions['policy']> = {},
  transientReason: RetriedCall['transientReason'] = () => undefined,
  more: Partial<RetriedCall> = {},
): Promise<Run> {
  let now = START;
  const run: Omit<Run, 'outcome'> = { attempts: 0, waits: [], log: [] };
  const sleep = async (milliseconds: number) => {
    run.waits.push(milliseconds);
    now += milliseconds;
  };
  const attempt = async () => {
    const outcome = given[Math.min(run.attempts, given.length - 1)];
    run.attempts += 1;
    if (outcome === undefined || outcome instanceof TransportError) throw outcome;
    now += outcome.takes ?? 0;
    return { response: { headers: {}, text: '', ...outcome } };
  };
  const options = {
    policy: { maxAttempts: 4, deadline: START + 120_000, ...policy },
    clock: { now: () => now, sleep },
    log: (line: string) => run.log.push(line),
    random: () => 1,
  };
  try {
    const { response } = await retry(options, { label: 'the call', transientReason, ...more }, attempt);
    return { ...run, outcome: response };
  } catch (error) {
    if (error instanceof TransportError) return { ...run, outcome: error };
    throw error;
  }
}

describe('a status', () => {
  it.each([408, 429, 500, 501, 502, 503, 504, 599])('%i is retryable', (status) => {
    expect(isRetryableStatus(status)).toBe(true);
  });

  it.each([200, 204, 301, 302, 307, 400, 401, 403, 404, 409, 413, 422, 499])(
    '%i is not retryable',
    async (status) => {
      expect(isRetryableStatus(status)).toBe(false);
      const run = await play([{ status }]);
      expect([run.attempts, run.outcome]).toMatchObject([1, { status, attempts: '1 attempt' }]);
    },
  );
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    ['999999999', 999_999_999_000],
    ['Tue, 01 Jan 2030 00:01:00 GMT', 60_000],
    ['Sat, 01 Jan 2000 00:00:00 GMT', 0],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['9999999999', 9_999_999_999_000],
    ['soon', undefined],
    ['Mon, 99 Foo 2030', undefined],
    ['2030', 2_030_000],
    ['7, 8', undefined],
  ])('%j is %p ms', (value, expected) => {
    expect(parseRetryAfter(value, START)).toBe(expected);
  });

  it('may be absent', () => {
    expect(parseRetryAfter(undefined, START)).toBeUndefined();
  });

  it('is in GMT in the obsolete form, which names no zone', () => {
    expect(parseRetryAfter('Tue Jan  1 00:01:00 2030', START)).toBe(60_000);
  });

  it('lengthens a wait and never shortens it', async () => {
    const headers = { 'retry-after': '9' };
    const [longer, shorter] = [
      await play([{ status: 503, headers }, { status: 200 }]),
      await play([{ status: 503, headers: { 'retry-after': '0' } }, { status: 200 }]),
    ];
    expect([longer.waits, shorter.waits]).toEqual([[9000], [500]]);
  });

  it('stops the attempts when it is later than the deadline', async () => {
    const run = await play([{ status: 429, headers: { 'retry-after': '3600' } }]);
    const attempts = '1 attempt, the server requires a wait of 3600 s';
    expect([run.attempts, run.waits, run.outcome]).toMatchObject([1, [], { status: 429, attempts }]);
  });
});

describe('a rate limit', () => {
  it('has longer waits than a failure, because it counts by the minute', async () => {
    const run = await play([{ status: 429 }, { status: 429 }, { status: 429 }, { status: 200 }]);
    expect(run.waits).toEqual([10_000, 20_000, 40_000]);
  });

  it('with Retry-After has its own wait in addition, so that clients do not all come back together', async () => {
    const run = await play([{ status: 429, headers: { 'retry-after': '7' } }, { status: 200 }]);
    expect(run.waits).toEqual([17_000]);
  });
});

describe('retry', () => {
  const lost = new TransportError('unreachable', 'lost');

  it('makes each attempt anew and logs each wait in one line', async () => {
    const run = await play([lost, { status: 500 }, { status: 200, text: 'yes' }]);
    expect(run.outcome).toMatchObject({ status: 200, text: 'yes', attempts: '3 attempts' });
    expect([run.attempts, run.waits]).toEqual([3, [500, 1000]]);
    expect(run.log).toEqual([
      'the call: lost; trying again in 0.5 s (attempt 2 of 4)',
      'the call: status 500; trying again in 1.0 s (attempt 3 of 4)',
    ]);
  });

  it('returns the last response when no attempts are left', async () => {
    const run = await play([{ status: 503 }]);
    expect([run.attempts, run.log.length, run.outcome]).toMatchObject([4, 3, { status: 503 }]);
  });

  it('throws the last TransportError, not out of time, when no attempts are left', async () => {
    const { outcome, attempts } = await play([lost], { maxAttempts: 2 });
    expect([attempts, outcome]).toMatchObject([2, { failure: 'unreachable', outOfTime: false }]);
  });

  it.each(['untrusted', 'unusable', 'proxy-refused'] as const)(
    'does not repeat a failure that is %s',
    async (failure) => {
      const { outcome, attempts } = await play([new TransportError(failure, 'so')]);
      expect([attempts, outcome]).toMatchObject([1, { failure, outOfTime: false }]);
    },
  );

  it('repeats a refusal for which the call has a transient reason', async () => {
    const reason = ({ text }: HttpResponse) => (text === 'wait' ? 'not yet' : undefined);
    const responses = [
      { status: 403, text: 'wait' },
      { status: 403, text: 'no' },
    ];
    const run = await play(responses, {}, reason);
    expect([run.attempts, run.outcome]).toMatchObject([2, { text: 'no' }]);
  });

  it('makes no attempt after the deadline', async () => {
    const run = await play([{ status: 503, takes: 15_000 }], { maxAttempts: 20, deadline: START + 40_000 });
    expect(run.attempts).toBeLessThanOrEqual(3);
    expect(run.outcome).toMatchObject({ status: 503, attempts: expect.stringContaining('no time is left') });
  });

  it('throws a failure that is out of time as it is', async () => {
    const late = new TransportError('timed-out', 'late', true);
    const { outcome, attempts } = await play([late]);
    expect([attempts, outcome]).toEqual([1, late]);
  });

  it('throws out of time when a failure leaves no time for another attempt', async () => {
    const { outcome } = await play([lost], { deadline: START + 400 });
    expect(outcome).toMatchObject({ failure: 'unreachable', outOfTime: true });
  });

  it('throws what is no TransportError at once', async () => {
    const clock = { now: () => START, sleep: async () => {} };
    const policy = { maxAttempts: 3, deadline: START + 9 };
    const attempt = () => Promise.reject(new TypeError('a defect'));
    await expect(retry({ policy, clock, log: () => {} }, { label: 'x' }, attempt)).rejects.toThrow(TypeError);
  });
});

describe('backOffMs', () => {
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
  });
});
