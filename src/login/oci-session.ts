// The steps of a login to OCI. The login runs all of them, a renewal some of them, the doctor each as a check.
import { explainExchangeRefusal } from '../diagnosis/exchange-refusal.ts';
import { explainFailure, explainTransport } from '../diagnosis/service-failure.ts';
import type { ClientCredentials, SignerKind } from '../inputs/client-credentials.ts';
import type { Config, OciConfig } from '../inputs/config.ts';
import type { IdToken, IdTokenSource } from '../oci/id-token.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import { objectStorageOf } from '../oci/namespace.ts';
import type { SessionProof } from '../oci/request-signature.ts';
import { adviseOnClock, adviseOnLifetime, adviseOnSigner } from '../oci/session-advice.ts';
import {
  assertBindsKey,
  assertCurrent,
  assertTenancy,
  clockSkew,
  parseSessionToken,
  type SessionToken,
} from '../oci/session-token.ts';
import {
  type ExchangedToken,
  processTokenExchangeResponse,
  type Signer,
  tokenExchangeRequest,
} from '../oci/token-endpoint.ts';
import type { Runner, StepDeps } from '../ports.ts';
import { adviseOnTerraform } from '../targets/terraform.ts';

/** Requests the token that signs an exchange, see `requestSigner` in request-signer.ts. @throws ActionError as that */
export type RequestSigner = (deps: StepDeps, kind: SignerKind) => Promise<Signer>;

export interface ExchangeDeps extends StepDeps {
  requestSigner: RequestSigner;
}

export interface OciSessionDeps extends ExchangeDeps {
  runner: Runner;
  /** @throws Failure when this job can get no ID token */
  findIdTokens: () => IdTokenSource;
  /** Its generation began with the process, or it is the key pair of an existing login. */
  keyPair: Promise<KeyPair>;
}

export type OciLoginConfig = Pick<Config, 'domainUrl' | 'client'> & { readonly oci: OciConfig };

/** The inputs that a renewal needs as well. */
export type ExchangeConfig = Pick<Config, 'domainUrl' | 'client'> & {
  readonly oci: Pick<OciConfig, 'audience' | 'tenancy' | 'resource' | 'trustRules'>;
};

export interface OciSession {
  sessionToken: SessionToken;
  keyPair: KeyPair;
  /** The job's token that was exchanged; undefined for an existing session, unless a later step needs one. */
  idToken: IdToken | undefined;
  /** By how much the domain's clock is ahead; undefined for an existing session. */
  clockSkewMs?: number;
}

/** What signs requests with the session. */
export function proofOf({
  sessionToken: { token },
  keyPair: { privateKeyPem },
}: Pick<OciSession, 'sessionToken' | 'keyPair'>): SessionProof {
  return { token, privateKeyPem };
}

type PublicKey = Pick<KeyPair, 'publicKeyBase64' | 'publicJwk'>;

/** A retry requests a new ID token after this share of its lifetime: the session may expire with the token. */
const FRESH_SHARE = 1 / 5;

/** @throws ActionError as `requestSessionToken` */
export async function openOciSession(deps: OciSessionDeps, config: OciLoginConfig): Promise<OciSession> {
  const { runner, clock } = deps;
  const { oci } = config;
  const source = deps.findIdTokens();
  // Refuses an unknown realm before the first request.
  if (oci.verify && oci.tenancy && !oci.verifyEndpoint) objectStorageOf(oci.region, oci.tenancy);
  const keyPair = deps.keyPair.then((pair) => {
    runner.mask(pair.privateKeyPem);
    return pair;
  });
  const { sessionToken, serverTime, idToken } = await requestSessionToken(deps, config, source, keyPair);
  const now = clock.now();
  const { expiresAt } = sessionToken;
  const clockSkewMs = clockSkew(now, serverTime);
  // Without a requested lifetime, a short one matters only when nothing renews the session: see `refreshInBackground`.
  const lifetime = oci.resource?.lifetimeSeconds;
  const terraform = adviseOnTerraform(oci.exportFor, expiresAt - clockSkewMs - now);
  const experimental = adviseOnSigner(config.client.kind, oci.resource);
  if (experimental !== undefined) runner.info(experimental);
  const advice = [
    lifetime === undefined ? undefined : adviseOnLifetime(lifetime, expiresAt, now, serverTime),
    adviseOnClock(now, serverTime),
    terraform.warning,
  ];
  for (const text of advice) if (text !== undefined) runner.warning(text);
  if (terraform.note !== undefined) runner.info(terraform.note);
  return { sessionToken, keyPair: await keyPair, idToken, clockSkewMs };
}

