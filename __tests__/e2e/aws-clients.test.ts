// The released AWS SDK in a later step.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { type Journey, startJourney, writeHome } from './journey.ts';

const run = promisify(execFile);
const ARN = 'arn:aws:sts::123456789012:assumed-role/deploy/acme-infra@4004004004.1';

/** Endpoints are the emulator's; all else is what the job has and `extra`. */
async function callAws({ emulator, job }: Journey, extra: Record<string, string> = {}) {
  const env = {
    ...job.env(),
    AWS_ENDPOINT_URL_STS: emulator.urls.sts,
    AWS_ENDPOINT_URL_S3: emulator.urls.s3,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...extra,
  };
  const script = path.join(import.meta.dirname, 'clients/aws.ts');
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', script], { env });
  return JSON.parse(stdout) as unknown;
}

const calls = ({ emulator }: Journey, service: string) =>
  emulator.journal.filter((entry) => entry.service === service).length;

describe('a later step', () => {
  it('calls AWS with the environment alone', async () => {
    const journey = await startJourney();
    expect((await journey.toAws()).exitCode).toBe(0);
    expect(await callAws(journey)).toEqual({ Arn: ARN, text: 'hello' });
    expect(calls(journey, 'sts')).toBe(2);
  });

  it('calls AWS with the profile alone', async () => {
    const journey = await startJourney();
    const { exported } = await journey.toAws({ 'aws-profile': 'deploy', 'aws-export-environment': 'false' });
    expect(Object.keys(exported).filter((name) => name.startsWith('AWS_'))).toEqual([]);
    expect(await callAws(journey, { AWS_PROFILE: 'deploy' })).toEqual({ Arn: ARN, text: 'hello' });
  });

  it('calls AWS with the profile `default` and nothing that names it', async () => {
    const journey = await startJourney();
    await journey.toAws({ 'aws-profile': 'default', 'aws-export-environment': 'false' });
    expect(await callAws(journey)).toEqual({ Arn: ARN, text: 'hello' });
  });

  it('assumes the role itself with the environment', async () => {
    const journey = await startJourney();
    await journey.toAws({ 'aws-credential-source': 'web-identity' });
    const before = calls(journey, 'sts');
    expect(await callAws(journey)).toEqual({ Arn: ARN, text: 'hello' });
    expect(calls(journey, 'sts')).toBeGreaterThan(before + 1);
  });

  it('assumes the role itself with the profile', async () => {
    const journey = await startJourney();
    await journey.toAws({
      'aws-credential-source': 'web-identity',
      'aws-profile': 'deploy',
      'aws-export-environment': 'false',
    });
    expect(await callAws(journey, { AWS_PROFILE: 'deploy' })).toEqual({ Arn: ARN, text: 'hello' });
  });

  it('uses the new role when an earlier step left keys of another role', async () => {
    const journey = await startJourney({
      job: {
        env: {
          AWS_ACCESS_KEY_ID: 'ASIAOLD',
          AWS_SECRET_ACCESS_KEY: 'oldoldold',
          AWS_SESSION_TOKEN: 'oldoldold2',
        },
      },
    });
    await journey.toAws({ 'aws-credential-source': 'web-identity' });
    expect(await callAws(journey)).toEqual({ Arn: ARN, text: 'hello' });
  });

  it('does not use old keys of a profile that assumes the role', async () => {
    const journey = await startJourney();
    const old = '[deploy]\naws_access_key_id = ASIAOLD\naws_secret_access_key = oldoldold\n';
    writeHome(journey.job.home, { '.aws/credentials': old });
    const inputs = { 'aws-credential-source': 'web-identity', 'aws-profile': 'deploy' };
    const stage = await journey.toAws({
      ...inputs,
      'aws-export-environment': 'false',
      'overwrite-profile': 'true',
    });
    expect(stage.exitCode).toBe(0);
    expect(await callAws(journey, { AWS_PROFILE: 'deploy' })).toEqual({ Arn: ARN, text: 'hello' });
  });
});
