// Refusals of the domain, reported by their cause.
import { describe, expect, it } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/server/start.ts';
import { expectFailure, QUICK, startJourney } from './journey.ts';

/** One refusal for each code is in every-code.test.ts; these differ from it in cause. */
const REFUSALS: [what: string, options: EmulatorOptions, inputs: Record<string, string>, code: string][] = [
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
  ['no trust for GitHub', { world: { trusts: [] } }, {}, 'OCI_EXCHANGE_REJECTED'],
  ['several trusts for GitHub', { world: { trusts: [{}, {}] } }, {}, 'OCI_EXCHANGE_REJECTED'],
  [
    'a token whose times the domain does not accept',
    { world: { trusts: [{ clockSkewSeconds: -400 }] } },
    {},
    'OCI_EXCHANGE_REJECTED',
  ],
  [
    'a trust for resources',
    { world: { trusts: [{ subjectType: 'Resource' }] } },
    {},
    'OCI_EXCHANGE_REJECTED',
  ],
];

describe('a refusal of the domain', () => {
  it.each(REFUSALS)(
    'is reported by its cause, with the request id: %s',
    async (_what, options, inputs, code) => {
      const journey = await startJourney(options);
      const { message } = await expectFailure(journey, code, inputs);
      const exchanges = journey.emulator.journal.filter(({ service }) => service === 'domain');
      expect(exchanges).toHaveLength(1);
      expect(message).toContain(`Request ID: ${exchanges[0]?.requestId}`);
    },
  );

  it('shows issuer, audience and subject in the log and in the summary', async () => {
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

describe('a failure', () => {
  it('shows a stack only with debug logging', async () => {
    const journey = await startJourney();
    journey.emulator.faults.add({ service: 'domain', fault: { kind: 'html' } });
    expect((await journey.main(QUICK, { env: { RUNNER_DEBUG: '' } })).stdout).not.toMatch(/^::debug::.*at /m);
    expect((await journey.main(QUICK)).stdout).toMatch(/^::debug::.* at /m);
  });
});
