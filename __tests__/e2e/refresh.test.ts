import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JobOptions, Stage } from '../../emulator/runner/job.ts';
import { itWithMovableFiles, itWithProcfs, itWithSignals } from '../unit/systems-with.ts';
import { logOf, startJourney, treeOf, warningsOf } from './journey.ts';
import { endsWithin, refresherOf, until, withoutRefresher } from './refresher.ts';

/** Seconds instead of an hour: the schedule counts in fractions of a lifetime. */
const SHORT = { upstLifetimeSeconds: 5, githubJwtLifetimeSeconds: 60 };
/** For tests in which a renewal must be in time on a busy machine. */
const LONGER = { ...SHORT, upstLifetimeSeconds: 15 };
const REFRESHED = { refresh: 'true', profile: 'LONG' };
const MINUTES_5 = { upstLifetimeSeconds: 300 };

const RENEWED = /Renewed the OCI session of \S+ until \S+ Request ID: [0-9A-F/]{98}/g;

/** Those of every system. */
const warningsOnAll = (stage: Pick<Stage, 'stdout'>) =>
  warningsOf(stage).filter((text) => !text.includes(': on Windows, '));

type Place = Record<'directory' | 'session' | 'log', string> & { pid: number };

function planted(kind: string, more = {}): string {
  return `${JSON.stringify({ at: '2026-01-01T00:00:00Z', kind, text: 'Planted.', ...more })}\n`;
}

function replaceBy(file: string, create: () => void): void {
  rmSync(file, { recursive: true, maxRetries: 10 }); // Windows closes files some time after the end
  create();
}

async function loggedIn(changes: Record<string, string> = {}, world = SHORT, job: JobOptions = {}) {
  const journey = await startJourney({ world, job });
  const before = treeOf(journey.job.home);
  const main = await journey.main({ ...REFRESHED, ...changes });
  expect(main.exitCode).toBe(0);
  const session = path.dirname(main.outputs['security-token-file'] ?? '');
  const token = () => readFileSync(path.join(session, 'token'), 'utf8');
  return { ...journey, before, stage: main, token, session, refresher: refresherOf(main) };
}

