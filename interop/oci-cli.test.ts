// Oracle's command line, as the README tells users to install and to call it.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { type Journey, startJourney, warningsOf, writeHome } from '../__tests__/journeys/journey.ts';
import { installed } from './install.ts';
import { good, loggedIn, refused, statuses } from './login.ts';
import { rowsOf } from './matrix.ts';
import { type Ended, stepsOf } from './step.ts';

const row = rowsOf('OCI CLI');
const NAMESPACE = '{\n  "data": "acmenamespace"\n}\n';

/** Calls `oci` with nothing but the endpoint and whom to trust. */
function cliIn({ emulator, job }: Pick<Journey, 'emulator' | 'job'>): (args: string) => Promise<Ended> {
  const step = stepsOf(job, { OCI_CLI_ENDPOINT: emulator.urls.oci, OCI_CLI_CERT_BUNDLE: emulator.caFile });
  return (args) => step(installed('oci', 'bin/oci'), args.split(' '));
}

/** A home with the API key of somebody else, whose `[DEFAULT]` Python lets every section inherit. */
const OTHERS = {
  '.oci/config': `# kept by hand
[DEFAULT]
user=ocid1.user.oc1..aaaaother
fingerprint=aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99
key_file=~/.oci/other.pem
pass_phrase=other
tenancy=ocid1.tenancy.oc1..aaaaother
region=eu-frankfurt-1
[ADMIN]
region=us-phoenix-1
`,
  '.oci/other.pem': 'not read\n',
};

row(
  { door: 'session profile', remark: 'namespace, bucket, 5 MB put and got back, list, delete; no flags' },
  async () => {
    const journey = await loggedIn();
    const oci = cliIn(journey);
    const { workspace } = journey.job;
    expect(good(await oci('os ns get'))).toBe(NAMESPACE);
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

row(
  {
    door: 'profile `CI`',
    remark: "beside others' profiles and a `[DEFAULT]` with an API key and its passphrase",
  },
  async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, OTHERS);
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

const OTHER_KEY = {
  OCI_CLI_USER: 'ocid1.user.oc1..aaaaother',
  OCI_CLI_TENANCY: 'ocid1.tenancy.oc1..aaaaother',
  OCI_CLI_FINGERPRINT: 'aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99',
  OCI_CLI_PASSPHRASE: 'other',
};

row(
  {
    door: 'leftover variables',
    remark: '`OCI_CLI_USER`, `_TENANCY`, `_FINGERPRINT`, `_PASSPHRASE` do no harm; the login warns',
  },
  async () => {
    const journey = await startJourney({ job: { env: OTHER_KEY } });
    const warnings = warningsOf(await journey.main()).join();
    for (const name of Object.keys(OTHER_KEY)) expect(warnings).toContain(name);
    expect(good(await cliIn(journey)('os ns get'))).toBe(NAMESPACE);
  },
);

for (const name of ['OCI_CLI_KEY_FILE', 'OCI_CLI_SECURITY_TOKEN_FILE']) {
  const remark = `\`${name}\` is taken instead of the profile's; the login warns`;
  row({ door: 'leftover variables', result: 'does not', remark }, async () => {
    const journey = await startJourney({ job: { env: { [name]: '/nowhere' } } });
    expect(warningsOf(await journey.main()).join()).toContain(name);
    expect(refused(await cliIn(journey)('os ns get'))).toContain('/nowhere');
    expect(statuses(journey)).toEqual([]);
  });
}

row({ door: 'a second login', remark: 'the next call has the new key and the new token' }, async () => {
  const journey = await loggedIn();
  const oci = cliIn(journey);
  good(await oci('os ns get'));
  const { outputs } = await journey.main();
  expect(good(await oci('os ns get'))).toBe(NAMESPACE);
  expect(readFileSync(outputs['security-token-file'] ?? '', 'utf8')).toBe(outputs['security-token']);
});

row(
  {
    door: 'an expired session',
    result: 'does not',
    remark: 'ends with an error at once; its question gets no answer',
  },
  async () => {
    const journey = await loggedIn({}, { world: { upstLifetimeSeconds: 3 } });
    await setTimeout(3500);
    expect(refused(await cliIn(journey)('os ns get'))).toMatch(
      /has expired[\s\S]*re-authenticate[\s\S]*Abort/,
    );
    expect(refused(await cliIn(journey)('session validate --local'))).toContain('Session has expired');
    expect(statuses(journey)).toEqual([]);
  },
);

row({ door: 'after the post step', result: 'does not', remark: 'the profile is gone' }, async () => {
  const journey = await startJourney();
  const stage = await journey.main();
  expect((await journey.post(stage)).exitCode).toBe(0);
  refused(await cliIn(journey)('os ns get'));
  expect(statuses(journey)).toEqual([]);
});
