import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { type Emulator, startEmulator, type WorldSettings } from '../../../emulator/server/start.ts';
import {
  basic,
  call,
  exchange,
  exchangeForm,
  forgedToken,
  jobToken,
  keyPair,
  login,
  spki,
} from './client.ts';

let emulator: Emulator;
let now = Date.now();
let pristine: WorldSettings;
const seconds = () => Math.floor(now / 1000);

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now });
  pristine = emulator.world.settings;
});
beforeEach(() => {
  now = Date.now();
  emulator.world.settings = { ...pristine };
});
afterAll(() => emulator.close());

describe('the exchange', () => {
  it('answers one member, a session token bound to the key that was sent', async () => {
    const answer = await exchange(emulator, exchangeForm(await jobToken(emulator)));
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.json)).toEqual(['token']);
    const { payload, protectedHeader } = await jwtVerify(
      String(answer.json['token']),
      emulator.world.upstKey.publicKey,
    );
    const { n, e } = keyPair.publicKey.export({ format: 'jwk' });
    const expires = seconds() + 3600;
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: 'asw' });
    expect(payload).toMatchObject({
      sub: pristine.serviceUser.ocid,
      tenant: emulator.inputs.tenancy,
      source_authn_prin: 'repo:acme/infra:ref:refs/heads/main',
      ptype: 'user',
      iss: 'authService.oracle.com',
      aud: 'oci',
      exp: expires,
      sess_exp: new Date(expires * 1000).toUTCString(),
    });
    expect(JSON.parse(String(payload['jwk']))).toMatchObject({ kty: 'RSA', n, e, alg: 'RS256', use: 'sig' });
  });

  it('forbids caching and gives a request id under both names', async () => {
    const { headers } = await exchange(emulator, exchangeForm(await jobToken(emulator)));
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['opc-request-id']).toBe(emulator.journal.at(-1)?.requestId);
    expect(headers['x-oracle-dms-ecid']).toBe(headers['opc-request-id']);
    expect(headers['date']).toBe(new Date(now).toUTCString());
  });

  it('takes a content type with a charset', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' };
    expect((await exchange(emulator, exchangeForm(await jobToken(emulator)), { headers })).status).toBe(200);
  });

  it('takes a key of 3072 bits', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const form = { ...exchangeForm(await jobToken(emulator)), public_key: spki(publicKey) };
    expect((await exchange(emulator, form)).status).toBe(200);
  });

  it('obeys the settings for lifetime and for the form of jwk', async () => {
    Object.assign(emulator.world.settings, { upstLifetimeSeconds: 60, upstJwkForm: 'object' });
    const { exp = 0, iat = 0, jwk } = decodeJwt(await login(emulator));
    expect(exp - iat).toBe(60);
    expect(jwk).toMatchObject({ kty: 'RSA' });
  });
});

