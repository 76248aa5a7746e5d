// One line per request, for debug logging. It must never show a query, a header or a body: of the headers only the
// request id, and of a failure only its kind.
import { TransportError } from '../errors/transport-error.ts';
import type { HttpRequest, HttpResponse } from '../ports.ts';
import { requestIdFrom } from '../response.ts';

/** Of GitHub, of OCI, of identity domains, of AWS. */
const REQUEST_ID_HEADERS = ['x-github-request-id', 'opc-request-id', 'x-oracle-dms-ecid', 'x-amzn-requestid'];

export function traceLine(
  { method, url }: HttpRequest,
  outcome: HttpResponse | TransportError,
  milliseconds: number,
): string {
  const [what, requestId] =
    outcome instanceof TransportError
      ? [outcome.failure]
      : [outcome.status, requestIdFrom(outcome, ...REQUEST_ID_HEADERS)];
  return `${method} ${url.host} ${url.pathname}: ${what} in ${milliseconds} ms, request id ${requestId ?? '(none)'}`;
}
