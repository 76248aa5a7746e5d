// `oci-wif doctor` as a process, in the job of each CI system and without a job.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AZURE_DEVOPS } from '../../../emulator/issuers/azure-devops.ts';
import {
  CI_SYSTEMS,
  type CiSystem,
  type Machine,
  type MachineOptions,
  startMachine,
} from '../../../emulator/machines/machine.ts';
import { startConnectProxy } from '../../../emulator/proxy.ts';
import { PUBLIC_HOSTS } from '../../../emulator/runner/administrator.ts';
import { untilEnd } from '../../../emulator/runner/ended.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../emulator/server/start.ts';
import { treeOf } from '../../e2e/journey.ts';
import { encodingsOf } from '../../e2e/secret-encodings.ts';
import { describeWithShell } from '../../unit/systems-with.ts';
import { runCommand } from '../command.ts';

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

type Verdict = 'ok' | 'warning' | 'failure' | 'skipped';

interface Examined {
  exitCode: number | null;
  stdout: string;
  checks: Record<string, { verdict: Verdict; text: string }>;
}

async function start(options?: EmulatorOptions): Promise<Emulator> {
  const emulator = await startEmulator(options);
  open.push(() => emulator.close());
  return emulator;
}

/** A job whose doctor writes no file and shows no secret. */
async function startIn(emulator: Emulator, system: CiSystem, options?: MachineOptions) {
  const machine = await startMachine(emulator, system, options);
  open.push(() => machine.end());
  const doctor = (args: readonly string[] = [], env: Record<string, string> = {}) =>
    examine(emulator, machine, [...machine.sourceArguments, ...args], { ...machine.env(), ...env });
  return { machine, doctor };
}

