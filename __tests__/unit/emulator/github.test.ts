import { describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import type { WorldSettings } from '../../../emulator/server/start.ts';
import { askGithub, call } from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock } = await startTestEmulator();

describe("GitHub's OIDC issuer", () => {
  it('issues a token that verifies with the published keys', async () => {
    const { json, headers } = await askGithub(emulator, '&audience=https%3A%2F%2Fcloud.oracle.com');
    const value = String(json['value']);
    expect(json).toEqual({ count: value.length, value });
    expect(headers.date).toBe(new Date(clock.now).toUTCString());
    const { json: discovery } = await call(
      emulator,
      `${emulator.urls.github}/.well-known/openid-configuration`,
    );
    const { json: keys } = await call(emulator, String(discovery['jwks_uri']));
    const { payload } = await jwtVerify(value, createLocalJWKSet(keys as unknown as JSONWebKeySet), {
      issuer: String(discovery['issuer']),
      audience: 'https://cloud.oracle.com',
    });
    const { iat = 0, exp = 0, nbf = 0, ...claims } = payload;
    expect([exp - iat, iat - nbf]).toEqual([300, 600]);
    expect(Object.values(claims).every((claim) => typeof claim === 'string')).toBe(true);
  });

  it("uses the owner's URL as the audience when none is requested", async () => {
    const { json } = await askGithub(emulator);
    expect(decodeJwt(String(json['value'])).aud).toBe('https://github.com/acme');
  });

  const REPOSITORY = 'repo:acme/infra';
  const subjects: [Partial<WorldSettings>, string][] = [
    [{}, `${REPOSITORY}:ref:refs/heads/main`],
    [{ githubClaims: { ref: 'refs/tags/v1' } }, `${REPOSITORY}:ref:refs/tags/v1`],
    [{ githubClaims: { event_name: 'pull_request' } }, `${REPOSITORY}:pull_request`],
    [{ githubClaims: { event_name: 'pull_request', environment: 'prod' } }, `${REPOSITORY}:environment:prod`],
    [{ githubClaims: { environment: 'eu:prod' } }, `${REPOSITORY}:environment:eu%3Aprod`],
    [{ immutableSubject: true }, 'repo:acme@1001/infra@2002:ref:refs/heads/main'],
    [{ githubSubject: 'repository_id:2002' }, 'repository_id:2002'],
  ];
  it.each(subjects)('with settings %j writes the subject %s', async (settings, sub) => {
    Object.assign(emulator.world.settings, settings);
    expect(decodeJwt(String((await askGithub(emulator)).json['value'])).sub).toBe(sub);
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
    const response = await askGithub(emulator, suffix, options);
    expect([response.status, response.json['value']]).toEqual([status, undefined]);
    const requestId = response.headers['x-github-request-id'];
    expect(emulator.journal.at(-1)).toMatchObject({ status, requestId });
  });

  it('refuses an expired bearer token', async () => {
    clock.now += 22_200_000;
    expect((await askGithub(emulator)).status).toBe(401);
  });
});
