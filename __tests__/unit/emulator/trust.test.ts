import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { firstMatch } from '../../../emulator/domain/trust.ts';
import type { Trust, WorldSettings } from '../../../emulator/server/start.ts';
import {
  exchangeWith,
  expectRefusal,
  forgedToken,
  INVALID,
  INVALID_GRANT,
  login,
  type OAuthRefusal,
  UNAUTHORIZED,
} from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, defaults } = await startTestEmulator();

type Form = Record<string, string | undefined>;

describe('the trust', () => {
  const trust = (changes: Partial<Trust>) => ({ trusts: [changes] });
  const noServiceUser = () => ({ serviceUser: { ...defaults.serviceUser, serviceUser: false } });
  const worlds: [string, () => Partial<WorldSettings>, OAuthRefusal, RegExp][] = [
    ['it is inactive', () => trust({ active: false }), UNAUTHORIZED, /^0 active/],
    ['there is none', () => ({ trusts: [] }), INVALID_GRANT, /^0 active/],
    ['there are two', () => ({ trusts: [{}, {}] }), INVALID_GRANT, /^2 active/],
    ['it does not list the client', () => trust({ oauthClients: [] }), UNAUTHORIZED, /oauthClients/],
    ['its client claim differs', () => trust({ clientClaimName: 'repository_id' }), INVALID, /client claim/],
    [
      'it has other keys',
      () => trust({ publicKeyEndpoint: 'https://issuer.example/keys' }),
      INVALID_GRANT,
      /no applicable key/,
    ],
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
    expectRefusal(emulator, await exchangeWith(emulator, {}), error, reason);
  });

  it('accepts any audience without a client claim', async () => {
    emulator.world.settings.trusts = [{ clientClaimName: undefined }];
    const forged = await forgedToken(emulator, { aud: 'https://elsewhere.example' });
    expect((await exchangeWith(emulator, { subject_token: forged })).status).toBe(200);
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
  const requestRpst = (changes: Form = {}) =>
    exchangeWith(emulator, {
      requested_token_type: 'urn:oci:token-type:oci-rpst',
      res_type: TYPE,
      ...changes,
    });
  const claimsOf = async (changes?: Form) => decodeJwt(String((await requestRpst(changes)).json['token']));

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

  const refusals: [string, Partial<Trust>, Form, OAuthRefusal, RegExp][] = [
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
    expectRefusal(emulator, await requestRpst({ ...changes, ...token }), error, reason);
  });
});
