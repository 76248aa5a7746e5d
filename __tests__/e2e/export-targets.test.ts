// `export-for`: whom a login serves beyond the OCI CLI. Exact variables and files, stock clients that use them, and the
// environment and the disk as they were after the post step.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { expectFailure, type Journey, logOf, maskedIn, startJourney, treeOf, warningsOf } from './journey.ts';
import { until } from './refresher.ts';

const run = promisify(execFile);
const MARKER = 'OCI_WIF_ACTION_EXPORTS';
const FEDERATED = { 'export-for': 'terraform', refresh: 'true' };
const BACKEND_NAMES = ['OCI_auth', 'OCI_config_file_profile', 'OCI_region'];

/** A later step's own program, with what the job gives it. */
async function later({ emulator, job }: Journey, script: string, ...args: string[]) {
  const env = { ...job.env(), OCI_EMULATOR_ENDPOINT: emulator.urls.oci };
  const file = path.join(import.meta.dirname, script);
  const options = ['--disable-warning=ExperimentalWarning', file, ...args];
  const { stdout } = await run(process.execPath, options, { env });
  // Above its answer, the SDK may say that it misses a [DEFAULT].
  return JSON.parse(stdout.split('\n').at(-1) ?? '') as Record<string, unknown>;
}

/** The session's own directory in the temp area. */
function directoryOf({ job }: Journey): string {
  const [name = '', ...more] = readdirSync(job.temp).filter((entry) => entry.startsWith('oci-wif-action-'));
  expect(more).toEqual([]);
  return path.join(job.temp, name);
}

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
const read = (file: string) => readFileSync(file, 'utf8');
const configOf = ({ job }: Journey) => path.join(job.home, '.oci/config');
const emptied = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '']));

