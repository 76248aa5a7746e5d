// `oci-wif login`: what it writes, prints and refuses.
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { clustersOf } from '../../../emulator/oke/clusters.ts';
import { OKE_HOST, proxyTo } from '../../e2e/clusters.ts';
import { writeHome } from '../../e2e/journey.ts';
import { openFaultHook } from '../../stress/crashes/fault-hook.ts';
import { type Host, readHome, startHost } from './host.ts';

const CLIENT = path.join(import.meta.dirname, '../../e2e/clients/oci-profile.ts');

/** Calls OCI with the profile, as the next step of the job does. */
async function callWith({ emulator, env }: Host, config: string, profile: string): Promise<unknown> {
  const variables = { ...env(), OCI_EMULATOR_ENDPOINT: emulator.urls.oci };
  const { stdout } = await promisify(execFile)(process.execPath, [CLIENT, config, profile], {
    env: variables,
  });
  return JSON.parse(stdout);
}

const SHORT = { upstLifetimeSeconds: 2, githubJwtLifetimeSeconds: 60 };
/** On an emulated machine that shows no CI system. */
const WITHOUT_GITHUB = {
  GITHUB_ACTIONS: '',
  ACTIONS_ID_TOKEN_REQUEST_URL: '',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: '',
  RUNNER_TRACKING_ID: '',
};

async function untilExpired(expiration = ''): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Date.parse(expiration) - Date.now() + 50));
}

const OCIR_HOST = 'ocir.us-ashburn-1.oci.oraclecloud.com';
const exchangesOf = ({ emulator }: Host) =>
  emulator.journal.filter(({ service }) => service === 'domain').length;
const toAws = ({ emulator }: Host) =>
  Object.entries(emulator.awsInputs).flatMap(([name, value]) => [`--${name}`, value]);

