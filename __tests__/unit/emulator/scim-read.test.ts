import { describe, expect, it } from '@jest/globals';
import { app, fresh, group, RULES, startTestDomain, USER_EXTENSION, user } from './scim-client.ts';

const { emulator, clock, scim, made, set, madeTrust } = await startTestDomain();
const { directory } = emulator.world;

describe('a response', () => {
  it('has the default attributes, or the named ones and those that are always returned', async () => {
    const { path } = await madeTrust();
    const names = async (query: string) =>
      Object.keys((await scim('GET', `${path}${query}`)).json).toSorted();
    expect(await names('')).toEqual(expect.arrayContaining(['name', 'oauthClients', 'meta']));
    expect(await names('')).not.toContain(RULES);
    expect(await names('?attributes=name')).toEqual(['id', 'issuer', 'name']);
    expect(await names(`?attributes=${RULES},meta.version`)).toEqual(['id', RULES, 'issuer', 'meta']);
    expect(await names('?attributeSets=request')).toEqual(['id', RULES, 'issuer']);
    expect(await names('?attributeSets=all')).toEqual(expect.arrayContaining(['name', RULES]));
    expect((await scim('GET', `${path}?attributes=rules`)).status).toBe(400);
  });

  it('selects sub-attributes and attributes of an extension', async () => {
    const made1 = await made('Users', user(fresh('user'), { name: { givenName: 'a', familyName: 'b' } }));
    const get = async (names: string) => (await scim('GET', `Users/${made1['id']}?attributes=${names}`)).json;
    expect((await get('name.givenName'))['name']).toEqual({ givenName: 'a' });
    expect((await get(`${USER_EXTENSION}:serviceUser`))[USER_EXTENSION]).toEqual({ serviceUser: true });
    expect((await get(USER_EXTENSION))[USER_EXTENSION]).toEqual({ serviceUser: true });
    expect(await get('userName')).toEqual({ id: made1['id'], userName: made1['userName'] });
  });

  it('leaves out the attributes that the settings hide', async () => {
    const { path } = await madeTrust();
    set({ absentAttributes: [RULES] });
    expect((await scim('GET', `${path}?attributes=${RULES},oauthClients`)).json).not.toHaveProperty(RULES);
  });

  it('computes groups and roles of a user, and roles and scopes of an application', async () => {
    const member = await made('Users', user(fresh('user')));
    const { id, displayName } = await made('Groups', group(fresh('group'), member['id']));
    directory.grant(String(member['id']), 'Security Administrator');
    const appRoles = `${USER_EXTENSION}:appRoles`;
    const { json } = await scim('GET', `Users/${member['id']}?attributes=groups,${appRoles}`);
    expect(json).toMatchObject({
      groups: [{ value: id, display: displayName }],
      [USER_EXTENSION]: { appRoles: [{ display: 'Security Administrator', adminRole: true }] },
    });
    const client = await made('Apps', app(fresh('app')));
    directory.grant(String(client['id']), 'Identity Domain Administrator', 'App');
    const { grantedAppRoles } = (await scim('GET', `Apps/${client['id']}?attributes=grantedAppRoles`)).json;
    expect(grantedAppRoles).toMatchObject([{ display: 'Identity Domain Administrator', adminRole: true }]);
    const grants = await scim(
      'GET',
      `Grants?filter=${encodeURIComponent(`grantee.value eq "${client['id']}"`)}`,
    );
    expect(grants.json['totalResults']).toBe(1);
  });
});

describe('a list', () => {
  it('has pages of 50 by default, at most 1000, and no Resources when there are none', async () => {
    const prefix = fresh('many');
    for (let at = 0; at < 1003; at += 1) directory.insert('Users', { userName: `${prefix}-${at}` });
    const get = (query: string) =>
      scim(
        'GET',
        `Users?attributes=userName&filter=${encodeURIComponent(`userName sw "${prefix}-"`)}${query}`,
      );
    const first = await get('');
    expect(first.json).toMatchObject({ totalResults: 1003, startIndex: 1, itemsPerPage: 50 });
    expect((await get('&count=5000')).json['itemsPerPage']).toBe(1000);
    const next = await get(`&page=${first.headers['opc-next-page']}`);
    expect([next.json['startIndex'], Object(next.json['Resources'])[0].userName]).toEqual([
      51,
      `${prefix}-50`,
    ]);
    const last = await get('&startIndex=1001&count=10');
    expect([last.json['itemsPerPage'], last.headers['opc-next-page']]).toEqual([3, undefined]);
    expect(await get('&startIndex=1004')).not.toHaveProperty('json.Resources');
    expect((await get('&count=0')).json).toMatchObject({ totalResults: 1003, itemsPerPage: 0 });
  });

  it('finds a new object after the delay, though it can be read at once', async () => {
    set({ searchDelayMs: 20_000 });
    const { id, userName } = await made('Users', user(fresh('user')));
    const filter = encodeURIComponent(`userName eq "${userName}"`);
    const count = async () => (await scim('GET', `Users?filter=${filter}`)).json['totalResults'];
    expect([await count(), (await scim('GET', `Users/${id}`)).status]).toEqual([0, 200]);
    clock.now += 20_000;
    expect(await count()).toBe(1);
  });
});