describe('the door terraform', () => {
  it('gives the provider all that it needs to log in by itself', async () => {
    const journey = await startJourney();
    const { emulator, job, main, post } = journey;
    const stage = await main(FEDERATED);
    const file = path.join(directoryOf(journey), 'github-id-token');
    expect(stage.exported).toEqual({
      OCI_AUTH: 'WorkloadIdentityFederation',
      OCI_REGION: 'us-ashburn-1',
      OCI_WORKLOAD_IDENTITY_TOKEN_PATH: file,
      OCI_TOKEN_EXCHANGE_DOMAIN_URL: emulator.urls.domain,
      OCI_TOKEN_EXCHANGE_AUTH: 'OAuthClientCredentials',
      OCI_TOKEN_EXCHANGE_CLIENT_ID: emulator.inputs['client-id'],
      OCI_TOKEN_EXCHANGE_CLIENT_SECRET: emulator.inputs['client-secret'],
      OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN_TYPE: 'jwt',
      OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: 'urn:oci:token-type:oci-upst',
      OCI_auth: 'SecurityToken',
      OCI_config_file_profile: 'DEFAULT',
      OCI_region: 'us-ashburn-1',
      [MARKER]: `terraform DEFAULT ${configOf(journey)}`,
    });
    expect(read(file)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect([modeOf(file), modeOf(path.dirname(file))]).toEqual(['600', '700']);
    expect(maskedIn(stage)).toEqual(expect.arrayContaining([emulator.inputs['client-secret'], read(file)]));
    expect(stage.summary).toContain('github-id-token');
    expect(warningsOf(stage)).toEqual([]);
    const after = await post(stage);
    expect(after.exported).toEqual(emptied(Object.keys(stage.exported)));
    expect(readdirSync(job.temp)).toEqual([]);
  });

  it('lets a program that follows the rules of the provider log in', async () => {
    const journey = await startJourney();
    const stage = await journey.main(FEDERATED);
    const { sub } = await later(journey, 'federation-caller.ts');
    expect(sub).toBe(stage.outputs['principal']);
    await journey.post(stage);
    await expect(later(journey, 'federation-caller.ts')).rejects.toThrow('OCI_AUTH is required');
  });

  it('never keeps a secret of before, nor gives one back', async () => {
    const journey = await startJourney();
    const env = { OCI_TOKEN_EXCHANGE_CLIENT_SECRET: 'of-the-workflow', OCI_REGION: 'eu-frankfurt-1' };
    const stage = await journey.main(FEDERATED, { env });
    expect(JSON.stringify(stage.state)).not.toContain('of-the-workflow');
    expect(warningsOf(stage)).toEqual([
      expect.stringMatching(/^OCI_REGION, OCI_TOKEN_EXCHANGE_CLIENT_SECRET are set in this job\./),
    ]);
    const { exported } = await journey.post(stage);
    expect(exported).toMatchObject({ OCI_TOKEN_EXCHANGE_CLIENT_SECRET: '', OCI_REGION: 'eu-frankfurt-1' });
  });

  it('says nothing to the state backend of a config that this would not find', async () => {
    const journey = await startJourney();
    const config = path.join(journey.job.home, 'oci.cfg');
    const stage = await journey.main({ ...FEDERATED, 'config-file': config });
    expect(Object.keys(stage.exported).filter((name) => BACKEND_NAMES.includes(name))).toEqual([]);
    expect(logOf(stage)).toContain("Nothing is exported for Terraform's `oci` state backend");
    await journey.post(stage);
  });

  it('leads the state backend to another home', async () => {
    const journey = await startJourney();
    const home = path.join(journey.job.home, 'private');
    const stage = await journey.main({ ...FEDERATED, 'config-file': `${home}/.oci/config` });
    expect(stage.exported).toMatchObject({ OCI_auth: 'SecurityToken', OCI_HOME_OVERRIDE: home });
    expect(stage.exported).not.toHaveProperty('TF_HOME_OVERRIDE');
    await journey.post(stage);
  });

  it('warns of variables that the provider puts above its own', async () => {
    const { main, post } = await startJourney();
    const stage = await main(FEDERATED, { env: { TF_VAR_auth: 'ApiKey', TF_VAR_region: 'us-ashburn-1' } });
    expect(warningsOf(stage)).toEqual([expect.stringMatching(/^TF_VAR_auth is set in this job\./)]);
    await post(stage);
  });
});

describe('the door terraform-session', () => {
  it('names the profile in both spellings, and the home that each reader would miss', async () => {
    const journey = await startJourney();
    const stage = await journey.main({ 'export-for': 'terraform-session', profile: 'infra' });
    // A job of this file has a HOME that is not its account's, as in a job container.
    expect(userInfo().homedir).not.toBe(journey.job.home);
    expect(stage.exported).toEqual({
      OCI_AUTH: 'SecurityToken',
      OCI_CONFIG_FILE_PROFILE: 'infra',
      OCI_REGION: 'us-ashburn-1',
      TF_HOME_OVERRIDE: journey.job.home,
      OCI_auth: 'SecurityToken',
      OCI_config_file_profile: 'infra',
      OCI_region: 'us-ashburn-1',
      [MARKER]: `terraform infra ${configOf(journey)}`,
    });
    expect(logOf(stage)).not.toContain('set TF_HOME_OVERRIDE');
    const { exported } = await journey.post(stage);
    expect(exported).toEqual(emptied(Object.keys(stage.exported)));
  });

  it('replaces a home that leads elsewhere, and says so', async () => {
    const journey = await startJourney();
    const env = { TF_HOME_OVERRIDE: '/elsewhere', OCI_HOME_OVERRIDE: journey.job.home };
    const stage = await journey.main({ 'export-for': 'terraform-session' }, { env });
    expect(stage.exported['TF_HOME_OVERRIDE']).toBe(journey.job.home);
    expect(stage.exported).not.toHaveProperty('OCI_HOME_OVERRIDE');
    expect(warningsOf(stage)).toEqual([expect.stringMatching(/^TF_HOME_OVERRIDE is set in this job\./)]);
    expect((await journey.post(stage)).exported['TF_HOME_OVERRIDE']).toBe('/elsewhere');
  });
});

describe('the door ansible', () => {
  it('names file and profile to the collection', async () => {
    const journey = await startJourney();
    const stage = await journey.main({ 'export-for': 'ansible', profile: 'infra' });
    expect(stage.exported).toEqual({
      OCI_ANSIBLE_AUTH_TYPE: 'security_token',
      OCI_CONFIG_FILE: configOf(journey),
      OCI_CONFIG_PROFILE: 'infra',
    });
    expect(await later(journey, 'profile-caller.ts', configOf(journey), 'infra')).toHaveProperty('namespace');
    expect((await journey.post(stage)).exported).toEqual(emptied(Object.keys(stage.exported)));
  });
});

describe('the door resource-principal', () => {
  it('lets the SDK take the session as that of a resource', async () => {
    const journey = await startJourney();
    const stage = await journey.main({ 'export-for': 'resource-principal' });
    const session = path.join(directoryOf(journey), 'session');
    expect(stage.exported).toEqual({
      OCI_RESOURCE_PRINCIPAL_VERSION: '2.2',
      OCI_RESOURCE_PRINCIPAL_RPST: path.join(session, 'token'),
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: path.join(session, 'key.pem'),
      OCI_RESOURCE_PRINCIPAL_REGION: 'us-ashburn-1',
      [MARKER]: `resource-principal DEFAULT ${configOf(journey)}`,
    });
    expect(read(path.join(session, 'token'))).toBe(stage.outputs['security-token']);
    expect(read(path.join(session, 'key.pem'))).toBe(read(stage.outputs['private-key-file'] ?? ''));
    expect([
      modeOf(session),
      ...['token', 'key.pem'].map((name) => modeOf(path.join(session, name))),
    ]).toEqual(['700', '600', '600']);
    const { namespace, tenant } = await later(journey, 'resource-principal-caller.ts');
    expect([namespace, tenant]).toEqual([expect.any(String), stage.outputs['tenancy']]);
    await journey.post(stage);
    expect(readdirSync(journey.job.temp)).toEqual([]);
    await expect(later(journey, 'resource-principal-caller.ts')).rejects.toThrow('is missing');
  });

  it('warns of a passphrase, and keeps no key that a variable held', async () => {
    const { main, post } = await startJourney();
    const env = {
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: 'PEM-of-the-workflow',
      OCI_RESOURCE_PRINCIPAL_RPST: '/of/the/workflow',
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE: 'x',
    };
    const stage = await main({ 'export-for': 'resource-principal' }, { env });
    expect(JSON.stringify(stage.state)).not.toContain('PEM-of-the-workflow');
    expect(warningsOf(stage)).toEqual([
      expect.stringMatching(/^OCI_RESOURCE_PRINCIPAL_RPST, OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM are set/),
      expect.stringMatching(/^OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE is set/),
    ]);
    expect((await post(stage)).exported).toMatchObject({
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: '',
      OCI_RESOURCE_PRINCIPAL_RPST: '/of/the/workflow',
    });
  });
});

/** The copy for Docker actions as they would see it: their home, mapped back to where it lies. */
function asInContainer({ job }: Journey): string {
  const home = path.join(job.temp, '_github_home');
  const text = read(path.join(home, '.oci/config'));
  expect(text).not.toContain(job.temp);
  const mapped = text.replaceAll('=/github/home/', `=${home}/`);
  const file = path.join(job.temp, 'as-in-container');
  writeFileSync(file, mapped);
  return file;
}

describe('the door docker', () => {
  it('lays a copy of the profile that Docker actions find in their home', async () => {
    const journey = await startJourney();
    const { job, main, post } = journey;
    const stage = await main({ 'export-for': 'cli, docker', profile: 'infra' });
    expect(stage.exported).toEqual({ OCI_CLI_AUTH: 'security_token', OCI_CLI_PROFILE: 'infra' });
    const home = path.join(job.temp, '_github_home');
    const lines = read(path.join(home, '.oci/config')).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '[infra]',
        'key_file=/github/home/.oci/sessions/infra/oci_api_key.pem',
        'security_token_file=/github/home/.oci/sessions/infra/token',
      ]),
    );
    const modes = [
      '',
      'config',
      'sessions',
      'sessions/infra',
      'sessions/infra/token',
      'sessions/infra/oci_api_key.pem',
    ];
    expect(modes.map((name) => modeOf(path.join(home, '.oci', name)))).toEqual([
      '700',
      '600',
      '700',
      '700',
      '600',
      '600',
    ]);
    const file = asInContainer(journey);
    expect(await later(journey, 'profile-caller.ts', file, 'infra')).toHaveProperty('namespace');
    rmSync(file);
    await post(stage);
    expect(readdirSync(job.temp)).toEqual([]);
  });

  it('leaves what else is in that home', async () => {
    const { job, main, post } = await startJourney();
    const home = path.join(job.temp, '_github_home');
    mkdirSync(path.join(home, '.docker'), { recursive: true });
    writeFileSync(path.join(home, '.docker/config.json'), '{}');
    const before = treeOf(job.temp);
    const stage = await main({ 'export-for': 'docker' });
    expect(stage.exported).toEqual({});
    await post(stage);
    expect(treeOf(job.temp)).toEqual(before);
  });

  it('takes the copy back even when a client in the container has dropped the comments of the file', async () => {
    const { job, main, post } = await startJourney();
    const stage = await main({ 'export-for': 'docker' });
    const config = path.join(job.temp, '_github_home/.oci/config');
    writeFileSync(config, read(config).replaceAll(/^#.*\n/gm, ''));
    await post(stage);
    expect(readdirSync(job.temp)).toEqual([]);
  });

  it('refuses a section that somebody else has put there, and takes everything back', async () => {
    const journey = await startJourney();
    const config = path.join(journey.job.temp, '_github_home/.oci/config');
    mkdirSync(path.dirname(config), { recursive: true, mode: 0o700 });
    writeFileSync(config, '[DEFAULT]\nuser=theirs\n');
    const before = treeOf(journey.job.temp);
    const { message } = await expectFailure(journey, 'PROFILE_EXISTS', {
      'export-for': 'docker, resource-principal',
    });
    expect(message).toContain(config);
    expect(treeOf(journey.job.temp)).toEqual(before);
  });

  it('leads clients on both sides to the default in their own spelling when the job has a path of before', async () => {
    const { main, post } = await startJourney();
    const env = { OCI_CONFIG_FILE: '/of/before', OCI_CLI_CONFIG_FILE: '' };
    const stage = await main({ 'export-for': 'cli, ansible, docker' }, { env });
    expect(stage.exported).toEqual({
      OCI_CLI_AUTH: 'security_token',
      OCI_CLI_PROFILE: 'DEFAULT',
      OCI_CONFIG_FILE: '~/.oci/config',
      OCI_ANSIBLE_AUTH_TYPE: 'security_token',
      OCI_CONFIG_PROFILE: 'DEFAULT',
    });
    expect((await post(stage)).exported['OCI_CONFIG_FILE']).toBe('/of/before');
  });
});

