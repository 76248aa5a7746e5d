import { expect, it } from '@jest/globals';
import { awaitDiscovery } from '../../../cli/setup/aws/discovery.ts';
import { TransportError } from '../../../src/errors/transport-error.ts';
import type { HttpRequest, HttpResponse } from '../../../src/ports.ts';
import { stubHttp } from '../../unit/stub-http.ts';

const ISSUER = 'https://idcs-1.identity.oraclecloud.com';
const document = (issuer: string) => ({
  text: JSON.stringify({ issuer, jwks_uri: `${ISSUER}/admin/v1/SigningCert/jwk` }),
});
const KEYS = { text: JSON.stringify({ keys: [{ kid: 'SIGNING_KEY' }] }) };

/** @param respond what the domain responds to each request of the document; it publishes its keys */
async function wait(respond: (request: HttpRequest) => Partial<HttpResponse> | Error) {
  let now = 0;
  const lines: string[] = [];
  const { http } = stubHttp(respond);
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const progress = (line: string) => void lines.push(line);
  const outcome = await awaitDiscovery({ http, clock, progress }, ISSUER, new URL(ISSUER)).catch(
    (error: unknown) => error,
  );
  return { outcome, lines, waited: now };
}

const isDocument = ({ url }: HttpRequest) => url.pathname.endsWith('openid-configuration');

it('waits until the document names the issuer, and the keys are public', async () => {
  let requests = 0;
  const { outcome, lines } = await wait((request) => {
    requests += 1;
    if (requests === 1) return document('https://identity.oraclecloud.com/');
    if (isDocument(request)) return document(ISSUER);
    return requests === 3 ? { status: 401 } : KEYS;
  });
  expect(outcome).toBeUndefined();
  expect(lines).toEqual([
    expect.stringContaining('names issuer "https://identity.oraclecloud.com/"'),
    expect.stringMatching(/Without credentials, .* sends status 401/),
  ]);
});

it.each<[string, Partial<HttpResponse> | Error, RegExp]>([
  ['another issuer', document('https://identity.oraclecloud.com/'), /names issuer/],
  ['no response', new TransportError('unreachable', 'the connection failed'), /the connection failed/],
])('gives up after two minutes with %s, before anything is created in AWS', async (_name, response, text) => {
  const { outcome, waited } = await wait(() => response);
  expect(outcome).toMatchObject({ code: 'DISCOVERY_UNUSABLE', message: expect.stringMatching(text) });
  expect(waited).toBe(120_000);
});
