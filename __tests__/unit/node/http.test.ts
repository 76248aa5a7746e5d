// One request to real servers on loopback, each with one defect.
import dns from 'node:dns';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import tls, { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startConnectProxy } from '../../../emulator/proxy.ts';
import { makeCertificates } from '../../../emulator/server/certificates.ts';
import type { TransportError } from '../../../src/errors/transport-error.ts';
import { createHttp, sendOnce } from '../../../src/node/http.ts';
import type { HttpRequest } from '../../../src/ports.ts';
import { startSlowListener } from './slow-listener.ts';

const open: TcpServer[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of open.splice(0)) {
    server.close();
    await once(server, 'close');
  }
});

async function listening(server: TcpServer | Server): Promise<number> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return (server.address() as AddressInfo).port;
}

function to(port: number, options: Partial<HttpRequest> = {}, scheme = 'http'): HttpRequest {
  const url = new URL(`${scheme}://127.0.0.1:${port}/a?b=c`);
  return { method: 'GET', url, headers: {}, ...options };
}

/** A server that sends these bytes to every client, and then runs `then`. */
function raw(text: string, then: (socket: Socket) => void): Promise<number> {
  return listening(
    createTcpServer((socket) => {
      socket.on('data', () => socket.write(text, () => then(socket)));
    }),
  );
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n';
const CODED = HEAD.replace('\r\n\r\n', '\r\ncontent-encoding: gzip\r\n\r\n');
const endlessly = (socket: Socket) => {
  const chunk = Buffer.alloc(65_536, 'x');
  const pump = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', pump);
  pump();
};

describe('sendOnce', () => {
  it('returns status, headers and text', async () => {
    const port = await listening(
      createServer((incoming, response) => {
        response.writeHead(418, { 'X-Id': 'one' });
        incoming.pipe(response);
      }),
    );
    const body = 'grüße';
    const headers = { 'content-length': String(Buffer.byteLength(body)) };
    const response = await sendOnce(to(port, { method: 'POST', body, headers }), 5000);
    expect(response).toMatchObject({ status: 418, headers: { 'x-id': 'one' }, text: body });
  });

  it('requests neither keep-alive nor a content coding', async () => {
    const port = await listening(
      createServer((incoming, response) => response.end(JSON.stringify(incoming.headers))),
    );
    const seen = JSON.parse((await sendOnce(to(port), 5000)).text) as Record<string, string>;
    expect(seen).toMatchObject({
      connection: 'close',
      'user-agent': 'oci-wif-action',
      'accept-encoding': 'identity',
    });
  });

  it('returns a redirect as the response', async () => {
    let asked = 0;
    const port = await listening(
      createServer((_incoming, response) => {
        asked += 1;
        response.writeHead(307, { location: '/other' }).end();
      }),
    );
    expect(await sendOnce(to(port), 5000)).toMatchObject({ status: 307, headers: { location: '/other' } });
    expect(asked).toBe(1);
  });

  const defects: [string, string, () => Promise<number>][] = [
    ['a reset before a response', 'unreachable', () => raw('', (socket) => socket.resetAndDestroy())],
    ['an end before a response', 'unreachable', () => raw('', (socket) => socket.end())],
    ['a reset inside the body', 'unreachable', () => raw(`${HEAD}abc`, (socket) => socket.resetAndDestroy())],
    ['an end inside the body', 'unreachable', () => raw(`${HEAD}abc`, (socket) => socket.end())],
    ['a response that is no HTTP', 'unreachable', () => raw('SSH-2.0\r\n\r\n', (socket) => socket.end())],
    [
      'a reset inside a compressed body',
      'unreachable',
      () => raw(CODED, (socket) => socket.resetAndDestroy()),
    ],
    ['a compressed body that stops', 'timed-out', () => raw(CODED, () => {})],
    ['silence', 'timed-out', () => raw('', () => {})],
    ['a body that stops', 'timed-out', () => raw(`${HEAD}abc`, () => {})],
    ['a head that stops', 'timed-out', () => raw('HTTP/1.1 200 OK\r\n', () => {})],
    ['a body without end', 'unusable', () => raw('HTTP/1.1 200 OK\r\n\r\n', endlessly)],
  ];
  it.each(defects)('throws for %s a TransportError: %s', async (_title, failure, start) => {
    const timeoutMs = failure === 'timed-out' ? 150 : 5000;
    await expect(sendOnce(to(await start()), timeoutMs)).rejects.toMatchObject({
      name: 'TransportError',
      failure,
    });
  });

  it('throws unreachable when nothing listens', async () => {
    const port = await listening(createTcpServer());
    open.pop()?.close();
    await expect(sendOnce(to(port), 5000)).rejects.toMatchObject({ failure: 'unreachable' });
  });

  const encoded = (coding: string, body: Buffer) =>
    listening(
      createServer((_incoming, response) => {
        response.writeHead(200, { 'content-encoding': coding }).end(body);
      }),
    );

  it.each<[string, (text: string | Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['GZip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', Buffer.from],
    ['', Buffer.from],
  ])('decodes %s, up to one mebibyte', async (coding, encode) => {
    const body = 'ü'.repeat(512 * 1024);
    expect((await sendOnce(to(await encoded(coding, encode(body))), 5000)).text).toBe(body);
    const tooLarge = sendOnce(to(await encoded(coding, encode(`${body}x`))), 5000);
    await expect(tooLarge).rejects.toMatchObject({ failure: 'unusable' });
  });

  it('returns an empty body, whatever its coding', async () => {
    const port = await raw('HTTP/1.1 401 No\r\ncontent-encoding: br\r\ncontent-length: 0\r\n\r\n', (socket) =>
      socket.end(),
    );
    expect(await sendOnce(to(port), 5000)).toMatchObject({ status: 401, text: '' });
  });

  it('stops decoding at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(512 * 1024 * 1024, ' '));
    const before = process.cpuUsage();
    const work = sendOnce(to(await encoded('gzip', bomb)), 5000);
    await expect(work).rejects.toMatchObject({
      message: expect.stringContaining('larger than 1048576 bytes'),
    });
    expect(process.cpuUsage(before).user).toBeLessThan(500_000); // all of it takes more than twice as much
  });

  it.each([
    ['gzip', Buffer.from('<html>')],
    ['gzip', gzipSync('{"a":1}').subarray(0, 20)],
    ['br', Buffer.from('<html>garbage')],
    ['x-unknown', gzipSync('{}')],
    ['gzip, gzip', gzipSync(gzipSync('{}'))],
  ])('throws unusable for a body that is no %s', async (coding, body) => {
    await expect(sendOnce(to(await encoded(coding, body)), 5000)).rejects.toMatchObject({
      failure: 'unusable',
    });
  });

  it('accepts a body up to one mebibyte', async () => {
    let size = 1024 * 1024;
    const port = await listening(
      createServer((_incoming, response) => response.end(Buffer.alloc(size, 'x'))),
    );
    expect((await sendOnce(to(port), 5000)).text).toHaveLength(size);
    size += 1;
    await expect(sendOnce(to(port), 5000)).rejects.toMatchObject({ failure: 'unusable' });
  });
});

