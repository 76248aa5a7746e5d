// The AWS side of setup: from an untouched domain to a role session.
import { expect, it } from '@jest/globals';
import type { AwsRole } from '../../../emulator/server/start.ts';
import { errorOf } from '../../e2e/journey.ts';
import { describeWithTerminal } from '../../unit/systems-with.ts';
import { type CommandRun, runInTerminal } from '../command.ts';
import { DOMAIN_URL, setupOptions, startTenancy } from '../tenancy.ts';

const ACCOUNT = '123456789012';
const HOST = DOMAIN_URL.replace('https://', '');
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${HOST}`;
const ROLE = 'github-acme-infra-prod';
const AWS = ['--aws-account', ACCOUNT, '--aws-role', ROLE, '--change-domain-settings'];

const tenancy = await startTenancy({ iamProviders: [], roles: [] });
const { emulator, administrator, setup } = tenancy;
const { settings } = emulator.world;

/** The administrator types the name of the domain. */
function apply(args: readonly string[] = AWS, typed = 'Default'): Promise<CommandRun> {
  const all = ['setup', ...setupOptions(tenancy.compartment), ...args, '--apply', '--yes'];
  return runInTerminal(all, { env: administrator.env, input: `${typed}\n` });
}

const vaultOf = (environment: string) => {
  const vault = tenancy.repository().environments.get(environment);
  if (vault === undefined) throw new Error(`no environment ${environment}`);
  return vault;
};

/** A job of the environment, with what GitHub stores for it, except for `changes`. */
function loginToAws(environment = 'prod', changes: Record<string, string> = {}) {
  const { variables, secrets } = vaultOf(environment);
  return tenancy.login(
    { environment },
    {
      'aws-role-arn': variables.get('AWS_ROLE') ?? '',
      'aws-region': 'us-east-1',
      'aws-client-id': variables.get('OCI_AWS_CLIENT_ID') ?? '',
      'aws-client-secret': secrets.get('OCI_AWS_CLIENT_SECRET')?.value ?? '',
      ...changes,
    },
  );
}

const trustPolicyOf = (name = ROLE) =>
  settings.roles.find(({ arn }) => arn?.endsWith(`/${name}`))?.trustPolicy;

const FOREIGN = {
  Sid: 'Admins',
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
  Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
  Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': ['sts.amazonaws.com'] } },
} as const;

const GITHUB = {
  account: ACCOUNT,
  url: 'https://token.actions.githubusercontent.com',
  clientIds: ['sts.amazonaws.com'],
};

function insertRole(...Statement: AwsRole['trustPolicy']['Statement'][]): void {
  const trustPolicy = { Version: '2008-10-17', Id: 'of-others', Statement: Statement.flat() };
  settings.iamProviders = [GITHUB, ...settings.iamProviders.filter(({ url }) => url !== GITHUB.url)];
  settings.roles = [
    { arn: `arn:aws:iam::${ACCOUNT}:role/ci/${ROLE}`, maxSessionDuration: 7200, trustPolicy },
  ];
}

function domainSettings(): Record<string, unknown> {
  return emulator.world.directory.get('Settings', 'Settings') ?? {};
}

describeWithTerminal('setup with --aws-role', () => {
  it('lets a job log in to both clouds, and changes nothing when run again', async () => {
    const { meta: _, ...untouched } = domainSettings();
    const run = await apply();
    const { meta: __, prevIssuer: ___, ...changed } = domainSettings();
    expect(changed).toEqual({ ...untouched, issuer: DOMAIN_URL, signingCertPublicAccess: true });
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringContaining(`${ROLE} admits the application`),
    ]);
    expect(run.stdout).toMatch(/aws-role-arn: .*AWS_ROLE.*aws-client-secret: .*OCI_AWS_CLIENT_SECRET/s);
    const main = await loginToAws();
    expect([main.exitCode, main.outputs['aws-account-id']]).toEqual([0, ACCOUNT]);
    const before = tenancy.world();
    const again = await setup([...AWS, '--apply', '--yes']);
    expect([again.exitCode, again.stderr]).toEqual([0, 'Plan: nothing to do. Nothing was changed.\n']);
    expect(tenancy.world()).toEqual(before);
  });

  it('admits the application of the environment to its role, and no other', async () => {
    settings.scim.appLimit = 10;
    await apply();
    const other = ['--environment', 'test', '--app', 'second', '--aws-role', 'second'];
    const options = setupOptions(tenancy.compartment).filter(
      (one) => one !== '--environment' && one !== 'prod',
    );
    const run = await tenancy.run([
      'setup',
      ...options,
      '--aws-account',
      ACCOUNT,
      ...other,
      '--apply',
      '--yes',
    ]);
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining('created the role second')]);
    expect((await loginToAws('test')).exitCode).toBe(0);
    const refused = await loginToAws('test', {
      'aws-role-arn': vaultOf('prod').variables.get('AWS_ROLE') ?? '',
    });
    expect([refused.exitCode, errorOf(refused)]).toEqual([1, expect.stringMatching(/^AWS_/)]);
    const withoutScope = await loginToAws('prod', { 'aws-client-id': '', 'aws-client-secret': '' });
    expect(withoutScope.exitCode).toBe(1);
  });

  it('makes the second application a client of the resource server: an audience exists only once', async () => {
    settings.scim.appLimit = 10;
    await apply();
    await apply([...AWS, '--aws-app', 'another', '--rotate-aws-secret']);
    const { directory } = emulator.world;
    const apps = directory.all('Apps').filter(({ audience }) => audience === 'sts.amazon.com');
    expect(apps.map(({ displayName }) => displayName)).toEqual(['github-acme-infra-prod-aws']);
    expect(directory.find('Apps', 'displayName', 'another')).toMatchObject({
      allowedScopes: [expect.objectContaining({ fqs: 'sts.amazon.com/' })],
    });
    expect((await loginToAws()).exitCode).toBe(0);
  });
});

describeWithTerminal('the settings of the domain', () => {
  it('are not changed without --change-domain-settings, and nothing else is either', async () => {
    const before = tenancy.world();
    const run = await setup([...AWS.slice(0, -1), '--apply', '--yes']);
    expect([run.exitCode, run.stdout]).toEqual([
      3,
      expect.stringMatching(/x settings +Default +this change concerns everybody.*--change-domain-settings/),
    ]);
    expect(tenancy.world()).toEqual(before);
  });

  it('are not covered by --yes', async () => {
    const before = tenancy.world();
    const run = await setup([...AWS, '--apply', '--yes']);
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringContaining('Nobody can confirm')]);
    expect(tenancy.world()).toEqual(before);
  });

  it('are not changed when another name is typed', async () => {
    const before = tenancy.world();
    const run = await apply(AWS, 'yes');
    expect([run.exitCode, run.stdout]).toEqual([3, expect.stringContaining('Type Default to continue')]);
    expect(tenancy.world()).toEqual(before);
  });

  it('are shown with the issuer before the last one', async () => {
    const { directory } = emulator.world;
    directory.update('Settings', 'Settings', { prevIssuer: 'https://old.example' });
    const { stdout } = await setup(AWS);
    expect(stdout).toContain(`issuer https://identity.oraclecloud.com/ → ${DOMAIN_URL}`);
    expect(stdout).toContain('before that https://old.example');
  });

  it('need no change when the domain names itself already, with a slash at the end', async () => {
    const { directory } = emulator.world;
    directory.update('Settings', 'Settings', { issuer: `${DOMAIN_URL}/`, signingCertPublicAccess: true });
    const run = await setup([...AWS, '--apply', '--yes']);
    expect([run.exitCode, domainSettings()['issuer']]).toEqual([0, `${DOMAIN_URL}/`]);
    expect((await loginToAws()).exitCode).toBe(0);
  });
});

