// That each fault does what its name says. What the action makes of it is tested in e2e and in the stress tests.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import {
  type Emulator,
  type ResponseMutation,
  startEmulator,
  type WireFault,
} from '../../../emulator/server/start.ts';
import { accessToken, askDomain, askSts, assumeForm, field } from './aws-client.ts';
import { askGithub, call, exchange, exchangeForm, jobToken, login } from './client.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const last = () => emulator.journal.at(-1);

describe('a wire fault', () => {
  const meet = (fault: WireFault, signal?: AbortSignal) => {
    emulator.faults.add({ service: 'github', fault });
    return askGithub(emulator, '', signal ? { signal } : {});
  };

  it('sends any status, headers and body', async () => {
    const fault = { kind: 'status', status: 429, body: 'slow', contentType: 'text/plain' } as const;
    const { status, headers, body } = await meet({ ...fault, retryAfterDate: 90 });
    expect([status, headers['content-type'], String(body)]).toEqual([429, 'text/plain', 'slow']);
    expect(Date.parse(String(headers['retry-after'])) - Date.parse(String(headers.date))).toBe(90_000);
    expect(last()).toMatchObject({ status: 429, reason: 'fault: status' });
  });

  it.each([
    ['github', 503, 'message'],
    ['domain', 503, 'server_error'],
    ['domain', 401, 'invalid_client'],
    ['domain', 404, 'Resource not found.'],
    ['oci', 503, 'InternalServerError'],
    ['sts', 503, '<Type>Receiver</Type><Code>ServiceUnavailable'],
    ['sts', 403, 'AccessDenied'],
    ['s3', 503, 'ServiceUnavailable'],
    ['iam', 429, 'TooManyRequests'],
    ['iam', 500, 'InternalServerError'],
    ['github-api', 429, 'secondary rate limit'],
    ['github-api', 502, 'message'],
    ['aws-iam', 400, '<Code>Throttling'],
    ['aws-iam', 503, 'ServiceUnavailable'],
  ] as const)('without a body sends the own error of %s with %d', async (service, status, text) => {
    emulator.faults.add({ service, fault: { kind: 'status', status } });
    const response = await call(emulator, `${emulator.urls[service]}/`);
    expect([response.status, String(response.body)]).toEqual([status, expect.stringContaining(text)]);
  });

  it('sends any STS error, escaped', async () => {
    const fault = { kind: 'sts-error', status: 400, code: 'Throttling', message: `"a" <b> & 'c'\n` } as const;
    emulator.faults.add({ service: 'sts', fault });
    const response = await askSts(emulator, {});
    expect([field(response, 'Code'), field(response, 'Message')]).toEqual([fault.code, fault.message]);
    expect(String(response.body)).toContain('&quot;a&quot; &lt;b&gt; &amp; &apos;c&apos;&#10;');
  });

  it('sends half of the headers before it stalls', async () => {
    emulator.faults.add({ service: 'github', fault: { kind: 'stall-inside-headers' } });
    const { hostname: host, port } = new URL(emulator.urls.github);
    const socket = connect({ host, port: Number(port), ca: readFileSync(emulator.caFile) });
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [first] = await once(socket, 'data');
    socket.destroy();
    expect(String(first)).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: [a-z]+$/);
  });

  it.each(['reset-before-headers', 'reset-inside-body'] as const)(
    '%s resets the connection',
    async (kind) => {
      await expect(meet({ kind })).rejects.toMatchObject({ code: 'ECONNRESET' });
    },
  );

  it.each(['stall-before-headers', 'stall-inside-body'] as const)('%s sends no more', async (kind) => {
    await expect(meet({ kind }, AbortSignal.timeout(300))).rejects.toMatchObject({ code: 'ABORT_ERR' });
    expect(last()?.status).toBe(kind === 'stall-inside-body' ? 200 : 0);
  });

  it('sends HTML, truncated JSON, nothing, 30 MB, a gzip bomb or a redirect', async () => {
    emulator.faults.add({ service: 'github', times: 1, fault: { kind: 'html' } });
    expect((await askGithub(emulator)).headers['content-type']).toBe('text/html');
    const bodyOf = async (kind: 'truncated-json' | 'empty-body' | 'oversized' | 'gzip-bomb') => {
      emulator.faults.clear();
      return (await meet({ kind })).body;
    };
    const truncated = String(await bodyOf('truncated-json'));
    expect(() => JSON.parse(truncated)).toThrow(SyntaxError);
    expect((await bodyOf('empty-body')).length).toBe(0);
    expect((await bodyOf('oversized')).length).toBeGreaterThan(30 * 1024 * 1024);
    const bomb = await bodyOf('gzip-bomb');
    expect([bomb.length < 200_000, gunzipSync(bomb).length]).toEqual([true, 128 * 1024 * 1024]);
    emulator.faults.clear();
    const redirect = await meet({ kind: 'redirect', status: 307, location: 'https://elsewhere.example/' });
    expect([redirect.status, redirect.headers.location]).toEqual([307, 'https://elsewhere.example/']);
  });

  it('applies to its service, after `after` requests and for `times` requests; then the next one applies', async () => {
    emulator.faults.add({ service: 'github', after: 1, times: 2, fault: { kind: 'status', status: 503 } });
    emulator.faults.add({ service: 'github', times: 1, fault: { kind: 'status', status: 429 } });
    emulator.faults.add({ service: 'domain', fault: { kind: 'status', status: 500 } });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await askGithub(emulator)).status);
    expect(statuses).toEqual([429, 503, 503, 200, 200]);
  });
});

