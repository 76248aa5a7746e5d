// The way to the services: proxies and certificates, and an interruption on the way.
import { afterAll, describe, expect, it } from '@jest/globals';
import { startConnectProxy } from '../../emulator/proxy.ts';
import { PUBLIC_HOSTS, startAdministrator } from '../../emulator/runner/administrator.ts';
import { startEmulator } from '../../emulator/server/start.ts';
import { itWithTerminal } from '../unit/systems-with.ts';
import { runCommand, runInTerminal } from './command.ts';

const emulator = await startEmulator({ hosts: PUBLIC_HOSTS, world: { untouchedDomain: true } });
const admin = await startAdministrator(emulator);
const proxy = await startConnectProxy({
  routes: emulator.routes,
  credentials: { user: 'ada', password: 's3cret' },
});
afterAll(async () => {
  await proxy.close();
  await admin.end();
  await emulator.close();
});

const compartment = emulator.world.settings.compartments[0]?.id ?? '';
const SETUP = ['setup', '--repo', 'acme/infra', '--environment', 'prod', '--compartment', compartment];
SETUP.push('--allow', 'read buckets', '--domain-url', `https://${PUBLIC_HOSTS.domain}`);
const withProxy = (userInfo: string) => proxy.url.replace('://', `://${userInfo}@`);

describe('a proxy', () => {
  it('with a user and a password leads to every service', async () => {
    const before = proxy.tunnels.length;
    const { exitCode, stderr } = await runCommand(SETUP, {
      env: { ...admin.env, HTTPS_PROXY: withProxy('ada:s3cret') },
    });
    expect([exitCode, stderr]).toEqual([2, expect.not.stringContaining('error:')]);
    const hosts = new Set(proxy.tunnels.slice(before).map(({ authority }) => authority));
    expect([...hosts]).toEqual(
      expect.arrayContaining([
        `${PUBLIC_HOSTS.domain}:443`,
        `${PUBLIC_HOSTS['github-api']}:443`,
        `${PUBLIC_HOSTS.iam[0]}:443`,
      ]),
    );
  });

  it.each([
    [
      'that refuses the password',
      () => withProxy('ada:wr0ng'),
      'Check the credentials of the proxy in HTTPS_PROXY.',
    ],
    ['that does not exist', () => 'http://127.0.0.1:9', 'Check HTTPS_PROXY and '],
  ])('%s is named, without its password', async (_what, address, remedy) => {
    const { exitCode, stderr, stdout } = await runCommand(SETUP, {
      env: { ...admin.env, HTTPS_PROXY: address() },
    });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: SERVICE_UNREACHABLE: Reading .*the proxy /m);
    expect(stderr).toContain(remedy);
    expect(stderr).not.toMatch(/wr0ng|s3cret/);
  });

  it('with an address that is none is named by its variable', async () => {
    const { exitCode, stderr } = await runCommand(SETUP, {
      env: { ...admin.env, HTTPS_PROXY: 'socks5://x' },
    });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('HTTPS_PROXY is not an http:// or https:// address.'),
    ]);
  });
});

it('a certificate that is not trusted is refused, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = admin.env;
  const { exitCode, stderr } = await runCommand(SETUP, {
    env: { ...env, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  });
  expect([exitCode, stderr]).toEqual([1, expect.not.stringContaining('Warning')]);
  expect(stderr).toMatch(
    /^error: SERVICE_UNREACHABLE: .*the TLS certificate of \S+ was not accepted.* For a private CA, set NODE_EXTRA_CA_CERTS to the file of its certificate\.$/m,
  );
});

itWithTerminal('Ctrl-C at the question ends the command with 130, and nothing is changed', async () => {
  const before = emulator.journal.length;
  const { exitCode, stdout } = await runInTerminal([...SETUP, '--apply'], {
    env: admin.env,
    input: '\u0003',
    inputAfter: 'Type yes to continue: ',
  });
  expect(exitCode).toBe(130);
  expect(stdout).toMatch(/Type yes to continue: .*\r?\n.*error:.* Interrupted\. Nothing was changed\.\s*$/);
  expect(emulator.journal.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
});

it('Ctrl-C between two changes names the journal, and the next run completes them', async () => {
  const apply = [...SETUP, '--apply', '--yes'];
  const first = await runCommand(apply, { env: admin.env, interruptAfter: 'created user' });
  expect([first.exitCode, first.stderr]).toEqual([
    130,
    expect.stringMatching(/^error: Interrupted\. Run the command again.* Journal: \S+\.$/m),
  ]);
  const second = await runCommand(apply, { env: admin.env });
  expect([second.exitCode, second.stderr]).toEqual([0, expect.not.stringContaining('created user')]);
});
