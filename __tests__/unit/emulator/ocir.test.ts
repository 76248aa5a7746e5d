import { beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { call, exchangeWith, login, send, signed } from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock } = await startTestEmulator();
const { world } = emulator;
const PATH = '/20180419/docker/token';
const PUSH = 'repository:acmenamespace/web:pull,push';
const service = new URL(emulator.urls.ocir).host;
let session = '';
beforeEach(async () => {
  session = await login(emulator);
});

const bySignature = (query = '', token = session) =>
  send(emulator, signed(emulator, { method: 'GET', path: `${PATH}${query}`, token }), 'ocir');
const passwordOf = async () => String((await bySignature()).json['token']);
const byPassword = (password: string, scope?: string, user = 'BEARER_TOKEN') => {
  const query = new URLSearchParams({ service, ...(scope === undefined ? {} : { scope }) });
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return call(emulator, `${emulator.urls.ocir}${PATH}?${query}`, { headers: { authorization } });
};
const inRegistry = (token: string, path: string, method = 'GET') =>
  call(emulator, `${emulator.urls.ocir}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
const accessOf = (token: unknown) => decodeJwt(String(token))['access'];

describe('the token endpoint of the Container Registry', () => {
  it('responds to a signed request with a query, and accepts the token as the password of BEARER_TOKEN', async () => {
    const { status, json } = await bySignature('?service=x&scope=');
    expect([status, json['expires_in']]).toEqual([200, 3600]);
    expect(decodeJwt(String(json['token']))).toMatchObject({
      sub: world.settings.serviceUser.ocid,
      aud: 'x',
    });
    const scoped = await byPassword(String(json['token']), PUSH);
    expect(scoped.json['scope']).toBe(PUSH);
    expect(accessOf(scoped.json['token'])).toEqual([
      { type: 'repository', name: 'acmenamespace/web', actions: ['pull', 'push'] },
    ]);
    expect(emulator.secrets()).toEqual(expect.arrayContaining([json['token'], scoped.json['token']]));
  });

  it('leaves out what no policy allows, and other namespaces', async () => {
    const accessFor = async (scope: string) =>
      accessOf((await byPassword(await passwordOf(), scope)).json['token']);
    expect(await accessFor('repository:other/web:pull')).toEqual([]);
    world.settings.ocirAccess = 'read';
    expect(await accessFor(PUSH)).toMatchObject([{ actions: ['pull'] }]);
    world.settings.ocirAccess = 'none';
    expect(await accessFor(PUSH)).toEqual([]);
  });

  it('refuses another query than the signed one', async () => {
    const request = signed(emulator, { method: 'GET', path: `${PATH}?service=x`, token: session });
    const { status, json } = await send(emulator, { ...request, path: `${PATH}?service=y` }, 'ocir');
    expect([status, json['code']]).toEqual([401, 'NotAuthenticated']);
  });

  it.each<[string, () => Promise<{ status: number }>, number, RegExp]>([
    ['no credentials', () => call(emulator, `${emulator.urls.ocir}${PATH}`), 403, /no credentials/],
    ['a malformed scope', () => bySignature('?scope=%3A%3A'), 400, /scope/],
    ['another user', async () => byPassword(await passwordOf(), PUSH, 'acme'), 401, /user/],
    ['a session token as password', () => byPassword(session), 401, /^token/],
    ['a password of several parts', async () => byPassword(`${await passwordOf()}:x`), 401, /^token/],
    [
      'a token for a repository as password',
      async () => byPassword(String((await bySignature(`?scope=${PUSH}`)).json['token']), PUSH),
      401,
      /certain repositories/,
    ],
    [
      'an expired password',
      async () => {
        const password = await passwordOf();
        clock.now += 3_600_000;
        return byPassword(password);
      },
      401,
      /exp/,
    ],
    [
      'a resource session',
      async () => {
        world.settings.trusts = [{ subjectType: 'Resource', impersonatingResource: 'github' }];
        const changes = { requested_token_type: 'urn:oci:token-type:oci-rpst', res_type: 'github' };
        return bySignature('', String((await exchangeWith(emulator, changes)).json['token']));
      },
      401,
      /a resource session/,
    ],
  ])('refuses %s', async (_, ask, status, reason) => {
    expect((await ask()).status).toBe(status);
    expect(emulator.journal.at(-1)).toMatchObject({ service: 'ocir', reason: expect.stringMatching(reason) });
  });

  it('changes members of its response as the settings say', async () => {
    world.settings.ocirTokenMembers = { expires_in: undefined, access_token: 'x' };
    expect(Object.keys((await bySignature()).json)).toEqual(['token', 'access_token']);
  });
});

describe('the registry', () => {
  it('names the token endpoint of its own origin, and accepts its tokens only', async () => {
    const { status, headers } = await call(emulator, `${emulator.urls.ocir}/v2/`);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe(`Bearer realm="https://${service}${PATH}",service="${service}"`);
    const { json } = await byPassword(await passwordOf());
    expect((await inRegistry(String(json['token']), '/v2/')).status).toBe(200);
    expect((await inRegistry(session, '/v2/')).status).toBe(401);
    expect((await inRegistry(await passwordOf(), '/v2/')).status).toBe(401); // for no service
  });

  it('has no repository, and names the scope when the token lacks it', async () => {
    const path = '/v2/acmenamespace/web/manifests/latest';
    const refused = await inRegistry(
      String((await byPassword(await passwordOf())).json['token']),
      path,
      'PUT',
    );
    expect(refused.headers['www-authenticate']).toContain(`scope="${PUSH}"`);
    const { token } = (await byPassword(await passwordOf(), PUSH)).json;
    const unknown = await inRegistry(String(token), path);
    expect([unknown.status, unknown.json]).toEqual([
      404,
      { errors: [expect.objectContaining({ code: 'NAME_UNKNOWN' })] },
    ]);
  });
});
