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

class TimeIsUp extends Error {}

/** Runs for this many hours on a clock that jumps. A renewal takes a second, and fails while `fails` says so. */
async function runFor(
  hours: number,
  kinds: readonly Kind[],
  {
    fails = () => false,
    renewableHours = 100,
  }: { fails?: (attempt: Attempt) => boolean; renewableHours?: number } = {},
) {
  let now = 0;
  const attempts: Attempt[] = [];
  const logged: [kind: string, text: string][] = [];
  const targets = kinds.map((kind) => {
    const validity = { issuedAt: 0, expiresAt: LIFETIMES[kind] };
    return { kind, validity } as RefreshTarget;
  });
  const running = runSchedule(
    {
      clock: {
        now: () => now,
        sleep: async (milliseconds) => {
          expect(milliseconds).toBeGreaterThan(0);
          now += milliseconds;
          if (now > hours * HOUR) throw new TimeIsUp();
        },
      },
      spread: 0,
      log: (kind, text) => logged.push([kind, text]),
      renew: async ({ kind }) => {
        const attempt = { kind, at: now / MINUTE };
        attempts.push(attempt);
        now += 1000;
        if (fails(attempt))
          throw new ActionError('OCI_RATE_LIMITED', 'The domain refused.', { requestId: 'r1' });
        return { validity: { issuedAt: now, expiresAt: now + LIFETIMES[kind] }, text: 'renewed' };
      },
    },
    { targets, renewableUntil: renewableHours * HOUR },
  );
  await running.catch((error: unknown) => {
    if (!(error instanceof TimeIsUp)) throw error;
  });
  const warnings = logged.filter(([kind]) => kind === 'warning').map(([, text]) => text);
  return { attempts, logged, warnings, now };
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

  it('completes when the request token expires, after a last renewal', async () => {
    const { attempts, warnings, logged, now } = await runFor(100, ['session'], { renewableHours: 6 });
    expect(attempts.at(-1)?.at).toBeCloseTo(357, 0);
    expect(now).toBe(6 * HOUR);
    expect(logged.at(-1)?.[0]).toBe('completed');
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Stopped renewing the OCI session token: .* has expired. It is valid until 1970-01-01T06:57/,
      ),
    ]);
  });
});
