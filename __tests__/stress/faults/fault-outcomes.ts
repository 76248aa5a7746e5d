// The outcomes that rows of the fault matrix share: who is out of reach, who is not to be believed, and in which words.
// Must not know any fault.
import type { ErrorCode } from '../../../src/errors/action-error.ts';
import type { Endpoint, NoCell, Outcome, Row } from './fault-matrix.ts';

type Expected = Row['expected'];

export const fails = (code: ErrorCode, tries = 1): Outcome => ({ code, tries });
export const SUCCEEDS: Outcome = { code: 'succeeds', tries: 1 };
/** The check of the keys is optional: what only hides them from this machine is worth one try and one warning. */
export const UNSEEN: Outcome = {
  ...SUCCEEDS,
  warning: /^Whether AWS can read the domain's keys could not be tried/,
};
export const HIDDEN = fails('AWS_SIGNING_KEYS_HIDDEN');
export const SAME_SERVER: NoCell = 'the server that has just given the token';
export const ALREADY_TRIED: NoCell = 'the same as the row before';
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

export const unreachable = (tries: number): Expected =>
  row(
    fails('GITHUB_UNREACHABLE', tries),
    fails('OCI_DOMAIN_UNREACHABLE', tries),
    fails('OCI_DOMAIN_UNREACHABLE', tries),
    UNSEEN,
    fails('AWS_UNREACHABLE', tries),
  );
export const rateLimited = (tries: number): Expected => ({
  ...unreachable(tries),
  exchange: fails('OCI_RATE_LIMITED', tries),
  'access-token': fails('OCI_RATE_LIMITED', tries),
});
export const MALFORMED = row(
  fails('GITHUB_RESPONSE_MALFORMED'),
  fails('OCI_RESPONSE_MALFORMED'),
  fails('OCI_RESPONSE_MALFORMED'),
  HIDDEN,
  fails('AWS_RESPONSE_MALFORMED'),
);
