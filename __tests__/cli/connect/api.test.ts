// Which requests are sent again, on a clock that nobody waits for.
import { describe, expect, it } from '@jest/globals';
import { createApi } from '../../../cli/connect/api.ts';
import type { ApiRequest, ApiResponse } from '../../../cli/connect/connection.ts';
import type { ServiceTexts } from '../../../cli/connect/refusal.ts';
import { CommandError } from '../../../cli/failure.ts';
import { TransportError } from '../../../src/errors/transport-error.ts';
import { Secret } from '../../../src/secret.ts';

const SERVICE: ServiceTexts = {
  name: 'the service',
  hostOption: '`--host`',
  unauthorizedAdvice: 'Log in.',
  reasonIn: ({ message }) => ({ text: message }),
  explain: () => undefined,
};
const OK: ApiResponse = { status: 200, headers: {}, body: {}, requestId: undefined };
const status = (
  code: number,
  headers: Record<string, string> = {},
  body: unknown = undefined,
): ApiResponse => ({ status: code, headers, body, requestId: 'R1' });
const reset = () => new TransportError('unreachable', 'the connection to x failed (ECONNRESET)');

/** The outcomes come one after the other, then success. */
function apiWith(...outcomes: (ApiResponse | Error)[]) {
  const clock = { time: 0, waits: [] as number[] };
  let sent = 0;
  const api = createApi({
    service: SERVICE,
    log: () => {},
    clock: {
      now: () => clock.time,
      sleep: async (milliseconds) => {
        clock.waits.push(milliseconds);
        clock.time += milliseconds;
      },
    },
    connection: {
      secrets: [new Secret('hunter22')],
      async send() {
        const outcome = outcomes[sent] ?? OK;
        sent += 1;
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
    },
  });
  return {
    clock,
    sent: () => sent,
    async call(request: Partial<ApiRequest>, accepted?: number[]) {
      const whole = { method: 'GET', url: new URL('https://x.example/y'), ...request } as const;
      return api.call(whole, 'Doing it', accepted).catch((error: unknown) => {
        if (error instanceof CommandError)
          return { code: error.code, message: error.message, remedy: error.remedy };
        throw error;
      });
    },
  };
}

const withTag: Partial<ApiRequest> = { method: 'PATCH', headers: { 'if-match': '1' } };
const withToken: Partial<ApiRequest> = { method: 'POST', headers: { 'opc-retry-token': '1' } };

describe('a request', () => {
  it.each<[string, Partial<ApiRequest>, ApiResponse | Error]>([
    ['GET', { method: 'GET' }, status(503)],
    ['GET', { method: 'GET' }, reset()],
    ['DELETE', { method: 'DELETE' }, status(500)],
    ['PUT', { method: 'PUT' }, status(408)],
    ['PATCH with an ETag', withTag, reset()],
    ['POST with a retry token', withToken, reset()],
    ['POST that was certainly not carried out', { method: 'POST' }, status(429)],
    ['PATCH that was certainly not sent', { method: 'PATCH' }, new TransportError('host-not-found', 'x')],
  ])('%s is sent again after a transient failure', async (_what, request, outcome) => {
    const api = apiWith(outcome);
    expect([await api.call(request), api.sent()]).toMatchObject([{ status: 200 }, 2]);
  });

  it.each<[string, Partial<ApiRequest>, ApiResponse | Error, string]>([
    ['POST', { method: 'POST' }, status(500), 'SERVICE_UNREACHABLE'],
    ['PATCH without an ETag', { method: 'PATCH' }, status(503), 'SERVICE_UNREACHABLE'],
    ['GET after 501', { method: 'GET' }, status(501), 'SERVICE_REFUSED'],
    ['GET after a refusal', { method: 'GET' }, status(400), 'SERVICE_REFUSED'],
    [
      'GET with an untrusted certificate',
      { method: 'GET' },
      new TransportError('untrusted', 'x'),
      'SERVICE_UNREACHABLE',
    ],
    [
      'GET with an unusable response',
      { method: 'GET' },
      new TransportError('unusable', 'x'),
      'RESPONSE_MALFORMED',
    ],
  ])('%s is sent once', async (_what, request, outcome, code) => {
    const api = apiWith(outcome);
    expect([await api.call(request), api.sent()]).toMatchObject([{ code }, 1]);
  });

  it('that may have been carried out says so', async () => {
    expect(await apiWith(reset()).call({ method: 'POST' })).toMatchObject({
      message:
        'Doing it: the connection to x failed (ECONNRESET) (1 attempt). The service may have made the change nevertheless.',
    });
  });

  it('waits as long as the server requires', async () => {
    const api = apiWith(status(503, { 'retry-after': '30' }));
    await api.call({});
    expect(api.clock.waits).toEqual([30_000]);
  });

  it.each([
    ['the server requires a wait of an hour', [status(429, { 'retry-after': '3600' })], 1],
    ['the service fails each time', Array.from({ length: 9 }, () => status(429)), 4],
  ])('ends when %s', async (_what, outcomes, sent) => {
    const api = apiWith(...outcomes);
    expect([await api.call({}), api.sent()]).toMatchObject([{ code: 'RATE_LIMITED' }, sent]);
    expect(api.clock.time).toBeLessThan(180_000);
  });

  it('with a status that the caller accepts is a result', async () => {
    expect(await apiWith(status(404)).call({}, [404])).toMatchObject({ status: 404 });
  });
});

describe('a refusal', () => {
  it.each<[number, string, RegExp]>([
    [401, 'CREDENTIALS_UNUSABLE', /^Log in\.$/],
    [403, 'NOT_PERMITTED', /permission/],
    [404, 'NOT_FOUND', /Check the name/],
    [409, 'CONFLICT', /again/],
    [412, 'CONFLICT', /again/],
    [415, 'SERVICE_REFUSED', /^The host does not accept JSON\. Check `--host`\.$/],
    [429, 'RATE_LIMITED', /Wait a minute/],
    [302, 'RESPONSE_MALFORMED', /^Check `--host`\.$/],
  ])('with %i is %s', async (code, expected, remedy) => {
    const outcomes = Array.from({ length: 4 }, () => status(code, {}, { message: 'No way.' }));
    expect(await apiWith(...outcomes).call({})).toEqual({
      code: expected,
      message: `Doing it: the service responded with ${code}${code === 429 ? ' (4 attempts)' : ''}: No way.`,
      remedy: expect.stringMatching(remedy),
    });
  });

  it('names the host that a redirect leads to', async () => {
    expect(await apiWith(status(302, { location: 'https://login.example/x?y=z' })).call({})).toMatchObject({
      message: 'Doing it: the service responded with a redirect (302) to login.example.',
    });
  });

  it('does not repeat a secret, a line break or a command of the runner', async () => {
    const text = 'no hunter22\n::set-env name=x::y';
    expect(await apiWith(status(400, {}, { message: text })).call({})).toMatchObject({
      message: 'Doing it: the service responded with 400: no [redacted] : :set-env name=x: :y.',
    });
  });

  it('that is an HTML page is RESPONSE_MALFORMED, and the message says that it is a page', async () => {
    const page = { ...status(503), headers: { 'content-type': 'text/html' }, body: '<html>' };
    expect(await apiWith(page, page, page, page).call({})).toMatchObject({
      code: 'RESPONSE_MALFORMED',
      message: expect.stringContaining('x.example responded with an HTML page (status 503)'),
    });
  });
});
