import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import {
  basic,
  call,
  exchange,
  exchangeForm,
  exchangeWith,
  expectRefusal,
  forgedToken,
  INVALID,
  INVALID_GRANT,
  jobToken,
  keyPair,
  type OAuthRefusal,
  spki,
} from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock, defaults } = await startTestEmulator();
const seconds = () => Math.floor(clock.now / 1000);

describe('the token exchange', () => {
  it('returns only a UPST for the service user, bound to the public key', async () => {
    const response = await exchange(emulator, exchangeForm(await jobToken(emulator)));
    expect([response.status, Object.keys(response.json)]).toEqual([200, ['token']]);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['opc-request-id']).toBe(emulator.journal.at(-1)?.requestId);
    const token = String(response.json['token']);
    const { payload, protectedHeader } = await jwtVerify(token, emulator.world.upstKey.publicKey);
    expect(protectedHeader.kid).toMatch(/^asw_us-ashburn-1_/);
    const { n, e } = keyPair.publicKey.export({ format: 'jwk' });
    expect(payload).toMatchObject({
      sub: defaults.serviceUser.ocid,
      tenant: emulator.inputs.tenancy,
      source_authn_prin: 'repo:acme/infra:ref:refs/heads/main',
      ptype: 'user',
      exp: seconds() + 3600,
      sess_exp: new Date((seconds() + 6 * 3600) * 1000).toUTCString().replace('GMT', 'UTC'),
    });
    expect(JSON.parse(String(payload['jwk']))).toMatchObject({ kty: 'RSA', n, e });
  });

  const der = Buffer.from(spki(), 'base64');
  const keys: [string, string, RegExp][] = [
    ['PEM', String(keyPair.publicKey.export({ type: 'spki', format: 'pem' })), /armor/],
    ['with a line break', spki().replace(/^(.{64})/, '$1\n'), /line breaks/],
    ['base64url', Buffer.from([251, 255, 254]).toString('base64url'), /standard base64/],
    ['without padding', spki().slice(0, -1), /standard base64/],
    [
      'PKCS#1',
      keyPair.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
      /SubjectPublic/,
    ],
    ['with trailing bytes', Buffer.concat([der, Buffer.alloc(3)]).toString('base64'), /SubjectPublicKeyInfo/],
    ['EC', spki(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey), /not RSA/],
    ['of 1024 bits', spki(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), /too small/],
  ];
  it.each(keys)('refuses a public key that is %s', async (_, public_key, reason) => {
    expectRefusal(emulator, await exchangeWith(emulator, { public_key }), INVALID, reason);
  });

  const RFC_8693 = 'urn:ietf:params:oauth:token-type:jwt';
  const forms: [string, Record<string, string | undefined>, RegExp][] = [
    ['no grant type', { grant_type: undefined }, /grant_type is missing/],
    ['an empty parameter', { requested_token_type: '' }, /is missing/],
    ['an unknown token type', { requested_token_type: 'urn:oci:token-type:upst' }, /wrong requested_token/],
    [
      'an RPST without a type',
      { requested_token_type: 'urn:oci:token-type:oci-rpst' },
      /res_type is missing/,
    ],
    ['the RFC 8693 token type', { subject_token_type: RFC_8693 }, /wrong subject_token_type/],
    ['no subject token', { subject_token: undefined }, /subject_token is missing/],
    ['a malformed token', { subject_token: 'a.b' }, /not a JWT/],
    ['no public key', { public_key: undefined }, /public_key is missing/],
  ];
  it.each(forms)('refuses %s', async (_, changes, reason) => {
    expectRefusal(emulator, await exchangeWith(emulator, changes), INVALID, reason);
  });

  it('refuses an unknown grant type and a repeated parameter', async () => {
    const password = await exchangeWith(emulator, { grant_type: 'password' });
    expectRefusal(emulator, password, [400, 'unsupported_grant_type'], /grant_type/);
    const form = `${new URLSearchParams(exchangeForm(await jobToken(emulator)))}&subject_token_type=jwt`;
    expectRefusal(emulator, await exchange(emulator, form), INVALID, /more than once/);
  });

  const clients: [string, () => string][] = [
    ['a wrong secret', () => basic(emulator, { secret: 'wrong' })],
    ['another client id', () => basic(emulator, { id: '0'.repeat(32) })],
    ['a bearer token', () => 'Bearer x'],
    ['malformed base64', () => `${basic(emulator)}!`],
    ['no credentials', () => ''],
  ];
  it.each(clients)('refuses a client with %s', async (_, Authorization) => {
    const response = await exchange(emulator, exchangeForm(await jobToken(emulator)), {
      Authorization: Authorization(),
    });
    expect([response.status, response.json['error']]).toEqual([401, 'invalid_client']);
    expect(response.headers['www-authenticate']).toMatch(/^Basic /);
  });

  it('accepts only a form, only by POST, only at its path', async () => {
    const response = await exchange(emulator, exchangeForm(await jobToken(emulator)), {
      'Content-Type': 'application/json',
    });
    expect([response.status, response.json['error']]).toEqual(INVALID);
    const get = await call(emulator, `${emulator.urls.domain}/oauth2/v1/token`);
    expect([get.status, get.headers.allow]).toEqual([405, 'POST']);
    const other = await call(emulator, `${emulator.urls.domain}//oauth2/v1/token`, { method: 'POST' });
    const schemas = expect.arrayContaining(['urn:ietf:params:scim:api:messages:2.0:Error']);
    expect([other.status, other.json['schemas']]).toEqual([404, schemas]);
  });
});

