// `node:https` rather than `fetch`: the first global fetch costs about 40 ms of every job. `node:http`, which
// few requests need (see `startRequest`), is not imported: as an ES module it loads WebSocket too, another 60 ms.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { TransportError } from '../errors/transport-error.ts';
import type { Http, HttpProxy, HttpRequest, HttpResponse } from '../ports.ts';
import { requestIdFrom } from '../response.ts';
import { certificateFailure, openTunnel, startRequest } from './connection.ts';
import { type RetryOptions, type RetryPolicy, retry } from './retry.ts';

/** Responses of the services have 20 kB at most. */
const MAX_BODY_BYTES = 1024 * 1024;

interface HttpOptions extends RetryOptions {
  policy: RetryPolicy;
  /** Gets one line per request. */
  trace?: ((line: string) => void) | undefined;
  /** The proxy for requests to this address, if any. */
  proxyFor: (url: URL) => HttpProxy | undefined;
}

export function createHttp({ policy, clock, log, trace, proxyFor }: HttpOptions): Http {
  return {
    async send(request, { timeoutMs = policy.requestTimeoutMs, direct } = {}) {
      const began = clock.now();
      const timeLeft = policy.deadline - began;
      if (timeLeft <= 0) throw new TransportError('timed-out', 'the time of the step is used up', true);
      const limitMs = Math.min(timeoutMs, policy.requestTimeoutMs, timeLeft);
      const route = direct === undefined ? { proxy: proxyFor(request.url) } : direct;
      const outcome = await sendOnce(request, limitMs, route).catch((error: TransportError) => error);
      trace?.(traceLine(request, outcome, clock.now() - began));
      if (outcome instanceof TransportError) throw outcome;
      return outcome;
    },
    retry: (call, attempt) => retry({ policy, clock, log }, call, attempt),
  };
}

/** In this order: GitHub, OCI, identity domains, AWS. */
const REQUEST_ID_HEADERS = ['x-github-request-id', 'opc-request-id', 'x-oracle-dms-ecid', 'x-amzn-requestid'];

/** Must show no query, no body, no header except the request ID, and of a failure only its kind. */
function traceLine(
  { method, url }: HttpRequest,
  outcome: HttpResponse | TransportError,
  milliseconds: number,
): string {
  const isFailure = outcome instanceof TransportError;
  const what = isFailure ? outcome.failure : outcome.status;
  const requestId = isFailure ? undefined : requestIdFrom(outcome, ...REQUEST_ID_HEADERS);
  return `${method} ${url.host} ${url.pathname}: ${what} in ${milliseconds} ms, request id ${requestId ?? '(none)'}`;
}

/** How a request reaches its host. */
interface Route {
  proxy?: HttpProxy | undefined;
  /** The only certificate authorities to trust, in PEM. */
  ca?: string;
}

/** Sends one request, with one limit from connecting to the last byte. @throws TransportError */
export async function sendOnce(
  request: HttpRequest,
  timeoutMs: number,
  { proxy, ca }: Route = {},
): Promise<HttpResponse> {
  const { url } = request;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    const tunnel = proxy && (await openTunnel(proxy, url, timeoutMs, limit.signal));
    const options = { signal: limit.signal, ...(tunnel && { socket: tunnel }), ...(ca && { ca }) };
    return await exchange(request, options, timeoutMs);
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
  options: { signal: AbortSignal; socket?: Socket; ca?: string },
  timeoutMs: number,
): Promise<HttpResponse> {
  // RFC 9110 section 12.5.3: without this header, a server may choose any content coding.
  const headers = { 'user-agent': 'oci-wif-action', 'accept-encoding': 'identity', ...request.headers };
  return new Promise((resolve, reject) => {
    const outgoing = startRequest(url, { method, headers, ...options }, timeoutMs);
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
    throw new TransportError('unusable', 'the response has a content coding that was not requested');
  const { createBrotliDecompress, createUnzip } = process.getBuiltinModule('node:zlib');
  const decoder = coding === 'br' ? createBrotliDecompress() : createUnzip();
  incoming.once('error', (error) => decoder.destroy(error));
  return incoming.pipe(decoder);
}

/** @param timeoutMs the limit of the attempt, if that has ended it */
function toTransportError(error: unknown, { host }: URL, timeoutMs: number | undefined): TransportError {
  if (error instanceof TransportError) return error;
  if (timeoutMs !== undefined) {
    return new TransportError('timed-out', `no complete response from ${host} within ${timeoutMs / 1000} s`);
  }
  const untrusted = certificateFailure(error as NodeJS.ErrnoException, host);
  if (untrusted !== undefined) return untrusted;
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  if (/^(Z_|ERR__ERROR_)/.test(code))
    return new TransportError('unusable', `the response of ${host} cannot be decoded (${code})`);
  if (code === 'ENOTFOUND')
    return new TransportError('host-not-found', `the host ${host} was not found (${code})`);
  if (code === 'EAI_AGAIN')
    return new TransportError('lookup-failed', `the name of ${host} could not be resolved (${code})`);
  return new TransportError('unreachable', `the connection to ${host} failed (${code})`);
}
