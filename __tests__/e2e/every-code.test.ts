// A scenario for every error code, through the bundle. A code without a scenario does not compile.
import { mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startConnectProxy } from '../../emulator/proxy.ts';
import type { Stage } from '../../emulator/runner/job.ts';
import type { EmulatorOptions, Fault, FaultOrder } from '../../emulator/server/start.ts';
import { CODES, describeError, type ErrorCode } from '../../src/errors/codes.ts';
import { itWithProcfs } from '../unit/systems-with.ts';
import { kubectlInputs, OKE_HOST, proxyTo } from './clusters.ts';
import { asShown, errorOf, expectFailure, type Journey, startJourney, writeHome } from './journey.ts';
import { signedInputs, startInPod, startOnInstance } from './oci-machines.ts';
import { withoutRefresher } from './refresher.ts';

interface Scenario {
  world?: EmulatorOptions['world'];
  hosts?: EmulatorOptions['hosts'];
  clock?: () => number;
  fault?: FaultOrder;
  /** Change valid inputs; with `aws`, those of an AWS login without an OCI session. */
  inputs?: Record<string, string>;
  aws?: true;
  /** Verifies the session with OCI. */
  verify?: true;
  /** Exports for kubectl, with a cluster. */
  kubectl?: true;
  /** Runs on a machine that signs the exchange. */
  machine?: 'instance' | 'pod';
  /** Uses the emulated container registry. */
  registry?: true;
  env?: Record<string, string>;
  /** Runs before main; may add to the environment. */
  prepare?: (journey: Journey) => Promise<Record<string, string> | undefined> | undefined;
}

const at = (service: FaultOrder['service'], fault: Fault): Scenario => ({ fault: { service, fault } });
const byDomain = (fault: Fault) => at('domain', fault);
const bySts = (fault: Fault): Scenario => ({ ...at('sts', fault), aws: true });
const byStorage = (status: number, code: string): Scenario => ({
  ...at('oci', { kind: 'status', status, body: JSON.stringify({ code, message: 'Why not.' }) }),
  verify: true,
});
const byOke = (fault: Fault): Scenario => ({ ...at('oke', fault), kubectl: true });
const answering = (status: number): Fault => ({ kind: 'status', status });
const byRegistry = (fault: Fault): Scenario => ({
  ...at('ocir', fault),
  inputs: { 'export-for': 'ocir', 'ocir-login': 'true' },
  registry: true,
});
const withConfig = (text: string): Scenario => ({
  prepare: ({ job }) => {
    writeHome(job.home, { '.oci/config': text });
    return undefined;
  },
});