describe('login', () => {
  it('writes a profile that signs requests, and logout restores every byte', async () => {
    const host = await startHost();
    writeHome(host.home, { '.oci/config': '[DEFAULT]\r\nuser=ocid1.user\r\n[LAST]\r\nx=1' });
    const before = host.trees();
    const { json, stderr } = await host.login(['--profile', 'ci']);
    expect(stderr).toContain('profile [ci]');
    expect(await callWith(host, json['config_file'] ?? '', 'ci')).toEqual({ namespace: 'acmenamespace' });
    const { exitCode, stdout, stderr: errors } = await host.logout(['--profile', 'ci']);
    const config = path.join(host.home, '.oci/config');
    expect([exitCode, stdout, errors]).toEqual([0, `Removed profile [ci] from ${config}.\n`, '']);
    expect(host.trees()).toEqual(before);
  });

  it('prints paths, names and times as JSON, and the same variables for a shell', async () => {
    const host = await startHost();
    const { json } = await host.login();
    const config = path.join(host.home, '.oci/config');
    expect(json).toEqual({
      version: 1,
      config_file: config,
      profile: 'DEFAULT',
      region: 'us-ashburn-1',
      tenancy: host.emulator.inputs.tenancy,
      principal: host.emulator.world.settings.serviceUser.ocid,
      private_key_file: path.join(host.home, '.oci/sessions/DEFAULT/oci_api_key.pem'),
      security_token_file: path.join(host.home, '.oci/sessions/DEFAULT/token'),
      fingerprint: expect.stringMatching(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/),
      expiration: expect.stringMatching(/^\d{4}-.*Z$/),
      request_id: expect.stringMatching(/^[0-9A-F/]{98}$/),
      renewed: false,
      variables: {
        OCI_CLI_AUTH: 'security_token',
        OCI_CLI_PROFILE: 'DEFAULT',
        OCI_CLI_CONFIG_FILE: config,
        OCI_CONFIG_FILE: config,
      },
      path: [],
    });
    const { stdout } = await host.run(['login', '--format', 'sh']);
    const script = `${stdout}\nenv | grep ^OCI_`;
    const shell = spawnSync('sh', ['-c', script], { env: {}, encoding: 'utf8' });
    const read = Object.fromEntries(
      shell.stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=')),
    );
    expect(read).toEqual(json.variables);
    const text = await host.run(['login']);
    expect(text.stdout).toContain(`security-token-file: ${json['security_token_file']}\n`);
  });

  it('renews the session of the job with its key, and one logout ends both logins', async () => {
    const host = await startHost();
    const before = host.trees();
    await host.login();
    const key = readHome(host, '.oci/sessions/DEFAULT/oci_api_key.pem');
    const token = readHome(host, '.oci/sessions/DEFAULT/token');
    await host.login();
    expect(readHome(host, '.oci/sessions/DEFAULT/oci_api_key.pem')).toBe(key);
    expect(readHome(host, '.oci/sessions/DEFAULT/token')).not.toBe(token);
    expect(readdirSync(host.temp)).toHaveLength(1);
    expect((await host.logout()).exitCode).toBe(0);
    expect(host.trees()).toEqual(before);
  });

  it('writes the record of a renewed session again when a restart has removed it', async () => {
    const host = await startHost();
    const before = host.trees();
    await host.login();
    const key = readHome(host, '.oci/sessions/DEFAULT/oci_api_key.pem');
    for (const name of readdirSync(host.temp)) rmSync(path.join(host.temp, name), { recursive: true });
    await host.login(['--for', 'resource-principal']);
    expect(readHome(host, '.oci/sessions/DEFAULT/oci_api_key.pem')).toBe(key);
    const [session = ''] = readdirSync(host.temp);
    await host.login(['--profile', 'other']);
    expect(host.trees().temp[`${session}/session/token`]).toBe(
      host.trees().home['.oci/sessions/DEFAULT/token'],
    );
    await host.logout(['--profile', 'other']);
    expect((await host.logout()).exitCode).toBe(0);
    expect(host.trees()).toEqual(before);
  });

  it('keeps a session that lasts as long as --minimum-lifetime-seconds requires', async () => {
    const host = await startHost();
    await host.login();
    const token = readHome(host, '.oci/sessions/DEFAULT/token');
    const exchanges = exchangesOf(host);
    await host.login(['--minimum-lifetime-seconds', '600']);
    expect([readHome(host, '.oci/sessions/DEFAULT/token'), exchangesOf(host)]).toEqual([token, exchanges]);
  });

  it('stacks logins with other options, and one logout restores what was there before the first', async () => {
    const host = await startHost();
    writeHome(host.home, { '.oci/config': '[DEFAULT]\nuser=ocid1.user\n' });
    const before = host.trees();
    await host.login(['--overwrite-profile']);
    await host.login(['--region', 'eu-frankfurt-1']);
    expect(readHome(host, '.oci/config')).toContain('region=eu-frankfurt-1');
    const { exitCode, stdout } = await host.logout();
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('; restored the previous content.')]);
    expect(host.trees()).toEqual(before);
  });

  it('writes the profile of a role, with keys in the file alone', async () => {
    const host = await startHost();
    const before = host.trees();
    const { json } = await host.login([...toAws(host), '--aws-profile', 'deploy']);
    expect(json.variables).toMatchObject({ AWS_PROFILE: 'deploy', OCI_CLI_PROFILE: 'DEFAULT' });
    expect(Object.keys(json.variables).filter((name) => /KEY|SECRET|TOKEN/.test(name))).toEqual([]);
    expect(readHome(host, '.aws/credentials')).toMatch(/aws_secret_access_key = \S/);
    expect((await host.logout()).exitCode).toBe(0);
    expect(host.trees()).toEqual(before);
  });

  it('writes the profile of a role without a session of OCI, which `logout --aws-profile` removes', async () => {
    const host = await startHost();
    const before = host.trees();
    const options = [...toAws(host), '--aws-profile', 'deploy', '--token-type', 'none', '--for', 'none'];
    await host.login([...options, '--aws-credential-source', 'web-identity']);
    expect(readHome(host, '.aws/config')).toContain('web_identity_token_file');
    expect((await host.logout(['--aws-profile', 'deploy'])).exitCode).toBe(0);
    expect(host.trees()).toEqual(before);
  });
});

describe('login --for kubectl,ocir', () => {
  it.each(['record', 'ledgers'])(
    'writes a kubeconfig and a credential helper, which logout removes by the %s',
    async (by) => {
      const host = await startHost({ hosts: { oke: OKE_HOST, ocir: OCIR_HOST } });
      writeHome(host.home, { '.docker/config.json': '{\n\t"credHelpers": { "gcr.io": "gcloud" }\n}' });
      const before = host.trees();
      const env = await proxyTo(host.emulator);
      const [{ id } = { id: '' }] = clustersOf(host.emulator.world);
      const { json } = await host.login(['--for', 'cli,kubectl,ocir', '--oke-cluster', id], { env });
      expect(json.variables['KUBECONFIG']).toBe(json['kubeconfig']);
      const { credHelpers } = JSON.parse(readHome(host, '.docker/config.json')) as {
        credHelpers: Record<string, string>;
      };
      const [directory = ''] = json.path;
      expect(readdirSync(directory)).toEqual([`docker-credential-${credHelpers[OCIR_HOST]}`]);
      if (by === 'ledgers')
        for (const name of readdirSync(host.temp)) rmSync(path.join(host.temp, name), { recursive: true });
      expect((await host.logout()).exitCode).toBe(0);
      expect(host.trees()).toEqual(before);
    },
  );
});

