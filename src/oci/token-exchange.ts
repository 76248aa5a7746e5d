// OCI's token exchange: one request, and what its answers mean. Knows the identity domain, not the job and not the disk.
import { headerText, parseObject, quote, requestIdFrom } from '../answer.ts';
import { ActionError, type ErrorCode, TransportError } from '../errors.ts';
import type { Http, HttpRequest, HttpResponse } from '../port.ts';
import { Secret } from '../secret.ts';

/** What the application proves itself with. */
export interface ClientCredentials {
  clientSecret: Secret;
  /** Value of a `Basic` authorization: base64 of id, colon and secret. */
  basic: Secret;
}

export interface TokenExchange {
  domainUrl: URL;
  credentials: ClientCredentials;
  /** The JWT that proves who the job is (RFC 8693 `subject_token`). */
  subjectToken: Secret;
  /** What that token says of the job, for messages. */
  claims: Readonly<Record<string, string>>;
  /** DER SubjectPublicKeyInfo in base64, which the session will be bound to. */
  publicKeyBase64: string;
}

export interface ExchangedToken {
  token: Secret;
  requestId: string | undefined;
  /** The domain's clock in milliseconds since the epoch, from its `Date` header. */
  serverTime: number | undefined;
}

const LABEL = 'the token exchange';

/** Raw id and secret, as all of Oracle's SDKs send them, not percent-encoded as RFC 6749 section 2.3.1 would have it. */
export function toClientCredentials(clientId: string, clientSecret: Secret): ClientCredentials {
  const basic = Buffer.from(`${clientId}:${clientSecret.reveal()}`, 'utf8').toString('base64');
  return { clientSecret, basic: new Secret(basic) };
}

/**
 * Takes the job's token and our public key to the domain and brings back a session token bound to that key.
 * `describe` is asked before every try, since the job's token lives only minutes.
 * @throws ActionError with the OCI_ codes and DEADLINE_EXCEEDED
 * @see Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST (OCI documentation); RFC 8693 section 2
 */
export async function exchangeToken(
  http: Http,
  describe: () => Promise<TokenExchange>,
): Promise<ExchangedToken> {
  let latest: TokenExchange | undefined;
  try {
    const response = await http.send(async () => {
      latest = await describe();
      return exchangeRequest(latest);
    });
    return processExchangeResponse(response, latest);
  } catch (error) {
    if (error instanceof TransportError) throw translate(error);
    throw error;
  }
}

function exchangeRequest(exchange: TokenExchange): HttpRequest {
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:oci:token-type:oci-upst',
    subject_token_type: 'jwt', // the short name, as the SDKs send it; the RFC's URN is not known to work
    subject_token: exchange.subjectToken.reveal(),
    public_key: exchange.publicKeyBase64,
  });
  const body = form.toString();
  return {
    method: 'POST',
    url: new URL('/oauth2/v1/token', exchange.domainUrl),
    headers: {
      accept: 'application/json',
      authorization: `Basic ${exchange.credentials.basic.reveal()}`,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
    label: LABEL,
  };
}

function processExchangeResponse(response: HttpResponse, sent: TokenExchange | undefined): ExchangedToken {
  const { status, text } = response;
  const requestId = requestIdOf(response);
  const answer = parseObject(text);
  if (status >= 400) throw refusal(response, answer, sent);
  if (status !== 200) {
    const what = status >= 300 ? `a redirect (${status}), which is never followed` : `status ${status}`;
    throw new ActionError('OCI_RESPONSE_MALFORMED', `The domain answered with ${what}.`, {
      status,
      requestId,
    });
  }
  // Identity domains answer with `token`; RFC 8693 section 2.2.1 would call it `access_token`.
  const token = answer?.['token'] ?? answer?.['access_token'];
  if (typeof token !== 'string' || token === '') {
    const what = answer === undefined ? 'something that is no JSON object' : 'JSON without a token';
    throw new ActionError('OCI_RESPONSE_MALFORMED', `The domain answered with ${what}.`, {
      status,
      requestId,
    });
  }
  const serverTime = Date.parse(headerText(response, 'date') ?? '');
  return {
    token: new Secret(token),
    requestId,
    serverTime: Number.isNaN(serverTime) ? undefined : serverTime,
  };
}

/** Reads a refusal by its `error` and the substance of its text, which varies between versions of the service. */
function refusal(
  response: HttpResponse,
  answer: Record<string, unknown> | undefined,
  sent: TokenExchange | undefined,
) {
  const { status } = response;
  const details = { status, requestId: requestIdOf(response), facts: sent?.claims };
  if (status === 429)
    return new ActionError(
      'OCI_RATE_LIMITED',
      'The domain refused the login as one too many (429).',
      details,
    );
  if (status === 408 || status >= 500) {
    return new ActionError('OCI_DOMAIN_UNREACHABLE', `The domain answered ${status} at every try.`, details);
  }
  if (answer === undefined) {
    return new ActionError(
      'OCI_RESPONSE_MALFORMED',
      `The domain answered ${status} with something that is no JSON.`,
      details,
    );
  }
  const error = String(answer['error'] ?? '');
  const description = String(answer['error_description'] ?? answer['detail'] ?? '');
  const secrets = sent ? [sent.subjectToken, sent.credentials.clientSecret, sent.credentials.basic] : [];
  const said =
    quote([error, description].filter((part) => part !== '').join(': '), secrets) || 'no reason given';
  const { iss = '(none)', aud = '(none)', sub = '(none)' } = sent?.claims ?? {};
  const shown = `The job's token has iss=${iss} aud=${aud} sub=${sub}.`;
  const what = `The domain refused the exchange (${status}): ${said}. ${shown}`;
  return new ActionError(refusalCode(error, description), what, details);
}

function refusalCode(error: string, description: string): ErrorCode {
  if (error === 'invalid_client') return 'OCI_CLIENT_REJECTED';
  if (/no rules? matched/i.test(description)) return 'OCI_NO_RULE_MATCHED';
  if (/not a service user/i.test(description)) return 'OCI_NOT_A_SERVICE_USER';
  return 'OCI_EXCHANGE_REJECTED';
}

/** `opc-request-id`, or the execution context id by which identity domains correlate their audit events. */
function requestIdOf(response: HttpResponse): string | undefined {
  return requestIdFrom(response, 'opc-request-id', 'x-oracle-dms-ecid');
}

function translate(error: TransportError): ActionError {
  const what = `The token exchange failed: ${error.message}.`;
  if (error.outOfTime) return new ActionError('DEADLINE_EXCEEDED', what);
  const codes = {
    unreachable: 'OCI_DOMAIN_UNREACHABLE',
    'timed-out': 'OCI_DOMAIN_UNREACHABLE',
    untrusted: 'OCI_TLS_UNTRUSTED',
    unusable: 'OCI_RESPONSE_MALFORMED',
  } as const satisfies Record<TransportError['fault'], ErrorCode>;
  return new ActionError(codes[error.fault], what);
}