async function examine(
  emulator: Emulator,
  { home, temp, workspace }: Pick<Machine, 'home' | 'temp' | 'workspace'>,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Examined> {
  const tree = () => [home, temp, workspace].map(treeOf);
  const before = tree();
  const options = ['--retry-max-attempts', '1', ...args];
  // With debug logging, everything that can be printed is searched.
  const run = { env: { ...env, OCI_WIF_DEBUG: '1' }, cwd: workspace };
  const { exitCode, stdout, stderr } = await runCommand(['doctor', ...options], run);
  expect(tree()).toEqual(before);
  const shown = stdout + stderr;
  const leaked = emulator.secrets().filter((one) => encodingsOf(one).some((text) => shown.includes(text)));
  expect(leaked).toEqual([]);
  const lines = [...stdout.matchAll(/^(ok|warning|failure|skipped) +(\S+(?: \S+)*?) {2,}(.*)$/gm)];
  const checks = lines.map(([, verdict, name = '', text = '']) => [
    name,
    { verdict: verdict as Verdict, text },
  ]);
  return { exitCode, stdout, checks: Object.fromEntries(checks) };
}

const withVerdict = ({ checks }: Examined, verdict: Verdict) =>
  Object.keys(checks).filter((name) => checks[name]?.verdict === verdict);

const SUPPLIES: Readonly<Record<CiSystem, string>> = {
  gitlab: 'GitLab: one token for the whole job, until ',
  forgejo: 'Forgejo: new tokens on demand',
  bitbucket: 'Bitbucket: one token for the whole job, until ',
  'azure-devops': 'Azure DevOps: new tokens on demand',
  circleci: 'CircleCI: new tokens on demand',
  buildkite: 'Buildkite: new tokens on demand',
  'hcp-terraform': 'HCP Terraform: one token for the whole job, until ',
  kubernetes: 'a file that another program rewrites',
  jenkins: 'a file that another program rewrites',
};

/** A part of their subjects differs from run to run. */
const VARY: readonly CiSystem[] = ['bitbucket', 'buildkite', 'circleci'];

describe.each(CI_SYSTEMS)('the doctor in a job of %s', (system) => {
  it('names the source, the claims and the rule for every run, and finds no fault', async () => {
    const emulator = await start();
    const { machine, doctor } = await startIn(emulator, system);
    const examined = await doctor([], { AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: AZURE_DEVOPS.connectionId });
    const { checks, stdout } = examined;
    expect(withVerdict(examined, 'failure')).toEqual([]);
    expect(examined.exitCode).toBe(0);
    expect(checks['source']?.text).toContain(SUPPLIES[system]);
    const isFree = ['forgejo', 'buildkite', 'circleci'].includes(system);
    expect(checks['other audience']).toEqual(
      isFree
        ? { verdict: 'ok', text: 'refused by the trust' }
        : { verdict: 'skipped', text: 'needs a token for another audience, which the job cannot get' },
    );
    expect(withVerdict(examined, 'warning')).toEqual(['issuer keys']);
    const { url, keysUrl } = machine.issuer;
    const claims = Object.fromEntries(
      [...stdout.matchAll(/^ {27}(\w+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    expect(claims).toMatchObject({ iss: url, aud: expect.any(String), exp: expect.stringMatching(/Z$/) });
    expect(checks['issuer document']).toEqual({
      verdict: 'ok',
      text: `${url}/.well-known/openid-configuration`,
    });
    expect(checks['issuer keys']?.text).toMatch(
      /, 1 key\. From here, localhost has the private address (127\.0\.0\.1|::1)\. /,
    );
    const trust = stdout.slice(stdout.indexOf('\nTrust that this job needs\n'));
    expect(trust).toContain(`\nissuer    ${url}\nkeys      ${keysUrl}\naudience  `);
    const [, rule = '', star] = /\nrule {6}sub eq (.*?)(\*?)\n/.exec(trust) ?? [];
    expect(star).toBe(VARY.includes(system) ? '*' : '');
    expect(claims['sub']?.slice(0, star ? rule.length : undefined)).toBe(rule);
    expect(trust).not.toContain('trust.json');
  });
});

describe('the doctor of a job that the domain does not trust', () => {
  it('prints commands, and a trust with which the next login works', async () => {
    const emulator = await start();
    const { settings } = emulator.world;
    const { doctor } = await startIn(emulator, 'bitbucket', { trusted: false });
    const { exitCode, stdout, checks } = await doctor();
    expect([exitCode, checks['exchange']?.verdict]).toEqual([2, 'failure']);
    expect(stdout).toContain('The UUID of the step differs from run to run, so the rule ends with `:*`.');
    expect(stdout).toMatch(/\nRULE='sub eq \{[\w-]+\}:\*'\n/);
    const [, json = ''] = /<<'JSON'\n([\s\S]*)\nJSON\n/.exec(stdout) ?? [];
    const { impersonationServiceUsers, ...trust } = JSON.parse(json);
    expect(trust).toMatchObject({ name: 'bitbucket', oauthClients: [settings.clientId] });
    const users = [{ ...impersonationServiceUsers[0], value: settings.serviceUser.id }];
    settings.trusts = [{ ...trust, impersonationServiceUsers: users }];
    const { exitCode: after } = await doctor();
    expect(after).toBe(0);
  });

  it('shows where a given rule differs', async () => {
    const { doctor } = await startIn(await start(), 'gitlab', { trusted: false });
    const { stdout } = await doctor(['--trust-rule', 'sub eq project_path:acme/other:*']);
    expect(stdout).toContain('\n- --trust-rule differs at character 19: ');
    expect(stdout).toContain('\nWhere rule 1 and token differ:\n  rule   project_path:acme/other:\n');
  });

  it('prints no trust for a wrong client secret', async () => {
    const { doctor } = await startIn(await start(), 'gitlab');
    const { exitCode, stdout, checks } = await doctor([], { OCI_CLIENT_SECRET: 'wrong-secret' });
    expect([exitCode, checks['application']?.verdict]).toEqual([2, 'failure']);
    expect(stdout).toContain('again from the application');
    expect(stdout).not.toContain('trust.json');
  });
});

describeWithShell('a subject with unsafe text', () => {
  const untrusted = { trusted: false } satisfies MachineOptions;
  it('is printed without control characters and log commands', async () => {
    const ref = 'x\u001b[2J\u202e\n##[error]y\n::error::z';
    const claims = { sub: `project_path:acme/infra:ref_type:branch:ref:${ref}`, ref };
    const { doctor } = await startIn(await start(), 'gitlab', { ...untrusted, claims });
    const { stdout } = await doctor();
    expect(stdout).toContain('[error]y');
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\u202e]|##\[|^\s*::/mu);
  });

  it('is quoted as one argument in the commands to paste', async () => {
    const sub = "project_path:acme/infra:ref_type:branch:ref:x'; touch pwned; $(touch pwned) `touch pwned` y";
    const { machine, doctor } = await startIn(await start(), 'gitlab', { ...untrusted, claims: { sub } });
    const { stdout } = await doctor();
    const [, commands = ''] = /^(TRUST_ID=[\s\S]*?--operations .*)$/m.exec(stdout) ?? [];
    const tenancy = `oci() { echo '{"data":{"impersonation-service-users":[]}}'; echo "$@" >>calls; }`;
    const child = spawn('sh', ['-euc', `${tenancy}\n${commands}`], {
      cwd: machine.workspace,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect((await untilEnd(child)).exitCode).toBe(0);
    expect(Object.keys(treeOf(machine.workspace))).toEqual(['calls']);
    expect(treeOf(machine.workspace)['calls']).toContain(JSON.stringify(`sub eq ${sub}`));
  });

  it('with a star gets no rule', async () => {
    const sub = 'project_path:acme/infra:ref_type:branch:ref:x*';
    const { doctor } = await startIn(await start(), 'gitlab', { ...untrusted, claims: { sub } });
    const { stdout } = await doctor();
    expect(stdout).toContain('\n- No rule can accept exactly this subject: ');
    expect(stdout).not.toMatch(/^rule |trust\.json|RULE=/m);
  });
});

describe('the issuer', () => {
  it('that cannot be read publicly needs a certificate in the trust', async () => {
    const { machine, doctor } = await startIn(await start(), 'kubernetes', { trusted: false });
    Object.assign(machine.issuer, { isPublic: false });
    const { exitCode, stdout, checks } = await doctor();
    expect(exitCode).toBe(2);
    expect(checks['issuer document']).toEqual({
      verdict: 'warning',
      text: expect.stringMatching(
        / sends status \d+ to a request without credentials\. .* `publicCertificate` /,
      ),
    });
    expect(checks['issuer keys']).toEqual({ verdict: 'skipped', text: 'needs issuer document' });
    expect(stdout).toMatch(/\nkeys {6}not public: /);
    expect(stdout).toContain('"publicCertificate": "<');
    expect(stdout).not.toContain('"publicKeyEndpoint"');
  });

  it('with a public name causes no warning', async () => {
    const emulator = await start({ hosts: PUBLIC_HOSTS });
    const proxy = await startConnectProxy({ routes: emulator.routes });
    open.push(() => proxy.close());
    const { inputs, env } = emulator;
    const root = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'doctor-')));
    open.push(() => rmSync(root, { recursive: true }));
    const place = { home: root, temp: root, workspace: root };
    const examined = await examine(emulator, place, [], {
      ...{
        HOME: root,
        USERPROFILE: root,
        TMPDIR: root,
        TEMP: root,
        HTTPS_PROXY: proxy.url,
        GITHUB_ACTIONS: 'true',
        ...env,
      },
      OCI_DOMAIN_URL: inputs['domain-url'],
      OCI_CLIENT_ID: inputs['client-id'],
      OCI_CLIENT_SECRET: inputs['client-secret'],
      OCI_REGION: inputs.region,
    });
    expect(withVerdict(examined, 'warning')).toEqual([]);
    expect(withVerdict(examined, 'failure')).toEqual([]);
    expect(examined.checks['issuer keys']?.text).toBe(
      'https://token.actions.githubusercontent.com/.well-known/jwks, 1 key',
    );
  });
});

describe('a job that gets no ID token', () => {
  it.each<[string, CiSystem, MachineOptions, RegExp]>([
    ['lacks the setting', 'gitlab', { token: 'absent' }, /ID_TOKEN_MISSING: .*OCI_ID_TOKEN/],
    ['has an expired token', 'gitlab', { token: 'expired' }, /ID_TOKEN_EXPIRED: /],
    ['has an agent that fails', 'buildkite', { agent: 'fails' }, /ID_TOKEN_[A-Z]+: .*connection refused/],
  ])('because it %s is told once, and all other checks run', async (_what, system, options, says) => {
    const { doctor } = await startIn(await start(), system, options);
    const examined = await doctor();
    expect(examined.exitCode).toBe(2);
    expect(examined.stdout).toMatch(says);
    expect(withVerdict(examined, 'failure')).toHaveLength(1);
    expect(examined.checks['signing keys']?.verdict).toBe('ok');
    expect(examined.checks['exchange']).toEqual({ verdict: 'skipped', text: 'needs ID token' });
    expect(examined.stdout).not.toContain('Trust that this job needs');
  });

  it('because the variables of two systems are set names both systems', async () => {
    const { doctor } = await startIn(await start(), 'gitlab', { env: { BITBUCKET_BUILD_NUMBER: '1' } });
    const { exitCode, checks } = await doctor();
    expect(exitCode).toBe(2);
    expect(checks['source']?.text).toMatch(/^ID_TOKEN_AMBIGUOUS: .*GitLab.*Bitbucket/);
  });
});

describe('a profile of the user', () => {
  it('causes a warning, because login would replace it', async () => {
    const { machine, doctor } = await startIn(await start(), 'gitlab');
    mkdirSync(path.join(machine.home, '.oci'), { mode: 0o700 });
    writeFileSync(path.join(machine.home, '.oci/config'), '[DEFAULT]\nuser=x\n', { mode: 0o600 });
    const { exitCode, checks } = await doctor();
    expect(exitCode).toBe(0);
    expect(checks['profile']).toEqual({
      verdict: 'warning',
      text: expect.stringContaining('For `login`, choose another --profile'),
    });
  });
});

describe('outside a job', () => {
  it('names what is missing, and checks the domain', async () => {
    const emulator = await start();
    const root = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'doctor-')));
    open.push(() => rmSync(root, { recursive: true }));
    const place = { home: root, temp: root, workspace: root };
    const env = {
      HOME: root,
      USERPROFILE: root,
      TMPDIR: root,
      TEMP: root,
      NODE_EXTRA_CA_CERTS: emulator.caFile,
    };
    const examined = await examine(emulator, place, ['--domain-url', emulator.inputs['domain-url']], env);
    expect(examined.exitCode).toBe(2);
    expect(withVerdict(examined, 'failure')).toEqual(['source', 'inputs']);
    expect(examined.checks['inputs']?.text).toMatch(
      /^OPTION_INVALID: --client-id \(or OCI_CLIENT_ID\) is required; OCI_CLIENT_SECRET \(or --client-secret-file\) is required.*; --region \(or OCI_REGION\) is required\./,
    );
    expect(examined.checks['signing keys']?.verdict).toBe('ok');
    expect(examined.checks['exchange']?.verdict).toBe('skipped');
  });
});

