// Whether an identity domain is there: its discovery document, asked for as anybody could. Knows no grant and no secret.
import { headerText, isRetryableStatus, parseObject } from '../answer.ts';
import { ActionError, explainTransport, TransportError } from '../errors.ts';
import type { Http, HttpResponse } from '../port.ts';

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
    const serverTime = Date.parse(headerText(response, 'date') ?? '');
    return { response, serverTime: Number.isNaN(serverTime) ? undefined : serverTime };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw explainTransport(error, `Asking for ${label}`, {
      unreachable: 'OCI_DOMAIN_UNREACHABLE',
      'timed-out': 'OCI_DOMAIN_UNREACHABLE',
      unusable: 'OCI_RESPONSE_MALFORMED',
    });
  }
}

/** @throws ActionError OCI_DOMAIN_UNREACHABLE, OCI_RATE_LIMITED, OCI_RESPONSE_MALFORMED */
export function readDiscovery({ status, text, tries = '1 try' }: HttpResponse): Discovery {
  if (isRetryableStatus(status)) {
    const code = status === 429 ? 'OCI_RATE_LIMITED' : 'OCI_DOMAIN_UNREACHABLE';
    throw new ActionError(code, `The domain answered ${status} (${tries}).`, { status });
  }
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