describe('login refuses', () => {
  const REFUSED: [what: string, args: string[], text: RegExp][] = [
    [
      'terraform, which needs the client secret',
      ['--for', 'terraform'],
      /login prints no secret\. Use --for terraform-session/,
    ],
    ['docker, which only GitHub has', ['--for', 'docker'], /Docker actions of GitHub/],
    ['a wrong region, by the name of the option', ['--region', 'x y'], /^error: OPTION_INVALID: --region /],
    [
      'a name of a profile that no client can read',
      ['--profile', 'a]b'],
      /^error: OPTION_INVALID: --profile /,
    ],
    [
      'a format that does not exist',
      ['--format', 'xml'],
      /--format must be one of text, json, .*, not "xml"/,
    ],
  ];
  it.each(REFUSED)('%s, before any request', async (_, args, text) => {
    const host = await startHost();
    const before = host.trees();
    const { exitCode, stdout, stderr } = await host.run(['login', ...args]);
    expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringMatching(text)]);
    expect([host.trees(), host.emulator.journal]).toEqual([before, []]);
  });

  it('a role without --aws-profile', async () => {
    const host = await startHost();
    const { exitCode, stderr } = await host.run(['login', ...toAws(host)]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('--aws-role-arn needs --aws-profile')]);
  });

  it('a missing client secret, by the name of its variable', async () => {
    const host = await startHost();
    const { exitCode, stderr } = await host.run(['login'], { env: { OCI_CLIENT_SECRET: '' } });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('OCI_CLIENT_SECRET (or --client-secret-file) is required'),
    ]);
  });

  it('a profile of the user, with the option that replaces it', async () => {
    const host = await startHost();
    writeHome(host.home, { '.oci/config': '[DEFAULT]\nuser=ocid1.user\n' });
    const before = host.trees();
    const { exitCode, stderr } = await host.run(['login']);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/PROFILE_EXISTS: .*--overwrite-profile/)]);
    expect(host.trees()).toEqual(before);
  });

  it('a job that no rule of the trust accepts, and leaves nothing', async () => {
    const host = await startHost({ world: { rules: [] } });
    const before = host.trees();
    const { exitCode, stderr } = await host.run(['login']);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^error: OCI_[A-Z_]+: /m)]);
    expect(host.trees()).toEqual(before);
  });
});

describe('a user outside any CI system', () => {
  it('renews a session with its key from another shell, also after it has expired', async () => {
    const host = await startHost({ world: SHORT });
    const before = host.trees();
    const env = {
      ...WITHOUT_GITHUB,
      URL: host.emulator.env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '',
      BEARER: host.emulator.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '',
    };
    const code = `
      const headers = { authorization: 'Bearer ' + process.env.BEARER };
      fetch(process.env.URL + '&audience=' + encodeURIComponent('${host.emulator.inputs.audience}'), { headers })
        .then((response) => response.json())
        .then(({ value }) => process.stdout.write(value));
    `;
    const command = JSON.stringify([process.execPath, '-e', code]);
    const args = ['--refresh', 'false', '--id-token-command', command];
    const { json } = await host.login(args, { env });
    const key = readHome(host, '.oci/sessions/DEFAULT/oci_api_key.pem');
    await untilExpired(json['expiration']);
    const { stderr } = await host.login(args, { env });
    expect([
      stderr.includes('not logged out'),
      readHome(host, '.oci/sessions/DEFAULT/oci_api_key.pem'),
    ]).toEqual([false, key]);
    expect((await host.logout([], { env })).exitCode).toBe(0);
    expect(host.trees()).toEqual(before);
  });
});

