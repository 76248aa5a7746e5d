// Whatever a server sends that is not what was asked for: a code, a remedy, an exit code, and nothing written.
import { describe, expect, it } from '@jest/globals';
import type { Fault, FaultOrder } from '../../emulator/server/start.ts';
import { expectFailure, logOf, startJourney } from './journey.ts';

type Service = FaultOrder['service'];

const status = (code: number, body?: string, contentType?: string): Fault => ({
  kind: 'status',
  status: code,
  ...(body === undefined ? {} : { body }),
  ...(contentType === undefined ? {} : { contentType }),
});

const ANSWERS: [service: Service, what: string, fault: Fault, code: string][] = [
  ['github', 'a refusal', status(401), 'GITHUB_OIDC_REFUSED'],
  ['github', 'a server error', status(503), 'GITHUB_UNREACHABLE'],
  [
    'github',
    'a redirect',
    { kind: 'redirect', status: 302, location: 'https://localhost:1/' },
    'GITHUB_RESPONSE_MALFORMED',
  ],
  ['github', 'HTML', { kind: 'html' }, 'GITHUB_RESPONSE_MALFORMED'],
  ['github', 'cut JSON', { kind: 'truncated-json' }, 'GITHUB_RESPONSE_MALFORMED'],
  ['github', 'nothing', { kind: 'empty-body' }, 'GITHUB_RESPONSE_MALFORMED'],
  ['github', 'far too much', { kind: 'oversized' }, 'GITHUB_RESPONSE_MALFORMED'],
  ['github', 'a gzip bomb', { kind: 'gzip-bomb' }, 'GITHUB_RESPONSE_MALFORMED'],
  ['github', 'an empty token', { kind: 'empty-token' }, 'GITHUB_RESPONSE_MALFORMED'],
  ['github', 'something that is no JWT', { kind: 'not-a-jwt' }, 'GITHUB_RESPONSE_MALFORMED'],
  ['github', 'a reset before the answer', { kind: 'reset-before-headers' }, 'GITHUB_UNREACHABLE'],
  ['github', 'a reset inside the answer', { kind: 'reset-inside-body' }, 'GITHUB_UNREACHABLE'],
  ['github', 'silence', { kind: 'stall-before-headers' }, 'GITHUB_UNREACHABLE'],
  ['github', 'silence after half an answer', { kind: 'stall-inside-body' }, 'GITHUB_UNREACHABLE'],
  ['domain', 'a refusal without a reason', status(400, '{}'), 'OCI_EXCHANGE_REJECTED'],
  ['domain', 'a refusal in HTML', status(403, '<html></html>', 'text/html'), 'OCI_RESPONSE_MALFORMED'],
  ['domain', 'a rate limit', status(429), 'OCI_RATE_LIMITED'],
  ['domain', 'a server error', status(500), 'OCI_DOMAIN_UNREACHABLE'],
  [
    'domain',
    'a redirect',
    { kind: 'redirect', status: 307, location: 'https://localhost:1/' },
    'OCI_RESPONSE_MALFORMED',
  ],
  ['domain', 'HTML', { kind: 'html' }, 'OCI_RESPONSE_MALFORMED'],
  ['domain', 'cut JSON', { kind: 'truncated-json' }, 'OCI_RESPONSE_MALFORMED'],
  ['domain', 'nothing', { kind: 'empty-body' }, 'OCI_RESPONSE_MALFORMED'],
  ['domain', 'far too much', { kind: 'oversized' }, 'OCI_RESPONSE_MALFORMED'],
  ['domain', 'a gzip bomb', { kind: 'gzip-bomb' }, 'OCI_RESPONSE_MALFORMED'],
  ['domain', 'an empty token', { kind: 'empty-token' }, 'OCI_RESPONSE_MALFORMED'],
  ['domain', 'no token', { kind: 'no-token' }, 'OCI_RESPONSE_MALFORMED'],
  ['domain', 'something that is no JWT', { kind: 'not-a-jwt' }, 'OCI_RESPONSE_MALFORMED'],
  ['domain', 'a token for another key', { kind: 'other-key' }, 'UPST_KEY_MISMATCH'],
  ['domain', 'a token without a key', { kind: 'no-jwk' }, 'UPST_KEY_MISMATCH'],
  ['domain', 'an expired token', { kind: 'expired' }, 'UPST_EXPIRED'],
  ['domain', 'a token of another tenancy', { kind: 'other-tenancy' }, 'UPST_TENANCY_MISMATCH'],
  ['domain', 'a token of no tenancy', { kind: 'no-tenant' }, 'OCI_RESPONSE_MALFORMED'],
  [
    'domain',
    'a tenancy that would add keys to the config',
    { kind: 'injected-tenant' },
    'OCI_RESPONSE_MALFORMED',
  ],
  ['domain', 'a reset before the answer', { kind: 'reset-before-headers' }, 'OCI_DOMAIN_UNREACHABLE'],
  ['domain', 'a reset inside the answer', { kind: 'reset-inside-body' }, 'OCI_DOMAIN_UNREACHABLE'],
  ['domain', 'silence', { kind: 'stall-before-headers' }, 'OCI_DOMAIN_UNREACHABLE'],
  ['domain', 'silence after half an answer', { kind: 'stall-inside-body' }, 'OCI_DOMAIN_UNREACHABLE'],
];

describe('an answer that was not asked for', () => {
  it.each(ANSWERS)('from %s: %s', async (service, _what, fault, code) => {
    const journey = await startJourney();
    journey.emulator.faults.add({ service, fault });
    // Short where the server is silent, and only there: a busy machine must not look like a silent server.
    const limit = fault.kind.startsWith('stall') ? '1' : '30';
    await expectFailure(journey, code, { 'request-timeout-seconds': limit });
    expect(journey.emulator.journal.filter((entry) => entry.service === service)).toHaveLength(1);
  });

  it('is repeated when another try may bring more, and each wait is a line in the log', async () => {
    const { emulator, main } = await startJourney();
    emulator.faults.add({ service: 'github', times: 1, fault: status(503) });
    emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'reset-before-headers' } });
    const stage = await main();
    expect(stage.exitCode).toBe(0);
    expect(emulator.journal.map(({ service }) => service)).toEqual(['github', 'github', 'domain', 'domain']);
    expect(logOf(stage).match(/trying again in \d+\.\d s \(try 2 of 5\)/g)).toHaveLength(2);
  });

  it('is not repeated past the time for the whole step', async () => {
    const journey = await startJourney();
    const slow = { ...status(429), headers: { 'retry-after': '3600' } } as Fault;
    journey.emulator.faults.add({ service: 'domain', fault: slow });
    await expectFailure(journey, 'OCI_RATE_LIMITED', { 'retry-max-attempts': '5', 'timeout-seconds': '10' });
    expect(journey.emulator.journal.filter(({ service }) => service === 'domain')).toHaveLength(1);
  });

  it('that repeats what was sent, or speaks to the runner, is quoted without either', async () => {
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
