import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator, type WorldSettings } from '../../../emulator/server/start.ts';
import { call, login } from './client.ts';

const KEYS = '/admin/v1/SigningCert/jwk';
const TOKEN = '/oauth2/v1/token';

let emulator: Emulator;
let now = Date.UTC(2030, 0, 1);
let pristine: WorldSettings;

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now, world: { requestTokenLifetimeSeconds: 10 ** 6 } });
  pristine = emulator.world.settings;
});
beforeEach(() => {
  now += 3_600_000;
  const rateLimit = { perSecond: 2, perMinute: 5, retryAfter: 'none' } as const;
  emulator.world.settings = { ...pristine, rateLimit };
});
afterAll(() => emulator.close());

const ask = (path: string) => call(emulator, `${emulator.urls.domain}${path}`);

/** Asks so many times at this instant; how many were let in, whatever else was wrong with them. */
async function letIn(times: number, path = KEYS): Promise<number> {
  let count = 0;
  for (let at = 0; at < times; at += 1) count += (await ask(path)).status === 429 ? 0 : 1;
  return count;
}

function limit(changes: Partial<NonNullable<WorldSettings['rateLimit']>>): void {
  const { rateLimit } = emulator.world.settings;
  if (rateLimit) emulator.world.settings.rateLimit = { ...rateLimit, ...changes };
}

describe('a domain that limits the rate', () => {
  it('does not unless it is told to', async () => {
    emulator.world.settings.rateLimit = undefined;
    expect(await letIn(20)).toBe(20);
  });

  it('lets in so many a second, in a window that slides', async () => {
    expect(await letIn(1)).toBe(1);
    now += 600;
    expect(await letIn(2)).toBe(1);
    now += 399;
    expect(await letIn(1)).toBe(0);
    now += 1;
    expect(await letIn(2)).toBe(1);
  });

  it('lets in so many a minute, and does not count those it refused', async () => {
    const counts: number[] = [];
    for (let second = 0; second < 5; second += 1) {
      counts.push(await letIn(3));
      now += 1000;
    }
    expect(counts).toEqual([2, 2, 1, 0, 0]);
    now += 54_999;
    expect(await letIn(3)).toBe(0);
    now += 1;
    expect(await letIn(3)).toBe(2);
  });

  it('counts each group of its API by itself, and the discovery document in none', async () => {
    expect(await letIn(3, KEYS)).toBe(2);
    expect(await letIn(3, TOKEN)).toBe(2);
    expect(await letIn(3, '/.well-known/openid-configuration')).toBe(3);
  });

  it('refuses in its own words, before it looks at the request', async () => {
    await letIn(2, TOKEN);
    const { status, json, headers } = await ask(TOKEN);
    expect([status, json['status'], json['schemas']]).toEqual([
      429,
      '429',
      ['urn:ietf:params:scim:api:messages:2.0:Error'],
    ]);
    expect(headers['retry-after']).toBeUndefined();
    expect(emulator.journal.at(-1)?.reason).toBe('rate limit');
    now += 1000;
    expect(await login(emulator)).toMatch(/^ey/);
  });

  it('says in seconds when there is room again, never too few', async () => {
    limit({ retryAfter: 'seconds' });
    await letIn(2);
    expect((await ask(KEYS)).headers['retry-after']).toBe('1');
    now += 1000;
    await letIn(2);
    now += 1000;
    await letIn(1);
    now += 1;
    expect((await ask(KEYS)).headers['retry-after']).toBe('58');
  });

  it('says it as a date, rounded up to the second', async () => {
    limit({ retryAfter: 'date' });
    now += 300;
    await letIn(2);
    expect((await ask(KEYS)).headers['retry-after']).toBe(new Date(now + 1700).toUTCString());
  });
});
