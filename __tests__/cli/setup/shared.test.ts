// A domain that others use: whatever it does with a change, their rules, clients and statements stay as they are.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addPolicy } from '../../../emulator/iam/state.ts';
import type { ScimSettings } from '../../../emulator/scim/settings.ts';
import { FOREIGN_TRUST, SUBJECT, startTenancy } from '../tenancy.ts';

const tenancy = await startTenancy({ domainLicense: 'premium' });
const { emulator, administrator, setup, login } = tenancy;
const apply = () => setup(['--apply', '--yes']);

type Lists = Pick<typeof FOREIGN_TRUST, 'impersonationServiceUsers' | 'oauthClients' | 'clientClaimValues'>;

/** The lists of the trust without what is ours. */
function foreignLists(): Lists {
  const lists = (tenancy.trust() ?? {}) as unknown as Lists;
  const app = emulator.world.directory.find('Apps', 'displayName', 'github-actions');
  return {
    impersonationServiceUsers: lists.impersonationServiceUsers.filter(
      ({ rule }) => rule !== `sub eq ${SUBJECT}`,
    ),
    oauthClients: lists.oauthClients.filter((one) => one !== app?.['name']),
    clientClaimValues: lists.clientClaimValues,
  };
}

const { impersonationServiceUsers, oauthClients, clientClaimValues } = FOREIGN_TRUST;
const FOREIGN: Lists = { impersonationServiceUsers, oauthClients, clientClaimValues };

function copiesOfTrust(): unknown[] {
  const [name = ''] = readdirSync(path.join(administrator.home, '.oci-wif'));
  const directory = path.join(administrator.home, '.oci-wif', name);
  const files = readdirSync(directory).filter((file) => file.startsWith('trust-before-'));
  return files.map((file) => JSON.parse(readFileSync(path.join(directory, file), 'utf8')));
}

describe('a trust of others', () => {
  it.each<[string, Partial<ScimSettings>]>([
    ['appends', { patchAdd: 'appends' }],
    ['puts new entries first', { patchAdd: 'prepends' }],
    ['refuses to add with 400', { patchAdd: 'refused', patchAddStatus: 400 }],
    ['refuses to add with 501', { patchAdd: 'refused', patchAddStatus: 501 }],
    ['knows a new user late', { patchAdd: 'refused', referenceDelayMs: 1200 }],
  ])('keeps its entries in their order when the domain %s', async (_what, mode) => {
    tenancy.insertTrust();
    Object.assign(emulator.world.settings.scim, mode);
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([
      0,
      expect.stringContaining('everything that was there is still there'),
    ]);
    expect(foreignLists()).toEqual(FOREIGN);
    expect(copiesOfTrust()[0]).toMatchObject(FOREIGN);
    expect((await login()).exitCode).toBe(0);
    expect((await setup()).exitCode).toBe(0);
  });

  it.each<[string, Partial<ScimSettings>]>([
    ['replaces instead of adding', { patchAdd: 'replaces' }],
    ['loses a rule', { patchAdd: 'appends', losesRules: 1 }],
  ])(
    'is restored with exit code 4 when the domain %s, and the next run has nothing to do',
    async (_what, mode) => {
      tenancy.insertTrust();
      Object.assign(emulator.world.settings.scim, mode);
      const run = await apply();
      expect([run.exitCode, run.stderr]).toEqual([
        4,
        expect.stringMatching(
          /^error: TRUST_DAMAGED: .* All of them were written back\. Run the command again.* Journal: /m,
        ),
      ]);
      expect(foreignLists()).toEqual(FOREIGN);
      expect((await setup()).exitCode).toBe(0);
      expect((await login()).exitCode).toBe(0);
    },
  );

  it('that cannot be restored is in the copy that the message names', async () => {
    tenancy.insertTrust();
    Object.assign(emulator.world.settings.scim, { patchAdd: 'appends', losesRules: 2 });
    const run = await apply();
    const [, copy = ''] = /Write it back from (\S+)\./.exec(run.stderr) ?? [];
    expect([run.exitCode, JSON.parse(readFileSync(copy, 'utf8'))]).toEqual([
      4,
      expect.objectContaining(FOREIGN),
    ]);
  });

  it('gets back every list that the domain accepts, if another one names what is gone', async () => {
    tenancy.insertTrust();
    const { directory } = emulator.world;
    directory.remove('Apps', directory.find('Apps', 'name', 'c3')?.id ?? '');
    emulator.world.settings.scim.patchAdd = 'replaces';
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringMatching(
        /^error: TRUST_DAMAGED: .* writing them back failed\. .*oauthClients.* Write it back from /m,
      ),
    ]);
    expect(foreignLists()).toMatchObject({ impersonationServiceUsers: FOREIGN.impersonationServiceUsers });
  });

  it.each([412, 409] as const)(
    'keeps what a second administrator adds between reading and writing (%i)',
    async (staleVersion) => {
      const { id } = tenancy.insertTrust();
      const added = { rule: 'sub eq repo:acme/late:environment:prod', value: 'c'.repeat(32) };
      let times = 2;
      Object.assign(emulator.world.settings.scim, {
        staleVersion,
        beforeWrite: ({ resource, method }) => {
          if (resource !== 'IdentityPropagationTrusts' || method !== 'PATCH' || times-- <= 0) return;
          const rules = emulator.world.directory.get(resource, id)?.['impersonationServiceUsers'];
          const changed = [...(rules as object[]), { ...added, rule: `${added.rule}${times}` }];
          emulator.world.directory.update(resource, id, { impersonationServiceUsers: changed });
        },
      } satisfies Partial<ScimSettings>);
      expect((await apply()).exitCode).toBe(0);
      expect(foreignLists().impersonationServiceUsers.map(({ rule }) => rule)).toEqual([
        ...FOREIGN.impersonationServiceUsers.map(({ rule }) => rule),
        `${added.rule}1`,
        `${added.rule}0`,
      ]);
    },
  );

  it('is left alone when somebody else changes it again and again', async () => {
    const { id } = tenancy.insertTrust();
    emulator.world.settings.scim.beforeWrite = ({ resource }) => {
      if (resource === 'IdentityPropagationTrusts') emulator.world.directory.update(resource, id, {});
    };
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringMatching(/^error: CONFLICT: Changing the trust: .*412/m),
    ]);
    expect(tenancy.trust()).toMatchObject(FOREIGN);
    // Three attempts: each `add` is refused because the trust was changed.
    expect(tenancy.writes().filter((line) => line.startsWith('PATCH'))).toHaveLength(3);
  });

  it('is left alone when somebody else has just added a rule for the same jobs', async () => {
    const { id } = tenancy.insertTrust();
    const rules = [
      { rule: 'sub eq repo:acme/infra:*', value: 'b'.repeat(32) },
      ...FOREIGN.impersonationServiceUsers,
    ];
    emulator.world.settings.scim.beforeWrite = ({ resource, method }) => {
      if (resource === 'Groups' && method === 'POST')
        emulator.world.directory.update('IdentityPropagationTrusts', id, {
          impersonationServiceUsers: rules,
        });
    };
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringMatching(/^error: CONFLICT: The trust was changed meanwhile: rule 1 .* already matches/m),
    ]);
    expect(tenancy.trust()?.['impersonationServiceUsers']).toEqual(rules);
  });

  it('is not replaced when the domain does not return its rules', async () => {
    tenancy.insertTrust();
    Object.assign(emulator.world.settings.scim, { absentAttributes: ['impersonationServiceUsers'] });
    const run = await apply();
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringMatching(
        /did not return its impersonationServiceUsers\. Replacing its lists could remove entries of others/,
      ),
    ]);
    expect(tenancy.trust()).toMatchObject(FOREIGN);
  });

  it('is appended to when the domain does not return its rules, but adds', async () => {
    tenancy.insertTrust();
    Object.assign(emulator.world.settings.scim, {
      patchAdd: 'appends',
      absentAttributes: ['impersonationServiceUsers'],
    });
    const run = await apply();
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringContaining('the rules of the trust were not returned'),
    ]);
    expect(foreignLists()).toEqual(FOREIGN);
  });

  it('gets an audience only on request, and the plan says that it holds for all rules', async () => {
    tenancy.insertTrust();
    expect((await setup()).stdout).not.toContain('holds for all rules');
    const run = await setup(['--audience', 'https://acme.example/prod', '--apply', '--yes']);
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringContaining('+ aud https://acme.example/prod, which then holds for all rules'),
    ]);
    expect(foreignLists()).toEqual({
      ...FOREIGN,
      clientClaimValues: [...FOREIGN.clientClaimValues, 'https://acme.example/prod'],
    });
    expect((await login()).exitCode).toBe(0);
  });

  it('that is inactive is activated on request', async () => {
    tenancy.insertTrust({ active: false });
    expect((await setup(['--activate', '--apply', '--yes'])).exitCode).toBe(0);
    expect(tenancy.trust()?.['active']).toBe(true);
    expect(foreignLists()).toEqual(FOREIGN);
  });
});

