import { describe, expect, it } from '@jest/globals';
import { ActionError, TransportError, type TransportFault } from '../../../src/errors/action-error.ts';
import { generateSessionKeyPair } from '../../../src/oci/key-pair.ts';
import { objectStorageOf, processVerifyResponse, verifySession } from '../../../src/oci/namespace.ts';
import type { Http, HttpRequest, HttpResponse } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';

const NOW = Date.UTC(2030, 0, 1, 12);
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2lnbmF0dXJl';
const url = new URL('https://storage.example/n/');
const { privateKeyPem } = await generateSessionKeyPair();
const proof = { token: new Secret(TOKEN), privateKeyPem };
const asked = { url, proof, now: NOW };

const at = (milliseconds: number) => new Date(NOW + milliseconds).toUTCString();
const refusal = (code: string, message = 'Why not.') => JSON.stringify({ code, message });

function answer(status: number, text: string, headers: Record<string, string> = {}): HttpResponse {
  return { status, text, headers: { 'opc-request-id': 'R1', date: at(0), ...headers }, tries: '3 tries' };
}

async function failureOf(work: () => unknown): Promise<ActionError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
  throw new Error('no failure');
}

describe('the answer', () => {
  it('is the namespace', () => {
    expect(processVerifyResponse(answer(200, '"acme"'), asked)).toEqual({
      namespace: 'acme',
      requestId: 'R1',
    });
  });

  const denied = refusal('NotAuthenticated', `The token ${TOKEN} is not good.`);
  it.each<[what: string, HttpResponse, code: string, says: string]>([
    ['a refused session', answer(401, denied), 'OCI_SESSION_REFUSED', 'The token [redacted] is not good'],
    ['a skew that is allowed', answer(401, denied, { date: at(300_000) }), 'OCI_SESSION_REFUSED', '401'],
    ['no date', answer(401, denied, { date: 'soon' }), 'OCI_SESSION_REFUSED', '401'],
    ['a clock behind', answer(401, denied, { date: at(301_000) }), 'OCI_CLOCK_SKEWED', '301 s behind'],
    ['a clock ahead', answer(401, denied, { date: at(-3_600_000) }), 'OCI_CLOCK_SKEWED', '3600 s ahead of'],
    ['no policy', answer(404, refusal('NotAuthorizedOrNotFound')), 'OCI_NOT_AUTHORIZED', '404, 3 tries'],
    ['no policy, told as 403', answer(403, refusal('NotAuthorized')), 'OCI_NOT_AUTHORIZED', '403, 3 tries'],
    ['too many calls', answer(429, ''), 'OCI_SERVICE_UNREACHABLE', 'answered 429 (3 tries)'],
    ['a breakdown', answer(503, '<html>'), 'OCI_SERVICE_UNREACHABLE', 'answered 503 (3 tries)'],
    ['a redirect', answer(307, ''), 'OCI_SERVICE_RESPONSE_MALFORMED', 'a redirect (307)'],
    ['a portal that wants a login', answer(401, '<html>'), 'OCI_SERVICE_RESPONSE_MALFORMED', '401'],
    ['a page that is not there', answer(404, '<html>'), 'OCI_SERVICE_RESPONSE_MALFORMED', '404'],
    [
      'another 404',
      answer(404, refusal('NotFound')),
      'OCI_SERVICE_RESPONSE_MALFORMED',
      '404: NotFound: Why not.',
    ],
    ['a portal', answer(200, '<html>'), 'OCI_SERVICE_RESPONSE_MALFORMED', 'no namespace'],
    ['an object', answer(200, '{"a":1}'), 'OCI_SERVICE_RESPONSE_MALFORMED', 'no namespace'],
    ['a command', answer(200, '"::set-env::x"'), 'OCI_SERVICE_RESPONSE_MALFORMED', 'no namespace'],
  ])('is told for what it is: %s', async (_what, response, code, says) => {
    const failure = await failureOf(() => processVerifyResponse(response, asked));
    expect([failure.code, failure.requestId, failure.status]).toEqual([code, 'R1', response.status]);
    expect(failure.message).toContain(says);
    expect(failure.message).toContain('storage.example');
    expect(failure.message).not.toContain(TOKEN);
  });
});

