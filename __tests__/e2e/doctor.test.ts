// The doctor reports a verdict for each check, continues after a failure, and leaves no file.
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { clustersOf } from '../../emulator/oke/clusters.ts';
import type { Stage } from '../../emulator/runner/job.ts';
import { newOcid } from '../../emulator/server/ocid.ts';
import type { Emulator, EmulatorOptions } from '../../emulator/server/start.ts';
import { describeError, type ErrorCode, helpPath } from '../../src/errors/codes.ts';
import { itWithModes } from '../unit/systems-with.ts';
import { kubectlInputs, startWithClusters } from './clusters.ts';
import { errorOf, logOf, QUICK, startJourney, treeOf, writeHome } from './journey.ts';

type Verdict = 'ok' | 'warning' | 'failure' | 'skipped';

interface Line {
  verdict: Verdict;
  text: string;
}

/** Returns the log without colours. */
const plain = (stage: Stage) => stripVTControlCharacters(logOf(stage));

/** Returns the result of each check, which is reported once. */
function findingsOf(stage: Stage): Record<string, Line> {
  const lines = [...plain(stage).matchAll(/^(ok|warning|failure|skipped) +(\S+(?: \S+)*?) {2,}(.*)$/gm)];
  const entries = lines.map(([, verdict, check = '', text = '']) => {
    return [check, { verdict: verdict as Verdict, text }] as const;
  });
  expect(new Set(entries.map(([check]) => check)).size).toBe(entries.length);
  return Object.fromEntries(entries);
}

const withVerdict = (findings: Record<string, Line>, verdict: Verdict) =>
  Object.keys(findings).filter((check) => findings[check]?.verdict === verdict);

const CHECKS = [
  ...['inputs', 'home', 'config directory', 'profile', 'variables', 'proxy'],
  ...['domain', 'clock', 'discovery', 'signing keys'],
  ...['identity token', 'application', 'exchange', 'other audience'],
  ...['session', 'tenancy', 'key binding', 'lifetime'],
  ...['access token', 'issuer', 'audience', 'role'],
];
const AFTER_EXCHANGE = ['other audience', 'session', 'tenancy', 'key binding', 'lifetime'];
const AFTER_ACCESS_TOKEN = ['issuer', 'audience', 'role'];
const WITHOUT_AWS = { 'aws-role-arn': '', 'aws-region': '', 'aws-sts-endpoint': '' };

describe('the doctor of a healthy job', () => {
  it('reports every check in order, in the log and in the summary', async () => {
    const { emulator, doctor } = await startJourney();
    const stage = await doctor();
    const findings = findingsOf(stage);
    expect(Object.keys(findings)).toEqual(CHECKS);
    expect(withVerdict(findings, 'ok')).toEqual(CHECKS);
    expect([stage.exitCode, stage.outputs, stage.stderr]).toEqual([0, { result: 'ok' }, '']);
    for (const check of CHECKS) expect(stage.summary).toContain(`| ✅ ok | ${check} |`);
    expect(stage.summary).toContain('| sub | <code>repo:acme/infra:ref:refs/heads/main</code> |');
    expect(plain(stage)).toContain('sub: repo:acme/infra:ref:refs/heads/main');
    const refused = emulator.journal.filter(({ status }) => status !== 200);
    expect(refused).toMatchObject([{ service: 'domain', reason: 'client claim does not match' }]);
  });

  it('leaves no file, no variable and no state', async () => {
    const { job, doctor } = await startJourney();
    writeHome(job.home, { '.oci/config': '[ADMIN]\nuser=x\n', '.aws/config': '[default]\n' });
    const before = treeOf(job.home);
    const stage = await doctor({ profile: 'DEPLOY', 'aws-profile': 'deploy' });
    expect(stage.exitCode).toBe(0);
    expect(findingsOf(stage)).toHaveProperty('AWS credentials.verdict', 'ok');
    expect([treeOf(job.home), treeOf(job.temp), treeOf(job.workspace)]).toEqual([before, {}, {}]);
    expect([stage.exported, stage.state]).toEqual([{}, {}]);
  });

  it('skips AWS without a role, and the OCI session with `token-type: none`', async () => {
    const journey = await startJourney();
    const oci = findingsOf(await journey.doctor(WITHOUT_AWS));
    expect(Object.keys(oci)).toEqual(
      CHECKS.filter((check) => !['access token', ...AFTER_ACCESS_TOKEN].includes(check)),
    );
    const aws = findingsOf(await journey.doctor({ 'token-type': 'none', region: '' }));
    expect(Object.keys(aws)).toEqual(
      CHECKS.filter(
        (check) => !/^(config dir|profile|identity|appl|exch|other|session|tenancy|key b|life)/.test(check),
      ),
    );
  });
});

