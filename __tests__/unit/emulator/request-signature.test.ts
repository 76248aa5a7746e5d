import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { startEmulator } from '../../../emulator/server/start.ts';
import { login, type SignedCall, send, signed } from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

type Request = ReturnType<typeof signed>;

let token = '';

const { emulator, clock } = await startTestEmulator();
beforeEach(async () => {
  token = await login(emulator);
});

const BUCKETS = '/n/acmenamespace/b';
const get = (changes: Partial<SignedCall> = {}) =>
  signed(emulator, { method: 'GET', path: '/n/', token, ...changes });
const post = (changes: Partial<SignedCall> = {}) => {
  const body = JSON.stringify({ name: 'made', compartmentId: emulator.inputs.tenancy });
  return signed(emulator, { method: 'POST', path: BUCKETS, token, body, ...changes });
};
const dated = (date: string | number) => get({ headers: { date: new Date(date).toUTCString() } });
const replaced = (from: string | RegExp, to: string): Request => {
  const { headers, ...rest } = get();
  return {
    ...rest,
    headers: { ...headers, authorization: String(headers['authorization']).replace(from, to) },
  };
};
const withHeader = (request: Request, name: string, value: string): Request => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

describe('a request signature', () => {
  const NAMES = ['date', '(request-target)', 'host'];
  const accepted: [string, () => Request][] = [
    ['a GET request', () => get()],
    ['a POST request', () => post()],
    [
      'x-date and an unsigned, old date',
      () => {
        const headers = { 'x-date': new Date(clock.now).toUTCString(), date: new Date(0).toUTCString() };
        return get({ names: ['x-date', '(request-target)', 'host'], headers });
      },
    ],
    ['names in mixed case', () => get({ names: ['Date', '(Request-Target)', 'HOST'] })],
    ['spaces after commas', () => replaced(/",/g, '", ')],
    ['parameters in another order', () => replaced(/version="1",(.*)$/, '$1,version="1"')],
    ['additional headers', () => get({ names: [...NAMES, 'accept'], headers: { accept: '*/*' } })],
    ['a clock almost five minutes off', () => dated(clock.now - 299_000)],
    ['escapes in the path', () => get({ path: `${BUCKETS}?compartmentId=ocid1%2Ecompartment&x=%7e~` })],
  ];
  it.each(accepted)('is accepted with %s', async (_, request) => {
    expect((await send(emulator, request())).status).toBe(200);
  });

  const without = (name: string) => NAMES.filter((one) => one !== name);
  const BODY_NAMES = ['content-length', 'content-type', 'x-content-sha256'];
  const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const refused: [string, () => Request, RegExp][] = [
    ['no authorization', () => withHeader(get(), 'authorization', ''), /^authorization: no signature/],
    ['another version', () => replaced('version="1"', 'version="2"'), /wrong version/],
    ['another algorithm', () => replaced('rsa-sha256', 'hs2019'), /wrong algorithm/],
    ['an API key', () => replaced(/keyId="[^"]*"/, 'keyId="t/u/f"'), /keyId/],
    ['a repeated parameter', () => replaced('version="1"', 'version="1",version="1"'), /twice/],
    ['text after the parameters', () => replaced(/$/, ',x'), /no signature/],
    ['malformed base64', () => replaced(/signature="/, 'signature="*'), /base64/],
    ['another key', () => get({ key: otherKey }), /^signature/],
    ['another path', () => ({ ...get(), path: '/20160918/regions' }), /^signature/],
    ['another query', () => ({ ...get(), path: '/n/?x=1' }), /^signature/],
    ['another encoding of the path', () => ({ ...get({ path: '/n/%61' }), path: '/n/a' }), /^signature/],
    ['another method', () => ({ ...get(), method: 'DELETE' }), /^signature/],
    ['another date', () => withHeader(get(), 'date', new Date(clock.now - 1000).toUTCString()), /^signature/],
    ['another host', () => withHeader(get(), 'host', 'localhost'), /^signature/],
    ['an unsigned date', () => get({ names: without('date') }), /^coverage: neither/],
    ['an unsigned target', () => get({ names: without('(request-target)') }), /^coverage: \(request-/],
    ['an unsigned host', () => get({ names: without('host') }), /^coverage: host/],
    ['a signed header that is missing', () => get({ names: [...NAMES, 'x-absent'] }), /^coverage: x-absent/],
    ...BODY_NAMES.map((name): [string, () => Request, RegExp] => {
      const names = [...NAMES, ...BODY_NAMES].filter((one) => one !== name);
      return [`an unsigned ${name}`, () => post({ names }), new RegExp(`^coverage: ${name}`)];
    }),
    ['another body', () => ({ ...post(), body: String(post().body).replace('made', 'fake') }), /^body/],
    ['another digest', () => withHeader(post(), 'x-content-sha256', 'AAAA'), /^signature/],
    ['an old date', () => dated(clock.now - 301_000), /^date/],
    ['a date in the future', () => dated(clock.now + 301_000), /^date/],
    ['a malformed date', () => get({ headers: { date: 'yesterday' } }), /^date/],
    ['a truncated token', () => get({ token: token.slice(0, -5) }), /^token/],
    ['a changed token', () => get({ token: token.replace(/\.(.)/, '.$1A') }), /^token/],
  ];
  it.each(refused)('is refused with %s', async (_, request, reason) => {
    const { status, json, headers } = await send(emulator, request());
    expect([status, json['code']]).toEqual([401, 'NotAuthenticated']);
    expect(headers['x-emulator-reason']).toMatch(reason);
    expect(emulator.journal.at(-1)).toMatchObject({ requestId: headers['opc-request-id'] });
  });

  it('is refused with an expired session token, and with one of another emulator', async () => {
    const other = await startEmulator();
    const foreign = await login(other);
    await other.close();
    expect((await send(emulator, get({ token: foreign }))).status).toBe(401);
    clock.now += 3_600_000;
    expect((await send(emulator, get())).headers['x-emulator-reason']).toMatch(/^token.*exp/);
  });
});

describe('Object Storage', () => {
  const ask = (method: string, path: string, rest: Partial<SignedCall> = {}) =>
    send(emulator, signed(emulator, { method, path: `${BUCKETS}${path}`, token, ...rest }));
  const create = (name: string) => ask('POST', '', { body: JSON.stringify({ name, compartmentId: 'c' }) });

  it('stores an object byte for byte, with an unsigned body and slashes in its name', async () => {
    expect((await create('beta')).status).toBe(200);
    expect((await create('beta')).json['code']).toBe('BucketAlreadyExists');
    const body = Buffer.from([0, 255, 13, 10, 128]);
    const headers = { 'content-type': 'image/x', 'opc-meta-colour': 'red' };
    const names = ['date', '(request-target)', 'host'];
    expect((await ask('PUT', '/beta/o/a%2Fb%20c', { body, names, headers })).status).toBe(200);
    const got = await ask('GET', '/beta/o/a/b%20c');
    expect(got.headers).toMatchObject(headers);
    expect(got.body.equals(body)).toBe(true);
    expect((await ask('GET', '/beta/o?prefix=a%2F')).json).toMatchObject({
      objects: [{ name: 'a/b c', size: 5 }],
    });
    expect((await ask('DELETE', '/beta')).json['code']).toBe('BucketNotEmpty');
    expect((await ask('DELETE', '/beta/o/a/b%20c')).status).toBe(204);
    expect((await ask('GET', '/beta/o/a/b%20c')).json['code']).toBe('ObjectNotFound');
    expect((await ask('DELETE', '/beta')).status).toBe(204);
    expect((await ask('GET', '/beta')).json['code']).toBe('BucketNotFound');
  });

  it('refuses a body that does not match its signed digest or its MD5', async () => {
    await create('gamma');
    const request = signed(emulator, { method: 'PUT', path: `${BUCKETS}/gamma/o/x`, token, body: 'right' });
    expect((await send(emulator, { ...request, body: 'wrong' })).status).toBe(401);
    const headers = { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' };
    const response = await ask('PUT', '/gamma/o/x', { body: 'x', headers });
    expect(response.json['code']).toBe('UnmatchedContentMD5');
  });
});
