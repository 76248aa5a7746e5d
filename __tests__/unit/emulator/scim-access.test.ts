import { describe, expect, it } from '@jest/globals';
import { issueUpst } from '../../../emulator/domain/session-token.ts';
import type { AdministratorRole } from '../../../emulator/scim/directory.ts';
import { basic, exchange, keyPair, type SignedCall, send, signed } from './client.ts';
import { app, fresh, patch, startTestDomain, USER_EXTENSION, user } from './scim-client.ts';

const { emulator, clock, scim, made, set } = await startTestDomain();
const { world } = emulator;
const { directory } = world;
const KEY_ID = `${world.settings.tenancy}/${world.administrator.ocid}/00:11`;
world.apiKeys.set(KEY_ID, keyPair.publicKey);

const host = new URL(emulator.urls.domain).host;
const signedCall = (options: SignedCall) => signed(emulator, { ...options, headers: { host } });
const path = (name: string) => `/admin/v1/${name}`;
const session = (ocid: string) =>
  issueUpst(world, { id: '', ocid, serviceUser: false }, keyPair.publicKey, { sub: 'x' });

/** A user with a role, and a function that sends signed requests with its session. */
async function userWith(...roles: AdministratorRole[]) {
  const { id, ocid } = directory.insert('Users', {
    userName: fresh('admin'),
    active: true,
    [USER_EXTENSION]: { serviceUser: true },
  });
  for (const role of roles) directory.grant(id, role);
  const token = await session(String(ocid));
  const ask = async (method: string, name: string, body?: unknown) => {
    const options = { method, path: path(name), token, ...(body ? { body: JSON.stringify(body) } : {}) };
    return (await send(emulator, signedCall(options), 'domain')).status;
  };
  return { id, ocid: String(ocid), ask };
}

describe('the administrator', () => {
  it.each(['API key', 'session'])('is authenticated by a signature with its %s', async (kind) => {
    const token = await session(world.administrator.ocid);
    const key = kind === 'session' ? { token } : { keyId: KEY_ID };
    const body = JSON.stringify(user(fresh('user')));
    const create = signedCall({ method: 'POST', path: path('Users'), body, ...key });
    expect((await send(emulator, create, 'domain')).status).toBe(201);
    const change = JSON.stringify(patch({ op: 'replace', path: 'title', value: 'x' }));
    const name = path(`Users/${world.administrator.id}`);
    const request = signedCall({ method: 'PATCH', path: name, body: change, ...key });
    expect((await send(emulator, request, 'domain')).status).toBe(200);
  });

  it('is refused when the signature of a PATCH does not cover its body', async () => {
    const options = { method: 'PATCH', path: path('Settings/Settings'), keyId: KEY_ID, body: '{}' };
    const names = ['date', '(request-target)', 'host'];
    expect((await send(emulator, signedCall({ ...options, names }), 'domain')).status).toBe(401);
    const changed = { ...signedCall(options), body: '[]' };
    expect((await send(emulator, changed, 'domain')).status).toBe(401);
  });

  it('is refused with a personal token that has expired', async () => {
    const until = clock.now;
    clock.now += 86_400_000;
    expect((await scim('GET', 'Users')).status).toBe(401);
    clock.now = until;
    expect((await scim('GET', 'Users')).status).toBe(200);
  });
});

describe('a request without valid credentials', () => {
  it.each<[string, Record<string, string>]>([
    ['none', { Authorization: '' }],
    ['an unknown token', { Authorization: 'Bearer unknown' }],
    ['a client secret', { Authorization: 'Basic eDp5' }],
  ])('is refused with 401 (%s)', async (_, headers) => {
    expect((await scim('GET', 'Users', undefined, headers)).status).toBe(401);
  });
});

describe('a user', () => {
  const settings = patch({ op: 'replace', path: 'timezone', value: 'UTC' });
  it.each<[AdministratorRole[], Record<string, number>]>([
    [['Identity Domain Administrator'], { Trusts: 200, Settings: 200, readUsers: 200, Users: 201 }],
    [['Security Administrator'], { Trusts: 403, Settings: 200, readUsers: 200, Users: 403 }],
    [['User Administrator'], { Trusts: 403, Settings: 403, readUsers: 200, Users: 201 }],
    [[], { Trusts: 403, Settings: 403, readUsers: 403, Users: 403 }],
  ])('with the roles %j has the rights of these roles', async (roles, statuses) => {
    const { ask } = await userWith(...roles);
    expect({
      Trusts: await ask('GET', 'IdentityPropagationTrusts'),
      Settings: await ask('PATCH', 'Settings/Settings', settings),
      readUsers: await ask('GET', 'Users'),
      Users: await ask('POST', 'Users', user(fresh('user'))),
    }).toEqual(statuses);
  });

  it('of `readers` reads everything and changes nothing', async () => {
    const { ocid, ask } = await userWith();
    set({ readers: [ocid] });
    expect([await ask('GET', 'IdentityPropagationTrusts'), await ask('GET', 'Settings')]).toEqual([200, 200]);
    expect(await ask('PATCH', 'Settings/Settings', settings)).toBe(403);
  });

  it('is refused with 401 when the settings say so, and when it is inactive', async () => {
    const { id, ask } = await userWith('Security Administrator');
    set({ forbiddenStatus: 401 });
    expect(await ask('GET', 'IdentityPropagationTrusts')).toBe(401);
    directory.update('Users', id, { active: false });
    expect(await ask('GET', 'Apps')).toBe(401);
  });
});

describe('an application', () => {
  it('reaches the API with an access token for its roles, while it is active', async () => {
    set({ appsStartInactive: false });
    const client = await made('Apps', app(fresh('app')));
    const id = String(client['id']);
    const Authorization = basic(emulator, {
      id: String(client['name']),
      secret: String(client['clientSecret']),
    });
    const form = { grant_type: 'client_credentials', scope: 'urn:opc:idm:__myscopes__' };
    const token = async () => (await exchange(emulator, form, { Authorization })).json['access_token'];
    expect(await token()).toBeUndefined();
    directory.grant(id, 'Identity Domain Administrator', 'App');
    const headers = { Authorization: `Bearer ${await token()}` };
    const status = async () => (await scim('GET', 'IdentityPropagationTrusts', undefined, headers)).status;
    expect(await status()).toBe(200);
    directory.update('Apps', id, { active: false });
    expect(await status()).toBe(401);
  });
});
