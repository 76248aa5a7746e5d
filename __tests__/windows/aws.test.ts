// The AWS role on Windows.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { warningsOf, writeHome } from '../e2e/journey.ts';
import { contentOf, expectRestored, startOnWindows } from './windows-journey.ts';
import { onWindows } from './wine.ts';

describe('on Windows, a login to AWS', () => {
  it('writes the profile into files with CRLF, and post restores every byte', async () => {
    const journey = await startOnWindows();
    const { job, toAws } = journey;
    writeHome(job.home, {
      '.aws/config': '[default]\r\nregion = x\r\n',
      '.aws/credentials': '# keys\r\n[other]\r\naws_access_key_id = x',
    });
    const before = contentOf(job.home);
    const stage = await toAws({ 'aws-profile': 'deploy' });
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    expect(readFileSync(path.join(job.home, '.aws/credentials'), 'latin1')).toMatch(/\r\n\[deploy\]\r\n/);
    await expectRestored(journey, stage, before);
  });

  it('exports the path of the token with `web-identity`', async () => {
    const journey = await startOnWindows();
    const stage = await journey.toAws({ 'aws-credential-source': 'web-identity' });
    expect(stage.exitCode).toBe(0);
    expect(stage.exported['AWS_WEB_IDENTITY_TOKEN_FILE']).toContain(onWindows(journey.job.temp));
    await expectRestored(journey, stage, {});
  });
});
