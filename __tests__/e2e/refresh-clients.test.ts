// Later steps outlive the first tokens without a refused request, in both worlds of session life.
// Long jobs, with everything that can fail on their way, are in __tests__/stress/endurance.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startJourney, treeOf } from './journey.ts';
import { startStep } from './later-steps.ts';

/** Also what lives five minutes is scaled: GitHub's token, and AWS's grace after the end of another. */
const TEN_SECONDS = { lifetimeScale: 1 / 60, upstLifetimeSeconds: 600, accessTokenLifetimeSeconds: 600 };
const REST_OF_JWT = { lifetimeScale: 1 / 20, upstEndsWithJwt: true, accessTokenLifetimeSeconds: 300 };
const INPUTS = {
  'export-for': 'cli, resource-principal',
  'aws-credential-source': 'web-identity',
};
/** Longer than the life of a token, and than that and AWS's grace on the smaller scale. */
const JOB_MS = 17_000;

it.each([
  ['true', 'ten seconds', TEN_SECONDS],
  ['auto', 'as long as the rest of the ID token', REST_OF_JWT],
])(
  'with refresh: %s, later steps have no request refused when sessions last %s',
  async (refresh, _life, world) => {
    const { emulator, job, toAws, post } = await startJourney({ world });
    const before = [treeOf(job.home), treeOf(job.temp)];
    const stage = await toAws({ ...INPUTS, refresh });
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
  },
);
