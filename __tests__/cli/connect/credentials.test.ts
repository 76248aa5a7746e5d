// Every kind of credentials against the domain and IAM, and what is said about those that cannot be used.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Administrator,
  PUBLIC_HOSTS,
  startAdministrator,
} from '../../../emulator/runner/administrator.ts';
import { startEmulator } from '../../../emulator/server/start.ts';
import { type Call, probe } from '../probe.ts';

let skewMs = 0;
const emulator = await startEmulator({
  hosts: PUBLIC_HOSTS,
  clock: () => Date.now() + skewMs,
  world: { untouchedDomain: true },
});
const admin: Administrator = await startAdministrator(emulator, { programs: ['gh', 'oci'] });
afterAll(async () => {
  await admin.end();
  await emulator.close();
});
beforeEach(() => {
  skewMs = 0;
});

const domain = `https://${PUBLIC_HOSTS.domain}`;
const { bearer } = emulator.world.administrator;
const READ_GROUPS: Call = ['scim', domain, 'list', 'Groups', { attributes: ['displayName'] }];
const READ_HOME: Call = ['iam', '', 'homeRegion'];
const GROUPS = {
  value: expect.arrayContaining([expect.objectContaining({ displayName: 'Administrators' })]),
};
const HOME = { value: 'us-ashburn-1' };