describe('a second login of the job', () => {
  it.each([
    ['terraform-session', 'terraform', { refresh: 'true' }],
    ['resource-principal', 'resource-principal', {}],
  ])('does not get %s when the first has %s', async (wanted, had, more) => {
    const journey = await startJourney();
    const first = await journey.main({ ...more, 'export-for': had, profile: 'first' });
    const asked = journey.emulator.journal.length;
    const { message } = await expectFailure(journey, 'EXPORT_CONFLICT', {
      'export-for': wanted,
      profile: 'second',
    });
    expect(message).toContain(`\`export-for\` ${wanted}`);
    expect(message).toContain(`profile [first] in ${configOf(journey)}`);
    expect(journey.emulator.journal.length).toBe(asked);
    await journey.post(first);
    const again = await journey.main({ 'export-for': wanted, profile: 'second' });
    expect(again.exitCode).toBe(0);
    await journey.post(again);
  });

  it('gets it with the same profile, and is not warned of itself', async () => {
    const journey = await startJourney();
    const inputs = { 'export-for': 'resource-principal' };
    const [first, second] = [await journey.main(inputs), await journey.main(inputs)];
    expect([second.exitCode, warningsOf(second)]).toEqual([0, []]);
    expect(await later(journey, 'resource-principal-caller.ts')).toHaveProperty('namespace');
    await journey.post(second);
    expect(await later(journey, 'resource-principal-caller.ts')).toHaveProperty('namespace');
    expect((await journey.post(first)).exported[MARKER]).toBe('');
  });

  it('gets another door, and each owner is remembered until its post step', async () => {
    const journey = await startJourney();
    const first = await journey.main({ 'export-for': 'terraform-session', profile: 'a' });
    const second = await journey.main({ 'export-for': 'resource-principal', profile: 'b' });
    const [a, b] = [`terraform a ${configOf(journey)}`, `resource-principal b ${configOf(journey)}`];
    expect(second.exported[MARKER]).toBe(`${a}\n${b}`);
    expect((await journey.post(second)).exported[MARKER]).toBe(a);
    expect((await journey.post(first)).exported[MARKER]).toBe('');
  });
});

