// What main tells the process in the background, over a pipe: all that it takes to renew what a login has left.
// The only place where these secrets are put into one text; nothing here ever goes into a file.

import type { IdTokenSource } from '../github/id-token.ts';
import { type ClientCredentials, toClientCredentials } from '../inputs/client-credentials.ts';
import type { OciConfig } from '../inputs/config.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import type { TokenFile } from '../profiles/session-files.ts';
import { parseObject } from '../response.ts';
import { Secret } from '../secret.ts';

export interface Term {
  /** Milliseconds since the epoch, as all times. */
  issuedAt: number;
  expiresAt: number;
}

export interface SessionCharge extends Term {
  config: OciConfig;
  client: ClientCredentials;
  publicKey: Pick<KeyPair, 'publicKeyBase64' | 'publicJwk'>;
  tokenFiles: readonly TokenFile[];
}

/** The job's own token in a file, for clients that do the exchange by themselves. */
export interface IdTokenCharge extends Term {
  file: string;
}

/** The access token that AWS SDKs take to STS. */
export interface AccessTokenCharge extends Term {
  file: string;
  client: ClientCredentials;
  scope: string;
  audience: string;
}

export interface Charges {
  session?: SessionCharge;
  'id-token'?: IdTokenCharge;
  'access-token'?: AccessTokenCharge;
}

export type ChargeName = keyof Charges;

export interface Order {
  loginId: string;
  /** The session's directory in the runner's temp area: the process ends when it is gone. */
  directory: string;
  /** Likewise. */
  sessionDirectory: string | null;
  /** Null where nothing needs the job's identity. */
  identity: IdTokenSource | null;
  audience: string;
  domainUrl: URL;
  policy: { maxAttempts: number; requestTimeoutMs: number; timeoutMs: number };
  /** When the job's identity ends, and with it the process. */
  lastChanceAt: number;
  charges: Charges;
}

/** The order as one line. The process keeps it so and hands it on; only who renews takes it apart. */
export function writeOrder({ identity, domainUrl, charges, ...rest }: Order): Secret {
  const text = JSON.stringify({
    ...rest,
    identity: identity && { url: identity.url, requestToken: identity.requestToken.reveal() },
    domainUrl,
    charges: Object.fromEntries(
      Object.entries(charges).map(([name, charge]) => [name, 'client' in charge ? exposed(charge) : charge]),
    ),
  });
  return new Secret(text);
}

/** @throws TypeError when it is none of `writeOrder` */
export function readOrder(text: string): Order {
  const order = parseObject(text) as Order | undefined;
  if (order === undefined) throw new TypeError('no order');
  const { session, 'access-token': accessToken, ...others } = order.charges;
  return {
    ...order,
    identity: order.identity && {
      url: new URL(order.identity.url),
      requestToken: new Secret(String(order.identity.requestToken)),
    },
    domainUrl: new URL(order.domainUrl),
    charges: {
      ...others,
      ...(session && { session: wrapped(session) }),
      ...(accessToken && { 'access-token': wrapped(accessToken) }),
    },
  };
}

function exposed<T extends { client: ClientCredentials }>(charge: T) {
  const { clientId, clientSecret } = charge.client;
  return { ...charge, client: { clientId, clientSecret: clientSecret.reveal() } };
}

function wrapped<T extends { client: ClientCredentials }>(charge: T): T {
  const { clientId, clientSecret } = charge.client;
  return { ...charge, client: toClientCredentials(clientId, new Secret(String(clientSecret))) };
}

/** What the waiting process has to know of its order; the rest it hands on unread. */
export function readTerms(text: string): Pick<
  Order,
  'loginId' | 'directory' | 'sessionDirectory' | 'lastChanceAt'
> & {
  terms: Partial<Record<ChargeName, Term>>;
  keeps: string[];
} {
  const { charges, ...rest } = readOrder(text);
  return { ...rest, terms: charges, keeps: filesOf(charges) };
}

export function filesOf({ session, 'id-token': idToken, 'access-token': accessToken }: Charges): string[] {
  const tokens = session?.tokenFiles.map(({ file }) => file) ?? [];
  return [...tokens, ...[idToken, accessToken].flatMap((charge) => charge?.file ?? [])];
}

/** The charges without what another process keeps fresh already. */
export function without(charges: Charges, kept: readonly string[]): Charges {
  const isOpen = (file: string) => !kept.includes(file);
  const { session, 'id-token': idToken, 'access-token': accessToken } = charges;
  const tokenFiles = session?.tokenFiles.filter(({ file }) => isOpen(file)) ?? [];
  return {
    ...(session && tokenFiles.length > 0 && { session: { ...session, tokenFiles } }),
    ...(idToken && isOpen(idToken.file) && { 'id-token': idToken }),
    ...(accessToken && isOpen(accessToken.file) && { 'access-token': accessToken }),
  };
}
