import { createHash, type KeyObject } from 'node:crypto';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import {
  type Emulator,
  startEmulator,
  type TrustStatement,
  type WorldSettings,
} from '../../../emulator/server/start.ts';
import { signingKey } from '../../../emulator/server/world.ts';
import {
  type AwsCall,
  type AwsKeys,
  type AwsRequest,
  accessToken,
  amzDate,
  askSts,
  assume,
  assumeForm,
  field,
  forgedAccessToken,
  journaledSecrets,
  sdkOptions,
  sendAws,
  signedAws,
  withHeader,
} from './aws-client.ts';
import { keyPair, type Response } from './client.ts';

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
afterEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const ARN = 'arn:aws:sts::123456789012:assumed-role/deploy/acme-infra';
const host = () => emulator.urls.domain.replace('https://', '');
const assumeWith = async (token: string) => askSts(emulator, assumeForm(emulator, token));
const sdk = (keys: AwsKeys = { accessKeyId: 'x', secretAccessKey: 'y', sessionToken: '' }) =>
  new STSClient(sdkOptions(emulator, 'sts', keys));
const set = (settings: Partial<WorldSettings>) => Object.assign(emulator.world.settings, settings);

function expectRefusal(response: Response, status: number, code: string, message: string | RegExp) {
  expect([response.status, field(response, 'Code')]).toEqual([status, code]);
  expect(field(response, 'Message')).toMatch(message);
  expect(response.body.toString()).not.toContain('<Credentials>');
  expect(field(response, 'RequestId')).toBe(response.headers['x-amzn-requestid']);
  expect(emulator.journal.at(-1)?.reason).toContain(code);
  expect(journaledSecrets(emulator)).toEqual([]);
}

