// What the domain refuses, and what a job lacks: told by its cause, with what to do about it.
import { describe, expect, it } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/server/start.ts';
import { expectFailure, QUICK, startJourney } from './journey.ts';

const REFUSALS: [what: string, options: EmulatorOptions, inputs: Record<string, string>, code: string][] = [
  ['a wrong client secret', {}, { 'client-secret': 'wrong' }, 'OCI_CLIENT_REJECTED'],
  [
    'no rule for this job',
    { world: { rules: [{ rule: 'sub eq repo:acme/other:*', value: 'x' }] } },
    {},
    'OCI_NO_RULE_MATCHED',
  ],
  [
    'a rule with a quoted value',
    { world: { rules: [{ rule: 'sub eq "repo:acme/infra:*"', value: 'x' }] } },
    {},
    'OCI_NO_RULE_MATCHED',
  ],
  ['rules by name for a subject with ids', { world: { immutableSubject: true } }, {}, 'OCI_NO_RULE_MATCHED'],
  ['an inactive trust', { world: { trusts: [{ active: false }] } }, {}, 'OCI_EXCHANGE_REJECTED'],
  [
    'an application that the trust does not list',
    { world: { trusts: [{ oauthClients: [] }] } },
    {},
    'OCI_EXCHANGE_REJECTED',
  ],
  [
    'an audience that the trust does not list',
    {},
    { audience: 'https://example.com' },
    'OCI_EXCHANGE_REJECTED',
  ],
  [
    'another tenancy than the author named',
    {},
    { tenancy: 'ocid1.tenancy.oc1..aaaaother' },
    'UPST_TENANCY_MISMATCH',
  ],
];

describe('a refusal of the domain', () => {
  it.each(REFUSALS)('is told by its cause, with the request id: %s', async (_what, options, inputs, code) => {
    const journey = await startJourney(options);
    const { message } = await expectFailure(journey, code, inputs);
    expect(message).toContain(`Request ID: ${journey.emulator.journal.at(-1)?.requestId}`);
    expect(journey.emulator.journal).toHaveLength(2);
  });

  it('shows issuer, audience and subject as the domain saw them, in the log and in the summary', async () => {
    const journey = await startJourney({ world: { immutableSubject: true } });
    const { message, stage } = await expectFailure(journey, 'OCI_NO_RULE_MATCHED');
    const seen = [
      journey.emulator.urls.github,
      'https://cloud.oracle.com',
      'repo:acme@1001/infra@2002:ref:refs/heads/main',
    ];
    for (const text of seen)
      expect([message, stage.summary].every((place) => place.includes(text))).toBe(true);
  });
});

describe('a job', () => {
  it('without the permission for an identity is told which line to add', async () => {
    const journey = await startJourney({
      job: { env: { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' } },
    });
    const { message } = await expectFailure(journey, 'GITHUB_OIDC_UNAVAILABLE');
    expect(message).toContain('ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN are not set');
    expect(message).toContain('id-token: write');
    expect(journey.emulator.journal).toEqual([]);
  });

  it('whose token service is not behind https is not spoken to', async () => {
    const journey = await startJourney({
      job: { env: { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://example.com/' } },
    });
    await expectFailure(journey, 'GITHUB_OIDC_UNAVAILABLE');
  });

  it('that cannot verify the certificate of a server says so and does not try again', async () => {
    const journey = await startJourney({ job: { env: { NODE_EXTRA_CA_CERTS: '' } } });
    const { message } = await expectFailure(journey, 'TLS_UNTRUSTED', { 'retry-max-attempts': '5' });
    expect(message).toContain('TLS certificate');
    expect(journey.emulator.journal).toEqual([]);
  });

  it('shows a stack with debug logging only', async () => {
    const journey = await startJourney();
    journey.emulator.faults.add({ service: 'domain', fault: { kind: 'html' } });
    expect((await journey.main(QUICK, { env: { RUNNER_DEBUG: '' } })).stdout).not.toMatch(/^::debug::.*at /m);
    expect((await journey.main(QUICK)).stdout).toMatch(/^::debug::.* at /m);
  });
});
