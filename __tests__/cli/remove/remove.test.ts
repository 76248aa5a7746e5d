// After setup, remove leaves what was there before.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { addEnvironment, renameRepository } from '../../../emulator/github/repositories.ts';
import type { ScimObject } from '../../../emulator/scim/attributes.ts';
import { DOMAIN_URL, FOREIGN_TRUST, ISSUER, SECRET, SUBJECT, startTenancy } from '../tenancy.ts';

const ACCOUNT = '123456789012';
const ROLE = 'deploy';
const AWS = ['--aws-account', ACCOUNT, '--aws-role', ROLE];
const APPLY = ['--apply', '--yes'];
const GITHUB_PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;

const tenancy = await startTenancy({ scim: { appLimit: 10 } as never });
const { emulator, setup } = tenancy;
const { settings } = emulator.world;
const directory = () => emulator.world.directory;

const remove = (...args: string[]) =>
  tenancy.run([
    'remove',
    ...['--repo', 'acme/infra', '--environment', 'prod', '--domain-url', DOMAIN_URL],
    ...args,
  ]);

const FOREIGN_STATEMENT = {
  Sid: 'Admins',
  Effect: 'Allow',
  Principal: { Federated: GITHUB_PROVIDER },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } },
} as const;

/** A tenancy that others use: their trust, applications, users, groups, statements, variables, role. */
function furnish(): void {
  const { world } = emulator;
  tenancy.insertTrust();
  directory().insert('Groups', { displayName: 'others', externalId: 'hr-system' });
  directory().update('Settings', 'Settings', { issuer: DOMAIN_URL, signingCertPublicAccess: true });
  const environment = addEnvironment(tenancy.repository(), 'prod', { reviewers: [7] });
  environment.variables.set('OCI_REGION', 'us-ashburn-1');
  environment.variables.set('OTHER', 'value');
  settings.iamProviders = [
    {
      account: ACCOUNT,
      url: 'https://token.actions.githubusercontent.com',
      clientIds: ['sts.amazonaws.com'],
    },
    { account: ACCOUNT, url: DOMAIN_URL, clientIds: ['sts.amazon.com'] },
  ];
  const trustPolicy = { Version: '2012-10-17', Statement: [FOREIGN_STATEMENT] };
  settings.roles = [{ arn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`, maxSessionDuration: 3600, trustPolicy }];
  world.settings.immutableSubject = false;
}

beforeEach(furnish);

/** Without versions and times, which every write of the trust changes. */
function worldWithoutVersions(): unknown {
  return JSON.parse(
    JSON.stringify(tenancy.world(), (name, value) =>
      ['version', 'lastModified', 'etag', 'timeUpdated'].includes(name) ? undefined : value,
    ),
  );
}

const users = () =>
  directory()
    .all('Users')
    .map(({ userName }) => userName);
const apps = () =>
  directory()
    .all('Apps')
    .map(({ displayName }) => displayName);
const rules = (): unknown => tenancy.trust()?.['impersonationServiceUsers'];
const policies = () => [...emulator.world.iam.policies.values()];

describe('remove', () => {
  it('after setup leaves the world as it was, and running it again does nothing', async () => {
    const before = worldWithoutVersions();
    expect((await setup([...AWS, ...APPLY])).exitCode).toBe(0);
    expect(worldWithoutVersions()).not.toEqual(before);
    const planned = await remove(...AWS);
    expect([planned.exitCode, planned.stderr]).toEqual([2, expect.stringContaining('Apply with --apply.')]);
    const run = await remove(...AWS, ...APPLY);
    expect([run.exitCode, run.stderr]).toEqual([
      0,
      expect.stringContaining('everything of others is still there'),
    ]);
    // The trust accepts the audience of the set-up for all of its rules: somebody else may use it meanwhile.
    const { clientClaimValues } = FOREIGN_TRUST;
    directory().update('IdentityPropagationTrusts', tenancy.trust()?.id ?? '', { clientClaimValues });
    expect(worldWithoutVersions()).toEqual(before);
    const after = tenancy.world();
    const again = await remove(...AWS, ...APPLY);
    expect([again.exitCode, again.stderr]).toEqual([0, 'Plan: nothing to do. Nothing was changed.\n']);
    expect(tenancy.world()).toEqual(after);
  });

  it('locks the jobs out first, and deletes the application last', async () => {
    await setup(APPLY);
    tenancy.forgetRequests();
    await remove(...APPLY);
    const writes = tenancy.writes();
    expect(writes[0]).toMatch(/^PATCH .*IdentityPropagationTrusts/);
    expect(writes.at(-1)).toMatch(/^DELETE .*\/Apps\//);
  });

  it.each(['acme/infra', 'acme/renamed'])(
    'finds by the name %s what was made before a rename',
    async (name) => {
      settings.immutableSubject = name === 'acme/renamed';
      await setup(APPLY);
      renameRepository(tenancy.repository(), 'acme/renamed');
      const args = ['--repo', name, '--environment', 'prod', '--domain-url', DOMAIN_URL];
      expect((await tenancy.run(['remove', ...args, ...APPLY])).exitCode).toBe(0);
      expect(rules()).toEqual(FOREIGN_TRUST.impersonationServiceUsers);
      expect([users(), apps()].flat()).not.toContainEqual(expect.stringMatching(/^github/));
    },
  );

  it('removes what a deleted repository had, by --repository-id', async () => {
    settings.immutableSubject = true;
    await setup(APPLY);
    emulator.world.githubRest.repositories.length = 0;
    expect((await remove(...APPLY)).exitCode).toBe(1);
    expect((await remove('--repository-id', '2002', ...APPLY)).exitCode).toBe(0);
    expect(rules()).toEqual(FOREIGN_TRUST.impersonationServiceUsers);
    expect([users(), apps()].flat()).not.toContainEqual(expect.stringMatching(/^github/));
  });

  it('does not touch what has no mark of setup', async () => {
    // As the page for the manual steps makes them.
    const user = directory().insert('Users', { userName: 'github-acme-infra-prod', active: true });
    directory().insert('Groups', {
      displayName: 'github-acme-infra-prod',
      members: [{ value: user.id, type: 'User' }],
    });
    const app = directory().insert('Apps', { name: 'by-hand', displayName: 'github-actions', active: true });
    const rule = { rule: `sub eq ${SUBJECT}`, value: user.id };
    const trust = tenancy.trust() ?? ({ id: '' } as ScimObject);
    directory().update('IdentityPropagationTrusts', trust.id, {
      impersonationServiceUsers: [...(rules() as unknown[]), rule],
      oauthClients: ['by-hand'],
    });
    tenancy.repository().environments.get('prod')?.variables.set('OCI_CLIENT_ID', String(app['name']));
    const before = tenancy.world();
    const run = await remove(...AWS, ...APPLY);
    expect([run.exitCode, run.stderr]).toEqual([0, 'Plan: nothing to do. Nothing was changed.\n']);
    expect(tenancy.world()).toEqual(before);
  });
});

describe('what others use', () => {
  it('stays: a user that another rule names, with its group and permissions', async () => {
    await setup(APPLY);
    const id = directory().find('Users', 'userName', 'github-acme-infra-prod')?.id ?? '';
    const wider = { rule: 'sub eq repo:acme/infra:*', value: id };
    directory().update('IdentityPropagationTrusts', tenancy.trust()?.id ?? '', {
      impersonationServiceUsers: [...(rules() as unknown[]), wider],
    });
    const run = await remove(...APPLY);
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringMatching(/! user .* another rule names it: sub eq repo:acme\/infra:\*/),
    ]);
    expect(users()).toContain('github-acme-infra-prod');
    expect(policies().flatMap(({ statements }) => statements)).toHaveLength(1);
    expect(rules()).toEqual([...FOREIGN_TRUST.impersonationServiceUsers, wider]);
  });

  it('stays: an application that another environment uses, with its client in the trust', async () => {
    await setup(APPLY);
    const second = ['--environment', 'test', '--rotate-secret'];
    const { compartment } = tenancy;
    const options = ['--repo', 'acme/infra', '--domain-url', DOMAIN_URL, '--compartment', compartment];
    expect(
      (await tenancy.run(['setup', ...options, ...second, '--allow', 'read buckets', ...APPLY])).exitCode,
    ).toBe(0);
    const run = await remove(...APPLY);
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringMatching(/! app +github-actions +stays: oci-wif:2002:test uses it/),
    ]);
    expect(apps()).toContain('github-actions');
    expect(tenancy.trust()?.['oauthClients']).toHaveLength(4);
    expect(policies().flatMap(({ statements }) => statements)).toEqual([
      expect.stringContaining('github-acme-infra-test'),
    ]);
    const last = await tenancy.run(['remove', ...options.slice(0, 4), '--environment', 'test', ...APPLY]);
    expect([last.exitCode, policies()]).toEqual([0, []]);
    expect(apps()).not.toContain('github-actions');
    expect(tenancy.trust()?.['oauthClients']).toEqual(FOREIGN_TRUST.oauthClients);
  });

  it('stays: a group with other members, and a statement of several groups', async () => {
    await setup(APPLY);
    const group = directory().find('Groups', 'displayName', 'github-acme-infra-prod');
    const other = { value: directory().all('Users')[0]?.id, type: 'User' };
    const members = [...((group?.['members'] as unknown[]) ?? []), other];
    directory().update('Groups', group?.id ?? '', { members });
    settings.scim.patchFilter = 'refused';
    const run = await remove(...APPLY);
    expect([run.exitCode, run.stdout]).toEqual([0, expect.stringMatching(/! group .* 1 other member/)]);
    expect(directory().get('Groups', group?.id ?? '')).toMatchObject({ members: [{ value: other.value }] });
    expect(policies()).toHaveLength(1);
    expect(users()).not.toContain('github-acme-infra-prod');
  });

  it('is written back when the domain loses it, and the exit code is 4', async () => {
    await setup(APPLY);
    settings.scim.losesRules = 1;
    const run = await remove(...APPLY);
    expect([run.exitCode, run.stderr]).toEqual([4, expect.stringContaining('TRUST_DAMAGED')]);
    expect(rules()).toEqual(FOREIGN_TRUST.impersonationServiceUsers);
    expect((await remove(...APPLY)).exitCode).toBe(0);
  });

  it('survives when somebody else adds a rule at the same moment', async () => {
    await setup(APPLY);
    const theirs = { rule: 'sub eq repo:acme/new:environment:prod', value: 'c'.repeat(32) };
    settings.scim.beforeWrite = ({ resource }) => {
      if (resource !== 'IdentityPropagationTrusts') return;
      settings.scim.beforeWrite = undefined;
      const id = tenancy.trust()?.id ?? '';
      directory().update(resource, id, { impersonationServiceUsers: [theirs, ...(rules() as unknown[])] });
    };
    expect((await remove(...APPLY)).exitCode).toBe(0);
    expect(rules()).toEqual([theirs, ...FOREIGN_TRUST.impersonationServiceUsers]);
  });
});

describe('the role of AWS', () => {
  it('that setup created is deleted; with policies, AWS refuses and everything else is removed', async () => {
    settings.roles = [];
    await setup([...AWS, ...APPLY]);
    const [made] = settings.roles;
    settings.roles = [{ ...made, attachedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }];
    const run = await remove(...AWS, ...APPLY);
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringMatching(/DeleteConflict.* Detach the policies of the role/),
    ]);
    expect(apps()).not.toContain('github-acme-infra-prod-aws');
    settings.roles = [{ ...made }];
    expect([(await remove(...AWS, ...APPLY)).exitCode, settings.roles]).toEqual([0, []]);
  });

  it('and its application stay when AWS was not asked for', async () => {
    await setup([...AWS, ...APPLY]);
    const { roles } = settings;
    const run = await remove(...APPLY);
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringContaining('remove it with `--aws-account`'),
    ]);
    expect(settings.roles).toEqual(roles);
    expect(apps()).toContain('github-acme-infra-prod-aws');
  });
});

it('a trust of its own stays, without rule and client', async () => {
  directory().remove('IdentityPropagationTrusts', tenancy.trust()?.id ?? '');
  await setup(APPLY);
  expect((await remove(...APPLY)).exitCode).toBe(0);
  expect(directory().find('IdentityPropagationTrusts', 'issuer', ISSUER)).toBeDefined();
  expect(tenancy.repository().environments.get('prod')?.secrets.has(SECRET)).toBe(false);
  expect((await setup(APPLY)).exitCode).toBe(0);
  expect((await tenancy.login()).exitCode).toBe(0);
});
