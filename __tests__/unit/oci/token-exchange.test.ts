import { describe, expect, it } from '@jest/globals';
import { ActionError, TransportError } from '../../../src/errors/action-error.ts';
import { toClientCredentials } from '../../../src/inputs/client-credentials.ts';
import { exchangeToken } from '../../../src/oci/token-exchange.ts';
import type { Http, HttpRequest, HttpResponse } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';

const SECRET = 'hunter2+/= ö';
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2lnbmF0dXJl';
const credentials = toClientCredentials('app', new Secret(SECRET));
const exchange = {
  domainUrl: new URL('https://idcs-1.example:8443'),
  credentials,
  subjectToken: new Secret(JWT),
  claims: { iss: 'https://issuer', aud: 'oracle', sub: 'repo:a/b:ref' },
  expiresAt: Date.UTC(2030, 0, 1),
  trustRules: [],
  resource: undefined,
  publicKeyBase64: 'AB+/==',
};

let sent: HttpRequest | undefined;
function answering(response: Partial<HttpResponse>): Http {
  return {
    preconnect: () => {},
    send: async (describe) => {
      sent = await describe();
      return { status: 200, headers: {}, text: '', ...response };
    },
  };
}

function ask(response: Partial<HttpResponse>) {
  return exchangeToken(answering(response), async () => exchange);
}

async function failureOf(work: Promise<unknown>): Promise<ActionError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (error instanceof ActionError) return error;
  throw new Error('no ActionError', { cause: error });
}

describe('the exchange', () => {
  it('sends what the domain expects', async () => {
    await ask({ text: '{"token":"t"}' });
    expect(sent).toMatchObject({
      method: 'POST',
      url: new URL('https://idcs-1.example:8443/oauth2/v1/token'),
    });
    const basic = /^Basic (.*)$/.exec(sent?.headers['authorization'] ?? '')?.[1] ?? '';
    expect(Buffer.from(basic, 'base64').toString('utf8')).toBe(`app:${SECRET}`);
    expect(Object.fromEntries(new URLSearchParams(sent?.body))).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:oci:token-type:oci-upst',
      subject_token_type: 'jwt',
      subject_token: JWT,
      public_key: 'AB+/==',
    });
    expect(sent?.headers['content-length']).toBe(String(sent?.body?.length));
    expect(String(sent?.url)).not.toContain(JWT);
  });

  it.each([
    [undefined, {}],
    [7200, { rpst_exp: '7200' }],
  ])(
    'sends the type of the resource that the session is to be of, and a life of %p s',
    async (life, added) => {
      const resource = { type: 'github acme', lifetimeSeconds: life };
      await exchangeToken(answering({ text: '{"token":"t"}' }), async () => ({ ...exchange, resource }));
      expect(Object.fromEntries(new URLSearchParams(sent?.body))).toEqual({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        requested_token_type: 'urn:oci:token-type:oci-rpst',
        subject_token_type: 'jwt',
        subject_token: JWT,
        public_key: 'AB+/==',
        res_type: 'github acme',
        ...added,
      });
    },
  );

  it.each([
    ['token', '{"token":"t"}'],
    ['access_token', '{"access_token":"t","token_type":"Bearer"}'],
  ])('takes the session from the member %s', async (_member, text) => {
    const headers = { 'opc-request-id': 'one', date: 'Tue, 01 Jan 2030 00:00:00 GMT' };
    const { token, ...rest } = await ask({ text, headers });
    expect(token.reveal()).toBe('t');
    expect(rest).toEqual({ requestId: 'one', serverTime: Date.UTC(2030, 0, 1) });
  });

  it.each<[Record<string, string | string[]>, string | undefined]>([
    [{ 'opc-request-id': 'one', 'x-oracle-dms-ecid': 'two' }, 'one'],
    [{ 'x-oracle-dms-ecid': 'two' }, 'two'],
    [{ 'opc-request-id': 'o ne', 'x-oracle-dms-ecid': 'two' }, 'two'],
    [{ 'opc-request-id': ['a', 'b'] }, undefined],
    [{ 'opc-request-id': 'x'.repeat(201) }, undefined],
    [{ 'opc-request-id': '##[stop-commands]x' }, undefined],
    [{}, undefined],
  ])('knows the request by an id fit to print (%#)', async (headers, expected) => {
    expect((await ask({ text: '{"token":"t"}', headers })).requestId).toBe(expected);
  });
});

