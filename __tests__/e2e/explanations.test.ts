// After a refusal: one line in the log; in the summary what differs and what to paste.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { defaultSettings } from '../../emulator/server/settings.ts';
import type { EmulatorOptions } from '../../emulator/server/start.ts';
import { expectFailure, logOf, startJourney, warningsOf } from './journey.ts';

/** The fenced blocks below the title, as they would be pasted. */
function blockUnder(summary: string, title: string): string {
  const [, rest = ''] = summary.split(title);
  return /^```\w+\n([\s\S]*?)\n^```$/m.exec(rest)?.[1] ?? '';
}

const PASTE_RULE = 'The rule for the subject of this job';
const PASTE_TRUST = 'The whole trust as JSON';

const JOBS: [what: string, world: NonNullable<EmulatorOptions['world']>, form: string][] = [
  ['a subject by name', {}, 'by name'],
  ['a subject with ids', { immutableSubject: true }, 'immutable form'],
  ['an environment', { githubClaims: { environment: 'prod: "eu" `x` $(id)' } }, 'by name'],
  [
    'an environment and a subject with ids',
    { githubClaims: { environment: 'prod:eu' }, immutableSubject: true },
    'immutable form',
  ],
  [
    'a subject from a custom property',
    {
      githubClaims: { repo_property_team: 'blue' },
      githubSubject: 'repo:acme@1001/infra@2002:repo_property_team:blue',
    },
    '| repo_property_team | <code>blue</code> |',
  ],
  ['an issuer with another path to its keys', { githubKeysPath: '/_services/token/keys' }, 'by name'],
  ['a customised subject', { githubSubject: 'repository_owner:acme:x' }, 'customised'],
];

describe('a job that no rule matches', () => {
  it.each(JOBS)('gets a rule and a trust to paste, and they accept it: %s', async (_what, world, form) => {
    const journey = await startJourney({ world: { ...world, rules: [] } });
    const { message, stage } = await expectFailure(journey, 'OCI_NO_RULE_MATCHED');
    expect(stage.summary).toContain(form);
    expect(message).not.toContain('\n');
    const { settings } = journey.emulator.world;
    const { serviceUser } = settings;
    settings.rules = [{ rule: blockUnder(stage.summary, PASTE_RULE), value: serviceUser.id }];
    expect((await journey.nextJob().main(journey.emulator.inputs)).exitCode).toBe(0);
    const trust = JSON.parse(
      blockUnder(stage.summary, PASTE_TRUST).replace('<SCIM id of the service user>', serviceUser.id),
    );
    settings.trusts = [trust];
    settings.rules = [];
    expect((await journey.nextJob().main(journey.emulator.inputs)).exitCode).toBe(0);
  });

  it('gets its claims in the summary, with the expiry of the token as a time', async () => {
    const world = { rules: [], githubClaims: { environment: 'prod|`eu`' } };
    const { stage } = await expectFailure(await startJourney({ world }), 'OCI_NO_RULE_MATCHED');
    for (const row of [
      '| repository | <code>acme/infra</code> |',
      '| repository_id | <code>2002</code> |',
      '| environment | <code>prod&#124;&#96;eu&#96;</code> |',
      '| event_name | <code>push</code> |',
    ])
      expect(stage.summary).toContain(row);
    expect(stage.summary).toMatch(/\| exp \| <code>20\d\d-\d\d-\d\dT[\d:.]+Z<\/code> \|/);
  });
});

