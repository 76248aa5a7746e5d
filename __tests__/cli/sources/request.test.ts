// What the sources accept as an ID token, from a variable, a file and a service.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { actionsSource } from '../../../cli/sources/actions.ts';
import { azureSource } from '../../../cli/sources/azure-devops.ts';
import { fileSource } from '../../../cli/sources/file.ts';
import { variableSource } from '../../../cli/sources/variable.ts';
import { TransportError } from '../../../src/errors/transport-error.ts';
import type { HttpResponse } from '../../../src/ports.ts';
import { jwtWith, NOW, stepDeps } from './tokens.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'sources-'));
afterAll(() => rmSync(directory, { recursive: true }));

const AUDIENCE = 'https://cloud.oracle.com';
const envOf = (variables: Record<string, string>) => (name: string) => variables[name];
const minutes = (count: number) => NOW / 1000 + count * 60;

describe('a token in a variable', () => {
  const request = (value: string) => {
    const { deps, masked } = stepDeps();
    const source = variableSource(envOf({ TOKEN: value }), 'TOKEN');
    return source.request(deps, AUDIENCE).then((token) => ({ token, masked, source }));
  };

  it('is masked and read, without the line end', async () => {
    const jwt = jwtWith({ iss: 'https://ci.example', sub: 'a', aud: ['x', 'y'], admin: true });
    const { token, masked, source } = await request(`${jwt}\n`);
    expect(masked).toEqual([jwt]);
    expect(token).toMatchObject({
      expiresAt: NOW + 600_000,
      lifetimeMs: 600_000,
      claims: { iss: 'https://ci.example', sub: 'a', aud: 'x,y' },
    });
    expect(source.issuer).toBe('ci.example');
  });

  it('is accepted for the five minutes after its end that a clock may be wrong', async () => {
    await expect(request(jwtWith({ exp: minutes(-4) }))).resolves.toBeDefined();
  });

  it.each<[what: string, value: string, code: string]>([
    ['expired', jwtWith({ exp: minutes(-6) }), 'ID_TOKEN_EXPIRED'],
    ['not expanded', '$OCI_ID_TOKEN', 'ID_TOKEN_UNREADABLE'],
    ['without an expiry', jwtWith({ exp: undefined }), 'ID_TOKEN_UNREADABLE'],
    ['with an expiry that is no time', jwtWith({ exp: 1e300 }), 'ID_TOKEN_UNREADABLE'],
    ['an encrypted token', `${jwtWith()}.a.b`, 'ID_TOKEN_UNREADABLE'],
    ['two tokens', `${jwtWith()}\n${jwtWith()}`, 'ID_TOKEN_UNREADABLE'],
    ['too long', jwtWith({ sub: 'a'.repeat(50_000) }), 'ID_TOKEN_UNREADABLE'],
    ['no JSON inside', 'YQ.YQ.YQ', 'ID_TOKEN_UNREADABLE'],
  ])('is refused, and not shown: %s', async (_what, value, code) => {
    const error = await request(value).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining('The variable TOKEN ') });
    expect(String(error)).not.toContain(value.slice(0, 20));
  });
});

describe('a token in a file', () => {
  const file = (name: string) => path.join(directory, name);
  const request = (name: string) => fileSource(name, directory).request(stepDeps().deps, AUDIENCE);

  it('is read again for each request, also through a link that changes', async () => {
    // As the kubelet does it.
    for (const [name, sub] of [
      ['..1', 'first'],
      ['..2', 'second'],
    ] as const) {
      mkdirSync(file(name));
      writeFileSync(path.join(file(name), 'token'), jwtWith({ sub }));
    }
    symlinkSync('..1', file('..data'));
    symlinkSync('..data/token', file('token'));
    const source = fileSource('token', directory);
    const { deps } = stepDeps();
    expect((await source.request(deps, AUDIENCE)).claims).toEqual({ sub: 'first' });
    rmSync(file('..data'));
    symlinkSync('..2', file('..data'));
    expect((await source.request(deps, AUDIENCE)).claims).toEqual({ sub: 'second' });
  });

  it.each<[what: string, prepare: () => void, code: string, message: string]>([
    ['absent', () => {}, 'ID_TOKEN_MISSING', 'does not exist'],
    ['empty', () => writeFileSync(file('empty'), ' \n'), 'ID_TOKEN_MISSING', 'is empty'],
    [
      'expired',
      () => writeFileSync(file('expired'), jwtWith({ exp: minutes(-60) })),
      'ID_TOKEN_EXPIRED',
      'expired at',
    ],
    ['a directory', () => mkdirSync(file('a directory')), 'ID_TOKEN_UNREADABLE', 'is not a regular file'],
    [
      'too large',
      () => writeFileSync(file('too large'), 'a'.repeat(70_000)),
      'ID_TOKEN_UNREADABLE',
      'is not a regular file',
    ],
    [
      'binary',
      () => writeFileSync(file('binary'), Buffer.from([0, 255, 1])),
      'ID_TOKEN_UNREADABLE',
      'does not contain a JWT',
    ],
  ])('is refused with a remedy for Kubernetes: %s', async (name, prepare, code, message) => {
    prepare();
    await expect(request(name)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      remedy: expect.stringContaining('serviceAccountToken'),
    });
  });

  it('is not read from a device, which could block', async () => {
    await expect(request('/dev/zero')).rejects.toMatchObject({ code: 'ID_TOKEN_UNREADABLE' });
  });
});