describe('a certificate of an unknown authority', () => {
  it('is not trusted, and not retried', async () => {
    let connections = 0;
    const server = createTlsServer(makeCertificates(), (_incoming, response) => response.end());
    server.on('connection', () => {
      connections += 1;
    });
    server.on('tlsClientError', () => {});
    const port = await listening(server);
    const log: string[] = [];
    const policy = { maxAttempts: 5, requestTimeoutMs: 5000, deadline: 10_000 };
    const http = createHttp({
      policy,
      clock: { now: () => 0, sleep: async () => {} },
      log: (line) => log.push(line),
      proxyFor: () => undefined,
    });
    const attempt = async () => ({ response: await http.send(to(port, {}, 'https')) });
    await expect(http.retry({ label: 'x' }, attempt)).rejects.toMatchObject({ failure: 'untrusted' });
    expect([connections, log]).toEqual([1, []]);
  });
});

// As `NODE_OPTIONS=--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0` sets them.
describe('defaults of Node that the environment has weakened', () => {
  const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls;
  const weak = { DEFAULT_MIN_VERSION: 'TLSv1', DEFAULT_CIPHERS: 'DEFAULT@SECLEVEL=0' };
  afterEach(() => {
    Object.assign(tls, { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS });
  });

  it.each([
    ['TLSv1.1', 'unreachable'],
    ['TLSv1.2', undefined],
  ] as const)('do not allow TLS before 1.2: %s', async (maxVersion, failure) => {
    const { ca, cert, key } = makeCertificates(['localhost']);
    const ciphers = 'DEFAULT@SECLEVEL=0';
    const server = createTlsServer({ cert, key, ciphers, minVersion: 'TLSv1', maxVersion });
    server.on('request', (_incoming, response) => response.end('found'));
    server.on('tlsClientError', () => {});
    const port = await listening(server);
    const certificates = getCACertificates('default');
    Object.assign(tls, weak);
    setDefaultCACertificates([ca]);
    const url = new URL(`https://localhost:${port}/`);
    const result = await sendOnce(to(port, { url }), 5000).catch((error: TransportError) => error);
    setDefaultCACertificates(certificates);
    expect(result).toMatchObject(failure === undefined ? { text: 'found' } : { failure });
  });
});

