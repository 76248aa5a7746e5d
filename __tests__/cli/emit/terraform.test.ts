// `setup --emit terraform`, for a fresh domain and for one that others use.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { type TrustedJob, trustSnippets } from '../../../src/diagnosis/trust-template.ts';
import { itWithShell } from '../../unit/systems-with.ts';
import { DOMAIN_URL, FOREIGN_TRUST, SUBJECT, startTenancy } from '../tenancy.ts';
import { type HclBlock, parseHcl } from './hcl-parser.ts';

const ACCOUNT = '123456789012';
const ROLE = 'github-acme-infra-prod';
const AWS = ['--aws-account', ACCOUNT, '--aws-role', ROLE, '--change-domain-settings'];
const EMIT = ['--emit', 'terraform'];

const tenancy = await startTenancy({ iamProviders: [], roles: [] });
const { emulator, setup } = tenancy;
const { settings } = emulator.world;

async function emitted(args: readonly string[] = []): Promise<HclBlock[]> {
  const before = tenancy.world();
  const run = await setup([...EMIT, ...args]);
  expect([run.exitCode, run.stderr]).toEqual([0, '']);
  expect(tenancy.world()).toEqual(before);
  return parseHcl(run.stdout);
}

const resource = (file: readonly HclBlock[], type: string, name: string) => {
  const found = file.find((block) => block.labels[0] === type && block.labels[1] === name);
  if (found === undefined) throw new Error(`no ${type}.${name}`);
  return found;
};
const inside = ({ blocks }: HclBlock, type: string) =>
  blocks.filter((block) => block.type === type).map(({ attributes }) => attributes);
/** Address by ID. */
const imports = (file: readonly HclBlock[]) =>
  Object.fromEntries(
    file
      .filter(({ type }) => type === 'import')
      .map(({ attributes }) => [(attributes['to'] as { $ref: string }).$ref.split('.')[0], attributes['id']]),
  );

const TRUST = 'oci_identity_domains_identity_propagation_trust';
const OURS = {
  rule: `sub eq ${SUBJECT}`,
  value: { $ref: 'oci_identity_domains_user.github.id' },
  ocid: { $ref: 'oci_identity_domains_user.github.ocid' },
};

/** Names of attributes and blocks. */
const shapeOf = ({ attributes, blocks }: HclBlock) => ({
  attributes: Object.keys(attributes).toSorted(),
  blocks: blocks.map((one) => [one.type, Object.keys(one.attributes)]),
});

