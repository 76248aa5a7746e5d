// Refusals of a login to AWS: reported by their cause, and nothing is changed.
import { describe, expect, it } from '@jest/globals';
import type { Emulator, EmulatorOptions, TrustPolicy } from '../../emulator/server/start.ts';
import { asShown, errorOf, expectFailure, type Journey, startJourney, treeOf } from './journey.ts';

type World = NonNullable<EmulatorOptions['world']>;
type Inputs = Record<string, string>;

const ALONE = { 'token-type': 'none', region: '' };
const SECOND_APP = { awsClientId: 'aws-app', awsClientSecret: 'idcscs-second' };

/** One refusal for each code is in every-code.test.ts; these differ from it in cause. */
const REFUSALS: [what: string, world: World, inputs: Inputs, code: string, asksSts: boolean][] = [
  ['a bare scope', { scopeForms: 'qualified-only' }, {}, 'OCI_SCOPE_REFUSED', false],
  [
    'a wrong secret of the application for AWS',
    SECOND_APP,
    { 'aws-client-id': 'aws-app', 'aws-client-secret': 'wrong-secret' },
    'OCI_CLIENT_REJECTED',
    false,
  ],
  [
    'a provider that does not list the audience',
    { iamProviders: [{ clientIds: ['x'] }] },
    {},
    'AWS_IDENTITY_TOKEN_INVALID',
    true,
  ],
  [
    'more time than the role allows',
    {},
    { 'aws-role-duration-seconds': '7200' },
    'AWS_REQUEST_INVALID',
    true,
  ],
  [
    'a claim that names other roles',
    { accessTokenClaims: { 'https://aws.amazon.com/roles': ['arn:aws:iam::123456789012:role/other'] } },
    {},
    'AWS_IDENTITY_TOKEN_INVALID',
    true,
  ],
  [
    'an authorized party that the provider does not list',
    { accessTokenClaims: { azp: 'app' } },
    {},
    'AWS_AUDIENCE_MISMATCH',
    true,
  ],
  ['a port in the issuer', { domainIssuer: 'https://idcs.example:443' }, {}, 'AWS_ISSUER_UNUSABLE', false],
];

const stsCalls = ({ emulator }: Journey) => emulator.journal.filter(({ service }) => service === 'sts');

describe('a refusal of a login to AWS', () => {
  it.each(REFUSALS)('is reported by its cause: %s', async (_what, world, inputs, code, asksSts) => {
    const journey = await startJourney({ world });
    const changes = { ...journey.emulator.awsInputs, ...ALONE, 'aws-profile': 'deploy', ...inputs };
    const { message } = await expectFailure(journey, code, { ...changes, 'retry-max-attempts': '5' });
    const calls = stsCalls(journey);
    expect(calls).toHaveLength(asksSts ? 1 : 0);
    if (asksSts) expect(message).toContain(`Request ID: ${calls[0]?.requestId}`);
    expect(treeOf(journey.job.temp)).toEqual({});
  });

  it('of the exchange with OCI fails the login even when STS has issued a session', async () => {
    const journey = await startJourney({ world: { trusts: [] } });
    await expectFailure(journey, 'OCI_EXCHANGE_REJECTED', journey.emulator.awsInputs);
  });

  it('of the exchange with OCI ends the step before STS has responded', async () => {
    const journey = await startJourney({ world: { trusts: [] } });
    journey.emulator.faults.add({ service: 'sts', fault: { kind: 'stall-before-headers' } });
    const changes = {
      ...journey.emulator.awsInputs,
      'request-timeout-seconds': '300',
      'timeout-seconds': '600',
    };
    await expectFailure(journey, 'OCI_EXCHANGE_REJECTED', changes);
  });

  it('of the role leaves no OCI session', async () => {
    const journey = await startJourney({ world: { iamProviders: [] } });
    await expectFailure(journey, 'AWS_IDENTITY_TOKEN_INVALID', journey.emulator.awsInputs);
    expect(treeOf(journey.job.home)).toEqual({});
  });

  it('names each additional audience and the scope that added it', async () => {
    const world = {
      accessTokenAudience: ['sts.amazon.com', 'https://api.example/'],
      accessTokenClaims: { scope: '/ https://api.example/read' },
    };
    const journey = await startJourney({ world });
    const changes = { ...journey.emulator.awsInputs, ...ALONE };
    const { message, stage } = await expectFailure(journey, 'AWS_AUDIENCE_MISMATCH', changes);
    expect(message).toContain('"https://api.example/" (scope https://api.example/read)');
    expect(message).toContain('`aws-scope` is "/"');
    expect(asShown(stage.summary)).toContain('| scope | "/ https://api.example/read" |');
    expect(stsCalls(journey)).toEqual([]);
  });

  it.each<[string, (emulator: Emulator) => void]>([
    ['as it usually is', () => {}],
    [
      'with a slash behind its issuer',
      ({ world, urls }) => {
        world.settings.domainIssuer = `${urls.domain}/`;
      },
    ],
    [
      'with an authorized party that the provider lists',
      ({ world: { settings } }) => {
        settings.accessTokenClaims = { azp: 'app' };
        settings.iamProviders = [{ clientIds: ['app'] }];
      },
    ],
  ])('by the trust policy shows one that accepts the token %s', async (_what, prepare) => {
    const trustPolicy: TrustPolicy = { Version: '2012-10-17', Statement: [] };
    const journey = await startJourney({ world: { roles: [{ trustPolicy }] } });
    const { emulator } = journey;
    prepare(emulator);
    const changes = { ...emulator.awsInputs, ...ALONE };
    const { message, stage } = await expectFailure(journey, 'AWS_ACCESS_DENIED', changes);
    expect(message).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    for (const text of [emulator.urls.domain, emulator.inputs['client-id']]) expect(message).toContain(text);
    const [, shown = ''] = /```json\n(.*?)\n```/s.exec(stage.summary) ?? [];
    emulator.world.settings.roles = [{ trustPolicy: JSON.parse(shown) as TrustPolicy }];
    expect((await journey.main(changes)).exitCode).toBe(0);
  });
});

