import { describe, expect, it } from '@jest/globals';
import { findKeysAddress } from '../../../src/diagnosis/exchange-refusal.ts';
import { TransportError } from '../../../src/errors/transport-error.ts';
import { stubHttp } from '../stub-http.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const SERVER = 'https://github.example/_services/token';

const find = async (issuer: string, response: Parameters<typeof stubHttp>[0]) => {
  const { http, sent } = stubHttp(response);
  return { ...(await findKeysAddress(http, issuer, { keysUrl: `${issuer}/.well-known/jwks` })), sent };
};
const discovery = (issuer: string, jwks_uri: unknown) => ({ text: JSON.stringify({ issuer, jwks_uri }) });

describe('findKeysAddress', () => {
  it.each([
    [GITHUB, `${GITHUB}/.well-known/jwks`],
    ['https://sts.windows.net/acme/', 'https://sts.windows.net/common/keys'],
    [`${GITHUB}/acme-corp`, `${GITHUB}/.well-known/jwks`],
    [SERVER, 'https://github.example/_services/keys'],
    ['https://token.actions.acme.ghe.com', `${GITHUB}/.well-known/jwks`],
  ])('returns for issuer %s the published address %s', async (issuer, keys) => {
    const { url, note, sent } = await find(issuer, discovery(issuer, keys));
    expect([url, note]).toEqual([keys, undefined]);
    expect(sent.map((request) => request.url.href)).toEqual([
      `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    ]);
    expect(sent[0]?.headers).toEqual({ accept: 'application/json' });
  });

  it.each<[string, Parameters<typeof stubHttp>[0], string]>([
    ['cannot be reached', new TransportError('timed-out', 'no complete response'), 'no complete response'],
    ['is missing', { status: 404 }, 'status 404'],
    ['is HTML', { text: '<html>' }, 'no discovery document'],
    ['is that of another issuer', discovery(GITHUB, `${GITHUB}/.well-known/jwks`), 'no discovery document'],
    ['names another host', discovery(SERVER, 'https://evil.example/keys'), 'another host'],
    [
      'names a look-alike host',
      discovery(SERVER, 'https://github.example@evil.example/keys'),
      'another host',
    ],
    ['names an address without TLS', discovery(SERVER, 'http://github.example/keys'), 'another host'],
    ['names no address', discovery(SERVER, 7), 'another host'],
  ])('returns the documented address and a note when the document %s', async (_what, response, reason) => {
    const { url, note } = await find(SERVER, response);
    expect(url).toBe(`${SERVER}/.well-known/jwks`);
    expect(note).toContain(reason);
  });

  it('accepts another host for an issuer that documents no address', async () => {
    const [issuer, keys] = ['https://accounts.google.com', 'https://www.googleapis.com/oauth2/v3/certs'];
    const { http } = stubHttp(discovery(issuer, keys));
    expect(await findKeysAddress(http, issuer, { keysUrl: undefined })).toEqual({ url: keys });
    const missing = await findKeysAddress(stubHttp({ status: 404 }).http, issuer, { keysUrl: undefined });
    expect(missing).toMatchObject({ url: '<jwks_uri>', note: expect.stringContaining('a placeholder') });
  });

  it.each(['http://github.example', 'x', '', 'https://a:b@github.example', 'https://github.example?a'])(
    'sends nothing to issuer %j',
    async (issuer) => {
      const { note, sent } = await find(issuer, {});
      expect(sent).toEqual([]);
      expect(note).toContain('not an https URL');
    },
  );
});
