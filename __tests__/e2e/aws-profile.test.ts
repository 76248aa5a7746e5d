// The profile in the files of AWS is written for the owner only, and removed byte for byte.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { itWithLinks } from '../unit/systems-with.ts';
import { expectFailure, startJourney, treeOf, warningsOf, writeHome } from './journey.ts';

const DEPLOY = { 'token-type': 'none', region: '', 'aws-profile': 'deploy' };

const HOMES: [what: string, files: Record<string, string>][] = [
  ['no ~/.aws', {}],
  ['empty files', { '.aws/config': '', '.aws/credentials': '' }],
  ['comments', { '.aws/config': '# mine\n[default]\nregion = x\n; end\n', '.aws/credentials': '# none\n' }],
  [
    'CRLF',
    { '.aws/config': '[profile a]\r\nregion=x\r\n', '.aws/credentials': '[a]\r\naws_access_key_id=x\r\n' },
  ],
  [
    'no final newline',
    { '.aws/config': '[profile a]\nregion=x', '.aws/credentials': '[a]\naws_access_key_id=x' },
  ],
  ['nested settings', { '.aws/config': '[profile a]\ns3 =\n  max_queue_size = 1\n\n[sso-session b]\nx=1\n' }],
  ['a namesake in the other spelling', { '.aws/config': '[deploy]\nx=1\n' }],
];

