// Export targets: exact variables and files, clients that use them, and what the post step restores. Invalid
// combinations are in the unit tests of the conflicts.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { modeOf as modeOfStats } from '../unit/profiles/tree.ts';
import { describeWithDocker, describeWithVariableCase, itWithDocker } from '../unit/systems-with.ts';
import { expectFailure, type Journey, logOf, maskedIn, startJourney, treeOf, warningsOf } from './journey.ts';
import { until } from './refresher.ts';

const run = promisify(execFile);
const MARKER = 'OCI_WIF_ACTION_EXPORTS';
const FEDERATED = { 'export-for': 'terraform', refresh: 'true' };
const BACKEND_NAMES = ['OCI_auth', 'OCI_config_file_profile', 'OCI_region'];

/** Runs a client as a later step of the job. */
async function later({ emulator, job }: Journey, script: string, ...args: string[]) {
  const env = { ...job.env(), OCI_EMULATOR_ENDPOINT: emulator.urls.oci };
  const file = path.join(import.meta.dirname, script);
  const options = ['--disable-warning=ExperimentalWarning', file, ...args];
  const { stdout } = await run(process.execPath, options, { env });
  // The SDK may print that there is no [DEFAULT] before the result.
  return JSON.parse(stdout.split('\n').at(-1) ?? '') as Record<string, unknown>;
}

/** The login's own directory in RUNNER_TEMP. */
function directoryOf({ job }: Journey): string {
  const [name = '', ...more] = readdirSync(job.temp).filter((entry) => entry.startsWith('oci-wif-action-'));
  expect(more).toEqual([]);
  return path.join(job.temp, name);
}

/** What the provider looks for when its exchange fails. */
const NOBODY = { OCI_USER_OCID: 'none', OCI_FINGERPRINT: 'none' };

/** On Windows, clients in Go take the paths of `resource-principal` for a token and a key. */
const FOR_GO = process.platform === 'win32' ? [expect.stringContaining('clients in Go')] : [];

const modeOf = (file: string) => modeOfStats(statSync(file));
const read = (file: string) => readFileSync(file, 'utf8');
const configOf = ({ job }: Journey) => path.join(job.home, '.oci/config');
const emptied = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '']));