describe('a session as a resource', () => {
  it('is handed on as such, and asked for as such by the provider', async () => {
    const sub = 'repo:acme/infra:ref:refs/heads/main';
    const trust = { subjectType: 'Resource', impersonatingResource: 'ci' } as const;
    const journey = await startJourney({
      world: { trusts: [{ ...trust, claimValidations: [{ name: 'sub', value: sub }] }] },
    });
    const asking = { 'token-type': 'rpst', 'resource-type': 'ci', 'rpst-lifetime-seconds': '900' };
    const doors = { refresh: 'true', 'export-for': 'terraform, resource-principal' };
    const stage = await journey.main({ ...asking, ...doors });
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    expect(stage.exported).toMatchObject({
      OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: 'urn:oci:token-type:oci-rpst',
      OCI_TOKEN_EXCHANGE_RESOURCE_TYPE: 'ci',
      OCI_TOKEN_EXCHANGE_RPST_EXP: '900',
    });
    expect(await later(journey, 'resource-principal-caller.ts')).toHaveProperty('namespace');
    expect(await later(journey, 'federation-caller.ts')).toMatchObject({ sub });
    await journey.post(stage);
    expect(readdirSync(journey.job.temp)).toEqual([]);
  });
});

describe('a session that is kept fresh', () => {
  it('is so wherever a door has laid it, and so is the token of GitHub', async () => {
    const world = { upstLifetimeSeconds: 6, githubJwtLifetimeSeconds: 6 };
    const journey = await startJourney({ world });
    const doors = 'terraform, resource-principal, docker';
    const stage = await journey.main({ refresh: 'true', 'export-for': doors });
    const directory = directoryOf(journey);
    const copy = path.join(journey.job.temp, '_github_home/.oci/sessions/DEFAULT');
    const tokens = [
      stage.outputs['security-token-file'] ?? '',
      path.join(directory, 'session/token'),
      path.join(copy, 'token'),
    ];
    const idToken = path.join(directory, 'github-id-token');
    const before = [...tokens, idToken].map(read);
    await until(() => [...tokens, idToken].every((file, at) => read(file) !== before[at]));
    expect(read(path.join(copy, 'oci_api_key.pem'))).toBe(read(path.join(directory, 'session/key.pem')));
    expect(await later(journey, 'resource-principal-caller.ts')).toHaveProperty('namespace');
    expect(await later(journey, 'federation-caller.ts')).toHaveProperty('sub');
    const after = await journey.post(stage);
    expect(warningsOf(after)).toEqual([]);
    expect(readdirSync(journey.job.temp)).toEqual([]);
  });

  it('is renewed in each of these places by a second use, with the key that it has', async () => {
    const journey = await startJourney();
    const inputs = { 'export-for': 'resource-principal, docker' };
    const first = await journey.main(inputs);
    const [before, directory] = [treeOf(journey.job.temp), directoryOf(journey)];
    const second = await journey.main(inputs);
    expect([second.exitCode, warningsOf(second), directoryOf(journey)]).toEqual([0, [], directory]);
    const after = treeOf(journey.job.temp);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.toSorted()).toEqual([
      '_github_home/.oci/sessions/DEFAULT/token',
      `${path.basename(directory)}/session/token`,
    ]);
    await journey.post(second);
    expect(await later(journey, 'resource-principal-caller.ts')).toHaveProperty('namespace');
    await journey.post(first);
    expect(readdirSync(journey.job.temp)).toEqual([]);
  });

  it('has a token of GitHub for its provider even when the session itself is kept as it is', async () => {
    const journey = await startJourney();
    const first = await journey.main({ refresh: 'true' });
    const second = await journey.main({ ...FEDERATED, 'minimum-lifetime-seconds': '60' });
    expect(second.exitCode).toBe(0);
    expect(await later(journey, 'federation-caller.ts')).toHaveProperty('sub');
    expect(journey.emulator.journal.filter(({ service }) => service === 'domain')).toHaveLength(2);
    await journey.post(second);
    await journey.post(first);
    expect(readdirSync(journey.job.temp)).toEqual([]);
  });
});

describe('what export-for cannot have', () => {
  it.each([
    ['federation that nobody renews', { 'export-for': 'terraform' }, '`refresh` true'],
    ['two ways of one provider', { ...FEDERATED, 'export-for': 'terraform, terraform-session' }, 'not both'],
    [
      'a session that its provider takes for over',
      { ...FEDERATED, 'token-type': 'rpst', 'resource-type': 'ci', 'rpst-lifetime-seconds': '300' },
      'more than 300',
    ],
    ['a session that is left out', { 'export-for': 'ansible', 'token-type': 'none' }, '`token-type` none'],
    [
      'a config that Terraform never reads',
      { 'export-for': 'terraform-session', 'config-file': '/tmp/x/config' },
      '.oci/config',
    ],
    [
      'two places for Docker actions',
      { 'export-for': 'docker', 'config-file': '/tmp/.oci/config' },
      'except the default',
    ],
  ])('is refused: %s', async (_what, inputs: Record<string, string>, why) => {
    const { message } = await expectFailure(await startJourney(), 'INPUT_INVALID', inputs);
    expect(message).toContain(why);
  });
});
