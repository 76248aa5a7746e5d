import { Secret } from '../secret.ts';

/** The credentials of an OAuth client at a token endpoint. */
export interface ClientCredentials {
  clientId: string;
  clientSecret: Secret;
  /** Credentials of a `Basic` authorization header: base64 of id, colon and secret. */
  basic: Secret;
}

/** Does not percent-encode id and secret as RFC 6749 section 2.3.1 requires: Oracle's SDKs do not, either. */
export function toClientCredentials(clientId: string, clientSecret: Secret): ClientCredentials {
  const basic = Buffer.from(`${clientId}:${clientSecret.reveal()}`, 'utf8').toString('base64');
  return { clientId, clientSecret, basic: new Secret(basic) };
}
