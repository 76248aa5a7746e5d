import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addPolicy } from '../../../emulator/iam/state.ts';
import { groupNames } from '../../../emulator/iam/statements.ts';
import { keyPair, login, type SignedCall, send, signed } from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock } = await startTestEmulator();
const { world } = emulator;
const fingerprint = createHash('md5')
  .update('key')
  .digest('hex')
  .replaceAll(/(..)(?!$)/g, '$1:');
let keyId = '';

beforeEach(() => {
  const { tenancy, administrator } = world.settings;
  keyId = `${tenancy}/${administrator}/${fingerprint}`;
  world.apiKeys.set(keyId, keyPair.publicKey);
});
afterEach(() => {
  world.iam.policies.clear();
});

const ask = (method: string, path: string, changes: Partial<SignedCall> & { content?: object } = {}) => {
  const { content, ...rest } = changes;
  const body = content === undefined ? {} : { body: JSON.stringify(content) };
  return send(
    emulator,
    signed(emulator, { method, path: `/20160918${path}`, keyId, ...body, ...rest }),
    'iam',
  );
};
const STATEMENT = 'Allow any-user to read buckets in tenancy';
const details = (changes: object = {}) => ({
  compartmentId: world.settings.tenancy,
  name: 'github-actions',
  description: 'one',
  statements: [STATEMENT],
  ...changes,
});
const host = (region: string) => ({ host: `identity.${region}.oci.oraclecloud.com` });

describe('IAM', () => {
  it('accepts a registered API key, and refuses another one and a bearer token', async () => {
    const path = `/tenancies/${world.settings.tenancy}/regionSubscriptions`;
    expect((await ask('GET', path)).status).toBe(200);
    expect((await ask('GET', path, { keyId: 't/u/f' })).status).toBe(401);
    const bearer = signed(emulator, { method: 'GET', path: `/20160918${path}`, keyId });
    bearer.headers['authorization'] = 'Bearer token';
    expect((await send(emulator, bearer, 'iam')).status).toBe(401);
  });

  it('gives the session of a service user no access, unless the settings say so', async () => {
    const token = await login(emulator);
    const path = `/policies?compartmentId=${world.settings.tenancy}`;
    const asUser = (method: string, content?: object) =>
      ask(method, method === 'GET' ? path : '/policies', {
        token,
        keyId: `ST$${token}`,
        ...(content && { content }),
      });
    expect((await asUser('GET')).json['code']).toBe('NotAuthorizedOrNotFound');
    world.settings.iamAccess = { [world.settings.serviceUser.ocid]: 'reader' };
    expect((await asUser('GET')).status).toBe(200);
    expect((await asUser('POST', details())).json['code']).toBe('NotAuthorizedOrNotFound');
  });

  it('pages compartments and finds the domain by its URL', async () => {
    const { tenancy, compartments, domainOcid } = world.settings;
    const path = `/compartments?compartmentId=${tenancy}&compartmentIdInSubtree=true`;
    const first = await ask('GET', path);
    const next = String(first.headers['opc-next-page']);
    const second = await ask('GET', `${path}&page=${next}`);
    expect(second.headers['opc-next-page']).toBeUndefined();
    const ids = [first, second].flatMap(({ body }) => JSON.parse(String(body)) as { id: string }[]);
    expect(ids.map(({ id }) => id)).toEqual(compartments.map(({ id }) => id));
    const url = encodeURIComponent(emulator.urls.domain);
    const found = await ask('GET', `/domains?compartmentId=${tenancy}&url=${url}`);
    expect(JSON.parse(String(found.body))).toMatchObject([{ id: domainOcid, displayName: 'Default' }]);
  });

  it('changes policies in the home region only', async () => {
    const elsewhere = await ask('POST', '/policies', { content: details(), headers: host('eu-frankfurt-1') });
    expect([elsewhere.status, elsewhere.json['code']]).toEqual([403, 'NotAllowed']);
    expect(elsewhere.json['message']).toContain('home region IAD');
    const home = await ask('POST', '/policies', { content: details(), headers: host('us-ashburn-1') });
    expect(home.status).toBe(200);
  });

  it('creates a policy that is active later, and replaces its statements only with the current ETag', async () => {
    world.settings.policyCreatingResponses = 2;
    const created = await ask('POST', '/policies', { content: details() });
    expect(created.json).toMatchObject({ lifecycleState: 'CREATING', statements: [STATEMENT] });
    const path = `/policies/${created.json['id']}`;
    expect((await ask('GET', path)).json['lifecycleState']).toBe('CREATING');
    expect((await ask('GET', path)).json['lifecycleState']).toBe('ACTIVE');
    const content = { statements: [STATEMENT, STATEMENT] };
    const put = (etag: unknown) => ask('PUT', path, { content, headers: { 'if-match': String(etag) } });
    expect((await put('other')).status).toBe(412);
    const updated = await put(created.headers.etag);
    expect(updated.json['statements']).toHaveLength(2);
    expect((await put(created.headers.etag)).status).toBe(412);
    expect((await ask('DELETE', path)).status).toBe(204);
  });

  it('refuses the ETag of before when a second writer comes first', async () => {
    const policy = addPolicy(world, { name: 'one', statements: [STATEMENT] });
    world.settings.beforePolicyWrite = () => Object.assign(policy, { etag: 'newer' });
    const content = { statements: [STATEMENT, STATEMENT] };
    const headers = { 'if-match': policy.etag };
    expect((await ask('PUT', `/policies/${policy.id}`, { content, headers })).status).toBe(412);
    expect(policy.statements).toEqual([STATEMENT]);
  });

  it('returns the same policy for a repetition with the same retry token', async () => {
    const post = (token: string) =>
      ask('POST', '/policies', { content: details(), headers: { 'opc-retry-token': token } });
    const first = await post('one');
    expect((await post('one')).json['id']).toBe(first.json['id']);
    expect((await post('two')).json['code']).toBe('PolicyAlreadyExists');
  });

  it.each([
    ['a name that the tenancy has', { name: 'Taken' }, 409, 'PolicyAlreadyExists'],
    [
      'too many statements',
      { statements: Array.from({ length: 51 }, () => STATEMENT) },
      400,
      'LimitExceeded',
    ],
    ['an unknown compartment', { compartmentId: 'ocid1.compartment.oc1..x' }, 404, 'NotAuthorizedOrNotFound'],
    [
      'an unknown group',
      { statements: ["Allow group 'Default'/'x' to read all-resources in tenancy"] },
      400,
      'InvalidParameter',
    ],
    ['another sentence', { statements: ['Please let me in'] }, 400, 'InvalidParameter'],
  ])('refuses %s', async (_, changes, status, code) => {
    addPolicy(world, { name: 'taken', statements: [STATEMENT] });
    const { status: actual, json } = await ask('POST', '/policies', { content: details(changes) });
    expect([actual, json['code']]).toEqual([status, code]);
  });

  it('refuses a signature that does not cover the body of a PATCH, and one that is older than five minutes', async () => {
    const names = ['date', '(request-target)', 'host'];
    const uncovered = await ask('PATCH', '/policies/x', { content: {}, names });
    expect(uncovered.status).toBe(401);
    expect(emulator.journal.at(-1)?.reason).toMatch(/^coverage: content-length/);
    const old = new Date(clock.now - 301_000).toUTCString();
    expect((await ask('GET', '/domains', { headers: { date: old } })).status).toBe(401);
  });
});

