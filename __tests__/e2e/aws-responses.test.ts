// How main retries and quotes responses of STS, what it does when the domain's keys are out of reach, and after steps that prepared the
// environment. What each unusable response leads to stands in the fault matrix.
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../emulator/server/start.ts';
import { expectFailure, logOf, startJourney, writeHome } from './journey.ts';

const ALONE = { 'token-type': 'none', region: '' };

const refusal = (status: number, code: string, message = 'x'): Fault => ({
  kind: 'sts-error',
  status,
  code,
  message,
});
const NO_KEY = "Couldn't retrieve verification key from your identity provider";

describe('a transient failure of STS', () => {
  it.each([
    ['IDPCommunicationError', 400, ''],
    ['Throttling', 400, ''],
    ['ThrottlingException', 400, ''],
    ['RequestLimitExceeded', 400, ''],
    ['ServiceUnavailable', 503, ''],
    ['InvalidIdentityToken', 400, NO_KEY],
  ])('is retried: %s', async (code, status, message) => {
    const { emulator, toAws } = await startJourney();
    emulator.faults.add({ service: 'sts', times: 2, fault: refusal(status, code, message) });
    const stage = await toAws(ALONE);
    expect(stage.exitCode).toBe(0);
    expect(emulator.journal.filter(({ service }) => service === 'sts')).toHaveLength(3);
    expect(logOf(stage).match(/AWS STS: .*; trying again in/g)).toHaveLength(2);
  });
});

describe('a refusal of STS', () => {
  it('is quoted without the token that it repeats and without commands to the runner', async () => {
    const journey = await startJourney();
    const { emulator } = journey;
    const message = '\n::error::x ##[error]no &#10;::set-output name=a::b';
    const fault: Fault = { kind: 'sts-error', status: 403, code: 'AccessDenied', message };
    emulator.faults.add({ service: 'sts', fault });
    const { stage } = await expectFailure(journey, 'AWS_ACCESS_DENIED', {
      ...emulator.awsInputs,
      ...ALONE,
    });
    expect(stage.stdout).not.toMatch(/##\[|^::set-output/m);
  });
});

describe('keys of the domain that cannot be fetched from this machine', () => {
  it('do not change the refusal of STS, nor use up the time to report it', async () => {
    const journey = await startJourney();
    const { emulator } = journey;
    emulator.faults.add({ service: 'sts', fault: refusal(400, 'InvalidIdentityToken', NO_KEY) });
    emulator.faults.add({ service: 'domain', after: 1, fault: { kind: 'stall-before-headers' } });
    const { message } = await expectFailure(journey, 'AWS_IDENTITY_TOKEN_INVALID', {
      ...emulator.awsInputs,
      ...ALONE,
      'request-timeout-seconds': '1',
    });
    expect(message).toContain(NO_KEY);
    expect(message).toContain('could not be checked from here');
  });
});

describe('an earlier step that has prepared the job', () => {
  it('does not lead the token elsewhere, nor make the SDK sign or repeat', async () => {
    const elsewhere = 'https://localhost:1';
    const env = {
      AWS_ENDPOINT_URL_STS: elsewhere,
      AWS_ENDPOINT_URL: elsewhere,
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_STS_REGIONAL_ENDPOINTS: 'legacy',
      AWS_ACCESS_KEY_ID: 'ASIAOLD',
      AWS_SECRET_ACCESS_KEY: 'old',
      AWS_MAX_ATTEMPTS: '7',
      AWS_RETRY_MODE: 'adaptive',
      AWS_DEFAULTS_MODE: 'legacy',
      AWS_SDK_UA_APP_ID: 'x',
      AWS_AUTH_SCHEME_PREFERENCE: 'sigv4a',
      HTTPS_PROXY: elsewhere,
    };
    const { emulator, job, toAws } = await startJourney({ job: { env } });
    writeHome(job.home, {
      '.aws/config': `[default]\nendpoint_url = ${elsewhere}\nservices = s\n[services s]\nsts =\n  endpoint_url = ${elsewhere}\n`,
    });
    expect((await toAws(ALONE)).exitCode).toBe(0);
    expect(emulator.journal.filter(({ service }) => service === 'sts')).toHaveLength(1);
  });

  it('does not break the login by files of AWS that nobody can read', async () => {
    const { job, toAws } = await startJourney({ job: { env: { AWS_PROFILE: 'none' } } });
    writeHome(job.home, { '.aws/config': '\0\xff[', '.aws/credentials': ']\n=\n' });
    expect((await toAws(ALONE)).exitCode).toBe(0);
  });
});
