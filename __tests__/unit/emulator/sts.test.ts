import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
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
  accessToken,
  askSts,
  assume,
  assumeForm,
  field,
  forgedAccessToken,
  sendAws,
  signedAws,
} from './aws-client.ts';
import { type Answer, keyPair } from './client.ts';

let emulator: Emulator;
let now = Date.now();
let pristine: WorldSettings;
const seconds = () => Math.floor(now / 1000);

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now });
  pristine = emulator.world.settings;
});
beforeEach(() => {
  now = Date.now();
  emulator.world.settings = { ...pristine };
});
afterEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const host = () => emulator.urls.domain.replace('https://', '');
const judge = async (token: string) => askSts(emulator, assumeForm(emulator, token));
const sdk = (credentials = { accessKeyId: 'x', secretAccessKey: 'y' }) =>
  new STSClient({
    region: 'us-east-1',
    endpoint: emulator.urls.sts,
    credentials,
    requestHandler: { httpsAgent: new Agent({ ca: readFileSync(emulator.caFile) }) },
  });

function expectRefusal(answer: Answer, status: number, code: string, message: string | RegExp) {
  expect([answer.status, field(answer, 'Code')]).toEqual([status, code]);
  expect(field(answer, 'Message')).toMatch(message);
  expect(answer.body.toString()).not.toContain('<Credentials>');
  expect(field(answer, 'RequestId')).toBe(answer.headers['x-amzn-requestid']);
  expect(answer.headers['content-type']).toBe('text/xml');
  const written = JSON.stringify(emulator.journal.at(-1));
  expect(written).toContain(code);
  expect(emulator.secrets().filter((secret) => secret.length > 8 && written.includes(secret))).toEqual([]);
}

describe('AssumeRoleWithWebIdentity', () => {
  it('answers credentials in the XML of AWS', async () => {
    const answer = await judge(await accessToken(emulator));
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/xml']);
    expect(answer.body.toString()).toMatch(
      /<AssumeRoleWithWebIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><AssumeRoleWithWebIdentityResult>/,
    );
    expect(field(answer, 'AccessKeyId')).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(field(answer, 'SecretAccessKey')).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(field(answer, 'SessionToken').length).toBeGreaterThan(500);
    expect(field(answer, 'Expiration')).toBe(
      `${new Date((seconds() + 3600) * 1000).toISOString().slice(0, 19)}Z`,
    );
    expect(field(answer, 'Arn')).toBe('arn:aws:sts::123456789012:assumed-role/deploy/acme-infra');
    expect(field(answer, 'AssumedRoleId')).toMatch(/^AROA[A-Z2-7]{17}:acme-infra$/);
    expect(field(answer, 'SubjectFromWebIdentityToken')).toBe(emulator.inputs['client-id']);
    expect(field(answer, 'Audience')).toBe('sts.amazon.com');
    expect(field(answer, 'Provider')).toBe(`arn:aws:iam::123456789012:oidc-provider/${host()}`);
    expect(field(answer, 'RequestId')).toBe(answer.headers['x-amzn-requestid']);
    expect(emulator.secrets()).toEqual(
      expect.arrayContaining([field(answer, 'SecretAccessKey'), field(answer, 'SessionToken')]),
    );
  });

  it("is understood by AWS's own SDK, success and refusal", async () => {
    const input = { RoleArn: ROLE, RoleSessionName: 'sdk', WebIdentityToken: await accessToken(emulator) };
    const { Credentials, AssumedRoleUser } = await sdk().send(new AssumeRoleWithWebIdentityCommand(input));
    expect(Credentials?.Expiration).toEqual(new Date((seconds() + 3600) * 1000));
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::123456789012:assumed-role/deploy/sdk');
    const refused = sdk().send(
      new AssumeRoleWithWebIdentityCommand({ ...input, WebIdentityToken: 'opaque' }),
    );
    await expect(refused).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
      message: 'Provided Token is not a Login With Amazon token',
    });
  });

  it('lasts as long as asked for, if the role permits', async () => {
    emulator.world.settings.roles = [{ maxSessionDuration: 7200 }];
    const form = assumeForm(emulator, await accessToken(emulator));
    const answer = await askSts(emulator, { ...form, DurationSeconds: '7200' });
    expect(Date.parse(field(answer, 'Expiration'))).toBe((seconds() + 7200) * 1000);
    const refused = await askSts(emulator, { ...form, DurationSeconds: '7201' });
    expectRefusal(refused, 400, 'ValidationError', 'exceeds the MaxSessionDuration');
  });

  it('finds a role behind a path', async () => {
    emulator.world.settings.roles = [{ arn: 'arn:aws:iam::123456789012:role/ci/eu/deploy' }];
    const form = assumeForm(emulator, await accessToken(emulator));
    const answer = await askSts(emulator, {
      ...form,
      RoleArn: 'arn:aws:iam::123456789012:role/ci/eu/deploy',
    });
    expect(field(answer, 'Arn')).toBe('arn:aws:sts::123456789012:assumed-role/deploy/acme-infra');
  });

  it('takes session policies', async () => {
    const Policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
    const policies = { Policy, 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
    expect((await assume(emulator, policies)).accessKeyId).toMatch(/^ASIA/);
  });
});

