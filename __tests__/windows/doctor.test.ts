// The doctor on Windows.
import { expect, it } from '@jest/globals';
import { logOf, writeHome } from '../e2e/journey.ts';
import { contentOf, startOnWindows } from './windows-journey.ts';

it('on Windows, the doctor passes, writes nothing, and reports no permissions, which Node does not read there', async () => {
  const { job, doctor } = await startOnWindows();
  writeHome(job.home, { '.oci/config': '[OTHER]\r\nx=1\r\n' });
  const before = contentOf(job.home);
  const stage = await doctor();
  expect([stage.exitCode, stage.stderr]).toEqual([0, '']);
  expect(logOf(stage)).toMatch(/config directory {2}Z:.*: exists$/m);
  expect(contentOf(job.home)).toEqual(before);
});
