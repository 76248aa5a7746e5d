// The OCI CLI, as the README tells users to install and to call it.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { startJourney, writeHome } from '../e2e/journey.ts';
import { until } from '../e2e/refresher.ts';
import { VERSIONS } from './clients.ts';
import { good, loggedIn, refused, statuses } from './login.ts';
import { cliIn, NAMESPACE, row } from './oci-cli.ts';

row(
  { door: 'session profile', remark: 'namespace, bucket, 5 MB put and got back, list, delete; no flags' },
  async () => {
    const journey = await loggedIn();
    const oci = cliIn(journey);
    const { workspace } = journey.job;
    expect(good(await oci('--version'))).toBe(`${VERSIONS['OCI CLI']}\n`);
    // On stderr it would complain of files that others can read.
    expect(await oci('os ns get')).toEqual({ exitCode: 0, stdout: NAMESPACE, stderr: '' });
    good(await oci(`os bucket create --name made-here --compartment-id ${journey.emulator.inputs.tenancy}`));
    writeFileSync(path.join(workspace, 'five'), randomBytes(5_000_000));
    good(await oci('os object put -bn made-here --file five --name a/five'));
    good(await oci('os object get -bn made-here --name a/five --file back'));
    const [sent, back] = ['five', 'back'].map((name) => readFileSync(path.join(workspace, name)));
    expect(back?.equals(sent ?? Buffer.alloc(0))).toBe(true);
    expect(good(await oci('os object list -bn made-here'))).toContain('"name": "a/five"');
    good(await oci('os object delete -bn made-here --name a/five --force'));
    good(await oci('os bucket delete -bn made-here --force'));
    expect(journey.emulator.world.buckets.size).toBe(0);
  },
);

row(
  { door: 'session profile', remark: '`session validate` knows when it ends, `--local` or not' },
  async () => {
    const oci = cliIn(await loggedIn());
    for (const args of ['session validate --local', 'session validate']) {
      const ended = await oci(args);
      good(ended);
      expect(ended.stderr).toMatch(/^Session is valid until \d{4}-\d\d-\d\d /);
    }
  },
);

/** A home with the API key of somebody else, whose `[DEFAULT]` Python lets every section inherit. */
const OTHERS = `# kept by hand
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
    door: 'profile `CI`',
    remark: "beside others' profiles and a `[DEFAULT]` with an API key and its passphrase",
  },
  async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { '.oci/config': OTHERS });
    expect((await journey.main({ profile: 'CI' })).exitCode).toBe(0);
    expect(good(await cliIn(journey)('os ns get'))).toBe(NAMESPACE);
  },
);

row({ door: '`config-file` elsewhere', remark: 'found by `OCI_CLI_CONFIG_FILE`' }, async () => {
  const journey = await loggedIn({ 'config-file': '~/elsewhere/config' });
  expect(good(await cliIn(journey)('os ns get'))).toBe(NAMESPACE);
});

row(
  { door: '`export-for: none`', remark: 'needs `--auth security_token`; else asks for a user' },
  async () => {
    const oci = cliIn(await loggedIn({ 'export-for': 'none' }));
    expect(refused(await oci('os ns get'))).toMatch(/user +\| missing/);
    expect(good(await oci('os ns get --auth security_token'))).toBe(NAMESPACE);
  },
);

row({ door: 'a second use', remark: 'takes the renewed token; the first one gets 401 by then' }, async () => {
  // For the clouds two minutes pass, more than the first session lasts; by the CLI's own clock it goes on.
  let passed = 0;
  const journey = await startJourney({
    clock: () => Date.now() + passed,
    world: { upstLifetimeSeconds: 90 },
  });
  const oci = cliIn(journey);
  expect((await journey.main()).exitCode).toBe(0);
  passed = 120_000;
  journey.emulator.world.settings.upstLifetimeSeconds = 3600;
  expect(refused(await oci('os ns get'))).toContain('NotAuthenticated');
  expect((await journey.main()).exitCode).toBe(0);
  expect(good(await oci('os ns get'))).toBe(NAMESPACE);
  expect(statuses(journey)).toEqual([401, 200]);
});

row({ door: '`refresh: true`', remark: 'goes on when the first token has ended' }, async () => {
  const journey = await startJourney({ world: { upstLifetimeSeconds: 5 } });
  const main = await journey.main({ refresh: 'true' });
  // Only the first token is short: nothing hangs on how soon the CLI is done.
  journey.emulator.world.settings.upstLifetimeSeconds = 3600;
  await until(() => Date.now() > Date.parse(main.outputs['expires-at'] ?? ''));
  expect(good(await cliIn(journey)('os ns get'))).toBe(NAMESPACE);
  expect((await journey.post(main)).exitCode).toBe(0);
});