describe('AssumeRoleWithWebIdentity', () => {
  it('returns credentials', async () => {
    const response = await assumeWith(await accessToken(emulator));
    expect([response.status, response.headers['content-type']]).toEqual([200, 'text/xml']);
    expect(field(response, 'AccessKeyId')).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(field(response, 'SecretAccessKey')).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(field(response, 'Arn')).toBe(ARN);
    expect(field(response, 'AssumedRoleId')).toMatch(/^AROA[A-Z2-7]{17}:acme-infra$/);
    expect(field(response, 'SubjectFromWebIdentityToken')).toBe(emulator.inputs['client-id']);
    expect(field(response, 'Provider')).toBe(`arn:aws:iam::123456789012:oidc-provider/${host()}`);
    const issued = [field(response, 'SecretAccessKey'), field(response, 'SessionToken')];
    expect(emulator.secrets()).toEqual(expect.arrayContaining(issued));
  });

  it("works with AWS's SDK: credentials, a refusal and an injected error", async () => {
    const input = { RoleArn: ROLE, RoleSessionName: 'sdk', WebIdentityToken: await accessToken(emulator) };
    const { Credentials, AssumedRoleUser } = await sdk().send(new AssumeRoleWithWebIdentityCommand(input));
    expect(Credentials?.Expiration).toEqual(new Date((seconds() + 3600) * 1000));
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::123456789012:assumed-role/deploy/sdk');
    const opaque = new AssumeRoleWithWebIdentityCommand({ ...input, WebIdentityToken: 'opaque' });
    await expect(sdk().send(opaque)).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
      message: 'Provided Token is not a Login With Amazon token',
    });
    const fault = { kind: 'sts-error', status: 400, code: 'IDPCommunicationError' } as const;
    emulator.faults.add({ service: 'sts', fault });
    const refused = sdk().send(new AssumeRoleWithWebIdentityCommand(input));
    await expect(refused).rejects.toMatchObject({ name: 'IDPCommunicationErrorException' });
  });

  it('accepts a role with a path, session policies and a longer duration that the role allows', async () => {
    const arn = 'arn:aws:iam::123456789012:role/ci/eu/deploy';
    set({ roles: [{ arn, maxSessionDuration: 7200 }] });
    const form = { ...assumeForm(emulator, await accessToken(emulator)), RoleArn: arn };
    const response = await askSts(emulator, {
      ...form,
      DurationSeconds: '7200',
      Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    });
    expect(field(response, 'Arn')).toBe(ARN);
    expect(Date.parse(field(response, 'Expiration'))).toBe((seconds() + 7200) * 1000);
    const longer = await askSts(emulator, { ...form, DurationSeconds: '7201' });
    expectRefusal(longer, 400, 'ValidationError', 'exceeds the MaxSessionDuration');
  });

  const POLICY_ARN = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  const policies = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`PolicyArns.member.${at + 1}.arn`, POLICY_ARN]),
    );
  const LARGE = `{"Statement":{"Effect":"Allow"}${' '.repeat(2000)}}`;
  const forms: [code: string, what: string, Record<string, string>, RegExp][] = [
    ['ValidationError', 'a short role ARN', { RoleArn: 'deploy' }, /^1 val.*'deploy' at 'roleArn'.* 20$/],
    [
      'ValidationError',
      'a user ARN',
      { RoleArn: ROLE.replace('role/', 'user/') },
      /^Request ARN is invalid$/,
    ],
    ['ValidationError', 'a long session name', { RoleSessionName: 'a'.repeat(65) }, /equal to 64$/],
    ['ValidationError', 'a slash in it', { RoleSessionName: 'a/b' }, /pattern: \[\\w\+=,\.@-\]\*$/],
    ['ValidationError', 'a short token, not shown', { WebIdentityToken: 'abc' }, /: Value at 'web.* 4$/],
    [
      'ValidationError',
      'two faults',
      { RoleArn: 'x', RoleSessionName: 'y' },
      /^2 val.*roleArn.*; .*roleSession/,
    ],
    ['ValidationError', 'a short duration', { DurationSeconds: '899' }, /equal to 900$/],
    ['ValidationError', 'a long duration', { DurationSeconds: '43201' }, /equal to 43200$/],
    ['ValidationError', 'a duration in words', { DurationSeconds: '1h' }, /durationSeconds/],
    ['ValidationError', 'a provider id', { ProviderId: 'www.amazon.com' }, /ProviderId/],
    ['ValidationError', 'a policy in Greek', { Policy: '{"Ω":1}' }, /at 'policy'.*pattern/],
    ['ValidationError', 'eleven policies', policies(11), /'policyArns'.* 10$/],
    ['ValidationError', 'a malformed policy ARN', { 'PolicyArns.member.1.arn': 'x' }, /is not valid/],
    ['MalformedPolicyDocument', 'a policy without statements', { Policy: '{}' }, /Json/],
    [
      'PackedPolicyTooLarge',
      'large policies',
      { ...policies(1), Policy: LARGE },
      /^Packed policy consumes \d+%/,
    ],
    ['MissingAction', 'no action', { Action: '' }, /missing an action/],
    ['InvalidAction', 'another action', { Action: 'AssumeRole' }, /operation AssumeRole for/],
    ['InvalidAction', 'no version', { Version: '' }, /version NO_VERSION_SPECIFIED$/],
  ];
  it.each(forms)('refuses with %s %s', async (code, _, changes, message) => {
    const form = { ...assumeForm(emulator, await accessToken(emulator)), ...changes };
    expectRefusal(await askSts(emulator, form), 400, code, message);
  });

  it('refuses a missing token', async () => {
    const { WebIdentityToken: _, ...form } = assumeForm(emulator, '');
    expectRefusal(await askSts(emulator, form), 400, 'ValidationError', /Value null at 'webIdentityToken'/);
  });

  it('refuses a repeated parameter, GET, another content type and a signature', async () => {
    const form = assumeForm(emulator, await accessToken(emulator));
    const repeated = `${new URLSearchParams(form)}&Version=2011-06-15`;
    expectRefusal(await askSts(emulator, repeated), 400, 'MalformedQueryString', 'syntax');
    expectRefusal(await askSts(emulator, {}, { method: 'GET', body: '' }), 405, 'InvalidAction', 'POST');
    const json = await askSts(emulator, form, { headers: { 'Content-Type': 'application/json' } });
    expectRefusal(json, 400, 'MissingAction', 'missing');
    const bearer = await askSts(emulator, form, { headers: { Authorization: 'Bearer x' } });
    expectRefusal(bearer, 403, 'SignatureDoesNotMatch', 'no Authorization');
  });

  it('refuses any policy when the settings say that it is too large', async () => {
    set({ packedPolicyTooLarge: true });
    const form = assumeForm(emulator, await accessToken(emulator));
    const response = await askSts(emulator, { ...form, Policy: '{"Statement":{"Effect":"Deny"}}' });
    expectRefusal(response, 400, 'PackedPolicyTooLarge', '112%');
  });
});

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
    expectRefusal(await assumeWith(await token()), 400, 'InvalidIdentityToken', message);
  });

  it('is refused five minutes after its expiry, with ExpiredTokenException', async () => {
    const exp = seconds() - 300;
    const text = `Token expired: current date/time ${seconds()} must be before the expiration date/time${exp}`;
    const response = await assumeWith(await forgedAccessToken(emulator, { exp }));
    expectRefusal(response, 400, 'ExpiredTokenException', new RegExp(`^${text}$`));
  });

  it('is refused after the domain has changed its key', async () => {
    const token = await accessToken(emulator);
    const { domainKey } = emulator.world;
    emulator.world.domainKey = await signingKey('NEW_KEY');
    const response = await assumeWith(token);
    emulator.world.domainKey = domainKey;
    expectRefusal(response, 400, 'InvalidIdentityToken', NO_KEY);
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
    expectRefusal(await assumeWith(await accessToken(emulator)), 400, 'InvalidIdentityToken', message);
  });

  it('is refused when the discovery document names another issuer', async () => {
    const token = await accessToken(emulator);
    set({ domainIssuer: 'https://issuer.example', iamProviders: [{ url: emulator.urls.domain }] });
    expectRefusal(await assumeWith(token), 400, 'InvalidIdentityToken', NO_KEY);
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
    expectRefusal(await assumeWith(await accessToken(emulator)), 403, 'AccessDenied', message);
  });

  it('sees azp as the audience', async () => {
    set({ iamProviders: [{ clientIds: ['party'] }] });
    const token = await forgedAccessToken(emulator, { azp: 'party' });
    expectRefusal(await assumeWith(token), 403, 'AccessDenied', 'Not authorized');
    set({ roles: trusting(equals(':aud', 'party')) });
    expect(field(await assumeWith(token), 'Audience')).toBe('party');
  });

  it('makes the emulator fail when it has an operator that is not emulated', async () => {
    set({ roles: trusting(when('StringNotEquals', ':aud', 'x')) });
    expect((await assumeWith(await accessToken(emulator))).status).toBe(500);
    expect(emulator.journal.at(-1)?.reason).toMatch(/^emulator defect: .*StringNotEquals/);
  });
});

