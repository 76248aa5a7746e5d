// Oracle's SDK for Go, and by it what Terraform's provider, its state backend and most tools in Go do with a login.
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { Journey } from '../e2e/journey.ts';
import { installed } from './install.ts';
import { good, loggedIn, refused, statuses } from './login.ts';
import { rowsOf } from './matrix.ts';
import { keptFresh, SHORT } from './refreshed.ts';
import { type Ended, stepsOf } from './step.ts';

const row = rowsOf('OCI SDK for Go');
const OBJECTS = 'namespace, bucket, 5 MB put and got back, list, delete';
const PRINCIPAL = { 'export-for': 'resource-principal' };
const FEDERATED = { 'export-for': 'terraform', refresh: 'true' };
const BY_SESSION = { 'export-for': 'terraform-session', profile: 'CI' };

/** One provider, one task. */
function go({ emulator, job }: Journey, ...args: string[]): Promise<Ended> {
  const step = stepsOf(job, {
    OCI_EMULATOR_ENDPOINT: emulator.urls.oci,
    SSL_CERT_FILE: emulator.caFile,
    // As `${{ steps.login.outputs.tenancy }}` would.
    TENANCY: emulator.inputs.tenancy,
  });
  return step(installed('go', 'go'), args);
}

async function objects(provider: string, ...login: Parameters<typeof loggedIn>): Promise<void> {
  const journey = await loggedIn(...login);
  expect(good(await go(journey, provider, 'objects'))).toBe(`${journey.emulator.inputs.region}\n`);
  expect(new Set(statuses(journey))).toEqual(new Set([200, 204]));
}

const WORKING: readonly [door: string, provider: string, inputs: Record<string, string>, by: string][] = [
  ['session profile', 'session', { profile: 'CI' }, '`ConfigurationProviderForSessionTokenWithProfile`'],
  [
    'session profile',
    'plain',
    { profile: 'CI' },
    '`CustomProfileConfigProvider`, as most tools in Go have it',
  ],
  ['`terraform`', 'terraform', FEDERATED, 'an exchange of its own, as by the provider of Terraform'],
  ['`terraform`', 'backend', FEDERATED, 'the session, as by the state backend of Terraform'],
  ['`terraform-session`', 'terraform', BY_SESSION, 'the session, as by the provider of Terraform'],
  ['`terraform-session`', 'backend', BY_SESSION, 'the session, as by the state backend of Terraform'],
  [
    '`resource-principal`',
    'resource-principal-in-tenancy',
    PRINCIPAL,
    '`ResourcePrincipalConfigurationProvider` composed with one that knows the tenancy',
  ],
];

for (const [door, provider, inputs, by] of WORKING) {
  row({ door, remark: `${by}: ${OBJECTS}` }, async () => {
    await objects(provider, inputs);
  });
}

row(
  { door: '`OCI_CONFIG_FILE`', remark: `\`DefaultConfigProvider\`, no \`~/.oci/config\`: ${OBJECTS}` },
  async () => {
    // Go asks for the home of the account, which no environment moves.
    const own = path.join(userInfo().homedir, '.oci/config');
    if (existsSync(own)) throw new Error(`Go would prefer ${own}: try this as somebody who has none`);
    await objects('default', {});
  },
);

row(
  {
    door: '`resource-principal`',
    result: 'does not',
    remark: '`ResourcePrincipalConfigurationProvider` alone takes no token without the claim `res_tenant`',
  },
  async () => {
    const journey = await loggedIn(PRINCIPAL);
    expect(refused(await go(journey, 'resource-principal', 'objects'))).toMatch(
      /bad configuration: no such claim/,
    );
    expect(statuses(journey)).toEqual([]);
  },
);

row(
  {
    door: '`terraform`, `token-type: rpst`',
    remark: `an exchange of its own, for a session as a resource: ${OBJECTS}`,
  },
  async () => {
    const trust = { subjectType: 'Resource', impersonatingResource: 'ci' } as const;
    const world = { trusts: [trust] };
    const resource = { 'token-type': 'rpst', 'resource-type': 'ci', 'rpst-lifetime-seconds': '900' };
    await objects('terraform', { ...FEDERATED, ...resource }, { world });
  },
);

row(
  {
    door: '`terraform`',
    result: 'does not',
    remark: 'sessions of five minutes or less: each call mixes key and token of two exchanges, and gets 401',
  },
  async () => {
    const journey = await loggedIn(FEDERATED, { world: { upstLifetimeSeconds: 300 } });
    expect(refused(await go(journey, 'terraform', 'objects'))).toContain('NotAuthenticated');
    expect(statuses(journey)).toEqual([401]);
  },
);

const READ_EACH_TIME = 'the token is read for each call';
const LONG_LIVED: readonly [door: string, provider: string, inputs: Record<string, string>, why: string][] = [
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
    'token and key are read again from five minutes before the end on',
  ],
];

for (const [door, provider, inputs, why] of LONG_LIVED) {
  row({ door, remark: `one client goes on over three sessions without a refusal: ${why}` }, async () => {
    const ended = await keptFresh(SHORT, inputs, (journey, file) =>
      go(journey, provider, 'long-lived', file),
    );
    expect(new Set(ended.seen)).toEqual(new Set([200]));
    expect(new Set(ended.answered)).toEqual(new Set([200]));
  });
}

row(
  {
    door: '`terraform`',
    remark: 'one client logs in again by itself, with a token of GitHub that is fresh by then',
  },
  async () => {
    // The SDK renews five minutes early: of each session it uses the first eight seconds.
    const world = { upstLifetimeSeconds: 308, githubJwtLifetimeSeconds: 6 };
    const { seen } = await keptFresh(world, FEDERATED, (journey, file) =>
      go(journey, 'terraform', 'long-lived', file),
    );
    // The key is taken first, and the token once that has signed: a call that does so while both are renewed is refused.
    const refusals = seen.filter((status) => status !== 200);
    expect([[], [401]]).toContainEqual(refusals);
    expect(seen.at(-1)).toBe(200);
  },
);