describe('a statement', () => {
  const write = async (statement: string, compartmentId = world.settings.tenancy) => {
    const { json } = await ask('POST', '/policies', {
      content: details({ compartmentId, statements: [statement] }),
    });
    world.iam.policies.clear();
    return String(json['code'] ?? json['lifecycleState']);
  };

  it('that names a new group is refused the first time', async () => {
    world.directory.insert('Groups', { displayName: 'github-acme' });
    const statement = "Allow group 'Default'/'GitHub-acme' to read buckets in tenancy";
    expect([await write(statement), await write(statement)]).toEqual(['InvalidParameter', 'CREATING']);
    expect(await write("Allow group 'Other'/'github-acme' to read buckets in tenancy")).toBe(
      'InvalidParameter',
    );
  });

  it('names a dynamic group that exists, and permissions in braces', async () => {
    world.directory.insert('DynamicResourceGroups', { displayName: 'runners' });
    const statement = "Allow dynamic-group 'Default'/'runners' to {GET_RPST} in tenancy";
    expect([await write(statement), await write(statement)]).toEqual(['InvalidParameter', 'CREATING']);
    for (const wrong of [statement.replace('runners', 'others'), statement.replace('GET_RPST', 'get rpst')])
      expect(await write(wrong)).toBe('InvalidParameter');
  });

  it('applies to the compartment of its policy and to those below', async () => {
    const [apps, prod] = world.settings.compartments;
    const into = (location: string) => `Allow any-user to read buckets in ${location}`;
    const accepted = [
      await write(into('compartment apps:prod')),
      await write(into(`compartment id ${prod?.id}`)),
      await write(into('compartment prod'), apps?.id),
      await write(into('compartment prod'), prod?.id),
    ];
    expect(accepted).toEqual(['CREATING', 'CREATING', 'CREATING', 'CREATING']);
    const refused = [
      await write(into('compartment prod')),
      await write(into('compartment apps'), prod?.id),
      await write(into(`compartment id ${apps?.id}`), prod?.id),
      await write(into('tenancy'), prod?.id),
    ];
    expect(refused).toEqual(['InvalidParameter', 'InvalidParameter', 'InvalidParameter', 'InvalidParameter']);
  });
});

describe('the groups of a policy subject', () => {
  it.each([
    ["group 'Default'/'github-acme'", ["'Default'/'github-acme'"]],
    ["group Admins, 'My, Domain'/'b'", ['Admins', "'My, Domain'/'b'"]],
    ['group id ocid1.group.oc1..x', []],
    ['any-user', []],
    ['dynamic-group x', []],
  ])('are found in %s', (subject, names) => {
    expect(groupNames(subject)).toEqual(names);
  });

  it.each([
    ["dynamic-group 'Default'/'runners'", ["'Default'/'runners'"]],
    ['dynamic-group id ocid1.dynamicgroup.oc1..x', []],
    ['group x', []],
  ])('are found in %s', (subject, names) => {
    expect(groupNames(subject, 'dynamic-group')).toEqual(names);
  });
});
