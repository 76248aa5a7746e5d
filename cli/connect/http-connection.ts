// A connection over HTTPS: adds the credentials to a request, follows a redirect that keeps the method, parses the response.
import { isOracleHost } from '../../src/inputs/regions.ts';
import { type SigningKey, signRequest } from '../../src/oci/request-signature.ts';
import type { Http, HttpRequest } from '../../src/ports.ts';
import { headerText, parseJson, requestIdFrom } from '../../src/response.ts';
import { Secret } from '../../src/secret.ts';
import type { ApiRequest, ApiResponse, Connection } from './connection.ts';

export interface Authentication {
  /** The headers of the request, and those with the credentials. */
  headers(request: HttpRequest): Record<string, string>;
  secrets: readonly Secret[];
}

/** Each attempt is signed anew, because a signature is valid for five minutes. */
export function bySignature(key: SigningKey, now: () => number): Authentication {
  const token = /^ST\$(.*)$/.exec(key.keyId.reveal())?.[1];
  return {
    headers: (request) => signRequest(request, key, now()),
    secrets: token === undefined ? [] : [new Secret(token)],
  };
}

export function byBearer(token: Secret): Authentication {
  return {
    headers: ({ headers }) => ({ ...headers, authorization: `Bearer ${token.reveal()}` }),
    secrets: [token],
  };
}

const MAX_REDIRECTS = 3;

/**
 * @param statuses the redirects to follow. The credentials go only to the same host, and from one host of Oracle to another
 */
export function httpConnection(
  http: Http,
  authentication: Authentication,
  isRedirect: (request: ApiRequest, status: number) => boolean = (_request, status) => status === 307,
): Connection {
  return {
    secrets: authentication.secrets,
    async send(request) {
      let url = request.url;
      for (let redirects = 0; ; redirects += 1) {
        const response = await http.send(authenticated(toHttp({ ...request, url }), authentication));
        const target = headerText(response, 'location');
        if (redirects < MAX_REDIRECTS && target !== undefined && isRedirect(request, response.status)) {
          const next = URL.canParse(target, url.href) ? new URL(target, url) : undefined;
          if (next !== undefined && isTrusted(url, next)) {
            url = next;
            continue;
          }
        }
        return toApiResponse(response);
      }
    },
  };
}

function isTrusted(from: URL, to: URL): boolean {
  return (
    to.origin === from.origin ||
    (to.protocol === 'https:' && isOracleHost(from.hostname) && isOracleHost(to.hostname))
  );
}

function authenticated(request: HttpRequest, authentication: Authentication): HttpRequest {
  return { ...request, headers: authentication.headers(request) };
}

function toHttp({ method, url, headers, body }: ApiRequest): HttpRequest {
  if (body === undefined) return { method, url, headers: { accept: 'application/json', ...headers } };
  const text = JSON.stringify(body);
  const own = {
    accept: 'application/json',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
  };
  return { method, url, headers: { ...own, ...headers }, body: text };
}

function toApiResponse(response: Awaited<ReturnType<Http['send']>>): ApiResponse {
  const { status, headers, text } = response;
  const names = Object.keys(headers);
  return {
    status,
    headers: Object.fromEntries(names.map((name) => [name, headerText(response, name)])),
    body: text === '' ? undefined : (parseJson(text) ?? text),
    requestId: requestIdFrom(response, 'opc-request-id', 'x-oracle-dms-ecid', 'x-github-request-id'),
  };
}