interface Case {
  options?: EmulatorOptions;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  /** Changes the emulator after its start. */
  prepare?: (emulator: Emulator) => void;
  /** Which check fails, with which code. */
  fails: Record<string, ErrorCode>;
  skips: string[];
}

const fault = (order: Parameters<Emulator['faults']['add']>[0]) => (emulator: Emulator) =>
  emulator.faults.add(order);

const CASES: Record<string, Case> = {
  'a wrong region': { inputs: { region: 'iad' }, fails: { inputs: 'INPUT_INVALID' }, skips: [] },
  'no region for AWS': {
    inputs: { 'aws-region': '' },
    fails: { inputs: 'INPUT_INVALID' },
    skips: ['access token', ...AFTER_ACCESS_TOKEN],
  },
  'no client secret': {
    inputs: { 'client-secret': '' },
    fails: { inputs: 'INPUT_INVALID' },
    skips: ['application', 'exchange', ...AFTER_EXCHANGE, 'access token', ...AFTER_ACCESS_TOKEN],
  },
  'a wrong domain URL': {
    inputs: { 'domain-url': 'nowhere' },
    fails: { inputs: 'INPUT_INVALID' },
    skips: CHECKS.slice(6).filter((check) => check !== 'identity token'),
  },
  'a proxy variable with a wrong address': {
    env: { HTTPS_PROXY: 'socks5://proxy:1', NO_PROXY: 'nothing.example' },
    inputs: { 'domain-url': 'https://idcs-1.identity.oraclecloud.com' },
    fails: { proxy: 'PROXY_UNREACHABLE', domain: 'PROXY_UNREACHABLE' },
    skips: [
      ...['clock', 'discovery', 'signing keys', 'application', 'exchange'],
      ...[...AFTER_EXCHANGE, 'access token', ...AFTER_ACCESS_TOKEN],
    ],
  },
  'no permission': {
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: '' },
    fails: { 'identity token': 'GITHUB_OIDC_UNAVAILABLE' },
    skips: ['application', 'exchange', ...AFTER_EXCHANGE],
  },
  'a domain that does not exist': {
    inputs: { 'domain-url': 'https://localhost:1' },
    fails: { domain: 'OCI_DOMAIN_UNREACHABLE' },
    skips: CHECKS.slice(7).filter((check) => check !== 'identity token'),
  },
  'the certificate of another host': {
    options: { certificates: { domain: 'other-host' } },
    fails: { domain: 'TLS_UNTRUSTED' },
    skips: CHECKS.slice(7).filter((check) => check !== 'identity token'),
  },
  'a clock by which OCI refuses every call': {
    options: { clock: () => Date.now() + 600_000 },
    fails: { clock: 'OCI_CLOCK_SKEWED' },
    skips: [],
  },
  'a page in place of the discovery document': {
    prepare: fault({ service: 'domain', times: 1, fault: { kind: 'html' } }),
    fails: { discovery: 'OCI_RESPONSE_MALFORMED' },
    skips: ['signing keys'],
  },
  'keys behind a login': {
    options: { world: { signingCertPublicAccess: false } },
    fails: { 'signing keys': 'AWS_SIGNING_KEYS_HIDDEN', role: 'AWS_SIGNING_KEYS_HIDDEN' },
    skips: [],
  },
  'a wrong client secret': {
    inputs: { 'client-secret': 'wrong-secret' },
    fails: { application: 'OCI_CLIENT_REJECTED', 'access token': 'OCI_CLIENT_REJECTED' },
    skips: ['exchange', ...AFTER_EXCHANGE, ...AFTER_ACCESS_TOKEN],
  },
  'no rule for this job': {
    options: { world: { rules: [{ rule: 'sub eq repo:acme/app:*', value: 'x' }] } },
    fails: { exchange: 'OCI_NO_RULE_MATCHED' },
    skips: AFTER_EXCHANGE,
  },
  'no response to the exchange': {
    prepare: fault({ service: 'domain', after: 2, times: 1, fault: { kind: 'reset-before-headers' } }),
    fails: { exchange: 'OCI_DOMAIN_UNREACHABLE' },
    skips: ['application', ...AFTER_EXCHANGE],
  },
  'a session token that is no JWT': {
    prepare: fault({ service: 'domain', fault: { kind: 'not-a-jwt' } }),
    fails: { session: 'OCI_RESPONSE_MALFORMED' },
    skips: ['tenancy', 'key binding', 'lifetime'],
  },
  'another tenancy': {
    inputs: { tenancy: 'ocid1.tenancy.oc1..aaaaother' },
    fails: { tenancy: 'UPST_TENANCY_MISMATCH' },
    skips: [],
  },
  'a session token for another key': {
    prepare: fault({ service: 'domain', fault: { kind: 'other-key' } }),
    fails: { 'key binding': 'UPST_KEY_MISMATCH' },
    skips: [],
  },
  'an expired session': {
    prepare: fault({ service: 'domain', fault: { kind: 'expired' } }),
    fails: { lifetime: 'UPST_EXPIRED' },
    skips: [],
  },
  'an unknown scope': {
    inputs: { 'aws-scope': 'other' },
    fails: { 'access token': 'OCI_SCOPE_REFUSED' },
    skips: AFTER_ACCESS_TOKEN,
  },
  'the shared issuer': {
    options: { world: { domainIssuer: 'https://identity.oraclecloud.com/' } },
    fails: { issuer: 'AWS_ISSUER_UNUSABLE' },
    skips: ['role'],
  },
  'another audience': {
    options: { world: { accessTokenAudience: 'x' } },
    fails: { audience: 'AWS_AUDIENCE_MISMATCH' },
    skips: ['role'],
  },
  'an issuer and an audience, both wrong': {
    options: { world: { domainIssuer: 'https://idcs.example:443', accessTokenAudience: 'x' } },
    fails: { issuer: 'AWS_ISSUER_UNUSABLE', audience: 'AWS_AUDIENCE_MISMATCH' },
    skips: ['role'],
  },
  'no provider in the account': {
    options: { world: { iamProviders: [] } },
    fails: { role: 'AWS_IDENTITY_TOKEN_INVALID' },
    skips: [],
  },
  'a wrong session policy': {
    inputs: { 'aws-session-policy': 'none' },
    fails: { inputs: 'INPUT_INVALID' },
    skips: ['role'],
  },
};

