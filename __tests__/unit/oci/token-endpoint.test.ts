import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import { toClientCredentials } from '../../../src/inputs/client-credentials.ts';
import { generateSessionKeyPair } from '../../../src/oci/key-pair.ts';
import {
  accessTokenRequest,
  processAccessTokenResponse,
  processTokenExchangeResponse,
  tokenExchangeRequest,
} from '../../../src/oci/token-endpoint.ts';
import type { HttpRequest } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';
import { codeOf } from '../../repo/code-of.ts';
import { responseOf } from '../stub-http.ts';

const SECRET = 'hunter2+/= ö';
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2lnbmF0dXJl';
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const client = toClientCredentials('app', new Secret(SECRET));
const NOW = Date.UTC(2030, 0, 1);
const endpoint = { domainUrl: new URL('https://idcs-1.example:8443'), requester: client };
const exchange = { subjectToken: new Secret(JWT), publicKeyBase64: 'AB+/==', resource: undefined };

const formOf = ({ body }: HttpRequest) => Object.fromEntries(new URLSearchParams(body));
const process = (...response: Parameters<typeof responseOf>) =>
  processTokenExchangeResponse(responseOf(...response), client, exchange.subjectToken);

function refusalOf(work: () => unknown): ServiceRefusal {
  try {
    work();
  } catch (error) {
    if (error instanceof ServiceRefusal) return error;
    throw error;
  }
  throw new Error('no refusal');
}

describe('tokenExchangeRequest', () => {
  it('posts a form to the token endpoint, with Basic authorization', () => {
    const request = tokenExchangeRequest(endpoint, exchange, NOW);
    const { method, url, headers, body = '' } = request;
    expect([method, url.href]).toEqual(['POST', 'https://idcs-1.example:8443/oauth2/v1/token']);
    const basic = Buffer.from(headers['authorization']?.replace('Basic ', '') ?? '', 'base64');
    expect(basic.toString('utf8')).toBe(`app:${SECRET}`);
    expect(headers['content-length']).toBe(String(body.length));
    expect(formOf(request)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:oci:token-type:oci-upst',
      subject_token_type: 'jwt',
      subject_token: JWT,
      public_key: 'AB+/==',
    });
  });

  it.each([
    [undefined, undefined],
    [7200, '7200'],
  ])('requests an RPST for a resource, with the lifetime %p as rpst_exp %p', (lifetimeSeconds, rpst_exp) => {
    const resource = { type: 'github acme', lifetimeSeconds };
    const form = formOf(tokenExchangeRequest(endpoint, { ...exchange, resource }, NOW));
    expect(form).toMatchObject({
      requested_token_type: 'urn:oci:token-type:oci-rpst',
      res_type: 'github acme',
    });
    expect(form['rpst_exp']).toBe(rpst_exp);
  });
});

describe('a signed request', () => {
  it('names no client, covers the form, and has the date of each attempt', async () => {
    const { privateKeyPem } = await generateSessionKeyPair();
    const requester = { token: new Secret('h.p.s'), privateKeyPem };
    const to = { domainUrl: endpoint.domainUrl, requester };
    const [one, two] = [NOW, NOW + 1000].map((now) => tokenExchangeRequest(to, exchange, now));
    expect(one?.body).toBe(tokenExchangeRequest(endpoint, exchange, NOW).body);
    expect(one?.headers).toMatchObject({
      host: 'idcs-1.example:8443',
      date: 'Tue, 01 Jan 2030 00:00:00 GMT',
      'content-type': 'application/x-www-form-urlencoded',
      'x-content-sha256': createHash('sha256')
        .update(one?.body ?? '')
        .digest('base64'),
    });
    const authorization = one?.headers['authorization'] ?? '';
    expect(authorization).toContain('keyId="ST$h.p.s"');
    expect(authorization).toContain(
      'headers="date (request-target) host content-length content-type x-content-sha256"',
    );
    expect(two?.headers['date']).toBe('Tue, 01 Jan 2030 00:00:01 GMT');
    expect(two?.headers['authorization']).not.toBe(authorization);
  });

  it('requests an access token by an exchange without a subject token', async () => {
    const { privateKeyPem } = await generateSessionKeyPair();
    const requester = { token: new Secret('h.p.s'), privateKeyPem };
    const request = accessTokenRequest({ domainUrl: endpoint.domainUrl, requester }, 'sts.amazon.com/', NOW);
    expect(formOf(request)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: 'sts.amazon.com/',
    });
    expect(request.headers['authorization']).toMatch(/^Signature /);
  });

  it('is refused without a repetition of the token that signed it', () => {
    const token = new Secret('header.payload.signature');
    const text = JSON.stringify({ error: 'invalid_client', error_description: `Not ${token.reveal()}.` });
    const requester = { token, privateKeyPem: new Secret('key') };
    const refusal = refusalOf(() =>
      processTokenExchangeResponse(responseOf(401, text), requester, exchange.subjectToken),
    );
    expect(refusal.text).toBe('invalid_client: Not [redacted]');
  });
});

