// TLS connections: direct, through the tunnel of an HTTP proxy, and to the proxy itself.
import https from 'node:https';
import type { Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { TransportError } from '../errors/transport-error.ts';
import type { HttpProxy } from '../ports.ts';
import { isRetryableStatus } from '../response.ts';

/** A TCP handshake whose first packet was lost takes a second and more. */
const MAX_ADDRESS_MS = 2500;

/**
 * Limits how long each address of a host but the last may take to accept a connection. Node's default of 250 ms is too
 * short for a distant host; a quarter of the request's time leaves some to the other addresses.
 */
function perAddress(requestTimeoutMs: number): { autoSelectFamilyAttemptTimeout: number } {
  return { autoSelectFamilyAttemptTimeout: Math.min(Math.ceil(requestTimeoutMs / 4), MAX_ADDRESS_MS) };
}

/**
 * Connects to the host of an https URL.
 * @param requestTimeoutMs the limit of the request that will use the connection
 * @param tunnel an open connection to this host, instead of a new one
 */
export function connectTls(url: URL, requestTimeoutMs: number, tunnel?: Socket): TLSSocket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const servername = /^[\d.]+$|:/.test(host) ? undefined : host; // an address is no server name (RFC 6066 section 3)
  return tls.connect({
    ...(tunnel ? { socket: tunnel } : { port: Number(url.port || 443) }),
    host,
    ...(servername && { servername }),
    ALPNProtocols: ['http/1.1'],
    ...perAddress(requestTimeoutMs),
    rejectUnauthorized: true, // explicit, because NODE_TLS_REJECT_UNAUTHORIZED changes the default
  });
}

/** An agent that gives this connection to its one request. */
export function agentFor(socket: TLSSocket): https.Agent {
  return Object.assign(new https.Agent(), { createConnection: () => socket.ref() });
}

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
    const connect =
      url.protocol === 'https:'
        ? https.request(url, { ...options, agent: agentFor(connectTls(url, requestTimeoutMs)) })
        : requestInClear(url, options, requestTimeoutMs);
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

/** To a proxy, or to an emulator on loopback. `node:http` is loaded here: see `http.ts`. */
export function requestInClear(
  url: URL,
  options: https.RequestOptions,
  requestTimeoutMs: number,
): ReturnType<typeof https.request> {
  const { request } = process.getBuiltinModule('node:http');
  return request(url, { ...options, ...perAddress(requestTimeoutMs), agent: false });
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
