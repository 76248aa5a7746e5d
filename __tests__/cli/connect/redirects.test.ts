// Where the credentials of an administrator may go after a redirect.
import { describe, expect, it } from '@jest/globals';
import { byBearer, httpConnection } from '../../../cli/connect/http-connection.ts';
import { isGitHubRedirect } from '../../../cli/github/github-requests.ts';
import { Secret } from '../../../src/secret.ts';
import { stubHttp } from '../../unit/stub-http.ts';

const ORIGIN = 'https://x.identity.oraclecloud.com';

/** Sends a POST with a body, and returns where it and its redirects went. */
async function hostsAfter(status: number, location: string, from = ORIGIN) {
  const { http, sent } = stubHttp(() => (sent.length === 1 ? { status, headers: { location } } : {}));
  const url = new URL('/admin/v1/Apps', from);
  const response = await httpConnection(http, byBearer(new Secret('t'))).send({
    method: 'POST',
    url,
    body: { a: 1 },
  });
  return { status: response.status, sent };
}

describe('a redirect with 307', () => {
  it.each([
    ['a path of the same host', '/admin/v2/Apps', `${ORIGIN}/admin/v2/Apps`],
    [
      'another host of Oracle',
      'https://y.identity.oraclecloud.com/z',
      'https://y.identity.oraclecloud.com/z',
    ],
    ['the same host without the port', `${ORIGIN}:443/z`, `${ORIGIN}/z`],
  ])('to %s is followed with method, body and credentials', async (_what, location, address) => {
    const { status, sent } = await hostsAfter(307, location);
    expect(status).toBe(200);
    expect(sent[1]).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { authorization: 'Bearer t' },
    });
    expect(sent[1]?.url.href).toBe(address);
  });

  it.each([
    ['a host of somebody else', 'https://oraclecloud.com.evil.example/'],
    ['an insecure address', 'http://y.identity.oraclecloud.com/'],
    ['no address', 'https://'],
  ])('to %s is the result', async (_what, location) => {
    const { status, sent } = await hostsAfter(307, location);
    expect([status, sent.length]).toEqual([307, 1]);
  });

  it('from a host of somebody else to Oracle is the result', async () => {
    expect(await hostsAfter(307, `${ORIGIN}/`, 'https://x.example')).toMatchObject({ status: 307 });
  });

  it('is followed three times', async () => {
    const { http, sent } = stubHttp({ status: 307, headers: { location: '/again' } });
    const url = new URL(ORIGIN);
    const { status } = await httpConnection(http, byBearer(new Secret('t'))).send({ method: 'GET', url });
    expect([status, sent.length]).toEqual([307, 4]);
  });
});

it('a redirect with another status is the result', async () => {
  for (const status of [301, 302, 303, 308]) expect(await hostsAfter(status, '/x')).toMatchObject({ status });
});

it.each([
  ['GET', 301, true],
  ['GET', 302, true],
  ['PUT', 301, false],
  ['PUT', 307, true],
  ['DELETE', 308, true],
] as const)('GitHub: %s after %i: %s', (method, status, isFollowed) => {
  expect(isGitHubRedirect({ method, url: new URL(ORIGIN) }, status)).toBe(isFollowed);
});
