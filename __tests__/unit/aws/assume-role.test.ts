import { describe, expect, it } from '@jest/globals';
import { assumeRole, type RoleRequest } from '../../../src/aws/assume-role.ts';
import { ActionError } from '../../../src/errors/action-error.ts';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import { TransportError } from '../../../src/errors/transport-error.ts';
import type { HttpResponse } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';
import { stubHttp } from '../stub-http.ts';

const TOKEN = 'aGVhZA.Ym9keQ.c2ln+/=&';
const NOW = Date.UTC(2030, 0, 1);
const request: RoleRequest = {
  role: { arn: 'arn:aws:iam::123456789012:role/deploy', partition: 'aws', accountId: '123456789012' },
  region: 'eu-central-1',
  stsEndpoint: new URL('https://sts.eu-central-1.amazonaws.com'),
  sessionName: 'a+b@1.1',
  durationSeconds: 900,
  sessionPolicy: '{"a":"ä&="}',
  managedSessionPolicies: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B'],
};

const refusal = (code: string, message: string, status = 400): Partial<HttpResponse> => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'r-1' },
  text: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
});

const tag = (name: string, text: string) => (text === '' ? '' : `<${name}>${text}</${name}>`);
const xml = (text: string) => ({ text, headers: { 'content-type': 'text/xml' } });

/** A successful response with some of its texts changed; an empty one is left out. */
function granted(changes: Record<string, string> = {}): Partial<HttpResponse> {
  const { Arn, ...texts } = {
    AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    SecretAccessKey: 'c2VjcmV0c2VjcmV0',
    SessionToken: 'dG9rZW50b2tlbg==',
    Expiration: '2099-01-01T00:00:00Z',
    Arn: 'arn:aws:sts::123456789012:assumed-role/deploy/x',
    ...changes,
  };
  const credentials = Object.entries(texts).map(([name, text]) => tag(name, text));
  const user = tag('AssumedRoleUser', tag('Arn', Arn));
  const result = tag('AssumeRoleWithWebIdentityResult', `${user}${tag('Credentials', credentials.join(''))}`);
  return xml(
    `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleWithWebIdentityResponse>`,
  );
}

const assume = (response: Partial<HttpResponse> | Error) =>
  assumeRole(stubHttp(response).http, request, new Secret(TOKEN), NOW);
const failureOf = (response: Partial<HttpResponse> | Error) =>
  assume(response).catch((error: unknown) => error);

describe('the request to STS', () => {
  const requestFor = async (changes: Partial<RoleRequest> = {}) => {
    const { http, sent } = stubHttp(granted());
    await assumeRole(http, { ...request, ...changes }, new Secret(TOKEN), NOW);
    return sent;
  };

  it('goes unsigned to the regional endpoint, with everything in its body', async () => {
    const [{ method, url, headers, body } = { headers: {} }, ...more] = await requestFor();
    expect([more, method, url?.href]).toEqual([[], 'POST', 'https://sts.eu-central-1.amazonaws.com/']);
    const byName = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect(Object.keys(byName)).not.toContain('authorization');
    expect(byName).toMatchObject({
      'content-type': expect.stringContaining('application/x-www-form-urlencoded'),
      'content-length': String(Buffer.byteLength(body ?? '')),
    });
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: request.role.arn,
      RoleSessionName: 'a+b@1.1',
      WebIdentityToken: TOKEN,
      DurationSeconds: '900',
      Policy: '{"a":"ä&="}',
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/A',
      'PolicyArns.member.2.arn': 'arn:aws:iam::aws:policy/B',
    });
  });

  it('has no parameter for policies when there are none', async () => {
    const [sent] = await requestFor({ sessionPolicy: undefined, managedSessionPolicies: [] });
    expect(sent?.body).not.toContain('Polic');
  });
});

