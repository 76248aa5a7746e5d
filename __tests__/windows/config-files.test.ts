// OCI config files as programs on Windows leave them.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { expectFailure, warningsOf, writeHome } from '../e2e/journey.ts';
import { contentOf, expectRestored, inWindows, startOnWindows } from './windows-journey.ts';

const OTHER = '# mine\r\n[OTHER]\r\nregion=eu-zurich-1\r\n';
const BOM = '\xef\xbb\xbf';

describe('on Windows, a login into', () => {
  it.each<[what: string, text: string, profile: string, written: RegExp]>([
    ['a config with CRLF keeps its line ends', OTHER, 'CI', /\r\n\[CI\]\r\n(.*\r\n){6}$/],
    ['a config with LF keeps its line ends', OTHER.replaceAll('\r', ''), 'CI', /[^\r]\n\[CI\]\n(.*\n){6}$/],
    ['a config without a last line end ends its last line', OTHER.trimEnd(), 'CI', /eu-zurich-1\r\n/],
    ['a config with a byte order mark keeps it', `${BOM}${OTHER}`, 'CI', /^\xef\xbb\xbf# mine\r\n/],
    ['a config that only has another case of the name', '[ci]\r\nregion=x\r\n', 'CI2', /^\[ci\]\r\n/],
  ])('%s, and post restores every byte', async (_what, text, profile, written) => {
    const journey = await startOnWindows();
    const { job, main } = journey;
    writeHome(job.home, { '.oci/config': text });
    const before = contentOf(job.home);
    const stage = await main({ profile });
    expect([stage.exitCode, stage.stderr]).toEqual([0, '']);
    expect(readFileSync(path.join(job.home, '.oci/config'), 'latin1')).toMatch(written);
    await expectRestored(journey, stage, before);
  });
});

describe('on Windows, a profile that exists', () => {
  const FILES = {
    '.oci/config': '[DEFAULT]\r\nuser=ocid1.user\r\n[LAST]\r\ny=2',
    '.oci/sessions/DEFAULT/oci_api_key.pem': 'the key of the user\r\n',
    '.oci/sessions/DEFAULT/notes/today': 'keep me',
  };

  it('fails with PROFILE_EXISTS', async () => {
    const journey = await startOnWindows();
    writeHome(journey.job.home, FILES);
    const { message } = await expectFailure(journey, 'PROFILE_EXISTS');
    expect(message).toContain('\\.oci\\config');
  });

  it('is replaced with `overwrite-profile`, and restored by post', async () => {
    const journey = await startOnWindows();
    writeHome(journey.job.home, FILES);
    const before = contentOf(journey.job.home);
    const stage = await journey.main({ 'overwrite-profile': 'true' });
    expect(stage.exitCode).toBe(0);
    await expectRestored(journey, stage, before);
  });

  it('is replaced when the session of a job without a post step has ended, and leaves nothing', async () => {
    const journey = await startOnWindows({ world: { upstLifetimeSeconds: 2 } });
    const { job, main, nextJob } = journey;
    expect((await main({ refresh: 'false' })).exitCode).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const next = nextJob(inWindows({ home: job.home }));
    const stage = await next.main({ refresh: 'false' });
    expect(stage.exitCode).toBe(0);
    expect(warningsOf(stage)).toEqual([expect.stringContaining('The session ends in')]);
    await expectRestored(next, stage, {});
  });
});

describe('on Windows, several logins', () => {
  it.each([
    ['in the order of their logins', [0, 1]],
    ['in the opposite order', [1, 0]],
  ])('of a job are removed %s', async (_how, order) => {
    const { job, main, post } = await startOnWindows();
    writeHome(job.home, { '.oci/config': OTHER });
    const before = contentOf(job.home);
    const stages = [await main({ profile: 'ONE' }), await main({ profile: 'TWO' })];
    expect(stages.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    for (const index of order) {
      const stage = stages[index];
      if (stage) expect((await post(stage)).exitCode).toBe(0);
    }
    expect(contentOf(job.home)).toEqual(before);
  });

  it('of eight jobs at once leave eight profiles, and nothing after eight posts at once', async () => {
    const journey = await startOnWindows();
    const { home } = journey.job;
    writeHome(home, { '.oci/config': OTHER });
    const before = contentOf(home);
    const jobs = Array.from({ length: 8 }, (_, index) => ({
      ...journey.nextJob(inWindows({ home })),
      profile: `JOB${index}`,
    }));
    const running = await Promise.all(
      jobs.map(async ({ profile, main, post }) => ({ stage: await main({ profile }), post })),
    );
    expect(running.map(({ stage }) => stage.exitCode)).toEqual(jobs.map(() => 0));
    const written = readFileSync(path.join(home, '.oci/config'), 'latin1').match(/^\[.*\]/gm) ?? [];
    expect(written.toSorted()).toEqual([...jobs.map(({ profile }) => `[${profile}]`), '[OTHER]']);
    const posts = await Promise.all(running.map(({ stage, post }) => post(stage)));
    expect(posts.map((stage) => [stage.exitCode, warningsOf(stage)])).toEqual(jobs.map(() => [0, []]));
    expect(contentOf(home)).toEqual(before);
  });
});
