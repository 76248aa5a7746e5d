// HTTP over Node's own sockets.
// `node:https` rather than `fetch`: the first global fetch costs about 40 ms of every job. And `node:http`, which only
// emulators on loopback need, is not imported: as an ES module it loads WebSocket and all behind it, another 60 ms.
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { TransportError } from '../errors/transport-error.ts';
import type { Clock, Http, HttpProxy, HttpRequest, HttpResponse } from '../ports.ts';
import { agentFor, connectTls, isCertificateError, openTunnel, requestInClear } from './connection.ts';
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
      const connection = { origin: url.origin, socket: connectTls(url, policy.requestTimeoutMs) };
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
    const tunnel = proxy && (await openTunnel(proxy, url, timeoutMs, limit.signal));
    const connection = url.protocol === 'https:' ? (socket ?? connectTls(url, timeoutMs, tunnel)) : undefined;
    return await exchange(request, connection, timeoutMs, limit.signal);
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
  connection: TLSSocket | undefined,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<HttpResponse> {
  // RFC 9110 section 12.5.3: without this header, a server may choose any content coding.
  const headers = { 'user-agent': 'oci-wif-action', 'accept-encoding': 'identity', ...request.headers };
  const options = { method, headers, signal };
  return new Promise((resolve, reject) => {
    // One connection per request, closed with it, so that nothing keeps the process alive.
    const outgoing = connection
      ? https.request(url, { ...options, agent: agentFor(connection) })
      : requestInClear(url, options, timeoutMs);
    const fail = (error: unknown) => {
      outgoing.destroy();
      reject(error);
    };
    outgoing.on('error', fail);
    outgoing.once('response', (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      readBody(incoming).then((text) => resolve({ status, headers, text, host: url.host }), fail);
    });
    outgoing.end(body);
  });
}

/** Decodes while it reads, and stops at the limit: a small body may decode to gigabytes. */
async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of decoded(incoming) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new TransportError('unusable', `the response is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @see RFC 9110 section 8.4.1 */
function decoded(incoming: IncomingMessage): Readable {
  const coding = (incoming.headers['content-encoding'] || 'identity').toLowerCase();
  if (coding === 'identity' || incoming.headers['content-length'] === '0') return incoming;
  if (!/^((x-)?gzip|deflate|br)$/.test(coding))
    throw new TransportError('unusable', 'the response is compressed in a way that was not requested');
  const { createBrotliDecompress, createUnzip } = process.getBuiltinModule('node:zlib');
  const decoder = coding === 'br' ? createBrotliDecompress() : createUnzip();
  incoming.once('error', (error) => decoder.destroy(error));
  return incoming.pipe(decoder);
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
  if (/^(Z_|ERR__ERROR_)/.test(code)) {
    return new TransportError('unusable', `the response of ${host} cannot be decoded (${code})`);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new TransportError('host-not-found', `the host ${host} was not found (${code})`);
  return new TransportError('unreachable', `the connection to ${host} failed (${code})`);
}