describe('the role of AWS', () => {
  const argsOf = ({ awsInputs }: Emulator) =>
    Object.entries(awsInputs).flatMap(([name, value]) => [`--${name}`, value]);

  it('is assumed, and its credentials are not shown', async () => {
    const emulator = await start();
    const { doctor } = await startIn(emulator, 'circleci');
    const { exitCode, checks } = await doctor(argsOf(emulator));
    expect([exitCode, checks['role']?.verdict]).toEqual([0, 'ok']);
  });

  it('needs no ID token with --token-type none', async () => {
    const emulator = await start();
    const { doctor } = await startIn(emulator, 'gitlab', { token: 'absent' });
    const { exitCode, checks } = await doctor(['--token-type', 'none', ...argsOf(emulator)]);
    expect([exitCode, checks['role']?.verdict, checks['source']]).toEqual([0, 'ok', undefined]);
  });
});

describe('--json', () => {
  it('has the same results and the trust in all its forms', async () => {
    const { doctor } = await startIn(await start(), 'gitlab', { trusted: false });
    const text = await doctor();
    const { exitCode, stdout } = await doctor(['--json']);
    const { result, source, checks, trust } = JSON.parse(stdout);
    expect([exitCode, result]).toEqual([2, 'failure']);
    expect(source).toEqual({ issuer: 'GitLab', supply: 'once', endsAt: expect.stringMatching(/Z$/) });
    expect(checks.map(({ check }: { check: string }) => check)).toEqual(Object.keys(text.checks));
    const exchange = checks.find(({ check }: { check: string }) => check === 'exchange');
    expect(exchange).toMatchObject({
      verdict: 'failure',
      code: 'OCI_EXCHANGE_REJECTED',
      details: expect.any(Array),
    });
    expect(trust.rule).toBe('sub eq project_path:acme/infra:ref_type:branch:ref:main');
    expect(trust.snippets.map(({ language }: { language: string }) => language)).toEqual([
      ...['text', 'sh', 'json', 'sh', 'hcl'],
    ]);
  });
});