/** One spoilt thing per row; everything else is as it should be. */
const forms: [string, (form: Record<string, string>) => Record<string, string> | string, string, RegExp][] = [
  ['no grant type', ({ grant_type, ...form }) => form, 'invalid_request', /grant_type is missing/],
  [
    'another grant type',
    (form) => ({ ...form, grant_type: 'password' }),
    'unsupported_grant_type',
    /grant_type/,
  ],
  ['an empty parameter', (form) => ({ ...form, requested_token_type: '' }), 'invalid_request', /is missing/],
  [
    'the token type without its infix',
    (form) => ({ ...form, requested_token_type: 'urn:oci:token-type:upst' }),
    'invalid_request',
    /requested_token_type/,
  ],
  [
    'the token type of resources and no resource type',
    (form) => ({ ...form, requested_token_type: 'urn:oci:token-type:oci-rpst' }),
    'invalid_request',
    /res_type is missing/,
  ],
  [
    'the RFC name of the subject token type',
    (form) => ({ ...form, subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' }),
    'invalid_request',
    /subject_token_type/,
  ],
  ['no subject token', ({ subject_token, ...form }) => form, 'invalid_request', /subject_token is missing/],
  ['no public key', ({ public_key, ...form }) => form, 'invalid_request', /public_key is missing/],
  [
    'a repeated parameter',
    (form) => `${new URLSearchParams(form)}&subject_token_type=jwt`,
    'invalid_request',
    /subject_token_type given more than once/,
  ],
  ['a token of two parts', (form) => ({ ...form, subject_token: 'a.b' }), 'invalid_request', /not a JWT/],
  [
    'an armoured key',
    (form) => ({ ...form, public_key: String(keyPair.publicKey.export({ type: 'spki', format: 'pem' })) }),
    'invalid_request',
    /armour/,
  ],
  [
    'a key with a line break',
    (form) => ({ ...form, public_key: spki().replace(/^(.{64})/, '$1\n') }),
    'invalid_request',
    /line breaks/,
  ],
  [
    'a key whose plus signs became blanks',
    (form) => `${new URLSearchParams(form)}`.replace(/public_key=[^&]*/, `public_key=AB+${spki()}`),
    'invalid_request',
    /blanks/,
  ],
  [
    'a key in base64url',
    (form) => ({ ...form, public_key: Buffer.from([251, 255, 254]).toString('base64url') }),
    'invalid_request',
    /not standard base64/,
  ],
  [
    'a key without its padding',
    (form) => ({ ...form, public_key: spki().slice(0, -1) }),
    'invalid_request',
    /not standard base64/,
  ],
  [
    'a key in PKCS#1',
    (form) => ({
      ...form,
      public_key: keyPair.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
    }),
    'invalid_request',
    /SubjectPublicKeyInfo/,
  ],
  [
    'a key with bytes after it',
    (form) => ({
      ...form,
      public_key: Buffer.concat([Buffer.from(spki(), 'base64'), Buffer.alloc(3)]).toString('base64'),
    }),
    'invalid_request',
    /SubjectPublicKeyInfo/,
  ],
  [
    'an elliptic key',
    (form) => ({ ...form, public_key: spki(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey) }),
    'invalid_request',
    /not RSA/,
  ],
  [
    'a key of 1024 bits',
    (form) => ({ ...form, public_key: spki(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey) }),
    'invalid_request',
    /too small/,
  ],
];

describe('the form', () => {
  it.each(forms)('with %s is refused', async (_, spoil, error, reason) => {
    const answer = await exchange(emulator, spoil(exchangeForm(await jobToken(emulator))));
    expect([answer.status, answer.json['error']]).toEqual([400, error]);
    expect(answer.json['error_description']).toEqual(expect.any(String));
    expect(answer.json['token']).toBeUndefined();
    expect(emulator.journal.at(-1)).toMatchObject({ status: 400, reason: expect.stringMatching(reason) });
  });
});

describe('the client', () => {
  const clients: [string, () => string][] = [
    ['a wrong secret', () => basic(emulator, { secret: 'wrong' })],
    ['another id', () => basic(emulator, { id: '0'.repeat(32) })],
    ['a bearer token', () => 'Bearer x'],
    ['base64 that is none', () => `${basic(emulator)}!`],
    ['nothing', () => ''],
  ];
  it.each(clients)('with %s is not authenticated', async (_, authorization) => {
    const form = exchangeForm(await jobToken(emulator));
    const answer = await exchange(emulator, form, { headers: { Authorization: authorization() } });
    expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_client']);
    expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
  });

  it('must post a form', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await exchange(emulator, exchangeForm(await jobToken(emulator)), { headers });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
  });

  it('must use POST', async () => {
    const answer = await call(emulator, `${emulator.urls.domain}/oauth2/v1/token`);
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
  });

  it('finds no other path, and is told so in SCIM', async () => {
    const answer = await call(emulator, `${emulator.urls.domain}//oauth2/v1/token`, { method: 'POST' });
    expect(answer.status).toBe(404);
    expect(answer.json['schemas']).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
  });
});

describe('the subject token', () => {
  const tokens: [string, () => Record<string, unknown>, string, RegExp][] = [
    ['expired', () => ({ exp: seconds() - 1 }), 'invalid_grant', /exp/],
    ['not yet valid', () => ({ nbf: seconds() + 30 }), 'invalid_grant', /nbf/],
    ['issued in the future', () => ({ iat: seconds() + 30 }), 'invalid_grant', /iat/],
    ['without an expiry', () => ({ exp: undefined }), 'invalid_grant', /exp/],
    [
      'of an unknown issuer',
      () => ({ iss: 'https://elsewhere.example' }),
      'invalid_grant',
      /0 active trusts/,
    ],
    [
      'of the issuer with a slash',
      () => ({ iss: `${emulator.urls.github}/` }),
      'invalid_grant',
      /0 active trusts/,
    ],
    ['for another audience', () => ({ aud: 'https://github.com/acme' }), 'invalid_request', /client claim/],
    [
      'for two audiences',
      () => ({ aud: [emulator.inputs.audience, 'x'] }),
      'invalid_request',
      /client claim/,
    ],
  ];
  it.each(tokens)('is refused when %s', async (_, changes, error, reason) => {
    const answer = await exchange(emulator, exchangeForm(await forgedToken(emulator, changes())));
    expect([answer.status, answer.json['error']]).toEqual([400, error]);
    expect(emulator.journal.at(-1)?.reason).toMatch(reason);
  });

  it('is taken when honestly forged, so that the rows above prove what they say', async () => {
    expect((await exchange(emulator, exchangeForm(await forgedToken(emulator, {})))).status).toBe(200);
  });

  it('is refused when another key signed it', async () => {
    const jwt = await forgedToken(emulator, {}, keyPair.privateKey);
    const answer = await exchange(emulator, exchangeForm(jwt));
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_grant']);
  });

  it('is refused when unsigned', async () => {
    const payload = (await jobToken(emulator)).split('.')[1];
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    const answer = await exchange(emulator, exchangeForm(`${header}.${payload}.`));
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_grant']);
  });

  it('is refused when it has grown old on the way', async () => {
    const jwt = await jobToken(emulator);
    now += 301_000;
    expect((await exchange(emulator, exchangeForm(jwt))).status).toBe(400);
  });

  it('profits from the clock skew of the trust', async () => {
    emulator.world.settings.trusts = [{ clockSkewSeconds: 60 }];
    const jwt = await forgedToken(emulator, {
      exp: seconds() - 30,
      iat: seconds() + 30,
      nbf: seconds() + 30,
    });
    expect((await exchange(emulator, exchangeForm(jwt))).status).toBe(200);
  });

  it('may carry any claim, one called ok too', async () => {
    const jwt = await forgedToken(emulator, { ok: false });
    expect((await exchange(emulator, exchangeForm(jwt))).status).toBe(200);
  });
});

describe('the trust', () => {
  const worlds: [string, (settings: WorldSettings) => Partial<WorldSettings>, number, string, string][] = [
    ['is inactive', () => ({ trusts: [{ active: false }] }), 400, 'invalid_grant', 'No unique trust'],
    ['is not alone', () => ({ trusts: [{}, {}] }), 400, 'invalid_grant', 'No unique trust'],
    ['does not exist', () => ({ trusts: [] }), 400, 'invalid_grant', 'No unique trust'],
    [
      'does not list the client',
      () => ({ trusts: [{ oauthClients: [] }] }),
      401,
      'unauthorized_client',
      'Client',
    ],
    [
      'wants another client claim',
      () => ({ trusts: [{ clientClaimName: 'repository_id' }] }),
      400,
      'invalid_request',
      'not valid for this client',
    ],
    [
      'impersonates nobody',
      () => ({ trusts: [{ allowImpersonation: false }] }),
      401,
      'unauthorized_client',
      'No rules',
    ],
    ['has no rules', () => ({ rules: [] }), 401, 'unauthorized_client', 'No rules matched from given token'],
    [
      'leads to another user',
      () => ({ rules: [{ rule: 'sub eq *', value: 'x' }] }),
      401,
      'unauthorized_client',
      'No rules',
    ],
    [
      'leads to a user who is no service user',
      ({ serviceUser }) => ({ serviceUser: { ...serviceUser, serviceUser: false } }),
      401,
      'unauthorized_client',
      'User requesting is not a service user',
    ],
    [
      'still has the old form of sub',
      () => ({ immutableSubject: true }),
      401,
      'unauthorized_client',
      'No rules',
    ],
  ];
  it.each(worlds)('that %s is refused', async (_, change, status, error, text) => {
    Object.assign(emulator.world.settings, change(pristine));
    const answer = await exchange(emulator, exchangeForm(await jobToken(emulator)));
    expect([answer.status, answer.json['error']]).toEqual([status, error]);
    expect(answer.json['error_description']).toContain(text);
  });

  it('can identify the client by another claim', async () => {
    emulator.world.settings.trusts = [{ clientClaimName: 'repository_id', clientClaimValues: ['2002'] }];
    expect(decodeProtectedHeader(await login(emulator)).kid).toBe('asw');
  });
});