describe('a token of Azure DevOps', () => {
  const url = 'https://dev.azure.com/acme/oidctoken';
  const variables = { SYSTEM_OIDCREQUESTURI: url, SYSTEM_ACCESSTOKEN: 'access-token' };
  const request = async (response: Partial<HttpResponse> | Error, connection?: string) => {
    const { deps, masked, sent } = stepDeps(response);
    const token = await azureSource(envOf(variables), connection).request(deps, AUDIENCE);
    return { token, masked, sent };
  };

  it('is requested for the service connection, or else for the pipeline', async () => {
    const jwt = jwtWith({ aud: 'api://AzureADTokenExchange' });
    const text = JSON.stringify({ oidcToken: jwt });
    const { masked, sent } = await request({ text }, 'id&a');
    expect(masked).toEqual(['access-token', jwt]);
    expect(sent).toMatchObject([
      {
        method: 'POST',
        url: new URL(`${url}?api-version=7.1&serviceConnectionId=id%26a`),
        headers: { authorization: 'Bearer access-token', 'x-tfs-fedauthredirect': 'Suppress' },
      },
    ]);
    expect((await request({ text })).sent[0]?.url.search).toBe('?api-version=7.1');
  });

  it('can be requested until the access token of the job ends', () => {
    const end = { ...variables, SYSTEM_ACCESSTOKEN: jwtWith() };
    expect(azureSource(envOf(end), undefined).endsAt).toBe(NOW + 600_000);
    expect(azureSource(envOf(variables), undefined).endsAt).toBeUndefined();
  });

  const REFUSAL = JSON.stringify({ message: 'no connection access-token' });
  it.each<[response: Partial<HttpResponse> | Error, code: string, message: string, remedy: string]>([
    [{ status: 401 }, 'ID_TOKEN_REFUSED', '401', 'SYSTEM_ACCESSTOKEN: $(System.AccessToken)'],
    [{ status: 302 }, 'ID_TOKEN_REFUSED', 'a redirect (302)', 'SYSTEM_ACCESSTOKEN'],
    [{ status: 404, text: REFUSAL }, 'ID_TOKEN_REFUSED', '404: no connection [redacted].', 'the same stage'],
    [{ status: 503, attempts: '5 attempts' }, 'SERVICE_UNREACHABLE', '503 (5 attempts)', 'network'],
    [{ text: '<html>sign in' }, 'RESPONSE_MALFORMED', 'HTML page', 'proxy'],
    [{ text: '{}' }, 'RESPONSE_MALFORMED', 'no `oidcToken`', 'proxy'],
    [{ text: '{"oidcToken":"x"}' }, 'ID_TOKEN_UNREADABLE', 'does not contain a JWT', 'proxy'],
    [
      new TransportError('host-not-found', 'host a not found'),
      'SERVICE_UNREACHABLE',
      'not found',
      'SYSTEM_OIDCREQUESTURI',
    ],
  ])('is refused: %j', async (response, code, message, remedy) => {
    await expect(request(response, 'connection')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    });
  });
});

describe('a token of GitHub or Forgejo', () => {
  const env = envOf({
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://host.example/token',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
  });
  const respond = (claims: Record<string, unknown>) => ({ text: JSON.stringify({ value: jwtWith(claims) }) });

  it.each([
    ['https://git.example/api/actions', 'Forgejo'],
    ['https://token.actions.githubusercontent.com', 'GitHub'],
  ])('with the issuer %s names %s, whatever the variables say', async (iss, issuer) => {
    for (const host of ['github', 'forgejo'] as const) {
      const source = actionsSource(env, host);
      await source.request(stepDeps(respond({ iss })).deps, AUDIENCE);
      expect(source.issuer).toBe(issuer);
    }
  });

  it.each<[Partial<HttpResponse> | Error, code: string]>([
    [{ status: 403 }, 'ID_TOKEN_REFUSED'],
    [{ status: 500 }, 'SERVICE_UNREACHABLE'],
    [{ text: '{}' }, 'ID_TOKEN_UNREADABLE'],
    [new TransportError('unreachable', 'connection refused'), 'SERVICE_UNREACHABLE'],
  ])('is refused without a word about GitHub in a job of Forgejo: %j', async (response, code) => {
    const failed = actionsSource(env, 'forgejo').request(stepDeps(response).deps, AUDIENCE);
    const error = await failed.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, remedy: expect.stringContaining('ACTIONS_ID_TOKEN_REQUEST_URL') });
    expect(String(error)).not.toContain('GitHub');
    await expect(
      actionsSource(env, 'github').request(stepDeps(response).deps, AUDIENCE),
    ).rejects.toMatchObject({
      code: expect.stringContaining('GITHUB_'),
    });
  });
});