const json = (value: unknown) => JSON.stringify(value);
const denied = (error: string, error_description: string) => json({ error, error_description });

describe('an answer', () => {
  it.each<[number, string, string]>([
    [200, '', 'OCI_RESPONSE_MALFORMED'],
    [200, '<html>', 'OCI_RESPONSE_MALFORMED'],
    [200, '[]', 'OCI_RESPONSE_MALFORMED'],
    [200, 'null', 'OCI_RESPONSE_MALFORMED'],
    [200, '{"token":', 'OCI_RESPONSE_MALFORMED'],
    [200, '{}', 'OCI_RESPONSE_MALFORMED'],
    [200, '{"token":""}', 'OCI_RESPONSE_MALFORMED'],
    [200, '{"token":{"a":1}}', 'OCI_RESPONSE_MALFORMED'],
    [201, '{"token":"t"}', 'OCI_RESPONSE_MALFORMED'],
    [204, '', 'OCI_RESPONSE_MALFORMED'],
    [302, '', 'OCI_RESPONSE_MALFORMED'],
    [400, '<html>', 'OCI_RESPONSE_MALFORMED'],
    [400, denied('invalid_request', 'No rules matched for the token'), 'OCI_NO_RULE_MATCHED'],
    [400, denied('invalid_grant', 'User is not a service user.'), 'OCI_NOT_A_SERVICE_USER'],
    [400, denied('invalid_grant', 'x'), 'OCI_EXCHANGE_REJECTED'],
    [400, '{}', 'OCI_EXCHANGE_REJECTED'],
    [401, denied('invalid_client', 'x'), 'OCI_CLIENT_REJECTED'],
    [403, json({ detail: 'x' }), 'OCI_EXCHANGE_REJECTED'],
    [400, json({ error: { deep: 1 } }), 'OCI_EXCHANGE_REJECTED'],
    [404, json({ error: 'not_found' }), 'OCI_RESPONSE_MALFORMED'],
    [400, json({ error: { toString: null, valueOf: null } }), 'OCI_EXCHANGE_REJECTED'],
    [408, '', 'OCI_DOMAIN_UNREACHABLE'],
    [429, '', 'OCI_RATE_LIMITED'],
    [500, '{"token":"t"}', 'OCI_DOMAIN_UNREACHABLE'],
    [503, '<html>', 'OCI_DOMAIN_UNREACHABLE'],
  ])('of %i with %j is %s', async (status, text, code) => {
    const failure = await failureOf(ask({ status, text, headers: { 'opc-request-id': 'one' } }));
    expect(failure).toMatchObject({ code, status, requestId: 'one' });
  });

  it.each([
    ['unreachable', false, 'OCI_DOMAIN_UNREACHABLE'],
    ['timed-out', false, 'OCI_DOMAIN_UNREACHABLE'],
    ['untrusted', false, 'TLS_UNTRUSTED'],
    ['unusable', false, 'OCI_RESPONSE_MALFORMED'],
    ['unreachable', true, 'DEADLINE_EXCEEDED'],
    ['timed-out', true, 'DEADLINE_EXCEEDED'],
  ] as const)('that never came (%s, out of time: %p) is %s', async (fault, outOfTime, code) => {
    const http: Http = {
      preconnect: () => {},
      send: () => Promise.reject(new TransportError(fault, 'so', outOfTime)),
    };
    expect((await failureOf(exchangeToken(http, async () => exchange))).code).toBe(code);
  });

  it('lets a failure to describe the request through as it is', async () => {
    const failing = () => Promise.reject(new ActionError('GITHUB_UNREACHABLE', 'so'));
    expect((await failureOf(exchangeToken(answering({}), failing))).code).toBe('GITHUB_UNREACHABLE');
  });
});