describe('a policy of others', () => {
  const place = `in compartment id ${tenancy.compartment}`;
  const statements = [
    `Allow group  'Default'/'Administrators' to read buckets ${place}`,
    `Allow group Administrators to use objects ${place}`,
  ];
  const add = () =>
    addPolicy(emulator.world, { name: 'github-actions', statements, compartmentId: tenancy.compartment });

  it('keeps its statements as they are', async () => {
    const { id } = add();
    expect((await apply()).exitCode).toBe(0);
    const ours = `Allow group 'Default'/'github-acme-infra-prod' to read buckets ${place}`;
    expect(emulator.world.iam.policies.get(id)?.statements).toEqual([...statements, ours]);
    expect((await setup()).exitCode).toBe(0);
  });

  it('is read again when somebody else has changed it', async () => {
    const { id } = add();
    let reads = 0;
    // Another version at each reading, until the second attempt.
    const etag = { enumerable: true, get: () => `v${Math.min(++reads, 6)}`, set: () => {} };
    Object.defineProperty(emulator.world.iam.policies.get(id), 'etag', etag);
    expect((await apply()).exitCode).toBe(0);
    const puts = tenancy.requests().filter(({ method, service }) => method === 'PUT' && service === 'iam');
    expect([puts[0]?.status, puts.at(-1)?.status]).toEqual([412, 200]);
    expect(emulator.world.iam.policies.get(id)?.statements.slice(0, 2)).toEqual(statements);
  });
});

describe('a group of others', () => {
  it('keeps its members, and gets one more', async () => {
    const { directory } = emulator.world;
    const other = directory.insert('Users', { userName: 'other' });
    const members = [{ value: other.id, type: 'User' }];
    directory.insert('Groups', { displayName: 'github-acme-infra-prod', members });
    const run = await apply();
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringContaining('1 other member with the same permissions'),
    ]);
    const group = directory.find('Groups', 'displayName', 'github-acme-infra-prod');
    const user = directory.find('Users', 'userName', 'github-acme-infra-prod');
    expect(group?.['members']).toEqual([...members, expect.objectContaining({ value: user?.id })]);
  });
});
