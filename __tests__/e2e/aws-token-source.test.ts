// `aws-token-source: session`: the OCI session requests the access token for AWS, in place of a client.
import { describe, expect, it } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/server/start.ts';
import { expectFailure, type Journey, logOf, maskedIn, startJourney, warningsOf } from './journey.ts';
import { signedInputs, startOnInstance, TRUST_OF_SIGNERS_FOR_USERS } from './oci-machines.ts';

type World = NonNullable<EmulatorOptions['world']>;

const OF_SESSION = { 'aws-token-source': 'session' };
/** A role for the service user alone. */
const ROLE: World = { roleSubject: 'user' };

const servicesOf = ({ emulator }: Pick<Journey, 'emulator'>) =>
  emulator.journal.map(({ service }) => service);
const expectRefused = async (world: World, code: string, changes: Record<string, string> = {}) => {
  const journey = await startJourney({ world: { ...ROLE, ...world } });
  const inputs = { ...journey.emulator.awsInputs, ...OF_SESSION, ...changes };
  return { journey, ...(await expectFailure(journey, code, inputs)) };
};

describe('a login to AWS with the OCI session', () => {
  it('waits for the session, and says what the role must demand', async () => {
    const journey = await startJourney({ world: ROLE });
    const { emulator, toAws } = journey;
    const stage = await toAws(OF_SESSION);
    expect([stage.exitCode, stage.stderr, warningsOf(stage)]).toEqual([0, '', []]);
    expect(servicesOf(journey)).toEqual(['github', 'domain', 'domain', 'sts']);
    const [session] = emulator.world.awsSessions.values();
    expect(stage.outputs).toMatchObject({
      principal: emulator.world.settings.serviceUser.ocid,
      'aws-access-key-id': session?.accessKeyId,
    });
    const { serviceUserName } = emulator.world.settings;
    expect(logOf(stage)).toContain(
      `\`aws-token-source\` session is experimental. Demand aud sts.amazon.com and sub ${serviceUserName} in the trust policy`,
    );
    // The request token, GitHub's, that of the session and the access token.
    const tokens = maskedIn(stage).filter((text) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text));
    expect(new Set(tokens).size).toBe(4);
  });

  it('needs no secret at all on an instance', async () => {
    const journey = await startOnInstance({ world: { ...ROLE, ...TRUST_OF_SIGNERS_FOR_USERS } });
    const signed = { ...signedInputs('instance-principal'), 'token-type': 'upst', 'resource-type': '' };
    const stage = await journey.toAws({ ...signed, ...OF_SESSION });
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    expect(stage.outputs['aws-account-id']).toBe('123456789012');
  });

  it('accepts a scope with its audience in front', async () => {
    const { toAws } = await startJourney({ world: ROLE });
    expect((await toAws({ ...OF_SESSION, 'aws-scope': 'sts.amazon.com/' })).exitCode).toBe(0);
  });

  it('requests no token when the login to OCI fails, and reports its failure once', async () => {
    const { journey } = await expectRefused({ trusts: [{ active: false }] }, 'OCI_EXCHANGE_REJECTED');
    expect(servicesOf(journey).filter((one) => one === 'domain' || one === 'sts')).toEqual(['domain']);
  });

  it.each<[string, World, string, Record<string, string>]>([
    ['an unknown scope', {}, 'OCI_SCOPE_REFUSED', { 'aws-scope': 'other' }],
    ['an inactive resource server', { awsResourceActive: false }, 'OCI_SCOPE_REFUSED', {}],
    ['a user without the scope', { accessTokenUsers: [] }, 'OCI_ACCESS_TOKEN_REFUSED', {}],
    ['signers that are users', { accessTokenSigners: [] }, 'OCI_ACCESS_TOKEN_REFUSED', {}],
    [
      'several audiences',
      { accessTokenAudience: ['sts.amazon.com', 'https://x'] },
      'AWS_AUDIENCE_MISMATCH',
      {},
    ],
    ['no subject', { accessTokenSubject: 'absent' }, 'OCI_RESPONSE_MALFORMED', {}],
    ['another subject than that of the role', { accessTokenSubject: 'id' }, 'AWS_ACCESS_DENIED', {}],
  ])('fails for %s', async (_what, world, code, changes) => {
    const { stage } = await expectRefused(world, code, changes);
    if (/^OCI_(SCOPE|ACCESS)/.test(code))
      expect(stage.summary).toContain('Grant the resource server to the service user');
  });

  it('shows the subject that the role must demand after STS refused it', async () => {
    const { stage, journey } = await expectRefused({ roleSubject: 'client' }, 'AWS_ACCESS_DENIED');
    const { serviceUserName } = journey.emulator.world.settings;
    expect(stage.summary).toContain(`:sub": "${serviceUserName}"`);
    expect(stage.summary).toContain(':aud": "sts.amazon.com"');
  });
});
