// The OCI CLI, installed and called as the README says.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { startJourney, writeHome } from '../e2e/journey.ts';
import { until } from '../e2e/refresher.ts';
import { VERSIONS } from './clients.ts';
import { failureOf, loggedIn, statuses, stdoutOf } from './login.ts';
import { cliIn, NAMESPACE, row } from './oci-cli.ts';

row(
  {
    access: 'session profile',
    remark: 'namespace, bucket, 5 MB uploaded and downloaded, list, delete; no flags',
  },
  async () => {
    const journey = await loggedIn();
    const oci = cliIn(journey);
    const { workspace } = journey.job;
    expect(stdoutOf(await oci('--version'))).toBe(`${VERSIONS['OCI CLI']}\n`);
    // On stderr it warns of files that others can read.
    expect(await oci('os ns get')).toEqual({ exitCode: 0, endedBy: null, stdout: NAMESPACE, stderr: '' });
    stdoutOf(
      await oci(`os bucket create --name made-here --compartment-id ${journey.emulator.inputs.tenancy}`),
    );
    writeFileSync(path.join(workspace, 'five'), randomBytes(5_000_000));
    stdoutOf(await oci('os object put -bn made-here --file five --name a/five'));
    stdoutOf(await oci('os object get -bn made-here --name a/five --file back'));
    const [sent, back] = ['five', 'back'].map((name) => readFileSync(path.join(workspace, name)));
    expect(back?.equals(sent ?? Buffer.alloc(0))).toBe(true);
    expect(stdoutOf(await oci('os object list -bn made-here'))).toContain('"name": "a/five"');
    stdoutOf(await oci('os object delete -bn made-here --name a/five --force'));
    stdoutOf(await oci('os bucket delete -bn made-here --force'));
    expect(journey.emulator.world.buckets.size).toBe(0);
  },
);

row(
  { access: 'session profile', remark: '`session validate` prints when it ends, with and without `--local`' },
  async () => {
    const oci = cliIn(await loggedIn());
    for (const args of ['session validate --local', 'session validate']) {
      const ended = await oci(args);
      stdoutOf(ended);
      expect(ended.stderr).toMatch(/^Session is valid until \d{4}-\d\d-\d\d /);
    }
  },
);

/** A config file with somebody else's API key. In Python every section inherits from `[DEFAULT]`. */
const OTHERS = `# written by hand
[DEFAULT]
user=ocid1.user.oc1..aaaaother
fingerprint=aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99
key_file=~/.oci/other.pem
pass_phrase=other
tenancy=ocid1.tenancy.oc1..aaaaother
region=eu-frankfurt-1
[ADMIN]
region=us-phoenix-1
`;

row(
  {
    access: 'profile `CI`',
    remark: 'next to other profiles and a `[DEFAULT]` with an API key and its passphrase',
  },
  async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { '.oci/config': OTHERS });
    expect((await journey.main({ profile: 'CI' })).exitCode).toBe(0);
    expect(stdoutOf(await cliIn(journey)('os ns get'))).toBe(NAMESPACE);
  },
);

row({ access: 'another `config-file`', remark: 'found by `OCI_CLI_CONFIG_FILE`' }, async () => {
  const journey = await loggedIn({ 'config-file': '~/elsewhere/config' });
  expect(stdoutOf(await cliIn(journey)('os ns get'))).toBe(NAMESPACE);
});

row(
  { access: '`export-for: none`', remark: 'needs `--auth security_token`; without it, asks for a user' },
  async () => {
    const oci = cliIn(await loggedIn({ 'export-for': 'none' }));
    expect(failureOf(await oci('os ns get'))).toMatch(/user +\| missing/);
    expect(stdoutOf(await oci('os ns get --auth security_token'))).toBe(NAMESPACE);
  },
);

row(
  { access: 'repeated login', remark: 'uses the renewed token; the first one has expired and gets 401' },
  async () => {
    // Two minutes pass for the emulator, more than the first session lasts, but not for the CLI.
    let passed = 0;
    const journey = await startJourney({
      clock: () => Date.now() + passed,
      world: { upstLifetimeSeconds: 90 },
    });
    const oci = cliIn(journey);
    expect((await journey.main({ refresh: 'false' })).exitCode).toBe(0);
    passed = 120_000;
    journey.emulator.world.settings.upstLifetimeSeconds = 3600;
    expect(failureOf(await oci('os ns get'))).toContain('NotAuthenticated');
    expect((await journey.main({ refresh: 'false' })).exitCode).toBe(0);
    expect(stdoutOf(await oci('os ns get'))).toBe(NAMESPACE);
    expect(statuses(journey)).toEqual([401, 200]);
  },
);

row({ access: '`refresh: true`', remark: 'works after the first token has expired' }, async () => {
  const journey = await startJourney({ world: { upstLifetimeSeconds: 5 } });
  const main = await journey.main({ refresh: 'true' });
  // Only the first token is short, so that the time the CLI takes does not matter.
  journey.emulator.world.settings.upstLifetimeSeconds = 3600;
  await until(() => Date.now() > Date.parse(main.outputs['expires-at'] ?? ''));
  expect(stdoutOf(await cliIn(journey)('os ns get'))).toBe(NAMESPACE);
  expect((await journey.post(main)).exitCode).toBe(0);
});
