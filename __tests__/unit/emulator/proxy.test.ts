// What the e2e tests of proxies rely on: tunnels, refusals, no secrets in the record of tunnels, no open connections.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
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

async function start(options: Partial<ProxyOptions> = {}): Promise<void> {
  proxy = await startConnectProxy({ routes: emulator.routes, ...options });
}

interface Connected {
  status: number;
  headers: IncomingHttpHeaders;
  socket: Socket;
}

/** Sends a CONNECT, or a request with another method, with Node's HTTP client. */
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
    outgoing.on('connect', ({ statusCode: status = 0, headers }, socket: Socket) =>
      resolve({ status, headers, socket }),
    );
    outgoing.on('response', ({ statusCode: status = 0, headers, socket }) =>
      resolve({ status, headers, socket: socket.resume() }),
    );
    outgoing.end();
  });
}

const basic = ({ user, password } = CREDENTIALS) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** The response to a GET through a tunnel, with TLS to the service. */
async function getThrough(socket: Socket, path = '/', servername = HOST): Promise<string> {
  const secure = connectTls({ socket, servername, ca: readFileSync(emulator.caFile) });
  await once(secure, 'secureConnect');
  secure.write(`GET ${path} HTTP/1.1\r\nHost: ${servername}\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const part of secure.setEncoding('utf8')) text += part;
  return text;
}

async function listen() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a tunnel', () => {
  it.each(['http', 'https'])('leads through an %s proxy to the service of its route', async (scheme) => {
    await start({
      routes: { [AUTHORITY]: emulator.urls.domain, 'localhost:7': emulator.urls.oci },
      ...(scheme === 'https' ? { tls: emulator.certificates } : {}),
    });
    const [domain, oci] = await Promise.all([ask(AUTHORITY.toUpperCase()), ask('localhost:7')]);
    const before = emulator.journal.length;
    await getThrough(oci.socket, '/', 'localhost');
    expect(await getThrough(domain.socket, '/through')).toMatch(/^HTTP\/1\.1 404 [\s\S]*\r\n\r\n/);
    expect(emulator.journal.slice(before)).toMatchObject([
      { service: 'oci' },
      { service: 'domain', path: '/through' },
    ]);
    expect(proxy.tunnels.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('passes on data that was sent before the response', async () => {
    const { server, origin } = await listen();
    server.on('connection', (socket) => socket.pipe(socket));
    await start({ routes: { 'echo:1': origin } });
    const socket = connectTcp(Number(new URL(proxy.url).port), '127.0.0.1');
    socket.write('CONNECT echo:1 HTTP/1.1\r\nHost: echo:1\r\n\r\nearly');
    let text = '';
    for await (const part of socket.setEncoding('utf8')) {
      text += part;
      if (text.endsWith('early')) break;
    }
    server.close();
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nearly$/);
  });

  it('is reset when the service resets', async () => {
    await start();
    emulator.faults.add({ service: 'domain', fault: { kind: 'reset-before-headers' } });
    const { socket } = await ask();
    await expect(getThrough(socket)).rejects.toMatchObject({ code: 'ECONNRESET', syscall: 'read' });
  });

  it('is refused with 502 for an unknown host and for a host that does not listen', async () => {
    const { server, origin } = await listen();
    await once(server.close(), 'close');
    await start({ routes: { 'vacant.example:443': origin } });
    await ask('elsewhere.example:443');
    await ask('vacant.example:443');
    expect(proxy.tunnels).toEqual([
      { authority: 'elsewhere.example:443', status: 502, reason: 'no such host' },
      { authority: 'vacant.example:443', status: 502, reason: 'host cannot be reached' },
    ]);
  });

  it.each<[string, (client: Socket) => unknown]>([
    ['the client resets', (client) => client.resetAndDestroy()],
    ['the proxy closes', () => proxy.close()],
  ])('leaves no connection open when %s', async (_what, end) => {
    const { server, origin } = await listen();
    await start({ routes: { 'service:1': origin } });
    const [{ socket }, [accepted]] = await Promise.all([ask('service:1'), once(server, 'connection')]);
    server.close();
    const closed = Promise.all([once(socket, 'close'), once(accepted.resume(), 'close')]);
    await end(socket);
    await closed;
    await proxy.close();
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('proxy credentials', () => {
  it.each<[string, string | string[] | undefined, string]>([
    ['none', undefined, 'no proxy credentials'],
    ['another user', basic({ ...CREDENTIALS, user: 'other' }), 'wrong proxy credentials'],
    ['another password', basic({ ...CREDENTIALS, password: 'guessed' }), 'wrong proxy credentials'],
    ['another scheme', basic().replace('Basic', 'Bearer'), 'wrong proxy credentials'],
    ['malformed base64', `${basic()}!`, 'wrong proxy credentials'],
    ['a repeated header', [basic(), basic()], 'wrong proxy credentials'],
  ])('are refused with 407: %s', async (_what, value, reason) => {
    await start({ credentials: CREDENTIALS });
    const { status, headers } = await ask(AUTHORITY, value ? { 'Proxy-Authorization': value } : {});
    expect([status, headers['proxy-authenticate']]).toEqual([407, 'Basic realm="proxy", charset="UTF-8"']);
    expect(proxy.tunnels).toEqual([{ authority: AUTHORITY, status: 407, reason }]);
  });

  it('open the tunnel when they are right, and are never recorded', async () => {
    await start({ credentials: CREDENTIALS });
    const header = { 'Proxy-Authorization': basic() };
    expect(await getThrough((await ask(AUTHORITY, header)).socket)).toMatch(/^HTTP\/1\.1 /);
    await ask('build:guessed@elsewhere.example:443', header);
    await ask(`https://build:guessed@${HOST}/path?token=guessed`, header, { method: 'POST' });
    expect(proxy.tunnels).toHaveLength(3);
    expect(JSON.stringify(proxy.tunnels)).not.toMatch(/guessed|pa:ss/);
    expect(JSON.stringify(proxy.tunnels)).not.toContain(basic().slice(6));
  });
});

