import { Secret } from '../secret.ts';

/** The credentials of an OAuth client at a token endpoint. */
export interface ClientCredentials {
  kind: 'secret';
  clientId: string;
  clientSecret: Secret;
  /** Credentials of a `Basic` authorization header: base64 of id, colon and secret. */
  basic: Secret;
}

/** What signs the token exchange in place of a client secret: the machine, or the pod, that the job runs on. */
export type SignerKind = 'instance-principal' | 'oke-workload-identity';

/** How the token exchange is authenticated: `client-auth`. */
export type ClientAuthentication = ClientCredentials | { kind: SignerKind };

/** Does not percent-encode id and secret as RFC 6749 section 2.3.1 requires: Oracle's SDKs do not, either. */
export function toClientCredentials(clientId: string, clientSecret: Secret): ClientCredentials {
  const basic = Buffer.from(`${clientId}:${clientSecret.reveal()}`, 'utf8').toString('base64');
  return { kind: 'secret', clientId, clientSecret, basic: new Secret(basic) };
}

/** The secrets of these clients, to be masked. */
export function basicsOf(...clients: readonly (ClientAuthentication | undefined)[]): Secret[] {
  const secrets = clients.flatMap((client) => (client?.kind === 'secret' ? [client.basic] : []));
  return [...new Set(secrets)];
}
