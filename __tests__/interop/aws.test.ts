// AWS's command line and SDKs, with each of the ways in which the action gives access to a role.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { type Journey, startJourney } from '../e2e/journey.ts';
import { VERSIONS } from './clients.ts';
import { installed } from './install.ts';
import { stdoutOf } from './login.ts';
import { rowsOf } from './matrix.ts';
import { type Step, stepIn } from './step.ts';

const root = path.join(import.meta.dirname, '../..');
const ARN = 'arn:aws:sts::123456789012:assumed-role/deploy/acme-infra@4004004004.1';
const PROFILE = { 'aws-profile': 'deploy', 'aws-export-environment': 'false' };
const WEB_IDENTITY = { 'aws-credential-source': 'web-identity' };

interface Access {
  name: string;
  inputs: Record<string, string>;
  env?: Record<string, string>;
}

const EXPORTED: Access = { name: 'exported credentials', inputs: {} };
const WEB_IDENTITY_PROFILE: Access = {
  name: '`web-identity` in `aws-profile`',
  inputs: { ...WEB_IDENTITY, ...PROFILE },
  env: { AWS_PROFILE: 'deploy' },
};
const OTHERS: readonly Access[] = [
  { name: '`aws-profile`', inputs: PROFILE, env: { AWS_PROFILE: 'deploy' } },
  { name: '`web-identity`, exported', inputs: WEB_IDENTITY },
  WEB_IDENTITY_PROFILE,
];

async function start({ inputs, env }: Access) {
  const journey = await startJourney();
  const main = await journey.toAws(inputs);
  expect(main.exitCode).toBe(0);
  return { journey, main, step: awsStepsOf(journey, env) };
}

/** An IP address as host: with a host name, AWS's clients put the bucket into the name. */
function awsStepsOf({ emulator, job }: Journey, env: Record<string, string> = {}): Step {
  return stepIn(job, {
    AWS_ENDPOINT_URL_STS: emulator.urls.sts,
    AWS_ENDPOINT_URL_S3: emulator.urls.s3.replace('localhost', '127.0.0.1'),
    AWS_CA_BUNDLE: emulator.caFile,
    ...env,
  });
}

const cli = rowsOf('AWS CLI');

async function startCli(access: Access) {
  const started = await start(access);
  const aws = async (args: string) =>
    stdoutOf(await started.step(installed('aws', 'bin/aws'), args.split(' ')));
  return { ...started, aws };
}

cli(
  {
    access: EXPORTED.name,
    remark: '`sts get-caller-identity`, `s3 mb`, `cp` of 5 MB in both directions, `ls`, `rm`, `rb`',
  },
  async () => {
    const { journey, aws } = await startCli(EXPORTED);
    const { workspace } = journey.job;
    expect(await aws('--version')).toContain(`aws-cli/${VERSIONS['AWS CLI']} `);
    expect(JSON.parse(await aws('sts get-caller-identity'))).toMatchObject({ Arn: ARN });
    writeFileSync(path.join(workspace, 'five'), randomBytes(5_000_000));
    await aws('s3 mb s3://made-here');
    await aws('s3 cp five s3://made-here/a/five');
    expect(await aws('s3 ls s3://made-here')).toMatch(/^ +PRE a\/\n$/);
    expect(await aws('s3 ls s3://made-here/a/')).toMatch(/ 5000000 five\n$/);
    await aws('s3 cp s3://made-here/a/five back');
    const [sent, back] = ['five', 'back'].map((name) => readFileSync(path.join(workspace, name)));
    expect(back?.equals(sent ?? Buffer.alloc(0))).toBe(true);
    await aws('s3 rm s3://made-here/a/five');
    await aws('s3 rb s3://made-here');
    expect(journey.emulator.world.s3Buckets.size).toBe(0);
  },
);

for (const access of OTHERS) {
  cli({ access: access.name, remark: '`sts get-caller-identity`, `s3 mb`, `ls`' }, async () => {
    const { aws } = await startCli(access);
    expect(JSON.parse(await aws('sts get-caller-identity'))).toMatchObject({ Arn: ARN });
    await aws('s3 mb s3://made-here');
    expect(await aws('s3 ls')).toMatch(/ made-here\n$/);
  });
}

cli(
  { access: 'after the post step', remark: 'no credentials of the role are left in `~/.aws/cli/cache`' },
  async () => {
    const { journey, main, aws } = await startCli(WEB_IDENTITY_PROFILE);
    await aws('sts get-caller-identity');
    const cache = path.join(journey.job.home, '.aws/cli/cache');
    expect(readdirSync(cache)).toHaveLength(1);
    expect((await journey.post(main)).exitCode).toBe(0);
    expect(existsSync(cache) ? readdirSync(cache) : []).toEqual([]);
  },
);

const boto3 = rowsOf('boto3');
const javascript = rowsOf('AWS SDK for JavaScript');
for (const access of [EXPORTED, ...OTHERS]) {
  boto3(
    { access: access.name, remark: 'caller identity, bucket, 5 MB uploaded and downloaded, list, delete' },
    async () => {
      const { step } = await start(access);
      const program = path.join(root, '__tests__/interop/programs/aws.py');
      expect(stdoutOf(await step(installed('aws', 'bin/python'), [program]))).toBe(
        `${VERSIONS.boto3}\n${ARN}\n`,
      );
    },
  );

  javascript(
    { access: access.name, remark: 'caller identity, bucket, object uploaded and downloaded, delete' },
    async () => {
      const { step } = await start(access);
      expect(
        stdoutOf(await step(process.execPath, [path.join(root, 'scripts/demo/consumer-aws.ts')])),
      ).toContain(ARN);
    },
  );
}