export interface ExchangeInput {
  source: IdTokenSource;
  /** The job's token, just received, for the first attempt; a later attempt requests another from the source. */
  first: IdToken;
  publicKey: PublicKey;
  /** See `requesterOf`. */
  requester: ClientCredentials | Signer;
}

export type Exchanged = ExchangedToken & { idToken: IdToken };

/** @returns the client of the inputs, or a signer whose own token is requested for this exchange only */
export async function requesterOf(
  deps: ExchangeDeps,
  { client }: Pick<Config, 'client'>,
): Promise<ClientCredentials | Signer> {
  return client.kind === 'secret' ? client : deps.requestSigner(deps, client.kind);
}

/** @throws ActionError with the OCI_ codes, TLS_UNTRUSTED, the PROXY_ codes, DEADLINE_EXCEEDED; Failure of the source */
export async function exchangeToken(
  deps: StepDeps,
  config: ExchangeConfig,
  { source, first, publicKey: { publicKeyBase64 }, requester }: ExchangeInput,
): Promise<Exchanged> {
  const { runner, http, clock } = deps;
  const { domainUrl, oci } = config;
  const action = 'Requesting the session token';
  const freshUntil = clock.now() + first.lifetimeMs * FRESH_SHARE;
  const { response, idToken } = await http
    .retry({ label: 'the session token' }, async () => {
      const idToken = clock.now() <= freshUntil ? first : await source.request(deps, oci.audience);
      const exchange = { subjectToken: idToken.jwt, publicKeyBase64, resource: oci.resource };
      const request = tokenExchangeRequest({ domainUrl, requester }, exchange, clock.now());
      return { idToken, response: await http.send(request) };
    })
    .catch((error: unknown) => {
      throw explainTransport(error, 'domain', action);
    });
  try {
    const exchanged = processTokenExchangeResponse(response, requester, idToken.jwt);
    runner.mask(exchanged.token);
    return { ...exchanged, idToken };
  } catch (error) {
    throw await explainFailure(error, 'domain', action, (refusal) =>
      explainExchangeRefusal(http, refusal, {
        ...config,
        requester,
        idToken,
        advice: source.adviseOn(idToken.claims),
      }),
    );
  }
}

/**
 * Requests a token for the job and exchanges it; accepts only a current session token for this key, in the configured
 * tenancy.
 * @throws ActionError as `exchangeToken`, and with the UPST_ codes
 */
export async function requestSessionToken(
  deps: ExchangeDeps,
  config: ExchangeConfig,
  source: IdTokenSource,
  key: PublicKey | Promise<PublicKey>,
): Promise<Pick<OciSession, 'sessionToken'> & Exchanged> {
  const [first, publicKey, requester] = await Promise.all([
    source.request(deps, config.oci.audience),
    key,
    requesterOf(deps, config),
  ]);
  const exchanged = await exchangeToken(deps, config, { source, first, publicKey, requester });
  const sessionToken = parseSessionToken(exchanged.token, config.oci.resource, exchanged.requestId);
  assertCurrent(sessionToken, deps.clock.now(), exchanged.serverTime);
  assertTenancy(sessionToken, config.oci.tenancy);
  assertBindsKey(sessionToken, publicKey);
  return { ...exchanged, sessionToken };
}
