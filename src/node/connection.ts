// One connection for each request, and tunnels through HTTP proxies.
import type { ClientRequest } from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, DEFAULT_MIN_VERSION } from 'node:tls';
import { TransportError } from '../errors/transport-error.ts';
import type { HttpProxy } from '../ports.ts';
import { isRetryableStatus, quote } from '../response.ts';

/** After the loss of its first packet, a TCP handshake needs more than a second. */
const MAX_ADDRESS_MS = 2500;

/**
 * Begins a request on a connection that is closed after it, so that nothing keeps the process alive.
 * @param requestTimeoutMs limit of the request. Each address of the host but the last gets a quarter of it to accept the
 *   connection: Node's default of 250 ms is too short for a distant host
 */
export function startRequest(
  url: URL,
  options: https.RequestOptions & Pick<ConnectionOptions, 'socket'>,
  requestTimeoutMs: number,
): ClientRequest {
  const autoSelectFamilyAttemptTimeout = Math.min(Math.ceil(requestTimeoutMs / 4), MAX_ADDRESS_MS);
  // What the environment could weaken is explicit: NODE_TLS_REJECT_UNAUTHORIZED and NODE_OPTIONS change the defaults.
  const allOptions = { ...options, agent: false, autoSelectFamilyAttemptTimeout, insecureHTTPParser: false };
  // To a proxy, or to an emulator on loopback. `node:http` is loaded here: see `http.ts`.
  if (url.protocol === 'http:') return process.getBuiltinModule('node:http').request(url, allOptions);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const tls: ConnectionOptions = {
    servername: isIP(host) ? '' : host, // the default is the `Host` header, which names another host in CONNECT
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    minVersion: DEFAULT_MIN_VERSION === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2',
  };
  return https.request(url, { ...allOptions, ...tls });
}

/**
 * Opens a tunnel to the host of `target` through an HTTP proxy, ready for TLS.
 * @throws TransportError proxy-unreachable, proxy-refused; untrusted for the certificate of an https:// proxy
 * @see RFC 9110 section 9.3.6
 */
export function openTunnel(
  { url, authorization }: HttpProxy,
  target: URL,
  requestTimeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  const authority = `${target.hostname}:${target.port || '443'}`;
  const headers = {
    host: authority,
    ...(authorization && { 'proxy-authorization': authorization.reveal() }),
  };
  const options = { method: 'CONNECT', path: authority, headers, signal };
  return new Promise((resolve, reject) => {
    const connect = startRequest(url, options, requestTimeoutMs);
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
    const text = `the proxy ${host} requires credentials, or does not accept those given (407)`;
    return new TransportError('proxy-refused', text);
  }
  const text = `the proxy ${host} refused CONNECT to ${authority} (${status})`;
  return new TransportError(isRetryableStatus(status) ? 'proxy-unreachable' : 'proxy-refused', text);
}

function toTransportError(error: NodeJS.ErrnoException, { host }: URL): TransportError {
  const text = error.code === 'ABORT_ERR' ? 'did not respond in time' : `could not be used (${error.code})`;
  const untrusted = certificateFailure(error, `the proxy ${host}`);
  return untrusted ?? new TransportError('proxy-unreachable', `the proxy ${host} ${text}`);
}

/** By the codes of Node's TLS and of OpenSSL; undefined for another error. @param peer for the message */
export function certificateFailure(
  { code = '', message }: NodeJS.ErrnoException,
  peer: string,
): TransportError | undefined {
  const codes =
    /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|ERR_SSL_)/;
  if (!codes.test(code)) return undefined;
  // The message can hold names that the peer has written into its certificate.
  const text = `the TLS certificate of ${peer} was not accepted (${code}: ${quote(message, [])})`;
  return new TransportError('untrusted', text);
}
