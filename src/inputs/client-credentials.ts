// What an application proves itself with at a token endpoint. Knows no endpoint.
import { Secret } from '../secret.ts';

export interface ClientCredentials {
  clientId: string;
  clientSecret: Secret;
  /** Value of a `Basic` authorization: base64 of id, colon and secret. */
  basic: Secret;
}

/** Raw id and secret, as all of Oracle's SDKs send them, not percent-encoded as RFC 6749 section 2.3.1 would have it. */
export function toClientCredentials(clientId: string, clientSecret: Secret): ClientCredentials {
  const basic = Buffer.from(`${clientId}:${clientSecret.reveal()}`, 'utf8').toString('base64');
  return { clientId, clientSecret, basic: new Secret(basic) };
}