describe('processTokenExchangeResponse', () => {
  it.each([
    '{"token":"h.p.s"}',
    '{"access_token":"h.p.s","token_type":"Bearer"}',
    '{"error":"e","token":"h.p.s"}',
  ])('returns the token of %s', (text) => {
    const headers = { 'opc-request-id': 'one', date: 'Tue, 01 Jan 2030 00:00:00 GMT' };
    const { token, ...rest } = process(200, text, headers);
    expect(token.reveal()).toBe('h.p.s');
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
  ])('returns only a printable request id (%#)', (headers, expected) => {
    expect(process(200, '{"token":"h.p.s"}', headers).requestId).toBe(expected);
  });

  it.each([
    [200, ''],
    [200, '<html>'],
    [200, '[]'],
    [200, 'null'],
    [200, '{"token":'],
    [200, '{}'],
    [200, '{"token":""}'],
    [200, '{"token":{"a":1}}'],
    [200, '{"error":null}'],
    [200, `{"error":${DEEP}}`],
    [400, `{"error":${DEEP}}`],
    [201, '{"token":"h.p.s"}'],
    [204, ''],
    [302, ''],
    [400, '<html>'],
    [404, '{"error":"not_found"}'],
  ])('throws OCI_RESPONSE_MALFORMED for %i with %j', (status, text) => {
    expect(codeOf(() => process(status, text))).toBe('OCI_RESPONSE_MALFORMED');
  });

  it.each([
    [200, '<!DOCTYPE html><p>', {}, 'gateway.example responded with an HTML page (status 200): a proxy or'],
    [
      401,
      '',
      { 'content-type': 'text/html' },
      'gateway.example responded with an HTML page (status 401): a proxy or',
    ],
    [403, ' <HTML>', {}, 'gateway.example responded with an HTML page (status 403): a proxy or gateway'],
    [404, '<html>', {}, 'status 404: there is no token endpoint'],
    [302, '<html>', {}, 'a redirect (302)'],
  ])('names the cause of status %i with %j', (status, text, headers, message) => {
    const response = { ...responseOf(status, text, headers), host: 'gateway.example' };
    expect(() => processTokenExchangeResponse(response, client, exchange.subjectToken)).toThrow(message);
  });

  it.each([
    [400, { error: 'e', error_description: 'd' }, 'e', 'e: d'],
    [401, { error: 'invalid_client' }, 'invalid_client', 'invalid_client'],
    [403, { detail: 'SCIM' }, '', 'SCIM'],
    [200, { error: 'e', error_description: 'd' }, 'e', 'e: d'],
    [200, { error: 'e', token: '' }, 'e', 'e'],
    [400, {}, '', ''],
    [400, { error: { deep: 1 } }, '{"deep":1}', '{"deep":1}'],
    [
      400,
      { error: { toString: null, valueOf: null } },
      '{"toString":null,"valueOf":null}',
      expect.any(String),
    ],
    [429, { error: 'e' }, '', ''],
    [503, { token: 'h.p.s' }, '', ''],
  ])('throws ServiceRefusal for %i with %j', (status, body, code, text) => {
    const refusal = refusalOf(() => process(status, JSON.stringify(body), { 'opc-request-id': 'one' }));
    expect(refusal).toMatchObject({ service: 'domain', status, code, text, requestId: 'one' });
  });
});

describe('the text of a ServiceRefusal', () => {
  const textOf = (error_description: string) =>
    refusalOf(() => process(400, JSON.stringify({ error: 'e', error_description }))).text;

  it.each([
    JWT,
    SECRET,
    client.basic.reveal(),
    Buffer.from(SECRET).toString('base64'),
    encodeURIComponent(SECRET),
    new URLSearchParams([['', SECRET]]).toString().slice(1),
    encodeURIComponent(client.basic.reveal()),
  ])('does not repeat a secret in the encoding %s', (encoded) => {
    const text = textOf(`${encoded} again ${encoded}`);
    expect(text).not.toContain(encoded);
    expect(text).toContain('again');
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
  ])('is one line without commands to the runner for %j', (words) => {
    expect(textOf(words)).not.toMatch(/\p{Cc}|[\u2028\u2029]|##\[|::/u);
  });

  it('is short', () => {
    expect(textOf('x'.repeat(100_000)).length).toBeLessThan(310);
  });
});

describe('the access token', () => {
  it('is requested with the grant client_credentials', () => {
    expect(formOf(accessTokenRequest(endpoint, '/', NOW))).toEqual({
      grant_type: 'client_credentials',
      scope: '/',
    });
  });

  it.each([
    ['{"access_token":"a.b.c"}', 'none'],
    ['{"access_token":"a.b"}', 'OCI_RESPONSE_MALFORMED'],
    ['{"token":"a.b.c"}', 'OCI_RESPONSE_MALFORMED'],
  ])('must be a JWT: %s gives %s', (text, code) => {
    expect(codeOf(() => processAccessTokenResponse(responseOf(200, text), client))).toBe(code);
  });
});
