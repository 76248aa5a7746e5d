// The doctor on machines that sign the exchange, and with an access token for the session.
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/server/start.ts';
import { type Journey, logOf, QUICK, startJourney } from './journey.ts';
import { signedInputs, startInPod, startOnInstance, TRUST_OF_SIGNERS_FOR_USERS } from './oci-machines.ts';

type World = NonNullable<EmulatorOptions['world']>;

const SIGNED = signedInputs('instance-principal');
const WITHOUT_AWS = { 'aws-role-arn': '', 'aws-region': '', 'aws-sts-endpoint': '' };

/** The verdict and the text of each check. */
async function findingsOf({ doctor }: Journey, inputs: Record<string, string>) {
  const stage = await doctor({ ...QUICK, ...inputs });
  const log = stripVTControlCharacters(logOf(stage));
  const lines = log.matchAll(/^(ok|warning|failure|skipped) +(\S+(?: \S+)*?) {2,}(.*)$/gm);
  const findings = Object.fromEntries(
    [...lines].map(([, verdict, check = '', text = '']) => [check, `${verdict} ${text}`]),
  );
  return { stage, log, findings };
}

describe('the doctor on an instance', () => {
  it('checks the token of the instance and its signature in place of the application', async () => {
    const journey = await startOnInstance();
    const { stage, log, findings } = await findingsOf(journey, { ...SIGNED, ...WITHOUT_AWS });
    expect([stage.exitCode, stage.outputs]).toEqual([0, { result: 'ok' }]);
    expect(findings).toMatchObject({
      'instance-principal': 'ok OCI issued a token',
      signer: 'ok signature accepted',
      'other audience': 'ok refused by the trust',
    });
    expect(findings).not.toHaveProperty('application');
    expect(log).toContain(`opc-compartment: ${journey.emulator.world.settings.instance.compartmentId}`);
  });

  it('warns that a session of a user is experimental', async () => {
    const journey = await startOnInstance({ world: TRUST_OF_SIGNERS_FOR_USERS });
    const inputs = { ...SIGNED, ...WITHOUT_AWS, 'token-type': 'upst', 'resource-type': '' };
    const { stage, findings } = await findingsOf(journey, inputs);
    expect(stage.outputs).toEqual({ result: 'warning' });
    expect(findings['signer']).toMatch(/^warning .*is experimental/);
  });

  it.each<[string, World, Record<string, string>]>([
    [
      'the machine is no instance',
      { metadataService: 'azure' },
      {
        'instance-principal': 'failure INSTANCE_METADATA_UNREACHABLE',
        signer: 'skipped needs instance-principal',
      },
    ],
    [
      'a policy is missing',
      { exchangePolicies: [], exchangeDenial: { status: 403, form: 'oauth' } },
      { signer: 'failure OCI_SIGNER_REJECTED', exchange: 'skipped needs signer' },
    ],
    [
      'the domain does not say what is missing',
      { exchangePolicies: [] },
      { signer: 'skipped needs exchange', exchange: 'failure OCI_EXCHANGE_REJECTED' },
    ],
  ])('shows that %s', async (_what, world, expected) => {
    const { stage, findings } = await findingsOf(await startOnInstance({ world }), {
      ...SIGNED,
      ...WITHOUT_AWS,
    });
    expect(stage.outputs).toEqual({ result: 'failure' });
    for (const [check, text] of Object.entries(expected)) expect(findings[check]).toContain(text);
    expect(stage.summary).toContain(world.metadataService ? 'client-auth: secret' : '{GET_RPST}');
  });

  it('skips the exchange when an input of a client is given, too', async () => {
    const { findings } = await findingsOf(await startOnInstance(), {
      ...SIGNED,
      ...WITHOUT_AWS,
      'client-id': 'x',
    });
    expect(findings).toMatchObject({
      inputs: expect.stringContaining('failure INPUT_INVALID'),
      'instance-principal': 'skipped needs `client-id`',
    });
  });
});

describe('the doctor in a pod', () => {
  it('warns that this is experimental', async () => {
    const inputs = { ...signedInputs('oke-workload-identity'), ...WITHOUT_AWS };
    const { stage, findings } = await findingsOf(await startInPod(), inputs);
    expect(stage.outputs).toEqual({ result: 'warning' });
    expect(findings).toMatchObject({
      'oke-workload-identity': 'ok OCI issued a token',
      signer: expect.stringMatching(/^warning .*is experimental/),
    });
  });
});

describe('the doctor with `aws-token-source: session`', () => {
  const OF_SESSION = { 'aws-token-source': 'session' };

  it('says what the role must demand', async () => {
    const journey = await startJourney({ world: { roleSubject: 'user' } });
    const { stage, findings } = await findingsOf(journey, OF_SESSION);
    expect([stage.exitCode, stage.outputs]).toEqual([0, { result: 'warning' }]);
    const { serviceUserName } = journey.emulator.world.settings;
    expect(findings['access token']).toMatch(/^warning `aws-token-source` session is experimental/);
    expect(findings['access token']).toContain(`sub ${serviceUserName} in the trust policy`);
    expect(findings['role']).toMatch(/^ok arn:aws:sts::/);
  });

  it('needs a session', async () => {
    const journey = await startJourney({ world: { trusts: [{ active: false }] } });
    const { findings } = await findingsOf(journey, OF_SESSION);
    expect(findings).toMatchObject({
      'access token': 'skipped needs session',
      role: expect.stringContaining('skipped needs access token'),
    });
  });

  it('reports a refusal of the access token', async () => {
    const journey = await startJourney({ world: { roleSubject: 'user', accessTokenUsers: [] } });
    const { findings } = await findingsOf(journey, OF_SESSION);
    expect(findings['access token']).toContain('failure OCI_ACCESS_TOKEN_REFUSED');
  });
});
