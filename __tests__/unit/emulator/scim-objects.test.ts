import { describe, expect, it } from '@jest/globals';
import type { ScimSettings } from '../../../emulator/scim/settings.ts';
import { basic, exchange } from './client.ts';
import { app, fresh, messageId, patch, RULES, startDomain, startTestDomain, user } from './scim-client.ts';

const { emulator, clock, scim, made, set, madeTrust } = await startTestDomain();

describe('an application', () => {
  const REGENERATOR = 'urn:ietf:params:scim:schemas:oracle:idcs:AppClientSecretRegenerator';
  const CHANGER = 'urn:ietf:params:scim:schemas:oracle:idcs:AppStatusChanger';
  const activate = (id: unknown, active: boolean) =>
    scim('PUT', `AppStatusChanger/${id}`, { schemas: [CHANGER], active });

  it('is inactive at first, cannot be deleted while active, and only then', async () => {
    const { id, active } = await made('Apps', app(fresh('app')));
    expect([active, (await activate(id, true)).json['active']]).toEqual([false, true]);
    expect((await scim('DELETE', `Apps/${id}?forceDelete=true`)).status).toBe(400);
    await activate(id, false);
    expect([(await scim('DELETE', `Apps/${id}`)).status, (await scim('GET', `Apps/${id}`)).status]).toEqual([
      204, 404,
    ]);
  });

  it('returns its secret once, or always', async () => {
    const { id, clientSecret } = await made('Apps', app(fresh('app')));
    expect((await scim('GET', `Apps/${id}`)).json).not.toHaveProperty('clientSecret');
    set({ clientSecret: 'always' });
    expect((await scim('GET', `Apps/${id}`)).json['clientSecret']).toBe(clientSecret);
    expect((await scim('GET', `Apps/${id}?attributes=displayName`)).json).not.toHaveProperty('clientSecret');
  });

  it('is rejected with its old secret after a regeneration', async () => {
    set({ appsStartInactive: false });
    const { id, name, clientSecret } = await made('Apps', app(fresh('app')));
    const old = basic(emulator, { id: String(name), secret: String(clientSecret) });
    const { status, json } = await scim('POST', 'AppClientSecretRegenerator', {
      schemas: [REGENERATOR],
      appId: id,
    });
    const fresh1 = basic(emulator, { id: String(name), secret: String(json['clientSecret']) });
    const form = { grant_type: 'client_credentials', scope: 'x' };
    const error = async (Authorization: string) =>
      (await exchange(emulator, form, { Authorization })).json['error'];
    expect([status, await error(old), await error(fresh1)]).toEqual([201, 'invalid_client', 'invalid_scope']);
  });

  it.each<[ScimSettings['chosenClientId'], number, boolean]>([
    ['ignored', 201, false],
    ['accepted', 201, true],
    ['refused', 400, false],
  ])('with a chosen client ID %s returns %d', async (chosenClientId, status, isChosen) => {
    set({ chosenClientId });
    const name = fresh('chosen');
    const response = await scim('POST', 'Apps', app(fresh('app'), { name }));
    expect([response.status, response.json['name'] === name]).toEqual([status, isChosen]);
  });

  it('needs a scope that is stored already, and an audience that no other has', async () => {
    const [audience, scopes] = [fresh('audience'), [{ value: '/' }]];
    const server = { isOAuthResource: true, audience, scopes };
    const allowed = { allowedScopes: [{ fqs: `${audience}/` }] };
    expect((await scim('POST', 'Apps', app(fresh('app'), { ...server, ...allowed }))).status).toBe(400);
    await made('Apps', app(fresh('app'), server));
    await made('Apps', app(fresh('app'), allowed));
    const other = app(fresh('app'), { ...server, scopes: [{ value: '/other' }] });
    expect((await scim('POST', 'Apps', other)).status).toBe(409);
    set({ sharedAudiences: true });
    expect((await scim('POST', 'Apps', other)).status).toBe(201);
    expect((await scim('POST', 'Apps', app(fresh('app'), server))).status).toBe(409);
  });

  it('is refused above the limit of a Free domain, which does not count those of Oracle', async () => {
    const free = await startDomain();
    expect((await free.made('Apps', app('one')))['id']).toBeDefined();
    await free.made('Apps', app('two'));
    const third = await free.scim('POST', 'Apps', app('three'));
    expect([third.status, emulator.world.directory.all('Apps').length > 2]).toEqual([400, true]);
    free.emulator.world.settings.scim.appLimitStatus = 409;
    expect((await free.scim('POST', 'Apps', app('three'))).status).toBe(409);
    await free.emulator.close();
  });
});

