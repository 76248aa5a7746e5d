// A session as a resource (`token-type: rpst`), and refusals by its trust.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { EmulatorOptions, Trust } from '../../emulator/server/start.ts';
import { expectFailure, type Journey, logOf, startJourney, treeOf, warningsOf } from './journey.ts';
import { until } from './refresher.ts';

const run = promisify(execFile);
const SUBJECT = 'repo:acme/infra:ref:refs/heads/main';
const TYPE = 'github-acme';
const ASKING = { 'token-type': 'rpst', 'resource-type': TYPE };
const TRUST: Partial<Trust> = {
  subjectType: 'Resource',
  impersonatingResource: TYPE,
  claimValidations: [{ name: 'sub', value: SUBJECT }],
};

const start = (world: EmulatorOptions['world'] = {}) =>
  startJourney({ world: { trusts: [TRUST], ...world } });

/** Runs Oracle's SDK with the profile as a later step. */
async function useSdk({ emulator, job }: Journey): Promise<string> {
  const script = path.join(import.meta.dirname, '../../scripts/demo/consumer-oci.ts');
  const env = { ...job.env(), OCI_EMULATOR_ENDPOINT: emulator.urls.oci };
  return (await run(process.execPath, ['--disable-warning=ExperimentalWarning', script], { env })).stdout;
}

/** The fenced block below a title. */
function blockUnder(summary: string, title: string): string {
  const [, rest = ''] = summary.split(title);
  return /^```\w+\n([\s\S]*?)\n^```$/m.exec(rest)?.[1] ?? '';
}

