// A forward proxy that supports only CONNECT (RFC 9110 section 9.3.6): with or without credentials and TLS, and with faults.
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Certificates } from './server/certificates.ts';
import { bindToLoopback } from './server/loopback.ts';
import { sameSecret, strictBase64 } from './server/message.ts';

/** Replaces the response to a CONNECT; credentials are not checked. */
export type ProxyFault =
  | 'reset' // no response, but a reset
  | 'stall' // never a response
  | 'forbidden' // 403
  | 'unavailable' // 503
  | 'garbage' // a response that is not HTTP
  | 'cut-tunnel'; // 200, and a reset after the first bytes of TLS

export interface ProxyOptions {
  /** From the authority of a CONNECT, `host:port`, to the origin that the tunnel leads to. */
  routes: Readonly<Record<string, string>>;
  credentials?: { user: string; password: string };
  /** For a proxy with an https URL. */
  tls?: Pick<Certificates, 'cert' | 'key'>;
  fault?: ProxyFault;
}

/** One per request, in order of arrival. Never contains credentials or a path. */
export interface Tunnel {
  /** Empty when the request has none of the form `host:port`. */
  authority: string;
  /** 0 until the response begins, and if it never does. */
  status: number;
  /** The check that refused the request, or the injected fault. */
  reason?: string;
}

export interface ConnectProxy {
  /** Without credentials. */
  url: string;
  tunnels: readonly Tunnel[];
  /** Can change at any time; applies to the next CONNECT. */
  fault: ProxyFault | undefined;
  close(): Promise<void>;
}

/** `raw` is the client's TCP connection; `socket` is the same, or the TLS connection on it. */
interface Client {
  socket: Socket;
  raw: Socket;
}

interface Refusal {
  status: number;
  reason: string;
  headers?: Record<string, string>;
}

export async function startConnectProxy(options: ProxyOptions): Promise<ConnectProxy> {
  const routes = new Map(
    Object.entries(options.routes).map(([name, origin]) => [name.toLowerCase(), new URL(origin)]),
  );
  const server = options.tls ? createTlsServer(options.tls) : createServer();
  const { port, rawOf, close } = await bindToLoopback(server);
  const tunnels: Tunnel[] = [];
  const proxy: ConnectProxy = {
    url: `${options.tls ? 'https' : 'http'}://localhost:${port}`,
    tunnels,
    fault: options.fault,
    close,
  };
  server.on('request', (message, response) => tunnels.push(refuseOtherMethod(message, response)));
  server.on('connect', (message: IncomingMessage, socket: Socket, head: Buffer) => {
    const tunnel: Tunnel = { authority: authorityIn(message.url), status: 0 };
    tunnels.push(tunnel);
    const client = { socket, raw: rawOf(socket) };
    socket.on('error', () => socket.destroy());
    socket.unshift(head);
    const refusal = proxy.fault === undefined ? refusalFor(message, options.credentials) : undefined;
    const target = routes.get(tunnel.authority.toLowerCase());
    if (proxy.fault !== undefined) {
      injectFault(proxy.fault, client, tunnel);
    } else if (refusal) {
      refuse(client, tunnel, refusal);
    } else if (target) {
      openTunnel(client, tunnel, target);
    } else {
      refuse(client, tunnel, { status: 502, reason: 'no such host' });
    }
  });
  return proxy;
}

/** Keeps user information, and everything else that is not a host and a port, out of `tunnels`. */
function authorityIn(target = ''): string {
  return /^([\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/i.test(target) ? target : '';
}

/** A request other than CONNECT shows the proxy everything, including a bearer token. */
function refuseOtherMethod(message: IncomingMessage, response: ServerResponse): Tunnel {
  const method = message.method ?? '';
  const absolute = URL.parse(message.url ?? '');
  message.resume();
  response.writeHead(405, { Allow: 'CONNECT', Connection: 'close' }).end();
  return absolute
    ? { authority: absolute.host, status: 405, reason: `${method} in absolute form` }
    : { authority: '', status: 405, reason: `${method} instead of CONNECT` };
}

function refusalFor(message: IncomingMessage, expected: ProxyOptions['credentials']): Refusal | undefined {
  if (authorityIn(message.url) === '') return { status: 400, reason: 'no authority of the form host:port' };
  if (message.headers.authorization !== undefined) {
    // It is for the server behind the tunnel. A real proxy would see it and not report it.
    return { status: 400, reason: 'Authorization sent to the proxy' };
  }
  const given = message.headersDistinct['proxy-authorization'] ?? [];
  if (!expected || (given.length === 1 && isBasic(given[0] ?? '', expected))) return undefined;
  const reason = given.length === 0 ? 'no proxy credentials' : 'wrong proxy credentials';
  return { status: 407, reason, headers: { 'Proxy-Authenticate': 'Basic realm="proxy", charset="UTF-8"' } };
}

/** RFC 7617 section 2. */
function isBasic(value: string, { user, password }: { user: string; password: string }): boolean {
  const encoded = /^Basic (\S+)$/i.exec(value)?.[1] ?? '';
  const pair = strictBase64(encoded)?.toString('utf8');
  return pair !== undefined && sameSecret(pair, `${user}:${password}`);
}

function refuse({ socket }: Client, tunnel: Tunnel, { status, reason, headers = {} }: Refusal): void {
  tunnel.status = status;
  tunnel.reason = reason;
  const lines = Object.entries({ ...headers, 'Content-Length': '0', Connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  // resume: without reading, the end of the connection is not noticed.
  socket.resume().end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n`);
}

function openTunnel({ socket, raw }: Client, tunnel: Tunnel, target: URL): void {
  const upstream = connect(Number(target.port || 443), target.hostname);
  upstream.once('connect', () => {
    confirmTunnel(socket, tunnel);
    socket.pipe(upstream, { end: false });
    upstream.pipe(socket, { end: false });
    socket.once('end', () => closeAfterWrite(upstream));
    upstream.once('end', () => closeAfterWrite(socket));
    // A client that was killed has ended, but not closed, its connection.
    upstream.once('close', () => closeAfterWrite(socket));
  });
  // Before the tunnel is open, the host cannot be reached. Afterwards, a reset of one side resets the other.
  upstream.on('error', () => {
    if (tunnel.status === 0) {
      refuse({ socket, raw }, tunnel, { status: 502, reason: 'host cannot be reached' });
    } else {
      raw.resetAndDestroy();
    }
  });
  socket.on('close', () => upstream.destroy());
}

/** Not `end()`: when both sides end at the same time, the connection can stay open and keep the process alive. */
function closeAfterWrite(socket: Socket): void {
  socket.write('', () => socket.destroy());
}

function confirmTunnel(socket: Socket, tunnel: Tunnel): void {
  tunnel.status = 200;
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
}

function injectFault(fault: ProxyFault, client: Client, tunnel: Tunnel): void {
  const { socket, raw } = client;
  const reason = `fault: ${fault}`;
  tunnel.reason = reason;
  switch (fault) {
    case 'reset':
      raw.resetAndDestroy();
      return;
    case 'stall':
      socket.resume();
      return;
    case 'forbidden':
      refuse(client, tunnel, { status: 403, reason });
      return;
    case 'unavailable':
      refuse(client, tunnel, { status: 503, reason });
      return;
    case 'garbage':
      socket.resume().end('220 mail.example ESMTP\r\n');
      return;
    case 'cut-tunnel':
      confirmTunnel(socket, tunnel);
      socket.once('data', () => raw.resetAndDestroy());
      return;
  }
}
