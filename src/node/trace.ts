// One line per call that was made, for debug logging. Must never show a query, a header or a body;
// of the headers only the one by which a service names the request, and of a failure only its name.
import { requestIdFrom } from '../response.ts';
import type { TracedCall } from './retry.ts';

/** Of GitHub, of OCI, of identity domains, of AWS. */
const REQUEST_ID_HEADERS = ['x-github-request-id', 'opc-request-id', 'x-oracle-dms-ecid', 'x-amzn-requestid'];

export function traceTo(debug: (line: string) => void): (call: TracedCall) => void {
  return (call) => debug(lineOf(call));
}

function lineOf({ request, outcome, number, milliseconds }: TracedCall): string {
  const { method, url } = request;
  const { response, error } = outcome;
  const requestId = response && requestIdFrom(response, ...REQUEST_ID_HEADERS);
  const what = error?.fault ?? response?.status;
  return `${method} ${url.host} ${url.pathname}: ${what} in ${milliseconds} ms, try ${number}, request id ${requestId ?? '(none)'}`;
}
