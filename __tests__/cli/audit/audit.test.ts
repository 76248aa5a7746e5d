// The audit of emulated tenancies: with every fault, with none, after `setup`, and by a reader without rights.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parseOptions } from '../../../cli/arguments.ts';
import type { AuditResult } from '../../../cli/audit/finding.ts';
import { RULES } from '../../../cli/audit/rules/rules.ts';
import { CONNECTION_OPTIONS } from '../../../cli/connect/options.ts';
import { command as setupCommand } from '../../../cli/setup/command.ts';
import { issueGithubToken } from '../../../emulator/github/repositories.ts';
import { DOMAIN_URL, startTenancy } from '../tenancy.ts';
import { AWS_ACCOUNT, insertAllFaults } from './faulty.ts';
import { sarifFaults } from './sarif-schema.ts';

const tenancy = await startTenancy({}, { programs: ['gh', 'oci'] });
const { emulator, administrator, setup } = tenancy;
const { settings } = emulator.world;

/** A checkout with a workflow that uses the action. */
const checkout = mkdtempSync(path.join(tmpdir(), 'checkout-'));
afterAll(() => rmSync(checkout, { recursive: true }));
mkdirSync(path.join(checkout, '.github/workflows'), { recursive: true });
writeFileSync(path.join(checkout, '.github/workflows/a.yml'), 'name: other\n');
writeFileSync(
  path.join(checkout, '.github/workflows/deploy.yml'),
  'jobs:\n  deploy:\n    steps:\n      - uses: org/oci-wif-action@v1\n',
);

const audit = (...args: string[]) =>
  tenancy.run(['audit', '--domain-url', DOMAIN_URL, ...args], { cwd: checkout });

async function auditJson(...args: string[]): Promise<AuditResult & { exitCode: number | null }> {
  const { stdout, stderr, exitCode } = await audit('--format', 'json', ...args);
  if (stdout === '') throw new Error(stderr);
  return { ...(JSON.parse(stdout) as AuditResult), exitCode };
}

const rulesOf = ({ findings }: AuditResult) => [...new Set(findings.map(({ rule }) => rule))].toSorted();
const ALL = RULES.map(({ id }) => id).toSorted();

const [HOSTS, TOKEN] = [/^The repositories on acme.ghe.com are not read/, /^GitHub CLI is not logged in/];

