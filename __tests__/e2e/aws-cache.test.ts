// The AWS CLI caches credentials of roles; seen with release 1.46.3 and a web-identity profile.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { startJourney } from './journey.ts';

it('the post step removes what the AWS CLI has cached of the role session, and nothing else', async () => {
  const { emulator, job, main, post } = await startJourney();
  const stage = await main({
    ...emulator.awsInputs,
    'aws-credential-source': 'web-identity',
    'aws-profile': 'deploy',
  });
  const cache = path.join(job.home, '.aws/cli/cache');
  mkdirSync(cache, { recursive: true });
  const put = (name: string, content: unknown) => {
    writeFileSync(path.join(cache, name), typeof content === 'string' ? content : JSON.stringify(content));
    return path.join(cache, name);
  };
  const arn = stage.outputs['aws-assumed-role-arn'];
  const ours = put('a1.json', { Credentials: {}, AssumedRoleUser: { Arn: arn } });
  const others = [
    put('b2.json', { AssumedRoleUser: { Arn: `${arn}2` } }),
    put('c3.json', '{"AssumedRoleUser": null}'),
    put('d4.json', 'no JSON at all'),
    put('e5.txt', { AssumedRoleUser: { Arn: arn } }),
  ];
  expect((await post(stage)).exitCode).toBe(0);
  expect([ours, ...others].map((file) => existsSync(file))).toEqual([false, true, true, true, true]);
});
