// Signatures of requests to OCI APIs.
import { createHash, sign } from 'node:crypto';
import type { HttpRequest } from '../ports.ts';
import { Secret } from '../secret.ts';

export interface SigningKey {
  /** `ST$<session token>`, or `<tenancy>/<user>/<fingerprint>` of an API key. */
  keyId: Secret;
  /** Unencrypted. */
  privateKeyPem: Secret;
}

/** The session token, and the private key to which it is bound. */
export interface SessionProof {
  token: Secret;
  privateKeyPem: Secret;
}

/** Maximum clock skew that OCI accepts. @see Request Signatures (OCI documentation) */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

export function sessionKey({ token, privateKeyPem }: SessionProof): SigningKey {
  return { keyId: new Secret(`ST$${token.reveal()}`), privateKeyPem };
}

/**
 * Signs a request. Its method, address and body, and its header `content-type` if it has a body, must be sent as they are.
 * @param now milliseconds since the epoch; OCI refuses a date that is more than five minutes off
 * @returns the headers to send: those of the request, those that the signature covers, and the signature
 * @see Request Signatures (OCI documentation); draft-cavage-http-signatures-08 section 2.3
 */
export function signRequest(request: HttpRequest, key: SigningKey, now: number): Record<string, string> {
  const { method, url, headers } = request;
  const covered = { host: url.host, ...bodyHeaders(request) };
  const date = new Date(now).toUTCString();
  const signed = Object.entries({
    date,
    '(request-target)': `${method.toLowerCase()} ${url.pathname}${url.search}`,
    ...covered,
  });
  const text = signed.map(([name, value]) => `${name}: ${value}`).join('\n');
  const signature = sign('sha256', Buffer.from(text), key.privateKeyPem.reveal()).toString('base64');
  const parameters = [
    'version="1"',
    `keyId="${key.keyId.reveal()}"`,
    'algorithm="rsa-sha256"',
    `headers="${signed.map(([name]) => name).join(' ')}"`,
    `signature="${signature}"`,
  ];
  return { ...headers, date, ...covered, authorization: `Signature ${parameters.join(',')}` };
}

/** What the signature must cover besides: nothing for GET and DELETE, which have no body. */
function bodyHeaders({ method, headers, body = '' }: HttpRequest): Record<string, string> {
  if (method === 'GET' || method === 'DELETE') return {};
  return {
    'content-length': String(Buffer.byteLength(body)),
    'content-type': headers['content-type'] ?? 'application/json',
    'x-content-sha256': createHash('sha256').update(body).digest('base64'),
  };
}

/** @param skewMs of the clock of this machine */
export function describeSkew(skewMs: number): string {
  const direction = skewMs > 0 ? 'fast' : 'slow';
  return `This machine's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${direction}; OCI allows 300 s.`;
}
