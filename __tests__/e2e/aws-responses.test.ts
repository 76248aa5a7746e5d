// Whatever STS or the network between sends that was not asked for, and whatever an earlier step has left in the way.
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../emulator/server/start.ts';
import { expectFailure, logOf, startJourney, warningsOf, writeHome } from './journey.ts';

const ALONE = { 'token-type': 'none', region: '' };

const refusal = (status: number, code: string): Fault => ({ kind: 'sts-error', status, code });
const xml = (body: string): Fault => ({ kind: 'status', status: 200, body, contentType: 'text/xml' });
const tag = (name: string, text: string) => (text === '' ? '' : `<${name}>${text}</${name}>`);

/** An answer of STS with some of its texts changed; an empty one is left out. */
function granted(changes: Record<string, string> = {}): Fault {
  const honest = {
    AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    SecretAccessKey: 'c2VjcmV0c2VjcmV0',
    SessionToken: 'dG9rZW50b2tlbg==',
    Expiration: '2099-01-01T00:00:00Z',
  };
  const { Arn = 'arn:aws:sts::123456789012:assumed-role/deploy/x', ...others } = changes;
  const keys = Object.entries({ ...honest, ...others }).map(([name, text]) => tag(name, text));
  const user = tag('AssumedRoleUser', tag('Arn', Arn));
  const result = tag('AssumeRoleWithWebIdentityResult', `${user}${tag('Credentials', keys.join(''))}`);
  return xml(
    `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleWithWebIdentityResponse>`,
  );
}

const ANSWERS: [what: string, fault: Fault, code: string][] = [
  ['HTML', { kind: 'html' }, 'AWS_RESPONSE_MALFORMED'],
  ['JSON cut short', { kind: 'truncated-json' }, 'AWS_RESPONSE_MALFORMED'],
  ['XML cut short', xml('<AssumeRoleWithWebIdentityResponse><Assu'), 'AWS_RESPONSE_MALFORMED'],
  ['nothing', { kind: 'empty-body' }, 'AWS_RESPONSE_MALFORMED'],
  ['far too much', { kind: 'oversized' }, 'AWS_RESPONSE_MALFORMED'],
  ['a gzip bomb', { kind: 'gzip-bomb' }, 'AWS_RESPONSE_MALFORMED'],
  [
    'a redirect',
    { kind: 'redirect', status: 307, location: 'https://localhost:1/' },
    'AWS_RESPONSE_MALFORMED',
  ],
  [
    'a refusal in HTML',
    { kind: 'status', status: 403, body: '<html></html>', contentType: 'text/html' },
    'AWS_RESPONSE_MALFORMED',
  ],
  ['a breakdown', { kind: 'status', status: 503 }, 'AWS_UNREACHABLE'],
  [
    'a breakdown in HTML',
    { kind: 'status', status: 502, body: '<html></html>', contentType: 'text/html' },
    'AWS_UNREACHABLE',
  ],
  ['a reset before the answer', { kind: 'reset-before-headers' }, 'AWS_UNREACHABLE'],
  ['a reset inside the answer', { kind: 'reset-inside-body' }, 'AWS_UNREACHABLE'],
  ['silence', { kind: 'stall-before-headers' }, 'AWS_UNREACHABLE'],
  ['a throttle', refusal(400, 'Throttling'), 'AWS_UNREACHABLE'],
  ['a limit', refusal(400, 'RequestLimitExceeded'), 'AWS_UNREACHABLE'],
  ['a provider out of reach', refusal(400, 'IDPCommunicationError'), 'AWS_IDP_UNREACHABLE'],
  ['a rejected claim', refusal(403, 'IDPRejectedClaim'), 'AWS_IDENTITY_TOKEN_INVALID'],
  ['an expired token', refusal(400, 'ExpiredTokenException'), 'AWS_TOKEN_EXPIRED'],
  ['a region that is not enabled', refusal(403, 'RegionDisabledException'), 'AWS_REQUEST_INVALID'],
  ['a code of tomorrow', refusal(400, 'SomethingNew'), 'AWS_REQUEST_INVALID'],
  ['no key id', granted({ AccessKeyId: '' }), 'AWS_RESPONSE_MALFORMED'],
  ['no key', granted({ SecretAccessKey: '' }), 'AWS_RESPONSE_MALFORMED'],
  ['no session token', granted({ SessionToken: '' }), 'AWS_RESPONSE_MALFORMED'],
  [
    'a key that would add a profile',
    granted({ SecretAccessKey: 'a&#10;[profile x]' }),
    'AWS_RESPONSE_MALFORMED',
  ],
  ['no expiration', granted({ Expiration: '' }), 'AWS_RESPONSE_MALFORMED'],
  ['an expiration that is no time', granted({ Expiration: 'soon' }), 'AWS_RESPONSE_MALFORMED'],
  ['an expiration that is over', granted({ Expiration: '2001-01-01T00:00:00Z' }), 'AWS_RESPONSE_MALFORMED'],
  ['no role', granted({ Arn: '' }), 'AWS_RESPONSE_MALFORMED'],
  [
    'a role of another account',
    granted({ Arn: 'arn:aws:sts::999999999999:assumed-role/deploy/x' }),
    'AWS_ACCOUNT_NOT_ALLOWED',
  ],
];

