// How main retries and quotes responses. What each unusable response leads to stands in the fault matrix.
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../emulator/server/start.ts';
import { expectFailure, logOf, startJourney } from './journey.ts';

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