/** Names that only a proxy can reach, because a proxy is never used for loopback addresses. */
const ELSEWHERE = {
  github: 'run-actions-1-azure-eastus.actions.githubusercontent.com',
  domain: 'idcs-0123456789abcdef.identity.oraclecloud.com',
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function behindStrictProxy({ emulator }: Journey): Promise<Record<string, string>> {
  const proxy = await startConnectProxy({ routes: emulator.routes, fault: 'forbidden' });
  closing.push(() => proxy.close());
  return { HTTPS_PROXY: proxy.url };
}

/** This test process holds the lock; the clock of main runs fast. */
async function heldByAnother({ job }: Journey): Promise<Record<string, string>> {
  const namespace = process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid').replace(/\D/g, '') : '0';
  const file = path.join(job.home, `.oci/.oci-wif-action.lock-${process.pid}-${namespace}-00`);
  mkdirSync(path.dirname(file), { mode: 0o700 });
  writeFileSync(file, '');
  return {
    NODE_OPTIONS: `--import=${new URL('other-host.ts', import.meta.url)}`,
    HOST_CLOCK_RATE: '20',
    HOST_LOCK: file,
  };
}

const SCENARIOS = {
  INPUT_INVALID: { inputs: { 'output-credentials': 'yes' } },
  GITHUB_OIDC_UNAVAILABLE: {
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' },
  },
  GITHUB_OIDC_REFUSED: at('github', answering(403)),
  GITHUB_OIDC_EXPIRED: { world: { requestTokenLifetimeSeconds: -60 } },
  GITHUB_UNREACHABLE: at('github', answering(503)),
  GITHUB_RESPONSE_MALFORMED: at('github', { kind: 'html' }),
  OCI_DOMAIN_UNREACHABLE: { inputs: { 'domain-url': 'https://localhost:1' } },
  OCI_CLIENT_REJECTED: { inputs: { 'client-secret': 'wrong' } },
  OCI_SIGNER_REJECTED: {
    machine: 'instance',
    world: { exchangeDenial: { status: 403, form: 'scim' }, exchangePolicies: [] },
  },
  INSTANCE_METADATA_UNREACHABLE: { machine: 'instance', world: { metadataService: 'azure' } },
  INSTANCE_PRINCIPAL_UNAVAILABLE: { ...at('auth', answering(503)), machine: 'instance' },
  OKE_WORKLOAD_IDENTITY_UNAVAILABLE: { machine: 'pod', world: { enhancedClusters: false } },
  OCI_NO_RULE_MATCHED: { world: { immutableSubject: true } },
  OCI_NOT_A_SERVICE_USER: {
    prepare: ({ emulator }) => {
      const { settings } = emulator.world;
      settings.serviceUser = { ...settings.serviceUser, serviceUser: false };
      return undefined;
    },
  },
  OCI_EXCHANGE_REJECTED: { world: { trusts: [{ active: false }] } },
  OCI_RATE_LIMITED: byDomain(answering(429)),
  OCI_RESPONSE_MALFORMED: byDomain({ kind: 'html' }),
  TLS_UNTRUSTED: { env: { NODE_EXTRA_CA_CERTS: '' } },
  PROXY_UNREACHABLE: { hosts: ELSEWHERE, env: { HTTPS_PROXY: 'http://localhost:1' } },
  PROXY_REFUSED: { hosts: ELSEWHERE, prepare: behindStrictProxy },
  UPST_EXPIRED: byDomain({ kind: 'expired' }),
  UPST_KEY_MISMATCH: byDomain({ kind: 'other-key' }),
  UPST_TENANCY_MISMATCH: { inputs: { tenancy: 'ocid1.tenancy.oc1..aaaaother' } },
  OCI_SESSION_REFUSED: byStorage(401, 'NotAuthenticated'),
  OCI_CLOCK_SKEWED: { verify: true, clock: () => Date.now() + 600_000 },
  OCI_NOT_AUTHORIZED: byStorage(404, 'NotAuthorizedOrNotFound'),
  OCI_SERVICE_UNREACHABLE: { verify: true, inputs: { 'verify-endpoint': 'https://localhost:1' } },
  OCI_SERVICE_RESPONSE_MALFORMED: byStorage(404, 'NotFound'),
  OCIR_TOKEN_REFUSED: byRegistry(answering(401)),
  OCIR_UNREACHABLE: byRegistry(answering(503)),
  OCIR_RESPONSE_MALFORMED: byRegistry({ kind: 'html' }),
  OCI_REALM_UNKNOWN: { inputs: { verify: 'true', tenancy: 'ocid1.tenancy.oc99..aaaaother' } },
  OKE_NOT_AUTHORIZED: { kubectl: true, world: { okeAccess: 'none' } },
  OKE_REFUSED: { kubectl: true, inputs: { 'oke-endpoint': 'vcn-hostname' } },
  OKE_UNREACHABLE: byOke(answering(503)),
  OKE_RESPONSE_MALFORMED: byOke({ kind: 'html' }),
  EXPORT_CONFLICT: {
    inputs: { 'export-for': 'resource-principal' },
    prepare: async ({ main }) => {
      await main({ 'export-for': 'resource-principal', profile: 'FIRST' });
      return undefined;
    },
  },
  PROFILE_EXISTS: withConfig('[DEFAULT]\nuser=theirs\n'),
  PROFILE_IN_USE: {
    prepare: async ({ main }) => {
      expect((await main()).exitCode).toBe(0);
      return {}; // the next job, while the runner of the first still runs
    },
  },
  PROFILE_AMBIGUOUS: withConfig('[DEFAULT]\n[ DEFAULT ]\n'),
  CONFIG_UNREADABLE: withConfig('\xff\xfe[\0D\0]\0\n\0'),
  PATH_UNSAFE: {
    prepare: ({ job }) => {
      writeHome(job.home, { '.oci': 'a file where a directory should be' });
      return undefined;
    },
  },
  FILES_NOT_WRITABLE: { inputs: { 'config-file': `~/${'long'.repeat(100)}/config` } },
  CONFIG_LOCKED: { inputs: { 'timeout-seconds': '3600' }, prepare: heldByAnother },
  DEADLINE_EXCEEDED: {
    ...byDomain({ kind: 'stall-before-headers' }),
    inputs: { 'retry-max-attempts': '20', 'request-timeout-seconds': '1', 'timeout-seconds': '3' },
  },
  OCI_SCOPE_REFUSED: { aws: true, inputs: { 'aws-scope': 'other' } },
  OCI_ACCESS_TOKEN_REFUSED: {
    aws: true,
    world: { awsClientId: 'aws-app', awsClientSecret: 'idcscs-second' },
  },
  AWS_ISSUER_UNUSABLE: { aws: true, world: { domainIssuer: 'https://identity.oraclecloud.com/' } },
  AWS_AUDIENCE_MISMATCH: { aws: true, world: { accessTokenAudience: 'sts.amazonaws.com' } },
  AWS_SIGNING_KEYS_HIDDEN: { aws: true, world: { signingCertPublicAccess: false } },
  AWS_TOKEN_EXPIRED: { aws: true, world: { accessTokenLifetimeSeconds: -10 } },
  AWS_ACCESS_DENIED: { aws: true, inputs: { 'aws-role-arn': 'arn:aws:iam::123456789012:role/none' } },
  AWS_IDENTITY_TOKEN_INVALID: { aws: true, world: { iamProviders: [] } },
  AWS_POLICY_MALFORMED: { aws: true, inputs: { 'aws-session-policy': '{"Version":"2012-10-17"}' } },
  AWS_POLICY_TOO_LARGE: {
    aws: true,
    world: { packedPolicyTooLarge: true },
    inputs: {
      'aws-session-policy':
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    },
  },
  AWS_REQUEST_INVALID: { aws: true, inputs: { 'aws-role-duration-seconds': '7200' } },
  AWS_IDP_UNREACHABLE: bySts({ kind: 'sts-error', status: 400, code: 'IDPCommunicationError' }),
  AWS_UNREACHABLE: bySts(answering(503)),
  AWS_RESPONSE_MALFORMED: bySts({ kind: 'html' }),
  SESSION_TOO_SHORT: { inputs: { 'minimum-lifetime-seconds': '7200' } },
  REFRESHER_NOT_STARTED: { inputs: { refresh: 'true' }, prepare: async ({ job }) => withoutRefresher(job) },
  UNEXPECTED: {
    prepare: async ({ job }) => ({ GITHUB_ENV: path.join(job.temp, 'missing') }),
  },
} satisfies Record<ErrorCode, Scenario>;

const PUBLISHED = {
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_ACTION_REPOSITORY: 'org/oci-wif-action',
  GITHUB_ACTION_REF: 'v1',
};

async function provoke(code: ErrorCode, published: Record<string, string> = PUBLISHED) {
  const { world, hosts, clock, ...rest }: Scenario = SCENARIOS[code];
  const { fault, inputs, aws, verify, kubectl, machine, registry, env, prepare } = rest;
  const given = { ...published, ...env };
  const start = machine === undefined ? startJourney : machine === 'pod' ? startInPod : startOnInstance;
  const first = await start({
    ...(world && { world }),
    ...(kubectl && { hosts: { oke: OKE_HOST } }),
    ...(hosts && { hosts }),
    ...(clock && { clock }),
    job: { env: given },
  });
  if (fault) first.emulator.faults.add(fault);
  const added = kubectl ? await proxyTo(first.emulator) : await prepare?.(first);
  const journey = added
    ? { ...first, ...first.nextJob({ home: first.job.home, env: { ...given, ...added } }) }
    : first;
  const alone = aws && { ...first.emulator.awsInputs, 'token-type': 'none', region: '' };
  const asking = verify && { verify: 'true', 'verify-endpoint': first.emulator.urls.oci };
  const forKubectl = kubectl && kubectlInputs(first.emulator);
  const pushing = registry && { 'ocir-registries': new URL(first.emulator.urls.ocir).host };
  const signing = machine && signedInputs(machine === 'pod' ? 'oke-workload-identity' : 'instance-principal');
  return expectFailure(journey, code, {
    ...alone,
    ...signing,
    ...asking,
    ...forKubectl,
    ...pushing,
    ...inputs,
  });
}

const headingOf = (code: ErrorCode) => `docs/troubleshooting.md#${code.toLowerCase()}`;

/** Whatever the runner does not name, the log and the summary have the path alone. */
const linked = (stage: Stage, { inLog, inSummary }: { inLog: string; inSummary: string }) => {
  expect(errorOf(stage).replaceAll('%25', '%').endsWith(`. See ${inLog}`)).toBe(true);
  expect(stage.summary).toContain(`\nLikely causes: ${inSummary}\n`);
};

/** Instead of the remedy of the code: what this job should do. */
const OTHER_REMEDIES: Partial<Record<ErrorCode, string>> = {
  OCI_NO_RULE_MATCHED:
    'Add the rule `sub eq repo:acme@1001/infra@2002:ref:refs/heads/main` to the trust, exactly as here, without " or \'.',
};

/** Paths and hosts of the tests are longer than those of runners. */
const withoutPlaces = (text: string) =>
  text.replaceAll(/(?<![\w/:])(\/[\w.@+-]{2,}){3,}/g, '/home/runner/.oci/config');

describe('a login', () => {
  const expectReported = async (code: ErrorCode) => {
    const { message, stage } = await provoke(code);
    const { remedy } = describeError(code);
    const page = headingOf(code);
    const url = `https://github.example/org/oci-wif-action/blob/v1/${page}`;
    expect(message).toContain(` ${OTHER_REMEDIES[code] ?? remedy} `);
    const [, what = ''] = new RegExp(`^\\*\\*${code}\\*\\*: (.*)$`, 'm').exec(asShown(stage.summary)) ?? [];
    const [, todo = ''] = /^\*\*What to do\*\*: (.*)$/m.exec(asShown(stage.summary)) ?? [];
    // First what happened and what to do, in less than 200 characters; then what the service said.
    expect(message.replaceAll('%25', '%').startsWith(`${code}: ${what} ${todo} `)).toBe(true);
    const short = withoutPlaces(`${code}: ${what} ${todo}`);
    expect([short, short.length < 200]).toEqual([short, true]);
    linked(stage, { inLog: url, inSummary: `[${page}](${url})` });
  };
  const title = 'that fails with %s reports the remedy and links to the heading';
  const codes = Object.keys(CODES) as ErrorCode[];
  it.each(codes.filter((code) => code !== 'PROFILE_IN_USE'))(title, expectReported);
  // Without /proc, nothing tells whether the runner of another job still runs.
  itWithProcfs.each<ErrorCode>(['PROFILE_IN_USE'])(title, expectReported);
});

describe('the link', () => {
  const page = headingOf('INPUT_INVALID');

  it.each([
    ['no repository', { GITHUB_ACTION_REPOSITORY: '' }],
    ['no reference', { GITHUB_ACTION_REF: '' }],
    ['no server', { GITHUB_SERVER_URL: '' }],
  ])('is the path alone when the runner names %s', async (_what, missing) => {
    const { stage } = await provoke('INPUT_INVALID', { ...PUBLISHED, ...missing });
    linked(stage, { inLog: page, inSummary: `\`${page}\`` });
  });

  it('is whole when the reference contains characters that end a link', async () => {
    const { stage } = await provoke('INPUT_INVALID', { ...PUBLISHED, GITHUB_ACTION_REF: 'a/b#c)(<d' });
    const url = `https://github.example/org/oci-wif-action/blob/a/b%23c%29%28%3Cd/${page}`;
    linked(stage, { inLog: url, inSummary: `[${page}](${url})` });
  });
});
