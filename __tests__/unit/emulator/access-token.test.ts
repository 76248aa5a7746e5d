import { describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { startEmulator, type WorldSettings } from '../../../emulator/server/start.ts';
import { accessToken, askDomain } from './aws-client.ts';
import { basic, call, exchange, exchangeForm, jobToken } from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator } = await startTestEmulator();

const KEYS = '/admin/v1/SigningCert/jwk';
const get = async (path: string, method = 'GET') =>
  call(emulator, `${emulator.urls.domain}${path}`, { method });

describe('the client credentials grant', () => {
  it('issues an access token that verifies with the published keys', async () => {
    const response = await askDomain(emulator);
    expect(response.json).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const { json } = await get('/.well-known/openid-configuration');
    expect(json['jwks_uri']).toBe(`${emulator.urls.domain}${KEYS}`);
    const keys = (await get(KEYS)).json as unknown as JSONWebKeySet;
    const { payload } = await jwtVerify(String(response.json['access_token']), createLocalJWKSet(keys), {
      issuer: String(json['issuer']),
      audience: 'sts.amazon.com',
    });
    const client = emulator.inputs['client-id'];
    expect(payload).toMatchObject({ sub: client, client_id: client, scope: '/' });
  });

  it('publishes endpoints with a port, and names the domain as real tokens do', async () => {
    const host = 'idcs-0123456789abcdef.identity.oraclecloud.com';
    const known = await startEmulator({ hosts: { domain: host } });
    const { json } = await call(known, `${known.urls.domain}/.well-known/openid-configuration`);
    expect(json).toMatchObject({
      issuer: `https://${host}`,
      jwks_uri: `https://${host}:443${KEYS}`,
      token_endpoint: `https://${host}:443/oauth2/v1/token`,
      authorization_endpoint: `https://${host}:443/oauth2/v1/authorize`,
    });
    const token = await accessToken(known);
    const tenant = 'idcs-0123456789abcdef';
    expect(decodeJwt(token)).toMatchObject({
      iss: `https://${host}`,
      tenant_iss: `https://${host}:443`,
      tenant,
      client_tenantname: tenant,
      'user.tenant.name': tenant,
      client_guid: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: 'SIGNING_KEY',
      x5t: expect.any(String),
    });
    await known.close();
  });

  it('applies the settings for issuer, audience and claims', async () => {
    const claims = async (settings: Partial<WorldSettings>) => {
      Object.assign(emulator.world.settings, settings);
      return decodeJwt(await accessToken(emulator));
    };
    const issuer = 'https://identity.oraclecloud.com/';
    expect((await claims({ domainIssuer: issuer })).iss).toBe(issuer);
    expect((await claims({ accessTokenAudienceForm: 'array' })).aud).toEqual(['sts.amazon.com']);
    expect((await claims({ accessTokenAudience: ['a', 'b'] })).aud).toEqual(['a', 'b']);
    expect(await claims({ accessTokenClaims: { azp: 'x', jti: undefined } })).not.toHaveProperty('jti');
  });

  const scopes: [WorldSettings['scopeForms'], string, number][] = [
    ['both', 'sts.amazon.com/', 200],
    ['both', '/', 200],
    ['both', 'sts.amazon.com', 400],
    ['both', '/ other', 400],
    ['qualified-only', '/', 400],
    ['bare-only', 'sts.amazon.com/', 400],
  ];
  it.each(scopes)('with scope forms %s responds to %j with %d', async (scopeForms, scope, status) => {
    emulator.world.settings.scopeForms = scopeForms;
    const response = await askDomain(emulator, { scope });
    expect([response.status, response.json['error']]).toEqual([
      status,
      status === 200 ? undefined : 'invalid_scope',
    ]);
  });

  it('separates the client for AWS from the client of the exchange', async () => {
    Object.assign(emulator.world.settings, { awsClientId: 'second', awsClientSecret: 'other' });
    const second = basic(emulator, { id: 'second', secret: 'other' });
    expect((await askDomain(emulator, {}, second)).status).toBe(200);
    expect((await askDomain(emulator)).json['error']).toBe('unauthorized_client');
    const form = exchangeForm(await jobToken(emulator));
    const refused = await exchange(emulator, form, { Authorization: second });
    expect(refused.json['error']).toBe('unauthorized_client');
  });

  it('refuses a wrong client, and a missing or repeated scope', async () => {
    expect((await askDomain(emulator, {}, 'Basic eDp5')).json['error']).toBe('invalid_client');
    for (const form of ['grant_type=client_credentials', 'grant_type=client_credentials&scope=%2F&scope=%2F'])
      expect((await askDomain(emulator, form)).json['error']).toBe('invalid_request');
  });
});

describe('the signing keys of the domain', () => {
  it('have no private part and support only GET', async () => {
    const { kid } = emulator.world.domainKey;
    const members = { kty: 'RSA', alg: 'RS256', use: 'sig', kid, n: expect.any(String), e: 'AQAB' };
    expect((await get(KEYS)).json).toEqual({ keys: [members] });
    expect((await get(KEYS, 'POST')).status).toBe(405);
  });

  it('are refused with a SCIM error when they are not public', async () => {
    emulator.world.settings.signingCertPublicAccess = false;
    const { status, json } = await get(KEYS);
    expect([status, json['status'], json['keys']]).toEqual([401, '401', undefined]);
  });
});