describe('the credentials', () => {
  it('are returned with their expiry and the assumed role', async () => {
    const { accessKeyId, secretAccessKey, sessionToken, ...rest } = await assume(granted());
    const secrets = [accessKeyId, secretAccessKey, sessionToken].map((secret) => secret.reveal());
    expect(secrets).toEqual(['ASIAIOSFODNN7EXAMPLE', 'c2VjcmV0c2VjcmV0', 'dG9rZW50b2tlbg==']);
    expect(rest).toEqual({
      expiresAt: Date.UTC(2099, 0, 1),
      accountId: '123456789012',
      assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/deploy/x',
    });
  });

  it.each<[string, Partial<HttpResponse>]>([
    ['no key id', granted({ AccessKeyId: '' })],
    ['no key', granted({ SecretAccessKey: '' })],
    ['no session token', granted({ SessionToken: '' })],
    ['a key that would add a profile', granted({ SecretAccessKey: 'a&#10;[profile x]' })],
    ['no expiration', granted({ Expiration: '' })],
    ['an expiration that is no time', granted({ Expiration: 'soon' })],
    ['an expiration in the past', granted({ Expiration: '2001-01-01T00:00:00Z' })],
    ['no role', granted({ Arn: '' })],
    ['a role of another account', granted({ Arn: 'arn:aws:sts::999999999999:assumed-role/deploy/x' })],
    ['XML cut short', xml('<AssumeRoleWithWebIdentityResponse><Assu')],
  ])('are refused with AWS_RESPONSE_MALFORMED for %s', async (_what, response) => {
    expect(await failureOf(response)).toMatchObject({ code: 'AWS_RESPONSE_MALFORMED' });
  });
});

describe('a refusal of STS', () => {
  it('becomes a ServiceRefusal on one line, without the token and commands to the runner', async () => {
    const echo = `${TOKEN.replace('&', '&amp;')}&#10;::error::x ##[group] again`;
    const error = await failureOf(refusal('AccessDeniedException', echo, 403));
    const text = 'AccessDenied: [redacted] : :error: :x ## [group] again';
    expect(error).toBeInstanceOf(ServiceRefusal);
    expect(error).toMatchObject({
      service: 'sts',
      code: 'AccessDenied',
      status: 403,
      requestId: 'r-1',
      text,
    });
  });

  it.each(['constructor', '__proto__', '<a>1</a>', '##[error]&#10;x', TOKEN.replace('&', '&amp;')])(
    'with the code %s has a harmless text',
    async (code) => {
      const { text = '', message } = (await failureOf(refusal(code, '<a>1</a>'))) as ServiceRefusal;
      expect(`${text}${message}`).not.toMatch(/\p{Cc}|##\[/u);
      expect(`${text}${message}`).not.toContain(TOKEN);
    },
  );

  it('has only a printable request id', async () => {
    const { text = '' } = refusal('AccessDenied', 'x');
    const error = await failureOf({ status: 403, text: text.replace('r-1', 'a&#10;##[error]b') });
    expect(error).toMatchObject({ code: 'AccessDenied', requestId: undefined });
  });

  it('in HTML is AWS_RESPONSE_MALFORMED, or a ServiceRefusal for a retryable status', async () => {
    const html = { text: '<html></html>', headers: { 'content-type': 'text/html' } };
    expect(await failureOf({ ...html, status: 403 })).toMatchObject({ code: 'AWS_RESPONSE_MALFORMED' });
    expect(await failureOf({ ...html, status: 502 })).toMatchObject({
      service: 'sts',
      status: 502,
      text: '',
    });
  });

  it.each([
    ['900 kB of &', '&'.repeat(900_000)],
    [
      '900 kB of & in an error',
      `<ErrorResponse><Error><Code>${'&'.repeat(900_000)}</Code></Error></ErrorResponse>`,
    ],
    ['64 kB of &', '&'.repeat(65_000)],
    ['20,000 levels', '<a>'.repeat(20_000)],
  ])('of %s is AWS_RESPONSE_MALFORMED within a second', async (_what, text) => {
    for (const status of [200, 403]) {
      const began = performance.now();
      expect(await failureOf({ ...xml(text), status })).toMatchObject({ code: 'AWS_RESPONSE_MALFORMED' });
      expect(performance.now() - began).toBeLessThan(1000);
    }
  });

  it('with nested entities is AWS_RESPONSE_MALFORMED, not expanded', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`,
    ).join('');
    const text = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "xxxxxxxxxx">${levels}]><x>&e9;</x>`;
    expect(await failureOf(xml(text))).toMatchObject({ code: 'AWS_RESPONSE_MALFORMED' });
  });
});

describe('an error of our own transport', () => {
  it.each([new TransportError('untrusted', 'so'), new ActionError('PROXY_UNREACHABLE', 'so')])(
    'passes through the SDK unchanged: %s',
    async (error) => {
      expect(await failureOf(error)).toBe(error);
    },
  );
});
