// Inputs that reach STS.
import { describe, expect, it } from '@jest/globals';
import { expectFailure, startJourney } from './journey.ts';

const ALONE = { 'token-type': 'none', region: '' };
const STATEMENT = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

const NAMES: [repository: string, run: string, attempt: string, name: string][] = [
  ['acme/infra', '77', '2', 'acme-infra@77.2'],
  ['acme/infra.x_y', '77', '2', 'acme-infra.x_y@77.2'],
  ['acme/ünfra 1', '77', '2', 'acme--nfra-1@77.2'],
  [`acme/${'x'.repeat(100)}`, '12345678901', '10', `acme-${'x'.repeat(44)}@12345678901.10`],
];

describe('the session', () => {
  it.each(NAMES)('of %s, run %s, attempt %s is called %s', async (repository, run, attempt, name) => {
    const { toAws } = await startJourney();
    const env = { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt };
    const { outputs } = await toAws(ALONE, { env });
    expect(outputs['aws-assumed-role-arn']).toBe(`arn:aws:sts::123456789012:assumed-role/deploy/${name}`);
  });

  it('has the name of `aws-role-session-name`', async () => {
    const { toAws } = await startJourney();
    const { outputs } = await toAws({ ...ALONE, 'aws-role-session-name': 'nightly=1@x' });
    expect(outputs['aws-assumed-role-arn']).toMatch(/\/nightly=1@x$/);
  });

  it.each(['900', '3600', '43200'])('lasts %s seconds', async (seconds) => {
    const { emulator, toAws } = await startJourney({ world: { roles: [{ maxSessionDuration: 43_200 }] } });
    const { outputs } = await toAws({ ...ALONE, 'aws-role-duration-seconds': seconds });
    const [session] = emulator.world.awsSessions.values();
    const left = (session?.expires ?? 0) - Date.now();
    expect(Math.abs(left / 1000 - Number(seconds))).toBeLessThan(60);
    expect(outputs['aws-expiration']).toBe(new Date(session?.expires ?? 0).toISOString());
  });

  it('has a role with a path', async () => {
    const arn = 'arn:aws:iam::123456789012:role/teams/a/deploy';
    const { toAws } = await startJourney({ world: { roles: [{ arn }] } });
    const { exitCode, outputs } = await toAws({ ...ALONE, 'aws-role-arn': arn });
    expect([exitCode, outputs['aws-account-id']]).toEqual([0, '123456789012']);
  });

  it('is accepted when its account is in `aws-allowed-account-ids`', async () => {
    const { toAws } = await startJourney();
    const accounts = '999999999999\n123456789012';
    expect((await toAws({ ...ALONE, 'aws-allowed-account-ids': accounts })).exitCode).toBe(0);
  });
});

describe('a session policy', () => {
  const policy = { Version: '2012-10-17', Statement: [STATEMENT] };

  it('is sent without blanks, which count towards its limit', async () => {
    const { toAws } = await startJourney();
    const pretty = JSON.stringify(policy, undefined, 2).replaceAll('\n', `\n${' '.repeat(300)}`);
    expect(pretty.length).toBeGreaterThan(2048);
    expect((await toAws({ ...ALONE, 'aws-session-policy': pretty })).exitCode).toBe(0);
  });

  it('is sent to STS', async () => {
    const journey = await startJourney({ world: { packedPolicyTooLarge: true } });
    const inputs = {
      ...journey.emulator.awsInputs,
      ...ALONE,
      'aws-session-policy': JSON.stringify(policy),
    };
    await expectFailure(journey, 'AWS_POLICY_TOO_LARGE', inputs);
  });

  it('can be a managed one', async () => {
    const journey = await startJourney();
    const arns = 'arn:aws:iam::aws:policy/ReadOnlyAccess\narn:aws:iam::123456789012:policy/own';
    const inputs = { ...journey.emulator.awsInputs, ...ALONE, 'aws-managed-session-policies': arns };
    expect((await journey.main(inputs)).exitCode).toBe(0);
    const { settings } = journey.emulator.world;
    settings.packedPolicyTooLarge = true;
    await expectFailure(journey, 'AWS_POLICY_TOO_LARGE', inputs);
  });
});
