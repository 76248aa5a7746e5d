import { createHash, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { TrustStatement, WorldSettings } from '../../../emulator/server/start.ts';
import { signingKey } from '../../../emulator/server/world.ts';
import { accessToken, askSts, assumeForm, expectStsRefusal, field, forgedAccessToken } from './aws-client.ts';
import { keyPair } from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock } = await startTestEmulator();
const seconds = () => Math.floor(clock.now / 1000);

const host = () => emulator.urls.domain.replace('https://', '');
const assumeWith = async (token: string) => askSts(emulator, assumeForm(emulator, token));
const set = (settings: Partial<WorldSettings>) => Object.assign(emulator.world.settings, settings);

describe('the web identity token', () => {
  const accepted: [string, () => Record<string, unknown>][] = [
    ['valid claims', () => ({})],
    ['one audience in a list', () => ({ aud: ['sts.amazon.com'] })],
    ['azp instead of aud', () => ({ aud: 'x', azp: 'sts.amazon.com' })],
    ['an expiry less than five minutes ago', () => ({ exp: seconds() - 299 })],
    ['a start in less than five minutes', () => ({ nbf: seconds() + 299, iat: seconds() + 299 })],
  ];
  it.each(accepted)('is accepted with %s', async (_, changes) => {
    expect((await assumeWith(await forgedAccessToken(emulator, changes()))).status).toBe(200);
  });

  const NO_KEY = /^Couldn't retrieve verification key from your identity provider/;
  const NO_PROVIDER = /^No OpenIDConnect provider found in your account for http/i;
  const AUDIENCE = /^Incorrect token audience$/;
  const forge = (claims: Record<string, unknown>) => () => forgedAccessToken(emulator, claims);
  const forgeHeader = (header: Record<string, string>, key?: KeyObject | Uint8Array) => () =>
    forgedAccessToken(emulator, {}, header, key);
  const later = (claim: string) => () => forgedAccessToken(emulator, { [claim]: seconds() + 301 });
  const withHmac = () => {
    const secret = createHash('sha256').update(String(emulator.world.domainKey.jwk.n)).digest();
    return forgedAccessToken(emulator, {}, { alg: 'HS256' }, secret);
  };
  const unsigned = async () => {
    const payload = (await accessToken(emulator)).split('.')[1];
    return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  };
  const changed = async () => {
    const token = await accessToken(emulator);
    const [header, , signature] = token.split('.');
    const claims = JSON.stringify({ ...decodeJwt(token), jti: 'x' });
    return `${header}.${Buffer.from(claims).toString('base64url')}.${signature}`;
  };
  const capitals = () => forgedAccessToken(emulator, { iss: emulator.urls.domain.toUpperCase() });
  const tokens: [string, () => Promise<string> | string, RegExp][] = [
    ['it has five parts', () => 'e30.e30.e30.e30.e30', /^The ID Token provided is not a valid JWT/],
    ['a line break follows', async () => `${await accessToken(emulator)}\n`, /not a valid JWT/],
    ['it has no issuer', forge({ iss: undefined }), /required claim: iss$/],
    ['it has no audience', forge({ aud: undefined }), /required claim: aud$/],
    ['it has no subject', forge({ sub: undefined }), /required claim: sub$/],
    ['it has no expiry', forge({ exp: undefined }), /required claim: exp$/],
    ['its expiry is not an integer', forge({ exp: 1_900_000_000.5 }), /required claim: exp$/],
    ['its issuer has no provider', forge({ iss: 'https://identity.oraclecloud.com/' }), NO_PROVIDER],
    ['its issuer is in capitals', capitals, NO_PROVIDER],
    ['it is for another audience', forge({ aud: 'x' }), AUDIENCE],
    ['it is for two audiences', forge({ aud: ['sts.amazon.com', 'x'] }), AUDIENCE],
    ['its azp differs', forge({ azp: 'x' }), AUDIENCE],
    ['it is not valid yet', later('nbf'), /not valid yet/],
    ['it was issued in the future', later('iat'), /not valid yet/],
    ['its key is unknown', forgeHeader({ kid: 'other' }), NO_KEY],
    ['it is signed with another key', forgeHeader({}, keyPair.privateKey), /signature/],
    ['it is signed with the public key as an HMAC secret', withHmac, /signature/],
    ['it is signed with PSS', forgeHeader({ alg: 'PS256' }), /signature/],
    ['it is not signed', unsigned, /signature/],
    ['its claims were changed', changed, /signature/],
  ];
  it.each(tokens)('is refused when %s', async (_, token, message) => {
    expectStsRefusal(emulator, await assumeWith(await token()), [400, 'InvalidIdentityToken'], message);
  });

  it('is refused five minutes after its expiry, with ExpiredTokenException', async () => {
    const exp = seconds() - 300;
    const text = `Token expired: current date/time ${seconds()} must be before the expiration date/time${exp}`;
    const response = await assumeWith(await forgedAccessToken(emulator, { exp }));
    expectStsRefusal(emulator, response, [400, 'ExpiredTokenException'], new RegExp(`^${text}$`));
  });

  it('is refused after the domain has changed its key', async () => {
    const token = await accessToken(emulator);
    const { domainKey } = emulator.world;
    emulator.world.domainKey = await signingKey('NEW_KEY');
    const response = await assumeWith(token);
    emulator.world.domainKey = domainKey;
    expectStsRefusal(emulator, response, [400, 'InvalidIdentityToken'], NO_KEY);
  });

  const worlds: [string, () => Partial<WorldSettings>, RegExp][] = [
    ['the keys are not public', () => ({ signingCertPublicAccess: false }), NO_KEY],
    ['the issuer is not the URL', () => ({ domainIssuer: 'https://issuer.example' }), NO_KEY],
    ['there is no provider', () => ({ iamProviders: [] }), NO_PROVIDER],
    ['the provider is elsewhere', () => ({ iamProviders: [{ account: '999999999999' }] }), NO_PROVIDER],
    ['its URL has a slash', () => ({ iamProviders: [{ url: `${emulator.urls.domain}/` }] }), NO_PROVIDER],
    ['it has another client id', () => ({ iamProviders: [{ clientIds: ['other'] }] }), AUDIENCE],
  ];
  it.each(worlds)('is refused when %s', async (_, settings, message) => {
    set(settings());
    expectStsRefusal(
      emulator,
      await assumeWith(await accessToken(emulator)),
      [400, 'InvalidIdentityToken'],
      message,
    );
  });

  it('is refused when the discovery document names another issuer', async () => {
    const token = await accessToken(emulator);
    set({ domainIssuer: 'https://issuer.example', iamProviders: [{ url: emulator.urls.domain }] });
    expectStsRefusal(emulator, await assumeWith(token), [400, 'InvalidIdentityToken'], NO_KEY);
  });
});