it('refuses requests other than CONNECT, which show it everything', async () => {
  await start({ credentials: CREDENTIALS });
  const headers = { Authorization: 'Bearer eyJ', 'Proxy-Authorization': basic() };
  expect((await ask(`http://${HOST}:8080/secret?b`, headers, { method: 'POST' })).headers.allow).toBe(
    'CONNECT',
  );
  await ask('/', {}, { method: 'GET' });
  expect(proxy.tunnels).toEqual([
    { authority: `${HOST}:8080`, status: 405, reason: 'POST in absolute form' },
    { authority: '', status: 405, reason: 'GET instead of CONNECT' },
  ]);
});

it('refuses a CONNECT with an Authorization header or a malformed authority', async () => {
  await start();
  await ask(AUTHORITY, { Authorization: 'Bearer eyJ' });
  expect(proxy.tunnels[0]?.reason).toBe('Authorization sent to the proxy');
  for (const path of [HOST, `user@${AUTHORITY}`, `${AUTHORITY}/path`])
    expect((await ask(path)).status).toBe(400);
  expect(proxy.tunnels.slice(1).filter(({ authority }) => authority !== '')).toEqual([]);
});

describe.each(['http', 'https'] as const)('a fault of an %s proxy', (scheme) => {
  const begin = (options: Partial<ProxyOptions>) =>
    start({ ...options, ...(scheme === 'https' ? { tls: emulator.certificates } : {}) });
  const expectTunnel = (fault: string, status: number) =>
    expect(proxy.tunnels).toEqual([{ authority: AUTHORITY, status, reason: `fault: ${fault}` }]);

  it('can change at any time', async () => {
    await begin({ fault: 'forbidden', credentials: CREDENTIALS });
    expect((await ask()).status).toBe(403);
    proxy.fault = 'unavailable';
    expect((await ask()).status).toBe(503);
    proxy.fault = undefined;
    expect((await ask()).status).toBe(407);
  });

  it.each([
    ['reset', 'ECONNRESET'],
    ['garbage', /^HPE_/],
  ] as const)('%s gives no HTTP response', async (fault, code) => {
    await begin({ fault });
    await expect(ask()).rejects.toMatchObject({ code: expect.stringMatching(code) });
    expectTunnel(fault, 0);
  });

  it('stall gives no response', async () => {
    await begin({ fault: 'stall' });
    const asking = ask(AUTHORITY, {}, { signal: AbortSignal.timeout(300) });
    await expect(asking).rejects.toMatchObject({ code: 'ABORT_ERR' });
    expectTunnel('stall', 0);
  });

  it('cut-tunnel resets an open tunnel', async () => {
    await begin({ fault: 'cut-tunnel' });
    const { socket } = await ask();
    await expect(getThrough(socket)).rejects.toMatchObject({ code: 'ECONNRESET', syscall: 'read' });
    expectTunnel('cut-tunnel', 200);
  });
});
