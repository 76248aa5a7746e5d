// Signs a request to an OCI API as the holder of a session. Knows the form of the signature, not what is asked.
// Only for methods without a body: one with a body would have to cover that too.
import { sign } from 'node:crypto';
import type { HttpRequest } from '../ports.ts';
import type { Secret } from '../secret.ts';

/** What proves a session: its token, and the private key that the token is bound to. */
export interface SessionProof {
  token: Secret;
  privateKeyPem: Secret;
}

/**
 * @param now milliseconds since the epoch; OCI refuses a date that is more than five minutes off
 * @returns the headers that were signed and the signature; no other may be put in place of them
 * @see Request Signatures (OCI documentation); draft-cavage-http-signatures-08 section 2.3
 */
export function signRequest(
  { url }: Pick<HttpRequest, 'url'> & { method: 'GET' },
  { token, privateKeyPem }: SessionProof,
  now: number,
): Record<string, string> {
  const date = new Date(now).toUTCString();
  const covered = [
    ['date', date],
    ['(request-target)', `get ${url.pathname}${url.search}`],
    ['host', url.host],
  ] as const;
  const text = covered.map(([name, value]) => `${name}: ${value}`).join('\n');
  const parameters = {
    version: '1',
    keyId: `ST$${token.reveal()}`,
    algorithm: 'rsa-sha256',
    headers: covered.map(([name]) => name).join(' '),
    signature: sign('sha256', Buffer.from(text), privateKeyPem.reveal()).toString('base64'),
  };
  const listed = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
  return { date, host: url.host, authorization: `Signature ${listed.join(',')}` };
}
