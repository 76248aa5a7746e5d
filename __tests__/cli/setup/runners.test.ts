// Runners in OCI that sign the token exchange: plan, apply, exchange, run again, remove.
import { describe, expect, it } from '@jest/globals';
import { expression } from '../../../cli/setup/snippet.ts';
import { errorOf } from '../../e2e/journey.ts';
import { type HclBlock, parseHcl } from '../emit/hcl-parser.ts';
import { DOMAIN_URL, ISSUER, SUBJECT, setupOptions, startTenancy } from '../tenancy.ts';

const tenancy = await startTenancy();
const { emulator, compartment, run, setup, login } = tenancy;
const { settings } = emulator.world;
const NAME = 'github-acme-infra-prod';
const GROUP = `${NAME}-runners`;
const RUNNERS = settings.instance.compartmentId;
const SIGNED = ['--client-auth', 'instance-principal', '--runners', RUNNERS];
const APPLY = ['--apply', '--yes'];
const STATEMENT = `Allow dynamic-group 'Default'/'${GROUP}' to {GET_RPST} in tenancy`;
const PERMISSION = `Allow any-user to read buckets in compartment id ${compartment} where all {request.principal.type='identityfederateddomainapp', request.principal.domain.id='${settings.domainOcid}', request.principal.name='${SUBJECT}'}`;

const SIGNED_INPUTS = { 'client-id': '', 'client-secret': '', 'client-auth': 'instance-principal' };
const AS_RESOURCE = { ...SIGNED_INPUTS, 'token-type': 'rpst', 'resource-type': NAME };

describe('setup for runners that sign', () => {
  it('plans neither an application nor a secret nor a user', async () => {
    const before = tenancy.world();
    const planned = await setup(SIGNED);
    expect([planned.exitCode, planned.stderr]).toEqual([
      2,
      'Plan: 8 to add. Nothing was changed. Apply with --apply.\n',
    ]);
    for (const line of [
      `resource ${NAME}  sub ${SUBJECT}`,
      'no client: the callers sign',
      `Any {instance.compartment.id = '${RUNNERS}'}`,
      STATEMENT,
      PERMISSION,
    ])
      expect(planned.stdout).toContain(line);
    expect(planned.stdout).not.toMatch(/[+~=] (app|secret|user|group) /);
    expect(tenancy.world()).toEqual(before);
  });

  it('makes a resource of the jobs of the environment and of no others, and changes nothing when run again', async () => {
    const applied = await setup([...SIGNED, ...APPLY]);
    expect([applied.exitCode, applied.stdout]).toEqual([
      0,
      expect.stringContaining(`ok       subject     ${SUBJECT}`),
    ]);
    expect(applied.stdout).toContain(
      [
        'client-auth: instance-principal',
        `region: ${expression('vars', 'OCI_REGION')}`,
        `audience: ${expression('vars', 'OCI_AUDIENCE')}`,
        'token-type: rpst',
        `resource-type: ${NAME}`,
      ].join('\n          '),
    );
    expect(applied.stdout).not.toContain('client-secret');
    const stage = await login({}, AS_RESOURCE);
    expect([stage.exitCode, stage.outputs['principal']]).toEqual([0, SUBJECT]);
    for (const claims of [{ environment: 'test' }, { repository: 'evil/infra', repository_owner: 'evil' }]) {
      const refused = await login(claims, AS_RESOURCE);
      expect([claims, refused.exitCode, errorOf(refused)]).toEqual([
        claims,
        1,
        expect.stringMatching(/^OCI_/),
      ]);
    }
    const before = tenancy.world();
    tenancy.forgetRequests();
    const again = await setup([...SIGNED, ...APPLY]);
    expect([again.exitCode, again.stderr]).toEqual([0, 'Plan: nothing to do. Nothing was changed.\n']);
    expect([tenancy.writes(), tenancy.world()]).toEqual([[], before]);
  });

  it('admits no runner before the permission of its group, which comes last', async () => {
    await setup([...SIGNED, ...APPLY]);
    const writes = tenancy.writes().map((line) => line.split('/').at(-1));
    expect(writes.slice(-4)).toEqual([
      'DynamicResourceGroups',
      'policies',
      'IdentityPropagationTrusts',
      'policies',
    ]);
    emulator.world.iam.policies.clear();
    expect(errorOf(await login({}, AS_RESOURCE))).toMatch(/^OCI_/);
  });

  it('waits until IAM knows the dynamic group', async () => {
    settings.groupRefusals = 1;
    const applied = await setup([...SIGNED, ...APPLY]);
    expect([applied.exitCode, applied.stderr]).toEqual([
      0,
      expect.stringContaining('does not know a new object yet'),
    ]);
  });

  it('makes a service user of the jobs with --token-type upst, and warns that this is experimental', async () => {
    settings.upstBySignature = true;
    const applied = await setup([...SIGNED, '--token-type', 'upst', ...APPLY]);
    expect([applied.exitCode, applied.stdout]).toEqual([0, expect.stringContaining('is experimental here')]);
    const user = emulator.world.directory.find('Users', 'userName', NAME);
    const stage = await login({}, SIGNED_INPUTS);
    expect([stage.exitCode, stage.outputs['principal']]).toEqual([0, user?.['ocid']]);
    expect(tenancy.trust()).not.toHaveProperty('oauthClients');
  });
});

