// The outcomes that rows of the fault matrix share: who is out of reach, who is not to be believed, and in which words.
//
import type { ErrorCode } from '../../../src/errors/action-error.ts';
import type { Endpoint, NoCell, Outcome, Row } from './fault-matrix.ts';

type Expected = Row['expected'];

export const fails = (code: ErrorCode, attempts = 1): Outcome => ({ code, attempts });
export const SUCCEEDS: Outcome = { code: 'succeeds', attempts: 1 };
/** The check of the keys is optional: a failure to fetch them from this machine is one attempt and one warning. */
export const UNSEEN: Outcome = {
  ...SUCCEEDS,
  warning: /^Whether AWS can read the domain's keys could not be checked/,
};
export const HIDDEN = fails('AWS_SIGNING_KEYS_HIDDEN');
export const SAME_SERVER: NoCell = 'the server that has just given the token';
export const NO_TOKEN: NoCell = 'carries no token';
export const NOT_IN_CREDENTIALS: NoCell = 'nothing of the kind in credentials of STS';

/** Columns in the order of the endpoints. */
export const row = (
  github: Expected[Endpoint],
  exchange: Expected[Endpoint],
  accessToken: Expected[Endpoint],
  keys: Expected[Endpoint],
  sts: Expected[Endpoint],
): Expected => ({ github, exchange, 'access-token': accessToken, keys, sts });

export const unreachable = (attempts: number): Expected =>
  row(
    fails('GITHUB_UNREACHABLE', attempts),
    fails('OCI_DOMAIN_UNREACHABLE', attempts),
    fails('OCI_DOMAIN_UNREACHABLE', attempts),
    UNSEEN,
    fails('AWS_UNREACHABLE', attempts),
  );
export const rateLimited = (attempts: number): Expected => ({
  ...unreachable(attempts),
  exchange: fails('OCI_RATE_LIMITED', attempts),
  'access-token': fails('OCI_RATE_LIMITED', attempts),
});
export const MALFORMED = row(
  fails('GITHUB_RESPONSE_MALFORMED'),
  fails('OCI_RESPONSE_MALFORMED'),
  fails('OCI_RESPONSE_MALFORMED'),
  HIDDEN,
  fails('AWS_RESPONSE_MALFORMED'),
);
