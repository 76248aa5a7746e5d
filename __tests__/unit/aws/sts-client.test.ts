import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assumeRole, type RoleRequest } from '../../../src/aws/assume-role.ts';
import { stsEndpoint } from '../../../src/aws/sts-endpoint.ts';
import { TransportError } from '../../../src/errors/action-error.ts';
import type { Http, HttpRequest, HttpResponse } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';

const TOKEN = 'aGVhZA.Ym9keQ.c2ln+/=&';
const request: RoleRequest = {
  role: { arn: 'arn:aws:iam::123456789012:role/deploy', partition: 'aws', accountId: '123456789012' },
  region: 'eu-central-1',
  endpoint: undefined,
  sessionName: 'a+b@1.1',
  durationSeconds: 900,
  sessionPolicy: '{"a":"ä&="}',
  managedSessionPolicies: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B'],
  allowedAccountIds: [],
};
const identity = {
  token: new Secret(TOKEN),
  issuer: 'https://idcs-1.example',
  audience: 'sts.amazon.com',
  subject: 'app',
  keyId: 'K',
};

const sent: HttpRequest[] = [];
beforeEach(() => void sent.splice(0));

function answering(answer: Partial<HttpResponse> | Error): Http {
  return {
    preconnect: () => {},
    send: async (describeRequest) => {
      sent.push(await describeRequest());
      if (answer instanceof Error) throw answer;
      return { status: 200, headers: {}, text: '', ...answer };
    },
  };
}

const refused = (code: string, message: string, status = 400): Partial<HttpResponse> => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'r-1' },
  text: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
});

describe('the endpoint of STS', () => {
  it.each([
    ['us-east-1', 'aws', 'https://sts.us-east-1.amazonaws.com/'],
    ['cn-north-1', 'aws-cn', 'https://sts.cn-north-1.amazonaws.com.cn/'],
    ['us-gov-west-1', 'aws-us-gov', 'https://sts.us-gov-west-1.amazonaws.com/'],
    ['eusc-de-east-1', 'aws-eusc', 'https://sts.eusc-de-east-1.amazonaws.eu/'],
  ])('of %s in %s is %s', (region, partition, url) => {
    expect(stsEndpoint({ region, role: { partition }, endpoint: undefined }).href).toBe(url);
  });
});

describe('the request to STS', () => {
  const hostile = {
    AWS_ENDPOINT_URL: 'https://evil.example',
    AWS_ENDPOINT_URL_STS: 'https://evil.example',
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
    AWS_ACCESS_KEY_ID: 'ASIAOLD',
    AWS_SECRET_ACCESS_KEY: 'old',
    AWS_REGION: 'us-west-2',
  };
  const names = Object.keys(hostile);
  let before: Record<string, string | undefined> = {};
  beforeEach(() => {
    before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
    Object.assign(process.env, hostile);
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('goes to the regional endpoint whatever the environment says, unsigned, with all in its body', async () => {
    await assumeRole(answering(refused('X', 'x')), request, identity, 0).catch(() => {});
    const [{ method, url, headers, body } = { headers: {} }] = sent;
    expect([sent.length, method, url?.href]).toEqual([1, 'POST', 'https://sts.eu-central-1.amazonaws.com/']);
    const spelt = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    expect(spelt.map(([name]) => name)).not.toContain('authorization');
    expect(Object.fromEntries(spelt)).toMatchObject({
      'content-type': expect.stringContaining('application/x-www-form-urlencoded'),
      'content-length': String(Buffer.byteLength(body ?? '')),
    });
    expect(JSON.stringify(headers)).not.toMatch(/ASIAOLD|security-token/i);
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

  it('says nothing of policies that there are not', async () => {
    const bare = { ...request, sessionPolicy: undefined, managedSessionPolicies: [] };
    await assumeRole(answering(refused('X', 'x')), bare, identity, 0).catch(() => {});
    expect(sent[0]?.body).not.toContain('Polic');
  });
});

describe('a refusal of STS', () => {
  const failing = (answer: Partial<HttpResponse> | Error) =>
    assumeRole(answering(answer), request, identity, 0).catch((error: unknown) => error);

  it('holds neither the token nor a command to the runner, and is one line', async () => {
    const echo = `${TOKEN.replace('&', '&amp;')}&#10;::error::x ##[group] again`;
    const failure = await failing(refused('AccessDenied', echo, 403));
    const { message } = failure as Error;
    expect(failure).toMatchObject({ code: 'AWS_ACCESS_DENIED', status: 403, requestId: 'r-1' });
    expect(message).toContain('again');
    expect(message).not.toContain(TOKEN);
    expect(message).not.toMatch(/\p{Cc}|##\[|::error/u);
  });

  it.each(['constructor', '__proto__', '<a>1</a>', '##[error]&#10;x', TOKEN.replace('&', '&amp;')])(
    'with the code %s is foreseen, printable and silent',
    async (code) => {
      const failure = await failing(refused(code, '<a>1</a>'));
      expect(failure).toMatchObject({ code: expect.stringMatching(/^AWS_/) });
      const { message } = failure as Error;
      expect(message).not.toMatch(/\p{Cc}|##\[/u);
      expect(message).not.toContain(TOKEN);
    },
  );

  it('has no request id that is not fit to print', async () => {
    const { text = '' } = refused('AccessDenied', 'x');
    const failure = await failing({ status: 403, text: text.replace('r-1', 'a&#10;##[error]b') });
    expect(failure).toMatchObject({ code: 'AWS_ACCESS_DENIED', requestId: undefined });
  });

  it.each([
    ['unreachable', false, 'AWS_UNREACHABLE'],
    ['timed-out', false, 'AWS_UNREACHABLE'],
    ['untrusted', false, 'TLS_UNTRUSTED'],
    ['proxy-unreachable', false, 'PROXY_UNREACHABLE'],
    ['proxy-refused', false, 'PROXY_REFUSED'],
    ['unusable', false, 'AWS_RESPONSE_MALFORMED'],
    ['timed-out', true, 'DEADLINE_EXCEEDED'],
  ] as const)('that never came (%s, out of time: %p) is %s', async (fault, outOfTime, code) => {
    expect(await failing(new TransportError(fault, 'so', outOfTime))).toMatchObject({ code });
  });

  it('with entities upon entities is refused, not expanded', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`,
    ).join('');
    const text = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "xxxxxxxxxx">${levels}]><x>&e9;</x>`;
    const failure = await failing({ text, headers: { 'content-type': 'text/xml' } });
    expect(failure).toMatchObject({ code: 'AWS_RESPONSE_MALFORMED' });
  });
});
