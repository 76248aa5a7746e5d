// A tunnel through an HTTP proxy, ready for TLS. Knows CONNECT and what a proxy answers to it; never sees a request.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TransportError } from '../errors/action-error.ts';
import type { HttpProxy } from '../ports.ts';
import { isRetryableStatus } from '../response.ts';
import { isUntrusted } from './certificate-errors.ts';

/**
 * Opens a connection to the host of `target` by way of a proxy, or says why that proxy gave none.
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
    const asking = request(url, { method: 'CONNECT', path: authority, headers, agent: false, signal });
    asking.once('error', (error) => reject(toTransportError(error, url)));
    asking.once('connect', (answer, socket, head) => {
      if (isSuccess(answer)) {
        socket.unshift(head);
        return resolve(socket);
      }
      socket.destroy();
      reject(refusal(answer, url, authority));
    });
    asking.end();
  });
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function refusal(
  { statusCode: status = 0 }: IncomingMessage,
  { host }: URL,
  authority: string,
): TransportError {
  if (status === 407) {
    return new TransportError('proxy-refused', `the proxy ${host} wants other credentials, or any (407)`);
  }
  const what = `the proxy ${host} answered ${status} when asked to connect to ${authority}`;
  return new TransportError(isRetryableStatus(status) ? 'proxy-unreachable' : 'proxy-refused', what);
}

function toTransportError(error: NodeJS.ErrnoException, { host }: URL): TransportError {
  const { code = 'unknown', message } = error;
  if (isUntrusted(code)) {
    const what = `the TLS certificate of the proxy ${host} was not accepted (${code}: ${message})`;
    return new TransportError('untrusted', what);
  }
  const what = code === 'ABORT_ERR' ? 'gave no answer in time' : `could not be used (${code})`;
  return new TransportError('proxy-unreachable', `the proxy ${host} ${what}`);
}