/** One spoilt thing per row; everything else is as it should be. */
const forms: [string, (form: Record<string, string>) => Record<string, string> | string, string, RegExp][] = [
  [
    'no role',
    ({ RoleArn, ...form }) => form,
    'ValidationError',
    /^1 validation error detected: Value null at 'roleArn'/,
  ],
  [
    'a short role',
    (form) => ({ ...form, RoleArn: 'deploy' }),
    'ValidationError',
    /'deploy' at 'roleArn'.* 20$/,
  ],
  [
    'a role of no account',
    (form) => ({ ...form, RoleArn: 'arn:aws:iam::acme:role/deploy' }),
    'ValidationError',
    /^Request ARN is invalid$/,
  ],
  [
    'a user instead of a role',
    (form) => ({ ...form, RoleArn: 'arn:aws:iam::123456789012:user/deploy' }),
    'ValidationError',
    /^Request ARN is invalid$/,
  ],
  ['no session name', ({ RoleSessionName, ...form }) => form, 'ValidationError', /null at 'roleSessionName'/],
  ['a short session name', (form) => ({ ...form, RoleSessionName: 'a' }), 'ValidationError', /equal to 2$/],
  [
    'a long session name',
    (form) => ({ ...form, RoleSessionName: 'a'.repeat(65) }),
    'ValidationError',
    /equal to 64$/,
  ],
  [
    'a slash in the session name',
    (form) => ({ ...form, RoleSessionName: 'acme/infra' }),
    'ValidationError',
    /regular expression pattern: \[\\w\+=,\.@-\]\*$/,
  ],
  ['no token', ({ WebIdentityToken, ...form }) => form, 'ValidationError', /null at 'webIdentityToken'/],
  [
    'a short token',
    (form) => ({ ...form, WebIdentityToken: 'abc' }),
    'ValidationError',
    /^.*: Value at 'web.* 4$/,
  ],
  [
    'a long token',
    (form) => ({ ...form, WebIdentityToken: 'a'.repeat(20_001) }),
    'ValidationError',
    /Value at 'webIdentityToken'.* 20000$/,
  ],
  [
    'two faults at once',
    (form) => ({ ...form, RoleArn: 'x', RoleSessionName: 'y' }),
    'ValidationError',
    /^2 validation errors detected: .*'roleArn'.*; .*'roleSessionName'/,
  ],
  ['899 seconds', (form) => ({ ...form, DurationSeconds: '899' }), 'ValidationError', /equal to 900$/],
  ['43201 seconds', (form) => ({ ...form, DurationSeconds: '43201' }), 'ValidationError', /equal to 43200$/],
  ['an hour in words', (form) => ({ ...form, DurationSeconds: '1h' }), 'ValidationError', /durationSeconds/],
  ['3601 seconds', (form) => ({ ...form, DurationSeconds: '3601' }), 'ValidationError', /MaxSessionDuration/],
  ['a provider id', (form) => ({ ...form, ProviderId: 'www.amazon.com' }), 'ValidationError', /ProviderId/],
  ['a policy that is no JSON', (form) => ({ ...form, Policy: '{' }), 'MalformedPolicyDocument', /Json/],
  ['a policy that is none', (form) => ({ ...form, Policy: '{}' }), 'MalformedPolicyDocument', /Json/],
  ['a long policy', (form) => ({ ...form, Policy: ' '.repeat(2049) }), 'ValidationError', /equal to 2048$/],
  [
    'a policy in Greek',
    (form) => ({ ...form, Policy: '{"Ω":1}' }),
    'ValidationError',
    /at 'policy'.*pattern/,
  ],
  [
    'eleven policies',
    (form) => ({
      ...form,
      ...Object.fromEntries(
        Array.from({ length: 11 }, (_, index) => [
          `PolicyArns.member.${index + 1}.arn`,
          'arn:aws:iam::aws:policy/ReadOnlyAccess',
        ]),
      ),
    }),
    'ValidationError',
    /'policyArns'.* 10$/,
  ],
  [
    'a policy ARN that is none',
    (form) => ({ ...form, 'PolicyArns.member.1.arn': 'ReadOnlyAccess' }),
    'ValidationError',
    /is not valid/,
  ],
  [
    'policies too long together',
    (form) => ({
      ...form,
      Policy: `{"Statement":{"Effect":"Allow"}${' '.repeat(2000)}}`,
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    }),
    'PackedPolicyTooLarge',
    /^Packed policy consumes \d+% of allotted space, please use smaller policy\.$/,
  ],
  [
    'a parameter twice',
    (form) => `${new URLSearchParams(form)}&Version=2011-06-15`,
    'MalformedQueryString',
    /syntax/,
  ],
  ['no action', ({ Action, ...form }) => form, 'MissingAction', /missing an action/],
  [
    'another action',
    (form) => ({ ...form, Action: 'AssumeRole' }),
    'InvalidAction',
    /operation AssumeRole for/,
  ],
  ['no version', ({ Version, ...form }) => form, 'InvalidAction', /version NO_VERSION_SPECIFIED$/],
  ['another version', (form) => ({ ...form, Version: '2016-11-15' }), 'InvalidAction', /version 2016-11-15$/],
];

