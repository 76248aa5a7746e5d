// Oracle's SDK for Go, which Terraform's provider, its state backend and most Go tools use.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { Journey } from '../e2e/journey.ts';
import { signedInputs, startOnInstance } from '../e2e/oci-machines.ts';
import { installed } from './install.ts';
import { failureOf, loggedIn, statuses, stdoutOf } from './login.ts';
import { rowsOf } from './matrix.ts';
import { runOverThreeSessions, SHORT } from './refreshed.ts';
import { type Ended, stepIn } from './step.ts';

const row = rowsOf('OCI SDK for Go');
const OBJECTS = 'namespace, bucket, 5 MB uploaded and downloaded, list, delete';
const PRINCIPAL = { 'export-for': 'resource-principal' };
const FEDERATED = { 'export-for': 'terraform', refresh: 'true' };
const BY_SESSION = { 'export-for': 'terraform-session', profile: 'CI' };

/** Runs a task with a provider. */
function go(journey: Journey, ...args: string[]): Promise<Ended> {
  return goWith(journey, {}, args);
}

function goWith({ emulator, job }: Journey, env: Record<string, string>, args: string[]): Promise<Ended> {
  const step = stepIn(job, {
    ...env,
    OCI_EMULATOR_ENDPOINT: emulator.urls.oci,
    SSL_CERT_FILE: emulator.caFile,
    // A workflow takes it from `${{ steps.login.outputs.tenancy }}`.
    TENANCY: emulator.inputs.tenancy,
  });
  return step(installed('go', 'go'), args);
}

async function objects(provider: string, ...login: Parameters<typeof loggedIn>): Promise<void> {
  await objectsOf(await loggedIn(...login), provider);
}

async function objectsOf(journey: Journey, provider: string): Promise<void> {
  expect(stdoutOf(await go(journey, provider, 'objects'))).toBe(`${journey.emulator.inputs.region}\n`);
  expect(new Set(statuses(journey))).toEqual(new Set([200, 204]));
}

const WORKING: readonly [access: string, provider: string, inputs: Record<string, string>, by: string][] = [
  ['session profile', 'session', { profile: 'CI' }, '`ConfigurationProviderForSessionTokenWithProfile`'],
  ['session profile', 'plain', { profile: 'CI' }, '`CustomProfileConfigProvider`, as most Go tools use it'],
  ['`terraform`', 'terraform', FEDERATED, 'its own exchange, as the Terraform provider does'],
  ['`terraform`', 'backend', FEDERATED, 'the session, as the Terraform state backend uses it'],
  ['`terraform-session`', 'terraform', BY_SESSION, 'the session, as the Terraform provider uses it'],
  ['`terraform-session`', 'backend', BY_SESSION, 'the session, as the Terraform state backend uses it'],
  [
    '`resource-principal`',
    'resource-principal-in-tenancy',
    PRINCIPAL,
    '`ResourcePrincipalConfigurationProvider` composed with one that knows the tenancy',
  ],
];

for (const [access, provider, inputs, by] of WORKING) {
  row({ access, remark: `${by}: ${OBJECTS}` }, async () => {
    await objects(provider, inputs);
  });
}

row(
  { access: '`OCI_CONFIG_FILE`', remark: `\`DefaultConfigProvider\`, no \`~/.oci/config\`: ${OBJECTS}` },
  async () => {
    // Go takes the home directory of the account, which no variable changes.
    const own = path.join(userInfo().homedir, '.oci/config');
    if (existsSync(own)) throw new Error(`the SDK prefers ${own}: run this test without that file`);
    await objects('default', {});
  },
);

row(
  {
    access: '`resource-principal`',
    result: 'does not',
    remark: '`ResourcePrincipalConfigurationProvider` alone rejects a token without the claim `res_tenant`',
  },
  async () => {
    const journey = await loggedIn(PRINCIPAL);
    expect(failureOf(await go(journey, 'resource-principal', 'objects'))).toMatch(
      /bad configuration: no such claim/,
    );
    expect(statuses(journey)).toEqual([]);
  },
);

row(
  {
    access: '`terraform`, `token-type: rpst`',
    remark: `its own exchange, for a resource session: ${OBJECTS}`,
  },
  async () => {
    const trust = { subjectType: 'Resource', impersonatingResource: 'ci' } as const;
    const world = { trusts: [trust] };
    const resource = { 'token-type': 'rpst', 'resource-type': 'ci', 'rpst-lifetime-seconds': '900' };
    await objects('terraform', { ...FEDERATED, ...resource }, { world });
  },
);

const ON_INSTANCE = { ...signedInputs('instance-principal'), ...FEDERATED };
const BY_INSTANCE = '`terraform`, `client-auth: instance-principal`';

const exchanges = ({ emulator }: Journey) =>
  emulator.journal.flatMap(({ service, status }) =>
    service === 'auth' || service === 'domain' ? [`${service} ${status}`] : [],
  );

row(
  { access: BY_INSTANCE, remark: `its own exchange, which the instance signs without a client: ${OBJECTS}` },
  async () => {
    const journey = await startOnInstance();
    expect((await journey.main(ON_INSTANCE)).exitCode).toBe(0);
    await objectsOf(journey, 'terraform');
    // Once by the action, once by the SDK.
    expect(exchanges(journey)).toEqual(['auth 200', 'domain 200', 'auth 200', 'domain 200']);
  },
);