describe('a profile', () => {
  it('has its keys in one file and its region in the other, both with mode 600', async () => {
    const { emulator, job, toAws } = await startJourney();
    const { exitCode, outputs } = await toAws(DEPLOY);
    expect([exitCode, outputs['aws-profile']]).toEqual([0, 'deploy']);
    const [session] = emulator.world.awsSessions.values();
    const tree = treeOf(job.home);
    expect(tree['.aws']).toBe('700 directory');
    expect(tree['.aws/config']).toMatch(/^600 \[profile deploy\]\n# [^\n]+\nregion = us-east-1\n$/);
    const keys = [
      `aws_access_key_id = ${session?.accessKeyId}`,
      `aws_secret_access_key = ${session?.secretAccessKey}`,
      `aws_session_token = ${session?.sessionToken}`,
    ];
    const [header, marker, ...rest] = tree['.aws/credentials']?.split('\n') ?? [];
    expect([header, marker?.slice(0, 2), rest]).toEqual(['600 [deploy]', '# ', [...keys, '']]);
  });

  it.each(HOMES)('is removed byte for byte: %s', async (_what, files) => {
    const { job, toAws, post } = await startJourney();
    writeHome(job.home, files);
    const before = treeOf(job.home);
    const stage = await toAws(DEPLOY);
    expect(stage.exitCode).toBe(0);
    for (const [name, text] of Object.entries(files))
      expect(treeOf(job.home)[name]).toContain(text.trimEnd());
    expect((await post(stage)).exitCode).toBe(0);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('of the same name is refused without `overwrite-profile`', async () => {
    for (const [file, text] of [
      ['.aws/config', '[profile deploy]\nregion = x\n'],
      ['.aws/credentials', '[deploy]\naws_access_key_id = x\n'],
    ] as const) {
      const journey = await startJourney();
      writeHome(journey.job.home, { [file]: text });
      await expectFailure(journey, 'PROFILE_EXISTS', { ...journey.emulator.awsInputs, ...DEPLOY });
    }
  });

  it.each([
    ['default', '[profile default]'],
    ['deploy', '[profile "deploy"]'],
    ['deploy', '[profile  deploy]'],
    ['deploy', '[profile.deploy]'],
  ])('%s is refused beside %s, which some SDK takes for it, or replaces it', async (profile, header) => {
    const journey = await startJourney();
    const { job, toAws, post } = journey;
    const own = `${header}\nrole_arn = arn:aws:iam::123456789012:role/old\n[other]\n`;
    writeHome(job.home, { '.aws/config': own });
    const inputs = { ...DEPLOY, 'aws-profile': profile };
    await expectFailure(journey, 'PROFILE_EXISTS', { ...journey.emulator.awsInputs, ...inputs });
    const stage = await toAws({ ...inputs, 'overwrite-profile': 'true' });
    expect(stage.exitCode).toBe(0);
    expect(treeOf(job.home)['.aws/config']).not.toContain('role_arn');
    await post(stage);
    expect(treeOf(job.home)).toMatchObject({ '.aws/config': `600 ${own}` });
  });

  it('is refused when two spellings of its name are there', async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { '.aws/config': '[default]\n[profile default]\n' });
    const inputs = { ...DEPLOY, 'aws-profile': 'default', 'overwrite-profile': 'true' };
    await expectFailure(journey, 'PROFILE_AMBIGUOUS', { ...journey.emulator.awsInputs, ...inputs });
  });

  it.each(['.aws/config', '.aws/credentials'])(
    'is refused when it would inherit another role from [DEFAULT] in %s',
    async (name) => {
      const journey = await startJourney();
      writeHome(journey.job.home, { [name]: '[DEFAULT]\nRole_ARN: arn:aws:iam::123456789012:role/old\n' });
      const inputs = { ...journey.emulator.awsInputs, ...DEPLOY };
      const { message } = await expectFailure(journey, 'PROFILE_AMBIGUOUS', inputs);
      expect(message).toContain('has role_arn in [DEFAULT]');
      expect(journey.emulator.journal).toEqual([]);
      expect((await journey.doctor(DEPLOY)).stdout).toContain(message.split('. ')[0]);
      const identity = { ...DEPLOY, 'aws-credential-source': 'web-identity' }; // has its own role_arn
      const stage = await journey.toAws(identity);
      expect(stage.exitCode).toBe(0);
      await journey.post(stage);
    },
  );

  itWithLinks('has keys and region in one section when both files are one, by a link', async () => {
    const { emulator, job, toAws, post } = await startJourney();
    const own = '[default]\nregion = x\n';
    writeHome(job.home, { '.aws/credentials': own });
    mkdirSync(path.join(job.home, 'link'));
    symlinkSync('../.aws', path.join(job.home, 'link/.aws'));
    const env = { AWS_CONFIG_FILE: path.join(job.home, 'link/.aws/credentials') };
    const inputs = { ...DEPLOY, 'aws-profile': 'default', 'overwrite-profile': 'true' };
    const stage = await toAws(inputs, { env });
    expect(stage.exitCode).toBe(0);
    const [session] = emulator.world.awsSessions.values();
    const text = readFileSync(env.AWS_CONFIG_FILE, 'utf8');
    expect(text.match(/^\[.*$/gm)).toEqual(['[default]']);
    expect(text).toContain(`aws_secret_access_key = ${session?.secretAccessKey}`);
    expect(text).toContain('region = us-east-1');
    await post(stage);
    expect(readFileSync(env.AWS_CONFIG_FILE, 'utf8')).toBe(own);
  });

  it('is refused before any request when it is the section of the OCI profile', async () => {
    const journey = await startJourney();
    const file = path.join(journey.job.home, '.aws/credentials');
    const inputs = { profile: 'deploy', 'aws-profile': 'deploy', 'config-file': file };
    const { message } = await expectFailure(journey, 'INPUT_INVALID', {
      ...journey.emulator.awsInputs,
      ...inputs,
    });
    expect(message).toContain('`profile` and `aws-profile` are both [deploy]');
    expect(journey.emulator.journal).toEqual([]);
    expect((await journey.doctor(inputs)).stdout).toContain('are both [deploy]');
  });

  it.each(['config', '$HOME/.aws/config'])(
    'is refused before any request when AWS_CONFIG_FILE is %s, which programs resolve to different files',
    async (value) => {
      const journey = await startJourney({ job: { env: { AWS_CONFIG_FILE: value } } });
      const { message } = await expectFailure(journey, 'PATH_UNSAFE', {
        ...journey.emulator.awsInputs,
        ...DEPLOY,
      });
      expect(message).toContain(
        `Set AWS_CONFIG_FILE to an absolute path, such as ${path.join(journey.job.home, '.aws/config')}.`,
      );
      expect(journey.emulator.journal).toEqual([]);
      expect((await journey.doctor(DEPLOY)).stdout).toContain('programs resolve to different files');
    },
  );

  it('causes a warning in login and doctor when programs in Python cannot read the file', async () => {
    const { job, toAws, doctor, post } = await startJourney({
      job: { env: { AWS_SHARED_CREDENTIALS_FILE: '' } },
    });
    writeHome(job.home, { '.aws/config': '[profile a]\nregion = x\nRegion = y\n# \xe4\n' });
    const fault = `${path.join(job.home, '.aws/config')} cannot be read by the CLIs of OCI and AWS and by SDKs for Python: line 3 repeats region of [profile a], line 4 is not UTF-8. Correct the file.`;
    const empty = 'AWS_SHARED_CREDENTIALS_FILE is empty: the AWS CLI and boto3 then read no file.';
    expect((await doctor(DEPLOY)).stdout).toContain(fault);
    const stage = await toAws(DEPLOY);
    expect(stage.exitCode).toBe(0);
    expect(warningsOf(stage)).toEqual([fault, expect.stringContaining(empty)]);
    await post(stage);
  });

  it('of the same name is restored; its key is not in the saved state', async () => {
    const { job, toAws, post } = await startJourney();
    const own = {
      '.aws/config': '# a\n[profile deploy]\nregion = x\n\n[profile b]\ny = 1',
      '.aws/credentials': '[deploy]\naws_secret_access_key = hunter2hunter2',
    };
    writeHome(job.home, own);
    const before = treeOf(job.home);
    const stage = await toAws({ ...DEPLOY, 'overwrite-profile': 'true' });
    expect(stage.exitCode).toBe(0);
    expect(readFileSync(path.join(job.home, '.aws/credentials'), 'utf8')).not.toContain('hunter2');
    expect(JSON.stringify(stage.state)).not.toContain('hunter2');
    await post(stage);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('is removed together with that of OCI', async () => {
    const { job, toAws, post } = await startJourney();
    const stage = await toAws({ 'aws-profile': 'default' });
    expect(Object.keys(treeOf(job.home))).toEqual(expect.arrayContaining(['.aws/config', '.oci/config']));
    expect(treeOf(job.home)['.aws/config']).toContain('[default]');
    await post(stage);
    expect(treeOf(job.home)).toEqual({});
  });

  it('is kept with `cleanup: false`', async () => {
    const { job, toAws, post } = await startJourney();
    const stage = await toAws({ ...DEPLOY, cleanup: 'false' });
    const before = treeOf(job.home);
    expect((await post(stage)).exported).toEqual({});
    expect(treeOf(job.home)).toEqual(before);
  });

  it('is one of two in a job, each removed by its own post step', async () => {
    const { job, toAws, post } = await startJourney();
    const one = await toAws(DEPLOY);
    const afterOne = treeOf(job.home);
    const two = await toAws({ ...DEPLOY, 'aws-profile': 'audit' });
    expect(two.exitCode).toBe(0);
    await post(two);
    expect(treeOf(job.home)).toEqual(afterOne);
    await post(one);
    expect(treeOf(job.home)).toEqual({});
  });

  it.each([
    ['two files', 'config', 'credentials'],
    ['one file for both', 'all', 'all'],
  ])('is written to the files that the variables name: %s', async (_what, configName, credentialsName) => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'aws-'));
    try {
      const env = {
        AWS_CONFIG_FILE: path.join(elsewhere, configName),
        AWS_SHARED_CREDENTIALS_FILE: path.join(elsewhere, credentialsName),
      };
      const { emulator, job, toAws, post } = await startJourney({ job: { env } });
      const stage = await toAws(DEPLOY);
      expect(stage.exitCode).toBe(0);
      const [session] = emulator.world.awsSessions.values();
      expect(readFileSync(env.AWS_SHARED_CREDENTIALS_FILE, 'utf8')).toContain(session?.secretAccessKey);
      expect(readFileSync(env.AWS_CONFIG_FILE, 'utf8')).toContain('[profile deploy]');
      expect(treeOf(job.home)).toEqual({});
      await post(stage);
      expect(treeOf(elsewhere)).toEqual({});
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });
});
