import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from '../../../emulator/server/start.ts';
import { login, type SignedCall, send, signed } from './client.ts';

type Request = ReturnType<typeof signed>;

let emulator: Emulator;
let token = '';
let now = Date.now();

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now });
});
beforeEach(async () => {
  now = Date.now();
  token = await login(emulator);
});
afterAll(() => emulator.close());

const get = (changes: Partial<SignedCall> = {}) =>
  signed(emulator, { method: 'GET', path: '/n/', token, ...changes });

const post = (changes: Partial<SignedCall> = {}) => {
  const body = JSON.stringify({ name: 'made', compartmentId: emulator.inputs.tenancy });
  return signed(emulator, { method: 'POST', path: '/n/acmenamespace/b', token, body, ...changes });
};

const inAuthorization = (request: Request, from: string | RegExp, to: string): Request => {
  const authorization = String(request.headers['authorization']).replace(from, to);
  return { ...request, headers: { ...request.headers, authorization } };
};

const withHeader = (request: Request, name: string, value: string): Request => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

describe('a request signature', () => {
  it('made by hand opens GET', async () => {
    const answer = await send(emulator, get());
    expect([answer.status, answer.body.toString()]).toEqual([200, '"acmenamespace"']);
  });

  it('made by hand opens POST', async () => {
    const answer = await send(emulator, post());
    expect([answer.status, answer.json['name']]).toEqual([200, 'made']);
  });

  const accepted: [string, () => Request][] = [
    [
      'x-date with an unsigned, stale date',
      () =>
        get({
          names: ['x-date', '(request-target)', 'host'],
          headers: { 'x-date': new Date(now).toUTCString(), date: new Date(0).toUTCString() },
        }),
    ],
    ['names in mixed case', () => get({ names: ['Date', '(Request-Target)', 'HOST'] })],
    ['blanks after commas', () => inAuthorization(get(), /",/g, '", ')],
    ['its parameters in another order', () => inAuthorization(get(), /version="1",(.*)$/, '$1,version="1"')],
    [
      'more headers than required',
      () => get({ names: ['host', 'accept', 'date', '(request-target)'], headers: { accept: '*/*' } }),
    ],
    [
      'a clock almost five minutes off',
      () => get({ headers: { date: new Date(now - 299_000).toUTCString() } }),
    ],
  ];
  it.each(accepted)('may have %s', async (_, request) => {
    expect((await send(emulator, request())).status).toBe(200);
  });

  it('holds for the path as it was sent, escapes and all', async () => {
    const path = '/n/acmenamespace/b?compartmentId=ocid1%2Ecompartment&x=%7e~';
    expect((await send(emulator, get({ path }))).status).toBe(200);
  });

  it('is believed with jwk as an object too', async () => {
    emulator.world.settings.upstJwkForm = 'object';
    token = await login(emulator);
    emulator.world.settings.upstJwkForm = 'string';
    expect((await send(emulator, get())).status).toBe(200);
  });
});

const without = (names: string[], name: string) => names.filter((one) => one !== name);
const GET_NAMES = ['date', '(request-target)', 'host'];
const POST_NAMES = [...GET_NAMES, 'content-length', 'content-type', 'x-content-sha256'];
const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

const refused: [string, () => Request, RegExp][] = [
  ['no authorization', () => withHeader(get(), 'authorization', ''), /^authorization: no signature/],
  ['another version', () => inAuthorization(get(), 'version="1"', 'version="2"'), /wrong version/],
  ['no version', () => inAuthorization(get(), 'version="1",', ''), /wrong version/],
  ['another algorithm', () => inAuthorization(get(), 'rsa-sha256', 'hs2019'), /wrong algorithm/],
  ['an API key', () => inAuthorization(get(), /keyId="[^"]*"/, 'keyId="t/u/f"'), /keyId/],
  ['a parameter twice', () => inAuthorization(get(), 'version="1"', 'version="1",version="1"'), /twice/],
  ['something after the list', () => inAuthorization(get(), /$/, ',x'), /no signature/],
  ['a signature that is no base64', () => inAuthorization(get(), /signature="/, 'signature="*'), /base64/],
  ['a foreign key', () => get({ key: otherKey }), /^signature/],
  ['a changed path', () => ({ ...get(), path: '/20160918/regions' }), /^signature/],
  ['an added query', () => ({ ...get(), path: '/n/?x=1' }), /^signature/],
  ['another spelling of the path', () => ({ ...get({ path: '/n/%61' }), path: '/n/a' }), /^signature/],
  ['another method', () => ({ ...get(), method: 'DELETE' }), /^signature/],
  ['a changed date', () => withHeader(get(), 'date', new Date(now - 1000).toUTCString()), /^signature/],
  ['a changed host', () => withHeader(get(), 'host', 'localhost'), /^signature/],
  ['no signed date', () => get({ names: without(GET_NAMES, 'date') }), /^coverage: neither/],
  [
    'no signed target',
    () => get({ names: without(GET_NAMES, '(request-target)') }),
    /^coverage: \(request-target\)/,
  ],
  ['no signed host', () => get({ names: without(GET_NAMES, 'host') }), /^coverage: host/],
  ['a header named but not sent', () => get({ names: [...GET_NAMES, 'x-absent'] }), /^coverage: x-absent/],
  [
    'no signed length',
    () => post({ names: without(POST_NAMES, 'content-length') }),
    /^coverage: content-length/,
  ],
  ['no signed type', () => post({ names: without(POST_NAMES, 'content-type') }), /^coverage: content-type/],
  [
    'no signed digest',
    () => post({ names: without(POST_NAMES, 'x-content-sha256') }),
    /^coverage: x-content-sha256/,
  ],
  [
    'a body of the same length',
    () => ({ ...post(), body: String(post().body).replace('made', 'fake') }),
    /^body/,
  ],
  ['a digest put right afterwards', () => withHeader(post(), 'x-content-sha256', 'AAAA'), /^signature/],
  ['a date too old', () => get({ headers: { date: new Date(now - 301_000).toUTCString() } }), /^date/],
  ['a date in the future', () => get({ headers: { date: new Date(now + 301_000).toUTCString() } }), /^date/],
  ['a date that is none', () => get({ headers: { date: 'yesterday' } }), /^date/],
  ['a cut token', () => get({ token: token.slice(0, -5) }), /^token/],
  ['a token with a changed payload', () => get({ token: token.replace(/\.(.)/, '.$1A') }), /^token/],
];

describe('a request', () => {
  it.each(refused)('with %s is not authenticated', async (_, request, reason) => {
    const answer = await send(emulator, request());
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({
      code: 'NotAuthenticated',
      message: 'The required information to complete authentication was not provided or was incorrect.',
    });
    expect(answer.headers['x-emulator-reason']).toMatch(reason);
    expect(answer.headers['opc-request-id']).toBe(emulator.journal.at(-1)?.requestId);
    expect(emulator.journal.at(-1)?.reason).toMatch(reason);
  });

  it('with an expired session is not authenticated', async () => {
    now += 3_600_000;
    const answer = await send(emulator, get());
    expect([answer.status, answer.headers['x-emulator-reason']]).toEqual([
      401,
      expect.stringMatching(/^token.*exp/),
    ]);
  });

  it('of another emulator is not authenticated', async () => {
    const other = await startEmulator();
    const foreign = await login(other);
    await other.close();
    expect((await send(emulator, get({ token: foreign }))).status).toBe(401);
  });
});