describeWithTerminal('what others have in AWS', () => {
  it('stays: statements of the role, client IDs of the provider', async () => {
    insertRole(FOREIGN);
    const ofDomain = { account: ACCOUNT, url: DOMAIN_URL, clientIds: ['of-others'] };
    settings.iamProviders = [...settings.iamProviders, ofDomain];
    expect((await apply()).exitCode).toBe(0);
    expect(settings.iamProviders[1]).toMatchObject({ clientIds: ['of-others', 'sts.amazon.com'] });
    expect(trustPolicyOf()).toEqual({
      Version: '2008-10-17',
      Id: 'of-others',
      Statement: [FOREIGN, expect.objectContaining({ Sid: expect.stringMatching(/^OciWif2002prod/) })],
    });
    expect(vaultOf('prod').variables.get('AWS_ROLE')).toBe(`arn:aws:iam::${ACCOUNT}:role/ci/${ROLE}`);
    expect((await loginToAws()).exitCode).toBe(0);
  });

  it('stays when somebody else writes to the role at the same moment', async () => {
    insertRole(FOREIGN);
    const theirs = { ...FOREIGN, Sid: 'Theirs' };
    settings.beforeAwsWrite = (action) => {
      if (action !== 'UpdateAssumeRolePolicy') return;
      settings.beforeAwsWrite = undefined;
      settings.concurrentModifications = 1;
      insertRole(FOREIGN);
    };
    expect((await apply()).exitCode).toBe(0);
    expect(trustPolicyOf()).toMatchObject({ Statement: [FOREIGN, { Effect: 'Allow' }] });
    insertRole(FOREIGN, theirs);
    expect((await setup([...AWS, '--apply', '--yes'])).exitCode).toBe(0);
    expect(trustPolicyOf()).toMatchObject({ Statement: [FOREIGN, theirs, { Effect: 'Allow' }] });
  });

  it('is warned of when it admits every application of the domain', async () => {
    const open = {
      ...FOREIGN,
      Sid: 'Open',
      Principal: { Federated: PROVIDER },
      Condition: { StringEquals: { [`${HOST}:aud`]: 'sts.amazon.com' } },
    };
    insertRole(open);
    const { stdout } = await setup(AWS);
    expect(stdout).toMatch(/! role .* the statement Open has no condition on sub/);
  });

  it('is never that of another account', async () => {
    const run = await setup([
      '--aws-account',
      '999999999999',
      '--aws-role',
      ROLE,
      '--change-domain-settings',
    ]);
    expect([run.exitCode, run.stdout]).toEqual([
      3,
      expect.stringContaining(`the AWS credentials are of the account ${ACCOUNT}, not 999999999999`),
    ]);
  });
});

