import { describe, expect, it } from '@jest/globals';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import {
  findTokenService,
  ID_TOKEN_CALL,
  idTokenRequest,
  processIdTokenResponse,
  readIdToken,
  type TokenService,
} from '../../../src/github/id-token.ts';
import { Secret } from '../../../src/secret.ts';
import { codeOf } from '../../repo/code-of.ts';
import { responseOf } from '../stub-http.ts';

const URL_NAME = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const TOKEN_NAME = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';
const ADDRESS = 'https://run.actions.example/token?api-version=2.0';

const masked: string[] = [];

function source(env: Record<string, string>): TokenService {
  return findTokenService({ env: (name) => env[name], mask: (secret) => masked.push(secret.reveal()) });
}

describe('findTokenService', () => {
  it('reads the environment of the step', () => {
    const { url, requestToken } = source({ [URL_NAME]: ADDRESS, [TOKEN_NAME]: 'bearer' });
    expect([String(url), requestToken.reveal(), masked.pop()]).toEqual([ADDRESS, 'bearer', 'bearer']);
  });

  it.each(['http://localhost:1/x', 'http://127.0.0.1:1/x', 'http://[::1]:1/x'])('accepts %s', (url) => {
    expect(codeOf(() => source({ [URL_NAME]: url, [TOKEN_NAME]: 'b' }))).toBe('none');
  });

  it.each<[string, Record<string, string>]>([
    ['nothing is set', {}],
    ['the token is missing', { [URL_NAME]: ADDRESS }],
    ['the address is missing', { [TOKEN_NAME]: 'b' }],
    ['both are empty', { [URL_NAME]: '', [TOKEN_NAME]: '' }],
    ['the address is none', { [URL_NAME]: 'x', [TOKEN_NAME]: 'b' }],
    ['the address is not secured', { [URL_NAME]: 'http://run.example', [TOKEN_NAME]: 'b' }],
    ['the address only looks like loopback', { [URL_NAME]: 'http://127.0.0.1.example', [TOKEN_NAME]: 'b' }],
    ['the address is a file', { [URL_NAME]: 'file:///etc/passwd', [TOKEN_NAME]: 'b' }],
    ['the token would split the header', { [URL_NAME]: ADDRESS, [TOKEN_NAME]: 'b\r\nx-a: b' }],
  ])('throws GITHUB_OIDC_UNAVAILABLE when %s', (_title, env) => {
    expect(codeOf(() => source(env))).toBe('GITHUB_OIDC_UNAVAILABLE');
  });
});

describe('idTokenRequest', () => {
  it('adds the audience to the address and sends the request token', () => {
    const from = source({ [URL_NAME]: ADDRESS, [TOKEN_NAME]: 'bearer' });
    const { method, url, headers } = idTokenRequest(from, 'https://x?a=b&c');
    expect([method, headers['authorization']]).toEqual(['GET', 'Bearer bearer']);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      'api-version': '2.0',
      audience: 'https://x?a=b&c',
    });
    expect(String(from.url)).toBe(ADDRESS);
  });

  it.each([
    [403, "The job is in the 'Pending' state", true],
    [403, "The job is in the 'Delayed' state", true],
    [403, "The job is in the 'Completed' state", false],
    [403, '', false],
    [401, "'Pending' state", false],
  ])('is repeated after %i %j: %p', (status, text, expected) => {
    expect(ID_TOKEN_CALL.transientReason?.(responseOf(status, text)) !== undefined).toBe(expected);
  });
});

describe('processIdTokenResponse', () => {
  const headers = { 'x-github-request-id': 'one' };

  it('returns the token', () => {
    expect(processIdTokenResponse(responseOf(200, '{"value":"a.b.c"}')).reveal()).toBe('a.b.c');
  });

  it.each([
    [200, ''],
    [200, '<html>'],
    [200, '{}'],
    [200, '{"value":""}'],
    [200, '{"value":"a.b"}'],
    [200, '{"value":["a.b.c"]}'],
    [204, ''],
    [302, '{"value":"a.b.c"}'],
    [401, '<html>'],
    [403, '<html>'],
  ])('throws GITHUB_RESPONSE_MALFORMED for %i with %j', (status, text) => {
    expect(() => processIdTokenResponse(responseOf(status, text, headers))).toThrow(
      expect.objectContaining({ code: 'GITHUB_RESPONSE_MALFORMED', status, requestId: 'one' }),
    );
  });

  it.each([400, 401, 403, 404, 408, 429, 500])('throws ServiceRefusal for %i', (status) => {
    const work = () => processIdTokenResponse(responseOf(status, '{"value":"a.b.c"}', headers));
    expect(work).toThrow(ServiceRefusal);
    expect(work).toThrow(expect.objectContaining({ service: 'github', status, requestId: 'one' }));
  });
});

describe('readIdToken', () => {
  const jwtOf = (claims: unknown) =>
    new Secret(`e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`);

  it('returns the expiry and the claims that are strings, unchanged', () => {
    const { expiresAt, claims } = readIdToken(
      jwtOf({ exp: 100, iss: 'i', aud: ['a', 'b'], sub: ' s::', actor: 'me', deep: {}, list: ['x'] }),
    );
    expect([expiresAt, claims]).toEqual([100_000, { iss: 'i', aud: 'a,b', sub: ' s::', actor: 'me' }]);
  });

  it.each<[Record<string, unknown>, number]>([
    [{ exp: 500, iat: 100 }, 400_000],
    [{ exp: 500 }, 300_000],
    [{ exp: 500, iat: 600 }, 300_000],
    [{ exp: 500, iat: '1' }, 300_000],
  ])('returns for %j the lifetime %i ms', (claims, lifetimeMs) => {
    expect(readIdToken(jwtOf(claims)).lifetimeMs).toBe(lifetimeMs);
  });

  it.each([{}, { exp: '1' }, { exp: 1e308 }, { exp: null }, [], 'x', null])(
    'throws GITHUB_RESPONSE_MALFORMED without a readable expiry (%j)',
    (claims) => {
      expect(codeOf(() => readIdToken(jwtOf(claims)))).toBe('GITHUB_RESPONSE_MALFORMED');
    },
  );

  it.each(['', 'x', 'a.b.c', '..'])('throws GITHUB_RESPONSE_MALFORMED for %j', (text) => {
    expect(codeOf(() => readIdToken(new Secret(text)))).toBe('GITHUB_RESPONSE_MALFORMED');
  });
});
