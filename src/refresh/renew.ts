import { readWebIdentity } from '../aws/web-identity.ts';
import { requestAccessToken } from '../login/access-token.ts';
import { requestIdToken, requestSessionToken } from '../login/oci-session.ts';
import type { Disk, Http } from '../ports.ts';
import { putFile, replaceToken } from '../profiles/session-files.ts';
import type { AccessTokenTarget, IdTokenTarget, RefreshTarget, SessionTarget, Validity } from './spec.ts';

export interface RenewDeps {
  http: Http;
  disk: Disk;
  domainUrl: URL;
}

export interface Renewal {
  validity: Validity;
  /** For the log; holds no secret. */
  text: string;
}

/** The refresher has no channel to the runner. Tokens that it receives are only written to files. */
const runner = { mask: () => {} };

/**
 * Requests a new token and writes it over the old one.
 * @throws ActionError with the GITHUB_, OCI_, UPST_ and AWS_ codes of the request, and those of `Files` and `Lock`
 */
export async function renew(deps: RenewDeps, target: RefreshTarget): Promise<Renewal> {
  if (target.kind === 'session') return renewSession(deps, target);
  return target.kind === 'id-token' ? renewIdToken(deps, target) : renewAccessToken(deps, target);
}

/** The key pair stays: clients that hold the key go on with the new token. */
async function renewSession(
  { http, disk, domainUrl }: RenewDeps,
  { source, client, config: given, publicKey, tokenFiles }: SessionTarget,
): Promise<Renewal> {
  const { clock } = disk;
  const deps = { http, clock, runner };
  const issuedAt = clock.now();
  const login = { domainUrl, client, oci: { ...given, trustRules: [] } };
  const { sessionToken } = await requestSessionToken(deps, login, source, publicKey);
  const { principal, expiresAt, requestId = 'none' } = sessionToken;
  let text = `Renewed the OCI session of ${principal} until ${iso(expiresAt)}. Request ID: ${requestId}.`;
  for (const tokenFile of tokenFiles) {
    const isReplaced = await replaceToken(disk, tokenFile, sessionToken, publicKey.publicKeyBase64);
    if (!isReplaced) text += ` ${tokenFile.file} was not changed: it belongs to another session now.`;
  }
  return { validity: { issuedAt, expiresAt }, text };
}

async function renewIdToken(
  { http, disk }: RenewDeps,
  { source, audience, file }: IdTokenTarget,
): Promise<Renewal> {
  const { clock, files } = disk;
  const issuedAt = clock.now();
  const { jwt, lifetimeMs } = await requestIdToken({ http, clock, runner }, source, audience);
  putFile(files, file, jwt);
  // Not the token's own expiry: this clock may differ from GitHub's.
  const expiresAt = issuedAt + lifetimeMs;
  return { validity: { issuedAt, expiresAt }, text: `Renewed GitHub's ID token until ${iso(expiresAt)}.` };
}

async function renewAccessToken(
  { http, disk, domainUrl }: RenewDeps,
  { file, client, scope, audience }: AccessTokenTarget,
): Promise<Renewal> {
  const issuedAt = disk.clock.now();
  const token = await requestAccessToken({ http, clock: disk.clock, runner }, { domainUrl, client }, scope);
  const { expiresAt } = readWebIdentity(token, { domainUrl, audience, now: disk.clock.now() });
  putFile(disk.files, file, token);
  return {
    validity: { issuedAt, expiresAt },
    text: `Renewed the access token for AWS until ${iso(expiresAt)}.`,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
