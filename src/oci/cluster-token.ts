// Tokens for the API servers of OKE clusters. kubectl's credential plugin loads this at each call: keep it small.
import { isTime } from '../response.ts';
import { Secret } from '../secret.ts';
import { claimsOf } from './claims.ts';
import { CLOCK_TOLERANCE_MS, type SessionProof, sessionKey, signRequest } from './request-signature.ts';

/** The lifetime that the OCI CLI sets. OKE probably accepts a token for a minute longer. */
const LIFETIME_MS = 4 * 60_000;

export interface ClusterToken {
  token: Secret;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/**
 * A bearer token: the URL of a signed request for OKE's authenticator, in base64url with padding. It expires with the session.
 * @param host see `ClusterHosts.tokenHost`
 * @param now milliseconds since the epoch
 * @throws Error for a session with which no request can succeed now; its message is for the user
 * @see oci-cli, `ce cluster generate-token`
 */
export function clusterToken(proof: SessionProof, cluster: string, host: string, now: number): ClusterToken {
  const sessionEnd = endOfSession(proof.token, now);
  const url = new URL(`https://${host}/cluster_request/${cluster}`);
  const { authorization = '', date = '' } = signed(() =>
    signRequest({ method: 'GET', url, headers: {} }, sessionKey(proof), now),
  );
  url.search = new URLSearchParams({ authorization, date }).toString();
  const token = Buffer.from(url.href).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return { token: new Secret(token), expiresAt: Math.min(now + LIFETIME_MS, sessionEnd) };
}

function signed<T>(sign: () => T): T {
  try {
    return sign();
  } catch {
    throw new Error('The private key of the session cannot be used. Log in again.');
  }
}

function endOfSession(token: Secret, now: number): number {
  const { exp, iat } = claimsOf(token);
  if (!isTime(exp)) throw new Error('The session token cannot be read. Log in again.');
  const iso = (time: number) => new Date(time).toISOString();
  const here = `This machine's clock says ${iso(now)}`;
  if (exp * 1000 <= now)
    throw new Error(
      `The session expired at ${iso(exp * 1000)}. ${here}. Log in again, or set \`refresh: true\` in the login.`,
    );
  if (isTime(iat) && iat * 1000 > now + CLOCK_TOLERANCE_MS)
    throw new Error(`The session was issued at ${iso(iat * 1000)}. ${here}: synchronize it.`);
  return exp * 1000;
}

/**
 * What the plugin prints. kubectl requires the version that the kubeconfig names.
 * @see client.authentication.k8s.io/v1 (Kubernetes documentation)
 */
export function execCredentialOf({ token, expiresAt }: ClusterToken): string {
  const status = { token: token.reveal(), expirationTimestamp: new Date(expiresAt).toISOString() };
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  return `${JSON.stringify(credential)}\n`;
}
