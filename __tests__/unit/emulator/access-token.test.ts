import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { type Emulator, startEmulator, type WorldSettings } from '../../../emulator/server/start.ts';
import { accessToken, askDomain } from './aws-client.ts';
import { basic, call, exchange, exchangeForm, jobToken } from './client.ts';

let emulator: Emulator;
let now = Date.now();
let pristine: WorldSettings;

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now });
  pristine = emulator.world.settings;
});
beforeEach(() => {
  now = Date.now();
  emulator.world.settings = { ...pristine };
});
afterAll(() => emulator.close());

async function claims(settings: Partial<WorldSettings> = {}) {
  Object.assign(emulator.world.settings, settings);
  return decodeJwt(await accessToken(emulator));
}

const published = (path: string, method = 'GET') =>
  call(emulator, `${emulator.urls.domain}${path}`, { method });

describe('client credentials', () => {
  it('give an access token that verifies with the keys the domain publishes', async () => {
    const answer = await askDomain(emulator);
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(answer.json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
    });
    const token = String(answer.json['access_token']);
    const metadata = (await published('/.well-known/openid-configuration')).json;
    const keys = (await published('/admin/v1/SigningCert/jwk')).json as unknown as JSONWebKeySet;
    expect(metadata['jwks_uri']).toBe(`${emulator.urls.domain}/admin/v1/SigningCert/jwk`);
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: String(metadata['issuer']),
      audience: 'sts.amazon.com',
    });
    const client = emulator.inputs['client-id'];
    expect(payload).toMatchObject({
      iss: emulator.urls.domain,
      aud: 'sts.amazon.com',
      sub: client,
      client_id: client,
      sub_type: 'client',
      tok_type: 'AT',
      scope: '/',
      iat: Math.floor(now / 1000),
      exp: Math.floor(now / 1000) + 3600,
    });
    expect(emulator.secrets()).toContain(token);
  });

  it('obey the settings', async () => {
    expect((await claims({ domainIssuer: 'https://identity.oraclecloud.com/' })).iss).toBe(
      'https://identity.oraclecloud.com/',
    );
    expect((await claims({ accessTokenAudienceForm: 'array' })).aud).toEqual(['sts.amazon.com']);
    expect((await claims({ accessTokenAudience: ['a', 'b'] })).aud).toEqual(['a', 'b']);
    const {
      iat = 0,
      exp,
      azp,
      jti,
    } = await claims({
      accessTokenLifetimeSeconds: 60,
      accessTokenClaims: { azp: 'x', jti: undefined },
    });
    expect([exp, azp, jti]).toEqual([iat + 60, 'x', undefined]);
    expect((await askDomain(emulator)).json['expires_in']).toBe(60);
  });

  const scopes: [WorldSettings['scopeForms'], string, number][] = [
    ['both', 'sts.amazon.com/', 200],
    ['both', '/', 200],
    ['qualified-only', 'sts.amazon.com/', 200],
    ['qualified-only', '/', 400],
    ['bare-only', '/', 200],
    ['bare-only', 'sts.amazon.com/', 400],
    ['both', 'sts.amazon.com', 400],
    ['both', '/ other', 400],
  ];
  it.each(scopes)(
    'where %s forms of a scope are known, answer %j with %d',
    async (scopeForms, scope, status) => {
      emulator.world.settings.scopeForms = scopeForms;
      const answer = await askDomain(emulator, { scope });
      expect(answer.status).toBe(status);
      expect(answer.json['error']).toBe(status === 200 ? undefined : 'invalid_scope');
    },
  );

  it('can be those of another app, which then may not exchange, nor the first ask for access tokens', async () => {
    Object.assign(emulator.world.settings, { awsClientId: 'second', awsClientSecret: 'other' });
    const second = basic(emulator, { id: 'second', secret: 'other' });
    expect(decodeJwt(String((await askDomain(emulator, {}, second)).json['access_token'])).sub).toBe(
      'second',
    );
    const first = await askDomain(emulator);
    expect([first.status, first.json['error']]).toEqual([401, 'unauthorized_client']);
    const form = exchangeForm(await jobToken(emulator));
    expect((await exchange(emulator, form)).status).toBe(200);
    const refused = await exchange(emulator, form, { headers: { Authorization: second } });
    expect([refused.json['error'], emulator.journal.at(-1)?.reason]).toEqual([
      'unauthorized_client',
      'client not in oauthClients',
    ]);
  });

  const refusals: [string, Record<string, string> | string, string | undefined, number, string, RegExp][] = [
    ['a wrong secret', {}, 'Basic eDp5', 401, 'invalid_client', /unknown client/],
    ['no scope', 'grant_type=client_credentials', undefined, 400, 'invalid_request', /scope is missing/],
    [
      'a scope twice',
      'grant_type=client_credentials&scope=%2F&scope=%2F',
      undefined,
      400,
      'invalid_request',
      /more than once/,
    ],
  ];
  it.each(refusals)('are refused with %s', async (_, form, authorization, status, error, reason) => {
    const answer = await askDomain(emulator, form, authorization);
    expect([answer.status, answer.json['error']]).toEqual([status, error]);
    expect(emulator.journal.at(-1)?.reason).toMatch(reason);
  });
});

describe('the domain as OIDC provider', () => {
  it('tells all that AWS wants to read', async () => {
    emulator.world.settings.domainIssuer = 'https://issuer.example';
    const { json } = await published('/.well-known/openid-configuration');
    expect(json).toEqual({
      issuer: 'https://issuer.example',
      authorization_endpoint: `${emulator.urls.domain}/oauth2/v1/authorize`,
      token_endpoint: `${emulator.urls.domain}/oauth2/v1/token`,
      jwks_uri: `${emulator.urls.domain}/admin/v1/SigningCert/jwk`,
      response_types_supported: expect.any(Array),
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
  });

  it('hides its keys, in SCIM, unless they are public', async () => {
    emulator.world.settings.signingCertPublicAccess = false;
    const { status, json } = await published('/admin/v1/SigningCert/jwk');
    expect([status, json['status'], json['keys']]).toEqual([401, '401', undefined]);
    expect((await published('/.well-known/openid-configuration')).status).toBe(200);
  });

  it('publishes no private half, and only for GET', async () => {
    const { json } = await published('/admin/v1/SigningCert/jwk');
    const { kid } = emulator.world.domainKey;
    expect(json).toEqual({
      keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig', kid, n: expect.any(String), e: 'AQAB' }],
    });
    expect((await published('/admin/v1/SigningCert/jwk', 'POST')).status).toBe(405);
  });
});