// How many packets a full backlog drops depends on the system.
(process.platform === 'linux' ? describe : describe.skip)('a host whose first address is slow', () => {
  const HOST = 'slow.example';
  const { lookup } = dns;
  const certificates = getCACertificates('default');
  afterEach(() => {
    Object.assign(dns, { lookup });
    setDefaultCACertificates(certificates);
  });

  /** The second address is dead. */
  function resolveToSlow() {
    const addresses = [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
    Object.assign(dns, {
      lookup: (...[, , done]: [string, object, (error: null, found: object[]) => void]) =>
        done(null, addresses),
    });
  }

  it.each(['a request', 'a TLS connection', 'CONNECT to a proxy'])('is reached by %s', async (what) => {
    const { ca, cert, key } = makeCertificates([HOST]);
    const isTls = what !== 'a request';
    const server = isTls ? createTlsServer({ cert, key }) : createServer();
    server.on('request', (_incoming, response) => response.end('found'));
    const port = await listening(server);
    const tunnel = await startConnectProxy({ routes: { [`${HOST}:443`]: `https://127.0.0.1:${port}` } });
    const isProxied = what === 'CONNECT to a proxy';
    const slow = await startSlowListener(isProxied ? Number(new URL(tunnel.url).port) : port);
    setDefaultCACertificates([ca]);
    resolveToSlow();
    try {
      const proxy = isProxied
        ? { url: new URL(`http://${HOST}:${slow.port}`), authorization: undefined }
        : undefined;
      const http = createHttp({
        policy: { maxAttempts: 1, requestTimeoutMs: 15_000, deadline: Number.POSITIVE_INFINITY },
        clock: { now: () => 0, sleep: async () => {} },
        log: () => {},
        proxyFor: () => proxy,
      });
      const url = new URL(`${isTls ? 'https' : 'http'}://${HOST}${isProxied ? '' : `:${slow.port}`}/`);
      const began = performance.now();
      expect((await http.send({ method: 'GET', url, headers: {} })).text).toBe('found');
      expect(performance.now() - began).toBeGreaterThan(400);
    } finally {
      await slow.close();
      await tunnel.close();
    }
  });
});

describe('TLS to a port that speaks something else', () => {
  it('fails with a message of one line', async () => {
    const port = await raw('HTTP/1.1 400 Bad Request\r\n\r\n', (socket) => socket.end());
    const failure = await sendOnce(to(port, {}, 'https'), 5000).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'TransportError', message: expect.not.stringContaining('\n') });
  });
});

describe('Http.send', () => {
  const httpWith = (deadline: number, requestTimeoutMs: number) =>
    createHttp({
      policy: { maxAttempts: 1, requestTimeoutMs, deadline },
      clock: { now: () => 1000, sleep: async () => {} },
      log: () => {},
      proxyFor: () => undefined,
    });

  it.each([
    ['the deadline', 1150, 5000, {}],
    ['request-timeout-seconds', 99_000, 150, {}],
    ['its own option', 99_000, 5000, { timeoutMs: 150 }],
  ])('is limited by %s', async (_what, deadline, requestTimeoutMs, options) => {
    const port = await raw('', () => {});
    const work = httpWith(deadline, requestTimeoutMs).send(to(port), options);
    await expect(work).rejects.toMatchObject({ message: expect.stringContaining('within 0.15 s') });
  });

  it('uses no proxy and trusts only the given authority for a direct request', async () => {
    const { ca, cert, key } = makeCertificates();
    const server = createTlsServer({ cert, key });
    server.on('request', (_incoming, response) => response.end('found'));
    const port = await listening(server);
    const http = createHttp({
      policy: { maxAttempts: 1, requestTimeoutMs: 5000, deadline: Number.POSITIVE_INFINITY },
      clock: { now: () => 0, sleep: async () => {} },
      log: () => {},
      proxyFor: () => ({ url: new URL('http://127.0.0.1:1'), authorization: undefined }),
    });
    const request = to(port, {}, 'https');
    expect((await http.send(request, { direct: { ca } })).text).toBe('found');
    await expect(http.send(request)).rejects.toMatchObject({ failure: 'proxy-unreachable' });
    for (const direct of [{}, { ca: makeCertificates().ca }])
      await expect(http.send(request, { direct })).rejects.toMatchObject({ failure: 'untrusted' });
  });

  it('throws out of time after the deadline, without a connection', async () => {
    const work = httpWith(1000, 5000).send(to(1));
    await expect(work).rejects.toMatchObject({ failure: 'timed-out', outOfTime: true });
  });
});