describe('a login as a resource', () => {
  it('writes a profile with which the SDK works, and the post step removes it', async () => {
    const journey = await start();
    const stage = await journey.main(ASKING);
    expect([stage.exitCode, stage.stderr, warningsOf(stage)]).toEqual([0, '', []]);
    const { outputs } = stage;
    expect(outputs).toMatchObject({ principal: SUBJECT, tenancy: journey.emulator.inputs.tenancy });
    expect(outputs['expires-in']).toMatch(/^1(200|1[89]\d)$/);
    expect(outputs['security-token']).toBe(readFileSync(outputs['security-token-file'] ?? '', 'utf8'));
    expect(logOf(stage)).toContain(`Logged in to OCI as ${SUBJECT}, profile [DEFAULT]`);
    expect(stage.summary).toContain(`| Principal | <code>${SUBJECT}</code> |`);
    expect(stage.summary).toContain(`| Resource type | <code>${TYPE}</code> |`);
    expect(await useSdk(journey)).toContain('bucket deleted');
    expect((await journey.post(stage)).exitCode).toBe(0);
    expect(Object.keys(treeOf(journey.job.home)).filter((name) => /token|pem/.test(name))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['ocid1.app.oc1..aaaa', { sub: undefined, res_id: 'ocid1.app.oc1..aaaa' }],
    [TYPE, { sub: undefined, res_type: undefined }],
  ])('is logged as %s when the token has the claims %j, and is reused', async (principal, rpstClaims) => {
    const journey = await start({ rpstClaims });
    const inputs = { ...ASKING, verify: 'true', 'verify-endpoint': journey.emulator.urls.oci };
    const first = await journey.main(inputs);
    expect([first.exitCode, first.outputs['principal']]).toEqual([0, principal]);
    const second = await journey.main({ ...inputs, 'minimum-lifetime-seconds': '600' });
    expect(second.outputs['security-token']).toBe(first.outputs['security-token']);
  });

  it('is verified', async () => {
    const { emulator, main } = await start();
    const stage = await main({ ...ASKING, verify: 'true', 'verify-endpoint': emulator.urls.oci });
    expect(stage.exitCode).toBe(0);
    expect(logOf(stage)).toContain('OCI accepts the session (namespace acmenamespace');
  });

  it('prints a subject with control characters and commands as harmless text on one line', async () => {
    const journey = await start({
      trusts: [{ ...TRUST, claimValidations: [] }],
      githubSubject: 'repo:acme/infra:environment:a\n::error::b|<b>##[error]',
    });
    const stage = await journey.main(ASKING);
    expect(stage.exitCode).toBe(0);
    expect(stage.outputs['principal']).toBe('repo:acme/infra:environment:a : :error: :b|<b>## [error]');
    expect(stage.stdout).not.toMatch(/^(::|##\[)error/m);
    expect(stage.summary).not.toContain('<b>');
  });

  it.each<[string, string, EmulatorOptions['world'], RegExp | undefined]>([
    ['as asked', '3600', {}, undefined],
    ['as asked, and short', '600', {}, undefined],
    [
      'cut',
      '7200',
      { rpstLongestSeconds: 1800 },
      /session of 1(800|79\d) s \(until .*Z\); `rpst-lifetime-seconds` requests 7200 s/,
    ],
    ['counted in minutes', '120', { rpstExpUnitSeconds: 60 }, /requests 120 s: sixty times as long/],
    ['counted in minutes, and cut', '3600', { rpstExpUnitSeconds: 60 }, /the maximum instead. OCI seems to/],
  ])('warns when the lifetime is not as asked: %s', async (_what, asked, world, warning) => {
    const { main } = await start(world);
    const stage = await main({ ...ASKING, 'rpst-lifetime-seconds': asked });
    expect(stage.exitCode).toBe(0);
    expect(warningsOf(stage)).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
  });
});

describe('the refresher of a session as a resource', () => {
  it('renews it as a resource, with the same key', async () => {
    const { emulator, main, post } = await start({ rpstLifetimeSeconds: 5 });
    const stage = await main({ ...ASKING, refresh: 'true' });
    const tokenIn = () => readFileSync(stage.outputs['security-token-file'] ?? '', 'utf8');
    const first = tokenIn();
    await until(() => tokenIn() !== first);
    const [before, after] = [first, tokenIn()].map((token) => decodeJwt(token));
    expect(after).toMatchObject({ sub: SUBJECT, ttype: 'res', res_type: TYPE, jwk: before?.['jwk'] });
    expect((await post(stage)).exitCode).toBe(0);
    const exchanges = emulator.journal.filter(({ service }) => service === 'domain');
    expect(exchanges.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('a repeated login', () => {
  const LASTING = { 'minimum-lifetime-seconds': '600' };

  it('reuses the session of a resource, but not that of a user', async () => {
    const { emulator, main } = await start({ trusts: [{}] });
    const user = await main();
    emulator.world.settings.trusts = [TRUST];
    const first = await main({ ...ASKING, ...LASTING });
    const second = await main({ ...ASKING, ...LASTING });
    expect([user, first, second].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(user.outputs['principal']).toBe(emulator.world.settings.serviceUser.ocid);
    expect(first.outputs['principal']).toBe(SUBJECT);
    expect(second.outputs['security-token']).toBe(first.outputs['security-token']);
    expect(emulator.journal.filter(({ service }) => service === 'domain')).toHaveLength(2);
  });

  it('does not reuse the session of a resource for a user', async () => {
    const { emulator, main } = await start();
    expect((await main(ASKING)).outputs['principal']).toBe(SUBJECT);
    emulator.world.settings.trusts = [{}];
    expect((await main(LASTING)).outputs['principal']).toBe(emulator.world.settings.serviceUser.ocid);
  });
});

describe('a trust that refuses the exchange', () => {
  it.each<[string, Partial<Trust>]>([
    ['is for another resource', { ...TRUST, impersonatingResource: 'github' }],
    ['is for users', {}],
    ['validates another subject', { ...TRUST, claimValidations: [{ name: 'sub', value: 'repo:acme/app' }] }],
  ])('is reported with the trust that would allow it when it %s', async (_what, trust) => {
    const journey = await start({ trusts: [trust] });
    const { message, stage } = await expectFailure(journey, 'OCI_EXCHANGE_REJECTED', ASKING);
    expect(message).toContain('Check that the trust is active');
    expect(stage.summary).toContain(`\`impersonatingResource\` ${TYPE}`);
    expect(stage.summary).not.toMatch(/impersonation rule that lets|SCIM id|impersonationServiceUsers/);
    const advised = JSON.parse(blockUnder(stage.summary, 'The whole trust as JSON'));
    expect(advised).toMatchObject(TRUST);
    journey.emulator.world.settings.trusts = [advised];
    expect((await journey.nextJob().main({ ...journey.emulator.inputs, ...ASKING })).exitCode).toBe(0);
  });

  it('is reported with the disputed unit when the login requests a lifetime', async () => {
    const journey = await start({ rpstExpUnitSeconds: 60, rpstRefusesLongLifetimes: true });
    const asking = { ...ASKING, 'rpst-lifetime-seconds': '3600' };
    const { stage } = await expectFailure(journey, 'OCI_EXCHANGE_REJECTED', asking);
    expect(stage.summary).toMatch(/Try without `rpst-lifetime-seconds`: .*seconds or minutes/);
    expect((await journey.main(ASKING)).exitCode).toBe(0);
  });

  it('is reported as one for resources when the login asks for a user', async () => {
    const journey = await start();
    const { stage } = await expectFailure(journey, 'OCI_EXCHANGE_REJECTED');
    const asked = journey.emulator.journal.filter(({ service }) => service === 'domain');
    expect(asked.at(-1)?.reason).toBe('trust has subjectType Resource');
    expect(stage.summary).toContain('"subjectType": "User"');
  });

  it('is not blamed for a wrong client secret', async () => {
    const wrong = { ...ASKING, 'client-secret': 'wrong' };
    await expectFailure(await start(), 'OCI_CLIENT_REJECTED', wrong);
  });
});

describe('the doctor', () => {
  const NO_AWS = { 'aws-role-arn': '', 'aws-region': '', 'aws-sts-endpoint': '' };

  async function examine(inputs: Record<string, string>, world: EmulatorOptions['world'] = {}) {
    const { doctor } = await start(world);
    const stage = await doctor({ ...NO_AWS, ...inputs });
    return { stage, log: stripVTControlCharacters(logOf(stage)) };
  }

  it('checks a session as a resource', async () => {
    const { stage, log } = await examine(ASKING);
    expect([stage.exitCode, stage.outputs]).toEqual([0, { result: 'ok' }]);
    expect(log).toMatch(new RegExp(`^ok +session +acts as resource ${TYPE}, ${SUBJECT}$`, 'm'));
    expect(log).toMatch(/^ok +key binding/m);
    expect(log).toMatch(/^ok +lifetime +20 min$/m);
  });

  it('warns when the lifetime is not as asked', async () => {
    const asking = { ...ASKING, 'rpst-lifetime-seconds': '7200' };
    const { stage, log } = await examine(asking, { rpstLongestSeconds: 1800 });
    expect(stage.outputs).toEqual({ result: 'warning' });
    expect(log).toMatch(/^warning +lifetime .*requests 7200 s/m);
  });

  it('skips the exchange without a resource type or with an invalid lifetime', async () => {
    for (const [inputs, name] of [
      [{ 'token-type': 'rpst' }, 'resource-type'],
      [{ ...ASKING, 'rpst-lifetime-seconds': '1h' }, 'rpst-lifetime-seconds'],
    ] as const) {
      const { log } = await examine(inputs);
      expect(log).toMatch(new RegExp(`^skipped +application +needs \`${name}\`$`, 'm'));
      expect(log).toMatch(/^ok +identity token/m);
    }
  });

  it('checks a session of a user when only inputs for a resource have no effect', async () => {
    const { log } = await examine({ 'resource-type': TYPE }, { trusts: [{}] });
    expect(log).toMatch(/^failure +inputs +.*`resource-type` has no effect/m);
    expect(log).toMatch(/^ok +session +acts as ocid1\.user\./m);
  });
});