describe('refresh: true', () => {
  it('replaces the token before it expires, and never the key', async () => {
    const { token, session, stage, post, job, before, refresher, emulator } = await loggedIn({}, LONGER);
    expect(stage.summary).toContain(', renewed until the job ends |');
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
    expect(log.match(RENEWED)?.length).toBeGreaterThanOrEqual(2);
    expect(log.indexOf('::group::Log of the refresher')).toBeLessThan(log.search(RENEWED));
    expect(log.search(RENEWED)).toBeLessThan(log.indexOf('::endgroup::'));
  });

  itWithProcfs('shows no secret in the arguments, environment and files of the refresher', async () => {
    const coverage = mkdtempSync(path.join(tmpdir(), 'coverage-'));
    const ofNode = { NODE_V8_COVERAGE: coverage, NODE_OPTIONS: '--no-warnings', NODE_DEBUG: 'none' };
    const { refresher, emulator, stage, post } = await loggedIn({}, SHORT, { env: ofNode });
    const seen = ['cmdline', 'environ'].map((name) =>
      readFileSync(`/proc/${refresher.pid}/${name}`, 'latin1'),
    );
    const secrets = [
      ...emulator.secrets(),
      ...Object.values(emulator.env).filter((value) => value.length > 60),
    ];
    expect(secrets.filter((secret) => seen.some((text) => text.includes(secret)))).toEqual([]);
    expect(readdirSync(refresher.directory)).toEqual([expect.stringMatching(/^refresher-[0-9a-f]+\.log$/)]);
    expect(seen[1]).toContain('RUNNER_TRACKING_ID=');
    expect(seen[1]).not.toMatch(/INPUT_|ACTIONS_|NODE_(?!EXTRA_CA_CERTS)/);
    expect((await post(stage)).exitCode).toBe(0);
    rmSync(coverage, { recursive: true });
  });

  it('keeps the old token while renewals fail, and replaces it when one succeeds', async () => {
    const { token, stage, post, emulator, refresher } = await loggedIn({ 'retry-max-attempts': '1' }, LONGER);
    const first = token();
    const times = 2;
    emulator.faults.add({ service: 'domain', fault: { kind: 'status', status: 503 }, times });
    await until(() => emulator.journal.filter(({ status }) => status === 503).length === times);
    expect(token()).toBe(first);
    await until(() => token() !== first);
    const after = await post(stage);
    expect(warningsOf(after)).toEqual([]);
    expect(logOf(after).match(/Could not renew the OCI session token \(it is valid until/g)).toHaveLength(
      times,
    );
    expect(refresher.isRunning()).toBe(false);
  });

  it.each(['other-key', 'expired', 'other-tenancy', 'not-a-jwt'] as const)(
    'rejects a renewed token that is not for this session (%s)',
    async (kind) => {
      const inputs = { 'retry-max-attempts': '1', tenancy: '' };
      const { token, stage, post, emulator } = await loggedIn(inputs, LONGER);
      const first = token();
      emulator.faults.add({ service: 'domain', fault: { kind }, times: 1 });
      await until(() => token() !== first);
      const log = logOf(await post(stage));
      expect(log).toMatch(/Could not renew .* \(it is valid until .*\): (UPST|OCI)_[A-Z_]+: /);
      expect(log.indexOf('Could not renew')).toBeLessThan(log.search(RENEWED));
    },
  );

  it('gives up one lifetime after the token expired, with warnings by post', async () => {
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
    expect(warnings[0]).toMatch(/Could not renew the OCI session token \(it expired at .*\): OCI_/);
    expect(warnings[1]).toMatch(/Gave up renewing the OCI session token: it expired at /);
    expect(after.exitCode).toBe(0);
  });

  it('makes post warn when something killed the refresher', async () => {
    const { stage, post, refresher, before, job } = await loggedIn();
    process.kill(refresher.pid, 'SIGKILL');
    await until(() => !refresher.isRunning());
    const after = await post(stage);
    expect(warningsOf(after)).toEqual([
      expect.stringContaining(
        `The refresher (process ${refresher.pid}) ended unexpectedly: something killed it`,
      ),
    ]);
    expect(treeOf(job.home)).toEqual(before);
  });

  itWithSignals('makes post kill a refresher that hangs, and warn', async () => {
    const { stage, post, refresher } = await loggedIn();
    process.kill(refresher.pid, 'SIGSTOP');
    const after = await post(stage);
    expect(warningsOf(after)).toEqual([
      expect.stringMatching(/did not stop at the request of the post step, which then killed it/),
    ]);
    expect(refresher.isRunning()).toBe(false);
  });

  itWithSignals('goes on after SIGUSR1, and opens no debugger', async () => {
    const { token, stage, post, refresher } = await loggedIn();
    const first = token();
    process.kill(refresher.pid, 'SIGUSR1');
    await until(() => token() !== first);
    const after = await post(stage);
    expect([warningsOf(after), logOf(after).includes('Debugger')]).toEqual([[], false]);
  });

  itWithProcfs('closes its connections, and starts no process', async () => {
    const { token, refresher, job } = await loggedIn();
    const first = token();
    await until(() => token() !== first);
    const descriptors = `/proc/${refresher.pid}/fd`;
    const isSocket = (name: string) => readlinkSync(path.join(descriptors, name)).startsWith('socket:');
    // Standard input is a socket too: main writes the instructions to it.
    await until(() =>
      readdirSync(descriptors)
        .filter(isSocket)
        .every((name) => name === '0'),
    );
    expect(job.processes().map(({ pid }) => pid)).toEqual([refresher.pid]);
  });

  type Interference = [what: string, warning: RegExp, interfere: (place: Place) => void];
  const expectEnd = async (...[, warning, interfere]: Interference) => {
    const { refresher, session, stage, post, job } = await loggedIn({}, { ...SHORT, upstLifetimeSeconds: 3 });
    interfere({ ...refresher, session });
    expect(await endsWithin(refresher, 40_000)).toBe(true);
    const after = await post(stage);
    expect([after.exitCode, warningsOf(after)]).toEqual([0, [expect.stringMatching(warning)]]);
    expect(treeOf(job.temp)).toEqual({});
  };
  it.each<Interference>([
    [
      'a later step kills it and writes a log of success',
      /ended before the post step, at 2026-01-01T00:00:00Z/,
      ({ pid, log }) => {
        process.kill(pid, 'SIGKILL');
        writeFileSync(log, [planted('started', { pid }), planted('completed')].join(''));
      },
    ],
    [
      'a later step kills it and empties its log',
      /ended before the post step, and its log is not complete/,
      ({ pid, log }) => {
        process.kill(pid, 'SIGKILL');
        writeFileSync(log, '');
      },
    ],
    [
      'a later step kills it and puts a directory in place of its log',
      /ended before the post step, and its log is not complete/,
      ({ pid, log }) => {
        process.kill(pid, 'SIGKILL');
        replaceBy(log, () => mkdirSync(log));
      },
    ],
    [
      'a later step removes the session directory',
      /ended before the post step, at .* Stopped: the session directory was removed/,
      ({ session }) => rmSync(session, { recursive: true }),
    ],
  ])('ends when %s, and post warns', expectEnd);
  itWithSignals.each<Interference>([
    [
      'a later step sends SIGTERM',
      /ended before the post step, at .* Tokens were not renewed after that\. Stopped: received SIGTERM/,
      ({ pid }) => process.kill(pid, 'SIGTERM'),
    ],
    [
      'a later step sends SIGQUIT',
      /ended before the post step, at .* Stopped: received SIGQUIT/,
      ({ pid }) => process.kill(pid, 'SIGQUIT'),
    ],
    [
      "a later step removes the refresher's directory",
      /ended before the post step, and its log is not complete/,
      ({ directory }) => rmSync(directory, { recursive: true }),
    ],
  ])('ends when %s, and post warns', expectEnd);

  itWithMovableFiles.each<[string, (place: Place) => void]>([
    ['empties', ({ log }) => writeFileSync(log, '')],
    ['removes', ({ log }) => rmSync(log)],
    ['replaces', ({ log, pid }) => replaceBy(log, () => writeFileSync(log, planted('started', { pid })))],
    ['puts a directory in place of', ({ log }) => replaceBy(log, () => mkdirSync(log))],
    ['puts a pipe in place of', ({ log }) => replaceBy(log, () => execFileSync('mkfifo', [log]))],
  ])('goes on when a later step %s its log, and post warns', async (_what, interfere) => {
    const { token, refresher, session, stage, post, job } = await loggedIn();
    const first = token();
    interfere({ ...refresher, session });
    writeFileSync(path.join(refresher.directory, `stop-${refresher.loginId}`), '');
    await until(() => token() !== first);
    expect(warningsOf(await post(stage))).toEqual([
      `The log of the refresher (process ${refresher.pid}) is not complete: renewals may have failed. A later step changed it, or the disk was full.`,
    ]);
    expect([refresher.isRunning(), treeOf(job.temp)]).toEqual([false, {}]);
  });

  it('goes on when the files of the action are removed', async () => {
    const dist = path.join(mkdtempSync(path.join(tmpdir(), 'action-')), 'dist');
    cpSync('dist', dist, { recursive: true });
    const { token, stage, post } = await loggedIn({}, SHORT, { dist });
    const first = token();
    rmSync(path.dirname(dist), { recursive: true });
    await until(() => token() !== first);
    cpSync('dist', dist, { recursive: true });
    expect(warningsOf(await post(stage))).toEqual([]);
    rmSync(path.dirname(dist), { recursive: true });
  });

  it('renews a last time before the request token expires', async () => {
    const { refresher, emulator, stage, post } = await loggedIn({}, {
      ...SHORT,
      upstLifetimeSeconds: 3600,
      requestTokenLifetimeSeconds: 183,
    } as typeof SHORT);
    await until(() => emulator.journal.filter(({ service }) => service === 'domain').length === 2);
    expect(refresher.isRunning()).toBe(true);
    expect(logOf(await post(stage))).toMatch(RENEWED);
  });
});

describe('refresh: auto, the default', () => {
  it('starts a refresher when the session ends in less than 30 minutes, and post stops it', async () => {
    const { stage, post, refresher, before, job } = await loggedIn(
      { refresh: '' },
      { ...SHORT, ...MINUTES_5 },
    );
    expect([refresher.isRunning(), warningsOf(stage)]).toEqual([true, []]);
    expect(stage.summary).toContain(', renewed until the job ends |');
    expect(logOf(stage)).toContain(
      `Process ${refresher.pid} renews the OCI session token in the background until the job ends.`,
    );
    const after = await post(stage);
    expect([refresher.isRunning(), warningsOf(after)]).toEqual([false, []]);
    expect([treeOf(job.home), treeOf(job.temp)]).toEqual([before, {}]);
  });

  it('starts none when the session lasts an hour', async () => {
    const { main, job } = await startJourney();
    const stage = await main();
    expect([stage.exitCode, job.processes(), warningsOf(stage)]).toEqual([0, [], []]);
    expect(stage.summary).not.toContain('renewed');
  });

  it.each([
    ["GitHub's ID token is in a file", { 'export-for': 'terraform' }, {}],
    [
      'the access token for AWS ends in less than 30 minutes',
      { 'aws-credential-source': 'web-identity', 'token-type': 'none' },
      { accessTokenLifetimeSeconds: 1700 },
    ],
  ])('starts a refresher when %s', async (_what, inputs: Record<string, string>, world) => {
    const { toAws, post } = await startJourney({ world });
    const stage = await toAws(inputs);
    const refresher = refresherOf(stage);
    expect([refresher.isRunning(), warningsOnAll(stage)]).toEqual([true, []]);
    expect(warningsOf(await post(stage))).toEqual([]);
    expect(refresher.isRunning()).toBe(false);
  });

  it('warns, and does not fail the login, when the refresher does not start', async () => {
    const { main, post, job } = await startJourney({ world: MINUTES_5 });
    const stage = await main({}, { env: withoutRefresher(job) });
    expect([stage.exitCode, job.processes()]).toEqual([0, []]);
    expect(warningsOf(stage)).toEqual([
      expect.stringMatching(/^REFRESHER_NOT_STARTED: nothing is renewed in the background\. /),
      expect.stringContaining('The session ends in 5 min'),
    ]);
    expect(stage.summary).not.toContain('renewed');
    expect(warningsOf(await post(stage))).toEqual([]);
    expect(treeOf(job.home)).toEqual({});
  });
});

describe('in a world where a session expires with the ID token that was exchanged', () => {
  /** Tokens of GitHub and sessions live 15 seconds. */
  const SCALED = { lifetimeScale: 1 / 20, upstEndsWithJwt: true };
  const idTokens = ({ service, path: name }: { service: string; path: string }) =>
    service === 'github' && name === '/_services/token';

  it.each([
    [
      'terraform',
      [expect.stringMatching(/^OCI granted a session of (300|299) s\. .*cannot use this one\./)],
      false,
    ],
    ['terraform-session', [], true],
    ['cli', [], false],
  ])('says what Terraform can do with export-for %s', async (target, warnings, hasNote) => {
    const { main, post } = await startJourney({ world: { upstEndsWithJwt: true } });
    const stage = await main({ 'export-for': target });
    expect([stage.exitCode, warningsOnAll(stage)]).toEqual([0, warnings]);
    expect(/Terraform's provider \(5\.12\.0 and later\)/.test(logOf(stage))).toBe(hasNote);
    expect(refresherOf(stage).isRunning()).toBe(true);
    expect(warningsOf(await post(stage))).toEqual([]);
  });

  it('requests another ID token for an attempt after a long wait, so that the session is not shorter', async () => {
    const { emulator, main } = await startJourney({ world: SCALED });
    const fault = { kind: 'status', status: 503, headers: { 'Retry-After': '4' } } as const;
    emulator.faults.add({ service: 'domain', fault, times: 1 });
    const stage = await main({ refresh: 'false' });
    expect(stage.exitCode).toBe(0);
    expect(emulator.journal.filter(idTokens)).toHaveLength(2);
    expect(Number(stage.outputs['expires-in'])).toBeGreaterThanOrEqual(12);
  });

  it("renews in time when this machine's clock is behind the domain's", async () => {
    // By this machine's clock, each session would last 25 seconds.
    const clock = () => Date.now() + 10_000;
    const { emulator, main, post } = await startJourney({ world: SCALED, clock });
    const stage = await main();
    const renewals = () => emulator.journal.filter(({ service }) => service === 'domain').length - 1;
    const begin = Date.now();
    for (const count of [1, 2]) await until(() => renewals() >= count);
    expect(Date.now() - begin).toBeLessThan(25_000);
    expect(warningsOf(await post(stage))).toEqual([]);
  });
});

describe('refresh: false', () => {
  it('starts no refresher, and warns when the session ends soon', async () => {
    const { main, job } = await startJourney({ world: MINUTES_5 });
    const stage = await main({ refresh: 'false' });
    expect([stage.exitCode, job.processes()]).toEqual([0, []]);
    expect(warningsOf(stage)).toEqual([expect.stringContaining('The session ends in 5 min')]);
  });
});
