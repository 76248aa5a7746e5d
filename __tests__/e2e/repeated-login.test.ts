// A second login of the same job to the same profile renews the token and keeps the key, which programs may have loaded.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Stage } from '../../emulator/runner/job.ts';
import { errorOf, type Journey, logOf, startJourney, treeOf, warningsOf, writeHome } from './journey.ts';
import { refresherOf, until } from './refresher.ts';

const keyOf = ({ outputs }: Stage) => readFileSync(outputs['private-key-file'] ?? '', 'utf8');
const exchanges = ({ emulator }: Pick<Journey, 'emulator'>) =>
  emulator.journal.filter(({ service }) => service === 'domain').length;

/** Runs the first login, in a home with another profile. */
async function loggedIn(changes: Record<string, string> = {}, world = {}) {
  const journey = await startJourney({ world });
  writeHome(journey.job.home, { '.oci/config': '[DEFAULT]\nuser=theirs\n' });
  const before = treeOf(journey.job.home);
  const one = await journey.main({ profile: 'OURS', ...changes });
  expect(one.exitCode).toBe(0);
  return { ...journey, before, one, key: keyOf(one) };
}

describe('a repeated login to the same profile', () => {
  it('replaces only the token; the post step of the first login removes everything', async () => {
    const { job, main, post, before, one, key } = await loggedIn();
    const after = treeOf(job.home);
    const two = await main({ profile: 'OURS' });
    expect([two.exitCode, warningsOf(two)]).toEqual([0, []]);
    expect(keyOf(two)).toBe(key);
    const changed = Object.entries(treeOf(job.home)).filter(([name, content]) => after[name] !== content);
    // The ledger changes with the end of the session, which is in whole seconds.
    const names = changed.map(([name]) => name).filter((name) => !name.endsWith('ledger.json'));
    expect(names).toEqual(['.oci/sessions/OURS/token']);
    expect(two.outputs).toMatchObject({
      fingerprint: one.outputs['fingerprint'],
      principal: one.outputs['principal'],
    });
    await post(two);
    expect(treeOf(job.home)['.oci/config']).toContain('[OURS]');
    expect(job.env()).toMatchObject({ OCI_CLI_PROFILE: 'OURS' });
    await post(one);
    expect(treeOf(job.home)).toEqual(before);
    expect(job.env()).toMatchObject({ OCI_CLI_PROFILE: '' });
  });

  it.each<[string, Record<string, string>]>([
    ['to another region', { region: 'eu-zurich-1' }],
    ['without `tenancy`', { tenancy: '' }],
  ])('%s creates a new key', async (_what, changes) => {
    const { job, main, post, before, one, key } = await loggedIn();
    const two = await main({ profile: 'OURS', ...changes });
    expect(two.exitCode).toBe(0);
    expect(keyOf(two)).not.toBe(key);
    await post(two);
    await post(one);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('creates a new session when the token is for another principal', async () => {
    const { job, main, post, before, one, emulator } = await loggedIn();
    emulator.world.settings.serviceUser = {
      ...emulator.world.settings.serviceUser,
      ocid: 'ocid1.user.oc1..aaaaother',
    };
    const two = await main({ profile: 'OURS' });
    expect(two.outputs['principal']).toBe('ocid1.user.oc1..aaaaother');
    await post(two);
    expect(treeOf(job.home)['.oci/sessions/OURS/token']).toContain(one.outputs['security-token']);
    await post(one);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('creates a new key when another program changed the token file', async () => {
    const { job, main, one, key } = await loggedIn();
    writeHome(job.home, { '.oci/sessions/OURS/token': 'no token' });
    const two = await main({ profile: 'OURS' });
    expect(two.exitCode).toBe(0);
    expect(keyOf(two)).not.toBe(key);
    expect(keyOf(one)).toBe(keyOf(two)); // the same path
  });
});

describe('`minimum-lifetime-seconds`', () => {
  it('keeps a session that lasts long enough, without a request', async () => {
    const journey = await loggedIn();
    const requests = journey.emulator.journal.length;
    const tree = treeOf(journey.job.home);
    const two = await journey.main({ profile: 'OURS', 'minimum-lifetime-seconds': '3500' });
    expect(two.exitCode).toBe(0);
    expect(journey.emulator.journal).toHaveLength(requests);
    expect(two.outputs).toEqual({
      ...journey.one.outputs,
      'request-id': '',
      'expires-in': expect.stringMatching(/^3[56]\d\d$/),
    });
    expect(treeOf(journey.job.home)).toEqual(tree);
  });

  it('renews a session that ends earlier', async () => {
    const journey = await loggedIn({}, { upstLifetimeSeconds: 600 });
    journey.emulator.world.settings.upstLifetimeSeconds = 3600;
    const two = await journey.main({ profile: 'OURS', 'minimum-lifetime-seconds': '900' });
    expect(two.exitCode).toBe(0);
    expect(exchanges(journey)).toBe(2);
    expect(Number(two.outputs['expires-in'])).toBeGreaterThan(3500);
    expect(keyOf(two)).toBe(journey.key);
  });

  it('fails with SESSION_TOO_SHORT, and changes nothing, when the new session ends earlier', async () => {
    const journey = await loggedIn({}, { upstLifetimeSeconds: 600 });
    const tree = treeOf(journey.job.home);
    const two = await journey.main({ profile: 'OURS', 'minimum-lifetime-seconds': '900' });
    expect(two.outputs).toEqual({ 'failure-code': 'SESSION_TOO_SHORT' });
    expect(errorOf(two)).toMatch(/^SESSION_TOO_SHORT: The new session lasts (600|599) s; .* requires 900\. /);
    expect(treeOf(journey.job.home)).toEqual(tree);
  });
});

interface Swap {
  /** Changes of the claims of the session token. */
  claims?: object;
  /** Whether the token is bound to another key, which replaces ours. */
  withKey?: boolean;
  /** Changes the config file. */
  config?: (text: string) => string;
}

/** What a later step can do to the files of a login. */
function swap({ outputs }: Stage, { claims, withKey, config }: Swap): void {
  const { 'config-file': configFile = '', 'private-key-file': keyFile = '' } = outputs;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  if (withKey) writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const [header, payload = '', signature] = (outputs['security-token'] ?? '').split('.');
  const jwk = withKey && { jwk: JSON.stringify(publicKey.export({ format: 'jwk' })) };
  const token = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), ...claims, ...jwk };
  const forged = Buffer.from(JSON.stringify(token)).toString('base64url');
  if (claims) writeFileSync(outputs['security-token-file'] ?? '', [header, forged, signature].join('.'));
  const ledgerFile = path.join(path.dirname(configFile), '.oci-wif-action-ledger.json');
  const ledger = JSON.parse(readFileSync(ledgerFile, 'utf8'));
  const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  if (withKey) ledger.entries[0].keyDigest = createHash('sha256').update(der).digest('hex');
  if (withKey) writeFileSync(ledgerFile, JSON.stringify(ledger));
  if (config) writeFileSync(configFile, config(readFileSync(configFile, 'utf8')));
}

describe('a repeated login, after a later step has changed', () => {
  const PRINCIPAL = { sub: 'ocid1.user.oc1..aaaaevil' };
  const TENANCY = { tenant: 'ocid1.tenancy.oc1..aaaaevil' };
  const changes: [what: string, swap: Swap][] = [
    ['key and token to those of another principal', { claims: PRINCIPAL, withKey: true }],
    ['key and token to those of another tenancy', { claims: TENANCY, withKey: true }],
    ['the token to one of another principal', { claims: PRINCIPAL }],
    ['the token to one of another tenancy', { claims: TENANCY }],
    ['the end of the session', { claims: { exp: Math.floor(Date.now() / 1000) + 86_400 } }],
    ['the key in the profile', { config: (text) => text.replace(/key_file=.*/, 'key_file=/tmp/evil') }],
    ['the tenancy in the profile', { config: (text) => text.replace(/tenancy=.*/, 'tenancy=evil') }],
    ['a setting of the profile', { config: (text) => `${text}user=ocid1.user.oc1..evil\n` }],
  ];
  const LIFETIMES = [{ 'minimum-lifetime-seconds': '60' }, {}];

  describe.each(LIFETIMES)('%j', (lifetime) => {
    it.each(changes)('%s, creates a new session with a new key', async (_what, swapped) => {
      const journey = await loggedIn({ tenancy: '' });
      swap(journey.one, swapped);
      const key = keyOf(journey.one);
      const two = await journey.main({ profile: 'OURS', tenancy: '', ...lifetime });
      expect([two.exitCode, exchanges(journey)]).toEqual([0, 2]);
      expect([journey.key, key]).not.toContain(keyOf(two));
      expect(two.outputs).toMatchObject({
        principal: journey.one.outputs['principal'],
        tenancy: journey.one.outputs['tenancy'],
        'expires-in': expect.stringMatching(/^3[56]\d\d$/),
      });
      const text = readFileSync(two.outputs['config-file'] ?? '', 'utf8');
      expect(text).not.toContain('evil');
    });
  });

  it('nothing, reuses a session that a refresher has renewed', async () => {
    const journey = await loggedIn({ refresh: 'true' }, { upstLifetimeSeconds: 5 });
    journey.emulator.world.settings.upstLifetimeSeconds = 3600;
    const tokenFile = journey.one.outputs['security-token-file'] ?? '';
    await until(() => readFileSync(tokenFile, 'utf8') !== journey.one.outputs['security-token']);
    const two = await journey.main({ profile: 'OURS', 'minimum-lifetime-seconds': '60' });
    expect([two.exitCode, exchanges(journey), keyOf(two)]).toEqual([0, 2, journey.key]);
    await journey.post(two);
    await journey.post(journey.one);
  });
});

describe('a repeated login with `refresh: true`', () => {
  const REFRESHED = { profile: 'OURS', refresh: 'true' };

  it('starts no refresher when that of the first login runs', async () => {
    const { main, post, one, job, before } = await loggedIn({ refresh: 'true' });
    const two = await main(REFRESHED);
    expect(JSON.parse(two.state['session'] ?? '')).toMatchObject({ refresher: null, temporary: null });
    await post(two);
    expect(refresherOf(one).isRunning()).toBe(true);
    await post(one);
    expect(refresherOf(one).isRunning()).toBe(false);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('starts a refresher when the first login had none', async () => {
    const { main, post, one, job, before } = await loggedIn();
    const two = await main(REFRESHED);
    const refresher = refresherOf(two);
    expect(refresher.isRunning()).toBe(true);
    await post(two);
    expect(refresher.isRunning()).toBe(false);
    await post(one);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('warns and starts another refresher when that of the first login was killed', async () => {
    const { main, post, one, job, before } = await loggedIn({ refresh: 'true' });
    const first = refresherOf(one);
    process.kill(first.pid, 'SIGKILL');
    await until(() => !first.isRunning());
    const two = await main(REFRESHED);
    expect(warningsOf(two)).toEqual([
      expect.stringContaining(`The refresher (process ${first.pid}) ended unexpectedly: something killed it`),
    ]);
    const second = refresherOf(two);
    expect([second.isRunning(), second.directory]).toEqual([true, first.directory]);
    expect(logOf(await post(two))).toContain(`Process ${second.pid} renews `);
    expect(second.isRunning()).toBe(false);
    const last = await post(one);
    const warning = expect.stringMatching(
      /^The refresher .* ended before the post step, .* something killed it/,
    );
    expect([last.exitCode, warningsOf(last)]).toEqual([0, [warning]]);
    expect(logOf(last)).toContain(`Process ${first.pid} renews `);
    expect(treeOf(job.home)).toEqual(before);
    expect(treeOf(job.temp)).toEqual({});
  });

  it('starts another refresher for files that the first one does not renew', async () => {
    const { main, post, one, emulator } = await loggedIn({ refresh: 'true' });
    const two = await main({ ...REFRESHED, ...emulator.awsInputs, 'aws-credential-source': 'web-identity' });
    const log = logOf(await post(two));
    expect(log).toMatch(/ renews \S*aws-web-identity-token$/m);
    expect(refresherOf(one).isRunning()).toBe(true);
    await post(one);
  });
});