describeWithTerminal('a refusal of AWS', () => {
  it('names the request, the permission and the request ID; the next run completes', async () => {
    settings.deniedAwsActions = ['CreateRole'];
    const run = await apply();
    expect([run.exitCode, run.stdout]).toEqual([
      4,
      expect.stringMatching(/NOT_PERMITTED: Creating the role .* was refused: AccessDenied: .*Request ID/),
    ]);
    settings.deniedAwsActions = [];
    expect((await setup([...AWS, '--apply', '--yes'])).exitCode).toBe(0);
    expect((await loginToAws()).exitCode).toBe(0);
  });

  it('that cannot read the domain says so; the next run completes', async () => {
    settings.awsReachesIssuer = false;
    const run = await apply();
    expect([run.exitCode, run.stdout]).toEqual([
      4,
      expect.stringMatching(
        /Creating the OIDC provider .* OpenIdIdpCommunicationError: .*Run the command again/,
      ),
    ]);
    settings.awsReachesIssuer = true;
    expect((await setup([...AWS, '--apply', '--yes'])).exitCode).toBe(0);
  });

  it('without credentials says how to log in, and nothing is changed', async () => {
    const before = tenancy.world();
    const env = {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const run = await setup(AWS, { env });
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringMatching(/CREDENTIALS_UNUSABLE: .*`aws sso login`/),
    ]);
    expect(tenancy.world()).toEqual(before);
  });
});

it.each([
  [['--aws-role', ROLE], '`--aws-role` needs `--aws-account`.'],
  [['--aws-account', ACCOUNT], '`--aws-account` needs `--aws-role`.'],
  [['--aws-account', ACCOUNT, '--aws-role', 'a/b'], '`--aws-role` must be'],
  [
    ['--aws-account', ACCOUNT, '--aws-role', ROLE, '--aws-app', 'github-actions'],
    '`--aws-app` must be another',
  ],
])('%j is refused before the first request', async (args, text) => {
  const run = await setup(args);
  expect([run.exitCode, run.stderr]).toEqual([1, expect.stringContaining(text)]);
  expect(tenancy.requests()).toEqual([]);
});
