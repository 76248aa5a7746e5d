// The client of OCI IAM against the emulated one: regions, pages, changes, refusals.
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Compartment, Policy } from '../../../cli/iam/iam.ts';
import { addPolicy } from '../../../emulator/iam/state.ts';
import { PUBLIC_HOSTS, startAdministrator } from '../../../emulator/runner/administrator.ts';
import { startEmulator } from '../../../emulator/server/start.ts';
import { type Call, type CallError, probe, resultOf } from '../probe.ts';

const emulator = await startEmulator({ hosts: PUBLIC_HOSTS, world: { untouchedDomain: true } });
const admin = await startAdministrator(emulator);
afterAll(async () => {
  await admin.end();
  await emulator.close();
});
const { world } = emulator;
const { tenancy, domainOcid, compartments } = world.settings;
afterEach(() => {
  emulator.faults.clear();
  world.settings.iamAccess = {};
  world.settings.policyCreatingResponses = 1;
});

const iam = (method: string, ...args: unknown[]): Call => ['iam', '', method, ...args];
const run = async (...calls: Call[]) => (await probe(admin.env, [], calls)).results;
const errorOf = async (call: Call) => (await run(call))[0]?.error as CallError;

const STATEMENT = 'Allow any-user to read buckets in tenancy';
const details = (name: string) => ({
  compartmentId: tenancy,
  name,
  description: 'd',
  statements: [STATEMENT],
  freeformTags: { a: 'b' },
});

/** The hosts of the tunnels that the calls opened. */
async function hostsOf(args: readonly string[], ...calls: Call[]) {
  const before = admin.proxy.tunnels.length;
  const { results } = await probe(admin.env, args, calls);
  return { results, hosts: admin.proxy.tunnels.slice(before).map(({ authority }) => authority) };
}

describe('IAM', () => {
  it('is read in the region that is named, and changed in the home region', async () => {
    const { results, hosts } = await hostsOf(
      ['--region', 'eu-frankfurt-1'],
      iam('domain', domainOcid),
      iam('createPolicy', details('elsewhere')),
    );
    expect(results).toMatchObject([
      { value: { id: domainOcid } },
      { value: { name: 'elsewhere', lifecycleState: 'ACTIVE' } },
    ]);
    const [home, other] = [
      expect.stringContaining('identity.us-ashburn-1.oci'),
      expect.stringContaining('identity.eu-frankfurt-1.oci'),
    ];
    expect(hosts).toEqual([other, other, home, home]);
  });

  it('has the domain by its OCID and by its compartment', async () => {
    const domain = {
      id: domainOcid,
      displayName: 'Default',
      licenseType: 'free',
      url: expect.stringContaining(PUBLIC_HOSTS.domain),
    };
    expect(await run(iam('domain', domainOcid), iam('domains', tenancy))).toMatchObject([
      { value: domain },
      { value: [domain] },
    ]);
  });

  it('has the tenancy and the compartments of all pages below it', async () => {
    const [all] = await run(iam('compartments'));
    const found = resultOf<Compartment[]>(all);
    expect(found.map(({ id }) => id).toSorted()).toEqual(
      [tenancy, ...compartments.map(({ id }) => id)].toSorted(),
    );
    expect(found[0]).toEqual({ id: tenancy, name: 'tenancy', compartmentId: tenancy });
  });

  it('has the policies of all pages of a compartment', async () => {
    for (const name of ['p1', 'p2', 'p3'])
      addPolicy(world, { name, statements: [STATEMENT], compartmentId: compartments[0]?.id ?? '' });
    const [all] = await run(iam('policies', compartments[0]?.id));
    expect(resultOf<Policy[]>(all).map(({ name }) => name)).toEqual(['p1', 'p2', 'p3']);
  });
});

describe('a policy', () => {
  it('is created, waited for, changed with its ETag, and deleted', async () => {
    world.settings.policyCreatingResponses = 2;
    const [made] = await run(iam('createPolicy', details('one')));
    const { id, etag } = resultOf<Policy>(made);
    expect(made?.value).toMatchObject({ ...details('one'), lifecycleState: 'ACTIVE' });
    const statements = [STATEMENT, 'Allow any-user to read objects in tenancy'];
    const [changed] = await run(iam('updatePolicy', id, statements, etag));
    expect(changed).toMatchObject({ value: { statements } });
    expect(await run(iam('updatePolicy', id, [STATEMENT], etag))).toMatchObject([
      { error: { code: 'CONFLICT', details: { status: 412 } } },
    ]);
    const current = resultOf<Policy>(changed).etag;
    expect(
      await run(iam('deletePolicy', id, current), iam('policy', id), iam('deletePolicy', id, current)),
    ).toEqual([{}, {}, {}]);
  });

  it('is created once although the response to its creation was lost', async () => {
    emulator.faults.add({ service: 'iam', after: 1, times: 1, fault: { kind: 'status', status: 503 } });
    expect(await run(iam('createPolicy', details('once')))).toMatchObject([{ value: { name: 'once' } }]);
  });

  it('with a name that exists is a CONFLICT', async () => {
    addPolicy(world, { name: 'taken', statements: [STATEMENT] });
    expect(await errorOf(iam('createPolicy', details('taken')))).toMatchObject({
      code: 'CONFLICT',
      message:
        "Creating the policy taken: OCI IAM responded with 409: PolicyAlreadyExists: Policy 'taken' already exists.",
      details: { status: 409, serviceCode: 'PolicyAlreadyExists', requestId: expect.any(String) },
    });
  });

  it('for a group that IAM does not know has the words of IAM in its error', async () => {
    const statements = ["Allow group 'Default'/'nobody' to read buckets in tenancy"];
    expect(await errorOf(iam('createPolicy', { ...details('early'), statements }))).toMatchObject({
      code: 'SERVICE_REFUSED',
      details: {
        status: 400,
        serviceCode: 'InvalidParameter',
        serviceText: expect.stringContaining('does not exist under current compartment hierarchy'),
      },
    });
  });
});

describe('a refusal of IAM', () => {
  it('for missing rights names the policies that are needed', async () => {
    world.settings.iamAccess = { [world.settings.administrator]: 'reader' };
    expect(await errorOf(iam('createPolicy', details('denied')))).toMatchObject({
      code: 'NOT_PERMITTED',
      remedy: expect.stringContaining('`manage policies`'),
      details: { status: 404, serviceCode: 'NotAuthorizedOrNotFound' },
    });
  });

  it('outside the home region asks for it', async () => {
    const body = JSON.stringify({
      code: 'NotAllowed',
      message: 'Please go to your home region IAD to execute CREATE, UPDATE and DELETE operations.',
    });
    emulator.faults.add({ service: 'iam', after: 1, times: 1, fault: { kind: 'status', status: 403, body } });
    expect(await errorOf(iam('createPolicy', details('x')))).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringContaining('home region IAD'),
      remedy: 'Name the home region of the tenancy with `--region`.',
    });
  });

  it('that names no home region is RESPONSE_MALFORMED', async () => {
    emulator.faults.add({
      service: 'iam',
      fault: { kind: 'status', status: 200, body: '[{"regionName":"x/y","isHomeRegion":true}]' },
    });
    expect(await errorOf(iam('homeRegion'))).toMatchObject({ code: 'RESPONSE_MALFORMED' });
  });
});