describe('the audit of a tenancy with every fault', () => {
  it('finds all 43, and sends fewer than 100 requests, none of which changes anything', async () => {
    insertAllFaults(emulator);
    const before = tenancy.world();
    const result = await auditJson('--aws-account', AWS_ACCOUNT);
    expect(rulesOf(result)).toEqual(ALL);
    expect([result.exitCode, result.notEvaluated, result.notRequested]).toEqual([2, [], []]);
    const requests = tenancy.requests();
    expect(requests.length).toBeLessThan(100);
    expect(tenancy.writes()).toEqual([]);
    expect(requests.filter(({ action = 'Get' }) => !/^(Get|List)/.test(action))).toEqual([]);
    expect(tenancy.world()).toEqual(before);
  });

  it('shows what, where, why and the command of each finding, by severity', async () => {
    insertAllFaults(emulator);
    const { stdout, exitCode } = await audit('--aws-account', AWS_ACCOUNT);
    expect(exitCode).toBe(2);
    expect(stdout.match(/^(critical|high|medium|low) \(\d+\)$/gm)?.map((line) => line.split(' ')[0])).toEqual(
      ['critical', 'high', 'medium', 'low'],
    );
    expect(stdout).toContain(
      [
        'T01  A rule admits repositories of any owner',
        '  where  trust github-actions, rule 11',
        '  found  `sub eq *` does not name an owner; every job that it admits becomes user github-acme-infra-prod',
      ].join('\n'),
    );
    const fixes = [...stdout.matchAll(/^ {2}fix {4}(.*)$/gm)].map(([, fix]) => fix ?? '');
    expect(fixes.length).toBeGreaterThanOrEqual(43);
    expect(fixes.filter((fix) => !/^(oci|oci-wif|gh|aws) |^# /.test(fix))).toEqual([]);
  });

  it('is SARIF that GitHub accepts, at the step that logs in, the same in every run', async () => {
    insertAllFaults(emulator);
    const [one, two] = [
      await audit('--format', 'sarif', '--aws-account', AWS_ACCOUNT),
      await audit('--format', 'sarif', '--aws-account', AWS_ACCOUNT),
    ];
    expect([one.exitCode, one.stdout]).toEqual([2, two.stdout]);
    expect(sarifFaults(one.stdout)).toEqual([]);
    const [{ results }] = JSON.parse(one.stdout).runs;
    const locations = results.map(
      (result: { locations: { physicalLocation: unknown }[] }) => result.locations,
    );
    const region = { startLine: 4, startColumn: 1, endLine: 4, endColumn: 1 };
    const artifactLocation = { uri: '.github/workflows/deploy.yml' };
    expect(new Set(locations.map((all: unknown) => JSON.stringify(all)))).toEqual(
      new Set([JSON.stringify([{ physicalLocation: { artifactLocation, region } }])]),
    );
    const prints = results.map(
      (result: { partialFingerprints: Record<string, string> }) =>
        result.partialFingerprints['primaryLocationLineHash'],
    );
    expect(new Set(prints).size).toBe(results.length);
    expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(expect.arrayContaining(ALL));
  });
});

describe('the audit of a sound tenancy', () => {
  it('finds nothing in an untouched domain, and in SARIF without results', async () => {
    expect(await auditJson()).toMatchObject({ findings: [], notEvaluated: [], exitCode: 0 });
    const { stdout, exitCode } = await audit('--format', 'sarif');
    expect([exitCode, sarifFaults(stdout), JSON.parse(stdout).runs[0].results]).toEqual([0, [], []]);
  });

  it('finds nothing in what setup made, and says that AWS was not audited', async () => {
    settings.immutableSubject = true;
    expect((await setup(['--apply', '--yes'])).exitCode).toBe(0);
    expect(await auditJson('--fail-on', 'low')).toMatchObject({
      findings: [],
      notEvaluated: [],
      exitCode: 0,
    });
    const { stdout } = await audit();
    expect(stdout).toBe(
      [
        'AWS was not audited (S01, S03, W01, W02, W03, W04). Name the account with --aws-account.',
        '',
        'No findings. Rules: 37 of 43 passed, 6 not requested.',
        '',
      ].join('\n'),
    );
  });

  it('finds nothing in what setup made for runners that sign', async () => {
    settings.immutableSubject = true;
    const runners = ['--client-auth', 'instance-principal', '--runners', settings.instance.compartmentId];
    expect((await setup([...runners, '--apply', '--yes'])).exitCode).toBe(0);
    const result = await auditJson('--fail-on', 'low');
    expect(result).toMatchObject({ findings: [], notEvaluated: [], exitCode: 0 });
  });

  it('finds nothing in what setup made with an AWS role', async () => {
    Object.assign(settings, { immutableSubject: true, iamProviders: [], roles: [] });
    // Settings of the whole domain would have to be confirmed in a terminal.
    const shared = { issuer: DOMAIN_URL, signingCertPublicAccess: true };
    emulator.world.directory.update('Settings', 'Settings', shared);
    const run = await setup(['--aws-account', AWS_ACCOUNT, '--aws-role', 'github', '--apply', '--yes']);
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining('Journal: ')]);
    const result = await auditJson('--aws-account', AWS_ACCOUNT);
    expect(result).toMatchObject({ findings: [], notEvaluated: [], notRequested: [], exitCode: 0 });
  });

  it('finds only a rule without ids when the repository sends no ids, and the command of the fix removes the finding', async () => {
    expect((await setup(['--apply', '--yes'])).exitCode).toBe(0);
    const { findings, exitCode } = await auditJson();
    expect([rulesOf({ findings, notEvaluated: [], notRequested: [] }), exitCode]).toEqual([['H02'], 0]);
    const [, ...words] = findings[0]?.fix.split(' ') ?? [];
    expect((await tenancy.run([...words, '--yes'])).exitCode).toBe(0);
  });
});

/** What a shell does with a fix. `oci` ignores HTTPS_PROXY, so the emulated administrator names the proxy. */
async function runFix(fix: string): Promise<string> {
  const script = `oci() { command oci "$@" --proxy "$HTTPS_PROXY"; }\n${fix}`;
  const { stdout } = await promisify(execFile)('bash', ['-ec', script], { env: administrator.env });
  return stdout;
}

