import { describe, expect, it } from '@jest/globals';
import { adviseOnConfig } from '../../../src/inputs/advice.ts';
import { readConfig } from '../../../src/inputs/config.ts';

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
  return readConfig((name) => inputs[name] ?? '', { home: '/home/x', workspace: undefined });
};

function faultsOf(changes: Inputs): string[] {
  try {
    configOf(changes);
  } catch (error) {
    return (error as Error).message.replace(/\.$/, '').split('; ');
  }
  return [];
}

const NO_ROLE = { 'aws-role-arn': '', 'aws-region': '' };

describe('inputs that contradict each other', () => {
  it.each<[string, Inputs, string[]]>([
    ['nothing', {}, []],
    ['no region of OCI', { region: '' }, ['region']],
    ['no region of OCI without a session', { region: '', 'token-type': 'none' }, []],
    ['neither session nor role', { ...NO_ROLE, 'token-type': 'none' }, ['token-type']],
    ['a session to verify, and none', { verify: 'true', 'token-type': 'none' }, ['verify']],
    ['nothing to renew', { refresh: 'true', 'token-type': 'none' }, ['refresh']],
    [
      'an access token to renew',
      { refresh: 'true', 'token-type': 'none', 'aws-credential-source': 'web-identity' },
      [],
    ],
    ['a session to verify', { verify: 'true', 'verify-endpoint': 'https://x.example' }, []],
    ['a verification that is off', { 'verify-endpoint': 'https://x.example' }, ['verify-endpoint']],
    ['a verification that is neither', { verify: 'yes', 'verify-endpoint': 'https://x.example' }, ['verify']],
    ['no region of AWS', { 'aws-region': '' }, ['aws-region']],
    ['another partition', { 'aws-region': 'cn-north-1' }, ['aws-region']],
    ['an id alone', { 'aws-client-id': 'x' }, ['aws-client-secret']],
    ['a secret alone', { 'aws-client-secret': 'x' }, ['aws-client-id']],
    ['an account not listed', { 'aws-allowed-account-ids': '999999999999' }, ['aws-role-arn']],
    ['an account listed', { 'aws-allowed-account-ids': '999999999999,123456789012' }, []],
    [
      'nobody who gets it',
      { 'aws-export-environment': 'false', 'output-credentials': 'false' },
      ['aws-export-environment'],
    ],
    [
      'a profile that gets it',
      { 'aws-export-environment': 'false', 'output-credentials': 'false', 'aws-profile': 'x' },
      [],
    ],
    [
      'policies that SDKs which assume the role by themselves would not pass on',
      {
        'aws-credential-source': 'web-identity',
        'aws-session-policy': '{"Statement":[]}',
        'aws-managed-session-policies': 'arn:aws:iam::aws:policy/A',
      },
      ['aws-session-policy', 'aws-managed-session-policies'],
    ],
    [
      'inputs in vain',
      { ...NO_ROLE, 'aws-region': 'us-east-1', 'aws-profile': 'x', 'aws-client-id': 'y' },
      ['aws-region', 'aws-client-id', 'aws-profile'],
    ],
    ['a role that is none', { 'aws-role-arn': 'x' }, ['aws-role-arn']],
    [
      'a role that is none, no region',
      { 'aws-role-arn': 'x', 'aws-region': '' },
      ['aws-role-arn', 'aws-region'],
    ],
    ['a region that is none', { 'aws-region': 'x' }, ['aws-region']],
    ['a secret of two lines', { 'aws-client-id': 'x', 'aws-client-secret': 'a\nb' }, ['aws-client-secret']],
    [
      'a switch that is none',
      { 'aws-export-environment': 'perhaps', 'output-credentials': 'false' },
      ['aws-export-environment'],
    ],
    ['a token type that is none', { 'token-type': 'x', region: '' }, ['token-type', 'region']],
  ])('are named once each: %s', (_what, changes, names) => {
    const faults = faultsOf(changes);
    expect(faults.map((fault) => /^`([\w-]+)`/.exec(fault)?.[1])).toEqual(names);
  });
});

describe('the configuration for AWS', () => {
  it('knows what is not said', () => {
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
      stsEndpoint: undefined,
    });
    expect(Object.isFrozen(aws)).toBe(true);
  });

  it('has an application of its own when one is named, and shows no secret', () => {
    const config = configOf({ 'aws-client-id': 'second', 'aws-client-secret': 'hunter3' });
    expect(config.aws?.client.clientId).toBe('second');
    expect(config.aws?.client.clientSecret.reveal()).toBe('hunter3');
    expect(JSON.stringify(config)).not.toContain('hunter');
  });

  it.each([
    ['https://sts.eu-central-1.amazonaws.com', 0],
    ['https://vpce-1.sts.us-east-1.vpce.amazonaws.com', 0],
    ['https://sts.cn-north-1.amazonaws.com.cn', 0],
    ['https://sts.eusc-de-east-1.amazonaws.eu', 0],
    ['https://sts.us-east-1.api.aws', 0],
    ['https://localhost:1', 0],
    ['https://amazonaws.com.example', 1],
    ['https://evilamazonaws.com', 1],
  ])('comes with as much advice on the endpoint %s as %i', (url, count) => {
    const advice = adviseOnConfig(configOf({ 'aws-sts-endpoint': url }));
    expect(advice.filter((one) => one.startsWith('`aws-sts-endpoint`'))).toHaveLength(count);
    expect(advice).toHaveLength(count);
  });
});