describe('a form', () => {
  it.each(forms)('with %s is refused', async (_, spoil, code, message) => {
    const form = spoil(assumeForm(emulator, await accessToken(emulator)));
    expectRefusal(await askSts(emulator, form), 400, code, message);
  });

  it('in another content type has no action', async () => {
    const form = assumeForm(emulator, await accessToken(emulator));
    const headers = { 'Content-Type': 'application/json' };
    expectRefusal(await askSts(emulator, form, { headers }), 400, 'MissingAction', 'missing');
  });

  it('in a URL is refused', async () => {
    expectRefusal(await askSts(emulator, {}, { method: 'GET', body: '' }), 405, 'InvalidAction', 'POST');
  });

  it('with a signature is refused', async () => {
    const form = assumeForm(emulator, await accessToken(emulator));
    const answer = await askSts(emulator, form, { headers: { Authorization: 'Bearer x' } });
    expectRefusal(answer, 403, 'SignatureDoesNotMatch', 'no Authorization');
  });

  it('with a policy is refused if it is said not to fit', async () => {
    emulator.world.settings.packedPolicyTooLarge = true;
    const form = assumeForm(emulator, await accessToken(emulator));
    expect((await askSts(emulator, form)).status).toBe(200);
    const answer = await askSts(emulator, { ...form, Policy: '{"Statement":{"Effect":"Deny"}}' });
    expectRefusal(answer, 400, 'PackedPolicyTooLarge', '112%');
  });
});

