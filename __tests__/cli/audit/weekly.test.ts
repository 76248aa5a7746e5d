// examples/audit.yml: a job logs in with the action, and audits with its own session.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { startJob } from '../../../emulator/runner/job.ts';
import { runCommand } from '../command.ts';
import { DOMAIN_URL, SECRET, startTenancy } from '../tenancy.ts';
import { sarifFaults } from './sarif-schema.ts';

const tenancy = await startTenancy();
const { emulator, administrator } = tenancy;
const { settings } = emulator.world;

const WORKFLOW = '.github/workflows/audit.yml';

/** Sets the environment up, logs in as a job of it, and runs the command of the example. */
async function weeklyAudit() {
  Object.assign(settings, { immutableSubject: true, githubClaims: { environment: 'audit' } });
  const options = ['--repo', 'acme/infra', '--environment', 'audit', '--domain-url', DOMAIN_URL];
  const permissions = [
    '--compartment',
    settings.tenancy,
    '--allow',
    'inspect policies',
    '--allow',
    'read domains',
  ];
  expect((await tenancy.run(['setup', ...options, ...permissions, '--apply', '--yes'])).exitCode).toBe(0);
  const { variables, secrets } = tenancy.repository().environments.get('audit') ?? tenancy.repository();
  const proxy = { HTTPS_PROXY: administrator.env['HTTPS_PROXY'] ?? '' };
  const job = startJob({ env: { ...emulator.env, ...proxy, GH_TOKEN: administrator.githubToken } });
  try {
    const login = await job.main({
      'domain-url': variables.get('OCI_DOMAIN_URL') ?? '',
      'client-id': variables.get('OCI_CLIENT_ID') ?? '',
      'client-secret': secrets.get(SECRET)?.value ?? '',
      region: variables.get('OCI_REGION') ?? '',
      audience: variables.get('OCI_AUDIENCE') ?? '',
    });
    expect(login.exitCode).toBe(0);
    mkdirSync(path.join(job.workspace, '.github/workflows'), { recursive: true });
    writeFileSync(path.join(job.workspace, WORKFLOW), '- uses: org/oci-wif-action@v1\n');
    const args = ['audit', '--domain-url', DOMAIN_URL, '--repo', 'acme/infra', '--format', 'sarif'];
    return await runCommand(args, { env: job.env(), cwd: job.workspace });
  } finally {
    job.end();
    settings.githubClaims = {};
  }
}

/** Whether the service users may read the domain, and IAM. */
function allowReading(ocid: string): void {
  settings.scim.readers = [ocid];
  settings.iamAccess = { [ocid]: 'reader', [settings.administrator]: 'administrator' };
}

it('reports what the session may read, in SARIF that GitHub accepts', async () => {
  const insert = emulator.world.directory.insert.bind(emulator.world.directory);
  emulator.world.directory.insert = (resource, attributes) => {
    const object = insert(resource, attributes);
    if (resource === 'Users') allowReading(String(object['ocid']));
    return object;
  };
  const { exitCode, stdout, stderr } = await weeklyAudit();
  expect([exitCode, stderr, sarifFaults(stdout)]).toEqual([
    0,
    expect.stringContaining('Reading acme/infra'),
    [],
  ]);
  expect(JSON.parse(stdout).runs[0].results).toEqual([]);
});

it('has an alert for each rule when the domain lets the session read nothing', async () => {
  const { exitCode, stdout } = await weeklyAudit();
  const [{ results }] = JSON.parse(stdout).runs;
  expect([exitCode, sarifFaults(stdout)]).toEqual([3, []]);
  expect(new Set(results.map(({ ruleId }: { ruleId: string }) => ruleId))).toEqual(
    new Set(['not-evaluated']),
  );
  expect(results.length).toBeGreaterThan(20);
});
