import { describe, expect, it } from '@jest/globals';
import { TransportError } from '../../../src/errors/action-error.ts';
import { parseRetryAfter, type RetryPolicy, retrying } from '../../../src/node/retry.ts';
import type { HttpRequest, HttpResponse } from '../../../src/ports.ts';
import { isRetryableStatus } from '../../../src/response.ts';

const START = Date.UTC(2030, 0, 1);
const request: HttpRequest = {
  method: 'GET',
  url: new URL('https://x.example'),
  headers: {},
  label: 'the call',
};

type Answer = TransportError | (Partial<HttpResponse> & { status: number; takes?: number });

interface Run {
  outcome: HttpResponse | TransportError;
  tries: { at: number; timeoutMs: number }[];
  waits: number[];
  log: string[];
  described: number;
}

/** Plays these answers, the last one for ever, against a clock that only waits and answers turn. */
async function play(
  answers: Answer[],
  policy: Partial<RetryPolicy> = {},
  extra: Partial<HttpRequest> = {},
): Promise<Run> {
  let now = START;
  const run: Omit<Run, 'outcome'> = { tries: [], waits: [], log: [], described: 0 };
  const sleep = async (milliseconds: number) => {
    run.waits.push(milliseconds);
    now += milliseconds;
  };
  const describe = () => {
    run.described += 1;
    return { ...request, ...extra };
  };
  const sendOnce = async (_request: HttpRequest, timeoutMs: number): Promise<HttpResponse> => {
    const answer = answers[Math.min(run.tries.length, answers.length - 1)];
    run.tries.push({ at: now - START, timeoutMs });
    if (answer === undefined || answer instanceof TransportError) throw answer;
    now += answer.takes ?? 0;
    return { headers: {}, text: '', ...answer };
  };
  const parts = {
    policy: { maxAttempts: 4, requestTimeoutMs: 15_000, deadline: START + 120_000, ...policy },
    clock: { now: () => now, sleep },
    log: (line: string) => run.log.push(line),
    sendOnce,
    random: () => 1,
  };
  try {
    return { ...run, outcome: await retrying(describe, parts), described: run.described };
  } catch (error) {
    if (error instanceof TransportError) return { ...run, outcome: error, described: run.described };
    throw error;
  }
}

describe('a status', () => {
  it.each([408, 429, 500, 501, 502, 503, 504, 599])('%i is worth another try', (status) => {
    expect(isRetryableStatus(status)).toBe(true);
  });

  it.each([200, 204, 301, 302, 307, 400, 401, 403, 404, 409, 413, 422, 499])('%i is not', async (status) => {
    expect(isRetryableStatus(status)).toBe(false);
    const run = await play([{ status }]);
    expect([run.tries.length, run.outcome]).toEqual([1, { status, headers: {}, text: '', tries: '1 try' }]);
  });
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

  it('is Greenwich time in the old form without a zone too', () => {
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

  it('ends the tries at once when it lies behind the deadline', async () => {
    const run = await play([{ status: 429, headers: { 'retry-after': '3600' } }]);
    const tries = '1 try, the server asks to wait 3600 s';
    expect([run.tries.length, run.waits, run.outcome]).toMatchObject([1, [], { status: 429, tries }]);
  });
});

describe('a rate limit', () => {
  it('is waited out for longer than a failure, since it counts by the minute', async () => {
    const run = await play([{ status: 429 }, { status: 429 }, { status: 429 }, { status: 200 }]);
    expect(run.waits).toEqual([10_000, 20_000, 40_000]);
  });

  it('that says when to come back is met some time after that, lest all come back together', async () => {
    const run = await play([{ status: 429, headers: { 'retry-after': '7' } }, { status: 200 }]);
    expect(run.waits).toEqual([17_000]);
  });
});

describe('a call', () => {
  const lost = new TransportError('unreachable', 'lost');

  it('is described anew for every try and tells of each wait in one line', async () => {
    const run = await play([lost, { status: 500 }, { status: 200, text: 'yes' }]);
    expect(run.outcome).toMatchObject({ status: 200, text: 'yes' });
    expect([run.described, run.tries.length, run.waits]).toEqual([3, 3, [500, 1000]]);
    expect(run.log).toHaveLength(2);
    expect(run.log.every((line) => line.startsWith('the call: ') && !line.includes('\n'))).toBe(true);
  });

  it('ends with the last answer when the tries are used up', async () => {
    const run = await play([{ status: 503 }]);
    expect([run.tries.length, run.log.length, run.outcome]).toMatchObject([4, 3, { status: 503 }]);
  });

  it('ends with the last failure, which is not one of time, when the tries are used up', async () => {
    const { outcome, tries } = await play([lost], { maxAttempts: 2 });
    expect([tries.length, outcome]).toMatchObject([2, { fault: 'unreachable', outOfTime: false }]);
  });

  it.each(['untrusted', 'unusable'] as const)('is not repeated when the answer is %s', async (fault) => {
    const { outcome, tries } = await play([new TransportError(fault, 'so')]);
    expect([tries.length, outcome]).toMatchObject([1, { fault, outOfTime: false }]);
  });

  it('is repeated after a refusal that the caller knows to pass', async () => {
    const transient = ({ text }: HttpResponse) => (text === 'wait' ? 'not yet' : undefined);
    const run = await play(
      [
        { status: 403, text: 'wait' },
        { status: 403, text: 'no' },
      ],
      {},
      { transient },
    );
    expect([run.tries.length, run.outcome]).toMatchObject([2, { text: 'no' }]);
  });

  it('gives each try no more than what is left of the whole time', async () => {
    const run = await play([{ status: 503, takes: 15_000 }], { maxAttempts: 20, deadline: START + 40_000 });
    for (const { at, timeoutMs } of run.tries) expect(at + timeoutMs).toBeLessThanOrEqual(40_000);
    expect(run.tries.at(-1)?.timeoutMs).toBeLessThan(15_000);
    expect(run.outcome).toMatchObject({ status: 503 });
  });

  it('is not begun when the time is used up', async () => {
    const { outcome, tries } = await play([{ status: 200 }], { deadline: START });
    expect([tries.length, outcome]).toMatchObject([0, { outOfTime: true }]);
  });

  it('says that time ended it when a failure leaves none for another try', async () => {
    const { outcome } = await play([lost], { deadline: START + 400 });
    expect(outcome).toMatchObject({ fault: 'unreachable', outOfTime: true });
  });

  it('passes on what is no failure of transport', async () => {
    const failing = () => Promise.reject(new TypeError('a defect'));
    const clock = { now: () => START, sleep: async () => {} };
    const policy = { maxAttempts: 3, requestTimeoutMs: 1, deadline: START + 9 };
    await expect(
      retrying(() => request, { policy, clock, log: () => {}, sendOnce: failing }),
    ).rejects.toThrow(TypeError);
  });
});
