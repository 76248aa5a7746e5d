// Outcomes that several rows of the fault matrix share.
import type { ErrorCode } from '../../../src/errors/action-error.ts';
import type { Endpoint, NoCell, Outcome, Row } from './fault-matrix.ts';

type Expected = Row['expected'];

export const fails = (code: ErrorCode, attempts = 1): Outcome => ({ code, attempts });
export const SUCCEEDS: Outcome = { code: 'succeeds', attempts: 1 };
export const NOT_IN_CREDENTIALS: NoCell = 'nothing of the kind in credentials of STS';

/** In the order of the endpoints. */
export const row = (
  github: Expected[Endpoint],
  exchange: Expected[Endpoint],
  accessToken: Expected[Endpoint],
  sts: Expected[Endpoint],
): Expected => ({ github, exchange, 'access-token': accessToken, sts });

export const unreachable = (attempts: number): Expected =>
  row(
    fails('GITHUB_UNREACHABLE', attempts),
    fails('OCI_DOMAIN_UNREACHABLE', attempts),
    fails('OCI_DOMAIN_UNREACHABLE', attempts),
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
  fails('AWS_RESPONSE_MALFORMED'),
);
