import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { type Emulator, startEmulator, type WorldSettings } from '../../../emulator/server/start.ts';
import { askGithub, call } from './client.ts';

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
  return decodeJwt(String((await askGithub(emulator, '&audience=x')).json['value']));
}

describe("GitHub's issuer", () => {
  it('answers a token that verifies with the keys it publishes', async () => {
    const answer = await askGithub(emulator, '&audience=https%3A%2F%2Fcloud.oracle.com');
    const value = String(answer.json['value']);
    const published = (await call(emulator, `${emulator.urls.github}/.well-known/jwks`)).json;
    const { payload } = await jwtVerify(value, createLocalJWKSet(published as unknown as JSONWebKeySet), {
      issuer: emulator.urls.github,
      audience: 'https://cloud.oracle.com',
    });
    const { iat = 0, exp = 0, nbf = 0 } = payload;
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ count: value.length, value });
    expect([exp - iat, iat - nbf]).toEqual([300, 600]);
    expect(Object.keys(decodeProtectedHeader(value)).sort()).toEqual(['alg', 'kid', 'typ', 'x5t']);
    expect(answer.headers['date']).toBe(new Date(now).toUTCString());
  });

  it('names itself and its keys in the discovery document', async () => {
    const { json } = await call(emulator, `${emulator.urls.github}/.well-known/openid-configuration`);
    expect(json['issuer']).toBe(emulator.urls.github);
    expect(json['jwks_uri']).toBe(`${emulator.urls.github}/.well-known/jwks`);
  });

  it('gives each token an id of its own', async () => {
    expect((await claims())['jti']).not.toBe((await claims())['jti']);
  });

  it("takes the owner's address for the audience if none is asked for", async () => {
    const { json } = await askGithub(emulator);
    expect(decodeJwt(String(json['value']))['aud']).toBe('https://github.com/acme');
  });

  it('writes every claim of the job as text', async () => {
    const { iat, exp, nbf, ...rest } = await claims();
    expect(Object.values(rest).every((value) => typeof value === 'string')).toBe(true);
  });

  const subjects: [string, Partial<WorldSettings>, string][] = [
    ['the ref', {}, 'repo:acme/infra:ref:refs/heads/main'],
    ['a tag', { githubClaims: { ref: 'refs/tags/v1' } }, 'repo:acme/infra:ref:refs/tags/v1'],
    ['a pull request', { githubClaims: { event_name: 'pull_request' } }, 'repo:acme/infra:pull_request'],
    [
      'an environment before a pull request',
      { githubClaims: { event_name: 'pull_request', environment: 'prod' } },
      'repo:acme/infra:environment:prod',
    ],
    [
      'an environment with an escaped colon',
      { githubClaims: { environment: 'eu:prod' } },
      'repo:acme/infra:environment:eu%3Aprod',
    ],
    ['the immutable form', { immutableSubject: true }, 'repo:acme@1001/infra@2002:ref:refs/heads/main'],
    ['a customised subject', { githubSubject: 'repository_id:2002' }, 'repository_id:2002'],
  ];
  it.each(subjects)('writes %s into sub', async (_, settings, sub) => {
    expect((await claims(settings))['sub']).toBe(sub);
  });

  const refusals: [string, string, object, number][] = [
    ['no bearer token', '', { headers: {} }, 401],
    ['a wrong bearer token', '', { headers: { Authorization: 'Bearer nonsense' } }, 401],
    ['another scheme', '', { headers: { Authorization: 'Basic nonsense' } }, 401],
    ['two audiences', '&audience=a&audience=b', {}, 400],
    ['a second api-version', '&api-version=2.0', {}, 400],
    ['another method', '', { method: 'POST' }, 403],
  ];
  it.each(refusals)('refuses %s', async (_, suffix, options, status) => {
    const answer = await askGithub(emulator, suffix, options);
    expect(answer.status).toBe(status);
    expect(answer.json['message']).toEqual(expect.any(String));
    expect(emulator.journal.at(-1)).toMatchObject({
      status,
      requestId: answer.headers['x-github-request-id'],
    });
  });

  it('refuses a request without an api-version', async () => {
    const url = String(emulator.env['ACTIONS_ID_TOKEN_REQUEST_URL']).split('?')[0];
    const headers = { Authorization: `Bearer ${emulator.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` };
    expect((await call(emulator, String(url), { headers })).status).toBe(400);
  });

  it('refuses the bearer token once it has expired', async () => {
    now += 22_200_000;
    expect((await askGithub(emulator)).status).toBe(401);
  });

  it('knows no other path', async () => {
    expect((await call(emulator, `${emulator.urls.github}/elsewhere`)).status).toBe(404);
  });
});
