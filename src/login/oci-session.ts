// How a session with OCI comes about: the job's identity, a key pair, the exchange, and the checks of what it brings.

import {
  findIdTokenSource,
  type IdToken,
  type IdTokenSource,
  readIdToken,
  requestIdToken,
} from '../github/id-token.ts';
import type { ClientCredentials } from '../inputs/client-credentials.ts';
import type { OciConfig } from '../inputs/config.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import { type PrincipalKind, parseSessionToken, type SessionToken } from '../oci/session-token.ts';
import { type ExchangedToken, exchangeToken } from '../oci/token-exchange.ts';
import type { Clock, Http, Runner } from '../ports.ts';

export interface OciSessionDeps {
  runner: Runner;
  http: Http;
  clock: Clock;
  /** In the making since the process began. */
  keyPair: Promise<KeyPair>;
}

export interface OciSession {
  upst: SessionToken;
  keyPair: KeyPair;
  requestId: string | undefined;
  /** The token of the job that it was exchanged for; undefined for a session that is kept and has no use for one. */
  idToken: IdToken | undefined;
}

const MINUTE_MS = 60_000;
const SHORT_SESSION_MS = 15 * MINUTE_MS;

/** @throws ActionError with the GITHUB_, OCI_ and UPST_ codes, and DEADLINE_EXCEEDED */
export async function openOciSession(
  parts: OciSessionDeps,
  domainUrl: URL,
  credentials: ClientCredentials,
  config: OciConfig,
): Promise<OciSession> {
  const { runner, http, clock } = parts;
  const source = findIdTokenSource(runner.env);
  http.preconnect(domainUrl);
  const [first, keyPair] = await Promise.all([askForIdToken(parts, source, config), parts.keyPair]);
  runner.mask(keyPair.privateKeyPem);
  const exchange = { source, first, keyPair, config, domainUrl, credentials };
  const { upst, requestId, serverTime, idToken } = await obtainSession(parts, exchange);
  const now = clock.now();
  const advice = [await adviseOnLife(config, upst, now, serverTime), adviseOnClock(now, serverTime)];
  for (const text of advice) if (text !== undefined) runner.warning(text);
  return { upst, keyPair, requestId, idToken };
}

/** The exchange, and the checks of what it brings: alike for a new session and for one that is renewed. */
export async function obtainSession(parts: ExchangeParts, given: Exchange) {
  const { config, keyPair } = given;
  const { token, requestId, serverTime, idToken } = await exchange(parts, given);
  const { publicJwk } = keyPair;
  const { tenancy } = config;
  const expected = {
    kind: kindOf(config),
    now: parts.clock.now(),
    serverTime,
    publicJwk,
    tenancy,
    requestId,
  };
  return { upst: parseSessionToken(token, expected), requestId, serverTime, idToken };
}

/** What an exchange needs of the surroundings. */
export interface ExchangeParts {
  runner: Pick<Runner, 'mask'>;
  http: Http;
  clock: Clock;
}

export interface Exchange {
  source: IdTokenSource;
  /** The token for the first try. */
  first: IdToken;
  keyPair: Pick<KeyPair, 'publicKeyBase64' | 'publicJwk'>;
  config: OciConfig;
  domainUrl: URL;
  credentials: ClientCredentials;
}

/** @throws ActionError with the GITHUB_ and OCI_ codes, and DEADLINE_EXCEEDED */
export async function exchange(
  parts: ExchangeParts,
  { source, first, keyPair, config, domainUrl, credentials }: Exchange,
): Promise<ExchangedToken & { idToken: IdToken }> {
  const { runner, http, clock } = parts;
  let idToken = first;
  const exchanged = await exchangeToken(http, async () => {
    // A try that comes late must not fail for the age of the token.
    if (idToken.expiresAt - clock.now() < MINUTE_MS) idToken = await askForIdToken(parts, source, config);
    const { jwt: subjectToken, claims, expiresAt } = idToken;
    const { trustRules, resource } = config;
    const { publicKeyBase64 } = keyPair;
    return { domainUrl, credentials, subjectToken, claims, expiresAt, trustRules, resource, publicKeyBase64 };
  });
  runner.mask(exchanged.token);
  return { ...exchanged, idToken };
}

export async function askForIdToken(
  { runner, http, clock }: ExchangeParts,
  source: IdTokenSource,
  { audience }: Pick<OciConfig, 'audience'>,
): Promise<IdToken> {
  const jwt = await requestIdToken(http, source, audience, clock);
  runner.mask(jwt);
  return readIdToken(jwt);
}

export function kindOf({ resource }: Pick<OciConfig, 'resource'>): PrincipalKind {
  return resource === undefined ? 'user' : 'resource';
}

/** Against what was asked for, if a life was; otherwise against what a job usually needs. */
export async function adviseOnLife(
  { resource }: Pick<OciConfig, 'resource'>,
  upst: Pick<SessionToken, 'expiresAt'>,
  now: number,
  serverTime = now,
): Promise<string | undefined> {
  const asked = resource?.lifetimeSeconds;
  if (asked === undefined) return adviseOnLifetime(now, upst);
  const { adviseOnGrantedLife } = await import('../oci/rpst.ts');
  return adviseOnGrantedLife(asked, upst, serverTime);
}

export function adviseOnLifetime(
  now: number,
  { expiresAt }: Pick<SessionToken, 'expiresAt'>,
): string | undefined {
  const left = expiresAt - now;
  if (left >= SHORT_SESSION_MS) return undefined;
  return `The session ends in ${Math.round(left / MINUTE_MS)} min, at ${new Date(expiresAt).toISOString()}.`;
}

export function adviseOnClock(now: number, serverTime: number | undefined): string | undefined {
  const skew = serverTime === undefined ? 0 : now - serverTime;
  if (Math.abs(skew) <= MINUTE_MS) return undefined;
  const direction = skew > 0 ? 'ahead of' : 'behind';
  const seconds = Math.round(Math.abs(skew) / 1000);
  // Request Signatures (OCI documentation): a date more than five minutes off is refused.
  return `This machine's clock is ${seconds} s ${direction} the domain's; OCI refuses calls that are 5 min off.`;
}
