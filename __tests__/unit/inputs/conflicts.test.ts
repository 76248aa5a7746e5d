import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/inputs/config.ts';
import { configWarnings } from '../../../src/inputs/warnings.ts';

type Inputs = Record<string, string>;

const enough: Inputs = {
  'domain-url': 'https://idcs-1.identity.oraclecloud.com',
  'client-id': 'app',
  'client-secret': 'hunter2',
  region: 'us-ashburn-1',
  'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy',
  'aws-region': 'us-east-1',
};
const configOf = (changes: Inputs = {}) => {
  const inputs: Inputs = { ...enough, ...changes };
  return readConfig((name) => inputs[name] ?? '', {
    home: '/home/x',
    workspace: undefined,
    platform: 'linux',
  });
};

function errorsOf(changes: Inputs): string[] {
  try {
    configOf(changes);
  } catch (error) {
    return (error as Error).message.replace(/\.$/, '').split('; ');
  }
  return [];
}

const RPST = { 'token-type': 'rpst', 'resource-type': 'ci' };
const CLUSTER = 'ocid1.cluster.oc1.iad.aaaa1';
const KUBECTL = { 'export-for': 'kubectl', 'oke-cluster': CLUSTER };
const CLIENT = { 'client-id': 'app', 'client-secret': 'hunter2' };
const INSTANCE = { 'client-auth': 'instance-principal', 'client-id': '', 'client-secret': '' };
const OF_SESSION = { 'aws-token-source': 'session' };
const NO_ROLE = { 'aws-role-arn': '', 'aws-region': '' };

const POD = { ...INSTANCE, ...NO_ROLE, 'client-auth': 'oke-workload-identity' };

