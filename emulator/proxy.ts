// An HTTP proxy that only tunnels (RFC 9110 section 9.3.6), as it stands at the edge of a company's network: with
// credentials or without, over TLS or not, and broken in the ways proxies break. Must not know what goes through a tunnel.
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Certificates } from './server/certificates.ts';
import { bindToLoopback } from './server/loopback.ts';
import { sameSecret, strictBase64 } from './server/message.ts';

/** In place of what the proxy would do with a CONNECT; credentials are not looked at. */
export type ProxyFault =
  | 'reset' // instead of an answer
  | 'stall' // no answer, ever
  | 'forbidden' // 403
  | 'unavailable' // 503
  /** An answer that is no HTTP. */
  | 'garbage'
  /** 200, and a reset once the first bytes of TLS have come. */
  | 'cut-tunnel';

export interface ProxyOptions {
  /** From an authority as clients name it, `host:port`, to the origin that the tunnel really leads to. */
  routes: Readonly<Record<string, string>>;
  credentials?: { user: string; password: string };
  /** For a proxy that is itself reached through TLS. */
  tls?: Pick<Certificates, 'cert' | 'key'>;
  fault?: ProxyFault;
}

/** One per request, in the order of arrival. Never holds credentials, nor a path. */
export interface Tunnel {
  /** Empty if the request named none in the form `host:port`. */
  authority: string;
  /** 0 as long as no answer was begun, and for ever if none was. */
  status: number;
  /** The check that refused, or the fault that was played. */
  reason?: string;
}

export interface ConnectProxy {
  /** Without credentials. */
  url: string;
  tunnels: readonly Tunnel[];
  /** May be changed at any time; counts for the next CONNECT. */
  fault: ProxyFault | undefined;
  close(): Promise<void>;
}

/** `raw` is the client's TCP connection, `socket` the same or the TLS on it. */
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
  server.on('request', (message, response) => tunnels.push(refuseMethod(message, response)));
  server.on('connect', (message: IncomingMessage, socket: Socket, head: Buffer) => {
    const tunnel: Tunnel = { authority: authorityIn(message.url), status: 0 };
    tunnels.push(tunnel);
    const client = { socket, raw: rawOf(socket) };
    socket.on('error', () => socket.destroy());
    socket.unshift(head);
    const refusal = proxy.fault === undefined ? refusalOf(message, options.credentials) : undefined;
    const target = routes.get(tunnel.authority.toLowerCase());
    if (proxy.fault !== undefined) {
      play(proxy.fault, client, tunnel);
    } else if (refusal) {
      refuse(client, tunnel, refusal);
    } else if (target) {
      open(client, tunnel, target);
    } else {
      refuse(client, tunnel, { status: 502, reason: 'no such host' });
    }
  });
  return proxy;
}

/** User information and anything else that is not a name and a port stays out of the journal. */
function authorityIn(target = ''): string {
  return /^([\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/i.test(target) ? target : '';
}

/** Whoever asks a proxy for anything but a tunnel shows it the whole request, a bearer token included. */
function refuseMethod(message: IncomingMessage, response: ServerResponse): Tunnel {
  const method = message.method ?? '';
  const absolute = URL.parse(message.url ?? '');
  message.resume();
  response.writeHead(405, { Allow: 'CONNECT', Connection: 'close' }).end();
  return absolute
    ? { authority: absolute.host, status: 405, reason: `${method} shown to the proxy in absolute form` }
    : { authority: '', status: 405, reason: `${method} instead of CONNECT` };
}

function refusalOf(message: IncomingMessage, expected: ProxyOptions['credentials']): Refusal | undefined {
  if (authorityIn(message.url) === '') {
    return { status: 400, reason: 'no authority of the form host:port' };
  }
  if (message.headers.authorization !== undefined) {
    // Meant for the server behind the tunnel: a real proxy would keep silent and see it.
    return { status: 400, reason: 'Authorization shown to the proxy' };
  }
  const given = message.headersDistinct['proxy-authorization'] ?? [];
  if (!expected || (given.length === 1 && isBasic(given[0] ?? '', expected))) {
    return undefined;
  }
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
  // Nobody reads on, but the end of the connection must be noticed.
  socket.resume().end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n`);
}

function open({ socket, raw }: Client, tunnel: Tunnel, target: URL): void {
  const upstream = connect(Number(target.port || 443), target.hostname);
  upstream.once('connect', () => {
    establish(socket, tunnel);
    socket.pipe(upstream, { end: false });
    upstream.pipe(socket, { end: false });
    socket.once('end', () => leave(upstream));
    upstream.once('end', () => leave(socket));
  });
  // What happens to one side of an open tunnel happens to the other; before, it is a host that cannot be reached.
  upstream.on('error', () => {
    if (tunnel.status === 0) {
      refuse({ socket, raw }, tunnel, { status: 502, reason: 'host not reached' });
    } else {
      raw.resetAndDestroy();
    }
  });
  socket.on('close', () => upstream.destroy());
}

/** Not by a shutdown: one that meets the other side's end can stay open for ever and keep Node from ending its process. */
function leave(socket: Socket): void {
  socket.write('', () => socket.destroy());
}

function establish(socket: Socket, tunnel: Tunnel): void {
  tunnel.status = 200;
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
}

function play(fault: ProxyFault, client: Client, tunnel: Tunnel): void {
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
      establish(socket, tunnel);
      socket.once('data', () => raw.resetAndDestroy());
      return;
  }
}
