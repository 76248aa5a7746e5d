import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt, jwtVerify } from 'jose';
import { firstMatch } from '../../../emulator/domain/trust.ts';
import {
  type Emulator,
  startEmulator,
  type Trust,
  type WorldSettings,
} from '../../../emulator/server/start.ts';
import {
  basic,
  call,
  exchange,
  exchangeForm,
  forgedToken,
  jobToken,
  keyPair,
  login,
  spki,
} from './client.ts';

let emulator: Emulator;
let now = Date.now();
let defaults: WorldSettings;
const seconds = () => Math.floor(now / 1000);

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now });
  defaults = emulator.world.settings;
});
beforeEach(() => {
  now = Date.now();
  emulator.world.settings = { ...defaults };
});
afterAll(() => emulator.close());

type Form = Record<string, string | undefined>;

/** A valid form with changes; undefined removes a parameter. */
async function formWith(changes: Form): Promise<Record<string, string>> {
  const form = Object.entries({ ...exchangeForm(await jobToken(emulator)), ...changes });
  return Object.fromEntries(form.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function expectRefusal(
  form: Record<string, string> | string,
  [status, error]: readonly [number, string],
  reason: RegExp,
) {
  const response = await exchange(emulator, form);
  expect([response.status, response.json['error']]).toEqual([status, error]);
  expect(Object.keys(response.json).toSorted()).toEqual(['error', 'error_description']);
  expect(emulator.journal.at(-1)).toMatchObject({ status, reason: expect.stringMatching(reason) });
}

const RPST = 'urn:oci:token-type:oci-rpst';
const INVALID = [400, 'invalid_request'] as const;
const INVALID_GRANT = [400, 'invalid_grant'] as const;
const UNAUTHORIZED = [401, 'unauthorized_client'] as const;

describe('the token exchange', () => {
  it('returns only a UPST for the service user, bound to the public key', async () => {
    const response = await exchange(emulator, exchangeForm(await jobToken(emulator)));
    expect([response.status, Object.keys(response.json)]).toEqual([200, ['token']]);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['opc-request-id']).toBe(emulator.journal.at(-1)?.requestId);
    const token = String(response.json['token']);
    const { payload } = await jwtVerify(token, emulator.world.upstKey.publicKey);
    const { n, e } = keyPair.publicKey.export({ format: 'jwk' });
    expect(payload).toMatchObject({
      sub: defaults.serviceUser.ocid,
      tenant: emulator.inputs.tenancy,
      source_authn_prin: 'repo:acme/infra:ref:refs/heads/main',
      ptype: 'user',
      exp: seconds() + 3600,
      sess_exp: new Date((seconds() + 3600) * 1000).toUTCString(),
    });
    expect(JSON.parse(String(payload['jwk']))).toMatchObject({ kty: 'RSA', n, e });
  });

  const der = Buffer.from(spki(), 'base64');
  const keys: [string, string, RegExp][] = [
    ['PEM', String(keyPair.publicKey.export({ type: 'spki', format: 'pem' })), /armor/],
    ['with a line break', spki().replace(/^(.{64})/, '$1\n'), /line breaks/],
    ['base64url', Buffer.from([251, 255, 254]).toString('base64url'), /standard base64/],
    ['without padding', spki().slice(0, -1), /standard base64/],
    [
      'PKCS#1',
      keyPair.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
      /SubjectPublic/,
    ],
    ['with trailing bytes', Buffer.concat([der, Buffer.alloc(3)]).toString('base64'), /SubjectPublicKeyInfo/],
    ['EC', spki(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey), /not RSA/],
    ['of 1024 bits', spki(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), /too small/],
  ];
  it.each(keys)('refuses a public key that is %s', async (_, public_key, reason) => {
    await expectRefusal(await formWith({ public_key }), INVALID, reason);
  });

  const RFC_8693 = 'urn:ietf:params:oauth:token-type:jwt';
  const forms: [string, Form, RegExp][] = [
    ['no grant type', { grant_type: undefined }, /grant_type is missing/],
    ['an empty parameter', { requested_token_type: '' }, /is missing/],
    ['an unknown token type', { requested_token_type: 'urn:oci:token-type:upst' }, /wrong requested_token/],
    ['an RPST without a type', { requested_token_type: RPST }, /res_type is missing/],
    ['the RFC 8693 token type', { subject_token_type: RFC_8693 }, /wrong subject_token_type/],
    ['no subject token', { subject_token: undefined }, /subject_token is missing/],
    ['a malformed token', { subject_token: 'a.b' }, /not a JWT/],
    ['no public key', { public_key: undefined }, /public_key is missing/],
  ];
  it.each(forms)('refuses %s', async (_, changes, reason) => {
    await expectRefusal(await formWith(changes), INVALID, reason);
  });

  it('refuses an unknown grant type and a repeated parameter', async () => {
    const form = await formWith({});
    await expectRefusal({ ...form, grant_type: 'password' }, [400, 'unsupported_grant_type'], /grant_type/);
    await expectRefusal(`${new URLSearchParams(form)}&subject_token_type=jwt`, INVALID, /more than once/);
  });

  const clients: [string, () => string][] = [
    ['a wrong secret', () => basic(emulator, { secret: 'wrong' })],
    ['another client id', () => basic(emulator, { id: '0'.repeat(32) })],
    ['a bearer token', () => 'Bearer x'],
    ['malformed base64', () => `${basic(emulator)}!`],
    ['no credentials', () => ''],
  ];
  it.each(clients)('refuses a client with %s', async (_, Authorization) => {
    const response = await exchange(emulator, await formWith({}), { Authorization: Authorization() });
    expect([response.status, response.json['error']]).toEqual([401, 'invalid_client']);
    expect(response.headers['www-authenticate']).toMatch(/^Basic /);
  });

  it('accepts only a form, only by POST, only at its path', async () => {
    const response = await exchange(emulator, await formWith({}), { 'Content-Type': 'application/json' });
    expect([response.status, response.json['error']]).toEqual(INVALID);
    const get = await call(emulator, `${emulator.urls.domain}/oauth2/v1/token`);
    expect([get.status, get.headers.allow]).toEqual([405, 'POST']);
    const other = await call(emulator, `${emulator.urls.domain}//oauth2/v1/token`, { method: 'POST' });
    expect([other.status, other.json['schemas']]).toEqual([
      404,
      ['urn:ietf:params:scim:api:messages:2.0:Error'],
    ]);
  });
});

describe('the subject token', () => {
  it('is accepted with valid claims, so that each case below has exactly one fault', async () => {
    expect((await exchange(emulator, exchangeForm(await forgedToken(emulator, {})))).status).toBe(200);
  });

  const tokens: [string, () => Record<string, unknown>, readonly [number, string], RegExp][] = [
    ['it has expired', () => ({ exp: seconds() - 1 }), INVALID_GRANT, /exp/],
    ['it has no expiry', () => ({ exp: undefined }), INVALID_GRANT, /exp/],
    ['it is not valid yet', () => ({ nbf: seconds() + 30 }), INVALID_GRANT, /nbf/],
    ['it was issued in the future', () => ({ iat: seconds() + 30 }), INVALID_GRANT, /iat/],
    ['its issuer has a slash', () => ({ iss: `${emulator.urls.github}/` }), INVALID_GRANT, /0 active trusts/],
    ['it is for another audience', () => ({ aud: 'https://github.com/acme' }), INVALID, /client claim/],
    ['it is for two audiences', () => ({ aud: [emulator.inputs.audience, 'x'] }), INVALID, /client claim/],
  ];
  it.each(tokens)('is refused when %s', async (_, changes, error, reason) => {
    await expectRefusal(exchangeForm(await forgedToken(emulator, changes())), error, reason);
  });

  it('is refused when it is signed with another key, or not signed', async () => {
    const other = await forgedToken(emulator, {}, keyPair.privateKey);
    await expectRefusal(exchangeForm(other), INVALID_GRANT, /signature/);
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    const unsigned = `${header}.${(await jobToken(emulator)).split('.')[1]}.`;
    await expectRefusal(exchangeForm(unsigned), INVALID_GRANT, /./);
  });

  it('is accepted within the clock skew of the trust', async () => {
    emulator.world.settings.trusts = [{ clockSkewSeconds: 60 }];
    const claims = { exp: seconds() - 30, iat: seconds() + 30, nbf: seconds() + 30 };
    expect((await exchange(emulator, exchangeForm(await forgedToken(emulator, claims)))).status).toBe(200);
  });
});

describe('the trust', () => {
  const trust = (changes: Partial<Trust>) => ({ trusts: [changes] });
  const noServiceUser = () => ({ serviceUser: { ...defaults.serviceUser, serviceUser: false } });
  const worlds: [string, () => Partial<WorldSettings>, readonly [number, string], RegExp][] = [
    ['it is inactive', () => trust({ active: false }), INVALID_GRANT, /^0 active/],
    ['there are two', () => ({ trusts: [{}, {}] }), INVALID_GRANT, /^2 active/],
    ['it does not list the client', () => trust({ oauthClients: [] }), UNAUTHORIZED, /oauthClients/],
    ['its client claim differs', () => trust({ clientClaimName: 'repository_id' }), INVALID, /client claim/],
    ['impersonation is off', () => trust({ allowImpersonation: false }), UNAUTHORIZED, /no rule/],
    ['it is for resources', () => trust({ subjectType: 'Resource' }), INVALID, /subjectType Resource/],
    ['it has no rules', () => ({ rules: [] }), UNAUTHORIZED, /no rule/],
    ['its rule has the old form of sub', () => ({ immutableSubject: true }), UNAUTHORIZED, /no rule/],
    [
      'its user is unknown',
      () => ({ rules: [{ rule: 'sub eq *', value: 'x' }] }),
      UNAUTHORIZED,
      /unknown user/,
    ],
    ['its user is not a service user', noServiceUser, UNAUTHORIZED, /serviceUser/],
  ];
  it.each(worlds)('refuses the exchange when %s', async (_, change, error, reason) => {
    Object.assign(emulator.world.settings, change());
    await expectRefusal(await formWith({}), error, reason);
  });

  it('accepts another client claim', async () => {
    emulator.world.settings.trusts = [{ clientClaimName: 'repository_id', clientClaimValues: ['2002'] }];
    expect(await login(emulator)).toMatch(/^ey/);
  });

  const claims = { sub: 'repo:acme/infra:ref:refs/heads/main', aud: ['one', 'two'], run_number: 7 };
  it.each([
    ['sub eq repo:acme/infra:ref:refs/heads/main', true],
    ['sub eq repo:acme/infra:ref:refs/heads/mai', false],
    ['sub eq repo:acme/infra:*', true],
    ['sub eq *', true],
    ['sub eq repo:*:ref:refs/heads/main', false],
    ['sub eq "repo:acme/infra:*"', false],
    ['sub eq REPO:acme/infra:*', false],
    ['sub co acme/infra', true],
    ['sub co acme/*', false],
    ['aud eq one', false],
    ['run_number eq 7', false],
    ['absent eq *', false],
    ['toString co a', false],
    ['sub ne x', false],
    ['sub  eq *', false],
  ])('has a rule %s, which matches: %s', (rule, expected) => {
    const rules = [
      { rule: 'sub eq nobody', value: 'a' },
      { rule, value: 'b' },
      { rule, value: 'c' },
    ];
    expect(firstMatch(rules, claims)).toBe(expected ? 'b' : undefined);
  });
});

describe('a trust for resources', () => {
  const TYPE = 'github-acme';
  const trusting = (trust: Partial<Trust> = {}) => {
    const resource = { subjectType: 'Resource', impersonatingResource: TYPE } as const;
    emulator.world.settings.trusts = [{ ...resource, ...trust }];
  };
  const rpstForm = (changes: Form = {}) =>
    formWith({ requested_token_type: RPST, res_type: TYPE, ...changes });
  const claimsOf = async (changes?: Form) =>
    decodeJwt(String((await exchange(emulator, await rpstForm(changes))).json['token']));

  it('issues an RPST without a user, with up to three claims of the job', async () => {
    const sub = 'repo:acme/infra:ref:refs/heads/main';
    trusting({
      claimValidations: [{ name: 'sub', value: sub }],
      claimPropagations: ['ext_repository', 'ext_environment', 'ref', 'ext_ref', 'ext_actor'],
    });
    const claims = await claimsOf();
    expect(claims).toMatchObject({ sub, tenant: emulator.inputs.tenancy, ptype: 'res', res_type: TYPE });
    const propagated = Object.entries(claims).filter(([name]) => name.startsWith('var_'));
    expect(propagated).toEqual([
      ['var_ext_repository', 'acme/infra'],
      ['var_ext_ref', 'refs/heads/main'],
    ]);
    expect(JSON.stringify(claims)).not.toContain('ocid1.user');
  });

  it.each([
    [{}, {}, 1200],
    [{ rpst_exp: '7200' }, {}, 7200],
    [{ rpst_exp: '7200' }, { rpstLongestSeconds: 3600 }, 3600],
    [{ rpst_exp: '120' }, { rpstExpUnitSeconds: 60 as const }, 7200],
  ])('grants with %j and settings %j a lifetime of %d s', async (form, settings, lifetime) => {
    trusting();
    Object.assign(emulator.world.settings, settings);
    const { exp = 0, iat = 0 } = await claimsOf(form);
    expect(exp - iat).toBe(lifetime);
  });

  const refusals: [string, Partial<Trust>, Form, readonly [number, string], RegExp][] = [
    ['the trust is for users', { subjectType: 'User' }, {}, INVALID, /subjectType User/],
    ['the type differs', {}, { res_type: 'GITHUB-ACME' }, UNAUTHORIZED, /res_type is not/],
    ['impersonation is off', { allowImpersonation: false }, {}, UNAUTHORIZED, /no impersonation/],
    ['the lifetime is zero', {}, { rpst_exp: '0' }, INVALID, /wrong rpst_exp/],
    ['the lifetime is not a number', {}, { rpst_exp: '1h' }, INVALID, /wrong rpst_exp/],
    [
      'a claim differs',
      { claimValidations: [{ name: 'environment', value: 'prod' }] },
      {},
      UNAUTHORIZED,
      /claim environment/,
    ],
    ['the token is not for this client', {}, { subject_token: 'forged' }, INVALID, /client claim/],
  ];
  it.each(refusals)('refuses when %s', async (_, trust, changes, error, reason) => {
    trusting(trust);
    const forged = await forgedToken(emulator, { aud: 'https://elsewhere.example' });
    const token = changes['subject_token'] ? { subject_token: forged } : {};
    await expectRefusal(await rpstForm({ ...changes, ...token }), error, reason);
  });
});
