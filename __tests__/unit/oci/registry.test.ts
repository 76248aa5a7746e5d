import { describe, expect, it } from '@jest/globals';
import { Region } from 'oci-common';
import { registries } from '../../../src/inputs/ocir-parsers.ts';
import { registriesOf, tokenHostOf } from '../../../src/inputs/registry-hosts.ts';
import { generateSessionKeyPair } from '../../../src/oci/key-pair.ts';
import { processRegistryTokenResponse, registryTokenRequest } from '../../../src/oci/registry.ts';
import { Secret } from '../../../src/secret.ts';
import { codeOf } from '../../repo/code-of.ts';
import { responseOf } from '../stub-http.ts';

const NOW = 1_700_000_000_000;
const session = new Secret('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2lnbmF0dXJl');
const process = (status: number, body: unknown) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return processRegistryTokenResponse(responseOf(status, text, { 'opc-request-id': 'R1' }), session, NOW);
};
const jwt = (claims: object) => `eyJh.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const TOKEN = jwt({ exp: NOW / 1000 + 600 });

describe('registryTokenRequest', () => {
  it('is signed and has no scope', async () => {
    const { privateKeyPem } = await generateSessionKeyPair();
    const request = registryTokenRequest('fra.ocir.io', { token: session, privateKeyPem }, NOW);
    expect([request.method, request.url.href]).toEqual(['GET', 'https://fra.ocir.io/20180419/docker/token']);
    expect(request.headers['authorization']).toContain('headers="date (request-target) host"');
  });
});

describe('processRegistryTokenResponse', () => {
  it.each<[what: string, body: object, expiresAt: number | undefined]>([
    ['expires_in', { token: TOKEN, expires_in: 300 }, NOW + 300_000],
    ['the end of the token without expires_in', { token: TOKEN }, NOW + 600_000],
    ['the end of the token with a wrong expires_in', { token: TOKEN, expires_in: '300' }, NOW + 600_000],
    ['access_token', { access_token: TOKEN, expires_in: 300 }, NOW + 300_000],
    ['no end of a token that is no JWT', { token: 'opaque-token-0123456789' }, undefined],
  ])('reads %s', (_what, body, expiresAt) => {
    expect(process(200, body)).toMatchObject({ expiresAt, requestId: 'R1' });
  });

  it.each([
    [401, { code: 'NotAuthenticated', message: 'Why not.' }, 'NotAuthenticated: Why not'],
    [403, { errors: [{ code: 'DENIED', message: `not ${session.reveal()}` }] }, 'DENIED: not [redacted]'],
    [404, { code: 'NotAuthorizedOrNotFound', message: '' }, 'NotAuthorizedOrNotFound'],
    [401, '', ''],
    [503, '<html>', ''],
    [429, '', ''],
  ])('throws ServiceRefusal for %i with %j', (status, body, text) => {
    expect(() => process(status, body)).toThrow(
      expect.objectContaining({ name: 'ServiceRefusal', service: 'ocir', status, text }),
    );
  });

  it.each([
    [200, '"token"'],
    [200, { token: 'with a space in it' }],
    [200, { token: '' }],
    [200, '<html>'],
    [404, '<html>'],
    [401, '<html>'],
    [307, ''],
  ])('throws OCIR_RESPONSE_MALFORMED for %i with %j', (status, body) => {
    expect(codeOf(() => process(status, body))).toBe('OCIR_RESPONSE_MALFORMED');
  });
});

describe('names of registries', () => {
  it.each([
    ['eu-frankfurt-1', 'oraclecloud.com', ['fra.ocir.io', 'ocir.eu-frankfurt-1.oci.oraclecloud.com']],
    ['us-langley-1', 'oraclegovcloud.com', ['ocir.us-langley-1.oci.oraclegovcloud.com']],
    ['xx-unknown-1', 'oraclecloud.com', ['ocir.xx-unknown-1.oci.oraclecloud.com']],
  ])('of %s in %s are %j', (region, domain, hosts) => {
    expect(registriesOf(region, domain)).toEqual(hosts);
  });

  it.each([
    ['fra.ocir.io', 'ocir.eu-frankfurt-1.oci.oraclecloud.com'],
    ['ocir.eu-frankfurt-1.oci.oraclecloud.com', 'ocir.eu-frankfurt-1.oci.oraclecloud.com'],
    ['zzz.ocir.io', 'zzz.ocir.io'],
    ['localhost:5000', 'localhost:5000'],
  ])('lead %s to the token of %s', (host, tokenHost) => {
    expect(tokenHostOf(host)).toBe(tokenHost);
  });

  it('agree with the SDK about every region that it knows by a key', () => {
    const known = Region.values().filter(({ regionCode }) => /^[a-z]{3}$/.test(regionCode ?? ''));
    const differing = known.filter(({ regionId, regionCode }) => {
      const [first = ''] = registriesOf(regionId, 'oraclecloud.com');
      return first.endsWith('.ocir.io') && first !== `${regionCode}.ocir.io`;
    });
    expect(known.length).toBeGreaterThan(20);
    expect(differing).toEqual([]);
  });

  it.each(['https://fra.ocir.io', 'fra.ocir.io/ns', 'FRA.ocir.io', 'fra', 'a b.c', ','])(
    'refuse %j',
    (raw) => {
      expect(() => registries(raw)).toThrow(/must contain only host names of registries/);
    },
  );

  it('are a list without duplicates', () => {
    expect(registries('fra.ocir.io, iad.ocir.io\nfra.ocir.io')).toEqual(['fra.ocir.io', 'iad.ocir.io']);
  });
});
