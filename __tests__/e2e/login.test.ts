// Requests, outputs, files, variables and warnings of a successful login.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startJourney, treeOf, warningsOf } from './journey.ts';

function writeConfig(home: string, content: string): string {
  mkdirSync(path.join(home, '.oci'), { mode: 0o700 });
  writeFileSync(path.join(home, '.oci/config'), content, { mode: 0o600 });
  return path.join(home, '.oci/config');
}

describe('a login', () => {
  it('sends one request to GitHub and one to the domain, and sets every output of action.yml', async () => {
    const { emulator, job, main } = await startJourney();
    const { exitCode, outputs } = await main();
    expect(exitCode).toBe(0);
    const calls = emulator.journal.map(({ service, status, audience }) => [service, status, audience]);
    expect(calls).toEqual([
      ['github', 200, 'https://cloud.oracle.com'],
      ['domain', 200, undefined],
    ]);
    const session = path.join(job.home, '.oci/sessions/DEFAULT');
    expect(outputs).toEqual({
      'config-file': path.join(job.home, '.oci/config'),
      profile: 'DEFAULT',
      region: 'us-ashburn-1',
      tenancy: emulator.inputs.tenancy,
      principal: emulator.world.settings.serviceUser.ocid,
      'private-key-file': path.join(session, 'oci_api_key.pem'),
      'security-token-file': path.join(session, 'token'),
      fingerprint: expect.stringMatching(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/),
      'expires-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      'expires-in': expect.stringMatching(/^3(600|5[89]\d)$/),
      'request-id': emulator.journal[1]?.requestId,
      'security-token': readFileSync(path.join(session, 'token'), 'utf8'),
    });
  });

  it('writes a profile with five keys and no user', async () => {
    const { main } = await startJourney();
    const { outputs } = await main();
    const config = readFileSync(outputs['config-file'] ?? '', 'utf8');
    const lines = config.split('\n').filter((line) => !line.startsWith('#'));
    const keys = ['tenancy', 'region', 'fingerprint'].map((name) => `${name}=${outputs[name]}`);
    const files = [
      `key_file=${outputs['private-key-file']}`,
      `security_token_file=${outputs['security-token-file']}`,
    ];
    expect(lines).toEqual(['[DEFAULT]', ...keys, ...files, '']);
  });

  it('writes the token without a final newline, which SDKs for Go, TypeScript and .NET would send', async () => {
    const { main } = await startJourney();
    const { outputs } = await main();
    expect(readFileSync(outputs['security-token-file'] ?? '', 'latin1')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('exports the profile to the OCI CLI, and no variable that overrides other profiles', async () => {
    const { job, main } = await startJourney();
    const { exported } = await main({ profile: 'DEPLOY' });
    const configFile = path.join(job.home, '.oci/config');
    expect(exported).toEqual({
      OCI_CLI_AUTH: 'security_token',
      OCI_CLI_PROFILE: 'DEPLOY',
      OCI_CLI_CONFIG_FILE: configFile,
      OCI_CONFIG_FILE: configFile,
    });
  });

  it('exports nothing with `export-for: none`, and outputs no token with `output-credentials: false`', async () => {
    const { main } = await startJourney();
    const { exported, outputs, exitCode } = await main({
      'export-for': 'none',
      'output-credentials': 'false',
    });
    expect(exitCode).toBe(0);
    expect(exported).toEqual({});
    expect(outputs).not.toHaveProperty('security-token');
  });

  it('expands ~ in `config-file`', async () => {
    const { job, main } = await startJourney();
    const { outputs } = await main({ 'config-file': '~/elsewhere/oci.conf' });
    expect(outputs['config-file']).toBe(path.join(job.home, 'elsewhere/oci.conf'));
    expect(Object.keys(treeOf(job.home))).toContain('elsewhere/sessions/DEFAULT/token');
  });

  it('accepts a session token whose `jwk` claim is a JSON object instead of a string', async () => {
    const { main } = await startJourney({ world: { upstJwkForm: 'object' } });
    expect((await main()).exitCode).toBe(0);
  });

  it('uses the default for an empty input', async () => {
    const { main } = await startJourney();
    const { exitCode, outputs } = await main({
      audience: '',
      profile: '',
      cleanup: '',
      tenancy: '',
      'export-for': '',
    });
    expect(exitCode).toBe(0);
    expect(outputs['profile']).toBe('DEFAULT');
  });

  it('accepts a domain URL with a trailing slash or the path of the token endpoint', async () => {
    const { emulator, main } = await startJourney();
    for (const suffix of ['/', '/oauth2/v1/token', '/oauth2/v1/token/']) {
      const { exitCode } = await main({ 'domain-url': `${emulator.urls.domain}${suffix}` });
      expect(exitCode).toBe(0);
    }
  });

  it('appends a section with the line ends of the config, and changes no other byte', async () => {
    const { job, main } = await startJourney();
    const own = '\ufeff# mine\r\n[A]\r\nx = 1\r\n\r\n[A]\r\n; twice\r\nx=2';
    const file = writeConfig(job.home, own);
    const stage = await main({ profile: 'DEPLOY' });
    const config = readFileSync(file, 'utf8');
    expect(config.slice(0, own.length)).toBe(own);
    expect(config.slice(own.length)).toMatch(/^\r\n\[DEPLOY\]\r\n(.+\r\n){6}$/);
    expect(warningsOf(stage)).toEqual([
      `${file} cannot be read by the CLIs of OCI and AWS and by SDKs for Python: line 1 begins with a byte order mark, line 5 repeats [A], line 7 repeats x of [A]. Correct the file.`,
    ]);
  });
});

describe('a login warns', () => {
  it('when other profiles of the config would inherit a token in [DEFAULT]', async () => {
    const { job, main } = await startJourney();
    writeConfig(job.home, '[ADMIN]\nuser=x\n');
    expect(warningsOf(await main())).toEqual([expect.stringContaining('[ADMIN]')]);
  });

  it('when the profile would inherit a pass phrase from [DEFAULT]', async () => {
    const { job, main } = await startJourney();
    writeConfig(job.home, '[DEFAULT]\npass_phrase=hunter2hunter2\n');
    const warnings = warningsOf(await main({ profile: 'DEPLOY' }));
    expect(warnings).toEqual([expect.stringContaining('pass_phrase')]);
    expect(warnings.join()).not.toContain('hunter2');
  });

  it("when this machine's clock is off by more than a minute", async () => {
    const { main } = await startJourney({ clock: () => Date.now() + 180_000 });
    expect(warningsOf(await main())).toEqual([expect.stringMatching(/clock is 1[78]\d s slow/)]);
  });
});
