// Runners behind a proxy. The services have their real host names, which only the proxy resolves.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type ConnectProxy,
  type ProxyFault,
  type ProxyOptions,
  startConnectProxy,
} from '../../emulator/proxy.ts';
import type { CertificateFlaw, EmulatorOptions } from '../../emulator/server/start.ts';
import { errorOf, expectFailure, type Journey, logOf, maskedIn, startJourney } from './journey.ts';

const HOSTS = {
  github: 'run-actions-1-azure-eastus.actions.githubusercontent.com',
  domain: 'idcs-0123456789abcdef.identity.oraclecloud.com',
  sts: 'sts.eu-central-1.amazonaws.com',
};
const authorities = Object.values(HOSTS).map((host) => `${host}:443`);
const [GITHUB = '', DOMAIN = ''] = authorities;
const CREDENTIALS = { user: 'build', password: 'pa:ss%20wörd+/' };

let proxy: ConnectProxy | undefined;

afterEach(() => proxy?.close());

interface Behind {
  journey: Journey;
  proxy: ConnectProxy;
  /** The address as an administrator would write it into a variable. */
  address: string;
}

interface Options extends Partial<ProxyOptions> {
  /** For a proxy that is reached over TLS. */
  certificate?: 'good' | CertificateFlaw;
}

async function behind(
  { certificate, ...options }: Options = {},
  flaws: EmulatorOptions['certificates'] = {},
): Promise<Behind> {
  const journey = await startJourney({ hosts: HOSTS, certificates: flaws });
  const { certificates, routes } = journey.emulator;
  const tls =
    certificate === undefined || certificate === 'good' ? certificates : certificates.flawed(certificate);
  const started = await startConnectProxy({ routes, ...options, ...(certificate && { tls }) });
  proxy = started;
  const { user, password } = options.credentials ?? {};
  const prefix = user === undefined ? '' : `${user}:${encodeURIComponent(password ?? '')}@`;
  return { journey, proxy: started, address: started.url.replace('://', `://${prefix}`) };
}

const tunnelsOf = ({ tunnels }: ConnectProxy) => tunnels.map(({ authority, status }) => [authority, status]);

describe('a login behind a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])('uses %s', async (name) => {
    const { journey, proxy, address } = await behind();
    const stage = await journey.main({}, { env: { [name]: address } });
    expect([stage.exitCode, stage.stderr]).toEqual([0, '']);
    expect(tunnelsOf(proxy)).toEqual([
      [GITHUB, 200],
      [DOMAIN, 200],
    ]);
    expect((await journey.post(stage, { env: { [name]: address } })).exitCode).toBe(0);
  });

  it('sends AWS requests through it', async () => {
    const { journey, proxy, address } = await behind();
    const endpoint = { 'aws-sts-endpoint': `https://${HOSTS.sts}` };
    const stage = await journey.toAws(endpoint, { env: { HTTPS_PROXY: address } });
    expect([stage.exitCode, stage.outputs['aws-account-id']]).toEqual([0, expect.stringMatching(/^\d{12}$/)]);
    expect(new Set(proxy.tunnels.map(({ authority }) => authority))).toEqual(new Set(authorities));
  });

  it('sends the proxy credentials only to the proxy, and masks each form of them', async () => {
    const { journey, proxy, address } = await behind({ credentials: CREDENTIALS });
    const stage = await journey.main({}, { env: { HTTPS_PROXY: address } });
    expect(stage.exitCode).toBe(0);
    expect(proxy.tunnels.every(({ status }) => status === 200)).toBe(true);
    const { user, password } = CREDENTIALS;
    const basic = Buffer.from(`${user}:${password}`).toString('base64');
    expect(maskedIn(stage)).toEqual(expect.arrayContaining([password, encodeURIComponent(password), basic]));
    expect(logOf(stage)).not.toContain(user);
  });

  it('accepts an https:// proxy with a certificate of a private CA', async () => {
    const { journey, address } = await behind({ certificate: 'good' });
    expect(address).toMatch(/^https:/);
    expect((await journey.main({}, { env: { HTTPS_PROXY: address } })).exitCode).toBe(0);
  });

  it('fails with TLS_UNTRUSTED when the certificate of the proxy is not trusted', async () => {
    const { journey, address } = await behind({ certificate: 'unknown-authority' });
    const { message } = await failsBehind(journey, { HTTPS_PROXY: address }, 'TLS_UNTRUSTED');
    expect(message).toContain(`certificate of the proxy ${new URL(address).host}`);
  });

  it.each(['the proxy', 'the host behind it'])(
    'verifies the certificate of %s in spite of NODE_TLS_REJECT_UNAUTHORIZED=0',
    async (which) => {
      const isProxy = which === 'the proxy';
      const { journey, address } = isProxy
        ? await behind({ certificate: 'unknown-authority' })
        : await behind({}, { github: 'other-host' });
      const env = { HTTPS_PROXY: address, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
      await failsBehind(journey, env, 'TLS_UNTRUSTED');
    },
  );

  it('takes an address without a scheme for http://', async () => {
    const { journey, address } = await behind();
    const stage = await journey.main({}, { env: { HTTPS_PROXY: address.replace('http://', '') } });
    expect(stage.exitCode).toBe(0);
  });

  it.each([
    ['NO_PROXY', 'a list', `internal.example, ${HOSTS.domain}`],
    ['no_proxy', 'a suffix', '.identity.oraclecloud.com'],
    ['NO_PROXY', 'a port', `${HOSTS.domain}:443`],
  ])('does not use it for hosts in %s: %s', async (name, _what, value) => {
    const { journey, proxy, address } = await behind();
    // Only the proxy resolves this name, so the error shows that the proxy was not used.
    const env = { HTTPS_PROXY: address, [name]: value };
    const { message } = await failsBehind(journey, env, 'OCI_DOMAIN_UNREACHABLE');
    expect(message).toContain(HOSTS.domain);
    expect(message).not.toContain('proxy');
    expect(tunnelsOf(proxy)).toEqual([[GITHUB, 200]]);
  });

  it('does not use it for loopback addresses', async () => {
    const journey = await startJourney();
    const dead = { HTTPS_PROXY: 'http://localhost:1', HTTP_PROXY: 'http://localhost:1' };
    expect((await journey.main({}, { env: dead })).exitCode).toBe(0);
  });
});

