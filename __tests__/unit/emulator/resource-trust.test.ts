// A trust for resources: what it asks of a request and of the job's token, what it puts into the RPST, what it refuses.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import {
  type Emulator,
  startEmulator,
  type Trust,
  type WorldSettings,
} from '../../../emulator/server/start.ts';
import { exchange, exchangeForm, forgedToken, jobToken, keyPair, send, signed } from './client.ts';

const TYPE = 'github-acme';
const RESOURCE: Partial<Trust> = { subjectType: 'Resource', impersonatingResource: TYPE };
const SUBJECT = 'repo:acme/infra:ref:refs/heads/main';

let emulator: Emulator;
let pristine: WorldSettings;

beforeAll(async () => {
  emulator = await startEmulator();
  pristine = emulator.world.settings;
});
beforeEach(() => {
  emulator.world.settings = { ...pristine, trusts: [RESOURCE] };
});
afterAll(() => emulator.close());

const formOf = async (changes: Record<string, string> = {}) => ({
  ...exchangeForm(await jobToken(emulator)),
  requested_token_type: 'urn:oci:token-type:oci-rpst',
  res_type: TYPE,
  ...changes,
});
const trusting = (trust: Partial<Trust>) => {
  emulator.world.settings.trusts = [{ ...RESOURCE, ...trust }];
};
async function claimsOf(changes?: Record<string, string>) {
  const answer = await exchange(emulator, await formOf(changes));
  expect([answer.status, Object.keys(answer.json)]).toEqual([200, ['token']]);
  return decodeJwt(String(answer.json['token']));
}
async function lifeOf(changes?: Record<string, string>): Promise<number> {
  const { exp = 0, iat = 0 } = await claimsOf(changes);
  return exp - iat;
}

describe('the session token of a resource', () => {
  it("names the job as the issuer did, no user, and the key that was sent, by OCI's own signature", async () => {
    const claims = await claimsOf();
    expect(claims).toMatchObject({
      sub: SUBJECT,
      tenant: emulator.inputs.tenancy,
      ptype: 'res',
      ttype: 'res',
      res_type: TYPE,
      iss: 'authService.oracle.com',
      aud: 'oci',
    });
    const { n, e } = keyPair.publicKey.export({ format: 'jwk' });
    expect(JSON.parse(String(claims['jwk']))).toMatchObject({ kty: 'RSA', n, e });
    expect(JSON.stringify(claims)).not.toContain('ocid1.user');
  });

  it('is taken by an OCI API like that of a user', async () => {
    const { json } = await exchange(emulator, await formOf());
    const call = { method: 'GET', path: '/n/', token: String(json['token']) };
    expect((await send(emulator, signed(emulator, call))).status).toBe(200);
  });

  it('takes over up to three claims, without a word those that are missing', async () => {
    trusting({ claimPropagations: ['ext_repository', 'ext_environment', 'ref', 'ext_ref', 'ext_actor'] });
    const claims = await claimsOf();
    const taken = Object.entries(claims).filter(([name]) => name.startsWith('var_'));
    expect(Object.fromEntries(taken)).toEqual({
      var_ext_repository: 'acme/infra',
      var_ext_ref: 'refs/heads/main',
    });
  });

  it.each([
    ['20 minutes unless asked', {}, {}, 1200],
    ['what was asked', { rpst_exp: '7200' }, {}, 7200],
    ['no more than the longest', { rpst_exp: '7200' }, { rpstLongestSeconds: 3600 }, 3600],
    ['at most twelve hours', { rpst_exp: '90000' }, {}, 43_200],
    ['minutes where it counts in those', { rpst_exp: '120' }, { rpstExpUnitSeconds: 60 as const }, 7200],
  ])('lives %s', async (_what, form, settings, seconds) => {
    Object.assign(emulator.world.settings, settings);
    expect(await lifeOf(form)).toBe(seconds);
  });
});

type Refusal = [
  what: string,
  trust: Partial<Trust>,
  form: Record<string, string>,
  expected: [number, string],
  reason: string,
];

const KIND = 'trust has subjectType';
const refusals: Refusal[] = [
  ['a trust for users', { subjectType: 'User' }, {}, [400, 'invalid_request'], `${KIND} User`],
  [
    'a request for a user',
    {},
    { requested_token_type: 'urn:oci:token-type:oci-upst' },
    [400, 'invalid_request'],
    `${KIND} Resource`,
  ],
  ['no type', {}, { res_type: '' }, [400, 'invalid_request'], 'res_type is missing'],
  ['another type', {}, { res_type: 'GITHUB-ACME' }, [401, 'unauthorized_client'], 'res_type is not'],
  ['no impersonation', { allowImpersonation: false }, {}, [401, 'unauthorized_client'], 'no impersonation'],
  ['a life of nothing', {}, { rpst_exp: '0' }, [400, 'invalid_request'], 'wrong rpst_exp'],
  ['a life in words', {}, { rpst_exp: '1h' }, [400, 'invalid_request'], 'wrong rpst_exp'],
  [
    'another subject',
    { claimValidations: [{ name: 'sub', value: 'repo:acme/app' }] },
    {},
    [401, 'unauthorized_client'],
    'claim sub does not hold',
  ],
  [
    'one of two claims',
    {
      claimValidations: [
        { name: 'repository', value: 'acme/infra' },
        { name: 'environment', value: 'prod' },
      ],
    },
    {},
    [401, 'unauthorized_client'],
    'claim environment does not hold',
  ],
];

describe('the trust for resources', () => {
  it.each(refusals)('refuses %s', async (_what, trust, form, [status, error], reason) => {
    trusting(trust);
    const answer = await exchange(emulator, await formOf(form));
    expect([answer.status, answer.json['error']]).toEqual([status, error]);
    expect(Object.keys(answer.json).toSorted()).toEqual(['error', 'error_description']);
    expect(emulator.journal.at(-1)).toMatchObject({ status, reason: expect.stringContaining(reason) });
  });

  it('lets in who meets all validations', async () => {
    trusting({
      claimValidations: [
        { name: 'sub', value: SUBJECT },
        { name: 'repository_id', value: '2002' },
      ],
    });
    expect((await claimsOf()).sub).toBe(SUBJECT);
  });

  it('still verifies the token and its audience', async () => {
    for (const changes of [{ exp: 1 }, { aud: 'https://elsewhere.example' }]) {
      const form = await formOf({ subject_token: await forgedToken(emulator, changes) });
      expect((await exchange(emulator, form)).status).toBe(400);
    }
    const form = await formOf({ subject_token: await forgedToken(emulator, {}) });
    expect((await exchange(emulator, form)).status).toBe(200);
  });

  it('ignores what is for resources in a request for a user', async () => {
    emulator.world.settings.trusts = [{}];
    const form = { ...exchangeForm(await jobToken(emulator)), res_type: TYPE, rpst_exp: 'x' };
    const { json } = await exchange(emulator, form);
    expect(decodeJwt(String(json['token'])).sub).toBe(pristine.serviceUser.ocid);
  });
});
