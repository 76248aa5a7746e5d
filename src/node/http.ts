// HTTP over Node's own sockets.
// `node:https` rather than `fetch`: the first global fetch costs about 40 ms of every job. And `node:http`, which only
// emulators on loopback need, is not imported: as an ES module it loads WebSocket and all behind it, another 60 ms.
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { TransportError } from '../errors/transport-error.ts';
import type { Clock, Http, HttpProxy, HttpRequest, HttpResponse } from '../ports.ts';
import { isCertificateError, openTunnel } from './proxy-tunnel.ts';
import { type RetryPolicy, retry } from './retry.ts';
import { traceLine } from './trace.ts';

/** The services answer with 20 kB at most. */
const MAX_BODY_BYTES = 1024 * 1024;

export interface HttpOptions {
  policy: RetryPolicy;
  clock: Clock;
  /** Gets one line per wait before a retry. */
  log: (line: string) => void;
  /** Gets one line per request. */
  trace?: ((line: string) => void) | undefined;
  /** The proxy for requests to this address, if any. */
  proxyFor: (url: URL) => HttpProxy | undefined;
}

export function createHttp({ policy, clock, log, trace, proxyFor }: HttpOptions): Http {
  /** Each serves one request. */
  const preconnected = new Set<{ origin: string; socket: TLSSocket }>();
  const takePreconnected = ({ origin }: URL) => {
    const connection = [...preconnected].find((one) => one.origin === origin);
    if (connection !== undefined) preconnected.delete(connection);
    return connection?.socket;
  };
  return {
    preconnect(url) {
      // Not through a proxy, which may limit the number of its connections.
      if (url.protocol !== 'https:' || proxyFor(url) !== undefined) return;
      const connection = { origin: url.origin, socket: connectTls(url) };
      preconnected.add(connection);
      const forget = () => preconnected.delete(connection); // the request itself will meet the failure
      connection.socket.once('error', forget).once('close', forget).unref();
    },
    async send(request, { timeoutMs = policy.requestTimeoutMs } = {}) {
      const began = clock.now();
      const timeLeft = policy.deadline - began;
      if (timeLeft <= 0) throw new TransportError('timed-out', 'the time of the step is used up', true);
      const limitMs = Math.min(timeoutMs, policy.requestTimeoutMs, timeLeft);
      const proxy = proxyFor(request.url);
      const socket = proxy ? undefined : takePreconnected(request.url);
      const outcome = await sendOnce(request, limitMs, { proxy, socket }).catch(
        (error: TransportError) => error,
      );
      trace?.(traceLine(request, outcome, clock.now() - began));
      if (outcome instanceof TransportError) throw outcome;
      return outcome;
    },
    retry: (call, attempt) => retry({ policy, clock, log }, call, attempt),
  };
}

/** Over a tunnel, or over a new connection. */
function connectTls(url: URL, tunnel?: Socket): TLSSocket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const servername = /^[\d.]+$|:/.test(host) ? undefined : host; // an address is no server name (RFC 6066 section 3)
  const transport = tunnel === undefined ? { port: Number(url.port || 443) } : { socket: tunnel };
  return tls.connect({ ...transport, host, ALPNProtocols: ['http/1.1'], ...(servername && { servername }) });
}

/** An agent that gives its one request this connection; without one, a new connection for this call alone. */
function agentFor(socket: TLSSocket | undefined): https.Agent | false {
  if (socket === undefined) return false;
  return Object.assign(new https.Agent(), { createConnection: () => socket.ref() });
}

/**
 * Sends one request, with one limit from connecting to the last byte.
 * @param connection a proxy to go through, or an open connection to use
 * @throws TransportError
 */
export async function sendOnce(
  request: HttpRequest,
  timeoutMs: number,
  { proxy, socket }: { proxy?: HttpProxy | undefined; socket?: TLSSocket | undefined } = {},
): Promise<HttpResponse> {
  const { url } = request;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    const connection = proxy ? connectTls(url, await openTunnel(proxy, url, limit.signal)) : socket;
    return await exchange(request, connection, limit.signal);
  } catch (error) {
    const { failure, message } = toTransportError(error, url, limit.signal.aborted ? timeoutMs : undefined);
    const route = proxy && !failure.startsWith('proxy-') ? `, through the proxy ${proxy.url.host}` : '';
    throw new TransportError(failure, `${message}${route}`);
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
    // `agent: false`: one connection per request, closed with it, so that nothing keeps the process alive.
    const outgoing = open(url, { method, headers, agent: agentFor(socket), signal });
    const fail = (error: unknown) => {
      outgoing.destroy();
      reject(error);
    };
    outgoing.on('error', fail);
    outgoing.once('response', (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      readBody(incoming).then((text) => resolve({ status, headers, text }), fail);
    });
    outgoing.end(body);
  });
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  // No encoding was offered in the request; an encoded body may be a decompression bomb.
  if ((incoming.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new TransportError('unusable', 'the response is compressed, which was not requested');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new TransportError('unusable', `the response is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @param timeoutMs the limit of the attempt, if that has ended it */
function toTransportError(error: unknown, { host }: URL, timeoutMs: number | undefined): TransportError {
  if (error instanceof TransportError) return error;
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  if (timeoutMs !== undefined) {
    return new TransportError('timed-out', `no complete response from ${host} within ${timeoutMs / 1000} s`);
  }
  if (isCertificateError(code)) {
    const text = `the TLS certificate of ${host} was not accepted (${code}: ${message})`;
    return new TransportError('untrusted', text);
  }
  const text = code === 'ENOTFOUND' ? `the host ${host} was not found` : `the connection to ${host} failed`;
  return new TransportError('unreachable', `${text} (${code})`);
}