/** Instead of the remedy of the code: what this job should do. */
const OTHER_REMEDIES: Partial<Record<ErrorCode, string>> = {
  GITHUB_OIDC_UNAVAILABLE:
    'Remove these variables from `env:`, and from what earlier steps write to GITHUB_ENV.',
  OCI_NO_RULE_MATCHED:
    'Add the rule `sub eq repo:acme/infra:ref:refs/heads/main` to the trust, exactly as here, without " or \'.',
};

describe('the doctor', () => {
  it.each(Object.entries(CASES))('reports code and remedy, and continues: %s', async (_what, found) => {
    const { emulator, job, doctor } = await startJourney(found.options);
    found.prepare?.(emulator);
    const stage = await doctor({ ...QUICK, ...found.inputs }, { env: found.env ?? {} });
    const findings = findingsOf(stage);
    expect(Object.keys(findings)).toEqual(CHECKS);
    expect(withVerdict(findings, 'failure')).toEqual(Object.keys(found.fails));
    expect(withVerdict(findings, 'skipped')).toEqual(found.skips);
    for (const [check, code] of Object.entries(found.fails)) {
      expect(findings[check]?.text).toMatch(new RegExp(`^${code}: `));
      expect(plain(stage)).toContain(
        `→ ${OTHER_REMEDIES[code] ?? describeError(code).remedy} See ${helpPath(code)}\n`,
      );
      expect(stage.summary).toContain(` Likely causes: \`${helpPath(code)}\` |\n`);
      expect(stage.summary).toContain(`| ❌ failure | ${check} | ${code}: `);
      expect(errorOf(stage)).toContain(check);
    }
    for (const check of found.skips) expect(findings[check]?.text).toMatch(/^needs \S/);
    expect([stage.exitCode, stage.outputs]).toEqual([1, { result: 'failure' }]);
    expect([treeOf(job.home), treeOf(job.temp), stage.exported, stage.state]).toEqual([{}, {}, {}, {}]);
  });

  it.each<[string, string, EmulatorOptions, Record<string, string>, string]>([
    ['a clock that is off', 'clock', { clock: () => Date.now() + 180_000 }, {}, 's slow; OCI allows 300 s'],
    ['a short session', 'lifetime', { world: { upstLifetimeSeconds: 300 } }, {}, 'ends in 5 min'],
    ['a variable that outranks', 'variables', {}, { OCI_CLI_REGION: 'x' }, 'OCI_CLI_REGION is set'],
    ['a profile of AWS', 'variables', {}, { AWS_PROFILE: 'x' }, 'AWS_PROFILE is set'],
    [
      'a trust that checks no audience',
      'other audience',
      { world: { trusts: [{ clientClaimName: undefined }] } },
      {},
      'The trust checks no audience',
    ],
  ])('warns without failing: %s', async (_what, check, options, env, text) => {
    const { doctor } = await startJourney(options);
    const stage = await doctor({}, { env });
    expect(findingsOf(stage)[check]).toEqual({ verdict: 'warning', text: expect.stringContaining(text) });
    expect([stage.exitCode, stage.outputs]).toEqual([0, { result: 'warning' }]);
  });

  it('tries the second audience once, and skips it when the domain is not available', async () => {
    const { emulator, doctor } = await startJourney();
    emulator.faults.add({ service: 'domain', after: 3, times: 1, fault: { kind: 'status', status: 503 } });
    const findings = findingsOf(await doctor(WITHOUT_AWS));
    expect(emulator.journal.filter(({ service }) => service === 'domain')).toHaveLength(4);
    expect(withVerdict(findings, 'skipped')).toEqual(['other audience']);
    expect(withVerdict(findings, 'failure')).toEqual([]);
  });

  it('accepts hidden keys when there is no role', async () => {
    const { doctor } = await startJourney({ world: { signingCertPublicAccess: false } });
    const stage = await doctor(WITHOUT_AWS);
    expect(findingsOf(stage)['signing keys']).toEqual({
      verdict: 'ok',
      text: expect.stringContaining('not public'),
    });
    expect(stage.outputs).toEqual({ result: 'ok' });
  });

  it.each([
    [undefined, 'ok'],
    [401, 'failure'],
  ] as const)('makes the signed call of `verify`, with the response %s', async (status, verdict) => {
    const { emulator, doctor } = await startJourney();
    if (status !== undefined) emulator.faults.add({ service: 'oci', fault: { kind: 'status', status } });
    const stage = await doctor({ ...QUICK, verify: 'true', 'verify-endpoint': emulator.urls.oci });
    expect(findingsOf(stage)['verification']?.verdict).toBe(verdict);
    expect(findingsOf(stage)['role']?.verdict).toBe('ok');
  });

  it('shows claims without commands to the runner and without markup', async () => {
    const ref = 'refs/heads/a\n::error::b|<b>\n##[error]c';
    const { doctor } = await startJourney({ world: { githubClaims: { ref } } });
    const stage = await doctor();
    expect(plain(stage)).not.toMatch(/^(::|##\[)error/m);
    expect(plain(stage)).toContain('ref: refs/heads/a : :error: :b|<b> ## [error]c');
    expect(stage.summary).not.toContain('<b>');
  });

  it('names all invalid inputs together', async () => {
    const { doctor } = await startJourney();
    const { text } =
      findingsOf(await doctor({ region: 'iad', tenancy: 'x', 'retry-max-attempts': '99' }))['inputs'] ?? {};
    for (const name of ['region', 'tenancy', 'retry-max-attempts'])
      expect(text).toContain(`\`${name}\` must`);
  });
});

describe('clusters for kubectl', () => {
  /** The finding of each cluster. */
  async function checked(world: EmulatorOptions['world'], inputs: Record<string, string> = {}) {
    const { emulator, doctor } = await startWithClusters({ world: world ?? {} });
    const stage = await doctor({ ...QUICK, ...WITHOUT_AWS, ...kubectlInputs(emulator), ...inputs });
    const findings = findingsOf(stage);
    const names = clustersOf(emulator.world).map(({ id }) => `cluster c${id.slice(-10)}`);
    return { stage, found: names.map((name) => findings[name]) };
  }

  it('are shown to the session and reached', async () => {
    const { stage, found } = await checked({ clusters: [{}, {}] });
    const text = expect.stringMatching(/^OKE in us-ashburn-1 lets the session use it; server [\w.]+:\d+$/);
    expect(found).toEqual([
      { verdict: 'ok', text },
      { verdict: 'ok', text },
    ]);
    expect([stage.exitCode, stage.outputs]).toEqual([0, { result: 'ok' }]);
  });

  it('are refused one by one', async () => {
    const { stage, found } = await checked({ clusters: [{ tenancy: newOcid('tenancy') }, {}] });
    expect(found).toEqual([
      { verdict: 'failure', text: expect.stringMatching(/^OKE_NOT_AUTHORIZED: /) },
      { verdict: 'ok', text: expect.anything() },
    ]);
    expect(stage.outputs).toEqual({ result: 'failure' });
  });

  const unreachable = (yaml: string) => yaml.replace(/server: .*/, 'server: https://localhost:1');

  it('are not reached, with a warning', async () => {
    const { found } = await checked({ changeKubeconfig: unreachable });
    const text = expect.stringContaining('but from here the connection to localhost:1 failed');
    expect(found).toEqual([{ verdict: 'warning', text }]);
  });

  it('may become reachable later with `oke-server`', async () => {
    const inputs = { 'oke-server': 'https://localhost:2' };
    const { found } = await checked({ changeKubeconfig: unreachable }, inputs);
    expect(found).toMatchObject([{ verdict: 'ok' }]);
  });
});

describe('the files of a login', () => {
  it.each<[string, Record<string, string>, Record<string, string>, Verdict, string]>([
    ['of the user', { '.oci/config': '[DEFAULT]\nuser=x\n' }, {}, 'failure', 'PROFILE_EXISTS'],
    [
      'of the user, with `overwrite-profile`',
      { '.oci/config': '[DEFAULT]\nuser=x\n' },
      { 'overwrite-profile': 'true' },
      'warning',
      'the clean-up restores it',
    ],
    ['ambiguous', { '.oci/config': '[DEFAULT]\n[DEFAULT]\n' }, {}, 'failure', 'PROFILE_AMBIGUOUS'],
    ['in a binary file', { '.oci/config': '[\0D\0' }, {}, 'failure', 'CONFIG_UNREADABLE'],
    [
      'with inherited keys',
      { '.oci/config': '[DEFAULT]\npass_phrase=x\n' },
      { profile: 'A' },
      'warning',
      'pass_phrase',
    ],
  ])('are checked: a profile that is %s', async (_what, files, inputs, verdict, text) => {
    const { job, doctor } = await startJourney();
    writeHome(job.home, files);
    const before = treeOf(job.home);
    const stage = await doctor(inputs);
    expect(findingsOf(stage)['profile']).toEqual({ verdict, text: expect.stringContaining(text) });
    expect(findingsOf(stage)['role']?.verdict).toBe('ok');
    expect(treeOf(job.home)).toEqual(before);
  });

  it('can replace those of an earlier login', async () => {
    const { main, doctor } = await startJourney();
    await main({ cleanup: 'false' });
    const { profile } = findingsOf(await doctor());
    expect(profile).toEqual({ verdict: 'ok', text: expect.stringContaining('was written by another login') });
  });

  itWithModes(
    'are refused in a directory that every user can write, also behind a link, and in place of a link',
    async () => {
      const { job, doctor } = await startJourney();
      const directory = path.join(job.home, '.oci');
      mkdirSync(directory);
      chmodSync(directory, 0o777);
      symlinkSync(directory, path.join(job.home, 'linked'));
      const open = findingsOf(await doctor());
      expect(open['config directory']?.text).toMatch(/^PATH_UNSAFE: .*\(mode 777\)/);
      expect(open['profile']).toEqual({ verdict: 'skipped', text: 'needs config directory' });
      const linked = { 'config-file': path.join(job.home, 'linked/config') };
      expect(findingsOf(await doctor(linked))['config directory']).toEqual(open['config directory']);
      chmodSync(directory, 0o700);
      expect(findingsOf(await doctor(linked))['config directory']?.text).toMatch(`${directory}: `);
      writeHome(job.home, { other: '[P]\n' });
      symlinkSync('../other', path.join(directory, 'config'));
      expect(findingsOf(await doctor(linked))['config directory']?.text).toMatch(
        /^PATH_UNSAFE: .* is a link/,
      );
    },
  );
});
