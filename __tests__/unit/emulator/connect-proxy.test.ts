import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect as connectTcp, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConnectProxy, type ProxyOptions, startConnectProxy } from '../../../emulator/proxy.ts';
import { type Emulator, startEmulator } from '../../../emulator/server/start.ts';

const HOST = 'idcs-0123456789abcdef.identity.oraclecloud.com';
const AUTHORITY = `${HOST}:443`;
const CREDENTIALS = { user: 'build', password: 'pa:ss wörd' };

let emulator: Emulator;
let proxy: ConnectProxy;

beforeAll(async () => {
  emulator = await startEmulator({ hosts: { domain: HOST } });
});

afterAll(() => emulator.close());

afterEach(async () => {
  emulator.faults.clear();
  await proxy.close();
});

async function start(options: Partial<ProxyOptions> = {}): Promise<ConnectProxy> {
  proxy = await startConnectProxy({ routes: emulator.routes, ...options });
  return proxy;
}

interface Connected {
  status: number;
  headers: IncomingHttpHeaders;
  socket: Socket;
}

/** What Node's own client makes of the answer to a CONNECT, or to another method. */
async function ask(
  path = AUTHORITY,
  headers: Record<string, string | string[]> = {},
  options: { method?: string; signal?: AbortSignal } = {},
): Promise<Connected> {
  const { port, protocol } = new URL(proxy.url);
  const common = { host: 'localhost', port, method: 'CONNECT', path, headers, agent: false, ...options };
  const outgoing =
    protocol === 'https:' ? requestTls({ ...common, ca: emulator.certificates.ca }) : request(common);
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('connect', ({ statusCode = 0, headers }, socket: Socket) =>
      resolve({ status: statusCode, headers, socket }),
    );
    outgoing.on('response', (message) => {
      message.resume();
      resolve({ status: message.statusCode ?? 0, headers: message.headers, socket: message.socket });
    });
    outgoing.end();
  });
}

