// Variables of jobs on Windows.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { logOf, warningsOf } from '../e2e/journey.ts';
import { contentOf, expectRestored, inWindows, preloaded, startOnWindows } from './windows-journey.ts';
import { onWindows } from './wine.ts';

describe('on Windows', () => {
  it.each(['Jürgen Müller', 'D’Arcy 配置'])('a home called %s is used', async (name) => {
    const { emulator, job, nextJob } = await startOnWindows();
    const home = path.join(job.home, name);
    mkdirSync(home);
    const next = nextJob(inWindows({ home }));
    const verify = { verify: 'true', 'verify-endpoint': emulator.urls.oci };
    const stage = await next.toAws({ 'aws-profile': 'deploy', ...verify });
    expect([stage.exitCode, stage.outputs['config-file']]).toEqual([0, onWindows(`${home}/.oci/config`)]);
    expect(readFileSync(path.join(home, '.oci/config'), 'utf8')).toContain(`key_file=${onWindows(home)}`);
    await expectRestored(next, stage, {});
  });

  it('HOME of Git Bash is ignored: USERPROFILE is the home', async () => {
    const journey = await startOnWindows({ job: { env: { HOME: '/c/Users/runneradmin' } } });
    const stage = await journey.main();
    expect(stage.outputs['config-file']).toBe(onWindows(`${journey.job.home}/.oci/config`));
    await expectRestored(journey, stage, {});
  });

  it('names the home of the account in the log when USERPROFILE is another', async () => {
    const journey = await startOnWindows();
    const stage = await journey.main();
    const notes = logOf(stage)
      .split('\n')
      .filter((line) => line.includes('.oci/config in'));
    expect(notes).toEqual([
      expect.stringMatching(/^Packer, rclone and Java look for \.oci\/config in [A-Z]:/),
    ]);
    expect(warningsOf(stage)).toEqual([]);
    await expectRestored(journey, stage, {});
  });

  it('without USERPROFILE, the home of the account is used', async () => {
    const journey = await startOnWindows();
    const env = preloaded(journey.job, 'delete process.env.USERPROFILE; delete process.env.HOME;');
    const stage = await journey.main({}, { env });
    expect([stage.exitCode, stage.outputs['config-file']]).toEqual([0, 'C:\\users\\root\\.oci\\config']);
    const after = await journey.post(stage, { env });
    expect([after.exitCode, warningsOf(after)]).toEqual([0, []]);
    expect(logOf(after)).toContain('Removed profile [DEFAULT]');
  });

  it('PATH and Path are one variable, which the login neither reads nor changes', async () => {
    const journey = await startOnWindows({ job: { env: { Path: 'C:\\tools;C:\\windows' } } });
    const stage = await journey.main();
    expect([stage.exitCode, Object.keys(stage.exported).filter((name) => /^path$/i.test(name))]).toEqual([
      0,
      [],
    ]);
    await expectRestored(journey, stage, {});
  });

  it('variables are found in any case of their names', async () => {
    const journey = await startOnWindows({ job: { env: { oci_cli_region: 'eu-zurich-1' } } });
    const stage = await journey.main();
    expect(warningsOf(stage)).toEqual([expect.stringContaining('OCI_CLI_REGION')]);
    await expectRestored(journey, stage, {});
  });

  it('a GITHUB_ENV with CRLF keeps its lines', async () => {
    const journey = await startOnWindows();
    const file = path.join(journey.job.temp, 'env');
    const line = 'EARLIER<<EOF\r\none\r\nEOF\r\n';
    writeFileSync(file, line);
    const stage = await journey.main({}, { env: { GITHUB_ENV: file } });
    expect(stage.exitCode).toBe(0);
    expect(stage.exported).toMatchObject({ EARLIER: 'one', OCI_CLI_PROFILE: 'DEFAULT' });
    const text = readFileSync(file, 'utf8');
    expect([text.startsWith(line), text.replaceAll('\r\n', '').includes('\n')]).toEqual([true, false]);
    await journey.post(stage);
    expect(contentOf(journey.job.home)).toEqual({});
  });
});
