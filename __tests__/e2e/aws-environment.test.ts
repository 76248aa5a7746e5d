// Environment variables of later steps after an AWS login, and after its post step.
import { statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { modeOf } from '../unit/profiles/tree.ts';
import { startJourney, treeOf, warningsOf } from './journey.ts';

const ALONE = { 'token-type': 'none', region: '' };
const WEB_IDENTITY = { ...ALONE, 'aws-credential-source': 'web-identity' };
const REGIONS = { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' };

describe('aws-credential-source web-identity', () => {
  it('exports the role, and writes the token to a file with mode 600 and no newline', async () => {
    const { emulator, job, toAws, post } = await startJourney();
    const stage = await toAws(WEB_IDENTITY);
    const { AWS_WEB_IDENTITY_TOKEN_FILE: file = '', ...others } = stage.exported;
    expect(others).toEqual({
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/deploy',
      AWS_ROLE_SESSION_NAME: 'acme-infra@4004004004.1',
      ...REGIONS,
    });
    expect(path.dirname(path.dirname(file))).toBe(job.temp);
    expect([file, path.dirname(file)].map((one) => modeOf(statSync(one)))).toEqual(['600', '700']);
    const name = path.relative(job.temp, file).replaceAll(path.sep, '/');
    expect(treeOf(job.temp)[name]).toMatch(/^600 [\w-]+\.[\w-]+\.[\w-]+$/);
    expect(emulator.secrets()).toContain(treeOf(job.temp)[name]?.slice(4));
    const { exitCode, exported } = await post(stage);
    expect([exitCode, treeOf(job.temp)]).toEqual([0, {}]);
    expect(exported).toEqual({
      AWS_ROLE_ARN: '',
      AWS_ROLE_SESSION_NAME: '',
      AWS_WEB_IDENTITY_TOKEN_FILE: '',
    });
  });

  it('writes only the profile with aws-export-environment false', async () => {
    const { job, toAws, post } = await startJourney();
    const inputs = { ...WEB_IDENTITY, 'aws-profile': 'deploy', 'aws-export-environment': 'false' };
    const stage = await toAws(inputs);
    expect(stage.exported).toEqual({});
    const [file = ''] = Object.keys(treeOf(job.temp)).filter((name) => name.endsWith('token'));
    const lines = treeOf(job.home)['.aws/config']?.split('\n') ?? [];
    expect([lines[0], ...lines.slice(2)]).toEqual([
      '600 [profile deploy]',
      'role_arn = arn:aws:iam::123456789012:role/deploy',
      `web_identity_token_file = ${path.join(job.temp, file)}`,
      'role_session_name = acme-infra@4004004004.1',
      'region = us-east-1',
      '',
    ]);
    await post(stage);
    expect([treeOf(job.home), treeOf(job.temp)]).toEqual([{}, {}]);
  });

  it('keeps the token file with cleanup false', async () => {
    const { job, toAws, post } = await startJourney();
    const stage = await toAws({ ...WEB_IDENTITY, cleanup: 'false' });
    const before = treeOf(job.temp);
    expect((await post(stage)).exported).toEqual({});
    expect(treeOf(job.temp)).toEqual(before);
  });

  it('empties the keys of an earlier step, and saves none of them in the state', async () => {
    const env = {
      AWS_ACCESS_KEY_ID: 'ASIAOLDOLDOLD',
      AWS_SECRET_ACCESS_KEY: 'hunter2-secret',
      AWS_SESSION_TOKEN: 'hunter2-token',
      AWS_SECURITY_TOKEN: 'hunter2-token',
    };
    const { toAws } = await startJourney({ job: { env } });
    const stage = await toAws(WEB_IDENTITY);
    expect(stage.exported).toMatchObject({
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SESSION_TOKEN: '',
      AWS_SECURITY_TOKEN: '',
    });
    expect(JSON.stringify(stage.state)).not.toContain('hunter2');
  });
});

describe('aws-credential-source session', () => {
  it('empties variables that SDKs use before the keys, and the post step never empties the region', async () => {
    const env = { AWS_SECURITY_TOKEN: 'hunter2-token', AWS_ROLE_ARN: 'arn:aws:iam::1:role/x' };
    const { toAws, post } = await startJourney({ job: { env } });
    const stage = await toAws(ALONE);
    expect(stage.exported).toMatchObject({ AWS_SECURITY_TOKEN: '', AWS_ROLE_ARN: '', ...REGIONS });
    expect(stage.exported).not.toHaveProperty('AWS_WEB_IDENTITY_TOKEN_FILE');
    expect(JSON.stringify(stage.state)).not.toContain('hunter2');
    const { exported } = await post(stage);
    expect(exported).toMatchObject({
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SESSION_TOKEN: '',
      AWS_ROLE_ARN: 'arn:aws:iam::1:role/x',
    });
    expect(exported).not.toHaveProperty('AWS_REGION');
    expect(exported).not.toHaveProperty('AWS_DEFAULT_REGION');
  });

  it('restores the region that the job had', async () => {
    const env = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' };
    const { toAws, post } = await startJourney({ job: { env } });
    const stage = await toAws(ALONE);
    expect(stage.exported).toMatchObject(REGIONS);
    const { exported } = await post(stage, { env: {} });
    expect(exported).toMatchObject(env);
  });

  it('exports nothing with aws-export-environment false', async () => {
    const { job, toAws, post } = await startJourney();
    const stage = await toAws({ ...ALONE, 'aws-export-environment': 'false' });
    expect([stage.exitCode, stage.exported]).toEqual([0, {}]);
    expect(stage.outputs).toHaveProperty('aws-session-token');
    expect((await post(stage)).exported).toEqual({});
    expect(treeOf(job.home)).toEqual({});
  });

  it('keeps the variables with cleanup false', async () => {
    const { toAws, post } = await startJourney();
    expect((await post(await toAws({ ...ALONE, cleanup: 'false' }))).exported).toEqual({});
  });

  it('warns about a profile that some SDKs use instead of the role', async () => {
    const { toAws } = await startJourney({ job: { env: { AWS_PROFILE: 'x', AWS_DEFAULT_PROFILE: 'y' } } });
    const stage = await toAws(ALONE);
    expect(warningsOf(stage)).toEqual([expect.stringMatching(/^AWS_PROFILE, AWS_DEFAULT_PROFILE /)]);
    expect(stage.exported).not.toHaveProperty('AWS_PROFILE');
  });

  it('does not warn about a variable that names the profile of this login', async () => {
    const { toAws } = await startJourney({ job: { env: { AWS_PROFILE: 'deploy' } } });
    expect(warningsOf(await toAws({ ...ALONE, 'aws-profile': 'deploy' }))).toEqual([]);
  });

  it('does not empty variables that a later step has replaced', async () => {
    const { toAws, post } = await startJourney();
    const stage = await toAws(ALONE);
    const theirs = { AWS_ACCESS_KEY_ID: 'ASIAOTHER', AWS_SESSION_TOKEN: 'other' };
    // `env:` of the step overrides what main exported.
    const { exported } = await post({ state: stage.state }, { env: theirs });
    for (const name of Object.keys(theirs)) expect(exported).not.toHaveProperty(name);
  });

  it('exports the credentials of the later of two logins, until its post step', async () => {
    const { emulator, job, toAws, post } = await startJourney();
    const one = await toAws(ALONE);
    const two = await toAws(ALONE);
    const [first, second] = emulator.world.awsSessions.keys();
    expect([one.exported['AWS_ACCESS_KEY_ID'], two.exported['AWS_ACCESS_KEY_ID']]).toEqual([first, second]);
    await post(two);
    await post(one);
    expect(job.env()).toMatchObject({ AWS_ACCESS_KEY_ID: '', ...REGIONS });
  });
});
