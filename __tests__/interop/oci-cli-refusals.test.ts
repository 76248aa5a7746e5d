// Cases in which the OCI CLI cannot use the session, and its error messages.
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { startJourney, warningsOf, writeHome } from '../e2e/journey.ts';
import { failureOf, loggedIn, statuses, stdoutOf } from './login.ts';
import { cliIn, NAMESPACE, row } from './oci-cli.ts';

/** Variables of an API key of somebody else. */
const HARMLESS = {
  OCI_CLI_USER: 'ocid1.user.oc1..aaaaother',
  OCI_CLI_TENANCY: 'ocid1.tenancy.oc1..aaaaother',
  OCI_CLI_FINGERPRINT: 'aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99',
  OCI_CLI_PASSPHRASE: 'other',
};
const COMPLETE = { ...HARMLESS, OCI_CLI_REGION: 'eu-frankfurt-1', OCI_CLI_KEY_CONTENT: 'other' };

/** A login in a job with these variables. It must warn of each by name. */
async function warned(env: Record<string, string>) {
  const journey = await startJourney({ job: { env } });
  const warnings = warningsOf(await journey.main()).join();
  for (const name of Object.keys(env)) expect(warnings).toContain(name);
  return journey;
}

row(
  {
    access: 'leftover variables',
    remark: '`OCI_CLI_USER`, `_TENANCY`, `_FINGERPRINT`, `_PASSPHRASE` have no effect; the login warns',
  },
  async () => {
    expect(stdoutOf(await cliIn(await warned(HARMLESS))('os ns get'))).toBe(NAMESPACE);
  },
);

for (const name of ['OCI_CLI_KEY_FILE', 'OCI_CLI_SECURITY_TOKEN_FILE']) {
  const remark = `\`${name}\` is used instead of the profile's; the login warns`;
  row({ access: 'leftover variables', result: 'does not', remark }, async () => {
    const journey = await warned({ [name]: '/nowhere' });
    expect(failureOf(await cliIn(journey)('os ns get'))).toContain('/nowhere');
    expect(statuses(journey)).toEqual([]);
  });
}

row(
  {
    access: 'leftover variables',
    result: 'does not',
    remark: 'user, tenancy, fingerprint, region and key together: the config is not read; the login warns',
  },
  async () => {
    const journey = await warned(COMPLETE);
    expect(failureOf(await cliIn(journey)('os ns get'))).toMatch(/'security_token_file' must be specified/);
    expect(statuses(journey)).toEqual([]);
  },
);

row(
  {
    access: 'profile `CI`',
    result: 'does not',
    remark: 'inherits `key_content` from `[DEFAULT]`, which its SDK forbids; the login warns',
  },
  async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { '.oci/config': '[DEFAULT]\nkey_content=other\n' });
    expect(warningsOf(await journey.main({ profile: 'CI' })).join()).toContain('key_content');
    expect(failureOf(await cliIn(journey)('os ns get'))).toContain("'key_content' cannot be specified");
    expect(statuses(journey)).toEqual([]);
  },
);

row(
  {
    access: 'an expired session',
    result: 'does not',
    remark: 'ends with an error at once: nobody answers its question',
  },
  async () => {
    const journey = await loggedIn({ refresh: 'false' }, { world: { upstLifetimeSeconds: 3 } });
    // The CLI compares whole seconds: a token is valid for it up to a second after it has expired.
    await setTimeout(4500);
    expect(failureOf(await cliIn(journey)('os ns get'))).toMatch(
      /has expired[\s\S]*re-authenticate[\s\S]*Abort/,
    );
    expect(failureOf(await cliIn(journey)('session validate --local'))).toContain('Session has expired');
    expect(statuses(journey)).toEqual([]);
  },
);

row({ access: 'after the post step', result: 'does not', remark: 'the profile is removed' }, async () => {
  const journey = await startJourney();
  const stage = await journey.main();
  expect((await journey.post(stage)).exitCode).toBe(0);
  expect(failureOf(await cliIn(journey)('os ns get'))).toMatch(/config file|security_token/i);
  expect(statuses(journey)).toEqual([]);
});
