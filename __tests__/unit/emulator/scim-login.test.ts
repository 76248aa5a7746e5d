import { afterAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { addPolicy } from '../../../emulator/iam/state.ts';
import { basic, call, exchange, exchangeForm, jobToken, send } from './client.ts';
import { instanceToken, signedExchange } from './instance-client.ts';
import { app, dynamicGroup, group, patch, startDomain, trust, user } from './scim-client.ts';

const domain = await startDomain({ appsStartInactive: false });
const { emulator, scim, made } = domain;
afterAll(() => emulator.close());

describe('a domain that was set up through its SCIM API', () => {
  const state = { client: { id: '', secret: '' }, appId: '', userId: '', trustId: '' };

  it('refuses every job before its set-up', async () => {
    const refused = await exchange(emulator, exchangeForm(await jobToken(emulator)));
    expect([refused.status, refused.json['error']]).toEqual([401, 'invalid_client']);
  });

  it('lets a job in as the user that the rule names', async () => {
    const client = await made('Apps', app('github-actions'));
    const serviceUser = await made('Users', user('github-acme-infra'));
    await made('Groups', group('github-acme-infra', serviceUser['id']));
    const rules = [{ rule: 'sub eq repo:acme/infra:ref:refs/heads/main', value: serviceUser['id'] }];
    const changes = { oauthClients: [client['name']], impersonationServiceUsers: rules };
    const { id } = await made('IdentityPropagationTrusts', trust(emulator, changes));
    Object.assign(state, {
      client: { id: client['name'], secret: client['clientSecret'] },
      appId: client['id'],
      userId: serviceUser['id'],
      trustId: id,
    });
    const form = exchangeForm(await jobToken(emulator));
    const { json } = await exchange(emulator, form, { Authorization: basic(emulator, state.client) });
    expect(decodeJwt(String(json['token'])).sub).toBe(serviceUser['ocid']);
  });

  it.each<[string, string, unknown, string]>([
    ['the trust is inactive', 'IdentityPropagationTrusts', { active: false }, 'unauthorized_client'],
    [
      'the client is not in the trust',
      'IdentityPropagationTrusts',
      { oauthClients: ['x'] },
      'unauthorized_client',
    ],
    ['the user is inactive', 'Users', { active: false }, 'unauthorized_client'],
    ['the application is inactive', 'Apps', { active: false }, 'invalid_client'],
    ['the application has another secret', 'Apps', { clientSecret: 'another' }, 'invalid_client'],
  ])('refuses the job when %s', async (_, resource, change, error) => {
    const { directory } = emulator.world;
    const ids = { Apps: state.appId, Users: state.userId, IdentityPropagationTrusts: state.trustId };
    const name = resource as keyof typeof ids;
    const before = directory.get(name, ids[name]) ?? {};
    directory.update(name, ids[name], Object(change));
    const form = exchangeForm(await jobToken(emulator));
    const { json } = await exchange(emulator, form, { Authorization: basic(emulator, state.client) });
    expect(json['error']).toBe(error);
    directory.update(name, ids[name], before);
  });
});

describe('a domain whose callers sign', () => {
  it('lets a job of an instance in once a dynamic group and a policy admit it', async () => {
    const { settings, directory } = emulator.world;
    for (const { id } of directory.all('IdentityPropagationTrusts'))
      directory.remove('IdentityPropagationTrusts', id);
    const ask = async () => {
      const form = {
        ...exchangeForm(await jobToken(emulator)),
        requested_token_type: 'urn:oci:token-type:oci-rpst',
        res_type: 'github',
      };
      const request = signedExchange(emulator, form, { token: await instanceToken(emulator) });
      return (await send(emulator, request, 'domain')).json;
    };
    const changes = { oauthClients: undefined, subjectType: 'Resource', impersonatingResource: 'github' };
    await made('IdentityPropagationTrusts', trust(emulator, changes));
    expect(await ask()).not.toHaveProperty('token');
    const rule = `Any {instance.compartment.id = '${settings.instance.compartmentId}'}`;
    await made('DynamicResourceGroups', dynamicGroup('runners', rule));
    const statement = `Allow dynamic-group ${settings.domainName}/runners to {GET_RPST} in tenancy`;
    addPolicy(emulator.world, { name: 'runners', statements: [statement] });
    expect(decodeJwt(String((await ask())['token']))).toMatchObject({ res_type: 'github' });
  });
});

describe('an access token for AWS', () => {
  const scope = 'sts.amazon.com/';
  const DISCOVERY = `${emulator.urls.domain}/.well-known/openid-configuration`;
  const KEYS = `${emulator.urls.domain}/admin/v1/SigningCert/jwk`;

  it('needs the scope of a resource server in allowedScopes, and carries its audience and the issuer', async () => {
    const server = { isOAuthResource: true, audience: 'sts.amazon.com', scopes: [{ value: '/' }] };
    const client = await made('Apps', app('github-actions-aws', server));
    expect(client['scopes']).toEqual([{ value: '/', fqs: scope }]);
    const Authorization = basic(emulator, {
      id: String(client['name']),
      secret: String(client['clientSecret']),
    });
    const ask = () => exchange(emulator, { grant_type: 'client_credentials', scope }, { Authorization });
    expect((await ask()).json['error']).toBe('invalid_scope');
    const add = { op: 'add', path: 'allowedScopes', value: [{ fqs: scope }] };
    expect((await scim('PATCH', `Apps/${client['id']}`, patch(add))).status).toBe(200);
    const issuer = { op: 'replace', path: 'issuer', value: emulator.urls.domain };
    const publish = { op: 'replace', path: 'signingCertPublicAccess', value: true };
    expect((await call(emulator, KEYS)).status).toBe(401);
    await scim('PATCH', 'Settings/Settings', patch(issuer, publish));
    expect((await call(emulator, KEYS)).status).toBe(200);
    expect((await call(emulator, DISCOVERY)).json['issuer']).toBe(emulator.urls.domain);
    domain.set({ discoveryFollowsIssuer: false });
    expect((await call(emulator, DISCOVERY)).json['issuer']).toBe('https://identity.oraclecloud.com/');
    const { json } = await ask();
    emulator.world.settings.scopeForms = 'bare-only';
    expect((await ask()).json['error']).toBe('invalid_scope');
    expect(decodeJwt(String(json['access_token']))).toMatchObject({
      iss: emulator.urls.domain,
      aud: 'sts.amazon.com',
      sub: client['name'],
      scope: '/',
      client_guid: client['id'],
    });
  });
});
