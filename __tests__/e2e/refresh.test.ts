// A job that outlives its session: what the process in the background renews, how it ends, and what is said of it.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { itWithProcfs, itWithSignals } from '../unit/systems-with.ts';
import { logOf, startJourney, treeOf, warningsOf } from './journey.ts';
import { endsWithin, refresherOf, until } from './refresher.ts';

/** Seconds instead of an hour: everything is counted in fractions of a lifetime. */
const SHORT = { upstLifetimeSeconds: 5, githubJwtLifetimeSeconds: 60 };
/** Where something has to be in time, a busy machine included. */
const LONGER = { ...SHORT, upstLifetimeSeconds: 15 };
const KEPT = { refresh: 'true', profile: 'LONG' };

async function loggedIn(changes: Record<string, string> = {}, world = SHORT) {
  const journey = await startJourney({ world });
  const before = treeOf(journey.job.home);
  const main = await journey.main({ ...KEPT, ...changes });
  expect(main.exitCode).toBe(0);
  const session = path.dirname(main.outputs['security-token-file'] ?? '');
  const token = () => readFileSync(path.join(session, 'token'), 'utf8');
  return { ...journey, before, stage: main, token, session, refresher: refresherOf(main) };
}

describe('a session that is kept fresh', () => {
  it('has a new token, and the same key, before the old one ends', async () => {
    const { token, session, stage, post, job, before, refresher, emulator } = await loggedIn({}, LONGER);
    expect(stage.summary).toContain(', and renewed until the job ends |');
    expect(stage.summary).not.toContain('aws-web-identity-token');
    const key = readFileSync(path.join(session, 'oci_api_key.pem'), 'utf8');
    const first = token();
    await until(() => token() !== first);
    const second = token();
    expect(Date.now()).toBeLessThan(Date.parse(stage.outputs['expires-at'] ?? ''));
    await until(() => token() !== second);
    expect(readFileSync(path.join(session, 'oci_api_key.pem'), 'utf8')).toBe(key);
    const keys = emulator.journal.flatMap(({ service, status }) => (service === 'domain' ? [status] : []));
    expect(keys.every((status) => status === 200)).toBe(true);

    const after = await post(stage);
    expect([after.exitCode, after.stderr, warningsOf(after)]).toEqual([0, '', []]);
    expect(refresher.isRunning()).toBe(false);
    expect(treeOf(job.home)).toEqual(before);
    expect(readdirSync(job.temp)).toEqual([]);
    const log = logOf(after);
    expect(log.match(/was renewed until .*, request id [0-9A-F/]{98}/g)?.length).toBeGreaterThanOrEqual(2);
    expect(log.indexOf('::group::')).toBeLessThan(log.indexOf('was renewed'));
    expect(log.indexOf('was renewed')).toBeLessThan(log.indexOf('::endgroup::'));
  });

  itWithProcfs('has no secret where another process could see it', async () => {
    const { refresher, emulator, stage, post } = await loggedIn();
    const seen = ['cmdline', 'environ'].map((name) =>
      readFileSync(`/proc/${refresher.pid}/${name}`, 'latin1'),
    );
    const secrets = [
      ...emulator.secrets(),
      ...Object.values(emulator.env).filter((value) => value.length > 60),
    ];
    expect(secrets.filter((secret) => seen.some((text) => text.includes(secret)))).toEqual([]);
    // Nor any code that a later step could change.
    expect(readdirSync(refresher.directory)).toEqual([expect.stringMatching(/^refresher-[0-9a-f]+\.log$/)]);
    expect(seen[1]).toContain('RUNNER_TRACKING_ID=');
    expect(seen[1]).not.toMatch(/INPUT_|ACTIONS_/);
    expect((await post(stage)).exitCode).toBe(0);
  });

  it('keeps the old token while renewals fail, and is well again after', async () => {
    const { token, stage, post, emulator, refresher } = await loggedIn({ 'retry-max-attempts': '1' }, LONGER);
    const first = token();
    const times = 2;
    emulator.faults.add({ service: 'domain', fault: { kind: 'status', status: 503 }, times });
    await until(() => emulator.journal.filter(({ status }) => status === 503).length === times);
    expect(token()).toBe(first);
    await until(() => token() !== first);
    const after = await post(stage);
    expect(warningsOf(after)).toEqual([]);
    expect(logOf(after).match(/could not be renewed \(it is good until/g)).toHaveLength(times);
    expect(refresher.isRunning()).toBe(false);
  });

  it.each(['other-key', 'expired', 'other-tenancy', 'not-a-jwt'] as const)(
    'never takes a token that is not its own (%s)',
    async (kind) => {
      const { token, stage, post, emulator } = await loggedIn({ 'retry-max-attempts': '1' }, LONGER);
      const first = token();
      emulator.faults.add({ service: 'domain', fault: { kind }, times: 1 });
      await until(() => token() !== first);
      const log = logOf(await post(stage));
      expect(log).toMatch(/could not be renewed \(it is good until .*\): (UPST|OCI)_[A-Z_]+: /);
      expect(log.indexOf('could not be renewed')).toBeLessThan(log.indexOf('was renewed until'));
    },
  );

  it('is given up once it has been over for a lifetime, with a warning from post', async () => {
    const { token, stage, post, emulator, refresher } = await loggedIn(
      { 'retry-max-attempts': '1' },
      { ...SHORT, upstLifetimeSeconds: 2 },
    );
    const first = token();
    emulator.faults.add({ service: 'domain', fault: { kind: 'status', status: 401 } });
    await until(() => !refresher.isRunning());
    expect(token()).toBe(first);
    const after = await post(stage);
    const warnings = warningsOf(after);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/The session token could not be renewed \(it ended at .*\): OCI_/);
    expect(warnings[1]).toMatch(
      /The session token is given up: it ended at .* every attempt since has failed/,
    );
    expect(after.exitCode).toBe(0);
  });

  it('is said to be stale when something has killed the process', async () => {
    const { stage, post, refresher, before, job } = await loggedIn();
    process.kill(refresher.pid, 'SIGKILL');
    await until(() => !refresher.isRunning());
    const after = await post(stage);
    expect(warningsOf(after)).toEqual([
      expect.stringMatching(
        new RegExp(`^The process ${refresher.pid}, .* was killed by something else: its last sign`),
      ),
    ]);
    expect(treeOf(job.home)).toEqual(before);
  });

  itWithSignals('does not keep a post step waiting that meets a process that hangs', async () => {
    const { stage, post, refresher } = await loggedIn();
    process.kill(refresher.pid, 'SIGSTOP');
    const after = await post(stage);
    expect(warningsOf(after)).toEqual([
      expect.stringMatching(/did not end when it was asked to, and was killed/),
    ]);
    expect(refresher.isRunning()).toBe(false);
  });

  it.each<[string, (paths: { temp: string; session: string }) => string]>([
    ["the runner's temp area", ({ temp }) => temp],
    ['the directory of the session', ({ session }) => session],
  ])('ends by itself when %s is gone', async (_what, which) => {
    const { refresher, job, session } = await loggedIn({}, { ...SHORT, upstLifetimeSeconds: 3 });
    rmSync(which({ temp: refresher.directory, session }), { recursive: true });
    expect(existsSync(job.temp)).toBe(true);
    expect(await endsWithin(refresher, 40_000)).toBe(true);
  });

  it('ends with the token by which the job asks for its identity, after one renewal more', async () => {
    const { refresher, emulator, stage, post } = await loggedIn({}, {
      ...SHORT,
      upstLifetimeSeconds: 3600,
      requestTokenLifetimeSeconds: 183,
    } as typeof SHORT);
    await until(() => emulator.journal.filter(({ service }) => service === 'domain').length === 2);
    expect(refresher.isRunning()).toBe(true);
    expect(logOf(await post(stage))).toMatch(/was renewed until/);
  });
});