describe('two jobs with one home', () => {
  it('cannot have the same profile while the session of the first is valid, and logout of the second leaves it', async () => {
    const host = await startHost();
    const before = host.trees();
    const profile = ['--profile', 'ci'];
    await host.login(profile);
    const first = host.trees();
    const { exitCode, stderr } = await host.run(['login', ...profile], { job: 2 });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(
        /PROFILE_IN_USE: .* belongs to another job\. Its session ends at .*Choose another profile.*logout --all-jobs --profile 'ci'`/s,
      ),
    ]);
    expect(host.trees()).toEqual(first);
    const { stdout, ...logout } = await host.logout(profile, { job: 2 });
    expect([logout.exitCode, stdout]).toEqual([0, '']);
    expect(logout.stderr).toContain('belongs to another job');
    expect(host.trees()).toEqual(first);
    expect((await host.logout(['--all-jobs', ...profile], { job: 2 })).exitCode).toBe(0);
    expect(host.trees()).toEqual(before);
  });

  it('have profiles of their own, and each logout removes one', async () => {
    const host = await startHost();
    const before = host.trees();
    await Promise.all([host.login(['--profile', 'one']), host.login(['--profile', 'two'], { job: 2 })]);
    await Promise.all([host.logout(['--profile', 'one']), host.logout(['--profile', 'two'], { job: 2 })]);
    expect(host.trees()).toEqual(before);
  });

  it('share a profile one after the other: an expired session is replaced without a warning', async () => {
    const host = await startHost({ world: SHORT });
    const before = host.trees();
    const quiet = ['--refresh', 'false'];
    const { json } = await host.login(quiet);
    const key = readHome(host, '.oci/sessions/DEFAULT/oci_api_key.pem');
    await untilExpired(json['expiration']);
    const { stderr } = await host.login(quiet, { job: 2 });
    expect(stderr).not.toContain('belongs to');
    expect(readHome(host, '.oci/sessions/DEFAULT/oci_api_key.pem')).not.toBe(key);
    expect(readdirSync(host.temp)).toHaveLength(1);
    expect((await host.logout([], { job: 2 })).exitCode).toBe(0);
    expect(host.trees()).toEqual(before);
  });
});

describe('a login without a logout', () => {
  it('is removed by the next login to any profile when its session has expired', async () => {
    const host = await startHost({ world: SHORT });
    const { json } = await host.login(['--refresh', 'false', '--profile', 'old']);
    await untilExpired(json['expiration']);
    const { stderr } = await host.login(['--refresh', 'false', '--profile', 'new']);
    expect(stderr).toContain('An earlier login was not logged out. Removed profile [old] from');
    expect(readHome(host, '.oci/config')).not.toContain('[old]');
    expect(readdirSync(path.join(host.home, '.oci/sessions'))).toEqual(['new']);
    expect(readdirSync(host.temp)).toHaveLength(1);
  });

  it('is removed by the next login when its process was killed', async () => {
    const host = await startHost();
    const before = host.trees();
    const watched = openFaultHook();
    await host.run(['login'], { env: watched.env });
    const { n: at = 0 } =
      watched
        .read()
        .calls.find(({ call, path: file }) => call === 'writeFileSync' && file.endsWith('/token')) ?? {};
    await host.logout();
    const killer = openFaultHook({ at, when: 'after' });
    expect((await host.run(['login'], { env: killer.env })).endedBy).toBe('SIGKILL');
    killer.read();
    expect(readHome(host, '.oci/sessions/DEFAULT/token')).not.toBe('');
    const { stderr } = await host.login(['--profile', 'other'], { job: 2 });
    expect(stderr).toContain('An earlier login was not logged out.');
    await host.logout(['--profile', 'other'], { job: 2 });
    expect(host.trees()).toEqual(before);
  });

  it('stays while its session is valid', async () => {
    const host = await startHost();
    await host.login(['--profile', 'old']);
    await host.login(['--profile', 'new'], { job: 2 });
    expect(readHome(host, '.oci/config')).toContain('[old]');
  });
});

describe('an interruption', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s ends a login that waits for a response, and leaves nothing',
    async (signal) => {
      const host = await startHost();
      const before = host.trees();
      host.emulator.faults.add({ service: 'domain', fault: { kind: 'stall-before-headers' } });
      const code = `
      const https = process.getBuiltinModule('node:https');
      const { request } = https;
      let count = 0;
      https.request = (...args) => {
        count += 1;
        if (count === 2) setTimeout(() => process.kill(process.pid, '${signal}'), 100);
        return request(...args);
      };
      process.getBuiltinModule('node:module').syncBuiltinESMExports();
    `;
      const file = path.join(host.workspace, 'interrupt.mjs');
      writeFileSync(file, code);
      const { endedBy, stderr } = await host.run(['login'], { env: { NODE_OPTIONS: `--import ${file}` } });
      expect([endedBy, stderr]).toEqual([
        signal,
        expect.stringContaining(`INTERRUPTED: The login was interrupted by ${signal}.`),
      ]);
      expect(host.trees()).toEqual(before);
    },
  );
});