describe('the trust policy of the role', () => {
  const statement = (changes: Partial<TrustStatement> = {}): TrustStatement => ({
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${host()}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    ...changes,
  });
  const trusting = (...Statement: TrustStatement[]) => [{ trustPolicy: { Statement } }];
  /** A key that begins with a colon is one of the provider. */
  const when = (operator: string, key: string, ...values: string[]) =>
    statement({ Condition: { [operator]: { [key.replace(/^:/, `${host()}:`)]: values } } });
  const equals = (key: string, ...values: string[]) => when('StringEquals', key, ...values);
  const like = (key: string, value: string) => when('StringLike', key, value);

  const allowed: [string, () => WorldSettings['roles']][] = [
    ['a single statement', () => [{ trustPolicy: { Statement: statement() } }]],
    ['a wildcard action', () => trusting(statement({ Action: ['s3:*', 'sts:*'] }))],
    ['one of several audiences', () => trusting(equals(':aud', 'x', 'sts.amazon.com'))],
    ['a pattern', () => trusting(like(':aud', 'sts.*a?on.com'))],
    ['a key in capitals', () => trusting(equals(`${host().toUpperCase()}:AUD`, 'sts.amazon.com'))],
    ['a session name', () => trusting(like('sts:RoleSessionName', 'acme-*'))],
    ['a second statement', () => trusting(equals(':aud', 'x'), statement())],
    ['a Deny for others', () => trusting(statement(), { ...equals(':aud', 'x'), Effect: 'Deny' })],
  ];
  it.each(allowed)('allows the role with %s', async (_, roles) => {
    set({ roles: roles() });
    expect((await assumeWith(await accessToken(emulator))).status).toBe(200);
  });

  const denied: [string, () => WorldSettings['roles']][] = [
    ['there is no role', () => []],
    ['the role name differs in case', () => [{ arn: 'arn:aws:iam::123456789012:role/Deploy' }]],
    ['the audience differs', () => trusting(equals(':aud', 'x'))],
    ['the subject differs', () => trusting(equals(':sub', 'x'))],
    ['StringEquals has a pattern', () => trusting(equals(':aud', 'sts.*'))],
    ['a dot stands for any character', () => trusting(like(':aud', 'sts.amazon.c.m'))],
    ['a pattern matches a part', () => trusting(like(':aud', 'sts*o'))],
    ['the claim is not a condition key', () => trusting(like(':client_id', '*'))],
    ['the key is of another host', () => trusting(equals('x.example:aud', 'sts.amazon.com'))],
    ['the action differs', () => trusting(statement({ Action: 'sts:AssumeRole' }))],
    ['another statement denies', () => trusting(statement(), statement({ Effect: 'Deny' }))],
    ['it has no statements', () => trusting()],
  ];
  it.each(denied)('refuses the role when %s', async (_, roles) => {
    set({ roles: roles() });
    const message = /^Not authorized to perform sts:AssumeRoleWithWebIdentity$/;
    expectStsRefusal(emulator, await assumeWith(await accessToken(emulator)), [403, 'AccessDenied'], message);
  });

  it('sees azp as the audience', async () => {
    set({ iamProviders: [{ clientIds: ['party'] }] });
    const token = await forgedAccessToken(emulator, { azp: 'party' });
    expectStsRefusal(emulator, await assumeWith(token), [403, 'AccessDenied'], 'Not authorized');
    set({ roles: trusting(equals(':aud', 'party')) });
    expect(field(await assumeWith(token), 'Audience')).toBe('party');
  });

  it('makes the emulator fail when it has an operator that is not emulated', async () => {
    set({ roles: trusting(when('NumericEquals', ':aud', '1')) });
    expect((await assumeWith(await accessToken(emulator))).status).toBe(500);
    expect(emulator.journal.at(-1)?.reason).toMatch(/^emulator defect: .*NumericEquals/);
  });
});