describe('a refusal that no trust can fix', () => {
  it.each<
    [what: string, options: EmulatorOptions, inputs: Record<string, string>, code: string, says: string]
  >([
    [
      'a wrong secret',
      {},
      { 'client-secret': 'other' },
      'OCI_CLIENT_REJECTED',
      'Copy `client-id` and `client-secret` again',
    ],
    [
      'a user who is no service user',
      { world: { serviceUser: { ...defaultSettings().serviceUser, serviceUser: false } } },
      {},
      'OCI_NOT_A_SERVICE_USER',
      'Create a user with `serviceUser: true`',
    ],
    [
      'an audience that the trust does not list',
      {},
      { audience: 'https://example.com' },
      'OCI_EXCHANGE_REJECTED',
      'this issuer, this audience and the application',
    ],
  ])('shows no trust to paste: %s', async (_what, options, inputs, code, says) => {
    const { message, stage } = await expectFailure(await startJourney(options), code, inputs);
    expect(message).toContain(says);
    expect(stage.summary).not.toContain('```');
    expect(stage.summary).not.toMatch(/clientClaimValues"|impersonation-service/);
  });
});

describe('the address of the keys in the trust to paste', () => {
  const DISCOVERY = '/.well-known/openid-configuration';
  const requestsFor = ({ emulator }: Awaited<ReturnType<typeof startJourney>>) =>
    emulator.journal.filter(({ path: requested }) => requested.startsWith(DISCOVERY));

  it('is the documented one, with a note, when the discovery document cannot be fetched', async () => {
    const journey = await startJourney({ world: { rules: [], githubKeysPath: '/keys' } });
    const { emulator } = journey;
    emulator.faults.add({ service: 'github', after: 1, times: 9, fault: { kind: 'status', status: 503 } });
    const { stage } = await expectFailure(journey, 'OCI_NO_RULE_MATCHED', { 'retry-max-attempts': '3' });
    const { publicKeyEndpoint } = JSON.parse(blockUnder(stage.summary, PASTE_TRUST));
    expect(publicKeyEndpoint).toBe(`${emulator.urls.github}/.well-known/jwks`);
    expect(stage.summary).toContain('The trust has the documented address');
    expect(requestsFor(journey)).toHaveLength(1);
  });

  it('is not looked up for a login that works, or when the client was refused', async () => {
    const journey = await startJourney();
    expect((await journey.main()).exitCode).toBe(0);
    const wrongSecret = { 'client-secret': 'other' };
    await expectFailure({ ...journey, ...journey.nextJob() }, 'OCI_CLIENT_REJECTED', wrongSecret);
    expect(requestsFor(journey)).toEqual([]);
  });
});

describe('`trust-rule`', () => {
  const rules = [{ rule: 'sub eq repo:acme/infra:ref:refs/heads/master', value: 'x' }];

  it('is compared with the token character by character, in the log and in the summary', async () => {
    const journey = await startJourney({ world: { rules } });
    const given = { 'trust-rule': 'sub eq repo:acme/infra:ref:refs/heads/master' };
    const { message, stage } = await expectFailure(journey, 'OCI_NO_RULE_MATCHED', given);
    const said = '`trust-rule` differs at character 34: the rule has `master`, the token has `main`.';
    expect([message, stage.summary].every((text) => text.includes(said))).toBe(true);
    expect(blockUnder(stage.summary, 'Where rule 1 and token differ').split('\n')).toEqual([
      'rule   repo:acme/infra:ref:refs/heads/master',
      'token  repo:acme/infra:ref:refs/heads/main',
      `${' '.repeat(7 + 33 + 1 - 1)}^ character 34`,
    ]);
  });

  it('is named when it matches the token', async () => {
    const journey = await startJourney({ world: { rules } });
    const given = { 'trust-rule': 'ref eq x\nsub co acme/infra' };
    const { message } = await expectFailure(journey, 'OCI_NO_RULE_MATCHED', given);
    expect(message).toContain('`trust-rule` 2 matches this token, so the rule in the trust differs');
  });

  it('is named as not the cause when the trust is', async () => {
    const journey = await startJourney({ world: { trusts: [{ active: false }] } });
    const given = { 'trust-rule': 'sub eq repo:acme/infra:*' };
    const { message, stage } = await expectFailure(journey, 'OCI_EXCHANGE_REJECTED', given);
    expect(stage.summary).toContain('`trust-rule` matches this token, so the rule is not the cause');
    expect(message).not.toContain('trust-rule');
  });

  it('with quotes around its value is explained by the quotes after the refusal', async () => {
    const quoted = 'sub eq "repo:acme/infra:*"';
    const { settings } = (await startJourney()).emulator.world;
    const world = { rules: [{ rule: quoted, value: settings.serviceUser.id }] };
    const given = { 'trust-rule': quoted };
    const { message, stage } = await expectFailure(
      await startJourney({ world }),
      'OCI_NO_RULE_MATCHED',
      given,
    );
    expect(message).toContain(
      'quotes in the rule, and domains have been seen to treat the quotes as part of the value.',
    );
    expect(warningsOf(stage).join()).toContain('`trust-rule` has quotes around its value');
  });

  it.each([
    ['sub eq "repo:acme/infra:*"', 'has quotes around its value'],
    ['sub eq repo:acme/infra:* and ref eq refs/heads/main', 'has more than one comparison'],
    ['sub sw repo:acme/', 'has the operator "sw"'],
    ['repo:acme/infra', 'is not of the form <claim> eq <value>'],
  ])('that cannot be compared warns, and the job is accepted: %s', async (rule, problem) => {
    const journey = await startJourney();
    const stage = await journey.main({ 'trust-rule': rule });
    expect(stage.exitCode).toBe(0);
    expect(warningsOf(stage)).toEqual([expect.stringContaining(`\`trust-rule\` ${problem}`)]);
  });

  it('with a wildcard at its end is compared as a prefix, without a warning', async () => {
    const world = { rules: [], immutableSubject: true };
    const given = { 'trust-rule': 'sub eq repo:acme@1001/infra@2002:*' };
    const { message, stage } = await expectFailure(
      await startJourney({ world }),
      'OCI_NO_RULE_MATCHED',
      given,
    );
    expect(message).toContain('`trust-rule` matches this token');
    expect(warningsOf(stage)).toEqual([]);
  });

  it('changes nothing for an accepted job', async () => {
    const journey = await startJourney();
    expect((await journey.main({ 'trust-rule': 'sub eq other' })).exitCode).toBe(0);
  });
});

const NO_IDENTITY = { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };
const head = (full_name: string | null) => ({
  pull_request: { head: { repo: full_name === null ? null : { full_name, fork: true } } },
});
const FORK = { ...NO_IDENTITY, GITHUB_EVENT_NAME: 'pull_request' };

describe('a job without an ID token', () => {
  const permissions = { 'id-token': 'write', contents: 'read' };
  const PERMITTED = { jobs: { deploy: { permissions } } };
  const condition =
    "github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository";
  const FORK_SAYS = 'GitHub gives a pull request from a fork neither an ID token nor secrets. Skip this job';
  const SKIPPED = { jobs: { deploy: { if: condition } } };

  it.each<[what: string, env: Record<string, string>, event: unknown, says: string, lines: unknown]>([
    ['no permission', NO_IDENTITY, {}, 'id-token: write', PERMITTED],
    ['a fork', FORK, head('other/infra'), FORK_SAYS, SKIPPED],
    ['a fork that is gone', FORK, head(null), FORK_SAYS, SKIPPED],
    ['a pull request within a fork of its own', FORK, head('acme/infra'), 'id-token: write', PERMITTED],
    [
      'Dependabot',
      { ...NO_IDENTITY, GITHUB_ACTOR: 'dependabot[bot]', GITHUB_EVENT_NAME: 'push' },
      {},
      'Dependabot started this run, which gets no ID token',
      PERMITTED,
    ],
    ['nektos/act', { ...NO_IDENTITY, ACT: 'true' }, {}, 'nektos/act', undefined],
    [
      'one variable emptied',
      { ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' },
      {},
      'A step or `env:` of this job changed',
      undefined,
    ],
    [
      'an address that is none',
      { ACTIONS_ID_TOKEN_REQUEST_URL: 'x' },
      {},
      'A step or `env:` of this job changed',
      undefined,
    ],
  ])('gets the reason and the lines to add: %s', async (_what, env, event, says, lines) => {
    const journey = await startJourney();
    const file = path.join(journey.job.temp, 'event.json');
    writeFileSync(file, JSON.stringify(event));
    const job = journey.nextJob({ env: { ...env, GITHUB_EVENT_PATH: file } });
    const { message, stage } = await expectFailure({ ...journey, ...job }, 'GITHUB_OIDC_UNAVAILABLE');
    expect(message).toContain(says);
    const yaml = /^```yaml\n([\s\S]*?)^```$/m.exec(stage.summary)?.[1];
    expect(yaml === undefined ? undefined : parse(yaml)).toEqual(lines);
    expect(journey.emulator.journal).toEqual([]);
  });

  /** Without secrets, as a run for a fork or by Dependabot. */
  const runWithout = async (env: Record<string, string>, event: unknown, code: string) => {
    const journey = await startJourney();
    const file = path.join(journey.job.temp, 'event.json');
    writeFileSync(file, JSON.stringify(event));
    const job = journey.nextJob({ env: { ...env, GITHUB_EVENT_PATH: file } });
    const inputs = { 'client-id': '', 'client-secret': '' };
    const { message, stage } = await expectFailure({ ...journey, ...job }, code, inputs);
    const doctor = await job.doctor(inputs);
    expect(doctor.exitCode).toBe(1);
    return { message, stage, doctor: logOf(doctor) };
  };

  it('for a fork and without secrets, reports the fork and shows the `if:` line that skips the job', async () => {
    const run = await runWithout(FORK, head('other/infra'), 'GITHUB_OIDC_UNAVAILABLE');
    for (const text of [run.message, run.doctor]) expect(text).toContain(FORK_SAYS.split('. ')[0]);
    expect(run.message).toContain(`\`if: ${condition}\``);
    expect(run.message).not.toContain('is required');
    expect(parse(blockUnder(run.stage.summary, 'Add this to the job'))).toEqual(SKIPPED);
    expect(run.stage.summary.split(condition)).toHaveLength(2); // once: in the block
  });

  it('gets the `if:` line for another event of a fork', async () => {
    const env = { ...FORK, GITHUB_EVENT_NAME: 'pull_request_review' };
    const { message } = await runWithout(env, head('other/infra'), 'GITHUB_OIDC_UNAVAILABLE');
    expect(message).toContain("`if: github.event_name != 'pull_request_review' ||");
  });

  it('names missing inputs for a fork with ID tokens and without secrets', async () => {
    const env = { GITHUB_EVENT_NAME: 'pull_request' };
    const { message } = await runWithout(env, head('other/infra'), 'INPUT_INVALID');
    expect(message).toMatch(/This pull request from a fork lacks inputs\. .*`client-secret` is required/);
  });

  it('and without secrets, for Dependabot, gets the line that skips the job', async () => {
    const env = { ...NO_IDENTITY, GITHUB_ACTOR: 'dependabot[bot]', GITHUB_EVENT_NAME: 'push' };
    const { message, stage } = await runWithout(env, {}, 'INPUT_INVALID');
    expect(message).toContain('Dependabot started this run, which gets only the secrets of Dependabot.');
    expect(message).toContain("`if: github.actor != 'dependabot[bot]'`");
    expect(parse(blockUnder(stage.summary, 'Add this to the job'))).toEqual({
      jobs: { deploy: { if: "github.actor != 'dependabot[bot]'" } },
    });
  });

  it('learns of other errors in its inputs when its secrets exist', async () => {
    const journey = await startJourney({ job: { env: { GITHUB_ACTOR: 'dependabot[bot]' } } });
    const { message } = await expectFailure(journey, 'INPUT_INVALID', { region: 'Frankfurt' });
    expect(message).toContain('`region` must be');
    expect(message).not.toContain('Dependabot');
  });

  it('learns that the caller of a reusable workflow may need the permission, too', async () => {
    const env = {
      ...NO_IDENTITY,
      GITHUB_WORKFLOW_REF: 'acme/infra/.github/workflows/ship.yml@refs/heads/main',
    };
    const { stage } = await expectFailure(await startJourney({ job: { env } }), 'GITHUB_OIDC_UNAVAILABLE');
    expect(stage.summary).toContain('cannot see whether `.github/workflows/ship.yml` calls');
  });

  it('because its request token has expired gets the time of expiry', async () => {
    const journey = await startJourney({ world: { requestTokenLifetimeSeconds: -60 } });
    const { message, stage } = await expectFailure(journey, 'GITHUB_OIDC_EXPIRED');
    expect(message).toMatch(
      /status 401\. The job's request token expired at 20\S+Z; this machine's clock says 20\S+Z\./,
    );
    expect(parse(blockUnder(stage.summary, 'A separate job for the login'))).toMatchObject({
      jobs: { deploy: { needs: 'work', permissions } },
    });
  });

  it('because its request token is refused learns that its age is not the reason', async () => {
    const journey = await startJourney();
    journey.emulator.world.requestToken = 'another';
    const { message } = await expectFailure(journey, 'GITHUB_OIDC_REFUSED');
    expect(message).toMatch(
      /status 401\. The request token is valid until 20\S+Z; this machine's clock says 20\S+Z/,
    );
  });
});
