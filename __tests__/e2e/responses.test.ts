// How main retries and quotes responses. Unusable responses are in the fault matrix.
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../emulator/server/start.ts';
import { expectFailure, logOf, maskedIn, QUICK, startJourney, warningsOf } from './journey.ts';

const status = (code: number, body?: string): Fault => ({
  kind: 'status',
  status: code,
  ...(body === undefined ? {} : { body }),
});

describe('a transient failure', () => {
  it('is retried, and each wait is a line in the log', async () => {
    const { emulator, main } = await startJourney();
    emulator.faults.add({ service: 'github', times: 1, fault: status(503) });
    emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'reset-before-headers' } });
    const stage = await main();
    expect(stage.exitCode).toBe(0);
    expect(emulator.journal.map(({ service }) => service)).toEqual(['github', 'github', 'domain', 'domain']);
    expect(logOf(stage).match(/trying again in \d+\.\d s \(attempt 2 of 5\)/g)).toHaveLength(2);
  });

  it('is not retried past the deadline of the step', async () => {
    const journey = await startJourney();
    const slow = { ...status(429), headers: { 'retry-after': '3600' } } as Fault;
    journey.emulator.faults.add({ service: 'domain', fault: slow });
    await expectFailure(journey, 'OCI_RATE_LIMITED', { 'retry-max-attempts': '5', 'timeout-seconds': '10' });
    expect(journey.emulator.journal.filter(({ service }) => service === 'domain')).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it('is quoted without the secrets that it repeats and without commands to the runner', async () => {
    const journey = await startJourney();
    const { 'client-secret': secret } = journey.emulator.inputs;
    const body = JSON.stringify({
      error: 'x',
      error_description: `${secret}\n::set-output name=a::b ##[error]no`,
    });
    journey.emulator.faults.add({ service: 'domain', fault: status(400, body) });
    const { message, stage } = await expectFailure(journey, 'OCI_EXCHANGE_REJECTED');
    expect(message).toContain('[redacted]');
    expect(stage.stdout).not.toMatch(/##\[|^::set-output/m);
  });
});

describe('a refusal with status 200', () => {
  it('is reported as the refusal that it is', async () => {
    const journey = await startJourney();
    const body = JSON.stringify({
      error: 'invalid_client',
      error_description: 'Client authentication failed.',
    });
    journey.emulator.faults.add({ service: 'domain', fault: status(200, body) });
    const { message } = await expectFailure(journey, 'OCI_CLIENT_REJECTED');
    expect(message).toContain('responded with 200: invalid_client: Client authentication failed.');
  });
});

describe('an HTML page in place of a response', () => {
  const page: Fault = {
    kind: 'status',
    status: 403,
    body: '<!DOCTYPE html><p>Blocked',
    contentType: 'text/html',
  };

  it.each([
    ['github', 'GITHUB_RESPONSE_MALFORMED', "GitHub's OIDC service"],
    ['domain', 'OCI_RESPONSE_MALFORMED', 'the domain'],
    ['oci', 'OCI_SERVICE_RESPONSE_MALFORMED', 'Object Storage'],
    ['sts', 'AWS_RESPONSE_MALFORMED', 'STS'],
  ] as const)('names the host and the status: %s', async (service, code, name) => {
    const journey = await startJourney();
    const { emulator } = journey;
    emulator.faults.add({ service, fault: page });
    const inputs = { verify: 'true', 'verify-endpoint': emulator.urls.oci };
    const { message } = await expectFailure(journey, code, { ...emulator.awsInputs, ...inputs });
    const { host } = new URL(emulator.urls[service]);
    expect(message).toContain(
      `${host} responded with an HTML page (status 403): a proxy or gateway responded in place of ${name}.`,
    );
  });
});

describe('a response in a content coding that was not requested', () => {
  it.each(['gzip', 'deflate', 'br'] as const)('is decoded: %s', async (kind) => {
    const { emulator, toAws } = await startJourney();
    for (const service of ['github', 'domain', 'sts'] as const)
      emulator.faults.add({ service, fault: { kind } });
    expect((await toAws()).exitCode).toBe(0);
    expect(emulator.journal.filter(({ reason }) => reason === `fault: ${kind}`)).not.toHaveLength(0);
  });
});

describe('NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

  it('does not switch off the verification of certificates, and causes one warning', async () => {
    const distrusted = await startJourney({ certificates: { domain: 'unknown-authority' } });
    const stage = await distrusted.main(QUICK, { env });
    expect([stage.outputs, stage.stderr]).toEqual([{ 'failure-code': 'TLS_UNTRUSTED' }, '']);
    const { main, doctor } = await startJourney();
    for (const run of [main, doctor]) {
      const { exitCode, stderr, ...rest } = await run({}, { env });
      expect([exitCode, stderr]).toEqual([0, '']);
      const warnings = warningsOf(rest).filter((text) => text.startsWith('NODE_TLS_REJECT_UNAUTHORIZED=0 '));
      expect(warnings).toHaveLength(1);
    }
  });
});

describe('NODE_OPTIONS with --tls-keylog', () => {
  it('causes a warning, because Node then writes the TLS keys to a file', async () => {
    const { job, main } = await startJourney();
    const stage = await main(
      {},
      { env: { NODE_OPTIONS: `--tls-keylog=${JSON.stringify(`${job.temp}/keys`)}` } },
    );
    expect(stage.exitCode).toBe(0);
    expect(warningsOf(stage)).toEqual([expect.stringMatching(/^NODE_OPTIONS has --tls-keylog: /)]);
  });
});

describe('a token with a line end', () => {
  const body = (token: string) => JSON.stringify({ value: token, token, access_token: token });

  it.each([
    ['github', 'GITHUB_RESPONSE_MALFORMED', 'upst', 'a\nb.c.d'],
    ['domain', 'OCI_RESPONSE_MALFORMED', 'upst', 'e\re\r\na.e30.a'],
    ['domain', 'OCI_RESPONSE_MALFORMED', 'none', 'aaaa\nb.e30.c'],
  ] as const)('of %s is %s, and none of its lines is masked', async (service, code, type, token) => {
    const journey = await startJourney();
    const { awsInputs } = journey.emulator;
    journey.emulator.faults.add({ service, fault: { kind: 'status', status: 200, body: body(token) } });
    const inputs = type === 'none' ? { ...awsInputs, 'token-type': type, region: '' } : {};
    const { stage } = await expectFailure(journey, code, inputs);
    expect(Math.min(...maskedIn(stage).map((mask) => mask.length))).toBeGreaterThan(7);
  });
});

describe('a response with a tenancy', () => {
  it.each([
    ['that is missing', { kind: 'no-tenant' }, 'OCI_RESPONSE_MALFORMED'],
    ['that would add keys to the config', { kind: 'injected-tenant' }, 'OCI_RESPONSE_MALFORMED'],
  ] as const)('%s fails with %s, and nothing is written', async (_what, fault, code) => {
    const journey = await startJourney();
    journey.emulator.faults.add({ service: 'domain', fault });
    await expectFailure(journey, code);
  });
});
