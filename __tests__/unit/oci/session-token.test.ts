import { describe, expect, it } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import {
  assertBindsKey,
  assertCurrent,
  assertTenancy,
  clockSkew,
  parseSessionToken,
} from '../../../src/oci/session-token.ts';
import { Secret } from '../../../src/secret.ts';

type Resource = { type: string } | undefined;

const NOW = Date.UTC(2030, 0, 1);
const TENANCY = 'ocid1.tenancy.oc1..aaaatenancy';
const USER = 'ocid1.user.oc1..aaaauser';
// Bytes that are spelled differently in base64 and base64url, behind a first byte with its high bit set.
const N = Buffer.concat([Buffer.from([0xfb, 0xff, 0xbf]), Buffer.alloc(253, 7)]);
const ours = { n: N.toString('base64url'), e: 'AQAB' };
const honest = {
  exp: NOW / 1000 + 3600,
  sub: USER,
  tenant: TENANCY,
  jwk: JSON.stringify({ kty: 'RSA', ...ours }),
};

function tokenOf(claims: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
}

function read(token: string, tenancy?: string, resource?: Resource) {
  const sessionToken = parseSessionToken(new Secret(token), resource, 'rid');
  assertCurrent(sessionToken, NOW);
  assertTenancy(sessionToken, tenancy);
  assertBindsKey(sessionToken, { publicJwk: ours });
  return sessionToken;
}

function failureOf(token: string, tenancy?: string, resource?: Resource): ActionError {
  try {
    read(token, tenancy, resource);
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
  throw new Error('the token was accepted');
}

const withZero = Buffer.concat([Buffer.alloc(1), N]);

describe('a session token', () => {
  it('names principal, tenancy and expiry', () => {
    const sessionToken = read(tokenOf(honest));
    expect(sessionToken).toMatchObject({ principal: USER, tenancy: TENANCY, expiresAt: NOW + 3_600_000 });
    expect(sessionToken.token.reveal()).toBe(tokenOf(honest));
  });

  it.each([
    ['ocidv1:user:oc1:phx:1460406592659:aaaauser', 'ocidv1:tenancy:oc1:phx:1460406592660:aaaatenancy'],
    ['ocid1.user.region..1461711049110:aaaauser', 'ocidv1:tenancy:region:az:1457568341552:aaaatenancy'],
  ])('may name principal and tenancy in the old form: %s', (sub, tenant) => {
    expect(read(tokenOf({ ...honest, sub, tenant }), tenant)).toMatchObject({
      principal: sub,
      tenancy: tenant,
    });
  });

  it.each([
    ['a-jti', 'a-jti'],
    [undefined, undefined],
    [7, undefined],
    ['', undefined],
    ['two words', undefined],
    ['::error::x', undefined],
    ['x'.repeat(201), undefined],
  ])('has its jti as id only if that is printable: %j', (jti, tokenId) => {
    expect(read(tokenOf({ ...honest, jti })).tokenId).toBe(tokenId);
  });

  it.each<[string, unknown]>([
    ['an object', { kty: 'RSA', ...ours }],
    ['a string', JSON.stringify(ours)],
    ['plain base64', { n: N.toString('base64'), e: 'AQAB' }],
    ['base64 with a leading zero byte', { n: withZero.toString('base64'), e: 'AAEAAQ==' }],
    ['base64url with a leading zero byte', { n: withZero.toString('base64url'), e: 'AAEAAQ' }],
    ['base64url with padding', { n: `${ours.n}=`.replace(/=?$/, '=='), e: 'AQAB' }],
  ])('binds our key when it names it as %s', (_title, jwk) => {
    expect(read(tokenOf({ ...honest, jwk })).principal).toBe(USER);
  });

  it.each<[string, unknown]>([
    ['no key', undefined],
    ['null', null],
    ['a number', 1],
    ['an empty string', ''],
    ['broken JSON', '{"n":'],
    ['a list', [ours]],
    ['no modulus', { e: 'AQAB' }],
    ['no exponent', { n: ours.n }],
    ['an empty modulus', { n: '', e: 'AQAB' }],
    ['another modulus', { n: Buffer.alloc(256, 9).toString('base64url'), e: 'AQAB' }],
    ['another exponent', { n: ours.n, e: 'Aw' }],
    ['a longer modulus', { n: Buffer.concat([N, N]).toString('base64url'), e: 'AQAB' }],
    ['a shorter modulus', { n: N.subarray(0, 255).toString('base64url'), e: 'AQAB' }],
  ])('is refused when it binds %s', (_title, jwk) => {
    expect(failureOf(tokenOf({ ...honest, jwk }))).toMatchObject({
      code: 'UPST_KEY_MISMATCH',
      requestId: 'rid',
    });
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['no expiry', 'OCI_RESPONSE_MALFORMED', { exp: undefined }],
    ['an expiry that is a string', 'OCI_RESPONSE_MALFORMED', { exp: '9999999999' }],
    ['an expiry beyond all dates', 'OCI_RESPONSE_MALFORMED', { exp: 1e300 }],
    ['an expiry before all dates', 'OCI_RESPONSE_MALFORMED', { exp: -1e300 }],
    ['an expiry of now', 'UPST_EXPIRED', { exp: NOW / 1000 }],
    ['an expiry of long ago', 'UPST_EXPIRED', { exp: 1 }],
    ['no subject', 'OCI_RESPONSE_MALFORMED', { sub: undefined }],
    ['a subject that is no OCID', 'OCI_RESPONSE_MALFORMED', { sub: 'root' }],
    ['a subject with a command', 'OCI_RESPONSE_MALFORMED', { sub: 'ocidv1:user:oc1::error::x' }],
    ['a subject with a line end', 'OCI_RESPONSE_MALFORMED', { sub: `${USER}\n::error::` }],
    ['no tenancy', 'OCI_RESPONSE_MALFORMED', { tenant: undefined }],
    ['a tenancy that is a list', 'OCI_RESPONSE_MALFORMED', { tenant: [TENANCY] }],
    ['a tenancy that adds a key to the config', 'OCI_RESPONSE_MALFORMED', { tenant: `${TENANCY}\nuser=x` }],
    ['a tenancy that adds a section', 'OCI_RESPONSE_MALFORMED', { tenant: `${TENANCY}\r[DEFAULT]` }],
    ['a tenancy that is a user', 'OCI_RESPONSE_MALFORMED', { tenant: USER }],
  ])('is refused for %s with %s', (_title, code, claims) => {
    expect(failureOf(tokenOf({ ...honest, ...claims })).code).toBe(code);
  });

  it.each([
    '',
    'x',
    'a.b',
    'a.b.c',
    'a.b.c.d',
    `${tokenOf(honest)}.x`,
    tokenOf(null),
    tokenOf([1]),
    tokenOf('x'),
  ])('is refused when it is no JWT (%#)', (token) => {
    const failure = failureOf(token);
    expect(failure.code).toBe('OCI_RESPONSE_MALFORMED');
    expect(token.length > 10 && failure.message.includes(token)).toBe(false);
  });

  it.each([
    [{ nbf: NOW / 1000 + 301 }, NOW, 'UPST_EXPIRED'],
    [{ nbf: NOW / 1000 + 300 }, NOW, undefined],
    [{ iat: NOW / 1000 + 301 }, undefined, 'UPST_EXPIRED'],
    [{ nbf: NOW / 1000 + 301 }, NOW + 1000, undefined],
  ])('with %j and the clock of the domain at %p is refused with %p', (claims, serverTime, code) => {
    const sessionToken = parseSessionToken(new Secret(tokenOf({ ...honest, ...claims })), undefined, 'rid');
    const check = () => assertCurrent(sessionToken, NOW, serverTime);
    if (code === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code, requestId: 'rid' }));
  });

  it('is refused with UPST_TENANCY_MISMATCH in another tenancy than the configured one', () => {
    expect(read(tokenOf(honest), TENANCY).tenancy).toBe(TENANCY);
    expect(failureOf(tokenOf(honest), `${TENANCY}x`).code).toBe('UPST_TENANCY_MISMATCH');
  });
});

