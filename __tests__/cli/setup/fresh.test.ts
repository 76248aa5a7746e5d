// From an untouched domain to a login: plan, apply, run again, log in.
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addEnvironment } from '../../../emulator/github/repositories.ts';
import { errorOf } from '../../e2e/journey.ts';
import { itWithTerminal } from '../../unit/systems-with.ts';
import { runInTerminal } from '../command.ts';
import { DOMAIN_URL, SECRET, SUBJECT, setupOptions, startTenancy } from '../tenancy.ts';

const tenancy = await startTenancy();
const { emulator, administrator, setup, login } = tenancy;

/** The only journal of this test. */
function journalFiles(): Record<string, string> {
  const parent = path.join(administrator.home, '.oci-wif');
  const [name = '', ...others] = readdirSync(parent);
  expect(others).toEqual([]);
  const directory = path.join(parent, name);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  const files = readdirSync(directory).map((file) => path.join(directory, file));
  for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
  return Object.fromEntries(files.map((file) => [path.basename(file), readFileSync(file, 'utf8')]));
}

describe('setup of a fresh domain', () => {
  it('plans without a change', async () => {
    const before = tenancy.world();
    const run = await setup();
    expect([run.exitCode, run.stderr]).toEqual([
      2,
      'Plan: 11 to add. Nothing was changed. Apply with --apply.\n',
    ]);
    expect(run.stdout).toContain(`+ trust        github-actions          rule 1  sub eq ${SUBJECT}`);
    expect(tenancy.world()).toEqual(before);
    expect(tenancy.writes()).toEqual([]);
  });

  it('lets in the jobs of the environment and no others, and changes nothing when run again', async () => {
    const run = await setup(['--apply', '--yes']);
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringContaining(`ok       subject   rule 1 matches ${SUBJECT}`),
    ]);
    expect((await login()).exitCode).toBe(0);
    for (const claims of [
      { environment: 'test' },
      { environment: '' },
      { environment: '', event_name: 'pull_request', ref: 'refs/pull/7/merge' },
      { repository: 'acme/infra-2' },
      { repository: 'evil/infra', repository_owner: 'evil' },
    ]) {
      const refused = await login(claims);
      expect([claims, refused.exitCode, errorOf(refused)]).toEqual([
        claims,
        1,
        expect.stringMatching(/^OCI_NO_RULE_MATCHED/),
      ]);
    }
    const before = tenancy.world();
    tenancy.forgetRequests();
    const again = await setup(['--apply', '--yes']);
    expect([again.exitCode, again.stderr]).toEqual([0, 'Plan: nothing to do. Nothing was changed.\n']);
    expect(tenancy.writes()).toEqual([]);
    expect(tenancy.world()).toEqual(before);
  });

  it('creates the trust last, and GitHub is written to first', async () => {
    await setup(['--apply', '--yes']);
    const writes = tenancy.writes();
    expect(writes[0]).toBe('PUT /repos/acme/infra/environments/prod');
    expect(writes.at(-1)).toBe('POST /admin/v1/IdentityPropagationTrusts');
    const order = ['Apps', `secrets/${SECRET}`, 'Users', 'Groups', 'policies', 'IdentityPropagationTrusts'];
    const positions = order.map((name) => writes.findIndex((line) => line.endsWith(`/${name}`)));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(positions).not.toContain(-1);
  });

  it('keeps a journal of every change with its request ID', async () => {
    const run = await setup(['--apply', '--yes']);
    const { 'journal.jsonl': journal = '', ...copies } = journalFiles();
    expect(copies).toEqual({});
    const entries = journal
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const responses = entries.filter(({ status }) => status !== undefined);
    const requests = tenancy
      .requests()
      .filter(({ method, path: where }) => method !== 'GET' && !where.includes('/secrets/'));
    expect(responses.map(({ requestId }) => requestId)).toEqual(requests.map(({ requestId }) => requestId));
    expect(entries).toContainEqual(expect.objectContaining({ done: `GitHub: stored secret ${SECRET}` }));
    expect(run.stderr).toMatch(/^Journal: \S+\.oci-wif\S+$/m);
  });

  it('stores a new secret when the domain returned an empty one', async () => {
    emulator.world.settings.scim.clientSecret = 'empty';
    const run = await setup(['--apply', '--yes']);
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining('made a new secret of the app')]);
    expect((await login()).exitCode).toBe(0);
  });

  it('waits until the group is known to IAM, and the user to the domain', async () => {
    Object.assign(emulator.world.settings, { groupRefusals: 1 });
    emulator.world.settings.scim.referenceDelayMs = 1500;
    const run = await setup(['--apply', '--yes']);
    expect([run.exitCode, run.stderr]).toEqual([
      0,
      expect.stringContaining('does not know a new object yet; trying again in 1 s'),
    ]);
  });

  it('reads the result again until a search finds it', async () => {
    emulator.world.settings.scim.searchDelayMs = 3000;
    const run = await setup(['--apply', '--yes']);
    expect([run.exitCode, run.stderr]).toEqual([
      0,
      expect.stringMatching(/^not as applied yet: .*trust; reading again in 2 s$/m),
    ]);
  });

  it('is applied, but not checked, when the domain fails while it is read back', async () => {
    emulator.world.settings.scim.beforeWrite = ({ resource }) => {
      const fault = { kind: 'status', status: 403, body: '{}' } as const;
      if (resource === 'IdentityPropagationTrusts') emulator.faults.add({ service: 'github-api', fault });
    };
    const run = await setup(['--apply', '--yes']);
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringMatching(/ The plan is applied, but could not be checked\. Journal: /),
    ]);
  });

  it('stops before the first change when the journal cannot be written', async () => {
    writeFileSync(path.join(administrator.home, '.oci-wif'), 'a file');
    const run = await setup(['--apply', '--yes']);
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringMatching(/^error: FILE_NOT_WRITABLE: /m)]);
    expect(tenancy.writes()).toEqual([]);
  });

  it('admits jobs on a branch, with the secret of the repository', async () => {
    const [repo = '', name = '', ...rest] = setupOptions(tenancy.compartment);
    const args = ['setup', repo, name, '--branch', 'main', ...rest.slice(2), '--apply', '--yes'];
    const run = await tenancy.run(args);
    expect([run.exitCode, run.stdout]).toEqual([0, expect.stringContaining('every workflow on any branch')]);
    expect(tenancy.repository().environments.size).toBe(0);
    expect((await login({ environment: '' })).exitCode).toBe(0);
    expect((await login({ environment: '', ref: 'refs/heads/other' })).exitCode).toBe(1);
  });

  it('uses the immutable subject of the repository', async () => {
    emulator.world.settings.immutableSubject = true;
    expect((await setup(['--apply', '--yes'])).exitCode).toBe(0);
    expect((await login()).exitCode).toBe(0);
  });

  it('switches the repository to the immutable subject after the trust has its rule', async () => {
    expect((await setup(['--immutable-subject', '--apply', '--yes'])).exitCode).toBe(0);
    expect(tenancy.writes().at(-1)).toBe('PUT /repos/acme/infra/actions/oidc/customization/sub');
    expect((await login()).exitCode).toBe(0);
    expect((await setup(['--immutable-subject'])).exitCode).toBe(0);
  });

  it('demands the subject of a repository that customises it, and uses the one given', async () => {
    tenancy.repository().subject = {
      ...tenancy.repository().subject,
      useDefault: false,
      includeClaimKeys: ['repository_id', 'environment'],
    };
    const run = await setup(['--apply', '--yes']);
    expect([run.exitCode, run.stdout]).toEqual([
      3,
      expect.stringContaining('Give the whole `sub` of a job with `--subject`'),
    ]);
    const subject = 'repository_id:2002:environment:prod';
    expect((await setup(['--subject', subject, '--apply', '--yes'])).exitCode).toBe(0);
    expect((await login()).exitCode).toBe(0);
  });

  it('does not change an environment that exists', async () => {
    addEnvironment(tenancy.repository(), 'prod', { reviewers: [7], waitTimer: 30 });
    const run = await setup(['--apply', '--yes']);
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringContaining('! environment  prod                    any branch may deploy'),
    ]);
    expect(tenancy.repository().environments.get('prod')).toMatchObject({
      branchPolicy: null,
      reviewers: [7],
      waitTimer: 30,
    });
  });

  it('finds the domain of the tenancy without --domain-url', async () => {
    const args = setupOptions(tenancy.compartment).filter(
      (one) => one !== '--domain-url' && one !== DOMAIN_URL,
    );
    expect((await tenancy.run(['setup', ...args])).exitCode).toBe(2);
  });
});