describe('setup for runners that sign refuses', () => {
  const PROD = ['setup', ...setupOptions(compartment)];
  const MODE = ['--client-auth', 'instance-principal', '--runners'];
  const refused = async (args: readonly string[], line: RegExp) => {
    const before = tenancy.world();
    const planned = await run([...args, ...APPLY]);
    expect([planned.exitCode, planned.stdout]).toEqual([3, expect.stringMatching(line)]);
    expect(tenancy.world()).toEqual(before);
  };

  it('a trust for users, and one with clients', async () => {
    tenancy.insertTrust();
    await refused([...PROD, ...SIGNED], /x trust .*serves users, and a domain has one trust for an issuer/);
    const asUser = ['--token-type', 'upst'];
    await refused([...PROD, ...SIGNED, ...asUser], /x trust .*lists 3 clients, which may refuse callers/);
  });

  it('a trust for other jobs', async () => {
    await setup([...SIGNED, ...APPLY]);
    const other = PROD.map((one) => (one === 'prod' ? 'test' : one));
    await refused(
      [...other, ...SIGNED],
      /x trust .*validates sub repo:acme\/infra:environment:prod, not the one subject/,
    );
  });

  it('a dynamic group with another rule', async () => {
    await setup([...SIGNED, ...APPLY]);
    await refused(
      [...PROD, ...MODE, 'ocid1.instance.oc1..other'],
      /x runners +\S+ +has the rule Any {instance\.compartment\.id = /,
    );
  });

  it('a client secret for a trust whose callers sign', async () => {
    settings.upstBySignature = true;
    await setup([...SIGNED, '--token-type', 'upst', ...APPLY]);
    await refused(PROD, /x trust .*lists no client: its callers sign/);
  });
});

describe('setup warns', () => {
  it('when the domain has applications, which a trust without clients may admit', async () => {
    tenancy.insertTrust({ issuer: `${ISSUER}/other` });
    const planned = await setup(SIGNED);
    expect(planned.stdout).toMatch(
      /! domain +Default +has 3 applications: whether a trust without clients admits/,
    );
  });
});

describe('remove after setup for runners that sign', () => {
  const REMOVE = ['remove', '--repo', 'acme/infra', '--environment', 'prod', '--domain-url', DOMAIN_URL];
  const left = () => {
    const { directory, iam } = emulator.world;
    const marked = JSON.stringify([directory.all('Users'), directory.all('Groups')]).includes('oci-wif');
    const groups = directory.all('DynamicResourceGroups').map(({ displayName }) => displayName);
    return [tenancy.trust(), groups, [...iam.policies.values()].flatMap((one) => one.statements), marked];
  };
  const variables = () => [...(tenancy.repository().environments.get('prod')?.variables.keys() ?? [])];

  it('removes every object, the trust first, and a second run changes nothing', async () => {
    await setup([...SIGNED, ...APPLY]);
    tenancy.forgetRequests();
    const removed = await run([...REMOVE, ...APPLY]);
    expect([removed.exitCode, left(), variables()]).toEqual([0, [undefined, [], [], false], ['OCI_REGION']]);
    const writes = tenancy.writes();
    expect(writes[0]).toMatch(/^DELETE .*IdentityPropagationTrusts/);
    expect(writes.at(-1)).toMatch(/^DELETE .*DynamicResourceGroups/);
    const again = await run([...REMOVE, ...APPLY]);
    expect([again.exitCode, again.stderr]).toEqual([0, 'Plan: nothing to do. Nothing was changed.\n']);
  });

  it('leaves only an empty trust with --token-type upst', async () => {
    await setup([...SIGNED, '--token-type', 'upst', ...APPLY]);
    expect((await run([...REMOVE, ...APPLY])).exitCode).toBe(0);
    const [trust, ...rest] = left();
    expect([Object(trust)['impersonationServiceUsers'], ...rest]).toEqual([[], [], [], false]);
  });

  it('keeps statements of other jobs, and a trust that somebody has changed', async () => {
    await setup([...SIGNED, ...APPLY]);
    const { iam, directory } = emulator.world;
    const policy = [...iam.policies.values()].find(({ name }) => name === 'github-actions');
    const other = PERMISSION.replace(SUBJECT, 'repo:acme/shop:environment:prod');
    policy?.statements.push(other);
    const claimValidations = [{ name: 'sub', value: 'repo:acme/shop:environment:prod' }];
    directory.update('IdentityPropagationTrusts', tenancy.trust()?.id ?? '', { claimValidations });
    const removed = await run([...REMOVE, ...APPLY]);
    expect([removed.exitCode, removed.stdout]).toEqual([
      0,
      expect.stringContaining('stays: it was changed, and validates sub repo:acme/shop:environment:prod'),
    ]);
    expect(left().slice(1)).toEqual([[], [other], false]);
    expect(tenancy.trust()).toBeDefined();
  });
});

describe('--emit terraform for runners that sign', () => {
  const resource = (file: readonly HclBlock[], type: string, name: string) =>
    file.find(({ labels }) => labels[0] === type && labels[1] === name);

  it('has the dynamic group, its permission and a trust without clients', async () => {
    const emitted = await setup([...SIGNED, '--emit', 'terraform']);
    expect([emitted.exitCode, emitted.stderr]).toEqual([0, '']);
    const file = parseHcl(emitted.stdout);
    const types = file.filter(({ type }) => type === 'resource').map(({ labels }) => labels.join('.'));
    expect(types).toEqual([
      'oci_identity_policy.github',
      'oci_identity_domains_identity_propagation_trust.github',
      'oci_identity_domains_dynamic_resource_group.runners',
      'oci_identity_policy.runners',
    ]);
    const trust = resource(file, 'oci_identity_domains_identity_propagation_trust', 'github');
    expect(trust?.attributes).toMatchObject({
      subject_type: 'Resource',
      impersonating_resource: NAME,
      client_claim_values: [DOMAIN_URL],
    });
    expect(trust?.attributes).not.toHaveProperty('oauth_clients');
    expect(trust?.blocks[0]?.attributes).toEqual({ name: 'sub', value: SUBJECT });
    const group = resource(file, 'oci_identity_domains_dynamic_resource_group', 'runners');
    expect(group?.attributes['matching_rule']).toBe(`Any {instance.compartment.id = '${RUNNERS}'}`);
    expect(resource(file, 'oci_identity_policy', 'runners')?.attributes['statements']).toEqual([STATEMENT]);
    expect(emitted.stdout).not.toMatch(/client_secret|OCI_CLIENT/);
  });

  it('imports what exists', async () => {
    await setup([...SIGNED, ...APPLY]);
    const emitted = await setup([...SIGNED, '--emit', 'terraform']);
    expect(emitted.stdout.match(/^import \{/gm)).toHaveLength(4);
  });
});
