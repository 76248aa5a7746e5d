import { describe, expect, it } from '@jest/globals';
import { explainStsRefusal, trustPolicy } from '../../../src/diagnosis/sts-refusal.ts';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import { TransportError } from '../../../src/errors/transport-error.ts';
import type { HttpResponse } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';
import { stubHttp } from '../stub-http.ts';

const ISSUER = 'https://idcs-1.identity.oraclecloud.com';
const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`;
const KEYS = `${ISSUER}/keys`;
const NO_KEY = "Couldn't retrieve verification key from your identity provider";

type Responses = Record<string, Partial<HttpResponse> | TransportError>;

const json = (value: unknown) => ({ text: JSON.stringify(value) });
const discovery = (jwks_uri: unknown, issuer = ISSUER) => ({
  [`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`]: json({ issuer, jwks_uri }),
});
const keys = (...ids: unknown[]) => json({ keys: ids.map((kid) => ({ kid })) });

const role = { arn: 'arn:aws:iam::123456789012:role/deploy', partition: 'aws', accountId: '123456789012' };
const identity = {
  token: new Secret('jwt'),
  issuer: ISSUER,
  audience: 'sts.amazon.com',
  subject: 'app',
  expiresAt: 0,
  keyId: 'K',
  roles: undefined,
};

/** What the refusal is explained with, and the addresses that were fetched without credentials. */
async function explain(code: string, text = 'why', responses: Responses = {}, changes = {}) {
  const { http, sent } = stubHttp(({ url }) => responses[url.href] ?? { status: 404 });
  const refusal = new ServiceRefusal('sts', {
    status: 400,
    code,
    text: `${code}: ${text}`,
    requestId: 'r-1',
  });
  const context = { domainUrl: new URL(ISSUER), aws: { role, audience: 'sts.amazon.com' } };
  const error = await explainStsRefusal(http, refusal, context, { ...identity, ...changes });
  expect(sent.flatMap(({ headers }) => Object.keys(headers))).not.toContain('authorization');
  return { error, fetched: sent.map(({ url }) => url.href) };
}

describe('trustPolicy', () => {
  it('names provider, audience and subject, in the account of the role', () => {
    const { text } = trustPolicy(
      { arn: '', partition: 'aws-us-gov', accountId: '000000000012' },
      { issuer: `${ISSUER}/`, audience: 'sts.amazon.com', subject: 'a"b' },
    );
    const host = 'idcs-1.identity.oraclecloud.com/';
    expect(JSON.parse(text)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws-us-gov:iam::000000000012:oidc-provider/${host}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: { [`${host}:aud`]: 'sts.amazon.com', [`${host}:sub`]: 'a"b' } },
        },
      ],
    });
  });
});

describe('explainStsRefusal', () => {
  it.each([
    ['AccessDenied', 'AWS_ACCESS_DENIED'],
    ['IDPRejectedClaim', 'AWS_IDENTITY_TOKEN_INVALID'],
    ['ExpiredToken', 'AWS_TOKEN_EXPIRED'],
    ['IDPCommunicationError', 'AWS_IDP_UNREACHABLE'],
    ['MalformedPolicyDocument', 'AWS_POLICY_MALFORMED'],
    ['PackedPolicyTooLarge', 'AWS_POLICY_TOO_LARGE'],
    ['Throttling', 'AWS_UNREACHABLE'],
    ['RequestLimitExceeded', 'AWS_UNREACHABLE'],
    ['RegionDisabled', 'AWS_REQUEST_INVALID'],
    ['SomethingNew', 'AWS_REQUEST_INVALID'],
    ['constructor', 'AWS_REQUEST_INVALID'],
  ])('returns for %s the code %s and fetches nothing', async (stsCode, code) => {
    const { error, fetched } = await explain(stsCode);
    expect(error).toMatchObject({ code, requestId: 'r-1' });
    expect(error.message).toContain(`${stsCode}: why`);
    expect(error.snippets).toHaveLength(stsCode === 'AccessDenied' ? 1 : 0);
    expect(fetched).toEqual([]);
  });
});

describe('the explanation of InvalidIdentityToken', () => {
  it.each([
    [
      'no provider',
      'No OpenIDConnect provider found in your account for x',
      {},
      'AWS_IDENTITY_TOKEN_INVALID',
    ],
    [
      'no provider for an issuer that is not the domain',
      'No OpenIDConnect provider found in your account for x',
      { issuer: 'https://b.example' },
      'AWS_ISSUER_UNUSABLE',
    ],
    ['an audience that is not listed', 'Incorrect token audience', {}, 'AWS_IDENTITY_TOKEN_INVALID'],
    ['an authorized party', 'Incorrect token audience', { audience: 'app' }, 'AWS_AUDIENCE_MISMATCH'],
    ['other roles in the token', 'x', { roles: ['arn:aws:iam::1:role/b'] }, 'AWS_IDENTITY_TOKEN_INVALID'],
    ['an issuer on a foreign host', NO_KEY, { issuer: 'https://169.254.169.254' }, 'AWS_ISSUER_UNUSABLE'],
    [
      'a look-alike of Oracle',
      NO_KEY,
      { issuer: 'https://oraclecloud.com.b.example' },
      'AWS_ISSUER_UNUSABLE',
    ],
  ])('fetches nothing for %s', async (_what, text, changes, code) => {
    const { error, fetched } = await explain('InvalidIdentityToken', text, {}, changes);
    expect([error.code, fetched]).toEqual([code, []]);
  });

  it.each<[string, Responses, string]>([
    ['no discovery document', {}, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['one in HTML', { [DISCOVERY]: { text: '<html>' } }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['one of another issuer', { [DISCOVERY]: json({ issuer: `${ISSUER}:443` }) }, 'AWS_ISSUER_UNUSABLE'],
    ['one without jwks_uri', discovery(undefined), 'AWS_SIGNING_KEYS_HIDDEN'],
    ['one with a number as jwks_uri', discovery(7), 'AWS_SIGNING_KEYS_HIDDEN'],
    ['a demand for a login', { ...discovery(KEYS), [KEYS]: { status: 401 } }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['no keys', { ...discovery(KEYS), [KEYS]: keys() }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['keys that are no list', { ...discovery(KEYS), [KEYS]: json({ keys: 1 }) }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['keys that are no objects', { ...discovery(KEYS), [KEYS]: keys(null) }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['another key', { ...discovery(KEYS), [KEYS]: keys('L') }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['the key of the token', { ...discovery(KEYS), [KEYS]: keys('K') }, 'AWS_IDENTITY_TOKEN_INVALID'],
  ])('is for %s what the domain publishes', async (_what, responses, code) => {
    const { error } = await explain('InvalidIdentityToken', NO_KEY, responses);
    expect(error).toMatchObject({ code, message: expect.stringContaining(NO_KEY) });
  });

  it.each<[string, Responses]>([
    ['a perimeter', { ...discovery(KEYS), [KEYS]: { status: 403 } }],
    ['a limit', { ...discovery(KEYS), [KEYS]: { status: 429 } }],
    ['an outage', { [DISCOVERY]: { status: 503 } }],
    ['a network', { [DISCOVERY]: new TransportError('unreachable', 'so') }],
  ])('is what STS says when %s hides the keys from this machine', async (_what, responses) => {
    const { error } = await explain('InvalidIdentityToken', NO_KEY, responses);
    expect(error).toMatchObject({
      code: 'AWS_IDENTITY_TOKEN_INVALID',
      message: expect.stringContaining('could not be checked from here'),
    });
  });

  it.each([
    ['of the issuer', `${ISSUER}:443/keys`],
    ['of Oracle', 'https://keys.identity.oraclegovcloud.uk/keys'],
  ])('follows jwks_uri to a host %s', async (_what, address) => {
    const { fetched } = await explain('InvalidIdentityToken', NO_KEY, discovery(address));
    expect(fetched).toEqual([DISCOVERY, new URL(address).href]);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'https://169.254.169.254/',
    'https://localhost:8443/keys',
    'https://b.example/oraclecloud.com',
    'https://oraclecloud.com.b.example/',
    'https://xoraclecloud.com/',
    'http://idcs-1.identity.oraclecloud.com/keys',
    'file:///etc/passwd',
  ])('never follows jwks_uri to %s', async (address) => {
    const { error, fetched } = await explain('InvalidIdentityToken', NO_KEY, discovery(address));
    expect(error.message).toContain('was not fetched');
    expect([error.code, fetched]).toEqual(['AWS_IDENTITY_TOKEN_INVALID', [DISCOVERY]]);
  });

  it('looks below an issuer that ends in a slash', async () => {
    const issuer = `${ISSUER}/`;
    const responses = { ...discovery(KEYS, issuer), [KEYS]: keys('K') };
    const { error } = await explain('InvalidIdentityToken', NO_KEY, responses, { issuer });
    expect(error.code).toBe('AWS_IDENTITY_TOKEN_INVALID');
  });
});
