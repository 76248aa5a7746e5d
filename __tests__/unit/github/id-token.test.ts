import { describe, expect, it } from '@jest/globals';
import { ActionError, TransportError } from '../../../src/errors/action-error.ts';
import {
  findIdTokenSource,
  type IdTokenSource,
  readIdToken,
  requestIdToken,
} from '../../../src/github/id-token.ts';
import type { Http, HttpRequest, HttpResponse } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';
import { codeOf } from '../../repo/code-of.ts';

const URL_NAME = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const TOKEN_NAME = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';
const ADDRESS = 'https://run.actions.example/token?api-version=2.0';

function source(env: Record<string, string>): IdTokenSource {
  return findIdTokenSource((name) => env[name]);
}

describe('the place to ask', () => {
  it('is in the environment of the step', () => {
    const { url, requestToken } = source({ [URL_NAME]: ADDRESS, [TOKEN_NAME]: 'bearer' });
    expect([String(url), requestToken.reveal()]).toEqual([ADDRESS, 'bearer']);
  });

  it.each(['http://localhost:1/x', 'http://127.0.0.1:1/x', 'http://[::1]:1/x'])('may be %s', (url) => {
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
  ])('is unavailable when %s', (_title, env) => {
    expect(codeOf(() => source(env))).toBe('GITHUB_OIDC_UNAVAILABLE');
  });
});

const place = source({ [URL_NAME]: ADDRESS, [TOKEN_NAME]: 'bearer' });
const clock = { now: () => 1_000_000 };
let sent: HttpRequest | undefined;

function ask(response: Partial<HttpResponse>, audience = 'oracle'): Promise<Secret> {
  const http: Http = {
    preconnect: () => {},
    send: async (describe) => {
      sent = await describe();
      return { status: 200, headers: {}, text: '', ...response };
    },
  };
  return requestIdToken(http, place, audience, clock);
}

describe('the request', () => {
  it('adds the audience to the address and shows the bearer', async () => {
    const token = await ask({ text: '{"value":"a.b.c"}' }, 'https://x?a=b&c');
    expect(token.reveal()).toBe('a.b.c');
    expect(sent).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer bearer' } });
    expect(Object.fromEntries(sent?.url.searchParams ?? [])).toEqual({
      'api-version': '2.0',
      audience: 'https://x?a=b&c',
    });
    expect(String(place.url)).toBe(ADDRESS);
  });

  it.each([
    [403, "The job is in the 'Pending' state", true],
    [403, "The job is in the 'Delayed' state", true],
    [403, "The job is in the 'Completed' state", false],
    [403, '', false],
    [401, "'Pending' state", false],
  ])('is worth repeating after %i %j: %p', async (status, text, expected) => {
    await ask({ text: '{"value":"a.b.c"}' });
    expect(sent?.transient?.({ status, headers: {}, text }) !== undefined).toBe(expected);
  });
});

describe('a refusal', () => {
  const bearing = (claims: unknown) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
  const refused = async (status: number, bearer: string) => {
    const http: Http = {
      preconnect: () => {},
      send: async (describe) => {
        await describe();
        return { status, headers: { 'x-github-request-id': 'one' }, text: '' };
      },
    };
    const from = source({ [URL_NAME]: ADDRESS, [TOKEN_NAME]: bearer });
    const failure: unknown = await requestIdToken(http, from, 'x', clock).catch((thrown: unknown) => thrown);
    if (!(failure instanceof ActionError)) throw new Error('no ActionError', { cause: failure });
    expect(`${failure.message}${JSON.stringify(failure.snippets)}`).not.toContain(bearer);
    return failure;
  };

  it.each([
    [401, 1000, 'GITHUB_OIDC_EXPIRED', 'expired at 1970-01-01T00:16:40.000Z'],
    [403, 999, 'GITHUB_OIDC_EXPIRED', 'it is 1970-01-01T00:16:40.000Z here'],
    [401, 1001, 'GITHUB_OIDC_REFUSED', 'good until 1970-01-01T00:16:41.000Z'],
    [404, 999, 'GITHUB_OIDC_REFUSED', 'status 404.'],
    [401, '999', 'GITHUB_OIDC_REFUSED', 'cannot be read'],
    [401, 1e300, 'GITHUB_OIDC_REFUSED', 'cannot be read'],
    [401, undefined, 'GITHUB_OIDC_REFUSED', 'cannot be read'],
  ])('with %i of a bearer with the expiry %p is %s', async (status, exp, code, said) => {
    const failure = await refused(status, bearing({ exp }));
    expect(failure).toMatchObject({ code, status, requestId: 'one' });
    expect(failure.message).toContain(said);
  });

  it.each(['no-jwt', 'no.jwt.really'])('of a bearer that is no JWT says so (%j)', async (bearer) => {
    expect(await refused(403, bearer)).toMatchObject({ code: 'GITHUB_OIDC_REFUSED' });
  });
});

