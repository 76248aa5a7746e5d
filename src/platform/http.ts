// HTTP over Node's own sockets. Knows bytes, limits and failures of transport; knows no service and no secret.
// `node:https` rather than `fetch`: the first global fetch costs about 40 ms of every job. And `node:http`, which only
// emulators on loopback need, is not imported: as an ES module it loads WebSocket and all behind it, another 60 ms.
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import tls, { type TLSSocket } from 'node:tls';
import { TransportError } from '../errors.ts';
import type { Clock, Http, HttpRequest, HttpResponse } from '../port.ts';
import { type RetryPolicy, retrying } from './retry.ts';

/** No answer of ours is above 20 kB; a larger one is not what was asked for. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Certificate failures of Node's TLS and of OpenSSL: permanent, so not worth a second try. */
const UNTRUSTED =
  /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|ERR_SSL_)/;

/** Connections opened ahead of their request, by origin; each serves one. */
const warm = new Map<string, TLSSocket>();

export function createHttp(policy: RetryPolicy, clock: Clock, log: (line: string) => void): Http {
  return {
    expect: openAhead,
    send: (describe) => retrying(describe, { policy, clock, log, sendOnce }),
  };
}

/** Nothing is sent but the handshake. A connection that fails here is forgotten: the request will meet the failure. */
function openAhead(url: URL): void {
  if (url.protocol !== 'https:') return;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const servername = /^[\d.]+$|:/.test(host) ? undefined : host; // an address is no server name (RFC 6066 section 3)
  const port = Number(url.port || 443);
  const socket = tls.connect({ host, port, ALPNProtocols: ['http/1.1'], ...(servername && { servername }) });
  warm.set(url.origin, socket);
  const forget = () => warm.delete(url.origin);
  socket.once('error', forget).once('close', forget);
  socket.unref();
}

/** An agent that gives its one request the connection opened ahead; without one, a new connection for this call alone. */
function agentFor({ origin }: URL): https.Agent | false {
  const socket = warm.get(origin);
  warm.delete(origin);
  if (socket === undefined) return false;
  return Object.assign(new https.Agent(), { createConnection: () => socket.ref() });
}

/**
 * One try, with one limit from connecting to the last byte.
 * @throws TransportError
 */
export function sendOnce(request: HttpRequest, timeoutMs: number): Promise<HttpResponse> {
  const { url, method, body } = request;
  const headers = { 'user-agent': 'oci-wif-action', ...request.headers };
  return new Promise((resolve, reject) => {
    const { request: open } = url.protocol === 'http:' ? process.getBuiltinModule('node:http') : https;
    // `agent: false`: one connection per call, closed with it, so that nothing keeps the process alive.
    const outgoing = open(url, { method, headers, agent: agentFor(url) });
    const giveUp = (error: unknown) => {
      clearTimeout(timer);
      outgoing.destroy();
      reject(toTransportError(error, url));
    };
    const timer = setTimeout(() => {
      giveUp(
        new TransportError('timed-out', `no complete answer from ${url.host} within ${timeoutMs / 1000} s`),
      );
    }, timeoutMs);
    outgoing.on('error', giveUp);
    outgoing.once('response', (incoming) => {
      readBody(incoming).then((text) => {
        clearTimeout(timer);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      }, giveUp);
    });
    outgoing.end(body);
  });
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  // We never offer to decode anything, so an encoded body was not meant for us; it may also be a bomb.
  if ((incoming.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new TransportError('unusable', 'the answer is compressed although that was not asked for');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new TransportError('unusable', `the answer is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toTransportError(error: unknown, url: URL): TransportError {
  if (error instanceof TransportError) return error;
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  if (UNTRUSTED.test(code)) {
    return new TransportError(
      'untrusted',
      `the TLS certificate of ${url.host} was not accepted (${code}: ${message})`,
    );
  }
  return new TransportError('unreachable', `the connection to ${url.host} failed (${code})`);
}
