// What services refuse: each ends with what happened and one thing to do, and the next run continues.
import { describe, expect, it } from '@jest/globals';
import { addPolicy } from '../../../emulator/iam/state.ts';
import type { Members } from '../../../emulator/scim/attributes.ts';
import type { FaultOrder } from '../../../emulator/server/start.ts';
import { FOREIGN_TRUST, ISSUER, SUBJECT, startTenancy } from '../tenancy.ts';

const tenancy = await startTenancy();
const { emulator, administrator, setup } = tenancy;
const { world } = emulator;
const apply = () => setup(['--apply', '--yes']);

/** Fails every write of a service. */
const failing = (service: FaultOrder['service'], status: number, after: number): FaultOrder => ({
  service,
  after,
  fault: { kind: 'status', status, body: '{}' },
});

describe('a refusal while reading changes nothing', () => {
  it.each<[string, FaultOrder['service'], number, RegExp]>([
    [
      'GitHub does not know the repository',
      'github-api',
      404,
      /NOT_FOUND: Reading the repository .* Check the name/,
    ],
    ['GitHub forbids', 'github-api', 403, /NOT_PERMITTED: .* Use a token with more rights/],
    [
      'the domain does not know the administrator',
      'domain',
      401,
      /CREDENTIALS_UNUSABLE: Reading the settings/,
    ],
    ['the domain forbids', 'domain', 403, /NOT_PERMITTED: .* Identity Domain Administrator/],
    ['the domain does not accept the type of the body', 'domain', 415, /Check `--domain-url`/],
  ])('when %s', async (_what, service, status, text) => {
    emulator.faults.add(failing(service, status, 0));
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringMatching(text)]);
    expect(tenancy.writes()).toEqual([]);
  });

  it('when a service limits the rate for longer than the command waits', async () => {
    emulator.faults.add({
      service: 'domain',
      fault: { kind: 'status', status: 429, headers: { 'Retry-After': '3600' }, body: '{}' },
    });
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringMatching(/RATE_LIMITED: .* Wait/)]);
  });

  it('when IAM shows nothing to the administrator', async () => {
    world.settings.iamAccess = { [world.settings.administrator]: 'none' };
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringMatching(/NOT_PERMITTED: Reading the identity domain: .*`inspect domains` in the tenancy/),
    ]);
    expect(tenancy.writes()).toEqual([]);
  });

  it('when the profile has expired', async () => {
    await administrator.writeSession(-60);
    const run = await setup(['--profile', 'SESSION']);
    await administrator.writeSession(3600);
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringMatching(/CREDENTIALS_UNUSABLE: .*expired/)]);
  });
});

describe('a refusal of a change', () => {
  it('of the policy leaves nobody admitted, and the next run continues', async () => {
    world.settings.iamAccess = { [world.settings.administrator]: 'reader' };
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringMatching(/error: \S+: Creating the policy.* Journal: \S+\./),
    ]);
    expect(tenancy.trust()).toBeUndefined();
    world.settings.iamAccess = {};
    expect((await apply()).exitCode).toBe(0);
    expect((await tenancy.login()).exitCode).toBe(0);
  });

  it('of an environment names the plan of GitHub, and a branch instead', async () => {
    world.settings.githubPlan = 'free';
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringMatching(/NOT_FOUND: Creating the environment prod: .* GitHub Pro.* use `--branch`/),
    ]);
  });

  it('of a third application in a Free domain names the limit', async () => {
    world.directory.insert('Apps', { displayName: 'aws', active: true });
    world.directory.insert('Apps', { displayName: 'setup-admin', active: true });
    const run = await apply();
    expect([run.exitCode, run.stdout, run.stderr]).toEqual([
      4,
      expect.stringContaining('a Free domain allows 2 applications and has 2 (aws, setup-admin)'),
      expect.stringMatching(
        /SERVICE_REFUSED: Creating the app.* A Free domain has two applications at most: delete one, use one with `--app`/,
      ),
    ]);
  });

  it.each([400, 409] as const)(
    'of a second trust for the issuer says to run again (%i), which appends',
    async (status) => {
      world.settings.scim.duplicateIssuerStatus = status;
      world.settings.scim.beforeWrite = ({ resource }) => {
        if (resource === 'IdentityPropagationTrusts' && tenancy.trust() === undefined) tenancy.insertTrust();
      };
      const run = await apply();
      expect([run.exitCode, run.stderr]).toEqual([
        4,
        expect.stringMatching(
          /CONFLICT: Creating the trust.* Run the command again: it appends to that one\./,
        ),
      ]);
      expect(
        (
          await setup([
            '--audience',
            String(tenancy.repository().environments.get('prod')?.variables.get('OCI_AUDIENCE')),
            '--apply',
            '--yes',
          ])
        ).exitCode,
      ).toBe(0);
      expect((await tenancy.login()).exitCode).toBe(0);
    },
  );

  it('of a policy name that another compartment has says to choose another', async () => {
    const other = world.settings.compartments[1]?.id ?? '';
    addPolicy(world, {
      name: 'github-actions',
      statements: ['Allow group Administrators to read x in tenancy'],
      compartmentId: other,
    });
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringMatching(/The name of a policy is unique in the tenancy\. Choose another with `--policy`/),
    ]);
    expect((await setup(['--policy', 'github-actions-2', '--apply', '--yes'])).exitCode).toBe(0);
  });

  it('of keys that the domain cannot reach is passed on', async () => {
    world.settings.githubKeysPath = '/elsewhere';
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringMatching(/Creating the trust: .*publicKeyEndpoint/),
    ]);
  });

  it('of the external ID of a service user creates it without one', async () => {
    world.settings.scim.externalIdOfServiceUser = 'refused';
    expect((await apply()).exitCode).toBe(0);
    expect(world.directory.find('Users', 'userName', 'github-acme-infra-prod')).not.toHaveProperty(
      'externalId',
    );
  });
});

