// The token endpoint of an identity domain, and the two grants that a login uses there.
import { ActionError } from '../errors/action-error.ts';
import { ServiceRefusal } from '../errors/service-refusal.ts';
import type { ClientCredentials } from '../inputs/client-credentials.ts';
import type { OciConfig } from '../inputs/config.ts';
import type { HttpRequest, HttpResponse } from '../ports.ts';
import {
  describeHtmlPage,
  describeStatus,
  isJwt,
  isRetryableStatus,
  parseObject,
  quoteRefusal,
  requestIdFrom,
  serverTimeOf,
  toText,
} from '../response.ts';
import { Secret } from '../secret.ts';

export interface TokenEndpoint {
  /** Origin of the identity domain. */
  domainUrl: URL;
  client: ClientCredentials;
}

interface TokenExchange {
  /** The JWT that proves the identity of the job (RFC 8693 `subject_token`). */
  subjectToken: Secret;
  /** DER SubjectPublicKeyInfo in base64, to which the session token will be bound. */
  publicKeyBase64: string;
  /** Makes the session token an RPST, the token of a resource, instead of a UPST, the token of a service user. */
  resource: OciConfig['resource'];
}

export interface ExchangedToken {
  token: Secret;
  requestId: string | undefined;
  /** The domain's clock in milliseconds since the epoch. */
  serverTime: number | undefined;
}

/** @see Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST (OCI documentation); RFC 8693 section 2.1 */
export function tokenExchangeRequest(
  endpoint: TokenEndpoint,
  { subjectToken, publicKeyBase64, resource }: TokenExchange,
): HttpRequest {
  return tokenRequest(endpoint, {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: `urn:oci:token-type:oci-${resource ? 'rpst' : 'upst'}`,
    subject_token_type: 'jwt', // the short name, as the SDKs send it; the RFC's URN is not known to work
    subject_token: subjectToken.reveal(),
    public_key: publicKeyBase64,
    ...(resource && { res_type: resource.type }),
    // Oracle's examples count it in seconds, the Java SDK's documentation in minutes: see docs/decisions.md.
    ...(resource?.lifetimeSeconds && { rpst_exp: String(resource.lifetimeSeconds) }),
  });
}

/** @throws ServiceRefusal, ActionError OCI_RESPONSE_MALFORMED */
export function processTokenExchangeResponse(
  response: HttpResponse,
  client: ClientCredentials,
  subjectToken: Secret,
): ExchangedToken {
  const members = processTokenResponse(response, client, [subjectToken]);
  const token = members['token'] ?? members['access_token']; // `token` in fact, `access_token` in RFC 8693 section 2.2.1
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    throw malformed('JSON without a token', response);
  return { token: new Secret(token), requestId: requestIdOf(response), serverTime: serverTimeOf(response) };
}

/** @see RFC 6749 section 4.4; Using OCI Identity Domain as an OIDC Provider for AWS STS (Oracle A-Team) */
export function accessTokenRequest(endpoint: TokenEndpoint, scope: string): HttpRequest {
  return tokenRequest(endpoint, { grant_type: 'client_credentials', scope });
}

/** @throws ServiceRefusal, ActionError OCI_RESPONSE_MALFORMED */
export function processAccessTokenResponse(response: HttpResponse, client: ClientCredentials): Secret {
  const members = processTokenResponse(response, client, []);
  const token = members['access_token'];
  if (isJwt(token)) return new Secret(token);
  throw malformed('JSON without an access token in the form of a JWT', response);
}

function tokenRequest(
  { domainUrl, client }: TokenEndpoint,
  form: Readonly<Record<string, string>>,
): HttpRequest {
  const body = new URLSearchParams(form).toString();
  return {
    method: 'POST',
    url: new URL('/oauth2/v1/token', domainUrl),
    headers: {
      accept: 'application/json',
      authorization: `Basic ${client.basic.reveal()}`,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
  };
}

/**
 * Members of a successful response. A refusal is OAuth's (RFC 6749 section 5.2), or SCIM's; some gateways change its
 * status to 200.
 */
function processTokenResponse(
  response: HttpResponse,
  client: ClientCredentials,
  secrets: readonly Secret[],
): Readonly<Record<string, unknown>> {
  const { status, text, attempts } = response;
  const requestId = requestIdOf(response);
  if (isRetryableStatus(status)) throw new ServiceRefusal('domain', { status, requestId, attempts });
  if (status !== 200 && status < 400) throw malformed(describeStatus(status), response);
  if (status === 404) throw malformed('status 404: there is no token endpoint at this address', response);
  const members = parseObject(text);
  if (members === undefined) throw malformed(`status ${status} and a body that is no JSON object`, response);
  const code = toText(members['error']);
  if (status === 200 && (code === '' || members['token'] || members['access_token'])) return members;
  const description = members['error_description'] ?? members['detail'];
  const reason = quoteRefusal(code, description, [...secrets, client.clientSecret, client.basic]);
  throw new ServiceRefusal('domain', { status, code, text: reason, requestId, attempts });
}

function malformed(what: string, response: HttpResponse): ActionError {
  const { status } = response;
  const message = describeHtmlPage(response, 'the domain') ?? `The domain responded with ${what}.`;
  return new ActionError('OCI_RESPONSE_MALFORMED', message, { status, requestId: requestIdOf(response) });
}

/** `opc-request-id`, or the execution context id by which identity domains correlate their audit events. */
function requestIdOf(response: HttpResponse): string | undefined {
  return requestIdFrom(response, 'opc-request-id', 'x-oracle-dms-ecid');
}