describe('conflicts between inputs', () => {
  it.each<[string, Inputs, string[]]>([
    ['nothing', {}, []],
    ['no client', { 'client-id': '', 'client-secret': '' }, ['client-id', 'client-secret']],
    ['an instance and a client', { ...INSTANCE, ...NO_ROLE, ...CLIENT }, ['client-id', 'client-secret']],
    ['an instance and a secret', { ...INSTANCE, ...NO_ROLE, 'client-secret': 'x' }, ['client-secret']],
    ['an instance, and a role without a client', INSTANCE, ['aws-client-id']],
    [
      'an instance, and a role with a client',
      { ...INSTANCE, 'aws-client-id': 'x', 'aws-client-secret': 'y' },
      [],
    ],
    ['an instance, and a role for the session', { ...INSTANCE, ...OF_SESSION }, []],
    [
      'an instance without an exchange',
      { ...INSTANCE, ...NO_ROLE, 'token-type': 'none' },
      ['client-auth', 'token-type'],
    ],
    ['an instance for Terraform', { ...INSTANCE, ...NO_ROLE, 'export-for': 'terraform' }, []],
    ['a pod for Terraform', { ...POD, 'export-for': 'terraform' }, ['export-for']],
    ['a pod for Terraform by the session', { ...POD, 'export-for': 'terraform-session' }, []],
    ['an invalid way to authenticate', { 'client-auth': 'x', 'client-id': '' }, ['client-auth']],
    [
      'the session, and a client for AWS',
      { ...OF_SESSION, 'aws-client-id': 'x', 'aws-client-secret': 'y' },
      ['aws-client-id', 'aws-client-secret'],
    ],
    ['the session of a resource for AWS', { ...RPST, ...OF_SESSION }, ['aws-token-source']],
    ['no session for AWS', { region: '', 'token-type': 'none', ...OF_SESSION }, ['aws-token-source']],
    [
      'a token of the session to refresh',
      { ...OF_SESSION, 'aws-credential-source': 'web-identity' },
      ['aws-token-source'],
    ],
    ['no region', { region: '' }, ['region']],
    ['no region, and no session', { region: '', 'token-type': 'none' }, []],
    ['no session and no role', { ...NO_ROLE, 'token-type': 'none' }, ['token-type']],
    ['verification without a session', { verify: 'true', 'token-type': 'none' }, ['verify']],
    ['nothing to refresh', { refresh: 'true', 'token-type': 'none' }, ['refresh']],
    [
      'an access token to refresh',
      { refresh: 'true', 'token-type': 'none', 'aws-credential-source': 'web-identity' },
      [],
    ],
    ['an endpoint for verification', { verify: 'true', 'verify-endpoint': 'https://x.example' }, []],
    ['an endpoint without verification', { 'verify-endpoint': 'https://x.example' }, ['verify-endpoint']],
    [
      'an endpoint and an invalid boolean',
      { verify: 'yes', 'verify-endpoint': 'https://x.example' },
      ['verify'],
    ],
    ['no AWS region', { 'aws-region': '' }, ['aws-region']],
    ['a region of another partition', { 'aws-region': 'cn-north-1' }, ['aws-region']],
    ['a client ID without a secret', { 'aws-client-id': 'x' }, ['aws-client-secret']],
    ['a secret without a client ID', { 'aws-client-secret': 'x' }, ['aws-client-id']],
    ['an account not listed', { 'aws-allowed-account-ids': '999999999999' }, ['aws-role-arn']],
    ['an account listed', { 'aws-allowed-account-ids': '999999999999,123456789012' }, []],
    [
      'a role that no step gets',
      { 'aws-export-environment': 'false', 'output-credentials': 'false' },
      ['aws-export-environment'],
    ],
    [
      'a role that only a profile gets',
      { 'aws-export-environment': 'false', 'output-credentials': 'false', 'aws-profile': 'x' },
      [],
    ],
    [
      'session policies, which SDKs that assume the role themselves do not send',
      {
        'aws-credential-source': 'web-identity',
        'aws-session-policy': '{"Statement":[]}',
        'aws-managed-session-policies': 'arn:aws:iam::aws:policy/A',
      },
      ['aws-session-policy', 'aws-managed-session-policies'],
    ],
    [
      'AWS inputs without a role',
      { ...NO_ROLE, 'aws-region': 'us-east-1', 'aws-profile': 'x', 'aws-client-id': 'y' },
      ['aws-region', 'aws-client-id', 'aws-profile'],
    ],
    ['an invalid role', { 'aws-role-arn': 'x' }, ['aws-role-arn']],
    [
      'an invalid role and no region',
      { 'aws-role-arn': 'x', 'aws-region': '' },
      ['aws-role-arn', 'aws-region'],
    ],
    ['an invalid region', { 'aws-region': 'x' }, ['aws-region']],
    ['a secret of two lines', { 'aws-client-id': 'x', 'aws-client-secret': 'a\nb' }, ['aws-client-secret']],
    [
      'an invalid boolean',
      { 'aws-export-environment': 'perhaps', 'output-credentials': 'false' },
      ['aws-export-environment'],
    ],
    ['rpst without a resource type', { 'token-type': 'rpst' }, ['resource-type']],
    [
      'resource inputs for a user',
      { 'resource-type': 'ci', 'rpst-lifetime-seconds': '600' },
      ['resource-type', 'rpst-lifetime-seconds'],
    ],
    ['trust rules for a resource', { ...RPST, 'trust-rule': 'sub eq x' }, ['trust-rule']],
    ['terraform without refresh', { 'export-for': 'terraform', refresh: 'false' }, ['refresh']],
    [
      'two targets for one provider',
      { 'export-for': 'terraform, terraform-session', refresh: 'true' },
      ['export-for'],
    ],
    [
      'a lifetime that the provider takes for expired',
      { ...RPST, 'export-for': 'terraform', refresh: 'true', 'rpst-lifetime-seconds': '300' },
      ['rpst-lifetime-seconds'],
    ],
    ['registries for Docker', { 'export-for': 'ocir', 'ocir-registries': 'fra.ocir.io' }, []],
    ['registries for nobody', { 'ocir-registries': 'fra.ocir.io' }, ['ocir-registries']],
    ['a password for nobody', { 'ocir-login': 'true' }, ['ocir-login']],
    ['registries without a session', { 'export-for': 'ocir', 'token-type': 'none' }, ['export-for']],
    ['a target without a session', { 'export-for': 'ansible', 'token-type': 'none' }, ['export-for']],
    [
      'a config that Terraform does not read',
      { 'export-for': 'terraform-session', 'config-file': '/tmp/x/config' },
      ['config-file'],
    ],
    [
      'a config for Docker actions in another directory',
      { 'export-for': 'docker', 'config-file': '/tmp/.oci/config' },
      ['config-file'],
    ],
    ['the default config for Docker actions', { 'export-for': 'docker' }, []],
    ['kubectl with a cluster and a server', { ...KUBECTL, 'oke-server': 'https://127.0.0.1:6443' }, []],
    ['kubectl without a cluster', { 'export-for': 'kubectl' }, ['oke-cluster']],
    ['kubectl with an invalid cluster', { 'export-for': 'kubectl', 'oke-cluster': 'x' }, ['oke-cluster']],
    [
      'a server for two clusters',
      { ...KUBECTL, 'oke-cluster': `${CLUSTER},${CLUSTER}b`, 'oke-server': 'https://127.0.0.1:6443' },
      ['oke-server'],
    ],
    [
      'inputs for kubectl without it',
      {
        ...KUBECTL,
        'export-for': 'cli',
        'oke-endpoint': 'private',
        'oke-server': 'https://x',
        'oke-merge': 'true',
      },
      ['oke-cluster', 'oke-endpoint', 'oke-server', 'oke-merge'],
    ],
    ['the default endpoint without kubectl', { 'oke-endpoint': 'public', 'oke-merge': 'false' }, []],
    ['kubectl without a session', { ...KUBECTL, 'token-type': 'none' }, ['export-for']],
    ['an invalid token type', { 'token-type': 'x', region: '' }, ['token-type', 'region']],
  ])('are reported once each: %s', (_what, changes, names) => {
    const errors = errorsOf(changes);
    expect(errors.map((error) => /^`([\w-]+)`/.exec(error)?.[1])).toEqual(names);
  });
});