/** Adds a profile, and returns the options that name it. */
function profile(name: string, settings: Record<string, string>): string[] {
  const file = path.join(admin.home, '.oci/config');
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n[${name}]\n${lines.join('\n')}\n`);
  return ['--profile', name];
}

function write(name: string, text: string): string {
  const file = path.join(admin.home, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/** The error of a read in the domain with these options. */
async function failureWith(args: readonly string[], env: Record<string, string> = {}, call = READ_GROUPS) {
  const { results } = await probe({ ...admin.env, ...env }, args, [call]);
  const { code, message, remedy } = results[0]?.error ?? {
    code: '',
    message: JSON.stringify(results),
    remedy: '',
  };
  expect(`${message} ${remedy}`).not.toContain(admin.passPhrase);
  return { code, message, remedy };
}

describe('the domain and IAM accept', () => {
  it.each<[string, string[], Record<string, string>]>([
    ['the API key of the profile DEFAULT', [], {}],
    ['an encrypted API key', ['--profile', 'ENCRYPTED'], {}],
    ['the session of a profile that has one', ['--profile', 'SESSION'], {}],
    ['the profile that OCI_CLI_PROFILE names', [], { OCI_CLI_PROFILE: 'SESSION' }],
    [
      'an API key although a session is named by the environment',
      ['--auth', 'api_key'],
      { OCI_CLI_AUTH: 'security_token' },
    ],
    ['a signature of `oci raw-request`', ['--auth', 'oci-cli'], {}],
    ['a session through `oci raw-request`', ['--auth', 'oci-cli', '--profile', 'SESSION'], {}],
  ])('%s', async (_what, args, env) => {
    const { results } = await probe({ ...admin.env, ...env }, args, [READ_GROUPS, READ_HOME]);
    expect(results).toEqual([GROUPS, HOME]);
  });

  it('whatever the OCI CLI signs with when OCI_CLI_AUTH is unknown here', async () => {
    const before = admin.calls().length;
    await probe({ ...admin.env, OCI_CLI_AUTH: 'instance_obo_user' }, [], [READ_HOME]);
    const target = ['--target-uri', expect.anything()];
    // The OCI CLI ignores HTTPS_PROXY.
    expect(admin.calls().slice(before)).toEqual([
      ['oci', 'raw-request', '--http-method', 'GET', ...target, '--proxy', admin.proxy.url],
    ]);
  });
});

describe('a bearer token', () => {
  const remedy = expect.stringContaining('--auth');

  it.each<[string, string[], Record<string, string>, string]>([
    ['OCI_WIF_TOKEN', [], { OCI_WIF_TOKEN: bearer }, ''],
    ['a file', ['--token-file', path.join(admin.home, 'token')], {}, ''],
    ['standard input', ['--auth', 'bearer', '--token-file', '-'], {}, `${bearer}\n`],
  ])('from %s is accepted by the domain, and IAM is not asked', async (_what, args, env, input) => {
    write('token', `${bearer}\n`);
    const { results } = await probe({ ...admin.env, ...env }, args, [READ_GROUPS, READ_HOME], input);
    expect(results).toMatchObject([GROUPS, { error: { code: 'CREDENTIALS_UNUSABLE', remedy } }]);
  });

  it.each([
    ['that is missing', '', 'There is no access token in OCI_WIF_TOKEN.'],
    ['that is no JWT', 'abc', 'The access token in OCI_WIF_TOKEN is not a JWT.'],
    ['with a line break', `${bearer}\r\nx: y`, 'The access token in OCI_WIF_TOKEN is not a JWT.'],
  ])('%s is not sent', async (_what, token, message) => {
    expect(await failureWith(['--auth', 'bearer'], { OCI_WIF_TOKEN: token })).toMatchObject({
      code: 'CREDENTIALS_UNUSABLE',
      message,
    });
  });
});

describe('a profile is refused, with what to do,', () => {
  const key = path.join(admin.home, '.oci/oci_api_key.pem');
  const encrypted = path.join(admin.home, '.oci/encrypted.pem');

  it.each<[string, () => string[], RegExp, RegExp]>([
    [
      'when it does not exist',
      () => ['--profile', 'NONE'],
      /^Profile \[NONE\] is not in .*config. It has \[DEFAULT\], /,
      /--profile/,
    ],
    [
      'when the file does not exist',
      () => ['--config-file', '/nowhere/config'],
      /^The OCI config file \/nowhere\/config does not exist\.$/,
      /--config-file/,
    ],
    [
      'when its key does not exist',
      () => profile('NOKEY', { key_file: '/nowhere/key' }),
      /^The private key cannot be read from \/nowhere\/key \(ENOENT\)\.$/,
      /^Correct `key_file` of profile \[NOKEY\]\.$/,
    ],
    [
      'when its key is no key',
      () => profile('BADKEY', { key_file: write('bad', 'x') }),
      /bad does not contain a private key in PEM format\.$/,
      /`key_file`/,
    ],
    [
      'when its key is encrypted',
      () => profile('LOCKED', { key_file: encrypted }),
      /encrypted\.pem is encrypted\.$/,
      /`pass_phrase`/,
    ],
    [
      'when the pass phrase is wrong',
      () => profile('WRONG', { key_file: encrypted, pass_phrase: 'x' }),
      /does not decrypt/,
      /Correct/,
    ],
    [
      'when the session token is missing',
      () => profile('NOTOKEN', { key_file: key, security_token_file: '/nowhere/t' }),
      /^The session token cannot be read/,
      /^Run `oci session authenticate --profile-name NOTOKEN`\.$/,
    ],
    ['when it has no session', () => ['--auth', 'security_token'], /has no `security_token_file`/, /--auth/],
  ])('%s', async (_what, args, message, remedy) => {
    const failure = await failureWith(args());
    expect(failure).toEqual({
      code: 'CREDENTIALS_UNUSABLE',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
  });

  it('when the session has expired, before a request is sent', async () => {
    await admin.writeSession(-60);
    const before = emulator.journal.length;
    expect(await failureWith(['--profile', 'SESSION'])).toEqual({
      code: 'CREDENTIALS_UNUSABLE',
      message: expect.stringMatching(/token expired at 20\S+Z; this machine's clock says 20\S+Z\.$/),
      remedy: expect.stringContaining('oci session authenticate --profile-name SESSION'),
    });
    expect(emulator.journal.length).toBe(before);
    await admin.writeSession(3600);
  });

  it('when the key is not registered for the user', async () => {
    const fingerprint = '00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff';
    const failure = await failureWith(profile('OTHER', { fingerprint }));
    expect(failure.code).toBe('CREDENTIALS_UNUSABLE');
    expect(failure.message).toContain('Reading the group list: the identity domain responded with 401');
    expect(failure.remedy).toMatch(
      /^The key in .*oci_api_key\.pem has the fingerprint (\w\w:){15}\w\w, but profile \[OTHER\] says 00:11:/,
    );
  });

  it("when this machine's clock is wrong", async () => {
    skewMs = -600_000;
    expect(await failureWith([])).toMatchObject({
      code: 'CREDENTIALS_UNUSABLE',
      remedy: expect.stringMatching(
        /^Set this machine's clock: it is (599|600|601) s ahead of the server's; 300 s are allowed\.$/,
      ),
    });
  });
});

describe('IAM is not reached', () => {
  it.each<[string, () => string[], string]>([
    [
      'without a tenancy',
      () => ['--config-file', write('config', '[DEFAULT]\nregion=us-ashburn-1\nauthentication_type=x\n')],
      'The profile has no `tenancy`.',
    ],
    ['with a region that is none', () => ['--region', 'x/y'], 'The region "x/y" has a wrong form.'],
  ])('%s', async (_what, args, message) => {
    expect(await failureWith(args(), {}, READ_HOME)).toMatchObject({ code: 'CREDENTIALS_UNUSABLE', message });
  });

  it('in a region that does not exist', async () => {
    expect(await failureWith(['--region', 'us-asburn-1'], {}, READ_HOME)).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      remedy: 'Check HTTPS_PROXY and `--region`.',
    });
  });
});

describe('the OCI CLI', () => {
  it('gets the body of a request in a file that only this user can read, and that is removed', async () => {
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'made-by-cli' };
    const before = admin.calls().length;
    const { results } = await probe(
      admin.env,
      ['--auth', 'oci-cli'],
      [['scim', domain, 'create', 'Groups', body]],
    );
    expect(results).toMatchObject([{ value: { displayName: 'made-by-cli' } }]);
    const call = admin.calls().slice(before).flat();
    expect(call.join(' ')).not.toContain('made-by-cli');
    const file = call.find((one) => one.startsWith('file://'))?.slice('file://'.length) ?? '';
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });

  it('reports a refusal with its status and the words of the domain', async () => {
    const calls: Call[] = [
      ['scim', domain, 'create', 'Groups', {}],
      ['scim', domain, 'get', 'Groups', 'none', ['id']],
    ];
    const { results } = await probe(admin.env, ['--auth', 'oci-cli'], calls);
    expect(results).toEqual([
      {
        error: expect.objectContaining({
          code: 'SERVICE_REFUSED',
          details: expect.objectContaining({
            status: 400,
            serviceCode: 'error.common.validation.missingReqAttributes',
          }),
        }),
      },
      {},
    ]);
  });

  it('is named when it is not installed', async () => {
    expect(await failureWith(['--auth', 'oci-cli'], { PATH: '/nowhere' })).toEqual({
      code: 'TOOL_MISSING',
      message: 'The program oci is not installed.',
      remedy: expect.stringContaining('https://docs.oracle.com/'),
    });
  });

  it('is not quoted when it prints a response that cannot be read, which may hold a secret', async () => {
    const program = write('broken/oci', `#!/bin/sh\necho 'Warning. {"data": {"clientSecret": "5ecret"}}'\n`);
    chmodSync(program, 0o700);
    const PATH = `${path.dirname(program)}:${admin.env['PATH']}`;
    const failure = await failureWith(['--auth', 'oci-cli'], { PATH });
    expect(failure).toMatchObject({ code: 'CREDENTIALS_UNUSABLE' });
    expect(JSON.stringify(failure)).not.toContain('5ecret');
  });

  it('is quoted when it fails before there is a response', async () => {
    const failure = await failureWith(['--auth', 'oci-cli', '--profile', 'NOBODY']);
    expect(failure).toMatchObject({
      code: 'CREDENTIALS_UNUSABLE',
      message: expect.stringMatching(/^`oci raw-request` failed \(exit code \d\): \S/),
    });
  });
});