describe('the commands of the fixes', () => {
  it('remove only their own findings', async () => {
    insertAllFaults(emulator);
    const before = await auditJson();
    // One of each object: a command has the version of the object that was read.
    const chosen = ['T01', 'T15', 'A01', 'A03', 'U01', 'U02', 'S02'];
    for (const id of chosen) {
      const fix = before.findings.find(({ rule }) => rule === id)?.fix ?? '';
      expect(await runFix(fix)).toMatch(/"status": "20\d/);
    }
    const after = await auditJson();
    const keys = ({ findings }: AuditResult) => findings.map(({ rule, key }) => `${rule} ${key}`);
    const mended = keys(before).filter((key) => !keys(after).includes(key));
    expect(mended.map((key) => key.split(' ')[0]).toSorted()).toEqual(chosen.toSorted());
    expect(keys(after).filter((key) => !keys(before).includes(key))).toEqual([]);
  });

  it('are refused by the domain after another change', async () => {
    insertAllFaults(emulator);
    const { findings } = await auditJson();
    const trust = tenancy.trust();
    emulator.world.directory.update('IdentityPropagationTrusts', trust?.id ?? '', { description: 'changed' });
    const fix = findings.find(({ rule }) => rule === 'T01')?.fix ?? '';
    expect(await runFix(fix)).toContain('"status": "412');
  });

  it('have options that the commands accept', async () => {
    insertAllFaults(emulator);
    const { findings } = await auditJson('--profile', 'SESSION');
    const lines = findings.flatMap(({ fix }) => fix.split('\n'));
    const setups = lines.filter((line) => /^(# )?oci-wif setup /.test(line));
    expect(setups.length).toBeGreaterThan(3);
    for (const line of setups) {
      const args = line.replace(/^# /, '').replaceAll("'", '').split(' ').slice(2);
      expect(
        parseOptions({ ...setupCommand.options, ...CONNECTION_OPTIONS }, args, () => undefined),
      ).toMatchObject({
        apply: true,
        profile: 'SESSION',
        'domain-url': DOMAIN_URL,
      });
    }
    for (const line of lines.filter((one) => one.startsWith('oci ')))
      expect(line).toMatch(/--profile SESSION --auth security_token( &&)?$/);
  });
});

describe('the audit by a reader who may not read everything', () => {
  const reasons = ({ notEvaluated }: AuditResult) => [...new Set(notEvaluated.map(({ reason }) => reason))];

  it('exits with 3 and evaluates nothing for an account without rights', async () => {
    const { directory } = emulator.world;
    const [group] = directory.all('Groups').filter(({ displayName }) => displayName === 'Administrators');
    directory.update('Groups', group?.id ?? '', { members: [] });
    settings.iamAccess = { [settings.administrator]: 'none' };
    const result = await auditJson();
    expect([result.exitCode, result.findings]).toEqual([3, []]);
    const missing = ALL.filter((id) => !result.notEvaluated.some(({ rule }) => rule === id));
    expect(missing).toEqual(result.notRequested);
  });

  it('reads the rest when GitHub has no token', async () => {
    insertAllFaults(emulator);
    const { stdout } = await tenancy.run(['audit', '--domain-url', DOMAIN_URL, '--format', 'json'], {
      env: { GH_TOKEN: '' },
    });
    const result = JSON.parse(stdout) as AuditResult;
    const open = new Set(result.notEvaluated.map(({ rule }) => rule));
    expect([...open]).toEqual(['H01', 'H02', 'H03', 'H04', 'H05', 'H06', 'H07']);
    for (const reason of reasons(result)) expect(reason).toMatch(TOKEN);
  });

  it('reads the domain with a bearer token, which does not reach policies', async () => {
    insertAllFaults(emulator);
    const env = { OCI_WIF_TOKEN: emulator.world.administrator.bearer };
    const { stdout } = await tenancy.run(['audit', '--domain-url', DOMAIN_URL, '--format', 'json'], { env });
    const result = JSON.parse(stdout) as AuditResult;
    expect([...new Set(result.notEvaluated.map(({ rule }) => rule))]).toEqual([
      'P01',
      'P02',
      'P03',
      'P04',
      'P05',
      'P06',
    ]);
  });

  it('keeps an alert in code scanning for each rule that was not evaluated', async () => {
    const { stdout } = await tenancy.run(['audit', '--domain-url', DOMAIN_URL, '--format', 'sarif'], {
      env: { OCI_WIF_TOKEN: emulator.world.administrator.bearer },
      cwd: checkout,
    });
    const [{ results }] = JSON.parse(stdout).runs;
    expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(Array(6).fill('not-evaluated'));
    expect(sarifFaults(stdout)).toEqual([]);
  });

  it('does not treat rules that the domain does not return as absent', async () => {
    settings.immutableSubject = true;
    await setup(['--apply', '--yes']);
    settings.scim.absentAttributes = ['impersonationServiceUsers'];
    const result = await auditJson();
    expect([result.findings, result.exitCode]).toEqual([[], 3]);
    expect(reasons(result)).toEqual([
      'The domain did not return the rules of the trust github-actions, although it was asked for them.',
    ]);
  });

  it('reads environments, but no secrets, with the token of a job', async () => {
    settings.immutableSubject = true;
    await setup(['--apply', '--yes']);
    const GH_TOKEN = issueGithubToken(emulator.world, { permissions: { metadata: 'read', actions: 'read' } });
    const { stdout, exitCode } = await tenancy.run(
      ['audit', '--domain-url', DOMAIN_URL, '--format', 'json'],
      { env: { GH_TOKEN } },
    );
    const result = JSON.parse(stdout) as AuditResult;
    expect([exitCode, result.notEvaluated.map(({ rule }) => rule)]).toEqual([3, ['H06', 'H07']]);
    expect(reasons(result)).toEqual([expect.stringMatching(/^acme\/infra: .* environments=read/)]);
  });

  it('does not report a repository as gone when the token may not see it', async () => {
    const user = 'f'.repeat(32);
    tenancy.insertTrust({
      impersonationServiceUsers: [
        { rule: 'sub eq repo:acme@1001/hidden@7:environment:prod', value: user },
        { rule: 'sub eq repo:nobody@9/x@8:environment:prod', value: user },
      ],
    });
    const result = await auditJson();
    expect(reasons(result)).toEqual([expect.stringMatching(/^acme\/hidden: .*404/)]);
    const gone = result.findings.filter(({ rule }) => rule === 'H03');
    expect(gone.map(({ evidence }) => evidence)).toEqual([expect.stringContaining('repo:nobody@9')]);
  });

  it('names the account of the AWS credentials when it is another one, and a role that is missing', async () => {
    expect(reasons(await auditJson('--aws-account', '999999999999'))).toEqual([
      `The AWS credentials are for account ${AWS_ACCOUNT}, not 999999999999. Set AWS_PROFILE to a profile of that account.`,
    ]);
    const [reason, ...others] = reasons(await auditJson('--aws-role', 'missing'));
    expect([reason, others]).toEqual(['The AWS account has no role missing. Check `--aws-role`.', []]);
  });

  it('fails when the domain does not respond', async () => {
    const url = 'https://idcs-ffffffffffffffffffffffffffffffff.identity.oraclecloud.com';
    const { exitCode, stdout, stderr } = await tenancy.run(['audit', '--domain-url', url]);
    expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringContaining('SERVICE_UNREACHABLE')]);
  });

  it('says so of repositories on another host', async () => {
    tenancy.insertTrust({ issuer: 'https://token.actions.acme.ghe.com' });
    const result = await auditJson();
    expect(reasons(result)).toEqual([expect.stringMatching(HOSTS)]);
  });
});

describe('options of the audit', () => {
  it.each([
    [['--format', 'sarif', '--workflow', '../x.yml'], /must be a path below the repository/],
    [['--format', 'sarif', '--workflow', 'none.yml'], /none\.yml, which cannot be read/],
    [['--workflow', 'a.yml'], /needs `--format sarif`/],
    [['--environment', 'prod'], /needs `--repo`/],
    [['--aws-account', '1'], /12 digits/],
  ])('%j: exits with 1 before any request', async (args, message) => {
    const { exitCode, stderr, stdout } = await audit(...args);
    expect([exitCode, stderr, stdout]).toEqual([1, expect.stringMatching(message), '']);
    expect(tenancy.requests()).toEqual([]);
  });

  it('needs a workflow for SARIF', async () => {
    const { exitCode, stderr } = await tenancy.run(['audit', '--format', 'sarif'], { cwd: tmpdir() });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('SARIF attaches results to a workflow, and'),
    ]);
  });

  it('looks only at the given repository', async () => {
    insertAllFaults(emulator);
    await auditJson('--repo', 'acme/shop', '--environment', 'prod');
    const paths = tenancy
      .requests()
      .filter(({ service }) => service === 'github-api')
      .map((one) => one.path);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((one) => !one.startsWith('/repos/acme/shop'))).toEqual([]);
  });
});