describe('the AWS config', () => {
  it('has defaults', () => {
    const { client, aws } = configOf();
    expect(aws).toEqual({
      role: { arn: enough['aws-role-arn'], partition: 'aws', accountId: '123456789012' },
      region: 'us-east-1',
      client,
      scope: '/',
      audience: 'sts.amazon.com',
      roleSessionName: undefined,
      durationSeconds: 3600,
      sessionPolicy: undefined,
      managedSessionPolicies: [],
      allowedAccountIds: [],
      profile: undefined,
      overwriteProfile: false,
      exportEnvironment: true,
      credentialSource: 'session',
      stsEndpoint: new URL('https://sts.us-east-1.amazonaws.com'),
    });
    expect(Object.isFrozen(aws)).toBe(true);
  });

  it.each([
    ['the session requests the access token', OF_SESSION],
    ['an instance signs', { ...INSTANCE, ...OF_SESSION }],
  ])('has no client when %s', (_what, changes) => {
    expect(configOf(changes).aws).toMatchObject({ client: undefined });
  });

  it('has its own client when `aws-client-id` is given, and shows no secret', () => {
    const config = configOf({ 'aws-client-id': 'second', 'aws-client-secret': 'hunter3' });
    expect(config.aws?.client?.clientId).toBe('second');
    expect(config.aws?.client?.clientSecret.reveal()).toBe('hunter3');
    expect(JSON.stringify(config)).not.toContain('hunter');
  });

  it.each([
    ['https://objectstorage.us-ashburn-1.oraclecloud.com', 0],
    ['https://objectstorage.xx-new-1.oraclecloud99.com', 0],
    ['http://127.0.0.1:1', 0],
    ['https://169.254.169.254', 1],
    ['https://oraclecloud.com.example', 1],
  ])('with `verify-endpoint` %s causes %i warnings', (url, count) => {
    const warnings = configWarnings(configOf({ verify: 'true', 'verify-endpoint': url }));
    expect(warnings.filter((one) => one.startsWith('`verify-endpoint`'))).toHaveLength(count);
    expect(warnings).toHaveLength(count);
  });

  it.each([
    ['https://sts.us-east-1.amazonaws.com', 0],
    ['https://vpce-1.sts.us-east-1.vpce.amazonaws.com', 0],
    ['https://sts.cn-north-1.amazonaws.com.cn', 0],
    ['https://sts.eusc-de-east-1.amazonaws.eu', 0],
    ['https://sts.us-east-1.api.aws', 0],
    ['https://localhost:1', 0],
    ['https://amazonaws.com.example', 1],
    ['https://evilamazonaws.com', 1],
    ['https://sts-fips.us-east-1.amazonaws.com', 0],
    ['https://sts.amazonaws.com', 0],
    ['https://a1b2c3.execute-api.us-east-1.amazonaws.com', 1],
    ['https://sts.s3.us-east-1.amazonaws.com', 1],
    ['https://vpce-1.vpce-svc-1.us-east-1.vpce.amazonaws.com', 1],
  ])('with STS endpoint %s causes %i warnings', (url, count) => {
    const warnings = configWarnings(configOf({ 'aws-sts-endpoint': url }));
    expect(warnings.filter((one) => one.startsWith('`aws-sts-endpoint`'))).toHaveLength(count);
    expect(warnings).toHaveLength(count);
  });

  it.each([
    ['fra.ocir.io', 0],
    ['ocir.eu-frankfurt-1.oci.oraclecloud.com', 0],
    ['ocir.eu-frankfurt-2.oci.oraclecloud.eu', 0],
    ['localhost:5000', 0],
    ['fra.ocir.io.example', 1],
    ['ghcr.io, fra.ocir.io', 1],
  ])('with `ocir-registries` %s causes %i warnings', (hosts, count) => {
    const warnings = configWarnings(configOf({ 'export-for': 'ocir', 'ocir-registries': hosts }));
    expect(warnings.filter((one) => one.startsWith('`ocir-registries`'))).toHaveLength(count);
  });
});
