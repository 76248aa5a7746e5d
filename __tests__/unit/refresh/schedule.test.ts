// When something is renewed: in time, whatever its lifetime; sooner after a failure; never for ever.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planRefresh, type Renewable } from '../../../src/refresh/schedule.ts';

const HOUR = 3_600_000;
const fresh: Renewable = {
  issuedAt: 0,
  expiresAt: HOUR,
  failures: 0,
  failedAt: undefined,
  lastChanceAt: Number.POSITIVE_INFINITY,
  spread: 0,
};
const minutes = (count: number) => count * 60_000;

describe('planRefresh', () => {
  it.each<[string, Partial<Renewable>, number, unknown]>([
    ['leaves a new session alone', {}, 0, { action: 'wait', until: minutes(36) }],
    ['renews it at three fifths of its life', {}, minutes(36), { action: 'renew' }],
    ['renews some earlier', { spread: 1 }, 0, { action: 'wait', until: minutes(33) }],
    [
      "renews the job's token after three minutes",
      { expiresAt: minutes(5) },
      0,
      { action: 'wait', until: minutes(3) },
    ],
    ['is not kept busy by a clock that runs ahead', { expiresAt: -HOUR }, 0, { action: 'wait', until: 600 }],
    ['renews what has expired unseen', {}, 10 * HOUR, { action: 'renew' }],
    [
      'tries again after a minute',
      { failures: 1, failedAt: minutes(36) },
      minutes(36),
      { action: 'wait', until: minutes(37) },
    ],
    [
      'and then after two',
      { failures: 2, failedAt: minutes(37) },
      minutes(38),
      { action: 'wait', until: minutes(39) },
    ],
    [
      'but never later than after five',
      { failures: 9, failedAt: minutes(50) },
      minutes(54),
      { action: 'wait', until: minutes(55) },
    ],
    ['goes on past the end', { failures: 9, failedAt: minutes(65) }, minutes(71), { action: 'renew' }],
    [
      'but not for ever',
      { failures: 9, failedAt: minutes(119) },
      minutes(120),
      { action: 'give-up', why: 'failed' },
    ],
    [
      'renews once more before the identity ends',
      { lastChanceAt: minutes(30) },
      minutes(1),
      { action: 'wait', until: minutes(27) },
    ],
    [
      'and waits for that end then',
      { issuedAt: minutes(27), expiresAt: minutes(87), lastChanceAt: minutes(30) },
      minutes(28),
      { action: 'wait', until: minutes(30) },
    ],
    [
      'has nothing to do behind it',
      { issuedAt: minutes(27), expiresAt: minutes(87), lastChanceAt: minutes(30) },
      minutes(30),
      { action: 'give-up', why: 'no-identity' },
    ],
  ])('%s', (_what, changes, now, plan) => {
    expect(planRefresh({ ...fresh, ...changes }, now)).toEqual(plan);
  });

  const life = fc.integer({ min: 1000, max: 12 * HOUR });
  const part = fc.double({ min: 0, max: 1, noNaN: true });

  it('renews every session with two fifths of its life to spare, and not before half of it', () => {
    fc.assert(
      fc.property(life, part, fc.integer({ min: 0, max: 2e12 }), (length, spread, issuedAt) => {
        const session = { ...fresh, issuedAt, expiresAt: issuedAt + length, spread };
        const plan = planRefresh(session, issuedAt);
        const until = plan.action === 'wait' ? plan.until - issuedAt : 0;
        return until >= length / 2 && until <= length * 0.6 + 1;
      }),
    );
  });

  it('always waits for a time to come, so that nobody runs in circles', () => {
    const failures = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(life, part, failures, part, part, (length, spread, count, failed, now) => {
        const failedAt = count === 0 ? undefined : failed * 2 * length;
        const session = { ...fresh, expiresAt: length, spread, failures: count, failedAt };
        const at = (failedAt ?? 0) + now * length;
        const plan = planRefresh(session, at);
        return plan.action !== 'wait' || plan.until > at;
      }),
    );
  });

  it('has half a dozen tries before the end of a session, and ends within a lifetime behind it', () => {
    fc.assert(
      fc.property(life, part, (length, spread) => {
        let session: Renewable = { ...fresh, expiresAt: length, spread };
        let now = 0;
        let inTime = 0;
        for (let step = 0; step < 1000; step += 1) {
          const plan = planRefresh(session, now);
          if (plan.action === 'give-up') return now <= 2.2 * length && inTime >= 6 && plan.why === 'failed';
          if (plan.action === 'wait') now = plan.until;
          else {
            if (now < length) inTime += 1;
            session = { ...session, failures: session.failures + 1, failedAt: now };
          }
        }
        return false;
      }),
    );
  });
});
