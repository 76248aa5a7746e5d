import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, jwtVerify } from 'jose';
import {
  type AnswerMutation,
  type Emulator,
  startEmulator,
  type WireFault,
} from '../../../emulator/server/start.ts';
import { askDomain, field } from './aws-client.ts';
import { askGithub, call, exchange, exchangeForm, jobToken, login, send, signed } from './client.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const last = () => emulator.journal.at(-1);

async function meet(fault: WireFault, signal?: AbortSignal) {
  emulator.faults.add({ service: 'github', fault });
  return askGithub(emulator, '', signal ? { signal } : {});
}

describe('a wire fault', () => {
  it('answers any status with any headers and body', async () => {
    const headers = { 'Retry-After': '2' };
    const answer = await meet({
      kind: 'status',
      status: 429,
      headers,
      body: 'slow',
      contentType: 'text/plain',
    });
    expect([answer.status, answer.headers['retry-after'], answer.body.toString()]).toEqual([
      429,
      '2',
      'slow',
    ]);
    expect(answer.headers['content-type']).toBe('text/plain');
    expect(last()).toMatchObject({ status: 429, reason: 'fault: status' });
  });

  it('without a body speaks as the service would', async () => {
    for (const service of ['github', 'domain', 'oci'] as const) {
      emulator.faults.add({ service, times: 1, fault: { kind: 'status', status: 503 } });
    }
    expect((await askGithub(emulator)).json['message']).toBeDefined();
    expect((await exchange(emulator, {})).json['error']).toBe('server_error');
    const request = signed(emulator, { method: 'GET', path: '/n', token: 'x' });
    expect((await send(emulator, request)).json['code']).toBe('InternalServerError');
    for (const service of ['sts', 's3'] as const) {
      emulator.faults.add({ service, times: 1, fault: { kind: 'status', status: 503 } });
      const answer = await call(emulator, `${emulator.urls[service]}/`);
      expect(field(answer, 'Code')).toBe('ServiceUnavailable');
      expect(answer.headers['content-type']).toMatch(/xml$/);
    }
  });

  it('asks to come back later by a date, measured from its own', async () => {
    const { headers } = await meet({ kind: 'status', status: 429, retryAfterDate: 90 });
    const [asked = '', sent = ''] = [headers['retry-after'], headers.date];
    expect(asked).toMatch(/ GMT$/);
    expect(Date.parse(asked) - Date.parse(sent)).toBe(90_000);
  });

  it('sends a status line and half a header before it falls silent', async () => {
    emulator.faults.add({ service: 'github', fault: { kind: 'stall-inside-headers' } });
    const { hostname: host, port } = new URL(emulator.urls.github);
    const socket = connect({ host, port: Number(port), ca: readFileSync(emulator.caFile) });
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [first] = await once(socket, 'data');
    socket.destroy();
    expect(String(first)).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: [a-z]+$/);
  });

  it.each([
    ['domain', 401, 'invalid_client'],
    ['domain', 404, 'Resource not found.'],
    ['sts', 403, 'AccessDenied'],
  ] as const)('of %s with %d speaks as a refusal', async (service, status, text) => {
    emulator.faults.add({ service, fault: { kind: 'status', status } });
    const answer = await call(emulator, `${emulator.urls[service]}/`);
    expect([answer.status, answer.body.toString()]).toEqual([status, expect.stringContaining(text)]);
  });

  it.each([302, 307] as const)('redirects with %d', async (status) => {
    const answer = await meet({ kind: 'redirect', status, location: 'https://elsewhere.example/' });
    expect([answer.status, answer.headers['location']]).toEqual([status, 'https://elsewhere.example/']);
  });

  it.each(['reset-before-headers', 'reset-inside-body'] as const)(
    '%s breaks the connection',
    async (kind) => {
      await expect(meet({ kind })).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(last()?.reason).toBe(`fault: ${kind}`);
    },
  );

  it.each(['stall-before-headers', 'stall-inside-headers', 'stall-inside-body'] as const)(
    '%s keeps the client waiting',
    async (kind) => {
      await expect(meet({ kind }, AbortSignal.timeout(300))).rejects.toMatchObject({ code: 'ABORT_ERR' });
      expect(last()).toMatchObject({ status: kind === 'stall-inside-body' ? 200 : 0 });
    },
  );

  it('answers HTML with 200', async () => {
    const answer = await meet({ kind: 'html' });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html']);
  });

  it('cuts JSON', async () => {
    const answer = await meet({ kind: 'truncated-json' });
    expect(() => JSON.parse(answer.body.toString())).toThrow(SyntaxError);
    expect(answer.body.length).toBeGreaterThan(10);
  });

  it('answers nothing', async () => {
    const answer = await meet({ kind: 'empty-body' });
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
  });

  it('answers thirty megabytes', async () => {
    expect((await meet({ kind: 'oversized' })).body.length).toBeGreaterThan(30 * 1024 * 1024);
  });

  it('answers a small body that unpacks into a large one', async () => {
    const answer = await meet({ kind: 'gzip-bomb' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.body.length).toBeLessThan(200_000);
    expect(gunzipSync(answer.body).length).toBe(128 * 1024 * 1024);
  });

  it('lasts as many requests as it was ordered for, and the next one follows', async () => {
    emulator.faults.add({ service: 'github', times: 2, fault: { kind: 'status', status: 503 } });
    emulator.faults.add({ service: 'github', times: 1, fault: { kind: 'status', status: 429 } });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await askGithub(emulator)).status);
    }
    expect(statuses).toEqual([503, 503, 429, 200]);
  });

  it('lets as many requests by as it was told to', async () => {
    emulator.faults.add({ service: 'github', after: 2, times: 1, fault: { kind: 'status', status: 503 } });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await askGithub(emulator)).status);
    }
    expect(statuses).toEqual([200, 200, 503, 200]);
  });

  it('leaves the other services alone', async () => {
    emulator.faults.add({ service: 'domain', fault: { kind: 'status', status: 503 } });
    expect((await askGithub(emulator)).status).toBe(200);
  });
});

