// Trusts that were made for other actions, as docs/migrating.md tells of them, serve this one.
import { describe, expect, it } from '@jest/globals';
import { expectFailure, startJourney } from './journey.ts';

const PLAIN = 'https://cloud.oracle.com';
const ENCODED = 'https%3A%2F%2Fcloud.oracle.com';
const USER = { id: 'scim-1', ocid: 'ocid1.user.oc1..aaaa', serviceUser: true };
const trusting = (...clientClaimValues: string[]) => ({ world: { trusts: [{ clientClaimValues }] } });

describe('a trust that expects the audience percent-encoded', () => {
  it('is met by an audience that is handed to GitHub to the letter', async () => {
    const { main } = await startJourney(trusting(ENCODED));
    expect((await main({ audience: ENCODED })).exitCode).toBe(0);
  });

  it('refuses the plain one', async () => {
    await expectFailure(await startJourney(trusting(ENCODED)), 'OCI_EXCHANGE_REJECTED', { audience: PLAIN });
  });

  it.each([PLAIN, ENCODED])('serves both while it lists both: %s', async (audience) => {
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

  it('lets the listed job in, whatever its audience, and no other', async () => {
    const { main } = await startJourney(listing('repo:acme/infra:ref:refs/heads/main'));
    for (const audience of [PLAIN, 'https://acme.example/x'])
      expect((await main({ audience, profile: 'P' })).exitCode).toBe(0);
    await expectFailure(
      await startJourney(listing('repo:acme/shop:ref:refs/heads/main')),
      'OCI_EXCHANGE_REJECTED',
    );
  });
});