describe('a region', () => {
  it('that is not the home region does no harm: policies are written at home', async () => {
    const run = await setup(['--region', 'eu-frankfurt-1', '--apply', '--yes']);
    expect(run.exitCode).toBe(0);
    expect(tenancy.repository().environments.get('prod')?.variables.get('OCI_REGION')).toBe('eu-frankfurt-1');
  });
});

describe('a trust that must not be changed is refused in the plan', () => {
  it.each<[string, Members, string]>([
    ['inactive', { active: false }, 'is inactive; `--activate` activates it, and with it 3 rules'],
    ['for resources', { subjectType: 'Resource' }, 'use another domain'],
    [
      'with an earlier rule for the same jobs',
      { impersonationServiceUsers: [{ rule: 'sub eq repo:acme/*', value: 'f'.repeat(32) }] },
      'rule 1 `sub eq repo:acme/*` already matches',
    ],
  ])('%s', async (_what, changes, text) => {
    tenancy.insertTrust(changes);
    const run = await apply();
    expect([run.exitCode, run.stdout, run.stderr]).toEqual([
      3,
      expect.stringContaining(text),
      expect.stringMatching(/1 refusal.* Nothing was changed\. Lines with x say what to do\./),
    ]);
    expect(tenancy.writes()).toEqual([]);
  });
});

describe('credentials', () => {
  it.each([
    ['a session', ['--profile', 'SESSION']],
    ['an encrypted key', ['--profile', 'ENCRYPTED']],
  ])('of %s set up everything', async (_what, args) => {
    expect((await setup([...args, '--apply', '--yes'])).exitCode).toBe(0);
  });

  it('of a bearer token set up everything but the policy, whose statements are shown', async () => {
    const env = { OCI_WIF_TOKEN: world.administrator.bearer };
    const run = await setup(['--auth', 'bearer', '--region', 'us-ashburn-1', '--apply', '--yes'], { env });
    expect([run.exitCode, run.stdout]).toEqual([0, expect.stringContaining('add these statements yourself')]);
    expect(world.iam.policies.size).toBe(0);
    expect(tenancy.trust()?.['impersonationServiceUsers']).toMatchObject([{ rule: `sub eq ${SUBJECT}` }]);
  });
});

describe('an issuer of an enterprise', () => {
  it('has its own trust beside that of GitHub', async () => {
    world.settings.domainLicense = 'premium';
    tenancy.insertTrust();
    const issuer = `${ISSUER}/acme`;
    world.settings.scim.reachableKeys = [`${issuer}/.well-known/jwks`];
    expect((await setup(['--issuer', issuer, '--apply', '--yes'])).exitCode).toBe(0);
    expect(tenancy.trust()).toMatchObject(FOREIGN_TRUST);
    expect(world.directory.find('IdentityPropagationTrusts', 'issuer', issuer)).toMatchObject({
      active: true,
    });
  });
});