describe('the confirmation', () => {
  it('is demanded as --yes when there is no terminal, before anything is changed', async () => {
    const run = await setup(['--apply']);
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^error: OPTION_INVALID: Nobody can confirm.* Nothing was changed\. Add `--yes`\.$/m,
      ),
    ]);
    expect(tenancy.writes()).toEqual([]);
  });

  itWithTerminal.each([
    ['yes', 0],
    ['y', 3],
  ])('typed as %s leads to exit code %i', async (input, exitCode) => {
    const args = ['setup', ...setupOptions(tenancy.compartment), '--apply'];
    const run = await runInTerminal(args, { env: administrator.env, input: `${input}\n` });
    expect([run.exitCode, run.stdout]).toEqual([
      exitCode,
      expect.stringContaining('Apply this plan? Type yes'),
    ]);
    expect(tenancy.writes().length > 0).toBe(exitCode === 0);
  });
});

describe('a plan in a file', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'plan-')), 'plan.json');

  it('is applied as it was reviewed', async () => {
    expect((await setup(['--out', file])).exitCode).toBe(2);
    expect((await setup(['--plan', file, '--apply', '--yes'])).exitCode).toBe(0);
  });

  it('is refused when something has changed since', async () => {
    await setup(['--out', file]);
    addEnvironment(tenancy.repository(), 'prod');
    const run = await setup(['--plan', file, '--apply', '--yes']);
    expect([run.exitCode, run.stderr]).toEqual([
      3,
      'The plan differs from the one in `--plan`. Nothing was changed. Write it again with `--out`, and review it.\n',
    ]);
    expect(tenancy.writes()).toEqual([]);
  });

  it('is refused when it is no plan', async () => {
    writeFileSync(file, '{}');
    const run = await setup(['--plan', file]);
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringContaining('`--plan` must be a file that `--out` has written'),
    ]);
  });

  it('is what --json prints, and with --apply the journal and the checks too', async () => {
    await setup(['--out', file]);
    const plan = JSON.parse(readFileSync(file, 'utf8'));
    expect(JSON.parse((await setup(['--json'])).stdout)).toEqual(plan);
    const applied = JSON.parse((await setup(['--json', '--apply', '--yes'])).stdout);
    expect(applied).toMatchObject({ ...plan, journal: expect.any(String) });
    expect(applied.checks.map(({ verdict }: { verdict: string }) => verdict)).not.toContain('failure');
  });
});

