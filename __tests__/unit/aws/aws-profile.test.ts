import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { awsFileWarning, awsLines, awsTargets } from '../../../src/aws/profile.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import { renderSection } from '../../../src/profiles/section-target.ts';
import { Secret } from '../../../src/secret.ts';
import { fullPath } from '../systems-with.ts';

const HOME = path.normalize(fullPath('/home/x'));
const ENVIRONMENT: Record<string, string> = { HOME, VOLUME: fullPath('/mnt') };
const targetsOf = (values: Record<string, string>, profile = 'deploy') =>
  awsTargets(nodeFiles, HOME, (name) => ({ ...ENVIRONMENT, ...values })[name], profile);
const filesOf = (values: Record<string, string>) => {
  const { config, credentials } = targetsOf(values);
  return { config: config.file, credentials: credentials.file };
};
const OWN = { config: path.join(HOME, '.aws/config'), credentials: path.join(HOME, '.aws/credentials') };

describe('the files of AWS', () => {
  it.each<[values: Record<string, string>, expected: typeof OWN]>([
    [{}, OWN],
    [{ AWS_CONFIG_FILE: '', AWS_SHARED_CREDENTIALS_FILE: '' }, OWN],
    [{ AWS_CONFIG_FILE: fullPath('/a/../b/c') }, { ...OWN, config: path.resolve('/b/c') }],
    [{ AWS_CONFIG_FILE: '~/c' }, { ...OWN, config: path.join(HOME, 'c') }],
    [{ AWS_CONFIG_FILE: fullPath('/a/$UNSET/%c') }, { ...OWN, config: path.resolve('/a/$UNSET/%c') }],
    [{ AWS_SHARED_CREDENTIALS_FILE: fullPath('/a/b') }, { ...OWN, credentials: path.resolve('/a/b') }],
  ])('for %j', (values, expected) => {
    expect(filesOf(values)).toEqual(expected);
  });

  it.each([
    'aws/config',
    './config',
    '~',
    '~other/config',
    '$HOME/.aws/config',
    '$\x7bHOME}/.aws/config',
    '%HOME%/.aws/config',
    fullPath('/srv$VOLUME/config'),
    fullPath('/srv/$\x7bVOLUME}/config'),
    '"/home/x/.aws/config"',
    ' /home/x/.aws/config',
  ])('cannot be %j, which programs resolve to different files', (value) => {
    const message = `AWS_CONFIG_FILE is ${JSON.stringify(value)}, which programs resolve to different files.`;
    const remedy = `Set AWS_CONFIG_FILE to an absolute path, such as ${OWN.config}.`;
    expect(() => filesOf({ AWS_CONFIG_FILE: value })).toThrow(
      expect.objectContaining({ message, remedy }) as unknown as Error,
    );
    expect(() => filesOf({ AWS_SHARED_CREDENTIALS_FILE: value })).toThrow('AWS_SHARED_CREDENTIALS_FILE is');
  });

  it.each([
    ['', 'AWS_CONFIG_FILE is empty: the AWS CLI and boto3 then read no file. Set it to /f.'],
    ['~/c', 'AWS_CONFIG_FILE begins with "~", which SDKs in Go do not expand. Set it to /f.'],
    ['/f', undefined],
    [undefined, undefined],
  ])('named as %j cause the warning %j', (value, warning) => {
    expect(awsFileWarning(() => value, 'config', '/f')).toBe(warning);
  });
});

describe('the sections', () => {
  it.each([
    ['deploy', 'profile deploy', 'deploy'],
    ['default', 'default', 'default'],
  ] as const)('of %s are [%s] and [%s]', (profile, config, credentials) => {
    expect(targetsOf({}, profile)).toEqual({
      config: { file: OWN.config, section: config, directory: null },
      credentials: { file: OWN.credentials, section: credentials, directory: null },
    });
  });
});

describe('a section', () => {
  const owner = { loginId: '0123456789abcdef', jobId: 'j' };

  it.each(['\n', '\r\n'])('ends its lines with %j', (end) => {
    const settings = { aws_access_key_id: 'ASIA', aws_secret_access_key: new Secret('a/b+c==') };
    const lines = renderSection('deploy', owner, awsLines(settings), end).split(end);
    expect(lines).toEqual([
      '[deploy]',
      '# oci-wif-action login 0123456789abcdef of job j, removed by its clean-up',
      'aws_access_key_id = ASIA',
      'aws_secret_access_key = a/b+c==',
      '',
    ]);
  });
});