describe('GetCallerIdentity', () => {
  let keys: AwsKeys;
  beforeEach(async () => {
    keys = await assume(emulator);
  });
  const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
  const MISMATCH = 'SignatureDoesNotMatch';
  const signed = (changes: Partial<AwsCall> = {}) =>
    signedAws(emulator, { service: 'sts', keys, body: BODY, ...changes });
  const dated = (milliseconds: number) => signed({ headers: { 'x-amz-date': amzDate(milliseconds) } });
  const replaced = (from: RegExp, to: string) => {
    const request = signed();
    return withHeader(request, 'authorization', String(request.headers['authorization']).replace(from, to));
  };

  it("accepts AWS's SDK, and a clock that is almost five minutes off", async () => {
    expect(await sdk(keys).send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: ARN });
    const response = await sendAws(emulator, dated(now - 299_000));
    expect([field(response, 'Account'), field(response, 'Arn')]).toEqual(['123456789012', ARN]);
    expect(field(response, 'UserId')).toMatch(/^AROA\w{17}:acme-infra$/);
  });

  const names = ['content-type', 'host', 'x-amz-date', 'x-amz-security-token'];
  const unsigned = (name: string) => () => signed({ names: names.filter((one) => one !== name) });
  const withKeys = (changes: Partial<AwsKeys>) => signed({ keys: { ...keys, ...changes } });
  const absentHeader = () =>
    withHeader(signed({ names: [...names, 'x-absent'], headers: { 'x-absent': '' } }), 'x-absent', undefined);
  const otherType = () => withHeader(signed(), 'content-type', 'application/x-www-form-urlencoded');
  const EXPIRED = /^Signature expired: \w+ is now earlier than \w+ \(\w+ - 5 min\.\)$/;
  const requests: [code: string, what: string, () => AwsRequest, RegExp][] = [
    ['IncompleteSignature', 'a bearer token', () => withHeader(signed(), 'authorization', 'Bearer x'), /./],
    ['IncompleteSignature', 'a malformed date', () => signed({ headers: { 'x-amz-date': 'today' } }), /./],
    ['InvalidClientTokenId', 'an unknown key id', () => withKeys({ accessKeyId: 'ASIAX' }), /invalid\.$/],
    ['InvalidClientTokenId', 'another session token', () => withKeys({ sessionToken: 'x' }), /invalid\.$/],
    [MISMATCH, 'another region', () => signed({ region: 'eu-central-1' }), /valid region/],
    [MISMATCH, 'another service', () => signed({ scopeService: 's3' }), /scoped/],
    [MISMATCH, 'the scope of another day', () => replaced(/\/\d{8}\//, '/20200101/'), /scoped/],
    [MISMATCH, 'an old date', () => dated(now - 301_000), EXPIRED],
    [MISMATCH, 'a date in the future', () => dated(now + 302_000), /^Signature not yet current: /],
    [MISMATCH, 'another secret key', () => withKeys({ secretAccessKey: 'x' }), /calculated/],
    [MISMATCH, 'an unsigned host', unsigned('host'), /calculated/],
    [MISMATCH, 'an unsigned date', unsigned('x-amz-date'), /calculated/],
    [MISMATCH, 'an unsigned session token', unsigned('x-amz-security-token'), /calculated/],
    [MISMATCH, 'a signed header that is missing', absentHeader, /calculated/],
    [MISMATCH, 'another body', () => ({ ...signed(), body: `${BODY}&x=1` }), /calculated/],
    [MISMATCH, 'another query', () => ({ ...signed(), path: '/?x=1' }), /calculated/],
    [MISMATCH, 'another content type', otherType, /calculated/],
    [MISMATCH, 'another signature', () => replaced(/Signature=.*/, `Signature=${'0'.repeat(64)}`), /calc/],
  ];
  it.each(requests)('refuses with %s %s', async (code, _, request, message) => {
    const status = code === 'IncompleteSignature' ? 400 : 403;
    expectRefusal(await sendAws(emulator, request()), status, code, message);
  });

  it('refuses an unsigned request', async () => {
    const request = withHeader(signed(), 'authorization', undefined);
    expectRefusal(await sendAws(emulator, request), 403, 'MissingAuthenticationToken', /^Request is missing/);
  });

  it('refuses an expired session', async () => {
    now += 3_600_000;
    expectRefusal(await sendAws(emulator, signed()), 403, 'ExpiredToken', 'is expired');
  });
});