describe('the web identity token', () => {
  it('is taken when honestly forged, so that the rows below prove what they say', async () => {
    expect((await judge(await forgedAccessToken(emulator))).status).toBe(200);
  });

  const accepted: [string, () => Record<string, unknown>][] = [
    ['one audience in a list', () => ({ aud: ['sts.amazon.com'] })],
    ['the authorised party instead of the audience', () => ({ aud: 'x', azp: 'sts.amazon.com' })],
    ['an expiry less than five minutes ago', () => ({ exp: seconds() - 299 })],
    ['a start in less than five minutes', () => ({ nbf: seconds() + 299, iat: seconds() + 299 })],
  ];
  it.each(accepted)('may have %s', async (_, changes) => {
    expect((await judge(await forgedAccessToken(emulator, changes()))).status).toBe(200);
  });

  const KEY = "^Couldn't retrieve verification key from your identity provider";
  const tokens: [string, () => Promise<string> | string, RegExp | string][] = [
    ['opaque', () => 'opaque-token', /^Provided Token is not a Login With Amazon token$/],
    ['of five parts', () => 'e30.e30.e30.e30.e30', /^The ID Token provided is not a valid JWT/],
    ['no JSON', () => 'aaaa.bbbb.cccc', /not a valid JWT/],
    ['followed by a line break', async () => `${await accessToken(emulator)}\n`, /not a valid JWT/],
    ['in quotes', async () => `"${await accessToken(emulator)}"`, /not a valid JWT/],
    [
      'without an issuer',
      () => forgedAccessToken(emulator, { iss: undefined }),
      /Missing a required claim: iss/,
    ],
    [
      'of the shared issuer',
      () => forgedAccessToken(emulator, { iss: 'https://identity.oraclecloud.com/' }),
      /^No OpenIDConnect provider found in your account for https:\/\/identity\.oraclecloud\.com\/$/,
    ],
    [
      'of the issuer with a slash',
      () => forgedAccessToken(emulator, { iss: `${emulator.urls.domain}/` }),
      /^No OpenIDConnect provider found/,
    ],
    [
      'of the issuer in capitals',
      () => forgedAccessToken(emulator, { iss: emulator.urls.domain.toUpperCase() }),
      /^No OpenIDConnect provider found/,
    ],
    ['without an audience', () => forgedAccessToken(emulator, { aud: undefined }), /required claim: aud$/],
    ['without a subject', () => forgedAccessToken(emulator, { sub: undefined }), /required claim: sub$/],
    ['without an expiry', () => forgedAccessToken(emulator, { exp: undefined }), /required claim: exp$/],
    [
      'without a time of issue',
      () => forgedAccessToken(emulator, { iat: undefined }),
      /required claim: iat$/,
    ],
    ['with half a second', () => forgedAccessToken(emulator, { exp: seconds() + 60.5 }), /claim: exp$/],
    ['for another audience', () => forgedAccessToken(emulator, { aud: 'x' }), /^Incorrect token audience$/],
    [
      'for two audiences',
      () => forgedAccessToken(emulator, { aud: ['sts.amazon.com', 'x'] }),
      /^Incorrect token audience$/,
    ],
    [
      'for another authorised party',
      () => forgedAccessToken(emulator, { azp: 'x' }),
      /^Incorrect token audience$/,
    ],
    ['valid from later on', () => forgedAccessToken(emulator, { nbf: seconds() + 301 }), /not valid yet/],
    ['issued in the future', () => forgedAccessToken(emulator, { iat: seconds() + 301 }), /not valid yet/],
    ['signed by another key', () => forgedAccessToken(emulator, {}, {}, keyPair.privateKey), /signature/],
    ['of an unknown key', () => forgedAccessToken(emulator, {}, { kid: 'other' }), KEY],
    [
      'signed with the public key as a password',
      () => {
        const secret = createHash('sha256').update(String(emulator.world.domainKey.jwk.n)).digest();
        return forgedAccessToken(emulator, {}, { alg: 'HS256' }, secret);
      },
      /signature/,
    ],
    ['signed with PSS', () => forgedAccessToken(emulator, {}, { alg: 'PS256' }), /signature/],
    [
      'unsigned',
      async () => {
        const payload = (await accessToken(emulator)).split('.')[1];
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
      },
      /signature/,
    ],
    [
      'changed on the way',
      async () => {
        const [header, , signature] = (await accessToken(emulator)).split('.');
        const claims = { ...decodeJwt(await accessToken(emulator)), jti: 'x' };
        return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
      },
      /signature/,
    ],
  ];
  it.each(tokens)('is refused when %s', async (_, token, message) => {
    const answer = await judge(await token());
    expectRefusal(answer, 400, 'InvalidIdentityToken', new RegExp(message));
  });

  it('is refused five minutes after its end, with a code of its own', async () => {
    const exp = seconds() - 300;
    const answer = await judge(await forgedAccessToken(emulator, { exp }));
    const text = `Token expired: current date/time ${seconds()} must be before the expiration date/time${exp}`;
    expectRefusal(answer, 400, 'ExpiredTokenException', new RegExp(`^${text}$`));
  });

  it('is refused once the domain has another key', async () => {
    const token = await accessToken(emulator);
    const { domainKey } = emulator.world;
    emulator.world.domainKey = await signingKey('NEW_KEY');
    const answer = await judge(token);
    emulator.world.domainKey = domainKey;
    expectRefusal(answer, 400, 'InvalidIdentityToken', /^Couldn't retrieve verification key/);
  });

  it('is refused when the discovery document names another issuer', async () => {
    const token = await accessToken(emulator);
    const iamProviders = [{ url: emulator.urls.domain }];
    Object.assign(emulator.world.settings, { domainIssuer: 'https://issuer.example', iamProviders });
    expectRefusal(await judge(token), 400, 'InvalidIdentityToken', new RegExp(KEY));
  });

  const worlds: [string, () => Partial<WorldSettings>, RegExp | string][] = [
    ['keeps its keys to itself', () => ({ signingCertPublicAccess: false }), KEY],
    ['has another issuer than its URL', () => ({ domainIssuer: 'https://issuer.example' }), KEY],
    [
      'has the shared issuer, even registered',
      () => ({ domainIssuer: 'https://identity.oraclecloud.com/' }),
      KEY,
    ],
    ['has no provider', () => ({ iamProviders: [] }), 'No OpenIDConnect provider'],
    [
      'has its provider elsewhere',
      () => ({ iamProviders: [{ account: '999999999999' }] }),
      'No OpenIDConnect',
    ],
    [
      'has a provider with a slash',
      () => ({ iamProviders: [{ url: `${emulator.urls.domain}/` }] }),
      'No Open',
    ],
    ['is not meant', () => ({ iamProviders: [{ clientIds: ['other'] }] }), 'Incorrect token audience'],
  ];
  it.each(worlds)('is refused when the domain %s', async (_, change, message) => {
    Object.assign(emulator.world.settings, change());
    expectRefusal(await judge(await accessToken(emulator)), 400, 'InvalidIdentityToken', new RegExp(message));
  });
});

describe('the role', () => {
  /** Grants what the default policy grants; each row changes one thing. */
  function statement(changes: Partial<TrustStatement> = {}): TrustStatement {
    return {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${host()}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${host()}:aud`]: 'sts.amazon.com',
          [`${host()}:sub`]: emulator.inputs['client-id'],
        },
      },
      ...changes,
    };
  }
  const trusting = (...Statement: TrustStatement[]) => [
    { trustPolicy: { Version: '2012-10-17', Statement } },
  ];
  const when = (operator: string, key: string, ...values: string[]) =>
    statement({ Condition: { [operator]: { [key]: values } } });

  const allowed: [string, () => WorldSettings['roles']][] = [
    ['one statement alone', () => [{ trustPolicy: { Statement: statement() } }]],
    ['no conditions', () => trusting(statement({ Condition: {} }))],
    ['all actions of STS', () => trusting(statement({ Action: ['s3:*', 'sts:*'] }))],
    [
      'one of several subjects',
      () => trusting(when('StringEquals', `${host()}:sub`, 'x', emulator.inputs['client-id'])),
    ],
    ['a pattern', () => trusting(when('StringLike', `${host()}:aud`, 'sts.*a?on.com'))],
    [
      'a key in capitals',
      () => trusting(when('StringEquals', `${host().toUpperCase()}:AUD`, 'sts.amazon.com')),
    ],
    ['the session name', () => trusting(when('StringLike', 'sts:RoleSessionName', 'acme-*'))],
    ['a second statement', () => trusting(when('StringEquals', `${host()}:aud`, 'x'), statement())],
    [
      'a denial of others',
      () => trusting(statement(), { ...when('StringEquals', `${host()}:aud`, 'x'), Effect: 'Deny' }),
    ],
  ];
  it.each(allowed)('may trust with %s', async (_, roles) => {
    emulator.world.settings.roles = roles();
    expect((await judge(await accessToken(emulator))).status).toBe(200);
  });

  const denied: [string, () => WorldSettings['roles']][] = [
    ['is unknown', () => []],
    ['has another name', () => [{ arn: 'arn:aws:iam::123456789012:role/Deploy' }]],
    ['trusts another audience', () => trusting(when('StringEquals', `${host()}:aud`, 'x'))],
    ['trusts another subject', () => trusting(when('StringEquals', `${host()}:sub`, 'x'))],
    ['has a pattern under StringEquals', () => trusting(when('StringEquals', `${host()}:aud`, 'sts.*'))],
    ['has a dot for any character', () => trusting(when('StringLike', `${host()}:aud`, 'sts.amazon.c.m'))],
    ['has a pattern for a part', () => trusting(when('StringLike', `${host()}:aud`, 'sts*o'))],
    ['wants a claim that is no key', () => trusting(when('StringLike', `${host()}:client_id`, '*'))],
    ['names another host', () => trusting(when('StringEquals', 'elsewhere.example:aud', 'sts.amazon.com'))],
    [
      'trusts another provider',
      () => trusting(statement({ Principal: { Federated: 'accounts.google.com' } })),
    ],
    ['allows another action', () => trusting(statement({ Action: 'sts:AssumeRole' }))],
    ['denies as well', () => trusting(statement(), statement({ Effect: 'Deny' }))],
    ['has an empty policy', () => trusting()],
  ];
  it.each(denied)('that %s is not assumed', async (_, roles) => {
    emulator.world.settings.roles = roles();
    const answer = await judge(await accessToken(emulator));
    expectRefusal(answer, 403, 'AccessDenied', /^Not authorized to perform sts:AssumeRoleWithWebIdentity$/);
  });

  it('sees the authorised party as the audience', async () => {
    emulator.world.settings.iamProviders = [{ clientIds: ['party'] }];
    const token = await forgedAccessToken(emulator, { azp: 'party' });
    expectRefusal(await judge(token), 403, 'AccessDenied', 'Not authorized');
    emulator.world.settings.roles = trusting(when('StringEquals', `${host()}:aud`, 'party'));
    expect(field(await judge(token), 'Audience')).toBe('party');
  });

  it('may belong to another account, with a provider of its own', async () => {
    const arn = 'arn:aws:iam::210987654321:role/other';
    Object.assign(emulator.world.settings, {
      roles: [{}, { arn }],
      iamProviders: [{}, { account: '210987654321' }],
    });
    const form = assumeForm(emulator, await accessToken(emulator));
    const answer = await askSts(emulator, { ...form, RoleArn: arn });
    expect(field(answer, 'Arn')).toBe('arn:aws:sts::210987654321:assumed-role/other/acme-infra');
  });

  it('cannot use what is not emulated unnoticed', async () => {
    emulator.world.settings.roles = trusting(when('StringNotEquals', `${host()}:aud`, 'x'));
    expect((await judge(await accessToken(emulator))).status).toBe(500);
    expect(emulator.journal.at(-1)?.reason).toMatch(/^emulator defect: .*StringNotEquals/);
  });
});

describe('GetCallerIdentity', () => {
  let keys: AwsKeys;
  beforeEach(async () => {
    keys = await assume(emulator);
  });
  const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
  const signed = (changes: Partial<AwsCall> = {}) =>
    signedAws(emulator, { service: 'sts', keys, body: BODY, ...changes });
  type Request = ReturnType<typeof signed>;
  const withHeader = (request: Request, name: string, value: string | RegExp, to = ''): Request => {
    const changed = typeof value === 'string' ? value : String(request.headers[name]).replace(value, to);
    return { ...request, headers: { ...request.headers, [name]: changed } };
  };
  const at = (milliseconds: number) => new Date(milliseconds).toISOString().replaceAll(/[-:]|\.\d+/g, '');

  it('made by hand says who calls', async () => {
    const answer = await sendAws(emulator, signed());
    expect([answer.status, field(answer, 'Account')]).toEqual([200, '123456789012']);
    expect(field(answer, 'Arn')).toBe('arn:aws:sts::123456789012:assumed-role/deploy/acme-infra');
    expect(field(answer, 'UserId')).toMatch(/^AROA\w{17}:acme-infra$/);
  });

  it("made by AWS's own SDK says who calls", async () => {
    const { Arn, Account } = await sdk(keys).send(new GetCallerIdentityCommand({}));
    expect([Arn, Account]).toEqual([
      'arn:aws:sts::123456789012:assumed-role/deploy/acme-infra',
      '123456789012',
    ]);
  });

  it('may come from a clock almost five minutes off', async () => {
    const headers = { 'x-amz-date': at(now - 299_000) };
    expect((await sendAws(emulator, signed({ headers }))).status).toBe(200);
  });

  const names = ['content-type', 'host', 'x-amz-date', 'x-amz-security-token'];
  const without = (name: string) => names.filter((one) => one !== name);
  const spoilt: [string, () => Request, number, string, RegExp][] = [
    [
      'nothing',
      () => {
        const { authorization, ...headers } = signed().headers;
        return { ...signed(), headers };
      },
      403,
      'MissingAuthenticationToken',
      /^Request is missing/,
    ],
    [
      'a bearer token',
      () => withHeader(signed(), 'authorization', 'Bearer x'),
      400,
      'IncompleteSignature',
      /./,
    ],
    [
      'a signature in capitals',
      () => withHeader(signed(), 'authorization', /Signature=.*/, `Signature=${'A'.repeat(64)}`),
      400,
      'IncompleteSignature',
      /./,
    ],
    [
      'a date in words',
      () => signed({ headers: { 'x-amz-date': 'today' } }),
      400,
      'IncompleteSignature',
      /./,
    ],
    [
      'another region',
      () => signed({ region: 'eu-central-1' }),
      403,
      'SignatureDoesNotMatch',
      /valid region/,
    ],
    ['another service', () => signed({ scopeService: 's3' }), 403, 'SignatureDoesNotMatch', /scoped/],
    [
      'the scope of another day',
      () => withHeader(signed(), 'authorization', /\/\d{8}\//, '/20200101/'),
      403,
      'SignatureDoesNotMatch',
      /scoped/,
    ],
    [
      'a date too old',
      () => signed({ headers: { 'x-amz-date': at(now - 301_000) } }),
      403,
      'SignatureDoesNotMatch',
      /^Signature expired: \w+ is now earlier than \w+ \(\w+ - 5 min\.\)$/,
    ],
    [
      'a date in the future',
      () => signed({ headers: { 'x-amz-date': at(now + 302_000) } }),
      403,
      'SignatureDoesNotMatch',
      /^Signature not yet current: /,
    ],
    [
      'an unknown key',
      () => signed({ keys: { ...keys, accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' } }),
      403,
      'InvalidClientTokenId',
      /invalid\.$/,
    ],
    [
      'another session token',
      () => signed({ keys: { ...keys, sessionToken: 'another' } }),
      403,
      'InvalidClientTokenId',
      /invalid\.$/,
    ],
    [
      'another secret',
      () => signed({ keys: { ...keys, secretAccessKey: 'x'.repeat(40) } }),
      403,
      'SignatureDoesNotMatch',
      /^The request signature we calculated/,
    ],
    ['no signed host', () => signed({ names: without('host') }), 403, 'SignatureDoesNotMatch', /calculated/],
    ['no signed date', () => signed({ names: without('x-amz-date') }), 403, 'SignatureDoesNotMatch', /./],
    [
      'an unsigned token',
      () => signed({ names: without('x-amz-security-token') }),
      403,
      'SignatureDoesNotMatch',
      /./,
    ],
    [
      'a header signed but not sent',
      () => {
        const request = signed({ names: [...names, 'x-absent'], headers: { 'x-absent': '' } });
        const { 'x-absent': _, ...headers } = request.headers;
        return { ...request, headers };
      },
      403,
      'SignatureDoesNotMatch',
      /./,
    ],
    [
      'another body',
      () => ({ ...signed(), body: `${BODY}&x=1` }),
      403,
      'SignatureDoesNotMatch',
      /calculated/,
    ],
    ['a query', () => ({ ...signed(), path: '/?x=1' }), 403, 'SignatureDoesNotMatch', /calculated/],
    [
      'another content type',
      () => withHeader(signed(), 'content-type', 'application/x-www-form-urlencoded'),
      403,
      'SignatureDoesNotMatch',
      /calculated/,
    ],
    [
      'another signature',
      () => withHeader(signed(), 'authorization', /Signature=.*/, `Signature=${'0'.repeat(64)}`),
      403,
      'SignatureDoesNotMatch',
      /calculated/,
    ],
  ];
  it.each(spoilt)('with %s is refused', async (_, request, status, code, message) => {
    expectRefusal(await sendAws(emulator, request()), status, code, message);
  });

  it('with an expired session is refused', async () => {
    now += 3_600_000;
    expectRefusal(await sendAws(emulator, signed()), 403, 'ExpiredToken', 'is expired');
  });
});

describe('an STS error', () => {
  it('can be ordered, whatever it is, and escaped', async () => {
    const message = `"a" <b> & 'c'\n`;
    const fault = { kind: 'sts-error', status: 400, code: 'IDPCommunicationError', message } as const;
    emulator.faults.add({ service: 'sts', times: 1, fault });
    const answer = await askSts(emulator, {});
    expect([answer.status, field(answer, 'Code'), field(answer, 'Type')]).toEqual([
      400,
      fault.code,
      'Sender',
    ]);
    expect(field(answer, 'Message')).toBe(message);
    expect(answer.body.toString()).toContain('&quot;a&quot; &lt;b&gt; &amp; &apos;c&apos;&#10;');
    expect(field(answer, 'RequestId')).toBe(answer.headers['x-amzn-requestid']);
    expect(emulator.journal.at(-1)).toMatchObject({ status: 400, reason: 'fault: sts-error' });
    expect((await judge(await accessToken(emulator))).status).toBe(200);
  });

  it("is known to AWS's own SDK", async () => {
    emulator.faults.add({
      service: 'sts',
      fault: { kind: 'sts-error', status: 400, code: 'IDPCommunicationError' },
    });
    const input = { RoleArn: ROLE, RoleSessionName: 'sdk', WebIdentityToken: await accessToken(emulator) };
    const refused = sdk().send(new AssumeRoleWithWebIdentityCommand(input));
    await expect(refused).rejects.toMatchObject({ name: 'IDPCommunicationErrorException' });
    expect(emulator.journal.filter(({ reason }) => reason === 'fault: sts-error').length).toBeGreaterThan(2);
  });

  it('is that of a receiver from 500 on, and of STS alone', async () => {
    emulator.faults.add({ service: 'sts', fault: { kind: 'status', status: 503 } });
    const answer = await askSts(emulator, {});
    expect([field(answer, 'Code'), field(answer, 'Type')]).toEqual(['ServiceUnavailable', 'Receiver']);
    const fault = { kind: 'sts-error', status: 400, code: 'Throttling' } as const;
    expect(() => emulator.faults.add({ service: 's3', fault })).toThrow('sts-error');
  });
});
