// `refresh: true` where tokens live ten seconds: later steps outlive the first of them without a refused request.
// The job of ten hours, with everything that can fail on its way, is in __tests__/stress/endurance.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startJourney, treeOf } from './journey.ts';
import { startStep } from './later-steps.ts';

/** Also what lives five minutes is scaled: GitHub's token, and AWS's grace after the end of another. */
const WORLD = { lifetimeScale: 1 / 60, upstLifetimeSeconds: 600, accessTokenLifetimeSeconds: 600 };
const INPUTS = {
  refresh: 'true',
  'export-for': 'cli, resource-principal',
  'aws-credential-source': 'web-identity',
};
/** The life of a token and of AWS's grace, and a little. */
const JOB_MS = 16_000;

it('later steps have no request refused when tokens expire, and post ends the refresher', async () => {
  const { emulator, job, toAws, post } = await startJourney({ world: WORLD });
  const before = [treeOf(job.home), treeOf(job.temp)];
  const stage = await toAws(INPUTS);
  expect([stage.exitCode, stage.stderr]).toEqual([0, '']);
  const files = [stage.outputs['security-token-file'], job.env()['AWS_WEB_IDENTITY_TOKEN_FILE']];
  const read = (file = '') => readFileSync(file, 'utf8');
  const tokens = files.map(read);
  const key = read(stage.outputs['private-key-file']);

  const step = startStep({ emulator, job });
  await sleep(JOB_MS);
  const { calls, failures } = await step.end();

  expect(failures).toEqual([]);
  const asked = emulator.journal.filter(({ service }) => ['oci', 'sts', 's3'].includes(service));
  expect(asked.filter(({ status }) => status !== 200)).toEqual([]);
  for (const kind of ['fresh', 'long-lived', 'aws']) expect(calls[kind]).toBeGreaterThan(JOB_MS / 2000);
  expect(files.map((file, at) => read(file) !== tokens[at])).toEqual([true, true]);
  expect(read(stage.outputs['private-key-file'])).toBe(key);

  expect((await post(stage)).exitCode).toBe(0);
  expect(job.processes()).toEqual([]);
  expect([treeOf(job.home), treeOf(job.temp)]).toEqual(before);
});