describe('a session token of a resource', () => {
  const TYPE = 'github-acme';
  const JOB = 'repo:acme/infra:environment:prod';
  const resource = { ...honest, sub: JOB };
  const readOne = (claims: object) => read(tokenOf({ ...resource, ...claims }), undefined, { type: TYPE });

  it('names the job as principal instead of an OCID', () => {
    expect(readOne({})).toMatchObject({ principal: JOB, tenancy: TENANCY, expiresAt: NOW + 3_600_000 });
    expect(failureOf(tokenOf(resource)).code).toBe('OCI_RESPONSE_MALFORMED');
  });

  it.each([
    ['a\n::error::b', 'a : :error: :b'],
    [`\u2028${'x'.repeat(400)}`, `${'x'.repeat(300)}…`],
    ['##[group]ä', '## [group]ä'],
  ])('shows the subject %j as %j', (sub, principal) => {
    expect(readOne({ sub }).principal).toBe(principal);
  });

  it.each<[object, string]>([
    [{ sub: undefined, res_id: 'ocid1.app.oc1..a', res_type: 'app' }, 'ocid1.app.oc1..a'],
    [{ sub: ' \n\0', res_id: 7, res_type: 'app' }, 'app'],
    [{ sub: [JOB] }, TYPE],
  ])('with the claims %j names %s as principal', (claims, principal) => {
    expect(readOne(claims).principal).toBe(principal);
  });

  it('may name its tenancy in res_tenant, over which tenant takes precedence', () => {
    const other = 'ocid1.tenancy.oc1..aaaaother';
    expect(readOne({ tenant: undefined, res_tenant: other }).tenancy).toBe(other);
    expect(readOne({ res_tenant: other }).tenancy).toBe(TENANCY);
    const ofUser = tokenOf({ ...honest, tenant: undefined, res_tenant: TENANCY });
    expect(failureOf(ofUser).code).toBe('OCI_RESPONSE_MALFORMED');
  });

  it.each<[string, string, object]>([
    ['no tenancy', 'OCI_RESPONSE_MALFORMED', { tenant: undefined }],
    [
      'a tenancy that adds a key',
      'OCI_RESPONSE_MALFORMED',
      { tenant: undefined, res_tenant: `${TENANCY}\nuser=x` },
    ],
    ['an expiry in the past', 'UPST_EXPIRED', { exp: 1 }],
    ['another key', 'UPST_KEY_MISMATCH', { jwk: '{"n":"AQAB","e":"AQAB"}' }],
  ])('is refused for %s with %s', (_title, code, claims) => {
    expect(failureOf(tokenOf({ ...resource, ...claims }), undefined, { type: TYPE }).code).toBe(code);
  });

  it('is refused with UPST_TENANCY_MISMATCH in another tenancy than the configured one', () => {
    expect(failureOf(tokenOf(resource), `${TENANCY}x`, { type: TYPE }).code).toBe('UPST_TENANCY_MISMATCH');
  });
});

describe('clockSkew', () => {
  it.each([
    ['the domain is ahead', 1_060_000, 60_000],
    ['the domain is behind', 940_000, -60_000],
    ['it sent no time', undefined, 0],
    ['it sent a time that OCI would refuse', 0, 0],
  ])('when %s (%s) returns %s', (_what, serverTime, expected) => {
    expect(clockSkew(1_000_000, serverTime)).toBe(expected);
  });
});