function basic({ user, password } = CREDENTIALS): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** The domain's answer to a GET through a tunnel, with TLS from end to end. */
async function getThrough(socket: Socket, path = '/', servername = HOST): Promise<string> {
  const secure = connectTls({ socket, servername, ca: readFileSync(emulator.caFile) });
  await once(secure, 'secureConnect');
  secure.write(`GET ${path} HTTP/1.1\r\nHost: ${servername}\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const part of secure.setEncoding('utf8')) text += part;
  return text;
}

describe('a tunnel', () => {
  it.each(['http', 'https'] as const)(
    'leads through an %s proxy to the service on its route',
    async (scheme) => {
      await start(scheme === 'https' ? { tls: emulator.certificates } : {});
      expect(proxy.url).toMatch(new RegExp(`^${scheme}://localhost:\\d+$`));
      const { status, socket } = await ask();
      expect(status).toBe(200);
      const asked = emulator.journal.length;
      expect(await getThrough(socket, '/.well-known/through')).toMatch(/^HTTP\/1\.1 404 [\s\S]*\r\n\r\n/);
      expect(emulator.journal.slice(asked)).toMatchObject([
        { service: 'domain', path: '/.well-known/through' },
      ]);
      expect(proxy.tunnels).toEqual([{ authority: AUTHORITY, status: 200 }]);
    },
  );

  it('is one of several at once, each to its own service', async () => {
    await start({ routes: { [AUTHORITY]: emulator.urls.domain, 'localhost:7': emulator.urls.oci } });
    const [domain, oci] = await Promise.all([ask(AUTHORITY.toUpperCase()), ask('localhost:7')]);
    const asked = emulator.journal.length;
    await getThrough(oci.socket, '/', 'localhost');
    await getThrough(domain.socket);
    expect(emulator.journal.slice(asked).map(({ service }) => service)).toEqual(['oci', 'domain']);
  });

  it('passes on what came before its answer', async () => {
    const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    await start({ routes: { 'echo:1': `http://localhost:${Object(echo.address()).port}` } });
    const socket = connectTcp(Number(new URL(proxy.url).port), '127.0.0.1');
    socket.write('CONNECT echo:1 HTTP/1.1\r\nHost: echo:1\r\n\r\nearly');
    let text = '';
    for await (const part of socket.setEncoding('utf8')) {
      text += part;
      if (text.endsWith('early')) break;
    }
    echo.close();
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nearly$/);
  });

  it('ends in a reset if the service resets', async () => {
    await start();
    emulator.faults.add({ service: 'domain', fault: { kind: 'reset-before-headers' } });
    const { socket } = await ask();
    await expect(getThrough(socket)).rejects.toMatchObject({ code: 'ECONNRESET', syscall: 'read' });
  });

  it('is refused for a host that is on no route, or that nobody serves', async () => {
    const vacant = createServer().listen(0, '127.0.0.1');
    await once(vacant, 'listening');
    const origin = `https://127.0.0.1:${Object(vacant.address()).port}`;
    vacant.close();
    await once(vacant, 'close');
    await start({ routes: { 'vacant.example:443': origin } });
    expect((await ask('elsewhere.example:443')).status).toBe(502);
    expect((await ask('vacant.example:443')).status).toBe(502);
    expect(proxy.tunnels).toEqual([
      { authority: 'elsewhere.example:443', status: 502, reason: 'no such host' },
      { authority: 'vacant.example:443', status: 502, reason: 'host not reached' },
    ]);
  });

  it.each<[string, (client: Socket) => unknown]>([
    ['the client resets', (client) => client.resetAndDestroy()],
    ['the proxy closes', () => proxy.close()],
  ])('leaves no connection behind if %s', async (_what, end) => {
    const service = createServer().listen(0, '127.0.0.1');
    await once(service, 'listening');
    await start({ routes: { 'service:1': `http://localhost:${Object(service.address()).port}` } });
    const [{ socket }, [accepted]] = await Promise.all([ask('service:1'), once(service, 'connection')]);
    service.close();
    const closed = Promise.all([once(socket, 'close'), once(accepted.resume(), 'close')]);
    await end(socket);
    await closed;
    await proxy.close();
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('credentials', () => {
  it('open the tunnel', async () => {
    await start({ credentials: CREDENTIALS });
    const { status, socket } = await ask(AUTHORITY, { 'Proxy-Authorization': basic() });
    expect(status).toBe(200);
    expect(await getThrough(socket)).toMatch(/^HTTP\/1\.1 /);
  });

  it.each<[string, string | string[] | undefined, string]>([
    ['none', undefined, 'no proxy credentials'],
    ['another user', basic({ ...CREDENTIALS, user: 'other' }), 'wrong proxy credentials'],
    ['another password', basic({ ...CREDENTIALS, password: 'guessed' }), 'wrong proxy credentials'],
    ['another scheme', basic().replace('Basic', 'Bearer'), 'wrong proxy credentials'],
    ['base64 with junk', `${basic()}!`, 'wrong proxy credentials'],
    ['text in the clear', 'Basic build:password', 'wrong proxy credentials'],
    ['the same twice', [basic(), basic()], 'wrong proxy credentials'],
  ])('are demanded: %s', async (_what, value, reason) => {
    await start({ credentials: CREDENTIALS });
    const { status, headers } = await ask(AUTHORITY, value ? { 'Proxy-Authorization': value } : {});
    expect([status, headers['proxy-authenticate']]).toEqual([407, 'Basic realm="proxy", charset="UTF-8"']);
    expect(proxy.tunnels).toEqual([{ authority: AUTHORITY, status: 407, reason }]);
  });

  it('never reach the journal', async () => {
    await start({ credentials: CREDENTIALS });
    const header = { 'Proxy-Authorization': basic() };
    await ask(AUTHORITY, header);
    await ask(AUTHORITY, { 'Proxy-Authorization': basic({ user: 'build', password: 'guessed' }) });
    await ask('build:guessed@elsewhere.example:443', header);
    await ask(`https://build:guessed@${HOST}/path?token=guessed`, header, { method: 'POST' });
    const written = JSON.stringify(proxy.tunnels);
    expect(proxy.tunnels).toHaveLength(4);
    for (const secret of [CREDENTIALS.password, basic().slice(6), 'guessed']) {
      expect(written).not.toContain(secret);
    }
  });
});

describe('what would show a secret to the proxy', () => {
  it.each(['GET', 'POST'])('%s in absolute form is refused and named', async (method) => {
    await start({ credentials: CREDENTIALS });
    const headers = { Authorization: 'Bearer eyJ', 'Proxy-Authorization': basic() };
    const answer = await ask(`http://${HOST}:8080/secret?b`, headers, { method });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'CONNECT']);
    expect(proxy.tunnels).toEqual([
      { authority: `${HOST}:8080`, status: 405, reason: `${method} shown to the proxy in absolute form` },
    ]);
  });

  it('is no request to the proxy itself, which is refused as well', async () => {
    await start();
    expect((await ask('/', {}, { method: 'GET' })).status).toBe(405);
    expect(proxy.tunnels).toEqual([{ authority: '', status: 405, reason: 'GET instead of CONNECT' }]);
  });

  it('is an Authorization that goes with the CONNECT', async () => {
    await start();
    expect((await ask(AUTHORITY, { Authorization: 'Bearer eyJ' })).status).toBe(400);
    expect(proxy.tunnels).toEqual([
      { authority: AUTHORITY, status: 400, reason: 'Authorization shown to the proxy' },
    ]);
  });

  it.each([HOST, `user@${AUTHORITY}`, `${AUTHORITY}/path`])('is a CONNECT to %s', async (path) => {
    await start();
    expect((await ask(path)).status).toBe(400);
    expect(proxy.tunnels.filter(({ authority }) => authority !== '')).toEqual([]);
  });
});

