import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { WorldSettings } from '../../../emulator/server/start.ts';
import { askSts, assumeForm, expectStsRefusal, field } from './aws-client.ts';
import {
  exchange,
  expectRefusal,
  INVALID,
  keyPair,
  login,
  type OAuthRefusal,
  send,
  spki,
  UNAUTHORIZED,
} from './client.ts';
import { instanceToken, sessionPair, signedExchange } from './instance-client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock, defaults } = await startTestEmulator();

const INVALID_SCOPE: OAuthRefusal = [400, 'invalid_scope'];
const FORM = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  scope: 'sts.amazon.com/',
  requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
};

/** Signed with a user session, whose key is that of `client.ts`. */
async function askAsUser(changes: Record<string, string> = {}) {
  const token = await login(emulator);
  const form = { ...FORM, ...changes };
  return send(emulator, signedExchange(emulator, form, { token, key: keyPair.privateKey }), 'domain');
}

const set = (settings: Partial<WorldSettings>) => Object.assign(emulator.world.settings, settings);
const claimsOf = async () => decodeJwt(String((await askAsUser()).json['access_token']));

describe('the exchange without a subject token', () => {
  it('returns an access token for the user of the session, and no session token', async () => {
    const { status, json } = await askAsUser();
    expect([status, Object.keys(json)]).toEqual([200, ['access_token', 'token_type', 'expires_in']]);
    const claims = decodeJwt(String(json['access_token']));
    expect(claims).toMatchObject({
      iss: emulator.urls.domain,
      aud: 'sts.amazon.com',
      sub: defaults.serviceUserName,
      sub_type: 'user',
      user_ocid: defaults.serviceUser.ocid,
      tok_type: 'AT',
      scope: '/',
    });
    expect(claims).not.toHaveProperty('client_id');
    expect(emulator.secrets()).toContain(json['access_token']);
  });

  it.each([
    ['id', defaults.serviceUser.id],
    ['ocid', defaults.serviceUser.ocid],
    ['absent', undefined],
    ['client-id', defaults.clientId],
  ] as const)('has the subject of the setting %s', async (accessTokenSubject, sub) => {
    set({ accessTokenSubject });
    expect((await claimsOf()).sub).toBe(sub);
  });

  it.each<[string, Partial<WorldSettings>, number]>([
    ['the application', { accessTokenLifetimeSeconds: 600 }, 600],
    ['the session', { upstLifetimeSeconds: 300 }, 300],
    [
      'the application, if the session does not count',
      { upstLifetimeSeconds: 300, accessTokenEndsWithSession: false },
      3600,
    ],
    [
      'the session of the user in the domain',
      { accessTokenLifetimeSeconds: 86_400, accessTokenEndsWithSession: false },
      28_800,
    ],
  ])('ends with %s', async (_, settings, lifetime) => {
    set(settings);
    const { exp = 0 } = await claimsOf();
    expect(exp).toBe(Math.floor(clock.now / 1000) + lifetime);
  });

  it('can have a list as audience', async () => {
    set({ accessTokenAudience: ['sts.amazon.com', 'https://other.example'] });
    expect((await claimsOf()).aud).toEqual(['sts.amazon.com', 'https://other.example']);
  });

  const forms: [string, Record<string, string>, OAuthRefusal, RegExp][] = [
    ['a subject token', { subject_token: 'a.b.c' }, INVALID, /^subject_token in/],
    ['a public key', { public_key: spki() }, INVALID, /^public_key in/],
    ['no scope', { scope: '' }, INVALID, /^scope is missing/],
    ['a scope without its audience', { scope: '/' }, INVALID_SCOPE, /^scope has no audience/],
    ['an unknown audience', { scope: 'sts.example/' }, INVALID_SCOPE, /^no active resource server/],
    ['the scope of all roles', { scope: 'urn:opc:idm:__myscopes__' }, INVALID_SCOPE, /^no active resource/],
  ];
  it.each(forms)('refuses %s', async (_, changes, error, reason) => {
    expectRefusal(emulator, await askAsUser(changes), error, reason);
  });

  it('refuses a user who is not granted the scope, and an inactive application', async () => {
    set({ accessTokenUsers: ['ocid1.user.oc1..other'] });
    expectRefusal(emulator, await askAsUser(), UNAUTHORIZED, /^user is not granted/);
    set({ accessTokenUsers: [defaults.serviceUser.ocid], awsResourceActive: false });
    expectRefusal(emulator, await askAsUser(), INVALID_SCOPE, /^no active resource server/);
  });

  it('refuses an instance, unless the settings allow it, and a client with its secret', async () => {
    const token = await instanceToken(emulator);
    const ask = () =>
      send(emulator, signedExchange(emulator, FORM, { token, key: sessionPair.privateKey }), 'domain');
    expectRefusal(emulator, await ask(), UNAUTHORIZED, /^signer is of the kind instance/);
    set({ accessTokenSigners: ['instance'] });
    expect((await ask()).status).toBe(200);
    expectRefusal(emulator, await exchange(emulator, FORM), INVALID, /^subject_token_type is missing/);
  });
});

describe('AWS STS', () => {
  const assume = async () =>
    askSts(emulator, assumeForm(emulator, String((await askAsUser()).json['access_token'])));

  it('accepts the access token of the user in the trust policy of the role', async () => {
    set({ roleSubject: 'user' });
    const response = await assume();
    expect(response.status).toBe(200);
    expect(field(response, 'SubjectFromWebIdentityToken')).toBe(defaults.serviceUserName);
  });

  it('refuses it for a role that names a client, and when it has no subject', async () => {
    expectStsRefusal(emulator, await assume(), [403, 'AccessDenied'], /^Not authorized/);
    set({ roleSubject: 'user', accessTokenSubject: 'absent' });
    expectStsRefusal(emulator, await assume(), [400, 'InvalidIdentityToken'], /sub/);
  });

  it('accepts every user for a role that demands only the audience', async () => {
    set({ roleSubject: 'any', serviceUserName: 'an-unknown-user' });
    expect((await assume()).status).toBe(200);
  });

  it('accepts a user whose name is the client ID in the trust policy of the role', async () => {
    set({ accessTokenSubject: 'client-id' });
    expect((await assume()).status).toBe(200);
  });

  it('refuses an access token with two audiences', async () => {
    set({ roleSubject: 'user', accessTokenAudience: ['sts.amazon.com', 'https://other.example'] });
    expect((await assume()).status).toBe(400);
  });
});
