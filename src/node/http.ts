// HTTP over Node's own sockets. Knows bytes, limits and failures of transport; knows no service and no secret.
// `node:https` rather than `fetch`: the first global fetch costs about 40 ms of every job. And `node:http`, which only
// emulators on loopback need, is not imported: as an ES module it loads WebSocket and all behind it, another 60 ms.
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { TransportError } from '../errors/action-error.ts';
import type { Clock, Http, HttpProxy, HttpRequest, HttpResponse } from '../ports.ts';
import { isUntrusted } from './certificate-errors.ts';
import { openTunnel } from './proxy-tunnel.ts';
import { type RetryParts, type RetryPolicy, retrying } from './retry.ts';

/** No answer of ours is above 20 kB; a larger one is not what was asked for. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Connections opened ahead of their request, by origin; each serves one. */
const warm = new Map<string, TLSSocket>();

export interface HttpParts {
  policy: RetryPolicy;
  clock: Clock;
  log: (line: string) => void;
  trace?: RetryParts['trace'];
  /** The proxy that a request to this address has to go through, if any. */
  proxyFor: (url: URL) => HttpProxy | undefined;
}

export function createHttp({ policy, clock, log, trace, proxyFor }: HttpParts): Http {
  return {
    // Not through a proxy: it is asked for each host by itself, and may want to be asked only once.
    preconnect: (url) => proxyFor(url) ?? openAhead(url),
    send: (describe) =>
      retrying(describe, {
        policy,
        clock,
        log,
        trace,
        sendOnce: (request, timeoutMs) => sendOnce(request, timeoutMs, proxyFor(request.url)),
      }),
  };
}

/** Nothing is sent but the handshake. A connection that fails here is forgotten: the request will meet the failure. */
function openAhead(url: URL): void {
  if (url.protocol !== 'https:') return;
  const socket = secure(url);
  warm.set(url.origin, socket);
  const forget = () => warm.delete(url.origin);
  socket.once('error', forget).once('close', forget);
  socket.unref();
}

/** TLS to the host of an address: over a tunnel, or over a new connection. */
function secure(url: URL, tunnel?: Socket): TLSSocket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const servername = /^[\d.]+$|:/.test(host) ? undefined : host; // an address is no server name (RFC 6066 section 3)
  const way = tunnel === undefined ? { host, port: Number(url.port || 443) } : { socket: tunnel };
  return tls.connect({ ...way, host, ALPNProtocols: ['http/1.1'], ...(servername && { servername }) });
}

/** An agent that gives its one request this connection; without one, a new connection for this call alone. */
function agentFor(socket: TLSSocket | undefined): https.Agent | false {
  if (socket === undefined) return false;
  return Object.assign(new https.Agent(), { createConnection: () => socket.ref() });
}

function takeWarm({ origin }: URL): TLSSocket | undefined {
  const socket = warm.get(origin);
  warm.delete(origin);
  return socket;
}

/**
 * One try, with one limit from connecting to the last byte.
 * @throws TransportError
 */
export async function sendOnce(
  request: HttpRequest,
  timeoutMs: number,
  proxy?: HttpProxy,
): Promise<HttpResponse> {
  const { url } = request;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    const tunnel = proxy && (await openTunnel(proxy, url, limit.signal));
    return await exchange(request, tunnel ? secure(url, tunnel) : takeWarm(url), limit.signal);
  } catch (error) {
    const failure = toTransportError(error, url, limit.signal.aborted ? timeoutMs : undefined);
    if (proxy === undefined || failure.fault.startsWith('proxy-')) throw failure;
    throw new TransportError(failure.fault, `${failure.message}, by way of the proxy ${proxy.url.host}`);
  } finally {
    clearTimeout(timer);
  }
}

function exchange(
  { url, method, body, ...request }: HttpRequest,
  socket: TLSSocket | undefined,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const headers = { 'user-agent': 'oci-wif-action', ...request.headers };
  return new Promise((resolve, reject) => {
    const { request: open } = url.protocol === 'http:' ? process.getBuiltinModule('node:http') : https;
    // `agent: false`: one connection per call, closed with it, so that nothing keeps the process alive.
    const outgoing = open(url, { method, headers, agent: agentFor(socket), signal });
    const giveUp = (error: unknown) => {
      outgoing.destroy();
      reject(error);
    };
    outgoing.on('error', giveUp);
    outgoing.once('response', (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      readBody(incoming).then((text) => resolve({ status, headers, text }), giveUp);
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

/** @param timeoutMs the limit of the try, if that has ended it */
function toTransportError(error: unknown, { host }: URL, timeoutMs: number | undefined): TransportError {
  if (error instanceof TransportError) return error;
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  if (timeoutMs !== undefined) {
    return new TransportError('timed-out', `no complete answer from ${host} within ${timeoutMs / 1000} s`);
  }
  if (isUntrusted(code)) {
    const what = `the TLS certificate of ${host} was not accepted (${code}: ${message})`;
    return new TransportError('untrusted', what);
  }
  return new TransportError('unreachable', `the connection to ${host} failed (${code})`);
}
