import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { needsRefresher, nextAction, type RefreshState } from '../../../src/refresh/schedule.ts';

const HOUR = 3_600_000;
const fresh: RefreshState = {
  issuedAt: 0,
  expiresAt: HOUR,
  failures: 0,
  failedAt: undefined,
  renewableUntil: Number.POSITIVE_INFINITY,
  spread: 0,
};
const minutes = (count: number) => count * 60_000;

describe('nextAction', () => {
  it.each<[string, Partial<RefreshState>, number, unknown]>([
    [
      'waits until three fifths of the lifetime of a new session',
      {},
      0,
      { action: 'wait', until: minutes(36) },
    ],
    ['renews at three fifths of the lifetime', {}, minutes(36), { action: 'renew' }],
    ['renews earlier by the random spread', { spread: 1 }, 0, { action: 'wait', until: minutes(33) }],
    [
      'renews a token of five minutes after three',
      { expiresAt: minutes(5) },
      0,
      { action: 'wait', until: minutes(3) },
    ],
    [
      'waits when a wrong clock shows a token as expired before it was issued',
      { expiresAt: -HOUR },
      0,
      { action: 'wait', until: 600 },
    ],
    ['renews a token that expired while the machine was suspended', {}, 10 * HOUR, { action: 'renew' }],
    [
      'repeats after a minute when an attempt failed',
      { failures: 1, failedAt: minutes(36) },
      minutes(36),
      { action: 'wait', until: minutes(37) },
    ],
    [
      'repeats after two minutes when two attempts failed',
      { failures: 2, failedAt: minutes(37) },
      minutes(38),
      { action: 'wait', until: minutes(39) },
    ],
    [
      'repeats after five minutes at the latest',
      { failures: 9, failedAt: minutes(50) },
      minutes(54),
      { action: 'wait', until: minutes(55) },
    ],
    [
      'repeats after the token has expired',
      { failures: 9, failedAt: minutes(65) },
      minutes(71),
      { action: 'renew' },
    ],
    [
      'gives up one lifetime after the expiry',
      { failures: 9, failedAt: minutes(119) },
      minutes(120),
      { action: 'give-up', why: 'failed' },
    ],
    [
      'renews just before the request token expires',
      { renewableUntil: minutes(30) },
      minutes(1),
      { action: 'wait', until: minutes(27) },
    ],
    [
      'waits for the expiry of the request token after the last renewal',
      { issuedAt: minutes(27), expiresAt: minutes(87), renewableUntil: minutes(30) },
      minutes(28),
      { action: 'wait', until: minutes(30) },
    ],
    [
      'gives up when the request token has expired',
      { issuedAt: minutes(27), expiresAt: minutes(87), renewableUntil: minutes(30) },
      minutes(30),
      { action: 'give-up', why: 'no-more-id-tokens' },
    ],
  ])('%s', (_what, changes, now, next) => {
    expect(nextAction({ ...fresh, ...changes }, now)).toEqual(next);
  });

  const life = fc.integer({ min: 1000, max: 12 * HOUR });
  const part = fc.double({ min: 0, max: 1, noNaN: true });

  it('renews every session between half and three fifths of its lifetime', () => {
    fc.assert(
      fc.property(life, part, fc.integer({ min: 0, max: 2e12 }), (length, spread, issuedAt) => {
        const session = { ...fresh, issuedAt, expiresAt: issuedAt + length, spread };
        const next = nextAction(session, issuedAt);
        const until = next.action === 'wait' ? next.until - issuedAt : 0;
        return until >= length / 2 && until <= length * 0.6 + 1;
      }),
    );
  });

  it('waits for a time in the future, always', () => {
    const failures = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(life, part, failures, part, part, (length, spread, count, failed, now) => {
        const failedAt = count === 0 ? undefined : failed * 2 * length;
        const session = { ...fresh, expiresAt: length, spread, failures: count, failedAt };
        const at = (failedAt ?? 0) + now * length;
        const next = nextAction(session, at);
        return next.action !== 'wait' || next.until > at;
      }),
    );
  });

  it('makes at least six attempts before the expiry, and gives up one lifetime after it', () => {
    fc.assert(
      fc.property(life, part, (length, spread) => {
        let session: RefreshState = { ...fresh, expiresAt: length, spread };
        let now = 0;
        let inTime = 0;
        for (let step = 0; step < 1000; step += 1) {
          const next = nextAction(session, now);
          if (next.action === 'give-up') return now <= 2.2 * length && inTime >= 6 && next.why === 'failed';
          if (next.action === 'wait') now = next.until;
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

describe('needsRefresher', () => {
  const [now, late, soon] = [HOUR, HOUR + minutes(30), HOUR + minutes(30) - 1];

  it.each([
    ['auto', [late], false],
    ['auto', [late, undefined, soon], true],
    ['auto', [undefined], false],
    ['always', [late], true],
    ['never', [soon], false],
  ] as const)('with mode %s and expiries %j returns %s', (mode, expiries, expected) => {
    expect(needsRefresher(mode, expiries, now)).toBe(expected);
  });
});
