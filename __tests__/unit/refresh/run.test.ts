// The process in the background by a clock that jumps: what it has renewed, and when.
import { describe, expect, it } from '@jest/globals';
import { type Renewed, supervise } from '../../../src/refresh/run.ts';
import type { ChargeName } from '../../../src/refresh/spec.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LIVES = { session: HOUR, 'id-token': 5 * MINUTE, 'access-token': HOUR } as const;

interface Attempt {
  name: ChargeName;
  /** Minutes since the beginning. */
  at: number;
}

/** Runs it for so many hours, with renewals that take a second each and fail while `fails` says so. */
async function runFor(
  hours: number,
  names: readonly ChargeName[],
  {
    fails = () => false,
    lastChance = 100,
  }: { fails?: (attempt: Attempt) => boolean; lastChance?: number } = {},
) {
  let now = 0;
  const attempts: Attempt[] = [];
  const told: [kind: string, text: string][] = [];
  const end = new AbortController();
  const stopAt = hours * HOUR;
  await supervise(
    {
      clock: { now: () => now },
      spread: 0,
      ending: end.signal,
      tell: (kind, text) => told.push([kind, text]),
      doze: async (milliseconds) => {
        expect(milliseconds).toBeGreaterThan(0);
        now = Math.min(now + milliseconds, stopAt);
        if (now === stopAt) end.abort('enough');
      },
      renew: async (name): Promise<Renewed> => {
        const attempt = { name, at: now / MINUTE };
        attempts.push(attempt);
        now += 1000;
        if (fails(attempt)) return { term: undefined, text: 'no' };
        return { term: { issuedAt: now, expiresAt: now + LIVES[name] }, text: 'yes' };
      },
    },
    Object.fromEntries(names.map((name) => [name, { issuedAt: 0, expiresAt: LIVES[name] }])),
    lastChance * HOUR,
  );
  return { attempts, told, now };
}

describe('supervise', () => {
  it('renews a session 16 times in ten hours', async () => {
    const { attempts, told } = await runFor(10, ['session']);
    expect(attempts).toHaveLength(16);
    expect(attempts[0]?.at).toBe(36);
    expect(told.at(-1)).toEqual(['ended', 'Ended: enough.']);
  });

  it('has each thing renewed by its own lifetime', async () => {
    const { attempts } = await runFor(2, ['session', 'id-token', 'access-token']);
    const counts = Object.keys(LIVES).map((name) => attempts.filter((one) => one.name === name).length);
    expect(counts).toEqual([3, 39, 3]);
  });

  it('tries again until it works, and says nothing to anybody who need not know', async () => {
    const { attempts, told } = await runFor(1.5, ['session'], { fails: ({ at }) => at < 50 });
    expect(attempts.map(({ at }) => Math.round(at))).toEqual([36, 37, 39, 43, 48, 53, 89]);
    expect(told.filter(([kind]) => kind === 'note')).toEqual([]);
    expect(told[0]?.[1]).toBe(
      'The session token could not be renewed (it is good until 1970-01-01T01:00:00.000Z): no',
    );
  });

  it('says once when later steps may have felt it, and then that it has given up', async () => {
    const { told, now } = await runFor(10, ['session'], { fails: () => true });
    const notes = told.filter(([kind]) => kind === 'note').map(([, text]) => text);
    expect(notes).toEqual([
      'The session token could not be renewed (it ended at 1970-01-01T01:00:00.000Z): no',
      'The session token is given up: it ended at 1970-01-01T01:00:00.000Z, and every attempt since has failed.',
    ]);
    expect(told.at(-1)).toEqual(['ended', 'Nothing is left that could be renewed.']);
    expect(now / HOUR).toBeLessThan(2.2);
  });

  it('goes on with the others when one is given up', async () => {
    const { attempts } = await runFor(4, ['session', 'access-token'], {
      fails: ({ name }) => name === 'session',
    });
    expect(attempts.filter(({ name, at }) => name === 'access-token' && at > 130).length).toBeGreaterThan(1);
    expect(attempts.filter(({ name, at }) => name === 'session' && at > 130)).toEqual([]);
  });

  it('notes a second outage as it noted the first', async () => {
    const isOut = ({ at }: Attempt) => (at > 30 && at < 70) || (at > 140 && at < 210);
    const { told } = await runFor(6, ['session'], { fails: isOut });
    expect(told.filter(([kind]) => kind === 'note').map(([, text]) => text)).toEqual([
      expect.stringContaining('could not be renewed (it ended at 1970-01-01T01:00'),
      expect.stringContaining('could not be renewed (it ended at'),
    ]);
  });

  it('ends with the identity of the job, after a last renewal', async () => {
    const { attempts, told, now } = await runFor(100, ['session'], { lastChance: 6 });
    expect(attempts.at(-1)?.at).toBeCloseTo(357, 0);
    expect(now).toBe(6 * HOUR);
    expect(told.map(([kind]) => kind).slice(-2)).toEqual(['note', 'ended']);
    expect(told.at(-2)?.[1]).toMatch(/renewed no more: .* has expired. It is good until 1970-01-01T06:57/);
  });
});