row(
  {
    access: BY_INSTANCE,
    remark: `with a client in \`OCI_TOKEN_EXCHANGE_…\` of another use in the job: ${OBJECTS}`,
  },
  async () => {
    const old = { OCI_TOKEN_EXCHANGE_CLIENT_ID: 'old', OCI_TOKEN_EXCHANGE_CLIENT_SECRET: 'revoked' };
    const journey = await startOnInstance({ job: { env: old } });
    expect((await journey.main(ON_INSTANCE)).exitCode).toBe(0);
    await objectsOf(journey, 'terraform');
    // Without the login's empty values, the provider would refuse both together.
    expect(failureOf(await goWith(journey, old, ['terraform', 'objects']))).toContain('no client with');
  },
);

row(
  {
    access: '`terraform`',
    result: 'does not',
    remark: 'sessions of five minutes or less: each call mixes key and token of two exchanges, and gets 401',
  },
  async () => {
    const journey = await loggedIn(FEDERATED, { world: { upstLifetimeSeconds: 300 } });
    expect(failureOf(await go(journey, 'terraform', 'objects'))).toContain('NotAuthenticated');
    expect(statuses(journey)).toEqual([401]);
  },
);

/** The config of an administrator, which the provider finds when its exchange has failed. */
function administratorIn({ job, emulator }: Journey): Record<string, string> {
  const [keyFile, configFile] = ['admin.pem', 'admin.cfg'].map((name) => path.join(job.temp, name)) as [
    string,
    string,
  ];
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const lines = [
    'user=admin',
    'fingerprint=00:11',
    `tenancy=${emulator.inputs.tenancy}`,
    `key_file=${keyFile}`,
  ];
  writeFileSync(configFile, ['[DEFAULT]', ...lines, 'region=us-ashburn-1', ''].join('\n'));
  return { OCI_CONFIG_FILE: configFile, OCI_TOKEN_EXCHANGE_CLIENT_SECRET: 'revoked' };
}

const signers = ({ emulator }: Journey) =>
  emulator.journal.flatMap(({ service, reason = '' }) => (service === 'oci' ? [reason] : []));

row(
  {
    access: '`terraform`',
    result: 'does not',
    remark: 'signs with another identity when its exchange fails: OCI refuses each request',
  },
  async () => {
    const journey = await loggedIn(FEDERATED);
    const administrator = administratorIn(journey);
    expect(failureOf(await goWith(journey, administrator, ['terraform', 'objects']))).toContain('401');
    expect(signers(journey)).toEqual([expect.stringMatching(/API key [^/]+\/none\/none$/)]);
    // Without these variables, the provider would use the administrator's key.
    const exposed = { ...administrator, OCI_USER_OCID: '', OCI_FINGERPRINT: '' };
    expect(failureOf(await goWith(journey, exposed, ['terraform', 'objects']))).toContain('401');
    expect(signers(journey).at(-1)).toMatch(/API key [^/]+\/admin\/00:11$/);
  },
);

row(
  { access: '`terraform`', remark: `with \`OCI_CONFIG_FILE_PROFILE\` of another use in the job: ${OBJECTS}` },
  async () => {
    const old = { OCI_CONFIG_FILE_PROFILE: 'OLD' };
    const journey = await loggedIn(FEDERATED, { job: { env: old } });
    expect(stdoutOf(await go(journey, 'terraform', 'objects'))).toBe(`${journey.emulator.inputs.region}\n`);
    // Without the login's empty value, the provider would look for the profile in its own config.
    expect(failureOf(await goWith(journey, old, ['terraform', 'objects']))).toMatch(/OLD|\.oci\/config/);
  },
);

const READ_EACH_TIME = 'the token is read for each call';
const LONG_LIVED: readonly [access: string, provider: string, inputs: Record<string, string>, why: string][] =
  [
    ['`refresh: true`', 'session', { profile: 'CI' }, READ_EACH_TIME],
    [
      '`refresh: true`',
      'plain',
      { profile: 'CI' },
      `${READ_EACH_TIME}, by \`CustomProfileConfigProvider\` too`,
    ],
    [
      '`resource-principal`, `refresh: true`',
      'resource-principal-in-tenancy',
      PRINCIPAL,
      'token and key are read again in the last five minutes',
    ],
  ];

for (const [access, provider, inputs, why] of LONG_LIVED) {
  row({ access, remark: `one client works over three sessions without a refusal: ${why}` }, async () => {
    const ended = await runOverThreeSessions(SHORT, inputs, (journey, file) =>
      go(journey, provider, 'long-lived', file),
    );
    expect(new Set(ended.seen)).toEqual(new Set([200]));
    expect(new Set(ended.sent)).toEqual(new Set([200]));
  });
}

row(
  {
    access: '`terraform`',
    remark: 'one client logs in again by itself, with a new GitHub token',
  },
  async () => {
    // The SDK renews five minutes early, so it uses only the first eight seconds of each session.
    const world = { upstLifetimeSeconds: 308, githubJwtLifetimeSeconds: 6 };
    const { seen } = await runOverThreeSessions(world, FEDERATED, (journey, file) =>
      go(journey, 'terraform', 'long-lived', file),
    );
    // The SDK reads the key before it signs and the token after. A call during a renewal mixes both and is refused.
    const refusals = seen.filter((status) => status !== 200);
    expect([[], [401]]).toContainEqual(refusals);
    expect(seen.at(-1)).toBe(200);
  },
);