describe('a fresh domain', () => {
  const job: TrustedJob = {
    ...{ domain: DOMAIN_URL, clientId: 'x', audience: DOMAIN_URL, subject: SUBJECT },
    ...{ issuer: 'https://i.example', keysUrl: 'https://i.example/k', resourceType: undefined },
  };
  it.each([
    ['users', [], job],
    [
      'resources',
      ['--client-auth', 'instance-principal', '--runners', `ocid1.instance.oc1.iad.${'a'.repeat(60)}`],
      { ...job, clientId: undefined, resourceType: 'x' },
    ],
  ])('gets the trust for %s that a refused job shows', async (_whom, args, told) => {
    const { text = '' } = trustSnippets(told).find(({ title }) => title.includes('Terraform')) ?? {};
    const shown = shapeOf(resource(parseHcl(`${text}\n`), TRUST, 'github'));
    const { attributes, blocks } = shapeOf(resource(await emitted(args), TRUST, 'github'));
    expect(attributes.filter((name) => name !== 'description')).toEqual(shown.attributes);
    expect(blocks).toEqual([...shown.blocks, ['lifecycle', ['prevent_destroy']]]);
  });

  itWithShell.each([
    ['stores the secret', 'echo s3cret', 's3cret'],
    ['stores nothing when the state has lost the secret', ':', ''],
    ['stores nothing when there is no state', 'return 1', ''],
  ])('has commands of which the first %s', async (_what, output, stored) => {
    const { stdout } = await setup(EMIT);
    const [command = ''] = /^# {3}SECRET=[\s\S]*?unset SECRET$/m.exec(stdout) ?? [];
    const script = `terraform() { ${output}; }; gh() { echo "$*: $(cat)"; }\n${command.replaceAll(/^# /gm, '')}`;
    const ended = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { encoding: 'utf8' });
    const place = '--repo acme/infra --env prod';
    expect(ended.stdout).toBe(stored === '' ? '' : `secret set OCI_CLIENT_SECRET ${place}: ${stored}\n`);
  });

  it('gets what setup would create, and nothing is imported', async () => {
    const file = await emitted();
    expect(imports(file)).toEqual({});
    const trust = resource(file, TRUST, 'github');
    expect(trust.attributes).toMatchObject({
      issuer: 'https://token.actions.githubusercontent.com',
      client_claim_name: 'aud',
      client_claim_values: [DOMAIN_URL],
      oauth_clients: [{ $ref: 'oci_identity_domains_app.github.name' }],
    });
    expect(inside(trust, 'impersonation_service_users')).toEqual([OURS]);
    expect(resource(file, 'oci_identity_policy', 'github').attributes['statements']).toEqual([
      expect.stringMatching(/^Allow group 'Default'\/'github-acme-infra-prod' to read buckets in /),
    ]);
    expect(file.filter(({ type }) => type === 'output').map(({ labels }) => labels[0])).toEqual([
      'client_id',
      'client_secret',
    ]);
  });

  it('gets the side of AWS, too', async () => {
    const file = await emitted(AWS);
    expect(imports(file)).toEqual({
      oci_identity_domains_setting: `idcsEndpoint/${DOMAIN_URL}/settings/Settings`,
    });
    const host = DOMAIN_URL.replace('https://', '');
    const { assume_role_policy: policy } = resource(file, 'aws_iam_role', 'github').attributes;
    expect(policy).toMatchObject({
      Statement: [
        {
          Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${host}` },
          Condition: {
            StringEquals: {
              [`${host}:aud`]: 'sts.amazon.com',
              [`${host}:sub`]: { $ref: 'oci_identity_domains_app.aws.name' },
            },
          },
        },
      ],
    });
  });

  it('gets no file when the plan is refused', async () => {
    const run = await setup([...EMIT, ...AWS.slice(0, -1)]);
    expect([run.exitCode, run.stdout]).toEqual([3, expect.stringContaining('x settings')]);
  });
});

describe('a domain that others use', () => {
  it('keeps their rules, clients, audiences and statements, in their order', async () => {
    settings.scim.appLimit = 10;
    const foreign = { rule: `sub eq repo:a/\${b}%{c}"\\d:*`, value: 'f'.repeat(32) };
    const impersonationServiceUsers = [...FOREIGN_TRUST.impersonationServiceUsers, foreign];
    tenancy.insertTrust({ impersonationServiceUsers, clockSkewSeconds: 60 });
    const trust = resource(await emitted(), TRUST, 'github');
    expect(inside(trust, 'impersonation_service_users')).toEqual([...impersonationServiceUsers, OURS]);
    expect(trust.attributes).toMatchObject({
      name: 'gha',
      clock_skew_seconds: 60,
      client_claim_values: FOREIGN_TRUST.clientClaimValues,
      oauth_clients: [...FOREIGN_TRUST.oauthClients, { $ref: 'oci_identity_domains_app.github.name' }],
    });
  });

  it('adds no audience to a trust that checks none', async () => {
    tenancy.insertTrust({ clientClaimName: undefined, clientClaimValues: undefined });
    const { attributes } = resource(await emitted(), TRUST, 'github');
    expect(attributes).not.toHaveProperty('client_claim_name');
    expect(attributes).not.toHaveProperty('client_claim_values');
  });

  it('has every object of an earlier setup imported, with what others have added since', async () => {
    settings.scim.appLimit = 10;
    tenancy.insertTrust();
    expect((await setup(['--apply', '--yes'])).exitCode).toBe(0);
    const { directory, iam } = emulator.world;
    const idOf = (kind: 'Apps' | 'Users' | 'Groups', path: string, name: string) =>
      directory.find(kind, path, name)?.id ?? '';
    const ids = {
      app: idOf('Apps', 'displayName', 'github-actions'),
      user: idOf('Users', 'userName', ROLE),
      group: idOf('Groups', 'displayName', ROLE),
    };
    directory.update('Apps', ids.app, { allowedScopes: [{ fqs: 'of-others/' }] });
    const other = { value: directory.all('Users')[0]?.id, type: 'User' };
    directory.update('Groups', ids.group, { members: [other, { value: ids.user, type: 'User' }] });
    const [policy] = iam.policies.values();
    policy?.statements.unshift('Allow group Others to inspect buckets in tenancy');
    const file = await emitted();
    const at = (kind: string, id: string) => `idcsEndpoint/${DOMAIN_URL}/${kind}/${id}`;
    expect(imports(file)).toEqual({
      oci_identity_domains_app: at('apps', ids.app),
      oci_identity_domains_user: at('users', ids.user),
      oci_identity_domains_group: at('groups', ids.group),
      oci_identity_policy: policy?.id,
      [TRUST]: at('identityPropagationTrusts', tenancy.trust()?.id ?? ''),
    });
    expect(inside(resource(file, 'oci_identity_domains_app', 'github'), 'allowed_scopes')).toEqual([
      { fqs: 'of-others/' },
    ]);
    expect(inside(resource(file, 'oci_identity_domains_group', 'github'), 'members')).toMatchObject([
      other,
      { value: OURS.value },
    ]);
    expect(resource(file, 'oci_identity_policy', 'github').attributes['statements']).toEqual(
      policy?.statements,
    );
    const rules = inside(resource(file, TRUST, 'github'), 'impersonation_service_users');
    expect(rules).toEqual([...FOREIGN_TRUST.impersonationServiceUsers, OURS]);
    expect(file.some(({ labels }) => labels[0] === 'client_secret')).toBe(false);
  });

  it('keeps the statements of a role in AWS', async () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: { StringLike: { 'aws:PrincipalTag/x': `\${aws:username}` } },
    };
    const trustPolicy = { Version: '2012-10-17', Statement: [statement] } as never;
    settings.roles = [
      { arn: `arn:aws:iam::${ACCOUNT}:role/ci/${ROLE}`, maxSessionDuration: 7200, trustPolicy },
    ];
    const file = await emitted(AWS);
    expect(imports(file)).toMatchObject({ aws_iam_role: ROLE });
    expect(resource(file, 'aws_iam_role', 'github').attributes).toMatchObject({
      path: '/ci/',
      max_session_duration: 7200,
      assume_role_policy: { Statement: [statement, { Sid: expect.stringMatching(/^OciWif/) }] },
    });
  });

  it('gets no file when the domain did not return the rules: a PUT would remove them', async () => {
    tenancy.insertTrust();
    settings.scim.absentAttributes = ['impersonationServiceUsers'];
    const run = await setup(EMIT);
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringMatching(
        /SERVICE_REFUSED: The domain did not return impersonationServiceUsers.*`setup --apply`/,
      ),
    ]);
  });
});