describe('a token that STS cannot verify', () => {
  it('is explained by an issuer that is not the domain', async () => {
    const journey = await startJourney({ world: { domainIssuer: 'https://idcs.example' } });
    const changes = { ...journey.emulator.awsInputs, ...ALONE };
    const { message } = await expectFailure(journey, 'AWS_ISSUER_UNUSABLE', changes);
    expect(message).toContain('"https://idcs.example", which is neither `domain-url` nor');
    expect(stsCalls(journey)).toHaveLength(1);
  });

  it('is explained by a discovery document of another issuer', async () => {
    const journey = await startJourney({ world: { domainIssuer: 'https://idcs.example:443' } });
    const { emulator } = journey;
    emulator.world.settings.accessTokenClaims = { iss: emulator.urls.domain };
    emulator.world.settings.iamProviders = [{ url: emulator.urls.domain }];
    const { message } = await expectFailure(journey, 'AWS_ISSUER_UNUSABLE', {
      ...emulator.awsInputs,
      ...ALONE,
    });
    expect(message).toContain('retrieve verification key');
    expect(message).toContain('"https://idcs.example:443"');
    expect(stsCalls(journey)).toHaveLength(1);
  });

  it('is explained by a key that is not published', async () => {
    const journey = await startJourney({ world: { signingCertPublicAccess: false } });
    const { emulator } = journey;
    const body = JSON.stringify({ keys: [{ ...emulator.world.domainKey.jwk, kid: 'ROTATED' }] });
    emulator.faults.add({ service: 'domain', after: 2, fault: { kind: 'status', status: 200, body } });
    const { message } = await expectFailure(journey, 'AWS_SIGNING_KEYS_HIDDEN', {
      ...emulator.awsInputs,
      ...ALONE,
    });
    expect(message).toContain('is not among those at');
  });

  it('leaves an address of the keys on a foreign host unfetched', async () => {
    const journey = await startJourney({ world: { signingCertPublicAccess: false } });
    const { emulator } = journey;
    const issuer = emulator.urls.domain;
    const body = JSON.stringify({ issuer, jwks_uri: `${emulator.urls.sts}/latest/meta-data` });
    emulator.faults.add({ service: 'domain', after: 1, fault: { kind: 'status', status: 200, body } });
    const { message } = await expectFailure(journey, 'AWS_IDENTITY_TOKEN_INVALID', {
      ...emulator.awsInputs,
      ...ALONE,
    });
    expect(message).toContain('/latest/meta-data');
    expect(stsCalls(journey).map(({ path }) => path)).toEqual(['/']);
  });
});

const CONTRADICTIONS: [what: string, inputs: Inputs, names: string][] = [
  ['no AWS region', { 'aws-region': '' }, '`aws-region` is required'],
  ['a region of another partition', { 'aws-region': 'cn-north-1' }, '`aws-region` cn-north-1'],
  ['an account that is not listed', { 'aws-allowed-account-ids': '999999999999' }, '`aws-role-arn`'],
  ['no role', { 'aws-role-arn': '' }, '`aws-region` has no effect'],
  ['nothing to do', { 'aws-role-arn': '', 'aws-region': '', 'aws-sts-endpoint': '' }, '`token-type` none'],
  ['an id without a secret', { 'aws-client-id': 'x' }, '`aws-client-secret` is required'],
  ['a secret without an id', { 'aws-client-secret': 'hunter2' }, '`aws-client-id` is required'],
  [
    'nobody who gets the role',
    { 'aws-export-environment': 'false', 'output-credentials': 'false' },
    '`aws-export-environment` false needs',
  ],
];

describe('inputs that contradict each other', () => {
  it.each(CONTRADICTIONS)('are refused before the first request: %s', async (_what, inputs, names) => {
    const journey = await startJourney();
    const stage = await journey.toAws({ ...ALONE, ...inputs });
    expect([stage.exitCode, stage.outputs]).toEqual([1, { 'failure-code': 'INPUT_INVALID' }]);
    expect(errorOf(stage)).toContain(names);
    expect(errorOf(stage)).not.toContain('hunter2');
    expect([journey.emulator.journal, stage.state, stage.exported]).toEqual([[], {}, {}]);
  });

  it('include a missing OCI region when there is a session with OCI', async () => {
    const journey = await startJourney();
    const { message } = await expectFailure(journey, 'INPUT_INVALID', {
      ...journey.emulator.awsInputs,
      region: '',
    });
    expect(message).toContain('`region` is required');
  });
});