describe('a user', () => {
  it('cannot be deleted while a rule names it', async () => {
    const { path, rules } = await madeTrust();
    const id = rules[0]?.value;
    expect((await scim('DELETE', `Users/${id}`)).status).toBe(400);
    await scim('PATCH', path, patch({ op: 'replace', path: RULES, value: rules.slice(1) }));
    expect((await scim('DELETE', `Users/${id}`)).status).toBe(204);
  });

  it.each<[ScimSettings['externalIdOfServiceUser'], number, unknown]>([
    ['ignored', 201, undefined],
    ['kept', 201, 'oci-wif:1:prod'],
    ['refused', 400, undefined],
  ])('with an externalId %s returns %d', async (externalIdOfServiceUser, status, externalId) => {
    set({ externalIdOfServiceUser });
    const response = await scim('POST', 'Users', user(fresh('user'), { externalId: 'oci-wif:1:prod' }));
    expect([response.status, response.json['externalId']]).toEqual([status, externalId]);
  });

  it('can be named by a rule only after the delay', async () => {
    const { path, read } = await madeTrust();
    set({ referenceDelayMs: 20_000 });
    const { id } = await made('Users', user(fresh('user')));
    const replace = patch({ op: 'replace', path: RULES, value: [{ rule: 'sub eq x', value: id }] });
    const refused = await scim('PATCH', path, replace);
    expect([refused.status, messageId(refused)]).toEqual([
      400,
      'error.common.validation.invalidReferenceResource',
    ]);
    clock.now += 20_000;
    expect((await scim('PATCH', path, replace)).status).toBe(200);
    expect((await read())[RULES]).toHaveLength(1);
  });
});

describe('a grant', () => {
  const schemas = ['urn:ietf:params:scim:schemas:oracle:idcs:Grant'];

  it('gives a user a role once, and ends when it is deleted', async () => {
    const { id } = await made('Users', user(fresh('user')));
    const role = emulator.world.directory.find('AppRoles', 'displayName', 'Security Administrator');
    const body = {
      schemas,
      grantMechanism: 'ADMINISTRATOR_TO_USER',
      grantee: { value: id, type: 'User' },
      app: role?.['app'],
      entitlement: { attributeName: 'appRoles', attributeValue: role?.id },
    };
    const grant = await made('Grants', body);
    expect((await scim('POST', 'Grants', body)).status).toBe(409);
    const members = async () =>
      (await scim('GET', `AppRoles/${role?.id}?attributes=members`)).json['members'];
    expect(await members()).toEqual([{ value: id, type: 'User' }]);
    await scim('DELETE', `Grants/${grant['id']}`);
    expect(await members()).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['has no grantee', {}, 'missingReqAttributes'],
    ['names an unknown user', { grantee: { value: 'x', type: 'User' } }, 'invalidReferenceResource'],
  ])('is refused when it %s', async (_, changes, id) => {
    const app = { value: emulator.world.directory.all('Apps')[0]?.id };
    const entitlement = { attributeName: 'appRoles', attributeValue: 'x' };
    const body = { schemas, grantMechanism: 'ADMINISTRATOR_TO_USER', app, entitlement, ...changes };
    const refused = await scim('POST', 'Grants', body);
    expect([refused.status, messageId(refused)]).toEqual([400, `error.common.validation.${id}`]);
  });
});
