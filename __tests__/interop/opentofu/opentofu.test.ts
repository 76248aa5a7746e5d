// OpenTofu keeps its state in S3, with the role that the login has assumed. The resource needs no provider.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { startJourney } from '../../e2e/journey.ts';
import { installed } from '../install.ts';
import { failureOf, stdoutOf } from '../login.ts';
import { stepIn } from '../step.ts';

const CONFIGURATION = `
terraform {
  backend "s3" {
    bucket         = "state"
    key            = "ci/infra.tfstate"
    use_path_style = true
    use_lockfile   = true
  }
}

resource "terraform_data" "one" {
  input = "made here"
}
`;

it.each<[access: string, inputs: Record<string, string>, env: Record<string, string>]>([
  ['exported credentials', {}, {}],
  [
    'aws-profile',
    { 'aws-profile': 'deploy', 'aws-export-environment': 'false' },
    { AWS_PROFILE: 'deploy', AWS_REGION: 'us-east-1' }, // the backend does not read the region of a profile
  ],
  ['web-identity, exported', { 'aws-credential-source': 'web-identity' }, {}],
])('OpenTofu creates, reads and removes its state in S3: %s', async (_access, inputs, env) => {
  const { emulator, job, toAws, post } = await startJourney();
  const main = await toAws(inputs);
  expect(main.exitCode).toBe(0);
  const bucket = { name: 'state', account: '123456789012', created: 0, objects: new Map() };
  emulator.world.s3Buckets.set('state', bucket);
  writeFileSync(path.join(job.workspace, 'main.tf'), CONFIGURATION);
  const step = stepIn(job, {
    AWS_ENDPOINT_URL_STS: emulator.urls.sts,
    // An IP address: with a host name, AWS's clients put the bucket into the name.
    AWS_ENDPOINT_URL_S3: emulator.urls.s3.replace('localhost', '127.0.0.1'),
    AWS_CA_BUNDLE: emulator.caFile,
    CHECKPOINT_DISABLE: '1',
    ...env,
  });
  const tofu = (...args: string[]) => step(installed('opentofu', 'tofu'), [...args, '-no-color']);
  expect(stdoutOf(await tofu('init'))).toContain('Successfully configured the backend "s3"!');
  expect(stdoutOf(await tofu('apply', '-auto-approve'))).toContain('Resources: 1 added');
  expect(stdoutOf(await tofu('plan', '-detailed-exitcode'))).toContain('No changes.');
  const state = `${bucket.objects.get('ci/infra.tfstate')?.body}`;
  expect(state).toContain('made here');
  for (const secret of emulator.world.awsSessions.values())
    expect(state).not.toContain(secret.secretAccessKey);
  expect(stdoutOf(await tofu('destroy', '-auto-approve'))).toContain('Resources: 1 destroyed');
  expect((await post(main)).exitCode).toBe(0);
  expect(failureOf(await tofu('plan'))).toMatch(/credential|profile/i);
});
