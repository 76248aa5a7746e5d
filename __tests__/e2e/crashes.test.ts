// A main that is killed before it writes, or fails while it writes. The stress tests kill it at every call.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { expectFailure, startJourney, treeOf, writeHome } from './journey.ts';

describe('a main that is killed', () => {
  it('leaves nothing and saves nothing while it waits for the domain', async () => {
    const { emulator, job, main, post } = await startJourney();
    emulator.faults.add({ service: 'domain', fault: { kind: 'stall-before-headers' } });
    const controller = new AbortController();
    const running = main({}, { signal: controller.signal });
    while (!emulator.journal.some(({ service }) => service === 'domain')) await sleep(5);
    controller.abort();
    const stage = await running;
    expect([stage.exitCode, stage.state]).toEqual([null, {}]);
    await post(stage);
    expect(treeOf(job.home)).toEqual({});
  });
});

describe('a main that cannot write', () => {
  it('removes what it wrote and names the path', async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { '.oci': 'a file where a directory should be' });
    const { message } = await expectFailure(journey, 'PATH_UNSAFE');
    expect(message).toContain(path.join(journey.job.home, '.oci'));
  });

  it('removes everything when it cannot export variables', async () => {
    const { job, main } = await startJourney();
    const { exitCode, outputs } = await main({}, { env: { GITHUB_ENV: path.join(job.temp, 'missing') } });
    expect([exitCode, outputs]).toEqual([1, { 'failure-code': 'UNEXPECTED' }]);
    expect(treeOf(job.home)).toEqual({});
  });
});
