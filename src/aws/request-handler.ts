// Sends the requests that a client of the AWS SDK builds, with the limits, retries and proxy of all other requests.
import { titled } from '../errors/action-error.ts';
import type { Http, HttpRequest, RetriedCall } from '../ports.ts';
import { describeHtmlPage, isRetryableStatus } from '../response.ts';

/** What the SDK passes to its request handler. */
interface SdkRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Readonly<Record<string, string | string[] | null>>;
  headers: Record<string, string>;
  body?: unknown;
}

interface HandlerOptions {
  /** Names the service in messages. */
  service: string;
  /** The SDK takes seconds to parse a large body of XML entities: the body of a longer response is dropped. */
  maxCharacters: number;
}

/**
 * The handler throws TransportError, and ActionError AWS_RESPONSE_MALFORMED for the HTML page of a proxy.
 * @param call how the request is retried. The SDK's own retries must be off
 */
export function requestHandler(http: Http, call: RetriedCall, options: HandlerOptions) {
  return {
    handle: async (outgoing: SdkRequest) => ({ response: await send(http, call, options, outgoing) }),
  };
}

async function send(
  http: Http,
  call: RetriedCall,
  { service, maxCharacters }: HandlerOptions,
  outgoing: SdkRequest,
) {
  const { method, headers, body } = outgoing;
  const { host: _host, ...sent } = headers; // Node sets its own
  const text = body === undefined || body === null ? {} : { body: String(body) };
  const request = { method: method as HttpRequest['method'], url: urlOf(outgoing), headers: sent, ...text };
  const { response } = await http.retry(call, async () => ({ response: await http.send(request) }));
  const { status } = response;
  const page = isRetryableStatus(status) ? undefined : describeHtmlPage(response, service);
  if (page !== undefined) throw titled('AWS_RESPONSE_MALFORMED', page, { status });
  const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
  return {
    statusCode: status,
    headers: Object.fromEntries(received),
    body: Buffer.from(response.text.length > maxCharacters ? '' : response.text),
  };
}

function urlOf({ protocol, hostname, port, path, query = {} }: SdkRequest): URL {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
  for (const [name, values] of Object.entries(query))
    for (const value of [values ?? ''].flat()) url.searchParams.append(name, value);
  return url;
}
