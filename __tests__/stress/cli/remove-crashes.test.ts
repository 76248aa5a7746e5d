// `remove --apply` and the AWS side of `setup --apply` are killed at every request. The next run completes them, and what others
// have is as it was.
import { describe, expect, it } from '@jest/globals';
import { addPolicy } from '../../../emulator/iam/state.ts';
import { RESOURCES } from '../../../emulator/scim/attributes.ts';
import { Directory } from '../../../emulator/scim/directory.ts';
import type { CommandRun } from '../../cli/command.ts';
import { DOMAIN_URL, FOREIGN_TRUST, startTenancy } from '../../cli/tenancy.ts';
import { type Call, openFaultHook, type Plan } from '../crashes/fault-hook.ts';
import { figure } from '../figures.ts';
import { crashPlans, describeCrash } from './crash-plans.ts';

const ACCOUNT = '123456789012';
const ROLE = 'deploy';
const GITHUB = 'https://token.actions.githubusercontent.com';
const AWS = ['--aws-account', ACCOUNT, '--aws-role', ROLE];
const STATEMENTS = ['Allow group Administrators to read buckets in tenancy'];
const FOREIGN_STATEMENT = {
  Sid: 'Others',
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } },
} as const;

const tenancy = await startTenancy({ domainLicense: 'premium' });
const { emulator } = tenancy;
const { settings } = emulator.world;

/** A domain with a trust, a policy and a role of others. */
function furnish(): void {
  tenancy.reset();
  tenancy.insertTrust();
  emulator.world.directory.update('Settings', 'Settings', {
    issuer: DOMAIN_URL,
    signingCertPublicAccess: true,
  });
  addPolicy(emulator.world, {
    name: 'github-actions',
    compartmentId: tenancy.compartment,
    statements: STATEMENTS.map((one) => one.replace('tenancy', `compartment id ${tenancy.compartment}`)),
  });
  const trustPolicy = { Version: '2012-10-17', Statement: [FOREIGN_STATEMENT] };
  settings.roles = [{ arn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`, maxSessionDuration: 3600, trustPolicy }];
  settings.iamProviders = [{ account: ACCOUNT, url: GITHUB, clientIds: ['sts.amazonaws.com'] }];
}

/** @returns a function that makes everything as it is now */
function keepWorld(): () => void {
  const { world } = emulator;
  const objects = RESOURCES.map((resource) => [resource, world.directory.all(resource)] as const);
  const kept = structuredClone({ iam: world.iam, githubRest: world.githubRest });
  const { roles, iamProviders } = structuredClone(settings);
  return () => {
    world.directory = new Directory(settings, world.urls.domain, world.now);
    for (const [resource, all] of objects) for (const one of all) world.directory.insert(resource, one);
    Object.assign(world, structuredClone(kept));
    Object.assign(settings, structuredClone({ roles, iamProviders }));
  };
}

interface Run {
  ended: CommandRun;
  calls: Call[];
}

async function run(command: 'setup' | 'remove', plan: Plan = {}, aws = AWS): Promise<Run> {
  const hook = openFaultHook(plan);
  const options = { env: hook.env };
  const args = [...aws, '--apply', '--yes'];
  const jobs = ['--repo', 'acme/infra', '--environment', 'prod', '--domain-url', DOMAIN_URL];
  const ended =
    command === 'setup'
      ? await tenancy.setup(args, options)
      : await tenancy.run(['remove', ...jobs, ...args], options);
  return { ended, calls: hook.read().calls };
}

/** What belongs to others, byte for byte, in whatever else the lists have. */
function foreign(): unknown {
  const trust = tenancy.trust() as unknown as typeof FOREIGN_TRUST;
  const { value: theirs } = { value: FOREIGN_TRUST.impersonationServiceUsers.map(({ rule }) => rule) };
  return {
    rules: trust.impersonationServiceUsers.filter(({ rule }) => theirs.includes(rule)),
    clients: trust.oauthClients.filter((one) => FOREIGN_TRUST.oauthClients.includes(one)),
    statements: [...emulator.world.iam.policies.values()].map(({ statements }) => statements[0]),
    role: [settings.roles[0]?.trustPolicy?.Statement].flat()[0],
  };
}

/** What `setup` made. */
function ours(): unknown {
  const { directory, iam } = emulator.world;
  const trust = tenancy.trust() as unknown as typeof FOREIGN_TRUST;
  const vault = tenancy.repository().environments.get('prod');
  return {
    objects: (['Apps', 'Users', 'Groups'] as const).flatMap((kind) =>
      directory
        .all(kind)
        .map((one) => String(one['userName'] ?? one['displayName']))
        .filter((name) => name.startsWith('github-')),
    ),
    rules: trust.impersonationServiceUsers.length,
    clients: trust.oauthClients.length,
    statements: [...iam.policies.values()].flatMap(({ statements }) => statements).length,
    role: [settings.roles[0]?.trustPolicy?.Statement].flat().length,
    secrets: [...(vault?.secrets.keys() ?? [])],
    variables: [...(vault?.variables.keys() ?? [])],
  };
}

const NOTHING = {
  objects: [],
  rules: FOREIGN_TRUST.impersonationServiceUsers.length,
  clients: FOREIGN_TRUST.oauthClients.length,
  statements: 1,
  role: 1,
  secrets: [],
  variables: ['OCI_REGION'],
};

function loginToAws() {
  const { variables, secrets } = tenancy.repository().environments.get('prod') ?? tenancy.repository();
  return tenancy.login(
    {},
    {
      'aws-role-arn': variables.get('AWS_ROLE') ?? '',
      'aws-region': 'us-east-1',
      'aws-client-id': variables.get('OCI_AWS_CLIENT_ID') ?? '',
      'aws-client-secret': secrets.get('OCI_AWS_CLIENT_SECRET')?.value ?? '',
    },
  );
}

describe('killed at any request', () => {
  it('a removal is completed by the next run, and nothing of others is lost', async () => {
    furnish();
    expect((await run('setup')).ended.exitCode).toBe(0);
    const restore = keepWorld();
    const before = foreign();
    const { ended, calls } = await run('remove');
    expect([ended.exitCode, ours()]).toEqual([0, NOTHING]);
    const plans = crashPlans(calls);
    for (const plan of plans) {
      restore();
      const killed = await run('remove', plan);
      const crash = describeCrash(plan, killed.calls);
      expect([crash, killed.ended.endedBy, foreign()]).toEqual([crash, 'SIGKILL', before]);
      const next = await run('remove');
      expect([crash, next.ended.exitCode, foreign(), ours()]).toEqual([crash, 0, before, NOTHING]);
    }
    figure('crashes', 'remove: killed, then run again', plans.length);
  });

  it('the AWS side of a set-up is completed by the next run, and nothing of others is lost', async () => {
    furnish();
    expect((await run('setup', {}, [])).ended.exitCode).toBe(0);
    const restore = keepWorld();
    const before = foreign();
    const { ended, calls } = await run('setup');
    expect(ended.exitCode).toBe(0);
    const plans = crashPlans(calls);
    for (const plan of plans) {
      restore();
      const killed = await run('setup', plan);
      const crash = describeCrash(plan, killed.calls);
      expect([crash, killed.ended.endedBy, foreign()]).toEqual([crash, 'SIGKILL', before]);
      const next = await run('setup');
      expect([crash, next.ended.exitCode, next.ended.stderr]).toEqual([crash, 0, expect.any(String)]);
      expect([crash, foreign(), (await loginToAws()).exitCode]).toEqual([crash, before, 0]);
    }
    figure('crashes', 'setup with AWS: killed, then run again', plans.length);
  });
});