/** As `expectFailure`, with an environment. */
async function failsBehind(journey: Journey, env: Record<string, string>, code: string) {
  const { main, ...rest } = journey;
  return expectFailure({ ...rest, main: (changes, options) => main(changes, { ...options, env }) }, code);
}

describe('a proxy error', () => {
  it.each<[fault: ProxyFault, code: string, says: RegExp]>([
    ['forbidden', 'PROXY_REFUSED', /The proxy localhost:\d+ refused CONNECT to \S+:443 \(403\)/],
    ['unavailable', 'PROXY_UNREACHABLE', /the proxy localhost:\d+ refused CONNECT to \S+:443 \(503\)/],
    ['reset', 'PROXY_UNREACHABLE', /the proxy localhost:\d+ could not be used \(ECONNRESET\)/],
    ['garbage', 'PROXY_UNREACHABLE', /the proxy localhost:\d+ could not be used \(HPE_/],
    ['cut-tunnel', 'GITHUB_UNREACHABLE', /\(ECONNRESET\), through the proxy localhost:\d+/],
  ])('is called one: %s', async (fault, code, says) => {
    const { journey, address } = await behind({ fault });
    const { message } = await failsBehind(journey, { HTTPS_PROXY: address }, code);
    expect(message).toMatch(says);
  });

  it('is PROXY_UNREACHABLE when nothing listens at the address', async () => {
    const { journey } = await behind();
    const env = { HTTPS_PROXY: 'http://user:geheim12@localhost:1' };
    const { message } = await failsBehind(journey, env, 'PROXY_UNREACHABLE');
    expect(message).toContain('the proxy localhost:1 could not be used (ECONNREFUSED)');
    expect(message).not.toContain('geheim12');
  });

  it('is PROXY_UNREACHABLE when the proxy does not respond', async () => {
    const { journey, address } = await behind({ fault: 'stall' });
    const stage = await journey.main(
      { 'retry-max-attempts': '1', 'request-timeout-seconds': '1' },
      { env: { HTTPS_PROXY: address } },
    );
    expect(stage.outputs).toEqual({ 'failure-code': 'PROXY_UNREACHABLE' });
    expect(errorOf(stage)).toMatch(/the proxy localhost:\d+ did not respond in time/);
  });

  it('is retried when it is temporary, and not for wrong credentials', async () => {
    const passing = await behind({ fault: 'unavailable' });
    const running = passing.journey.main(
      { 'retry-max-attempts': '20' },
      { env: { HTTPS_PROXY: passing.address } },
    );
    while (passing.proxy.tunnels.length === 0) await sleep(5);
    passing.proxy.fault = undefined;
    const stage = await running;
    expect(stage.exitCode).toBe(0);
    expect(logOf(stage)).toMatch(/the proxy \S+ refused CONNECT .*\(503\).*trying again in/);
    await passing.proxy.close();
    const { journey, proxy, address } = await behind({ credentials: CREDENTIALS });
    const wrong = { HTTPS_PROXY: address.replace('build', 'other') };
    const refused = await journey.main({}, { env: wrong });
    expect(errorOf(refused)).toMatch(
      /^PROXY_REFUSED: .*requires credentials, or does not accept those given \(407\)/,
    );
    expect(tunnelsOf(proxy)).toEqual([[GITHUB, 407]]);
  });

  it.each(['12/ge@heim', 'ge/heim', 'ge#heim', 'ge?he@im', String.raw`12\heim`])(
    'is PROXY_UNREACHABLE without a part of the value when the password is not percent-encoded: %s',
    async (password) => {
      const { journey, address } = await behind();
      const value = address.replace('://', `://build:${password}@`);
      const { message, stage } = await failsBehind(journey, { HTTPS_PROXY: value }, 'PROXY_UNREACHABLE');
      expect(message).toMatch(/HTTPS_PROXY (has an @ after the host|is not an)/i); // on Windows, in either case
      const shown = `${logOf(stage)}${stage.summary}`.replace(/\.js:\d+:\d+/g, ''); // places in a stack
      expect(shown).not.toMatch(/build|heim|\bge\b|:12\b/);
    },
  );

  it('does not happen for an @ in the password, which is then masked', async () => {
    const credentials = { user: 'build', password: 'ge@heim12' };
    const { journey, proxy, address } = await behind({ credentials });
    const stage = await journey.main({}, { env: { HTTPS_PROXY: address.replace('%40', '@') } });
    expect([stage.exitCode, proxy.tunnels[0]?.status]).toEqual([0, 200]);
    expect(maskedIn(stage)).toEqual(expect.arrayContaining(['ge@heim12', 'ge%40heim12']));
  });

  it.each(['http://', 'socks5://localhost:1080', 'http://us er@host:port'])(
    'is PROXY_UNREACHABLE when the variable holds no address: %s',
    async (value) => {
      const { journey } = await behind();
      const { message } = await failsBehind(journey, { HTTPS_PROXY: value }, 'PROXY_UNREACHABLE');
      expect(message).toMatch(/HTTPS_PROXY is not an http:\/\/ or https:\/\/ address/i);
    },
  );
});
