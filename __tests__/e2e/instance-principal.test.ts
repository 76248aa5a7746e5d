// `client-auth: instance-principal`: no secret, a session of the job's own, and every refusal.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { EmulatorOptions, Fault } from '../../emulator/server/start.ts';
import { expectFailure, type Journey, logOf, maskedIn, startJourney, treeOf, warningsOf } from './journey.ts';
import { signedInputs, startOnInstance, TRUST_OF_SIGNERS_FOR_USERS } from './oci-machines.ts';
import { until } from './refresher.ts';

const run = promisify(execFile);
const SUBJECT = 'repo:acme/infra:ref:refs/heads/main';
const SIGNED = signedInputs('instance-principal');
const AS_USER = { ...SIGNED, 'token-type': 'upst', 'resource-type': '' };

const requestsOf = ({ emulator }: Pick<Journey, 'emulator'>) =>
  emulator.journal.map(({ service, path }) => `${service} ${path.split('?')[0]}`);
const countOf = (journey: Pick<Journey, 'emulator'>, wanted: string) =>
  requestsOf(journey).filter((one) => one === wanted).length;
const answering = (status: number, body: object): Fault => ({
  kind: 'status',
  status,
  body: JSON.stringify(body),
});

/** The tokens that were masked and that OCI issued to the instance. */
function instanceTokensIn(masked: readonly string[]): string[] {
  const tokens = masked.filter((text) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text));
  return tokens.filter((token) => decodeJwt(token)['ptype'] === 'instance');
}

const machineOf = ({ job }: Journey) => {
  const { OCI_METADATA_BASE_URL = '', HTTPS_PROXY = '' } = job.env();
  return { OCI_METADATA_BASE_URL, HTTPS_PROXY };
};