describe('an answer', () => {
  it.each<[number, string, string]>([
    [200, '', 'GITHUB_RESPONSE_MALFORMED'],
    [200, '<html>', 'GITHUB_RESPONSE_MALFORMED'],
    [200, '{}', 'GITHUB_RESPONSE_MALFORMED'],
    [200, '{"value":""}', 'GITHUB_RESPONSE_MALFORMED'],
    [200, '{"value":"a.b"}', 'GITHUB_RESPONSE_MALFORMED'],
    [200, '{"value":["a.b.c"]}', 'GITHUB_RESPONSE_MALFORMED'],
    [204, '', 'GITHUB_RESPONSE_MALFORMED'],
    [302, '{"value":"a.b.c"}', 'GITHUB_RESPONSE_MALFORMED'],
    [400, '', 'GITHUB_OIDC_REFUSED'],
    [401, '', 'GITHUB_OIDC_REFUSED'],
    [403, "'Pending' state", 'GITHUB_OIDC_REFUSED'],
    [404, '', 'GITHUB_OIDC_REFUSED'],
    [408, '', 'GITHUB_UNREACHABLE'],
    [429, '', 'GITHUB_UNREACHABLE'],
    [500, '{"value":"a.b.c"}', 'GITHUB_UNREACHABLE'],
  ])('of %i with %j is %s', async (status, text, code) => {
    const headers = { 'x-github-request-id': 'one' };
    await expect(ask({ status, text, headers })).rejects.toMatchObject({ code, status, requestId: 'one' });
  });

  it.each([
    ['unreachable', false, 'GITHUB_UNREACHABLE'],
    ['timed-out', false, 'GITHUB_UNREACHABLE'],
    ['untrusted', false, 'TLS_UNTRUSTED'],
    ['proxy-unreachable', false, 'PROXY_UNREACHABLE'],
    ['proxy-refused', false, 'PROXY_REFUSED'],
    ['unusable', false, 'GITHUB_RESPONSE_MALFORMED'],
    ['timed-out', true, 'DEADLINE_EXCEEDED'],
  ] as const)('that never came (%s, out of time: %p) is %s', async (fault, outOfTime, code) => {
    const http: Http = {
      preconnect: () => {},
      send: () => Promise.reject(new TransportError(fault, 'so', outOfTime)),
    };
    await expect(requestIdToken(http, place, 'x', clock)).rejects.toMatchObject({ code });
  });
});

describe('the token', () => {
  const jwtOf = (claims: unknown) =>
    new Secret(`e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`);

  it('shows its times and the claims that are text, as they stand', () => {
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
  ])('with %j has a lifetime by whatever clock', (claims, lifetimeMs) => {
    expect(readIdToken(jwtOf(claims)).lifetimeMs).toBe(lifetimeMs);
  });

  it.each([{}, { exp: '1' }, { exp: 1e308 }, { exp: null }, [], 'x', null])(
    'without readable times is refused (%j)',
    (claims) => {
      expect(codeOf(() => readIdToken(jwtOf(claims)))).toBe('GITHUB_RESPONSE_MALFORMED');
    },
  );

  it.each(['', 'x', 'a.b.c', '..'])('that is none is refused (%j)', (text) => {
    expect(codeOf(() => readIdToken(new Secret(text)))).toBe('GITHUB_RESPONSE_MALFORMED');
  });
});