describe('a response mutation', () => {
  type Kind = ResponseMutation['kind'];
  type Issuer = 'github' | 'domain' | 'access-token';

  async function tokenFrom(issuer: Issuer, kind?: Kind): Promise<unknown> {
    emulator.faults.clear();
    const jwt = await jobToken(emulator);
    const service = issuer === 'github' ? 'github' : 'domain';
    const of = issuer === 'access-token' ? { of: issuer } : {};
    if (kind) emulator.faults.add({ service, fault: { kind, ...of } });
    const { json } =
      issuer === 'github'
        ? await askGithub(emulator)
        : issuer === 'domain'
          ? await exchange(emulator, exchangeForm(jwt))
          : await askDomain(emulator);
    if (kind) expect(last()?.reason).toBe(`fault: ${kind}`);
    return json[{ github: 'value', domain: 'token', 'access-token': 'access_token' }[issuer]];
  }
  const keyOf = (issuer: Issuer) =>
    ({
      github: emulator.world.githubKey,
      domain: emulator.world.upstKey,
      'access-token': emulator.world.domainKey,
    })[issuer].publicKey;

  const ISSUERS = ['github', 'domain', 'access-token'] as const;
  it.each(ISSUERS)('removes, empties or truncates the token of %s, or changes its type', async (issuer) => {
    expect(await tokenFrom(issuer, 'no-token')).toBeUndefined();
    expect(await tokenFrom(issuer, 'empty-token')).toBe('');
    expect(await tokenFrom(issuer, 'wrong-type')).toEqual(expect.any(Number));
    expect(String(await tokenFrom(issuer, 'not-a-jwt')).split('.')).toHaveLength(2);
  });

  const seconds = () => Date.now() / 1000;
  const changes: [Kind, readonly Issuer[], (claims: JWTPayload, valid: JWTPayload) => boolean][] = [
    ['expired', ISSUERS, ({ exp = 0 }) => exp < seconds() - 3000],
    ['not-yet-valid', ISSUERS, ({ iat = 0, nbf = 0 }) => iat > seconds() + 3000 && nbf === iat],
    ['other-audience', ['github', 'access-token'], ({ aud }) => aud === 'https://elsewhere.example'],
    ['other-tenancy', ['github', 'access-token'], ({ iss }) => iss === 'https://elsewhere.example'],
    ['other-tenancy', ['domain'], ({ tenant }, valid) => tenant !== valid['tenant']],
    ['no-tenant', ['domain'], ({ tenant }) => tenant === undefined],
    ['injected-tenant', ['domain'], ({ tenant }) => /^ocid1\.tenancy\.[^\n]+\n\w+=/.test(String(tenant))],
    ['no-jwk', ['domain'], ({ jwk }) => jwk === undefined],
    ['other-key', ['domain'], ({ jwk }, valid) => String(jwk).includes('"RSA"') && jwk !== valid['jwk']],
  ];
  const cases = changes.flatMap(([kind, issuers, check]) =>
    issuers.map((issuer) => [kind, issuer, check] as const),
  );
  it.each(cases)('%s changes the token of %s, and its signature stays valid', async (kind, issuer, check) => {
    const valid = decodeJwt(String(await tokenFrom(issuer)));
    const token = String(await tokenFrom(issuer, kind));
    const claims = decodeJwt(token);
    await jwtVerify(token, keyOf(issuer), { currentDate: new Date((claims.iat ?? 0) * 1000) });
    expect([check(claims, valid), check(valid, valid)]).toEqual([true, false]);
    expect(emulator.secrets()).toContain(token);
  });

  it.each(['github', 'access-token'] as const)(
    'other-key signs the token of %s with another key',
    async (issuer) => {
      const token = String(await tokenFrom(issuer, 'other-key'));
      await expect(jwtVerify(token, keyOf(issuer))).rejects.toThrow('signature');
    },
  );

  it('changes the credentials of a role', async () => {
    const mutated = async (kind: Kind) => {
      emulator.faults.clear();
      emulator.faults.add({ service: 'sts', fault: { kind } });
      return askSts(emulator, assumeForm(emulator, await accessToken(emulator)));
    };
    expect(String((await mutated('empty-token')).body)).toContain('<SessionToken></SessionToken>');
    expect(String((await mutated('no-token')).body)).not.toContain('SessionToken');
    expect(Date.parse(field(await mutated('expired'), 'Expiration'))).toBeLessThan(Date.now());
    expect(field(await mutated('wrong-type'), 'Expiration')).toMatch(/^\d+$/);
    expect(field(await mutated('other-tenancy'), 'Arn')).toMatch(/^arn:aws:sts::999999999999:/);
    expect((await mutated('wrong-content-type')).headers['content-type']).toBe('text/html');
  });

  it('waits for a response with its token', async () => {
    emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'empty-token' } });
    expect((await exchange(emulator, {})).status).toBe(400);
    expect(await accessToken(emulator)).toMatch(/^ey/);
    expect(await login(emulator)).toBe('');
    expect(await login(emulator)).toMatch(/^ey/);
  });

  it('is refused for a service that does not issue such a token', () => {
    const { faults } = emulator;
    expect(() => faults.add({ service: 'oci', fault: { kind: 'expired' } })).toThrow('expired');
    expect(() => faults.add({ service: 'github', fault: { kind: 'no-jwk' } })).toThrow('no-jwk');
    expect(() => faults.add({ service: 'sts', fault: { kind: 'not-a-jwt' } })).toThrow('not-a-jwt');
    const stsError = { kind: 'sts-error', status: 400, code: 'Throttling' } as const;
    expect(() => faults.add({ service: 's3', fault: stsError })).toThrow('sts-error');
  });
});
