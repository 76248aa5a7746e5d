// Rows of the fault matrix: the network fails, or a server refuses. The expectations are what is promised, not what
// happens to come out.
import type { Fault, WireFault } from '../../../emulator/server/start.ts';
import type { Row } from './fault-matrix.ts';
import { fails, MALFORMED, rateLimited, row, unreachable } from './fault-outcomes.ts';

export const WIRE_ROWS: readonly Row[] = [
  {
    what: 'refused',
    disturbance: { kind: 'refused' },
    expected: unreachable(3),
    text: /ECONNREFUSED/,
  },
  ...(['reset-before-headers', 'reset-inside-body'] as const).map((kind) => ({
    what: kind,
    disturbance: { kind },
    expected: unreachable(3),
    text: /ECONNRESET/,
    mayPass: true,
  })),
  ...(['stall-before-headers', 'stall-inside-headers', 'stall-inside-body'] as const).map((kind) => ({
    what: kind,
    disturbance: { kind },
    expected: unreachable(3),
    text: /no complete response from \S+ within 1 s/,
    mayPass: true,
  })),
];

const status = (code: number, more: Partial<WireFault & { kind: 'status' }> = {}): Fault => ({
  ...more,
  kind: 'status',
  status: code,
});

const BAD_GATEWAY = { body: '<html><h1>502 Bad Gateway</h1></html>', contentType: 'text/html' };

export const REFUSAL_ROWS: readonly Row[] = [
  ...([302, 307] as const).map((code) => ({
    what: `${code}`,
    disturbance: { kind: 'redirect' as const, status: code, location: '' },
    expected: MALFORMED,
    text: new RegExp(`\\b${code}\\b`),
  })),
  {
    what: '401',
    disturbance: status(401),
    expected: row(
      fails('GITHUB_OIDC_REFUSED'),
      fails('OCI_CLIENT_REJECTED'),
      fails('OCI_CLIENT_REJECTED'),
      fails('AWS_ACCESS_DENIED'),
    ),
    text: /\b401\b/,
  },
  {
    what: '403',
    disturbance: status(403),
    expected: row(
      fails('GITHUB_OIDC_REFUSED'),
      fails('OCI_EXCHANGE_REJECTED'),
      fails('OCI_ACCESS_TOKEN_REFUSED'),
      fails('AWS_ACCESS_DENIED'),
    ),
    text: /\b403\b/,
  },
  ...[401, 403].map((code) => ({
    what: `${code} in HTML`,
    disturbance: status(code, { body: `<html><h1>${code} Blocked</h1></html>`, contentType: 'text/html' }),
    expected: { ...MALFORMED, keys: 'as any page that is no JSON' },
    text: new RegExp(
      `responded with an HTML page \\(status ${code}\\): a proxy or gateway responded in place of `,
    ),
  })),
  {
    // A token endpoint that is not there is a wrong `domain-url`, not a refusal by a trust.
    what: '404',
    disturbance: status(404),
    expected: row(
      fails('GITHUB_OIDC_REFUSED'),
      fails('OCI_RESPONSE_MALFORMED'),
      fails('OCI_RESPONSE_MALFORMED'),
      fails('AWS_REQUEST_INVALID'),
    ),
    text: /\b404\b/,
  },
  ...[408, 500, 503].map((code) => ({
    what: `${code}`,
    disturbance: status(code),
    expected: unreachable(3),
    text: new RegExp(`\\b${code}\\b`),
    mayPass: true,
  })),
  {
    what: '502 in HTML',
    disturbance: status(502, BAD_GATEWAY),
    expected: unreachable(3),
    text: /\b502\b/,
    mayPass: true,
  },
];

/** Two attempts, and time for the longest wait between them, so that nothing depends on how long it is by chance. */
const TWO_ATTEMPTS = { 'retry-max-attempts': '2', 'timeout-seconds': '30' };
const rate = (value: string): Fault => status(429, { headers: { 'Retry-After': value } });

export const RATE_ROWS: readonly Row[] = [
  { what: 'without Retry-After', disturbance: status(429), expected: rateLimited(2), inputs: TWO_ATTEMPTS },
  {
    what: 'with Retry-After in seconds',
    disturbance: rate('1'),
    expected: rateLimited(2),
    inputs: TWO_ATTEMPTS,
    mayPass: true,
    leastWaitSeconds: 1,
  },
  {
    // Dates are in whole seconds: what is left of two of them is at least one.
    what: 'with Retry-After as a date',
    disturbance: status(429, { retryAfterDate: 2 }),
    expected: rateLimited(2),
    inputs: TWO_ATTEMPTS,
    mayPass: true,
    leastWaitSeconds: 0.9,
  },
  { what: 'for a day, in seconds', disturbance: rate('86400'), expected: rateLimited(1) },
  {
    what: 'for a day, as a date',
    disturbance: status(429, { retryAfterDate: 86_400 }),
    expected: rateLimited(1),
  },
  { what: 'for centuries', disturbance: rate('31536000000'), expected: rateLimited(1) },
  {
    what: 'until a date long past',
    disturbance: status(429, { retryAfterDate: -86_400 }),
    expected: rateLimited(2),
    inputs: TWO_ATTEMPTS,
  },
  { what: 'for less than nothing', disturbance: rate('-5'), expected: rateLimited(2), inputs: TWO_ATTEMPTS },
  {
    what: 'for garbage',
    disturbance: rate('soon, or later'),
    expected: rateLimited(2),
    inputs: TWO_ATTEMPTS,
  },
].map((one): Row => ({ ...one, what: `429 ${one.what}`, text: /\b429\b/ }));
