// The token endpoint of an identity domain, and the grants that a login uses there.
import { type ActionError, type Snippet, titled } from '../errors/action-error.ts';
import { ServiceRefusal } from '../errors/service-refusal.ts';
import type { ClientCredentials, SignerKind } from '../inputs/client-credentials.ts';
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
import { type SessionProof, sessionKey, signRequest } from './request-signature.ts';

/** Signs the token exchange in place of a client. Its key differs from the key of the session. */
export interface Signer extends SessionProof {
  kind: SignerKind;
  /** Claims that show who it is. They are no secrets. */
  facts: Readonly<Record<string, string>>;
  /** What an administrator must allow it; none for a pod, whose permission no source shows. */
  snippets: readonly Snippet[];
}

/** Who requests a token: a client with its secret, or a principal of OCI, such as the session, with a signature. */
export type Requester = ClientCredentials | Signer | SessionProof;

export interface TokenEndpoint {
  /** Origin of the identity domain. */
  domainUrl: URL;
  requester: Requester;
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

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/**
 * @param now milliseconds since the epoch; a signature is valid for five minutes
 * @see Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST (OCI documentation); RFC 8693 section 2.1
 */
export function tokenExchangeRequest(
  endpoint: TokenEndpoint,
  { subjectToken, publicKeyBase64, resource }: TokenExchange,
  now: number,
): HttpRequest {
  const form = {
    grant_type: TOKEN_EXCHANGE,
    requested_token_type: `urn:oci:token-type:oci-${resource ? 'rpst' : 'upst'}`,
    subject_token_type: 'jwt', // the short name, as the SDKs send it; the RFC's URN is not known to work
    subject_token: subjectToken.reveal(),
    public_key: publicKeyBase64,
    ...(resource && { res_type: resource.type }),
    // Oracle's examples count it in seconds, the Java SDK's documentation in minutes: see docs/decisions.md.
    ...(resource?.lifetimeSeconds && { rpst_exp: String(resource.lifetimeSeconds) }),
  };
  return tokenRequest(endpoint, form, now);
}

/** @throws ServiceRefusal, ActionError OCI_RESPONSE_MALFORMED */
export function processTokenExchangeResponse(
  response: HttpResponse,
  requester: Requester,
  subjectToken: Secret,
): ExchangedToken {
  const members = processTokenResponse(response, requester, [subjectToken]);
  const token = members['token'] ?? members['access_token']; // `token` in fact, `access_token` in RFC 8693 section 2.2.1
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    throw malformed('JSON without a token', response);
  return { token: new Secret(token), requestId: requestIdOf(response), serverTime: serverTimeOf(response) };
}

/**
 * Requests an access token for a client; or, without one, for the principal that signs, by a token exchange without a
 * subject token.
 * @param now as above
 * @see RFC 6749 section 4.4; Using OCI Identity Domain as an OIDC Provider for AWS STS (Oracle A-Team); Token Exchange
 *   Grant Type: Two-Legged Flow (OCI documentation)
 */
export function accessTokenRequest(endpoint: TokenEndpoint, scope: string, now: number): HttpRequest {
  const exchange = {
    grant_type: TOKEN_EXCHANGE,
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  };
  const grant = 'basic' in endpoint.requester ? { grant_type: 'client_credentials' } : exchange;
  return tokenRequest(endpoint, { ...grant, scope }, now);
}

/** @throws ServiceRefusal, ActionError OCI_RESPONSE_MALFORMED */
export function processAccessTokenResponse(response: HttpResponse, requester: Requester): Secret {
  const members = processTokenResponse(response, requester, []);
  const token = members['access_token'];
  if (isJwt(token)) return new Secret(token);
  throw malformed('JSON without an access token in the form of a JWT', response);
}

function tokenRequest(
  { domainUrl, requester }: TokenEndpoint,
  form: Readonly<Record<string, string>>,
  now: number,
): HttpRequest {
  const body = new URLSearchParams(form).toString();
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(body)),
  };
  const url = new URL('/oauth2/v1/token', domainUrl);
  const request: HttpRequest = { method: 'POST', url, headers, body };
  if (!('basic' in requester))
    return { ...request, headers: signRequest(request, sessionKey(requester), now) };
  return { ...request, headers: { ...headers, authorization: `Basic ${requester.basic.reveal()}` } };
}

/**
 * Members of a successful response. A refusal is OAuth's (RFC 6749 section 5.2), or SCIM's; some gateways change its
 * status to 200.
 */
function processTokenResponse(
  response: HttpResponse,
  requester: Requester,
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
  const own = 'basic' in requester ? [requester.clientSecret, requester.basic] : [requester.token];
  const reason = quoteRefusal(code, description, [...secrets, ...own]);
  throw new ServiceRefusal('domain', { status, code, text: reason, requestId, attempts });
}

function malformed(what: string, response: HttpResponse): ActionError {
  const { status } = response;
  const message = describeHtmlPage(response, 'the domain') ?? `The domain responded with ${what}.`;
  return titled('OCI_RESPONSE_MALFORMED', message, { status, requestId: requestIdOf(response) });
}

/** `opc-request-id`, or the execution context id by which identity domains correlate their audit events. */
function requestIdOf(response: HttpResponse): string | undefined {
  return requestIdFrom(response, 'opc-request-id', 'x-oracle-dms-ecid');
}
