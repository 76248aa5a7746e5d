// One try against real servers on loopback, each with one vice.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { makeCertificates } from '../../../emulator/server/certificates.ts';
import { createHttp, sendOnce } from '../../../src/node/http.ts';
import type { HttpRequest } from '../../../src/ports.ts';

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
  return { method: 'GET', url, headers: {}, label: 'the call', ...options };
}

/** A server that sends these bytes to whoever asks, and then does as told. */
function raw(text: string, then: (socket: Socket) => void): Promise<number> {
  return listening(
    createTcpServer((socket) => {
      socket.on('data', () => socket.write(text, () => then(socket)));
    }),
  );
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n';
const endlessly = (socket: Socket) => {
  const chunk = Buffer.alloc(65_536, 'x');
  const pump = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', pump);
  pump();
};

describe('one try', () => {
  it('brings back status, headers and text', async () => {
    const port = await listening(
      createServer((incoming, answer) => {
        answer.writeHead(418, { 'X-Id': 'one' });
        incoming.pipe(answer);
      }),
    );
    const body = 'grüße';
    const headers = { 'content-length': String(Buffer.byteLength(body)) };
    const answer = await sendOnce(to(port, { method: 'POST', body, headers }), 5000);
    expect(answer).toMatchObject({ status: 418, headers: { 'x-id': 'one' }, text: body });
  });

  it('asks for nothing to be kept open or encoded', async () => {
    const port = await listening(
      createServer((incoming, answer) => answer.end(JSON.stringify(incoming.headers))),
    );
    const seen = JSON.parse((await sendOnce(to(port), 5000)).text) as Record<string, string>;
    expect(seen).toMatchObject({ connection: 'close', 'user-agent': 'oci-wif-action' });
    expect(seen).not.toHaveProperty('accept-encoding');
  });

  it('takes a redirect for the answer', async () => {
    let asked = 0;
    const port = await listening(
      createServer((_incoming, answer) => {
        asked += 1;
        answer.writeHead(307, { location: '/other' }).end();
      }),
    );
    expect(await sendOnce(to(port), 5000)).toMatchObject({ status: 307, headers: { location: '/other' } });
    expect(asked).toBe(1);
  });

  const vices: [string, string, () => Promise<number>][] = [
    ['a reset before an answer', 'unreachable', () => raw('', (socket) => socket.resetAndDestroy())],
    ['an end before an answer', 'unreachable', () => raw('', (socket) => socket.end())],
    ['a reset inside the body', 'unreachable', () => raw(`${HEAD}abc`, (socket) => socket.resetAndDestroy())],
    ['an end inside the body', 'unreachable', () => raw(`${HEAD}abc`, (socket) => socket.end())],
    ['an answer that is no HTTP', 'unreachable', () => raw('SSH-2.0\r\n\r\n', (socket) => socket.end())],
    ['silence', 'timed-out', () => raw('', () => {})],
    ['a body that stops', 'timed-out', () => raw(`${HEAD}abc`, () => {})],
    ['a head that stops', 'timed-out', () => raw('HTTP/1.1 200 OK\r\n', () => {})],
    ['a body without end', 'unusable', () => raw('HTTP/1.1 200 OK\r\n\r\n', endlessly)],
  ];
  it.each(vices)('that meets %s fails as %s', async (_title, fault, start) => {
    const timeoutMs = fault === 'timed-out' ? 150 : 5000;
    await expect(sendOnce(to(await start()), timeoutMs)).rejects.toMatchObject({
      name: 'TransportError',
      fault,
    });
  });

  it('that meets nobody fails as unreachable', async () => {
    const port = await listening(createTcpServer());
    open.pop()?.close();
    await expect(sendOnce(to(port), 5000)).rejects.toMatchObject({ fault: 'unreachable' });
  });

  it.each(['gzip', 'br', 'x-unknown'])('does not decode %s', async (encoding) => {
    const port = await listening(
      createServer((_incoming, answer) => {
        answer.writeHead(200, { 'content-encoding': encoding }).end(gzipSync('{}'));
      }),
    );
    await expect(sendOnce(to(port), 5000)).rejects.toMatchObject({ fault: 'unusable' });
  });

  it('takes a body up to one mebibyte', async () => {
    let size = 1024 * 1024;
    const port = await listening(createServer((_incoming, answer) => answer.end(Buffer.alloc(size, 'x'))));
    expect((await sendOnce(to(port), 5000)).text).toHaveLength(size);
    size += 1;
    await expect(sendOnce(to(port), 5000)).rejects.toMatchObject({ fault: 'unusable' });
  });
});

describe('a certificate that nobody vouches for', () => {
  it('is not trusted, and not tried twice', async () => {
    let connections = 0;
    const server = createTlsServer(makeCertificates(), (_incoming, answer) => answer.end());
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
    await expect(http.send(() => to(port, {}, 'https'))).rejects.toMatchObject({ fault: 'untrusted' });
    expect([connections, log]).toEqual([1, []]);
  });
});

describe('TLS to a port that speaks something else', () => {
  it('fails with a message of one line', async () => {
    const port = await raw('HTTP/1.1 400 Bad Request\r\n\r\n', (socket) => socket.end());
    const failure = await sendOnce(to(port, {}, 'https'), 5000).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'TransportError', message: expect.not.stringContaining('\n') });
  });
});