describe('the secret', () => {
  it('that GitHub did not store is lost; the next run makes a new one', async () => {
    const bin = path.join(administrator.home, 'bin/gh');
    const working = readFileSync(bin);
    writeFileSync(bin, '#!/bin/sh\ncat >/dev/null\necho "HTTP 403: Resource not accessible" >&2\nexit 1\n');
    const run = await setup(['--apply', '--yes']);
    writeFileSync(bin, working);
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringMatching(
        /GitHub did not store OCI_CLIENT_SECRET: .* The secret was not shown and is lost\..*--rotate-secret.* Journal: /,
      ),
    ]);
    expect((await setup(['--apply', '--yes'])).exitCode).toBe(0);
    expect((await login()).exitCode).toBe(0);
  });

  it('is made anew with --rotate-secret, and the old one dies', async () => {
    await setup(['--apply', '--yes']);
    const { secrets } = tenancy.repository().environments.get('prod') ?? { secrets: new Map() };
    const old = secrets.get(SECRET)?.value;
    const run = await setup(['--rotate-secret', '--apply', '--yes']);
    expect([run.exitCode, secrets.get(SECRET)?.value === old]).toEqual([0, false]);
    expect((await login()).exitCode).toBe(0);
  });

  it('stays valid when GitHub does not let this account write', async () => {
    await setup(['--apply', '--yes']);
    const permissions = { metadata: 'read', actions: 'read', environments: 'read' } as const;
    emulator.world.githubRest.tokens.set(administrator.githubToken, { permissions });
    const run = await setup(['--rotate-secret', '--apply', '--yes']);
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringMatching(/^error: NOT_PERMITTED: Deleting the variable/m),
    ]);
    expect((await login()).exitCode).toBe(0);
  });
});