describe('the subject token', () => {
  it('is accepted with valid claims, so that each case below has exactly one fault', async () => {
    expect((await exchange(emulator, exchangeForm(await forgedToken(emulator, {})))).status).toBe(200);
  });

  const tokens: [string, () => Record<string, unknown>, OAuthRefusal, RegExp][] = [
    ['it has expired', () => ({ exp: seconds() - 1 }), INVALID_GRANT, /exp/],
    ['it has no expiry', () => ({ exp: undefined }), INVALID_GRANT, /exp/],
    ['it is not valid yet', () => ({ nbf: seconds() + 30 }), INVALID_GRANT, /nbf/],
    ['it was issued in the future', () => ({ iat: seconds() + 30 }), INVALID_GRANT, /iat/],
    ['its issuer has a slash', () => ({ iss: `${emulator.urls.github}/` }), INVALID_GRANT, /0 active trusts/],
    ['it is for another audience', () => ({ aud: 'https://github.com/acme' }), INVALID, /client claim/],
    ['it is for two audiences', () => ({ aud: [emulator.inputs.audience, 'x'] }), INVALID, /client claim/],
  ];
  it.each(tokens)('is refused when %s', async (_, changes, error, reason) => {
    expectRefusal(
      emulator,
      await exchange(emulator, exchangeForm(await forgedToken(emulator, changes()))),
      error,
      reason,
    );
  });

  it('is refused when it is signed with another key, or not signed', async () => {
    const other = await forgedToken(emulator, {}, keyPair.privateKey);
    expectRefusal(emulator, await exchange(emulator, exchangeForm(other)), INVALID_GRANT, /signature/);
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    const unsigned = `${header}.${(await jobToken(emulator)).split('.')[1]}.`;
    expectRefusal(emulator, await exchange(emulator, exchangeForm(unsigned)), INVALID_GRANT, /./);
  });

  it('is accepted within the clock skew of the trust', async () => {
    emulator.world.settings.trusts = [{ clockSkewSeconds: 60 }];
    const claims = { exp: seconds() - 30, iat: seconds() + 30, nbf: seconds() + 30 };
    expect((await exchange(emulator, exchangeForm(await forgedToken(emulator, claims)))).status).toBe(200);
  });
});
