// The export target `ocir`: Docker's credential helper, and the entries in Docker's config file.
import { readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type ConnectProxy, startConnectProxy } from '../../emulator/proxy.ts';
import { itWithLinks, itWithProcfs } from '../unit/systems-with.ts';
import { expectFailure, type Journey, startJourney, treeOf, warningsOf, writeHome } from './journey.ts';
import { CONFIG, hostOf, readConfig, registryInputs, rewriteConfig, runHelper } from './registry-clients.ts';

/** Directories in which a shell is found, and no Node. */
const WITHOUT_NODE =
  process.platform === 'win32' ? [`${process.env['SystemRoot']}\\System32`] : ['/bin', '/usr/bin'];

/** A login for the emulated registry that succeeds. */
async function loggedIn(journey: Journey, changes: Record<string, string> = {}) {
  const stage = await journey.main({ ...registryInputs(journey), ...changes });
  expect([stage.exitCode, stage.stderr]).toEqual([0, '']);
  return stage;
}

const RESOURCE = {
  subjectType: 'Resource',
  impersonatingResource: 'github-acme',
  claimValidations: [{ name: 'sub', value: 'repo:acme/infra:ref:refs/heads/main' }],
} as const;

describe('the credential helper', () => {
  it('gets a new token for each request', async () => {
    const journey = await startJourney();
    await loggedIn(journey);
    const host = hostOf(journey);
    const first = await runHelper(journey, host, 'get', { input: `${host}\n` });
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    const { Secret: secret, ...rest } = JSON.parse(first.stdout);
    expect(rest).toEqual({ ServerURL: host, Username: 'BEARER_TOKEN' });
    expect(journey.emulator.secrets()).toContain(secret);
    const second = await runHelper(journey, host, 'get', { input: `https://${host}/v2/` });
    expect(JSON.parse(second.stdout).Secret).not.toBe(secret);
  });

  it('has no password for other registries', async () => {
    const journey = await startJourney();
    await loggedIn(journey);
    const before = journey.emulator.journal.length;
    const input = 'registry.example';
    expect(await runHelper(journey, hostOf(journey), 'get', { input })).toEqual({
      exitCode: 1,
      endedBy: null,
      stdout: 'credentials not found in native keychain',
      stderr: '',
    });
    expect(journey.emulator.journal).toHaveLength(before);
  });

  it('changes nothing at docker login and docker logout, and lists its registries', async () => {
    const journey = await startJourney();
    await loggedIn(journey);
    const host = hostOf(journey);
    const before = treeOf(journey.job.home);
    const input = JSON.stringify({ ServerURL: host, Username: 'x', Secret: 'y' });
    const quiet = { exitCode: 0, endedBy: null, stdout: '', stderr: '' };
    expect(await runHelper(journey, host, 'store', { input })).toEqual(quiet);
    expect(await runHelper(journey, host, 'erase')).toEqual(quiet);
    expect(treeOf(journey.job.home)).toEqual(before);
    expect(JSON.parse((await runHelper(journey, host, 'list')).stdout)).toEqual({ [host]: 'BEARER_TOKEN' });
    expect((await runHelper(journey, host, 'version')).exitCode).toBe(1);
  });

  it('uses the session that a repeated login has renewed', async () => {
    const journey = await startJourney();
    const one = await loggedIn(journey);
    const token = () => readFileSync(one.outputs['security-token-file'] ?? '', 'utf8');
    const first = token();
    const two = await loggedIn(journey);
    expect(token()).not.toBe(first);
    expect((await runHelper(journey, hostOf(journey), 'get')).exitCode).toBe(0);
    await journey.post(two);
    expect((await runHelper(journey, hostOf(journey), 'get')).exitCode).toBe(0);
    await journey.post(one);
    expect(treeOf(journey.job.home)).toEqual({});
  });

  it('works after the end of the first session, which the refresher has renewed', async () => {
    const world = { lifetimeScale: 1 / 60, upstLifetimeSeconds: 600 };
    const journey = await startJourney({ world });
    const stage = await loggedIn(journey, { refresh: 'true' });
    const left = Date.parse(stage.outputs['expires-at'] ?? '') - Date.now();
    await new Promise((resolve) => setTimeout(resolve, left + 1000));
    expect((await runHelper(journey, hostOf(journey), 'get')).exitCode).toBe(0);
    expect((await journey.post(stage)).exitCode).toBe(0);
  });

  it.each([
    ['gets a token', true, 0],
    ['says why it gets none', false, 1],
  ])(
    '%s for a session as a resource when the registry accepts such sessions: %s',
    async (_what, ocirAcceptsRpst, exitCode) => {
      const journey = await startJourney({ world: { trusts: [RESOURCE], ocirAcceptsRpst } });
      await loggedIn(journey, { 'token-type': 'rpst', 'resource-type': RESOURCE.impersonatingResource });
      const ended = await runHelper(journey, hostOf(journey), 'get');
      expect(ended.exitCode).toBe(exitCode);
      expect(ended.stderr === '').toBe(ocirAcceptsRpst);
    },
  );

  it('works without node on PATH, and ignores NODE_OPTIONS', async () => {
    const journey = await startJourney();
    await loggedIn(journey);
    const own = journey.job.env()['PATH']?.split(path.delimiter)[0] ?? '';
    const env = {
      PATH: [own, ...WITHOUT_NODE].join(path.delimiter),
      NODE_OPTIONS: '--import=/missing.mjs',
    };
    const ended = await runHelper(journey, hostOf(journey), 'get', { input: hostOf(journey), env });
    expect([ended.exitCode, ended.stderr]).toEqual([0, '']);
  });

  it.each([
    {
      what: 'the registry refuses the session',
      fault: { kind: 'status', status: 401 },
      text: /^OCIR_TOKEN_REFUSED: .*\. Add a policy .* refused a token for the session \(401\): /,
    },
    {
      what: 'the registry is not available',
      fault: { kind: 'status', status: 503 },
      text: /^OCIR_UNREACHABLE: .*\. Check .* responded with 503 \(3 attempts\)\./,
    },
    {
      what: 'a proxy responds with a page',
      fault: { kind: 'html' },
      text: /^OCIR_RESPONSE_MALFORMED: .* responded with an HTML page/,
    },
  ] as const)('says why on both streams when $what', async ({ fault, text }) => {
    const journey = await startJourney();
    await loggedIn(journey);
    journey.emulator.faults.add({ service: 'ocir', fault });
    const { exitCode, stdout, stderr } = await runHelper(journey, hostOf(journey), 'get');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(text);
    expect(stdout).not.toContain('\n');
    expect(stderr).toBe(`oci-wif-action: ${stdout}\n`);
  });

  it('says that the session has expired', async () => {
    const journey = await startJourney({ world: { upstLifetimeSeconds: 5 } });
    const { outputs } = await loggedIn(journey, { refresh: 'false' });
    const left = Date.parse(outputs['expires-at'] ?? '') - Date.now();
    await new Promise((resolve) => setTimeout(resolve, left + 100));
    const { stdout } = await runHelper(journey, hostOf(journey), 'get');
    expect(stdout).toMatch(
      / Log in again before this step, or set .* \(401\): the session expired at \S+Z\./,
    );
  });

  it('says that the session was removed', async () => {
    const journey = await startJourney();
    const stage = await loggedIn(journey);
    rmSync(stage.outputs['security-token-file'] ?? '');
    const { exitCode, stdout, stderr } = await runHelper(journey, hostOf(journey), 'get');
    expect([exitCode, stderr]).toEqual([1, `oci-wif-action: ${stdout}\n`]);
    expect(stdout).toMatch(/^The session is gone: \S+token does not exist\./);
  });
});

