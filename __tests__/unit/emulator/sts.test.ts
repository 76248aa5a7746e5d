import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorldSettings } from '../../../emulator/server/start.ts';
import {
  type AwsCall,
  type AwsKeys,
  type AwsRequest,
  accessToken,
  amzDate,
  askSts,
  assume,
  assumeForm,
  expectStsRefusal,
  field,
  sdkOptions,
  sendAws,
  signedAws,
  withHeader,
} from './aws-client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock } = await startTestEmulator();
const seconds = () => Math.floor(clock.now / 1000);
afterEach(() => emulator.faults.clear());

const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const ARN = 'arn:aws:sts::123456789012:assumed-role/deploy/acme-infra';
const host = () => emulator.urls.domain.replace('https://', '');
const assumeWith = async (token: string) => askSts(emulator, assumeForm(emulator, token));
const sdk = (keys: AwsKeys = { accessKeyId: 'x', secretAccessKey: 'y', sessionToken: '' }) =>
  new STSClient(sdkOptions(emulator, 'sts', keys));
const set = (settings: Partial<WorldSettings>) => Object.assign(emulator.world.settings, settings);

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
    expectStsRefusal(emulator, longer, [400, 'ValidationError'], 'exceeds the MaxSessionDuration');
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
    expectStsRefusal(emulator, await askSts(emulator, form), [400, code], message);
  });

  it('refuses a missing token', async () => {
    const { WebIdentityToken: _, ...form } = assumeForm(emulator, '');
    expectStsRefusal(
      emulator,
      await askSts(emulator, form),
      [400, 'ValidationError'],
      /Value null at 'webIdentityToken'/,
    );
  });

  it('refuses a repeated parameter, GET, another content type and a signature', async () => {
    const form = assumeForm(emulator, await accessToken(emulator));
    const repeated = `${new URLSearchParams(form)}&Version=2011-06-15`;
    expectStsRefusal(emulator, await askSts(emulator, repeated), [400, 'MalformedQueryString'], 'syntax');
    expectStsRefusal(
      emulator,
      await askSts(emulator, {}, { method: 'GET', body: '' }),
      [405, 'InvalidAction'],
      'POST',
    );
    const json = await askSts(emulator, form, { headers: { 'Content-Type': 'application/json' } });
    expectStsRefusal(emulator, json, [400, 'MissingAction'], 'missing');
    const bearer = await askSts(emulator, form, { headers: { Authorization: 'Bearer x' } });
    expectStsRefusal(emulator, bearer, [403, 'SignatureDoesNotMatch'], 'no Authorization');
  });

  it('refuses any policy when the settings say that it is too large', async () => {
    set({ packedPolicyTooLarge: true });
    const form = assumeForm(emulator, await accessToken(emulator));
    const response = await askSts(emulator, { ...form, Policy: '{"Statement":{"Effect":"Deny"}}' });
    expectStsRefusal(emulator, response, [400, 'PackedPolicyTooLarge'], '112%');
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
    const response = await sendAws(emulator, dated(clock.now - 299_000));
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
    [MISMATCH, 'an old date', () => dated(clock.now - 301_000), EXPIRED],
    [MISMATCH, 'a date in the future', () => dated(clock.now + 302_000), /^Signature not yet current: /],
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
    expectStsRefusal(emulator, await sendAws(emulator, request()), [status, code], message);
  });

  it('refuses an unsigned request', async () => {
    const request = withHeader(signed(), 'authorization', undefined);
    expectStsRefusal(
      emulator,
      await sendAws(emulator, request),
      [403, 'MissingAuthenticationToken'],
      /^Request is missing/,
    );
  });

  it('refuses an expired session', async () => {
    clock.now += 3_600_000;
    expectStsRefusal(emulator, await sendAws(emulator, signed()), [403, 'ExpiredToken'], 'is expired');
  });
});
