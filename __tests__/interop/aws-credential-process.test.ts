// AWS's command line and SDKs that call `oci-wif token` themselves, in a job of GitLab.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect } from '@jest/globals';
import { type Machine, startMachine } from '../../emulator/machines/machine.ts';
import { type Emulator, startEmulator, type WorldSettings } from '../../emulator/server/start.ts';
import { VERSIONS } from './clients.ts';
import { installed } from './install.ts';
import { stdoutOf } from './login.ts';
import { type Attempt, rowsOf } from './matrix.ts';
import { stepIn } from './step.ts';

const root = path.join(import.meta.dirname, '../..');
const ACCESS = '`oci-wif token` as `credential_process`';
const ARN = /^arn:aws:sts::123456789012:assumed-role\/deploy\/GitLab-localhost-\d+-302$/;

let emulator: Emulator;
let machine: Machine;

afterEach(async () => {
  machine.end();
  await emulator.close();
});

async function start(world: Partial<WorldSettings> = {}) {
  emulator = await startEmulator({ world: { scrambleInventedTexts: true, ...world } });
  machine = await startMachine(emulator, 'gitlab');
  const role = Object.entries(emulator.awsInputs).map(([name, value]) => `--${name} ${value}`);
  const words = [process.execPath, path.join(root, 'cli/main.ts'), 'token', '--type', 'aws', ...role];
  mkdirSync(path.join(machine.home, '.aws'));
  const config = `[profile ci]\nregion = us-east-1\ncredential_process = ${words.join(' ')}\n`;
  writeFileSync(path.join(machine.home, '.aws/config'), config);
  return stepIn(machine, {
    AWS_PROFILE: 'ci',
    AWS_CA_BUNDLE: emulator.caFile,
    AWS_ENDPOINT_URL_STS: emulator.urls.sts,
    // With a host name, AWS's clients put the bucket into the name.
    AWS_ENDPOINT_URL_S3: emulator.urls.s3.replace('localhost', '127.0.0.1'),
  });
}

/** How often the role was assumed: that is how often the command was called. */
const sessions = () => emulator.world.awsSessions.size;

const row = (client: Parameters<typeof rowsOf>[0], remark: string, test: () => Promise<void>) =>
  rowsOf(client)({ access: ACCESS, remark } satisfies Attempt, test);

row('AWS CLI', '`sts get-caller-identity`, `s3 mb`, `ls`, `rb`', async () => {
  const step = await start();
  const aws = async (args: string) => stdoutOf(await step(installed('aws', 'bin/aws'), args.split(' ')));
  expect(JSON.parse(await aws('sts get-caller-identity')).Arn).toMatch(ARN);
  await aws('s3 mb s3://made-here');
  expect(await aws('s3 ls')).toMatch(/ made-here\n$/);
  await aws('s3 rb s3://made-here');
});

row('AWS CLI', 'it shows the message of a failure', async () => {
  const step = await start({ roles: [{ trustPolicy: { Statement: [] } }] });
  const { exitCode, stderr } = await step(installed('aws', 'bin/aws'), ['s3', 'ls']);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('add the statement below to its trust policy. STS refused role ');
});

const BOTO3 = 'caller identity, bucket, 5 MB uploaded and downloaded, list, delete';
const boto3 = async (world: Partial<WorldSettings>) => {
  const step = await start(world);
  const [version, arn] = stdoutOf(
    await step(installed('aws', 'bin/python'), [path.join(root, '__tests__/interop/programs/aws.py')]),
  ).split('\n');
  expect([version, arn]).toEqual([VERSIONS.boto3, expect.stringMatching(ARN)]);
};

row('boto3', `${BOTO3}; called once while the credentials are valid`, async () => {
  await boto3({});
  expect(sessions()).toBe(1);
});

row('boto3', `${BOTO3}; called again before they expire`, async () => {
  await boto3({ lifetimeScale: 1 / 60 });
  expect(sessions()).toBeGreaterThan(1);
});

row('AWS SDK for JavaScript', 'caller identity, bucket, object uploaded and downloaded, delete', async () => {
  const step = await start();
  const output = stdoutOf(await step(process.execPath, [path.join(root, 'scripts/demo/consumer-aws.ts')]));
  expect(output).toContain('assumed-role/deploy/GitLab-');
});