describe('a login on an instance', () => {
  it('gets a session of the job, which an SDK uses, without any secret', async () => {
    const journey = await startOnInstance();
    const { emulator, job, main, post } = journey;
    const stage = await main(SIGNED);
    expect([stage.exitCode, stage.stderr, warningsOf(stage)]).toEqual([0, '', []]);
    expect(stage.outputs).toMatchObject({ principal: SUBJECT, tenancy: emulator.inputs.tenancy });
    expect(logOf(stage)).not.toContain('experimental');
    expect(requestsOf(journey).toSorted()).toEqual([
      'auth /v1/x509',
      'domain /oauth2/v1/token',
      'github /_services/token',
      'metadata /opc/v2/identity/cert.pem',
      'metadata /opc/v2/identity/intermediate.pem',
      'metadata /opc/v2/identity/key.pem',
      'metadata /opc/v2/instance/regionInfo',
    ]);
    const script = path.join(import.meta.dirname, '../../scripts/demo/consumer-oci.ts');
    const env = { ...job.env(), OCI_EMULATOR_ENDPOINT: emulator.urls.oci };
    const sdk = await run(process.execPath, ['--disable-warning=ExperimentalWarning', script], { env });
    expect(sdk.stdout).toContain('bucket deleted');
    expect((await post(stage)).exitCode).toBe(0);
    expect(Object.keys(treeOf(job.home)).filter((name) => /token|pem/.test(name))).toEqual([]);
  });

  it("masks the instance's token and both of its keys, and stores none of them", async () => {
    const { main, emulator } = await startOnInstance();
    const stage = await main(SIGNED);
    const masked = maskedIn(stage);
    expect(instanceTokensIn(masked)).toHaveLength(1);
    // The key of the certificate, that of the instance's token, and that of the session.
    const keys = masked.filter((text) => /^-----BEGIN (RSA )?PRIVATE KEY-----$/.test(text));
    expect(keys).toHaveLength(3);
    expect(emulator.secrets()).toEqual(expect.arrayContaining(instanceTokensIn(masked)));
  });

  it('signs again for each attempt, with the same token of the instance', async () => {
    const journey = await startOnInstance();
    journey.emulator.faults.add({ service: 'domain', times: 2, fault: { kind: 'status', status: 503 } });
    expect((await journey.main(SIGNED)).exitCode).toBe(0);
    expect([countOf(journey, 'domain /oauth2/v1/token'), countOf(journey, 'auth /v1/x509')]).toEqual([3, 1]);
  });

  it('sends no request for metadata to a proxy that Node is told to use', async () => {
    const journey = await startOnInstance();
    const env = { ...machineOf(journey), NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://localhost:1' };
    expect((await journey.nextJob({ env }).main(SIGNED)).exitCode).toBe(0);
  });

  it('reads the tenancy from the older attribute of the certificate, too', async () => {
    const { main } = await startOnInstance({ world: { instanceTenancyAttribute: 'opc-identity' } });
    expect((await main(SIGNED)).exitCode).toBe(0);
  });

  it('says that a session of a user is experimental', async () => {
    const { emulator, main } = await startOnInstance({ world: TRUST_OF_SIGNERS_FOR_USERS });
    const stage = await main(AS_USER);
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    expect(stage.outputs['principal']).toBe(emulator.world.settings.serviceUser.ocid);
    expect(logOf(stage)).toContain(
      '`client-auth` instance-principal with `token-type` upst is experimental: no source shows which',
    );
  });

  it('gets a new session with a new key when it is repeated, and the post steps remove both', async () => {
    const journey = await startOnInstance();
    const { job, main, post } = journey;
    const before = treeOf(job.home);
    const keyOf = () => readFileSync(path.join(job.home, '.oci/sessions/OURS/oci_api_key.pem'), 'utf8');
    const one = await main({ ...SIGNED, profile: 'OURS' });
    const key = keyOf();
    const two = await main({ ...SIGNED, profile: 'OURS', 'minimum-lifetime-seconds': '60' });
    expect([one.exitCode, two.exitCode, warningsOf(two)]).toEqual([0, 0, []]);
    expect(keyOf()).not.toBe(key);
    expect(countOf(journey, 'domain /oauth2/v1/token')).toBe(2);
    await post(two);
    expect(keyOf()).toBe(key);
    await post(one);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('is renewed with a new token of the instance', async () => {
    const world = { rpstLifetimeSeconds: 15, githubJwtLifetimeSeconds: 60 };
    const journey = await startOnInstance({ world });
    const stage = await journey.main({ ...SIGNED, refresh: 'true', profile: 'LONG' });
    expect(stage.exitCode).toBe(0);
    const token = () => readFileSync(stage.outputs['security-token-file'] ?? '', 'utf8');
    const first = token();
    await until(() => token() !== first);
    expect(countOf(journey, 'auth /v1/x509')).toBe(2);
    const after = await journey.post(stage);
    expect([after.exitCode, after.stderr, warningsOf(after)]).toEqual([0, '', []]);
    expect(logOf(after)).toContain(`Renewed the OCI session of ${SUBJECT}`);
  });

  it('exports for Terraform that the provider signs, too, and empties the variables of a client', async () => {
    const { main } = await startOnInstance();
    const env = { OCI_TOKEN_EXCHANGE_CLIENT_ID: 'of-another-step' };
    const stage = await main({ ...SIGNED, 'export-for': 'terraform', refresh: 'true' }, { env });
    expect(stage.exitCode).toBe(0);
    expect(stage.exported).toMatchObject({
      OCI_TOKEN_EXCHANGE_AUTH: 'InstancePrincipal',
      OCI_TOKEN_EXCHANGE_CLIENT_ID: '',
      OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: 'urn:oci:token-type:oci-rpst',
      OCI_TOKEN_EXCHANGE_RESOURCE_TYPE: 'github-acme',
    });
    expect(stage.exported).not.toHaveProperty('OCI_TOKEN_EXCHANGE_CLIENT_SECRET');
  });

  it('uses a client of its own for a role of AWS', async () => {
    const { emulator, toAws } = await startOnInstance();
    const { 'client-id': id = '', 'client-secret': secret = '' } = emulator.inputs;
    const stage = await toAws({ ...SIGNED, 'aws-client-id': id, 'aws-client-secret': secret });
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    expect(stage.outputs).toMatchObject({ principal: SUBJECT, 'aws-account-id': '123456789012' });
  });
});

type World = NonNullable<EmulatorOptions['world']>;

describe('a login on an instance that the domain refuses', () => {
  it.each<[string, World, string]>([
    ['without a policy', { exchangePolicies: [] }, 'OCI_EXCHANGE_REJECTED'],
    [
      'without a policy, with status 403',
      { exchangePolicies: [], exchangeDenial: { status: 403, form: 'oauth' } },
      'OCI_SIGNER_REJECTED',
    ],
    [
      'without a policy, in the form of SCIM',
      { exchangePolicies: [], exchangeDenial: { status: 401, form: 'scim' } },
      'OCI_SIGNER_REJECTED',
    ],
    [
      'outside the dynamic group',
      { dynamicGroups: { runners: "instance.id = 'x'" } },
      'OCI_EXCHANGE_REJECTED',
    ],
    ['for a trust that lists clients', { trusts: [{ subjectType: 'Resource' }] }, 'OCI_EXCHANGE_REJECTED'],
  ])('%s shows the policy and who the instance is', async (_what, world, code) => {
    const journey = await startOnInstance({ world });
    const { instance, tenancy } = journey.emulator.world.settings;
    const { stage } = await expectFailure(journey, code, SIGNED);
    expect(stage.summary).toContain(
      "Allow dynamic-group '<domain>'/'<dynamic group>' to {GET_RPST} in tenancy",
    );
    expect(stage.summary).toContain(`instance.compartment.id = '${instance.compartmentId}'`);
    expect(stage.summary).toContain('oauthClients');
    for (const id of [instance.id, tenancy]) expect(stage.summary).toContain(id);
  });

  it('shows a trust without clients after a refusal by the trust', async () => {
    const journey = await startOnInstance({ world: { trusts: [] } });
    const { stage } = await expectFailure(journey, 'OCI_EXCHANGE_REJECTED', SIGNED);
    expect(stage.summary).toContain('"impersonatingResource": "github-acme"');
    expect(stage.summary).not.toContain('"oauthClients"');
  });

  it('shows no policy with a text of the token that would change it', async () => {
    const journey = await startOnInstance();
    const { instance } = journey.emulator.world.settings;
    const compartmentId = "x'}Allow-any-user";
    Object.assign(journey.emulator.world.settings, { instance: { ...instance, compartmentId } });
    const { stage, message } = await expectFailure(journey, 'OCI_EXCHANGE_REJECTED', SIGNED);
    expect(stage.summary).toContain("instance.compartment.id = '<OCID of the compartment>'");
    expect(stage.summary).not.toContain('any-user');
    expect(message).toContain('{GET_RPST}');
    expect(message).not.toContain('this application');
  });

  it('explains which rule is missing', async () => {
    const world = { ...TRUST_OF_SIGNERS_FOR_USERS, rules: [{ rule: 'sub eq other', value: 'x' }] };
    const { message } = await expectFailure(await startOnInstance({ world }), 'OCI_NO_RULE_MATCHED', AS_USER);
    expect(message).toContain(SUBJECT);
  });

  it('in another tenancy names its tenancy', async () => {
    const tenancy = 'ocid1.tenancy.oc1..aaaaelsewhere';
    const journey = await startOnInstance();
    const { instance } = journey.emulator.world.settings;
    Object.assign(journey.emulator.world.settings, { instance: { ...instance, tenancy } });
    const { stage } = await expectFailure(journey, 'OCI_EXCHANGE_REJECTED', SIGNED);
    expect(stage.summary).toContain(tenancy);
  });

  it('never falls back to a client: its inputs are errors', async () => {
    const journey = await startOnInstance();
    const { 'client-id': id = '', 'client-secret': secret = '' } = journey.emulator.inputs;
    const inputs = { ...SIGNED, 'client-id': id, 'client-secret': secret };
    const { message } = await expectFailure(journey, 'INPUT_INVALID', inputs);
    expect(message).toContain('`client-id` has no effect with `client-auth` instance-principal');
    expect(journey.emulator.journal).toEqual([]);
  });
});

describe('a login on a machine that is no instance', () => {
  const NOT_HERE = 'This machine seems to be no OCI instance: ';

  it.each<[string, string, Fault | undefined, string]>([
    ['has no metadata service', 'http://127.0.0.1:1/opc/v2', undefined, 'ECONNREFUSED'],
    ['has that of Azure, as runners of GitHub', '', undefined, 'responded with status 400'],
    ['gets no response', '', { kind: 'stall-before-headers' }, 'within 1.5 s'],
    ['gets a page', '', { kind: 'html' }, 'sent no region'],
    ['gets an empty object', '', answering(200, {}), 'sent no region'],
    [
      'gets a region that is no part of a host name',
      '',
      answering(200, { regionIdentifier: 'x/../', realmDomainComponent: 'y@z' }),
      'sent no region',
    ],
  ])('reports when it %s', async (what, base, fault, reason) => {
    const world: World = what.includes('Azure') ? { metadataService: 'azure' } : {};
    const journey = await startOnInstance({ world });
    if (fault) journey.emulator.faults.add({ service: 'metadata', fault, times: 9 });
    const next = {
      ...journey,
      ...journey.nextJob({ env: base ? { OCI_METADATA_BASE_URL: base } : machineOf(journey) }),
    };
    const { message } = await expectFailure(next, 'INSTANCE_METADATA_UNREACHABLE', SIGNED);
    expect(message).toContain(NOT_HERE);
    expect(message).toContain(reason);
    // Nothing of the job was sent to the domain.
    expect(requestsOf(journey).filter((one) => one.startsWith('domain'))).toEqual([]);
  });

  it('names the variable whose value is no address', async () => {
    const journey = await startOnInstance();
    const next = { ...journey, ...journey.nextJob({ env: { OCI_METADATA_BASE_URL: 'file:///etc/passwd' } }) };
    const { message } = await expectFailure(next, 'INSTANCE_METADATA_UNREACHABLE', SIGNED);
    expect(message).toContain('OCI_METADATA_BASE_URL is no http:// address. Remove the variable');
  });
});

describe('a login that gets no token for its instance', () => {
  it.each<[string, Fault, string]>([
    [
      'is refused',
      answering(401, { code: 'NotAuthenticated', message: 'Why not.' }),
      '(401): NotAuthenticated: Why not.',
    ],
    ['meets a page', { kind: 'html' }, 'responded with something that is no token'],
    ['meets another object', answering(200, { token: 1 }), 'responded with something that is no token'],
    [
      'meets a redirect',
      { kind: 'redirect', status: 302, location: 'https://x.example' },
      'a redirect (302)',
    ],
  ])('fails when it %s', async (_what, fault, reason) => {
    const journey = await startOnInstance();
    journey.emulator.faults.add({ service: 'auth', fault, times: 9 });
    const { message } = await expectFailure(journey, 'INSTANCE_PRINCIPAL_UNAVAILABLE', SIGNED);
    expect(message).toContain(reason);
  });

  it('blames the clock when it differs by more than five minutes', async () => {
    const journey = await startOnInstance({ clock: () => Date.now() + 600_000 });
    await expectFailure(journey, 'OCI_CLOCK_SKEWED', SIGNED);
  });

  it('says that the proxy refuses the host', async () => {
    const journey = await startOnInstance();
    const { OCI_METADATA_BASE_URL = '' } = journey.job.env();
    const env = { OCI_METADATA_BASE_URL, HTTPS_PROXY: 'http://localhost:1' };
    const elsewhere = { ...journey, ...journey.nextJob({ env }) };
    await expectFailure(elsewhere, 'PROXY_UNREACHABLE', SIGNED);
  });
});

describe('a login with a client secret', () => {
  it('asks no metadata service, and is refused by a trust for signers', async () => {
    const journey = await startJourney({ world: { trusts: [{ oauthClients: [] }] } });
    await expectFailure(journey, 'OCI_EXCHANGE_REJECTED');
    expect(requestsOf(journey).filter((one) => /^(metadata|auth|workload)/.test(one))).toEqual([]);
  });
});
