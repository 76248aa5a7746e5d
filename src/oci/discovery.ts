// Whether an identity domain is there: its discovery document, asked for as anybody could. Knows no grant and no secret.

import { ActionError, explainTransport, TransportError } from '../errors/action-error.ts';
import type { Http, HttpResponse } from '../ports.ts';
import { parseObject, serverTimeOf } from '../response.ts';
import { assertNotPassing, DOMAIN_CODES } from './domain-errors.ts';

export interface DomainAnswer {
  response: HttpResponse;
  /** The domain's clock in milliseconds since the epoch, from its `Date` header. */
  serverTime: number | undefined;
}

export type Discovery = Readonly<Record<string, unknown>> & { issuer: string };

/**
 * Any answer will do: who answers has shown a certificate that was accepted.
 * @throws ActionError OCI_DOMAIN_UNREACHABLE, OCI_RESPONSE_MALFORMED, TLS_UNTRUSTED, PROXY_UNREACHABLE, PROXY_REFUSED,
 *   DEADLINE_EXCEEDED
 * @see OpenID Connect Discovery 1.0 section 4
 */
export async function askDomain(http: Http, domainUrl: URL): Promise<DomainAnswer> {
  const url = new URL('/.well-known/openid-configuration', domainUrl);
  const label = "the domain's discovery document";
  try {
    const response = await http.send(() => {
      return { method: 'GET', url, headers: { accept: 'application/json' }, label };
    });
    return { response, serverTime: serverTimeOf(response) };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw explainTransport(error, `Asking for ${label}`, DOMAIN_CODES);
  }
}

/** @throws ActionError OCI_DOMAIN_UNREACHABLE, OCI_RATE_LIMITED, OCI_RESPONSE_MALFORMED */
export function readDiscovery(response: HttpResponse): Discovery {
  const { status, text } = response;
  assertNotPassing(response, { status });
  const members = status === 200 ? parseObject(text) : undefined;
  const issuer = members?.['issuer'];
  if (members !== undefined && typeof issuer === 'string') return { ...members, issuer };
  const got = status === 200 ? 'a page that is no discovery document' : `status ${status}`;
  throw new ActionError(
    'OCI_RESPONSE_MALFORMED',
    `Asked for its discovery document, the domain gave ${got}.`,
    {
      status,
    },
  );
}
