// Signs a request to an OCI API with a session. Only for methods without a body, which the signature would have to cover.
import { sign } from 'node:crypto';
import type { HttpRequest } from '../ports.ts';
import type { Secret } from '../secret.ts';

/** The session token, and the private key to which it is bound. */
export interface SessionProof {
  token: Secret;
  privateKeyPem: Secret;
}

/**
 * @param now milliseconds since the epoch; OCI refuses a date that is more than five minutes off
 * @returns the signed headers and the signature; the request must send them unchanged
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
