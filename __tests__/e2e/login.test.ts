// What a workflow author gets from a login that works.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startJourney, treeOf, warningsOf } from './journey.ts';

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

function writeConfig(home: string, content: string): string {
  mkdirSync(path.join(home, '.oci'), { mode: 0o700 });
  writeFileSync(path.join(home, '.oci/config'), content, { mode: 0o600 });
  return path.join(home, '.oci/config');
}

describe('a login', () => {
  it('asks GitHub once and the domain once, and gives every output that action.yml promises', async () => {
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

  it('writes a profile of five keys and no user, for the owner alone', async () => {
    const { job, main } = await startJourney();
    const { outputs } = await main();
    const config = readFileSync(outputs['config-file'] ?? '', 'utf8');
    const lines = config.split('\n').filter((line) => !line.startsWith('#'));
    const keys = ['tenancy', 'region', 'fingerprint'].map((name) => `${name}=${outputs[name]}`);
    const files = [
      `key_file=${outputs['private-key-file']}`,
      `security_token_file=${outputs['security-token-file']}`,
    ];
    expect(lines).toEqual(['[DEFAULT]', ...keys, ...files, '']);
    for (const file of ['config', 'sessions/DEFAULT/oci_api_key.pem', 'sessions/DEFAULT/token']) {
      expect(modeOf(path.join(job.home, '.oci', file))).toBe('600');
    }
    for (const directory of ['', 'sessions', 'sessions/DEFAULT']) {
      expect(modeOf(path.join(job.home, '.oci', directory))).toBe('700');
    }
  });

  it('leaves a token file without a final newline, which Go, TypeScript and .NET would sign with', async () => {
    const { main } = await startJourney();
    const { outputs } = await main();
    expect(readFileSync(outputs['security-token-file'] ?? '', 'latin1')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('leads the OCI CLI to the profile, by variables that outrank no other profile', async () => {
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

  it('exports nothing when asked to serve nobody, and no token when asked for none', async () => {
    const { main } = await startJourney();
    const { exported, outputs, exitCode } = await main({
      'export-for': 'none',
      'output-credentials': 'false',
    });
    expect(exitCode).toBe(0);
    expect(exported).toEqual({});
    expect(outputs).not.toHaveProperty('security-token');
  });

  it('writes where config-file says', async () => {
    const { job, main } = await startJourney();
    const { outputs } = await main({ 'config-file': '~/elsewhere/oci.conf' });
    expect(outputs['config-file']).toBe(path.join(job.home, 'elsewhere/oci.conf'));
    expect(Object.keys(treeOf(job.home))).toContain('elsewhere/sessions/DEFAULT/token');
  });

  it('understands a session whose key is a JSON object rather than a string', async () => {
    const { main } = await startJourney({ world: { upstJwkForm: 'object' } });
    expect((await main()).exitCode).toBe(0);
  });

  it('takes an empty input for an absent one', async () => {
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

  it('works with a domain URL as the console, an SDK or a hurried hand would write it', async () => {
    const { emulator, main } = await startJourney();
    for (const suffix of ['/', '/oauth2/v1/token', '/oauth2/v1/token/']) {
      const { exitCode } = await main({ 'domain-url': `${emulator.urls.domain}${suffix}` });
      expect(exitCode).toBe(0);
    }
  });

  it('changes no byte of an existing config but adds a section, with its line ends', async () => {
    const { job, main } = await startJourney();
    const own = '\ufeff# mine\r\n[A]\r\nx = 1\r\n\r\n[A]\r\n; twice\r\nx=2';
    const file = writeConfig(job.home, own);
    const stage = await main({ profile: 'DEPLOY' });
    const config = readFileSync(file, 'utf8');
    expect(config.slice(0, own.length)).toBe(own);
    expect(config.slice(own.length)).toMatch(/^\r\n\[DEPLOY\]\r\n(.+\r\n){6}$/);
    expect(warningsOf(stage).join()).toContain('byte order mark');
  });
});

describe('a login warns', () => {
  it('by name of variables that put themselves above every profile', async () => {
    const { main } = await startJourney();
    const stage = await main(
      {},
      { env: { OCI_CLI_KEY_FILE: '/old/key.pem', OCI_CLI_REGION: 'x', OCI_CLI_USER: '' } },
    );
    expect(stage.exitCode).toBe(0);
    expect(warningsOf(stage)).toEqual([expect.stringMatching(/^OCI_CLI_REGION, OCI_CLI_KEY_FILE are set/)]);
  });

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
    expect(warningsOf(await main())).toEqual([expect.stringMatching(/clock is 1[78]\d s behind/)]);
  });
});
