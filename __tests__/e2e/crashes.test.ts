// A main that dies or fails half way: whatever it had begun, nothing of it stays.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { expectFailure, type Journey, startJourney, treeOf, writeHome } from './journey.ts';

/** Kills main after a while, and lets post do its work; returns how far main had come. */
async function killAfter({ job, main, post }: Journey, milliseconds: number): Promise<boolean> {
  const controller = new AbortController();
  const running = main({}, { signal: controller.signal });
  await Promise.race([running, sleep(milliseconds)]);
  controller.abort();
  const stage = await running;
  expect((await post(stage)).exitCode).toBe(0);
  expect(treeOf(job.home)).toEqual({});
  return stage.state['session'] !== undefined;
}

describe('a main that is killed', () => {
  it('at any time is cleaned up after, whatever it had begun', async () => {
    const journey = await startJourney();
    const began: boolean[] = [];
    for (let delay = 0; delay <= 300; delay += 20) began.push(await killAfter(journey, delay));
    expect(began).toContain(false);
  });

  it('while it waits for the domain has left nothing and saved nothing', async () => {
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
  it('takes back what it had begun and says which path is to blame', async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { '.oci': 'a file where a directory should be' });
    const { message } = await expectFailure(journey, 'PATH_UNSAFE');
    expect(message).toContain(path.join(journey.job.home, '.oci'));
  });

  it('to the environment of later steps takes everything back as well', async () => {
    const { job, main } = await startJourney();
    const { exitCode, outputs } = await main({}, { env: { GITHUB_ENV: path.join(job.temp, 'missing') } });
    expect([exitCode, outputs]).toEqual([1, { 'failure-code': 'UNEXPECTED' }]);
    expect(treeOf(job.home)).toEqual({});
  });
});
