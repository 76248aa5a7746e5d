import type { Socket } from 'node:net';
import { TransportError } from '../errors/transport-error.ts';
import type { HttpProxy } from '../ports.ts';
import { isRetryableStatus } from '../response.ts';

/** Codes of Node's TLS and of OpenSSL: permanent, so a retry would not help. */
export function isCertificateError(code: string): boolean {
  return /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|ERR_SSL_)/.test(
    code,
  );
}

/**
 * Opens a tunnel to the host of `target` through an HTTP proxy, ready for TLS.
 * @throws TransportError proxy-unreachable, proxy-refused; untrusted for the certificate of an https:// proxy
 * @see RFC 9110 section 9.3.6
 */
export function openTunnel(
  { url, authorization }: HttpProxy,
  target: URL,
  signal: AbortSignal,
): Promise<Socket> {
  const { request } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  const authority = `${target.hostname}:${target.port || '443'}`;
  const headers = {
    host: authority,
    ...(authorization && { 'proxy-authorization': authorization.reveal() }),
  };
  return new Promise((resolve, reject) => {
    const connect = request(url, { method: 'CONNECT', path: authority, headers, agent: false, signal });
    connect.once('error', (error) => reject(toTransportError(error, url)));
    connect.once('connect', ({ statusCode: status = 0 }, socket, head) => {
      if (status >= 200 && status < 300) {
        socket.unshift(head);
        return resolve(socket);
      }
      socket.destroy();
      reject(refusal(status, url, authority));
    });
    connect.end();
  });
}

function refusal(status: number, { host }: URL, authority: string): TransportError {
  if (status === 407) {
    const text = `the proxy ${host} does not accept the credentials, or requires some (407)`;
    return new TransportError('proxy-refused', text);
  }
  const text = `the proxy ${host} answered ${status} to CONNECT ${authority}`;
  return new TransportError(isRetryableStatus(status) ? 'proxy-unreachable' : 'proxy-refused', text);
}

function toTransportError(error: NodeJS.ErrnoException, { host }: URL): TransportError {
  const { code = 'unknown', message } = error;
  if (isCertificateError(code)) {
    const text = `the TLS certificate of the proxy ${host} was not accepted (${code}: ${message})`;
    return new TransportError('untrusted', text);
  }
  const text = code === 'ABORT_ERR' ? 'did not respond in time' : `could not be used (${code})`;
  return new TransportError('proxy-unreachable', `the proxy ${host} ${text}`);
}
