// Trusts that were created for other actions (docs/migrating.md).
import { describe, expect, it } from '@jest/globals';
import { expectFailure, startJourney } from './journey.ts';

const PLAIN = 'https://cloud.oracle.com';
const ENCODED = 'https%3A%2F%2Fcloud.oracle.com';
const USER = { id: 'scim-1', ocid: 'ocid1.user.oc1..aaaa', serviceUser: true };
const trusting = (...clientClaimValues: string[]) => ({ world: { trusts: [{ clientClaimValues }] } });

describe('a trust with a percent-encoded audience', () => {
  it('accepts the same `audience`, which GitHub receives unchanged', async () => {
    const { main } = await startJourney(trusting(ENCODED));
    expect((await main({ audience: ENCODED })).exitCode).toBe(0);
  });

  it('refuses the decoded audience', async () => {
    await expectFailure(await startJourney(trusting(ENCODED)), 'OCI_EXCHANGE_REJECTED', { audience: PLAIN });
  });

  it.each([PLAIN, ENCODED])('accepts each audience when it lists both: %s', async (audience) => {
    const { main } = await startJourney(trusting(ENCODED, PLAIN));
    expect((await main({ audience })).exitCode).toBe(0);
  });
});

describe('a trust without a client claim', () => {
  it('accepts a job with any audience', async () => {
    const { main } = await startJourney({ world: { trusts: [{ clientClaimName: undefined }] } });
    expect((await main({ audience: 'https://acme.example/x' })).exitCode).toBe(0);
  });
});

describe('a trust that lists subjects instead of audiences, with a rule for all', () => {
  const listing = (subject: string) => ({
    world: {
      trusts: [{ clientClaimName: 'sub', clientClaimValues: [subject] }],
      rules: [{ rule: 'sub eq *', value: USER.id }],
      serviceUser: USER,
    },
  });

  it('accepts the listed job with any audience, and no other job', async () => {
    const { main } = await startJourney(listing('repo:acme/infra:ref:refs/heads/main'));
    for (const audience of [PLAIN, 'https://acme.example/x'])
      expect((await main({ audience, profile: 'P' })).exitCode).toBe(0);
    await expectFailure(
      await startJourney(listing('repo:acme/shop:ref:refs/heads/main')),
      'OCI_EXCHANGE_REJECTED',
    );
  });
});