describeWithVariableCase('export-for terraform', () => {
  it('exports what the provider needs to log in itself, and the post step removes it', async () => {
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
      OCI_CONFIG_FILE_PROFILE: '',
      OCI_TENANCY_OCID: emulator.inputs.tenancy,
      ...NOBODY,
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

  it('lets a client that works like the provider log in', async () => {
    const journey = await startJourney();
    const stage = await journey.main(FEDERATED);
    const { sub } = await later(journey, 'clients/terraform-provider.ts');
    expect(sub).toBe(stage.outputs['principal']);
    await journey.post(stage);
    await expect(later(journey, 'clients/terraform-provider.ts')).rejects.toThrow('OCI_AUTH is required');
  });

  it('does not restore a secret that the workflow had set', async () => {
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

  it('exports nothing for the state backend when the config has another name', async () => {
    const journey = await startJourney();
    const config = path.join(journey.job.home, 'oci.cfg');
    const stage = await journey.main({ ...FEDERATED, 'config-file': config });
    expect(Object.keys(stage.exported).filter((name) => BACKEND_NAMES.includes(name))).toEqual([]);
    expect(logOf(stage)).toContain("Nothing is exported for Terraform's `oci` state backend");
    await journey.post(stage);
  });

  it('exports OCI_HOME_OVERRIDE when the config is in another home directory', async () => {
    const journey = await startJourney();
    const home = path.join(journey.job.home, 'private');
    const stage = await journey.main({ ...FEDERATED, 'config-file': `${home}/.oci/config` });
    expect(stage.exported).toMatchObject({ OCI_auth: 'SecurityToken', OCI_HOME_OVERRIDE: home });
    expect(stage.exported).not.toHaveProperty('TF_HOME_OVERRIDE');
    await journey.post(stage);
  });

  it('warns about TF_VAR_ variables that change the identity', async () => {
    const { main, post } = await startJourney();
    const harmless = { TF_VAR_region: 'eu-frankfurt-1', TF_VAR_tenancy_ocid: 'ocid1.tenancy.oc1..a' };
    const key = { TF_VAR_user_ocid: 'ocid1.user.oc1..a', TF_VAR_fingerprint: '00:11' };
    const env = { ...harmless, ...key, TF_VAR_auth: 'ApiKey', TF_VAR_config_file_profile: 'OLD' };
    const stage = await main(FEDERATED, { env });
    const names = ['auth', 'config_file_profile', 'user_ocid', 'fingerprint'].map((name) => `TF_VAR_${name}`);
    expect(warningsOf(stage)).toEqual([
      expect.stringContaining(`${names.join(', ')} are set in this job, and Terraform's provider`),
    ]);
    await post(stage);
  });

  it('replaces the API key and the profile that the job already has, and post restores them', async () => {
    const { main, post } = await startJourney();
    const env = {
      OCI_CONFIG_FILE_PROFILE: 'OLD',
      OCI_TENANCY_OCID: 'ocid1.tenancy.oc1..a',
      OCI_USER_OCID: 'ocid1.user.oc1..a',
      OCI_FINGERPRINT: '00:11',
    };
    const stage = await main(FEDERATED, { env });
    expect(warningsOf(stage)).toEqual([
      expect.stringMatching(/^OCI_CONFIG_FILE_PROFILE, OCI_USER_OCID, OCI_FINGERPRINT are set in this job\./),
    ]);
    expect(stage.exported).toMatchObject({
      ...NOBODY,
      OCI_CONFIG_FILE_PROFILE: '',
      OCI_TENANCY_OCID: env.OCI_TENANCY_OCID,
    });
    expect((await post(stage)).exported).toMatchObject(env);
  });
});

describeWithVariableCase('export-for terraform-session', () => {
  it('names the profile for provider and state backend, and the home directory for the provider', async () => {
    const journey = await startJourney();
    const stage = await journey.main({ 'export-for': 'terraform-session', profile: 'infra' });
    // As in a job container, HOME is not the home directory of the account.
    expect(userInfo().homedir).not.toBe(journey.job.home);
    expect(stage.exported).toEqual({
      OCI_AUTH: 'SecurityToken',
      OCI_CONFIG_FILE_PROFILE: 'infra',
      OCI_REGION: 'us-ashburn-1',
      OCI_TENANCY_OCID: journey.emulator.inputs.tenancy,
      ...NOBODY,
      TF_HOME_OVERRIDE: journey.job.home,
      OCI_auth: 'SecurityToken',
      OCI_config_file_profile: 'infra',
      OCI_region: 'us-ashburn-1',
      [MARKER]: `terraform infra ${configOf(journey)}`,
    });
    const { exported } = await journey.post(stage);
    expect(exported).toEqual(emptied(Object.keys(stage.exported)));
  });

  it('replaces TF_HOME_OVERRIDE with a warning, and the post step restores it', async () => {
    const journey = await startJourney();
    const env = { TF_HOME_OVERRIDE: '/elsewhere', OCI_HOME_OVERRIDE: journey.job.home };
    const stage = await journey.main({ 'export-for': 'terraform-session' }, { env });
    expect(stage.exported['TF_HOME_OVERRIDE']).toBe(journey.job.home);
    expect(stage.exported).not.toHaveProperty('OCI_HOME_OVERRIDE');
    expect(warningsOf(stage)).toEqual([expect.stringMatching(/^TF_HOME_OVERRIDE is set in this job\./)]);
    expect((await journey.post(stage)).exported['TF_HOME_OVERRIDE']).toBe('/elsewhere');
  });
});

describe('export-for ansible', () => {
  it('exports config file and profile', async () => {
    const journey = await startJourney();
    const stage = await journey.main({ 'export-for': 'ansible', profile: 'infra' });
    expect(stage.exported).toEqual({
      OCI_ANSIBLE_AUTH_TYPE: 'security_token',
      OCI_CONFIG_FILE: configOf(journey),
      OCI_CONFIG_PROFILE: 'infra',
    });
    expect(await later(journey, 'clients/oci-profile.ts', configOf(journey), 'infra')).toHaveProperty(
      'namespace',
    );
    expect((await journey.post(stage)).exported).toEqual(emptied(Object.keys(stage.exported)));
  });
});

describe('export-for resource-principal', () => {
  it('writes the session to files with which the SDK signs', async () => {
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
    const { namespace, tenant } = await later(journey, 'clients/oci-resource-principal.ts');
    expect([namespace, tenant]).toEqual([expect.any(String), stage.outputs['tenancy']]);
    await journey.post(stage);
    expect(readdirSync(journey.job.temp)).toEqual([]);
    await expect(later(journey, 'clients/oci-resource-principal.ts')).rejects.toThrow('is missing');
  });

  it('warns about a passphrase, and does not restore a key that a variable held', async () => {
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
      ...FOR_GO,
    ]);
    expect((await post(stage)).exported).toMatchObject({
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: '',
      OCI_RESOURCE_PRINCIPAL_RPST: '/of/the/workflow',
    });
  });
});

/** The copy with the paths of this machine instead of those in a container. */
function asInContainer({ job }: Journey): string {
  const home = path.join(job.temp, '_github_home');
  const text = read(path.join(home, '.oci/config'));
  expect(text).not.toContain(job.temp);
  const mapped = text.replaceAll('=/github/home/', `=${home}/`);
  const file = path.join(job.temp, 'as-in-container');
  writeFileSync(file, mapped);
  return file;
}

describeWithDocker('export-for docker', () => {
  it('writes a copy of the profile into the home directory of Docker actions', async () => {
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
    expect(await later(journey, 'clients/oci-profile.ts', file, 'infra')).toHaveProperty('namespace');
    rmSync(file);
    await post(stage);
    expect(readdirSync(job.temp)).toEqual([]);
  });

  it('keeps other files in that home directory', async () => {
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

  it('removes the copy after a client has removed the comments of the file', async () => {
    const { job, main, post } = await startJourney();
    const stage = await main({ 'export-for': 'docker' });
    const config = path.join(job.temp, '_github_home/.oci/config');
    writeFileSync(config, read(config).replaceAll(/^#.*\n/gm, ''));
    await post(stage);
    expect(readdirSync(job.temp)).toEqual([]);
  });

  it('fails with PROFILE_EXISTS when the section exists there, and removes everything', async () => {
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

  it('replaces a path that the job has by ~/.oci/config', async () => {
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

describe('another login of the job', () => {
  it.each([
    ['terraform-session', 'terraform', { refresh: 'true' }],
    ['resource-principal', 'resource-principal', {}],
  ])(
    'fails with EXPORT_CONFLICT for %s when the first exports %s for another profile',
    async (wanted, had, more) => {
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
    },
  );

  it('with the same profile exports the variables again, without a new warning', async () => {
    const journey = await startJourney();
    const inputs = { 'export-for': 'resource-principal' };
    const [first, second] = [await journey.main(inputs), await journey.main(inputs)];
    expect([second.exitCode, warningsOf(second)]).toEqual([0, FOR_GO]);
    expect(await later(journey, 'clients/oci-resource-principal.ts')).toHaveProperty('namespace');
    await journey.post(second);
    expect(await later(journey, 'clients/oci-resource-principal.ts')).toHaveProperty('namespace');
    expect((await journey.post(first)).exported[MARKER]).toBe('');
  });

  it('can export another target, and each reservation ends with its post step', async () => {
    const journey = await startJourney();
    const first = await journey.main({ 'export-for': 'terraform-session', profile: 'a' });
    const second = await journey.main({ 'export-for': 'resource-principal', profile: 'b' });
    const [a, b] = [`terraform a ${configOf(journey)}`, `resource-principal b ${configOf(journey)}`];
    expect(second.exported[MARKER]).toBe(`${a}\n${b}`);
    expect((await journey.post(second)).exported[MARKER]).toBe(a);
    expect((await journey.post(first)).exported[MARKER]).toBe('');
  });
});

describeWithVariableCase('a session as a resource', () => {
  it('is used by resource-principal clients and requested by the provider', async () => {
    const sub = 'repo:acme/infra:ref:refs/heads/main';
    const trust = { subjectType: 'Resource', impersonatingResource: 'ci' } as const;
    const journey = await startJourney({
      world: { trusts: [{ ...trust, claimValidations: [{ name: 'sub', value: sub }] }] },
    });
    const asking = { 'token-type': 'rpst', 'resource-type': 'ci', 'rpst-lifetime-seconds': '900' };
    const targets = { refresh: 'true', 'export-for': 'terraform, resource-principal' };
    const stage = await journey.main({ ...asking, ...targets });
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    expect(stage.exported).toMatchObject({
      OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: 'urn:oci:token-type:oci-rpst',
      OCI_TOKEN_EXCHANGE_RESOURCE_TYPE: 'ci',
      OCI_TOKEN_EXCHANGE_RPST_EXP: '900',
    });
    expect(await later(journey, 'clients/oci-resource-principal.ts')).toHaveProperty('namespace');
    expect(await later(journey, 'clients/terraform-provider.ts')).toMatchObject({ sub });
    await journey.post(stage);
    expect(readdirSync(journey.job.temp)).toEqual([]);
  });
});

describe('a session with export targets', () => {
  itWithDocker('is refreshed in every file of a target, and so is the ID token', async () => {
    const world = { upstLifetimeSeconds: 6, githubJwtLifetimeSeconds: 6 };
    const journey = await startJourney({ world });
    const targets = 'terraform, resource-principal, docker';
    const stage = await journey.main({ refresh: 'true', 'export-for': targets });
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
    expect(await later(journey, 'clients/oci-resource-principal.ts')).toHaveProperty('namespace');
    expect(await later(journey, 'clients/terraform-provider.ts')).toHaveProperty('sub');
    const after = await journey.post(stage);
    expect(warningsOf(after)).toEqual([]);
    expect(readdirSync(journey.job.temp)).toEqual([]);
  });

  itWithDocker('is renewed with the same key in every file by a repeated login', async () => {
    const journey = await startJourney();
    const inputs = { 'export-for': 'resource-principal, docker' };
    const first = await journey.main(inputs);
    const [before, directory] = [treeOf(journey.job.temp), directoryOf(journey)];
    const second = await journey.main(inputs);
    expect([second.exitCode, warningsOf(second), directoryOf(journey)]).toEqual([0, [], directory]);
    const after = treeOf(journey.job.temp);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    // The ledger changes with the end of the session, which is in whole seconds.
    expect(changed.filter((name) => !name.endsWith('ledger.json')).toSorted()).toEqual([
      '_github_home/.oci/sessions/DEFAULT/token',
      `${path.basename(directory)}/session/token`,
    ]);
    await journey.post(second);
    expect(await later(journey, 'clients/oci-resource-principal.ts')).toHaveProperty('namespace');
    await journey.post(first);
    expect(readdirSync(journey.job.temp)).toEqual([]);
  });

  it('gets an ID token for the provider even when a repeated login keeps the session', async () => {
    const journey = await startJourney();
    const first = await journey.main({ refresh: 'true' });
    const second = await journey.main({ ...FEDERATED, 'minimum-lifetime-seconds': '60' });
    expect(second.exitCode).toBe(0);
    expect(await later(journey, 'clients/terraform-provider.ts')).toHaveProperty('sub');
    expect(journey.emulator.journal.filter(({ service }) => service === 'domain')).toHaveLength(2);
    await journey.post(second);
    await journey.post(first);
    expect(readdirSync(journey.job.temp)).toEqual([]);
  });
});
