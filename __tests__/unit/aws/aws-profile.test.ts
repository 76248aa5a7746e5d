import { describe, expect, it } from '@jest/globals';
import { awsFiles, awsLines, awsTarget } from '../../../src/aws/profile.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import { renderSection } from '../../../src/profiles/section-target.ts';
import { Secret } from '../../../src/secret.ts';

const filesOf = (values: Record<string, string>) => awsFiles(nodeFiles, '/home/x', (name) => values[name]);
const OWN = { config: '/home/x/.aws/config', credentials: '/home/x/.aws/credentials' };

describe('the files of AWS', () => {
  it.each([
    [{}, OWN],
    [{ AWS_CONFIG_FILE: '', AWS_SHARED_CREDENTIALS_FILE: '' }, OWN],
    [{ AWS_CONFIG_FILE: '/a/../b/c' }, { ...OWN, config: '/b/c' }],
    [{ AWS_SHARED_CREDENTIALS_FILE: '/a/b' }, { ...OWN, credentials: '/a/b' }],
  ])('for %j', (values, expected) => {
    expect(filesOf(values as Record<string, string>)).toEqual(expected);
  });
});

describe('a target', () => {
  it.each([
    ['config', 'deploy', 'profile deploy'],
    ['config', 'default', 'default'],
    ['config', 'DEFAULT', 'profile DEFAULT'],
    ['credentials', 'deploy', 'deploy'],
    ['credentials', 'default', 'default'],
  ] as const)('in %s of %s is [%s]', (kind, profile, section) => {
    expect(awsTarget(kind, `/a/${kind}`, profile)).toMatchObject({ section, directory: null });
  });
});

describe('a section', () => {
  const target = awsTarget('credentials', '/a/credentials', 'deploy');
  const owner = { loginId: '0123456789abcdef', jobId: 'j' };

  it.each(['\n', '\r\n'])('ends its lines with %j', (end) => {
    const settings = { aws_access_key_id: 'ASIA', aws_secret_access_key: new Secret('a/b+c==') };
    const lines = renderSection(target.section, owner, awsLines(settings), end).split(end);
    expect(lines).toEqual([
      '[deploy]',
      '# oci-wif-action login 0123456789abcdef of job j, removed by its post step',
      'aws_access_key_id = ASIA',
      'aws_secret_access_key = a/b+c==',
      '',
    ]);
  });
});