describe('a changed answer', () => {
  async function exchanged(kind: AnswerMutation['kind']) {
    emulator.faults.add({ service: 'domain', fault: { kind } });
    const answer = await exchange(emulator, exchangeForm(await jobToken(emulator)));
    expect([answer.status, last()?.reason]).toEqual([200, `fault: ${kind}`]);
    return answer.json;
  }

  /** The signature of the changed token is good all the same. */
  async function claims(kind: AnswerMutation['kind']) {
    const token = String((await exchanged(kind))['token']);
    const claims = decodeJwt(token);
    // At the time of issue by its own account, so that nothing but the signature is in question.
    const currentDate = new Date((claims.iat ?? 0) * 1000);
    await jwtVerify(token, emulator.world.upstKey.publicKey, { currentDate });
    expect(emulator.secrets()).toContain(token);
    return claims;
  }

  it('has an empty token', async () => {
    expect(await exchanged('empty-token')).toEqual({ token: '' });
  });

  it('has no token', async () => {
    expect(await exchanged('no-token')).toEqual({});
  });

  it('has a token of two parts', async () => {
    expect(String((await exchanged('not-a-jwt'))['token']).split('.')).toHaveLength(2);
  });

  it('has its token under the name of RFC 8693', async () => {
    expect(Object.keys(await exchanged('token-under-access_token'))).toEqual(['access_token']);
  });

  it('is bound to another key', async () => {
    const honest = decodeJwt(await login(emulator))['jwk'];
    const other = (await claims('other-key'))['jwk'];
    expect(other).toEqual(expect.stringContaining('"kty":"RSA"'));
    expect(other).not.toBe(honest);
  });

  it('is bound to no key', async () => {
    expect(await claims('no-jwk')).not.toHaveProperty('jwk');
  });

  it('has its key as an object', async () => {
    expect((await claims('jwk-object'))['jwk']).toMatchObject({ kty: 'RSA' });
  });

  it('has expired', async () => {
    expect((await claims('expired')).exp).toBeLessThan(Date.now() / 1000);
  });

  it('is of another tenancy', async () => {
    const { tenant } = await claims('other-tenancy');
    expect(tenant).toMatch(/^ocid1\.tenancy\.oc1\.\.aaaa[a-z]{56}$/);
    expect(tenant).not.toBe(emulator.inputs.tenancy);
  });

  it('is of no tenancy', async () => {
    expect(await claims('no-tenant')).not.toHaveProperty('tenant');
  });

  it('smuggles a line into the tenancy', async () => {
    expect((await claims('injected-tenant'))['tenant']).toMatch(/^ocid1\.tenancy\.[^\n]+\n\w+=/);
  });

  it.each(['empty-token', 'not-a-jwt', 'no-token', 'expired'] as const)(
    'comes from GitHub as %s',
    async (kind) => {
      emulator.faults.add({ service: 'github', times: 1, fault: { kind } });
      const { value } = (await askGithub(emulator)).json;
      const parts = value === undefined ? -1 : String(value).split('.').length;
      expect(parts).toBe({ 'empty-token': 1, 'not-a-jwt': 2, 'no-token': -1, expired: 3 }[kind]);
      expect(last()?.reason).toBe(`fault: ${kind}`);
    },
  );

  it('waits for a request that succeeds', async () => {
    emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'empty-token' } });
    expect((await exchange(emulator, {})).status).toBe(400);
    expect((await exchange(emulator, exchangeForm(await jobToken(emulator)))).json).toEqual({ token: '' });
    expect(await login(emulator)).not.toBe('');
  });

  it('is none of an access token, unless that is what was ordered', async () => {
    emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'empty-token' } });
    expect((await askDomain(emulator)).json['access_token']).toMatch(/^ey/);
    expect(await login(emulator)).toBe('');
    emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'empty-token', of: 'access-token' } });
    expect(await login(emulator)).toMatch(/^ey/);
    expect((await askDomain(emulator)).json).toEqual({ access_token: '' });
  });

  it('has a number for a token', async () => {
    expect(await exchanged('wrong-type')).toEqual({ token: expect.any(Number) });
  });

  it('is whole, and called something else', async () => {
    emulator.faults.add({ service: 'domain', fault: { kind: 'wrong-content-type' } });
    const answer = await exchange(emulator, exchangeForm(await jobToken(emulator)));
    expect([answer.headers['content-type'], answer.json['token']]).toEqual([
      'text/html',
      expect.stringMatching(/^ey/),
    ]);
  });

  it('is not valid yet', async () => {
    const { iat = 0, nbf, exp = 0 } = await claims('not-yet-valid');
    expect(iat).toBeGreaterThan(Date.now() / 1000 + 3000);
    expect([nbf, exp]).toEqual([iat, iat + 3600]);
  });

  it('cannot be ordered where no such answer is given', () => {
    const { faults } = emulator;
    expect(() => faults.add({ service: 'oci', fault: { kind: 'expired' } })).toThrow('expired');
    expect(() => faults.add({ service: 'github', fault: { kind: 'no-jwk' } })).toThrow('no-jwk');
    expect(() => faults.add({ service: 'sts', fault: { kind: 'not-a-jwt' } })).toThrow('not-a-jwt');
    const elsewhere = { kind: 'expired', of: 'access-token' } as const;
    expect(() => faults.add({ service: 'github', fault: elsewhere })).toThrow('expired');
  });
});