describe('the registries of the region', () => {
  let proxy: ConnectProxy | undefined;
  afterEach(() => proxy?.close());

  it('are served under both names, with tokens of the full one, through the proxy of the step', async () => {
    const names = ['iad.ocir.io', 'ocir.us-ashburn-1.oci.oraclecloud.com'];
    const journey = await startJourney({ hosts: { ocir: names } });
    const stage = await journey.main({ 'export-for': 'ocir', region: 'us-ashburn-1' });
    expect(stage.exitCode).toBe(0);
    expect(Object.keys(readConfig(journey).credHelpers)).toEqual(names);
    proxy = await startConnectProxy({ routes: journey.emulator.routes });
    for (const input of names) {
      const env = { HTTPS_PROXY: proxy.url };
      const ended = await runHelper(journey, input, 'get', { input, env });
      expect([ended.exitCode, ended.stderr]).toEqual([0, '']);
    }
    expect(new Set(proxy.tunnels.map(({ authority }) => authority))).toEqual(new Set([`${names[1]}:443`]));
  });
});

describe("Docker's config file", () => {
  const HOST = 'fra.ocir.io';
  const FOR_HOST = { 'export-for': 'ocir', 'ocir-registries': HOST };

  it.each([
    ['no directory', {}],
    ['no file', { '.docker/contexts/x': '' }],
    ['an empty file', { [CONFIG]: '' }],
    ['an empty object', { [CONFIG]: '{}\n' }],
    ['a file of Docker', { [CONFIG]: '{\n\t"auths": {},\n\t"credsStore": "desktop"\n}' }],
    ['a file with other helpers', { [CONFIG]: '{"credHelpers": {"gcr.io": "gcloud"}}' }],
    ['a file with CRLF and tabs', { [CONFIG]: '{\r\n\t"a":\t1 ,\r\n\t"credHelpers":\t{\r\n\t}\r\n}\r\n' }],
    ['a file with an entry of docker login', { [CONFIG]: `{"auths": {"${HOST}": {}}, "x": "\xc3\xbc"}` }],
  ])('is as before after post: %s', async (_what, files) => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, files);
    const before = treeOf(job.home);
    const stage = await main(FOR_HOST);
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    expect(readConfig({ job }).credHelpers[HOST]).toMatch(/^oci-wif-[0-9a-f]{16}$/);
    expect((await post(stage)).exitCode).toBe(0);
    expect(treeOf(job.home)).toEqual(before);
    expect(readdirSync(job.temp)).toEqual([]);
  });

  it('is in DOCKER_CONFIG', async () => {
    const journey = await startJourney();
    const elsewhere = path.join(journey.job.home, 'elsewhere');
    const env = { DOCKER_CONFIG: elsewhere };
    const stage = await journey.main(FOR_HOST, { env });
    expect(readConfig(journey, 'elsewhere/config.json').credHelpers[HOST]).toBeDefined();
    await journey.post(stage, { env });
    expect(treeOf(journey.job.home)).toEqual({});
  });

  it('loses our entries alone when Docker has written it anew', async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { [CONFIG]: '{"HttpHeaders": {"a": "b"}}' });
    const stage = await journey.main(FOR_HOST);
    rewriteConfig(journey, (config) => {
      config.auths = { [HOST]: {}, 'other.example': {} };
      config.credHelpers['gcr.io'] = 'gcloud';
    });
    expect(warningsOf(await journey.post(stage))).toEqual([]);
    expect(readConfig(journey)).toEqual({
      HttpHeaders: { a: 'b' },
      auths: { 'other.example': {} },
      credHelpers: { 'gcr.io': 'gcloud' },
    });
  });

  it('keeps the entry that a later step has put in the place of ours', async () => {
    const journey = await startJourney();
    const stage = await journey.main(FOR_HOST);
    rewriteConfig(journey, (config) => {
      config.credHelpers[HOST] = 'theirs';
    });
    await journey.post(stage);
    expect(readConfig(journey)).toEqual({ credHelpers: { [HOST]: 'theirs' } });
  });

  it.each([
    ['invalid JSON', '{"auths": {},}', /config\.json is not valid JSON \(line 1\)\./],
    ['a comment', '{\n// of mine\n}', /\(line 2\)/],
    ['a key twice', '{"auths": {}, "auths": {}}', /has "auths" twice/],
    ['a list', '[]', /is not a JSON object/],
    ['a byte order mark', '\xef\xbb\xbf{}', /byte order mark/],
  ])('with %s is an error, and is not changed', async (_what, text, message) => {
    const journey = await startJourney();
    writeHome(journey.job.home, { [CONFIG]: text });
    const failure = await expectFailure(journey, 'CONFIG_UNREADABLE', FOR_HOST);
    expect(failure.message).toMatch(message);
  });

  it('that a later step has broken is reported by post, which removes the rest', async () => {
    const journey = await startJourney();
    const stage = await journey.main(FOR_HOST);
    writeHome(journey.job.home, { [CONFIG]: '{"auths": {' });
    const post = await journey.post(stage);
    expect(warningsOf(post)).toEqual([expect.stringMatching(/entry for fra\.ocir\.io .*CONFIG_UNREADABLE/)]);
    expect(readdirSync(journey.job.temp)).toEqual([]);
  });

  const THEIRS = `{"credHelpers": {"${HOST}": "pass"}}`;

  it('with an entry of the user for the registry is an error', async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { [CONFIG]: THEIRS });
    const { message } = await expectFailure(journey, 'PROFILE_EXISTS', FOR_HOST);
    expect(message).toMatch(
      /has an entry for fra\.ocir\.io in credHelpers .* Leave the host out of `ocir-reg/,
    );
  });

  it('gets that entry back after `overwrite-profile`', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, { [CONFIG]: THEIRS });
    const stage = await main({ ...FOR_HOST, 'overwrite-profile': 'true' });
    expect(readConfig({ job }).credHelpers[HOST]).toMatch(/^oci-wif-/);
    expect((await post(stage)).stdout).toContain('restored the previous content');
    expect(readFileSync(path.join(job.home, CONFIG), 'utf8')).toBe(THEIRS);
  });

  itWithLinks('as a link is an error', async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { dotfile: '{}', '.docker/x': '' });
    symlinkSync('../dotfile', path.join(journey.job.home, CONFIG));
    const { message } = await expectFailure(journey, 'PATH_UNSAFE', FOR_HOST);
    expect(message).toContain('config.json should be a file but is a link');
  });

  it('of a relative DOCKER_CONFIG is an error', async () => {
    const journey = await startJourney({ job: { env: { DOCKER_CONFIG: '.docker' } } });
    const { message } = await expectFailure(journey, 'PATH_UNSAFE', FOR_HOST);
    expect(message).toContain('Set DOCKER_CONFIG to an absolute path.');
  });

  it('has the entry of the last of two logins, and of the first again after its post step', async () => {
    const { job, main, post } = await startJourney();
    const one = await main({ ...FOR_HOST, profile: 'ONE' });
    const first = readConfig({ job }).credHelpers[HOST];
    const two = await main({ ...FOR_HOST, profile: 'TWO' });
    expect(readConfig({ job }).credHelpers[HOST]).not.toBe(first);
    await post(two);
    expect(readConfig({ job }).credHelpers[HOST]).toBe(first);
    await post(one);
    expect(treeOf(job.home)).toEqual({});
  });

  it('is as before when the post steps of two logins run in the other order', async () => {
    const { job, main, post } = await startJourney();
    const one = await main({ ...FOR_HOST, profile: 'ONE' });
    const two = await main({ ...FOR_HOST, profile: 'TWO' });
    for (const stage of [one, two]) await post(stage);
    expect(treeOf(job.home)).toEqual({});
  });

  itWithProcfs('belongs to a running job: a login of another one in the same home fails', async () => {
    const journey = await startJourney();
    await journey.main({ ...FOR_HOST, profile: 'ONE' });
    const { job, main } = journey.nextJob({ home: journey.job.home });
    const before = treeOf(job.home);
    const stage = await main({ ...FOR_HOST, profile: 'TWO' });
    expect(stage.outputs['failure-code']).toBe('PROFILE_IN_USE');
    expect(stage.stdout).toContain(`The entry for ${HOST} in credHelpers in `);
    expect(treeOf(job.home)).toEqual(before);
  });

  it.each(['DOCKER_AUTH_CONFIG', 'REGISTRY_AUTH_FILE'])('warns about %s', async (name) => {
    const { main } = await startJourney();
    const stage = await main(FOR_HOST, { env: { [name]: 'x' } });
    expect(warningsOf(stage)).toEqual([expect.stringContaining(`${name} is set in this job`)]);
  });

  it('contains no secret, and only the owner can start the helper', async () => {
    const { emulator, job, main } = await startJourney();
    const stage = await main(FOR_HOST);
    const text = readFileSync(path.join(job.home, CONFIG), 'utf8');
    expect(emulator.secrets().filter((secret) => text.includes(secret))).toEqual([]);
    const [bin = ''] = stage.addedPaths;
    const [helper = ''] = readdirSync(bin);
    if (process.platform !== 'win32') expect(statSync(path.join(bin, helper)).mode & 0o777).toBe(0o700);
  });
});
