// Rows of the fault matrix: an answer comes, but not the right one, or not from the right one, or at another time.
// The expectations are what is promised, not what happens to come out. Must not know how a cell is tried.
import type { Outcome, Row } from './fault-matrix.ts';
import {
  ALREADY_TRIED,
  fails,
  HIDDEN,
  MALFORMED,
  NO_TOKEN,
  NOT_IN_CREDENTIALS,
  row,
  SAME_SERVER,
  SUCCEEDS,
  UNSEEN,
} from './fault-outcomes.ts';

export const CONTENT_ROWS: readonly Row[] = [
  { what: 'JSON cut short', trouble: { kind: 'truncated-json' }, expected: MALFORMED },
  { what: 'HTML', trouble: { kind: 'html' }, expected: MALFORMED },
  { what: 'an empty body', trouble: { kind: 'empty-body' }, expected: MALFORMED },
  {
    what: '30 MB',
    trouble: { kind: 'oversized' },
    expected: { ...MALFORMED, keys: UNSEEN },
    says: /larger than 1048576 bytes/,
  },
  {
    what: 'a gzip bomb',
    trouble: { kind: 'gzip-bomb' },
    expected: { ...MALFORMED, keys: UNSEEN },
    says: /compressed/,
  },
  {
    // A body is judged by what it holds.
    what: 'the wrong content type on the right body',
    trouble: { kind: 'wrong-content-type' },
    expected: row(SUCCEEDS, SUCCEEDS, SUCCEEDS, NO_TOKEN, SUCCEEDS),
  },
];

export const GRANT_ROWS: readonly Row[] = [
  ...(['empty-token', 'no-token', 'wrong-type'] as const).map((kind) => ({
    what: kind,
    trouble: { kind },
    expected: { ...MALFORMED, keys: NO_TOKEN },
  })),
  {
    what: 'not-a-jwt',
    trouble: { kind: 'not-a-jwt' },
    expected: { ...MALFORMED, keys: NO_TOKEN, sts: NOT_IN_CREDENTIALS },
  },
  {
    what: 'a token for another key, or signed by it',
    trouble: { kind: 'other-key' },
    expected: row(
      fails('OCI_EXCHANGE_REJECTED'),
      fails('UPST_KEY_MISMATCH'),
      HIDDEN,
      NO_TOKEN,
      NOT_IN_CREDENTIALS,
    ),
  },
  {
    // An old token of GitHub's is asked for anew, once; then the domain judges, whose clock may be the right one.
    what: 'an expired token',
    trouble: { kind: 'expired' },
    expected: row(
      { ...fails('OCI_EXCHANGE_REJECTED', 2), renewals: 1 },
      fails('UPST_EXPIRED'),
      fails('AWS_TOKEN_EXPIRED'),
      NO_TOKEN,
      fails('AWS_RESPONSE_MALFORMED'),
    ),
  },
  {
    what: 'a token that is not valid for another hour',
    trouble: { kind: 'not-yet-valid' },
    expected: row(
      fails('OCI_EXCHANGE_REJECTED'),
      fails('UPST_EXPIRED'),
      fails('AWS_IDENTITY_TOKEN_INVALID'),
      NO_TOKEN,
      NOT_IN_CREDENTIALS,
    ),
  },
  {
    what: 'a token for another audience',
    trouble: { kind: 'other-audience' },
    expected: row(
      fails('OCI_EXCHANGE_REJECTED'),
      'the session is for OCI, whatever its audience says',
      fails('AWS_AUDIENCE_MISMATCH'),
      NO_TOKEN,
      NOT_IN_CREDENTIALS,
    ),
  },
  {
    what: 'another tenancy, issuer or account',
    trouble: { kind: 'other-tenancy' },
    expected: row(
      fails('OCI_EXCHANGE_REJECTED'),
      fails('UPST_TENANCY_MISMATCH'),
      fails('AWS_ISSUER_UNUSABLE'),
      NO_TOKEN,
      fails('AWS_ACCOUNT_NOT_ALLOWED'),
    ),
  },
  {
    // Nobody has asked for it: the account stands in the role's own name.
    what: "another account than the role's, with no list of those allowed",
    trouble: { kind: 'other-tenancy' },
    expected: row(ALREADY_TRIED, ALREADY_TRIED, ALREADY_TRIED, NO_TOKEN, fails('AWS_RESPONSE_MALFORMED')),
    inputs: { 'aws-allowed-account-ids': '' },
  },
];

export const TLS_ROWS: readonly Row[] = (['unknown-authority', 'expired', 'other-host'] as const).map(
  (flaw) => ({
    what: `a certificate: ${flaw}`,
    trouble: { kind: 'certificate', flaw },
    expected: row(
      fails('TLS_UNTRUSTED'),
      fails('TLS_UNTRUSTED'),
      fails('TLS_UNTRUSTED'),
      SAME_SERVER,
      fails('TLS_UNTRUSTED'),
    ),
    // Another try or another day changes nothing: what helps must be named.
    says: /the TLS certificate of \S+ was not accepted.*NODE_EXTRA_CA_CERTS/,
  }),
);

const warned = (where: string): Outcome => ({
  ...SUCCEEDS,
  warning: new RegExp(`clock is (59|60)\\d s ${where} the domain's`),
});

/** OCI takes dates that are five minutes off at most, so its leg warns; AWS's own tools correct themselves. */
export const CLOCK_ROWS: readonly Row[] = [
  {
    what: 'a clock ten minutes slow',
    trouble: { kind: 'skew', minutes: 10 },
    expected: row(warned('behind'), warned('behind'), SUCCEEDS, SUCCEEDS, SUCCEEDS),
  },
  {
    // By this clock GitHub's token, good for five minutes, is over as it comes: it is asked for once more.
    what: 'a clock ten minutes fast',
    trouble: { kind: 'skew', minutes: -10 },
    expected: row(
      { ...warned('ahead of'), tries: 2, renewals: 1 },
      warned('ahead of'),
      SUCCEEDS,
      SUCCEEDS,
      SUCCEEDS,
    ),
  },
];
