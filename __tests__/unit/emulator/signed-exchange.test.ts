import { beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { SignerSettings } from '../../../emulator/domain/signer-settings.ts';
import type { Trust } from '../../../emulator/server/start.ts';
import {
  basic,
  exchange,
  exchangeForm,
  expectRefusal,
  INVALID,
  jobToken,
  keyPair,
  login,
  type OAuthRefusal,
  type Response,
  type SignedCall,
  send,
  type signed,
  spki,
  UNAUTHORIZED,
} from './client.ts';
import { instanceToken, sessionPair, signedExchange } from './instance-client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock, defaults } = await startTestEmulator();

const TYPE = 'github-acme';
const INSTANCE = {
  id: 'ocid1.instance.oc1.iad.one',
  compartmentId: 'ocid1.compartment.oc1..ci',
  tenancy: undefined,
};
const OTHER_TENANCY = 'ocid1.tenancy.oc1..other';
const UNKNOWN_CLIENT: OAuthRefusal = [401, 'invalid_client'];
const NAMES = ['date', '(request-target)', 'host', 'content-length', 'content-type', 'x-content-sha256'];

beforeEach(() => {
  emulator.world.settings.instance = INSTANCE;
});

const admitSigners = (changes: Partial<Trust> = {}) => {
  const trust = { subjectType: 'Resource', impersonatingResource: TYPE, oauthClients: [] } as const;
  emulator.world.settings.trusts = [{ ...trust, ...changes }];
};

async function formFor(requested: 'rpst' | 'upst', changes: Record<string, string> = {}) {
  const form = { ...exchangeForm(await jobToken(emulator)), ...changes };
  return requested === 'upst'
    ? form
    : { ...form, requested_token_type: 'urn:oci:token-type:oci-rpst', res_type: TYPE };
}

interface Changes extends Partial<SignedCall> {
  requested?: 'rpst' | 'upst';
  form?: Record<string, string>;
}

async function exchangeSigned({ requested = 'rpst', form, ...changes }: Changes = {}): Promise<Response> {
  const token = changes.token ?? (await instanceToken(emulator));
  const request = signedExchange(emulator, await formFor(requested, form), { ...changes, token });
  return send(emulator, request, 'domain');
}

describe('an exchange that an instance signs', () => {
  it('returns a resource session without data of the instance', async () => {
    admitSigners();
    const response = await exchangeSigned();
    expect([response.status, Object.keys(response.json)]).toEqual([200, ['token']]);
    const claims = decodeJwt(String(response.json['token']));
    expect(claims).toMatchObject({ ptype: 'res', res_type: TYPE, tenant: emulator.inputs.tenancy });
    expect(JSON.stringify(claims)).not.toContain(INSTANCE.id);
  });

  it('may sign the names in another order, and a content type with a charset', async () => {
    admitSigners();
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' };
    expect((await exchangeSigned({ names: NAMES.toReversed(), headers })).status).toBe(200);
  });

  it.each(NAMES.filter((name) => name !== 'date'))('is refused when %s is not signed', async (name) => {
    admitSigners();
    const response = await exchangeSigned({ names: NAMES.filter((one) => one !== name) });
    const escaped = name.replaceAll(/[()]/g, '\\$&');
    expectRefusal(emulator, response, UNKNOWN_CLIENT, new RegExp(`^coverage: ${escaped} is not signed$`));
  });

  it('is refused with x-date, unless the settings accept it', async () => {
    admitSigners();
    const headers = { 'x-date': new Date(clock.now).toUTCString() };
    const instead = { names: ['x-date', ...NAMES.slice(1)], headers };
    expectRefusal(emulator, await exchangeSigned(instead), UNKNOWN_CLIENT, /^coverage: date is not signed/);
    const both = await exchangeSigned({ names: ['x-date', ...NAMES], headers });
    expectRefusal(emulator, both, UNKNOWN_CLIENT, /^coverage: x-date is signed/);
    emulator.world.settings.exchangeAcceptsXDate = true;
    expect((await exchangeSigned(instead)).status).toBe(200);
  });

  const late = () => new Date(clock.now - 301_000).toUTCString();
  const signatures: [string, () => Changes, OAuthRefusal, RegExp][] = [
    ['an old date', () => ({ headers: { date: late() } }), UNKNOWN_CLIENT, /^date: more than five/],
    ['another digest', () => ({ headers: { 'x-content-sha256': 'AA==' } }), UNKNOWN_CLIENT, /^body: x-cont/],
    ['the new key', () => ({ key: keyPair.privateKey }), UNKNOWN_CLIENT, /^signature: made with the key of/],
    ['a token that is none', () => ({ token: 'a.b.c' }), UNKNOWN_CLIENT, /^token: /],
    ['a keyId that is none', () => ({ keyId: 'instance' }), UNKNOWN_CLIENT, /^authorization: keyId is not/],
    [
      'the key of the signer as public_key',
      () => ({ form: { public_key: spki(sessionPair.publicKey) } }),
      INVALID,
      /^public_key is the key of the signer/,
    ],
    ['a client beside the signature', () => ({ form: { client_id: 'a' } }), INVALID, /^client_id beside/],
    ['a secret beside the signature', () => ({ form: { client_secret: 'a' } }), INVALID, /^client_id beside/],
    [
      'a grant for clients',
      () => ({ form: { grant_type: 'client_credentials' } }),
      [400, 'unsupported_grant_type'],
      /^client_credentials with a signature/,
    ],
  ];
  it.each(signatures)('is refused with %s', async (_, changes, error, reason) => {
    admitSigners();
    expectRefusal(emulator, await exchangeSigned(changes()), error, reason);
  });

  it('is refused with Basic beside it, in one header or in two', async () => {
    admitSigners();
    const form = await formFor('rpst');
    const { headers, ...rest } = signedExchange(emulator, form, { token: await instanceToken(emulator) });
    const signature = String(headers['authorization']);
    for (const authorization of [[basic(emulator), signature], `${basic(emulator)}, ${signature}`]) {
      const both = { ...rest, headers: { ...headers, authorization } } as ReturnType<typeof signed>;
      expectRefusal(emulator, await send(emulator, both, 'domain'), UNKNOWN_CLIENT, /^both Basic and/);
    }
  });

  it('is refused when the token of the instance has expired, or is of another tenancy', async () => {
    admitSigners();
    const token = await instanceToken(emulator);
    clock.now += 1_201_000;
    expectRefusal(emulator, await exchangeSigned({ token }), UNKNOWN_CLIENT, /^token: .*exp/);
    emulator.world.settings.instance = { ...INSTANCE, tenancy: OTHER_TENANCY };
    expectRefusal(emulator, await exchangeSigned(), UNAUTHORIZED, /^tenancy of the signer/);
  });
});

describe('the permission to exchange', () => {
  const { id, compartmentId } = INSTANCE;
  const groups = (rule: string) => ({ dynamicGroups: { runners: rule } });
  const policy = (statement: string) => ({ exchangePolicies: [statement] });
  const permitted: Partial<SignerSettings>[] = [
    {},
    groups(`instance.id = '${id}'`),
    groups(`Any {instance.id = 'x', instance.compartment.id = '${compartmentId}'}`),
    groups(`ALL {instance.id = '${id}', instance.compartment.id != 'x'}`),
    policy('allow dynamic-group runners to { GET_RPST } in tenancy'),
    policy('Allow dynamic-group Default/runners to {GET_RPST, OTHER} in tenancy'),
    policy("Allow any-user to {GET_RPST} in tenancy where any {request.principal.type = 'instance'}"),
  ];
  it.each(permitted)('is given with %j', async (settings) => {
    admitSigners();
    Object.assign(emulator.world.settings, settings);
    expect((await exchangeSigned()).status).toBe(200);
  });

  const denied: Partial<SignerSettings>[] = [
    groups("instance.id = 'x'"),
    groups(`Any {instance.id = "${id}"}`),
    groups(`All {instance.id = '${id}', instance.compartment.id = 'x'}`),
    groups(`All {resource.id = '${id}'}`),
    { dynamicGroups: { others: `instance.id = '${id}'` } },
    { exchangePolicies: [] },
    policy("Allow dynamic-group 'Other'/'runners' to {GET_RPST} in tenancy"),
    policy('Allow group runners to {GET_RPST} in tenancy'),
    policy('Allow dynamic-group runners to {GET_RPST} in compartment x'),
    policy('Allow dynamic-group runners to manage all-resources in tenancy'),
    policy("Allow any-user to {GET_RPST} in tenancy where request.principal.type = 'workload'"),
  ];
  it.each(denied)('is denied with %j', async (settings) => {
    admitSigners();
    Object.assign(emulator.world.settings, settings);
    expectRefusal(emulator, await exchangeSigned(), UNAUTHORIZED, /^no policy with GET_RPST/);
  });

  it('is not enough for a user session, unless the settings say so', async () => {
    admitSigners({ subjectType: 'User' });
    const response = await exchangeSigned({ requested: 'upst' });
    expectRefusal(emulator, response, UNAUTHORIZED, /^no permission for a user session/);
    emulator.world.settings.upstBySignature = true;
    const { json } = await exchangeSigned({ requested: 'upst' });
    expect(decodeJwt(String(json['token'])).sub).toBe(defaults.serviceUser.ocid);
  });

  it('is denied with the status and in the form of the settings', async () => {
    admitSigners();
    Object.assign(emulator.world.settings, {
      exchangePolicies: [],
      exchangeDenial: { status: 403, form: 'scim' },
    });
    const { status, json } = await exchangeSigned();
    expect([status, json['status']]).toEqual([403, '403']);
    expect(json['schemas']).toContain('urn:ietf:params:scim:api:messages:2.0:Error');
  });

  it('is for instances and workloads, unless the settings name other signers', async () => {
    const token = await login(emulator);
    admitSigners();
    const byUser = { token, key: keyPair.privateKey, form: { public_key: spki(sessionPair.publicKey) } };
    expectRefusal(emulator, await exchangeSigned(byUser), UNAUTHORIZED, /^signer is of the kind user/);
    emulator.world.settings.exchangeSigners = ['user'];
    emulator.world.settings.exchangePolicies = ['Allow any-user to {GET_RPST} in tenancy'];
    expect((await exchangeSigned(byUser)).status).toBe(200);
    expectRefusal(emulator, await exchangeSigned(), UNAUTHORIZED, /^signer is of the kind instance/);
  });
});

describe('a trust', () => {
  it('with OAuth clients refuses signers, unless the settings say otherwise', async () => {
    admitSigners({ oauthClients: [defaults.clientId] });
    expectRefusal(emulator, await exchangeSigned(), UNAUTHORIZED, /^signer, but oauthClients is not empty/);
    emulator.world.settings.trustOfClientsAdmitsSigners = true;
    expect((await exchangeSigned()).status).toBe(200);
  });

  it('without OAuth clients refuses clients, unless the settings say otherwise', async () => {
    admitSigners();
    expectRefusal(emulator, await exchange(emulator, await formFor('rpst')), UNAUTHORIZED, /^client not in/);
    emulator.world.settings.trustWithoutClientsAdmitsClients = true;
    expect((await exchange(emulator, await formFor('rpst'))).status).toBe(200);
  });

  it('still decides by issuer, claims and resource type', async () => {
    admitSigners({ claimValidations: [{ name: 'sub', value: 'repo:acme/other:ref:refs/heads/main' }] });
    expectRefusal(emulator, await exchangeSigned(), UNAUTHORIZED, /^claim sub does not match/);
    admitSigners({ impersonatingResource: 'another' });
    expectRefusal(emulator, await exchangeSigned(), UNAUTHORIZED, /^res_type is not/);
  });
});