describe.each(['http', 'https'] as const)('a fault of an %s proxy', (scheme) => {
  const begin = (options: Partial<ProxyOptions>) =>
    start({ ...options, ...(scheme === 'https' ? { tls: emulator.certificates } : {}) });

  it.each([
    ['forbidden', 403],
    ['unavailable', 503],
  ] as const)('%s is an answer of %i', async (fault, status) => {
    await begin({ fault, credentials: CREDENTIALS });
    expect((await ask()).status).toBe(status);
    expect(proxy.tunnels).toEqual([{ authority: AUTHORITY, status, reason: `fault: ${fault}` }]);
  });

  it('reset ends the connection without an answer', async () => {
    await begin({ fault: 'reset' });
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET', syscall: 'read' });
    expect(proxy.tunnels).toEqual([{ authority: AUTHORITY, status: 0, reason: 'fault: reset' }]);
  });

  it('stall never answers', async () => {
    await begin({ fault: 'stall' });
    const leaving = new AbortController();
    const asking = expect(ask(AUTHORITY, {}, { signal: leaving.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    while (proxy.tunnels.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // Long enough for any answer there might be.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(proxy.tunnels).toEqual([{ authority: AUTHORITY, status: 0, reason: 'fault: stall' }]);
    leaving.abort();
    await asking;
  });

  it('garbage is no HTTP', async () => {
    await begin({ fault: 'garbage' });
    await expect(ask()).rejects.toMatchObject({ code: expect.stringMatching(/^HPE_/) });
    expect(proxy.tunnels).toEqual([{ authority: AUTHORITY, status: 0, reason: 'fault: garbage' }]);
  });

  it('cut-tunnel resets what had been opened', async () => {
    await begin({ fault: 'cut-tunnel' });
    const { status, socket } = await ask();
    expect(status).toBe(200);
    const asked = emulator.journal.length;
    await expect(getThrough(socket)).rejects.toMatchObject({ code: 'ECONNRESET', syscall: 'read' });
    expect(emulator.journal).toHaveLength(asked);
    expect(proxy.tunnels).toEqual([{ authority: AUTHORITY, status: 200, reason: 'fault: cut-tunnel' }]);
  });

  it('may come and go', async () => {
    await begin({});
    expect((await ask()).status).toBe(200);
    proxy.fault = 'unavailable';
    expect((await ask()).status).toBe(503);
    proxy.fault = undefined;
    expect(await getThrough((await ask()).socket)).toMatch(/^HTTP\/1\.1 /);
    expect(proxy.tunnels.map(({ status }) => status)).toEqual([200, 503, 200]);
  });
});
