// Rows of the fault matrix: a response with the wrong content, from the wrong server, or at another time.
// The expectations are what is promised, not what happens to come out.
import type { Outcome, Row } from './fault-matrix.ts';
import { fails, MALFORMED, NOT_IN_CREDENTIALS, row, SUCCEEDS } from './fault-outcomes.ts';

export const CONTENT_ROWS: readonly Row[] = [
  { what: 'JSON cut short', disturbance: { kind: 'truncated-json' }, expected: MALFORMED },
  { what: 'HTML', disturbance: { kind: 'html' }, expected: MALFORMED },
  { what: 'an empty body', disturbance: { kind: 'empty-body' }, expected: MALFORMED },
  {
    what: '30 MB',
    disturbance: { kind: 'oversized' },
    expected: MALFORMED,
    text: /larger than 1048576 bytes/,
  },
  {
    what: 'a gzip bomb',
    disturbance: { kind: 'gzip-bomb' },
    expected: MALFORMED,
    text: /larger than 1048576 bytes/,
  },
  ...(['gzip', 'deflate', 'br'] as const).map((kind) => ({
    what: `the right body in ${kind}`,
    disturbance: { kind },
    expected: row(SUCCEEDS, SUCCEEDS, SUCCEEDS, SUCCEEDS),
  })),
  {
    what: 'JSON of 200,000 levels',
    disturbance: { kind: 'status', status: 200, body: `{"error":${'['.repeat(2e5)}${']'.repeat(2e5)}}` },
    expected: MALFORMED,
  },
  {
    what: '900 kB of &',
    disturbance: { kind: 'status', status: 200, body: '&'.repeat(900_000), contentType: 'text/xml' },
    expected: MALFORMED,
  },
  {
    // A body is judged by what it holds.
    what: 'the wrong content type on the right body',
    disturbance: { kind: 'wrong-content-type' },
    expected: row(SUCCEEDS, SUCCEEDS, SUCCEEDS, SUCCEEDS),
  },
];

export const GRANT_ROWS: readonly Row[] = [
  ...(['empty-token', 'no-token', 'wrong-type'] as const).map((kind) => ({
    what: kind,
    disturbance: { kind },
    expected: MALFORMED,
  })),
  {
    what: 'not-a-jwt',
    disturbance: { kind: 'not-a-jwt' },
    expected: { ...MALFORMED, sts: NOT_IN_CREDENTIALS },
  },
  {
    what: 'a token for another key, or signed by it',
    disturbance: { kind: 'other-key' },
    expected: row(
      fails('OCI_EXCHANGE_REJECTED'),
      fails('UPST_KEY_MISMATCH'),
      { ...fails('AWS_SIGNING_KEYS_HIDDEN'), laterWaits: 2 },
      NOT_IN_CREDENTIALS,
    ),
  },
  {
    // The domain judges GitHub's token: its clock may be the right one.
    what: 'an expired token',
    disturbance: { kind: 'expired' },
    expected: row(
      fails('OCI_EXCHANGE_REJECTED'),
      fails('UPST_EXPIRED'),
      fails('AWS_TOKEN_EXPIRED'),
      fails('AWS_RESPONSE_MALFORMED'),
    ),
  },
  {
    what: 'a token that is not valid for another hour',
    disturbance: { kind: 'not-yet-valid' },
    expected: row(
      fails('OCI_EXCHANGE_REJECTED'),
      fails('UPST_EXPIRED'),
      fails('AWS_IDENTITY_TOKEN_INVALID'),
      NOT_IN_CREDENTIALS,
    ),
  },
  {
    what: 'a token for another audience',
    disturbance: { kind: 'other-audience' },
    expected: row(
      fails('OCI_EXCHANGE_REJECTED'),
      'the session is for OCI, whatever its audience says',
      fails('AWS_AUDIENCE_MISMATCH'),
      NOT_IN_CREDENTIALS,
    ),
  },
  {
    what: 'another tenancy, issuer or account',
    disturbance: { kind: 'other-tenancy' },
    expected: row(
      fails('OCI_EXCHANGE_REJECTED'),
      fails('UPST_TENANCY_MISMATCH'),
      fails('AWS_ISSUER_UNUSABLE'),
      fails('AWS_RESPONSE_MALFORMED'),
    ),
  },
];

export const TLS_ROWS: readonly Row[] = (['unknown-authority', 'expired', 'other-host'] as const).map(
  (flaw) => ({
    what: `a certificate: ${flaw}`,
    disturbance: { kind: 'certificate', flaw },
    expected: row(
      fails('TLS_UNTRUSTED'),
      fails('TLS_UNTRUSTED'),
      fails('TLS_UNTRUSTED'),
      fails('TLS_UNTRUSTED'),
    ),
    // A retry changes nothing: the message must name the cure.
    text: /NODE_EXTRA_CA_CERTS.*the TLS certificate of \S+ was not accepted/,
  }),
);

const warned = (where: string): Outcome => ({
  ...SUCCEEDS,
  warning: new RegExp(`clock is (59|60)\\d s ${where}`),
});

/** OCI takes dates that are five minutes off at most, so its cloud warns; AWS's own tools correct themselves. */
export const CLOCK_ROWS: readonly Row[] = [
  {
    what: 'a clock ten minutes slow',
    disturbance: { kind: 'skew', minutes: 10 },
    expected: row(warned('slow'), warned('slow'), SUCCEEDS, SUCCEEDS),
  },
  {
    what: 'a clock ten minutes fast',
    disturbance: { kind: 'skew', minutes: -10 },
    expected: row(warned('fast'), warned('fast'), SUCCEEDS, SUCCEEDS),
  },
];
