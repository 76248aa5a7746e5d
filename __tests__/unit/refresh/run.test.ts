import { describe, expect, it } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { runSchedule } from '../../../src/refresh/run.ts';
import type { RefreshTarget } from '../../../src/refresh/spec.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LIFETIMES = { session: HOUR, 'id-token': 5 * MINUTE, 'access-token': HOUR } as const;

type Kind = RefreshTarget['kind'];

interface Attempt {
  kind: Kind;
  /** Minutes since the beginning. */
  at: number;
}

/** A clock that jumps to the next time at which somebody wakes. */
function jumpingClock() {
  let now = 0;
  const sleepers: { until: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep(milliseconds: number): Promise<void> {
      expect(milliseconds).toBeGreaterThan(0);
      return new Promise((wake) => sleepers.push({ until: now + milliseconds, wake }));
    },
    /** Lets time pass until then, or until nobody sleeps. */
    async run(end: number): Promise<void> {
      for (;;) {
        await new Promise(setImmediate); // what is awake acts
        const next = sleepers.toSorted((one, other) => one.until - other.until)[0];
        if (next === undefined || next.until > end) return;
        sleepers.splice(sleepers.indexOf(next), 1);
        now = next.until;
        next.wake();
      }
    },
  };
}

/** Runs for this many hours. A renewal takes a second, and fails while `fails` says so. */
async function runFor(
  hours: number,
  kinds: readonly Kind[],
  {
    fails = () => false,
    hangs,
    renewableHours = 100,
  }: { fails?: (attempt: Attempt) => boolean; hangs?: Kind; renewableHours?: number } = {},
) {
  const clock = jumpingClock();
  const attempts: Attempt[] = [];
  const logged: [kind: string, text: string][] = [];
  const targets = kinds.map((kind) => {
    const validity = { issuedAt: 0, expiresAt: LIFETIMES[kind] };
    return { kind, validity, renewableUntil: renewableHours * HOUR } as RefreshTarget;
  });
  const running = runSchedule(
    {
      clock,
      spread: 0,
      log: (kind, text) => logged.push([kind, text]),
      renew: async ({ kind }, limitMs) => {
        const attempt = { kind, at: clock.now() / MINUTE };
        attempts.push(attempt);
        await clock.sleep(kind === hangs ? limitMs : 1000);
        if (kind === hangs || fails(attempt))
          throw new ActionError('OCI_RATE_LIMITED', 'The domain refused.', { requestId: 'r1' });
        const now = clock.now();
        return { validity: { issuedAt: now, expiresAt: now + LIFETIMES[kind] }, text: 'renewed' };
      },
    },
    { targets },
  );
  running.catch(() => {}); // thrown below
  await clock.run(hours * HOUR);
  await Promise.race([running, new Promise(setImmediate)]);
  const warnings = logged.filter(([kind]) => kind === 'warning').map(([, text]) => text);
  return { attempts, logged, warnings, now: clock.now() };
}

describe('runSchedule', () => {
  it('renews a session of an hour 16 times in ten hours', async () => {
    const { attempts, logged } = await runFor(10, ['session']);
    expect(attempts).toHaveLength(16);
    expect(attempts[0]?.at).toBe(36);
    expect(logged).toEqual(attempts.map(() => ['info', 'renewed']));
  });

  it('renews each target by its own lifetime', async () => {
    const { attempts } = await runFor(2, ['session', 'id-token', 'access-token']);
    const counts = Object.keys(LIFETIMES).map((kind) => attempts.filter((one) => one.kind === kind).length);
    expect(counts).toEqual([3, 39, 3]);
  });

  it('renews the other targets in time when requests for one of them hang', async () => {
    const { attempts } = await runFor(1, ['session', 'id-token'], { hangs: 'session' });
    const times = attempts.flatMap(({ kind, at }) => (kind === 'id-token' ? [at] : []));
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect([times.length, Math.max(...pauses)]).toEqual([19, expect.closeTo(3, 1)]);
  });

  it('makes three attempts in the life of a token when each request for it hangs', async () => {
    const { attempts } = await runFor(5 / 60, ['id-token'], { hangs: 'id-token' });
    expect(attempts.map(({ at }) => at)).toEqual([3, 3.58, 4.25].map((at) => expect.closeTo(at, 1)));
  });

  it('repeats a failed renewal and logs no warning while the token is valid', async () => {
    const { attempts, warnings, logged } = await runFor(1.5, ['session'], { fails: ({ at }) => at < 50 });
    expect(attempts.map(({ at }) => Math.round(at))).toEqual([36, 37, 39, 43, 48, 53, 89]);
    expect(warnings).toEqual([]);
    expect(logged[0]?.[1]).toBe(
      'Could not renew the OCI session token (it is valid until 1970-01-01T01:00:00.000Z): OCI_RATE_LIMITED: The domain refused. Request ID: r1.',
    );
  });

  it('warns once when the token expires and once when it gives up, then completes', async () => {
    const { warnings, logged, now } = await runFor(10, ['session'], { fails: () => true });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Could not renew the OCI session token \(it expired at 1970-01-01T01:00:00.000Z\)/,
      ),
      'Gave up renewing the OCI session token: it expired at 1970-01-01T01:00:00.000Z, and every attempt since then failed.',
    ]);
    expect(logged.at(-1)).toEqual(['completed', 'Nothing is left to renew.']);
    expect(now / HOUR).toBeLessThan(2.2);
  });

  it('goes on with the other targets when it gives one up', async () => {
    const { attempts } = await runFor(4, ['session', 'access-token'], {
      fails: ({ kind }) => kind === 'session',
    });
    const late = (kind: Kind) => attempts.filter((one) => one.kind === kind && one.at > 130).length;
    expect([late('access-token') > 1, late('session')]).toEqual([true, 0]);
  });

  it('warns of a second outage as of the first', async () => {
    const isOutage = ({ at }: Attempt) => (at > 30 && at < 70) || (at > 140 && at < 210);
    const { warnings } = await runFor(6, ['session'], { fails: isOutage });
    expect(warnings).toEqual([
      expect.stringContaining('(it expired at 1970-01-01T01:00'),
      expect.stringContaining('(it expired at'),
    ]);
  });

  it('completes when the job can get no more ID tokens, after a last renewal', async () => {
    const { attempts, warnings, logged, now } = await runFor(100, ['session'], { renewableHours: 6 });
    expect(attempts.at(-1)?.at).toBeCloseTo(357, 0);
    expect(now).toBe(6 * HOUR);
    expect(logged.at(-1)?.[0]).toBe('completed');
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Stopped renewing the OCI session token: the job can get no more ID tokens. The last token is valid until 1970-01-01T06:57/,
      ),
    ]);
  });
});