describe('the call', () => {
  const clock = { now: () => NOW, sleep: async () => {} };

  function sending(result: HttpResponse | TransportError): { http: Http; sent: HttpRequest[] } {
    const sent: HttpRequest[] = [];
    const send: Http['send'] = async (describe) => {
      sent.push(await describe());
      if (result instanceof TransportError) throw result;
      return result;
    };
    return { http: { preconnect: () => {}, send }, sent };
  }

  it('asks for the namespace, and for nothing else', async () => {
    const { http, sent } = sending(answer(200, '"acme"'));
    const verified = await verifySession({ http, clock }, new URL('https://storage.example:8443/'), proof);
    expect(verified.namespace).toBe('acme');
    expect(sent.map(({ method, url }) => [method, String(url)])).toEqual([
      ['GET', 'https://storage.example:8443/n/'],
    ]);
  });

  it.each([
    [404, refusal('NotAuthorizedOrNotFound'), '404 NotAuthorizedOrNotFound'],
    [403, refusal('NotAuthorized'), '403 NotAuthorized'],
    [404, refusal('NotFound'), undefined],
    [403, '<html>', undefined],
    [401, refusal('NotAuthorized'), undefined],
    [401, refusal('NotAuthenticated'), undefined],
  ])(
    'is repeated for a policy that may be on its way, and for no other refusal: %s %s',
    async (status, text, why) => {
      const { http, sent } = sending(answer(200, '"acme"'));
      await verifySession({ http, clock }, url, proof);
      expect(sent[0]?.transient?.(answer(status, text))).toBe(why);
    },
  );

  it.each<[TransportFault, boolean, string]>([
    ['unreachable', false, 'OCI_SERVICE_UNREACHABLE'],
    ['timed-out', false, 'OCI_SERVICE_UNREACHABLE'],
    ['timed-out', true, 'DEADLINE_EXCEEDED'],
    ['unusable', false, 'OCI_SERVICE_RESPONSE_MALFORMED'],
    ['untrusted', false, 'TLS_UNTRUSTED'],
    ['proxy-refused', false, 'PROXY_REFUSED'],
    ['proxy-unreachable', false, 'PROXY_UNREACHABLE'],
  ])('that comes to nothing is told by why: %s, out of time %s', async (fault, outOfTime, code) => {
    const { http } = sending(new TransportError(fault, 'it did not work', outOfTime));
    const failure = await failureOf(() => verifySession({ http, clock }, url, proof));
    expect([failure.code, failure.message]).toEqual([code, 'Verifying the session: it did not work.']);
  });
});

describe('Object Storage', () => {
  it.each([
    ['us-ashburn-1', 'oc1', 'oraclecloud.com'],
    ['us-gov-phoenix-1', 'oc3', 'oraclegovcloud.com'],
    ['uk-gov-london-1', 'oc4', 'oraclegovcloud.uk'],
    ['ap-chiyoda-1', 'oc8', 'oraclecloud8.com'],
    ['eu-frankfurt-2', 'oc19', 'oraclecloud.eu'],
    ['us-newark-1', 'oc42', 'oraclecloud42.com'],
  ])('of %s in realm %s is below %s', (region, realm, domain) => {
    const found = objectStorageOf(region, `ocid1.tenancy.${realm}..aaaa`);
    expect(found.origin).toBe(`https://objectstorage.${region}.${domain}`);
  });

  it.each(['oc16', 'oc0', 'toString', ''])('of an unknown realm has to be given: %j', async (realm) => {
    const { code, message } = await failureOf(() =>
      objectStorageOf('us-x-1', `ocid1.tenancy.${realm}..aaaa`),
    );
    expect([code, message]).toEqual(['OCI_REALM_UNKNOWN', expect.stringContaining(JSON.stringify(realm))]);
  });
});
