import { afterAll, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { basic, exchange, exchangeForm, jobToken, keyPair, send } from './client.ts';
import { signedExchange } from './instance-client.ts';
import { app, startDomain, trust, user } from './scim-client.ts';

const { emulator, made } = await startDomain({ appsStartInactive: false });
afterAll(() => emulator.close());

it('an access token for a session has the name of the user, and the audience of an active application', async () => {
  const server = { isOAuthResource: true, audience: 'sts.amazon.com', scopes: [{ value: '/' }] };
  const client = await made('Apps', app('github-actions', server));
  const serviceUser = await made('Users', user('github-acme-infra'));
  const rules = [{ rule: 'sub eq *', value: serviceUser['id'] }];
  const changes = { oauthClients: [client['name']], impersonationServiceUsers: rules };
  await made('IdentityPropagationTrusts', trust(emulator, changes));
  const Authorization = basic(emulator, {
    id: String(client['name']),
    secret: String(client['clientSecret']),
  });
  const session = await exchange(emulator, exchangeForm(await jobToken(emulator)), { Authorization });
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    scope: 'sts.amazon.com/',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  };
  const signer = { token: String(session.json['token']), key: keyPair.privateKey };
  const ask = () => send(emulator, signedExchange(emulator, form, signer), 'domain');
  expect(decodeJwt(String((await ask()).json['access_token']))).toMatchObject({
    sub: 'github-acme-infra',
    user_id: serviceUser['id'],
    user_ocid: serviceUser['ocid'],
    aud: 'sts.amazon.com',
    scope: '/',
  });
  emulator.world.directory.update('Apps', String(client['id']), { active: false });
  expect((await ask()).json['error']).toBe('invalid_scope');
});