describe('an answer of STS', () => {
  it.each(ANSWERS)('that was not asked for: %s', async (_what, fault, code) => {
    const journey = await startJourney();
    journey.emulator.faults.add({ service: 'sts', fault });
    const limit = fault.kind.startsWith('stall') ? '1' : '30';
    await expectFailure(journey, code, {
      ...journey.emulator.awsInputs,
      ...ALONE,
      'aws-allowed-account-ids': '123456789012',
      'request-timeout-seconds': limit,
    });
    expect(journey.emulator.journal.filter(({ service }) => service === 'sts')).toHaveLength(1);
  });

  it('that is whole is taken, whoever sends it', async () => {
    const { emulator, toAws } = await startJourney();
    emulator.faults.add({ service: 'sts', fault: granted() });
    const { exitCode, outputs } = await toAws(ALONE);
    expect([exitCode, outputs['aws-expiration']]).toEqual([0, '2099-01-01T00:00:00.000Z']);
  });

  it('that never comes, since nobody is there', async () => {
    const journey = await startJourney();
    const inputs = { ...journey.emulator.awsInputs, ...ALONE, 'aws-sts-endpoint': 'https://localhost:1' };
    await expectFailure(journey, 'AWS_UNREACHABLE', inputs);
  });

  it.each([
    ['IDPCommunicationError', 400],
    ['Throttling', 400],
    ['ThrottlingException', 400],
    ['RequestLimitExceeded', 400],
    ['ServiceUnavailable', 503],
  ])('is repeated when another try may bring more: %s', async (code, status) => {
    const { emulator, toAws } = await startJourney();
    emulator.faults.add({ service: 'sts', times: 2, fault: refusal(status, code) });
    const stage = await toAws(ALONE);
    expect(stage.exitCode).toBe(0);
    expect(emulator.journal.filter(({ service }) => service === 'sts')).toHaveLength(3);
    expect(logOf(stage).match(/AWS STS: .*; trying again in/g)).toHaveLength(2);
  });

  it('that repeats the token, or speaks to the runner, is quoted without either', async () => {
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

const HIDDEN: [what: string, after: number, fault: Fault][] = [
  ['a perimeter before the keys', 2, { kind: 'status', status: 403 }],
  ['an outage of the keys', 2, { kind: 'status', status: 503 }],
  ['a reset at the keys', 2, { kind: 'reset-before-headers' }],
  ['a perimeter before the discovery document', 1, { kind: 'status', status: 403 }],
];

describe('a network that hides the keys from this machine', () => {
  it.each(HIDDEN)('makes a warning and no failure: %s', async (_what, after, fault) => {
    const { emulator, toAws } = await startJourney();
    emulator.faults.add({ service: 'domain', after, fault });
    const stage = await toAws({ ...ALONE, 'retry-max-attempts': '1' });
    expect(stage.exitCode).toBe(0);
    expect(warningsOf(stage)).toEqual([expect.stringMatching(/^Whether AWS can read the domain's keys/)]);
  });

  it('does not eat up the time that the login itself needs', async () => {
    const { emulator, toAws } = await startJourney();
    emulator.faults.add({ service: 'domain', after: 2, fault: { kind: 'stall-before-headers' } });
    const stage = await toAws({ ...ALONE, 'timeout-seconds': '12', 'request-timeout-seconds': '5' });
    expect(stage.exitCode).toBe(0);
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
