// Main is ended at calls that change the disk or send something. On Windows, no process can handle that.
import { expect, it } from '@jest/globals';
import { writeHome } from '../e2e/journey.ts';
import { openFaultHook } from '../stress/crashes/fault-hook.ts';
import { contentOf, expectRestored, inWindows, startOnWindows } from './windows-journey.ts';

const MOMENTS = 20;
const FILES = {
  '.oci/config': '[OTHER]\r\nx=1\r\n[DEFAULT]\r\nuser=ocid1.user',
  '.oci/sessions/DEFAULT/token': 'the token of the user',
};

it('on Windows, a main that is killed at 20 moments leaves home and temp area as they were, after post', async () => {
  const journey = await startOnWindows();
  const login = async (at?: number) => {
    const next = journey.nextJob(inWindows());
    writeHome(next.job.home, FILES);
    const before = contentOf(next.job.home);
    const hook = openFaultHook(at === undefined ? {} : { at });
    const inputs = { 'overwrite-profile': 'true', 'aws-credential-source': 'web-identity' };
    const stage = await next.toAws(inputs, { env: hook.env });
    const { calls } = hook.read();
    const crash = `killed before ${JSON.stringify(calls.find(({ n }) => n === at))}`;
    expect([crash, stage.exitCode]).toEqual([crash, at === undefined ? 0 : 1]);
    await expectRestored(next, stage, before);
    next.job.end();
    return { calls };
  };
  const { calls } = await login();
  expect(calls.length).toBeGreaterThan(MOMENTS);
  for (let moment = 1; moment <= MOMENTS; moment += 1)
    await login(Math.ceil((moment * calls.length) / MOMENTS));
});
