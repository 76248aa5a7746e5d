// The profile in the files of AWS is written for the owner only, and removed byte for byte.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { expectFailure, startJourney, treeOf, writeHome } from './journey.ts';

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
