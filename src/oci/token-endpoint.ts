// The token endpoint of an identity domain: one form out, one JSON object or one named failure back. Knows no grant.

import { ActionError, explainTransport, TransportError } from '../errors/action-error.ts';
import type { ClientCredentials } from '../inputs/client-credentials.ts';
import type { Http, HttpRequest, HttpResponse } from '../ports.ts';
import { parseObject, quote, requestIdFrom, serverTimeOf, toText } from '../response.ts';
import type { Secret } from '../secret.ts';
import { assertNotPassing, DOMAIN_CODES } from './domain-errors.ts';

export interface TokenRequest {
  domainUrl: URL;
  credentials: ClientCredentials;
  form: Readonly<Record<string, string>>;
  /** What else of the request must not come back in a message. */
  secrets: readonly Secret[];
  /** Names the call in log lines and messages. */
  label: string;
}

export interface TokenAnswer {
  members: Readonly<Record<string, unknown>>;
  status: number;
  requestId: string | undefined;
  /** The domain's clock in milliseconds since the epoch, from its `Date` header. */
  serverTime: number | undefined;
}

/** An OAuth refusal (RFC 6749 section 5.2), or a SCIM one in the same terms. */
export interface Refusal {
  error: string;
  description: string;
  /** Both, fit for a message. */
  said: string;
  status: number;
  requestId: string | undefined;
}

/**
 * Asks for a token. `describe` is called before every try, since what is sent may live only minutes.
 * @throws ActionError what `explain` makes of a refusal, OCI_DOMAIN_UNREACHABLE, TLS_UNTRUSTED, OCI_RATE_LIMITED,
 *   OCI_RESPONSE_MALFORMED, PROXY_UNREACHABLE, PROXY_REFUSED, DEADLINE_EXCEEDED
 */
export async function askTokenEndpoint(
  http: Http,
  describe: () => Promise<TokenRequest>,
  explain: (refusal: Refusal) => ActionError | Promise<ActionError>,
): Promise<TokenAnswer> {
  let latest: TokenRequest | undefined;
  try {
    const response = await http.send(async () => {
      latest = await describe();
      return toHttpRequest(latest);
    });
    return await processTokenResponse(response, latest, explain);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw explainTransport(error, `Asking for ${latest?.label ?? 'a token'}`, DOMAIN_CODES);
  }
}

function toHttpRequest({ domainUrl, credentials, form, label }: TokenRequest): HttpRequest {
  const body = new URLSearchParams(form).toString();
  return {
    method: 'POST',
    url: new URL('/oauth2/v1/token', domainUrl),
    headers: {
      accept: 'application/json',
      authorization: `Basic ${credentials.basic.reveal()}`,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
    label,
  };
}

async function processTokenResponse(
  response: HttpResponse,
  sent: TokenRequest | undefined,
  explain: (refusal: Refusal) => ActionError | Promise<ActionError>,
): Promise<TokenAnswer> {
  const { status, text } = response;
  // `opc-request-id`, or the execution context id by which identity domains correlate their audit events.
  const requestId = requestIdFrom(response, 'opc-request-id', 'x-oracle-dms-ecid');
  const details = { status, requestId };
  const members = parseObject(text);
  assertNotPassing(response, details);
  if (status !== 200 && status < 400) {
    const what = status >= 300 ? `a redirect (${status}), which is never followed` : `status ${status}`;
    throw new ActionError('OCI_RESPONSE_MALFORMED', `The domain answered with ${what}.`, details);
  }
  if (members === undefined || status === 404) {
    const what =
      status === 404
        ? 'There is no token endpoint at this address (404).'
        : `The domain answered ${status} with something that is no JSON object.`;
    throw new ActionError('OCI_RESPONSE_MALFORMED', what, details);
  }
  if (status >= 400) throw await explain(toRefusal(members, details, sent));
  return { members, ...details, serverTime: serverTimeOf(response) };
}

function toRefusal(
  members: Readonly<Record<string, unknown>>,
  details: Pick<Refusal, 'status' | 'requestId'>,
  sent: TokenRequest | undefined,
): Refusal {
  const error = toText(members['error'] ?? '');
  const description = toText(members['error_description'] ?? members['detail'] ?? '');
  const secrets = sent ? [...sent.secrets, sent.credentials.clientSecret, sent.credentials.basic] : [];
  const said = quote([error, description].filter((part) => part !== '').join(': '), secrets);
  return { error, description, said: said || 'no reason given', ...details };
}
