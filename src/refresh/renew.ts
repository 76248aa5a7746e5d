import { readWebIdentity } from '../aws/web-identity.ts';
import { requestAccessToken } from '../login/access-token.ts';
import { type RequestSigner, requestSessionToken } from '../login/oci-session.ts';
import type { IdTokenSource } from '../oci/id-token.ts';
import { clockSkew, type SessionToken } from '../oci/session-token.ts';
import type { Disk, Http } from '../ports.ts';
import { putFile, replaceToken } from '../profiles/session-files.ts';
import type { RefreshTarget, SessionTarget, Validity } from './spec.ts';

export interface RenewDeps {
  http: Http;
  disk: Disk;
  domainUrl: URL;
  /** Builds a source of ID tokens from its `spec`. */
  idTokensFrom: (spec: unknown) => IdTokenSource;
  requestSigner: RequestSigner;
}

export interface Renewal {
  validity: Validity;
  /** For the log; holds no secret. */
  text: string;
}

/** The refresher has no channel to the runner. Tokens that it receives are only written to files. */
const runner = { mask: () => {} };

/**
 * Requests a new token and replaces the old one in its files.
 * @throws ActionError with the codes of the request, and those of `Files` and `Lock`; Failure of another source of ID tokens
 */
export async function renew(
  { http, disk, domainUrl, idTokensFrom, requestSigner }: RenewDeps,
  target: RefreshTarget,
): Promise<Renewal> {
  const { clock, files } = disk;
  const deps = { http, clock, runner, requestSigner };
  const issuedAt = clock.now();
  if (target.kind === 'session') {
    const { client, config, publicKey } = target;
    const source = idTokensFrom(target.source);
    const login = { domainUrl, client, oci: { ...config, trustRules: [] } };
    const { sessionToken, serverTime } = await requestSessionToken(deps, login, source, publicKey);
    const skew = clockSkew(clock.now(), serverTime);
    const text = await replaceTokens(disk, target, sessionToken);
    const expiresAt = sessionToken.expiresAt - skew;
    return { validity: { issuedAt, expiresAt }, text };
  }
  if (target.kind === 'id-token') {
    const source = idTokensFrom(target.source);
    const { jwt, expiresAt, lifetimeMs } = await source.request(deps, target.audience);
    putFile(files, target.file, jwt);
    const validity = { issuedAt, expiresAt: issuedAt + lifetimeMs };
    return { validity, text: `Renewed the ID token of ${source.issuer} until ${iso(expiresAt)}.` };
  }
  const { client, scope, audience, file } = target;
  const token = await requestAccessToken(deps, { domainUrl, requester: client }, scope);
  const { expiresAt } = readWebIdentity(token, { domainUrl, audience, scope }, clock.now());
  putFile(files, file, token);
  const text = `Renewed the access token for AWS until ${iso(expiresAt)}.`;
  return { validity: { issuedAt, expiresAt }, text };
}

/** The key pair stays: clients that have read the key can use it with the new token. */
async function replaceTokens(
  disk: Disk,
  { tokenFiles, publicKey: { publicKeyBase64 }, macKey }: SessionTarget,
  sessionToken: SessionToken,
): Promise<string> {
  const { principal, expiresAt, requestId = 'none' } = sessionToken;
  let text = `Renewed the OCI session of ${principal} until ${iso(expiresAt)}. Request ID: ${requestId}.`;
  for (const tokenFile of tokenFiles) {
    const isReplaced = await replaceToken(disk, tokenFile, sessionToken, publicKeyBase64, macKey);
    if (!isReplaced) text += ` ${tokenFile.file} was not changed: it now belongs to another session.`;
  }
  return text;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
