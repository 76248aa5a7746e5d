import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RateLimit } from '../../../emulator/server/settings.ts';
import { type Emulator, startEmulator } from '../../../emulator/server/start.ts';
import { call } from './client.ts';

const KEYS = '/admin/v1/SigningCert/jwk';
const TOKEN = '/oauth2/v1/token';

let emulator: Emulator;
let now = Date.UTC(2030, 0, 1);

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now });
});
beforeEach(() => {
  now += 3_600_000;
  limit({});
});
afterAll(() => emulator.close());

const ask = (path: string) => call(emulator, `${emulator.urls.domain}${path}`);

function limit(changes: Partial<RateLimit>): void {
  emulator.world.settings.rateLimit = { perSecond: 2, perMinute: 5, retryAfter: 'none', ...changes };
}

/** The number of requests, of so many at this moment, that were not refused with 429. */
async function accepted(times: number, path = KEYS): Promise<number> {
  let count = 0;
  for (let at = 0; at < times; at += 1) count += (await ask(path)).status === 429 ? 0 : 1;
  return count;
}

describe('the rate limit of a domain', () => {
  it('is off by default', async () => {
    emulator.world.settings.rateLimit = undefined;
    expect(await accepted(20)).toBe(20);
  });

  it('accepts so many requests in any second', async () => {
    expect(await accepted(1)).toBe(1);
    now += 600;
    expect(await accepted(2)).toBe(1);
    now += 399;
    expect(await accepted(1)).toBe(0);
    now += 1;
    expect(await accepted(2)).toBe(1);
  });

  it('accepts so many requests in any minute, and does not count refused ones', async () => {
    const counts: number[] = [];
    for (let second = 0; second < 5; second += 1) {
      counts.push(await accepted(3));
      now += 1000;
    }
    expect(counts).toEqual([2, 2, 1, 0, 0]);
    now += 54_999;
    expect(await accepted(3)).toBe(0);
    now += 1;
    expect(await accepted(3)).toBe(2);
  });

  it('counts each API group separately, and not the discovery document', async () => {
    expect(await accepted(3, KEYS)).toBe(2);
    expect(await accepted(3, TOKEN)).toBe(2);
    expect(await accepted(3, '/.well-known/openid-configuration')).toBe(3);
    const { json, headers } = await ask(TOKEN);
    expect([json['status'], headers['retry-after']]).toEqual(['429', undefined]);
  });

  it('sends Retry-After in seconds or as a date, rounded up', async () => {
    limit({ retryAfter: 'seconds', perMinute: 2 });
    now += 300;
    await accepted(2);
    now += 1;
    expect((await ask(KEYS)).headers['retry-after']).toBe('60');
    limit({ retryAfter: 'date' });
    expect((await ask(KEYS)).headers['retry-after']).toBe(new Date(now + 1699).toUTCString());
  });
});
