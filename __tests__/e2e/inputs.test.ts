// Invalid inputs: exit code 1 before the first request, an error that names each of them, and no file written. The unit
// tests of the parsers have the values of each input.
import { describe, expect, it } from '@jest/globals';
import { errorOf, expectFailure, startJourney, treeOf, warningsOf } from './journey.ts';

async function inputErrorOf(changes: Record<string, string>, inWorkspace = ''): Promise<string> {
  const { emulator, job, main } = await startJourney();
  const inputs = inWorkspace === '' ? changes : { ...changes, 'config-file': job.workspace + inWorkspace };
  const stage = await main(inputs);
  expect(stage.exitCode).toBe(1);
  expect(stage.outputs).toEqual({ 'failure-code': 'INPUT_INVALID' });
  expect(stage.state).toEqual({});
  expect(emulator.journal).toEqual([]);
  expect(treeOf(job.home)).toEqual({});
  return errorOf(stage);
}

const WRONG = {
  'domain-url': 'https://a:b@idcs.example.com',
  'client-id': 'two words',
  'client-secret': 'upper-half\nlower-half',
  region: 'us-ashburn-1\n[x]',
  tenancy: 'ocid1.tenancy.oc1..aaaa\nuser=x',
  audience: 'two words',
  'trust-rule': 'sub eq a\nsub eq \u0007',
  profile: 'a/b',
  'config-file': 'relative/config',
  'overwrite-profile': 'yes',
  'export-for': 'cli, everyone',
  'output-credentials': 'no',
  cleanup: 'off',
  summary: 'Always',
  'retry-max-attempts': '1.5',
  'request-timeout-seconds': '15s',
  'timeout-seconds': '0x10',
};

describe('a login with invalid inputs', () => {
  it('fails before any request and names every one of them', async () => {
    const message = await inputErrorOf(WRONG);
    expect(message).toMatch(/^INPUT_INVALID: `domain-url` /);
    expect([...message.matchAll(/`([a-z-]+)` (?:is|must|takes)/g)].map(([, name]) => name)).toEqual(
      Object.keys(WRONG),
    );
  });

  it('fails when the config file is in the checkout, where later steps could publish it', async () => {
    const message = await inputErrorOf({}, '/.oci/config');
    expect(message).toContain('`config-file` must be outside the checkout');
  });

  it('does not show a secret in its message', async () => {
    const message = await inputErrorOf({ 'client-secret': 'not-to-be-seen\u0007', region: 'x' });
    expect(message).toContain('`client-secret` ');
    expect(message).not.toContain('not-to-be-seen');
  });

  it('reports an empty secret and names `environment`', async () => {
    expect(await inputErrorOf({ 'client-secret': '' })).toContain(
      'the secret is empty here. Check `environment` of the job',
    );
  });
});

describe('a login with mistyped inputs', () => {
  it('warns of an unknown region and names the nearest one', async () => {
    const { main } = await startJourney();
    const stage = await main({ region: 'us-asburn-1' });
    expect(stage.exitCode).toBe(0);
    expect(warningsOf(stage)).toEqual([
      expect.stringMatching(/^`region`: us-asburn-1 is not a known region\. .* us-ashburn-1\./),
    ]);
  });

  /** DNS that fails for mistyped.invalid, permanently or temporarily. */
  const dns = (code: string) => ({
    NODE_OPTIONS: `--import=${new URL('other-host.ts', import.meta.url)}`,
    HOST_LOOKUP: code,
  });
  const MISTYPED = 'https://mistyped.invalid';

  it.each([
    ['domain-url', 'OCI_DOMAIN_UNREACHABLE', {}],
    ['verify-endpoint', 'OCI_SERVICE_UNREACHABLE', { verify: 'true' }],
    ['aws-sts-endpoint', 'AWS_UNREACHABLE', undefined],
  ])('names `%s` when its host does not exist', async (input, code, more) => {
    const journey = await startJourney({ job: { env: dns('ENOTFOUND') } });
    const inputs = { ...(more ?? journey.emulator.awsInputs), [input]: MISTYPED, 'retry-max-attempts': '5' };
    const { message } = await expectFailure(journey, code, inputs);
    expect(message).toMatch(/host mistyped\.invalid was not found \(ENOTFOUND\) \(\d attempts\)\./);
    expect(message).toContain(` Check \`${input}\`, and DNS or HTTPS_PROXY. `);
  });

  it('makes all attempts when DNS fails temporarily', async () => {
    const journey = await startJourney({ job: { env: dns('EAI_AGAIN') } });
    const inputs = { 'domain-url': MISTYPED, 'retry-max-attempts': '3' };
    const { message } = await expectFailure(journey, 'OCI_DOMAIN_UNREACHABLE', inputs);
    expect(message).toMatch(/name of mistyped\.invalid could not be resolved \(EAI_AGAIN\) \(3 attempts\)\./);
    expect(message).not.toContain('and DNS');
  });
});
