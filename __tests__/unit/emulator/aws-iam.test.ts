import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
  ListRolesCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addAccessKey } from '../../../emulator/sts/role-session.ts';
import { assume, sdkOptions } from './aws-client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator } = await startTestEmulator();
const { accessKeyId, secretAccessKey } = addAccessKey(emulator.world, 'administrator');
const iam = new IAMClient({
  ...sdkOptions(emulator, 'aws-iam', { accessKeyId, secretAccessKey }),
  maxAttempts: 1,
});
afterAll(() => iam.destroy());
beforeEach(() => {
  Object.assign(emulator.world.settings, { iamProviders: [], roles: [] });
});

const ACCOUNT = 'arn:aws:iam::123456789012';
const host = new URL(emulator.urls.domain).host;
const providerArn = `${ACCOUNT}:oidc-provider/${host}`;
const trust = (Condition: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: providerArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition,
      },
    ],
  });
const clientId = emulator.inputs['client-id'];
const byClient = { StringEquals: { [`${host}:aud`]: 'sts.amazon.com', [`${host}:sub`]: clientId } };
const createProvider = (ids = ['sts.amazon.com']) =>
  iam.send(new CreateOpenIDConnectProviderCommand({ Url: emulator.urls.domain, ClientIDList: ids }));
const createRole = (policy = trust(byClient), name = 'deploy') =>
  iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: policy,
      Tags: [{ Key: 'managed-by', Value: 'oci-wif' }],
    }),
  );
const updateTrust = (policy: string) =>
  iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'deploy', PolicyDocument: policy }));

describe('AWS IAM', () => {
  it('makes a provider and a role that STS accepts', async () => {
    expect((await createProvider([])).OpenIDConnectProviderArn).toBe(providerArn);
    await createRole();
    await expect(assume(emulator)).resolves.toMatchObject({ accessKeyId: '' });
    const id = { OpenIDConnectProviderArn: providerArn, ClientID: 'sts.amazon.com' };
    await iam.send(new AddClientIDToOpenIDConnectProviderCommand(id));
    await iam.send(new AddClientIDToOpenIDConnectProviderCommand(id));
    await expect(assume(emulator)).resolves.toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/) });
    const provider = await iam.send(
      new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: providerArn }),
    );
    expect(provider).toMatchObject({ Url: host, ClientIDList: ['sts.amazon.com'] });
    const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand());
    expect(OpenIDConnectProviderList).toEqual([{ Arn: providerArn }]);
  });

  it('returns tags with GetRole only, and the trust policy encoded', async () => {
    await createProvider();
    await createRole();
    await iam.send(new TagRoleCommand({ RoleName: 'deploy', Tags: [{ Key: 'team', Value: 'a & b' }] }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'deploy' }));
    expect(Role?.Tags).toEqual([
      { Key: 'managed-by', Value: 'oci-wif' },
      { Key: 'team', Value: 'a & b' },
    ]);
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust(byClient));
    const { Roles } = await iam.send(new ListRolesCommand());
    expect(Roles?.map(({ RoleName, Tags }) => [RoleName, Tags])).toEqual([['deploy', undefined]]);
  });

  it('pages roles', async () => {
    await createProvider();
    for (const name of ['a', 'b', 'c']) await createRole(trust(byClient), name);
    const first = await iam.send(new ListRolesCommand({ MaxItems: 2 }));
    const second = await iam.send(new ListRolesCommand({ MaxItems: 2, Marker: String(first.Marker) }));
    expect([first.Roles, second.Roles].map((roles) => roles?.map(({ RoleName }) => RoleName))).toEqual([
      ['a', 'b'],
      ['c'],
    ]);
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
  });

  it('calls a second writer before a change, which then overwrites it', async () => {
    await createProvider();
    await createRole();
    const actions: string[] = [];
    emulator.world.settings.beforeAwsWrite = (action) => actions.push(action);
    await updateTrust(trust({}));
    await iam.send(new GetRoleCommand({ RoleName: 'deploy' }));
    expect(actions).toEqual(['UpdateAssumeRolePolicy']);
    expect(emulator.journal.at(-1)).toMatchObject({ service: 'aws-iam', action: 'GetRole' });
  });

  it('keeps a role with attached policies', async () => {
    const attached = 'arn:aws:iam::aws:policy/AdministratorAccess';
    emulator.world.settings.roles = [{ attachedPolicies: [attached] }];
    const list = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'deploy' }));
    expect(list.AttachedPolicies).toEqual([{ PolicyArn: attached, PolicyName: 'AdministratorAccess' }]);
    const remove = () => iam.send(new DeleteRoleCommand({ RoleName: 'deploy' }));
    await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
    emulator.world.settings.roles = [{}];
    await remove();
    expect(emulator.world.settings.roles).toEqual([]);
  });

  const getRole = () => iam.send(new GetRoleCommand({ RoleName: 'absent' }));
  it.each([
    ['an unknown role', getRole, 'NoSuchEntityException'],
    [
      'a second provider',
      () => createProvider().then(() => createProvider()),
      'EntityAlreadyExistsException',
    ],
    ['a trust in an unknown provider', () => createRole(), 'MalformedPolicyDocumentException'],
    ['a trust that is no policy', () => createRole('{}'), 'MalformedPolicyDocumentException'],
    ['a name with a space', () => createRole(trust({}), 'a b'), 'ValidationError'],
  ])('refuses %s', async (_, send, name) => {
    await expect(send()).rejects.toMatchObject({ name });
  });

  it.each([
    ['concurrentModifications', 1, 'ConcurrentModificationException'],
    ['awsReachesIssuer', false, 'OpenIdIdpCommunicationErrorException'],
    ['deniedAwsActions', ['CreateOpenIDConnectProvider'], 'AccessDenied'],
  ])('with the setting %s refuses a provider', async (setting, value, name) => {
    Object.assign(emulator.world.settings, { [setting]: value });
    await expect(createProvider()).rejects.toMatchObject({ name });
  });

  it('refuses the session of a role, and a wrong secret', async () => {
    await createProvider();
    await createRole();
    const withKeys = (keys: Parameters<typeof sdkOptions>[2]) =>
      new IAMClient(sdkOptions(emulator, 'aws-iam', keys)).send(new ListRolesCommand());
    await expect(withKeys(await assume(emulator))).rejects.toMatchObject({ name: 'AccessDenied' });
    const wrong = { accessKeyId, secretAccessKey: 'x' };
    await expect(withKeys(wrong)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  });
});

describe('a trust policy', () => {
  const sub = `${host}:sub`;
  it.each([
    [{ StringLike: { [sub]: `${clientId.slice(0, 5)}*` } }, true],
    [{ StringNotEquals: { [sub]: clientId } }, false],
    [{ StringNotLike: { [sub]: 'x*' } }, true],
    [{ StringEqualsIgnoreCase: { [sub]: clientId.toUpperCase() } }, true],
    [{ StringEquals: { absent: 'x' } }, false],
    [{ StringEqualsIfExists: { absent: 'x' } }, true],
    [{ 'ForAllValues:StringEquals': { absent: 'x' } }, true],
    [{ 'ForAllValues:StringEquals': { [sub]: ['x', clientId] } }, true],
    [{ 'ForAnyValue:StringEquals': { absent: 'x' } }, false],
    [{ Null: { absent: 'true' } }, true],
    [{}, true],
  ])('with %j admits the default client: %s', async (condition, admitted) => {
    await createProvider();
    await createRole();
    await updateTrust(trust(condition));
    expect((await assume(emulator)).accessKeyId !== '').toBe(admitted);
  });
});