describe('a refusal of a resource', () => {
  it.each([
    ['invalid_client', 'OCI_CLIENT_REJECTED'],
    ['No rules matched', 'OCI_EXCHANGE_REJECTED'],
    ['not a service user', 'OCI_EXCHANGE_REJECTED'],
  ])('for %s is never about rules or users: %s', async (text, code) => {
    const resource = { type: '::error::x', lifetimeSeconds: undefined };
    const http = answering({ status: 401, text: denied(text, text) });
    const failure = await failureOf(exchangeToken(http, async () => ({ ...exchange, resource })));
    expect(failure.code).toBe(code);
    expect(failure.snippets.map(({ title }) => title)).toEqual([
      expect.stringContaining('JSON'),
      expect.stringContaining('CLI'),
      expect.stringContaining('Terraform'),
    ]);
    expect(failure.details.join('\n')).toContain('`impersonatingResource` : :error: :x');
    for (const { text: pasted } of failure.snippets) expect(pasted).not.toMatch(/service.?user/i);
  });
});

describe('what a refusal says', () => {
  const said = async (text: string) =>
    (await failureOf(ask({ status: 400, text: denied('e', text) }))).message;

  it('shows issuer, audience and subject', async () => {
    const failure = await failureOf(ask({ status: 400, text: denied('e', 'd') }));
    expect(failure.facts).toEqual({ ...exchange.claims, exp: '2030-01-01T00:00:00.000Z' });
    for (const value of Object.values(exchange.claims)) expect(failure.message).toContain(value);
  });

  it('holds no secret that the domain echoes', async () => {
    const basic = credentials.basic.reveal();
    const message = await said(`${JWT} ${SECRET} ${basic} again ${JWT}`);
    for (const secret of [JWT, SECRET, basic]) expect(message).not.toContain(secret);
    expect(message).toContain('again');
  });

  it.each([
    Buffer.from(SECRET).toString('base64'),
    encodeURIComponent(SECRET),
    new URLSearchParams([['', SECRET]]).toString().slice(1),
    encodeURIComponent(credentials.basic.reveal()),
  ])('holds no secret in the spelling %s', async (spelling) => {
    expect(await said(`sent ${spelling}`)).not.toContain(spelling);
  });

  it.each([
    'x\n::error::y',
    'x\r\n##[error]y',
    '::add-mask::a',
    ':::',
    '::::',
    '##[group]',
    '##\n[x',
    ':\n:',
    '\u2028::x',
    '\0::x',
  ])('is one line without commands to the runner for %j', async (text) => {
    const message = await said(text);
    expect(message).not.toMatch(/\p{Cc}|[\u2028\u2029]/u);
    expect(message).not.toContain('##[');
    expect(message).not.toContain('::');
  });

  it('shows a branch or a rule named like a command as harmless text', async () => {
    const name = 'refs/heads/##[error]x\n::error::y';
    const claims = { ...exchange.claims, ref: name, sub: `:::${name}` };
    const trustRules = [{ claim: 'sub', operator: 'eq' as const, value: '::error::x ##[error]' }];
    const text = denied('e', 'No rules matched');
    const work = exchangeToken(answering({ status: 400, text }), async () => ({
      ...exchange,
      claims,
      trustRules,
    }));
    const { message, facts, details } = await failureOf(work);
    expect(message).toContain('`trust-rule`');
    for (const line of [message, ...Object.values(facts), ...details]) expect(line).not.toMatch(/##\[|::|\n/);
  });

  it('is short', async () => {
    expect((await said('x'.repeat(100_000))).length).toBeLessThan(600);
  });
});
