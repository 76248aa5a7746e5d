// Two logins of one job to OCI and AWS, removed in both orders.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startJourney, treeOf, writeHome } from './journey.ts';

const WINDOWS_FILES = {
  '.oci/config': '; mine\r\n[A]\r\nuser=x\r\n\r\n# end',
  '.oci/sessions/P/token': 'of the user',
  '.aws/config': '[profile b]\r\nregion=x\r\n',
  '.aws/credentials': '[b]\r\naws_access_key_id=x',
};
const FIRST = { profile: 'P', 'aws-profile': 'p' };

interface Case {
  profiles: string;
  second: Record<string, string>;
  files: Record<string, string>;
  /** Whether the second login renews the token of the first. */
  isRenewal: boolean;
}

const CASES: Case[] = [
  { profiles: 'the same profiles', second: {}, files: {}, isRenewal: true },
  {
    profiles: 'the same profiles, for another region',
    second: { region: 'eu-zurich-1' },
    files: WINDOWS_FILES,
    isRenewal: false,
  },
  {
    profiles: 'different profiles',
    second: { profile: 'Q', 'aws-profile': 'q' },
    files: WINDOWS_FILES,
    isRenewal: false,
  },
  { profiles: 'the same AWS profile', second: { profile: 'Q' }, files: WINDOWS_FILES, isRenewal: false },
  { profiles: 'the same OCI profile', second: { 'aws-profile': 'q' }, files: {}, isRenewal: true },
];
/** Each post step runs also a second time, as after one that was killed. */
const ORDERS: [order: string, indices: readonly (0 | 1)[]][] = [
  ['in reverse, as the runner does', [1, 1, 0, 0]],
  ['in the order of the logins', [0, 0, 1, 0]],
];

describe.each(ORDERS)('post steps %s', (_order, indices) => {
  it.each(CASES)('restore files and variables: $profiles', async ({ second, files, isRenewal }) => {
    const { emulator, job, toAws, post } = await startJourney();
    writeHome(job.home, files);
    const before = treeOf(job.home);
    const one = await toAws(FIRST);
    const afterFirst = treeOf(job.home);
    const two = await toAws({ ...FIRST, ...second });
    expect([one.exitCode, two.exitCode]).toEqual([0, 0]);

    const text = (name: string) => readFileSync(path.join(job.home, name), 'latin1');
    const sections = (name: string) =>
      [...text(name).matchAll(/^\[(.*)\]\r?$/gm)].map(([, section]) => section);
    for (const inputs of [FIRST, { ...FIRST, ...second }]) {
      const count = (name: string, profile: string) =>
        sections(name).filter((section) => section === profile).length;
      expect(count('.oci/config', inputs.profile)).toBe(1);
      expect(count('.aws/credentials', inputs['aws-profile'])).toBe(1);
    }
    const last = [...emulator.world.awsSessions.values()].at(-1);
    expect(text('.aws/credentials')).toContain(last?.secretAccessKey);
    for (const name of Object.keys(files).filter((name) => !name.endsWith('token'))) {
      expect(text(name)).toContain(files[name]);
      expect(text(name)).not.toMatch(/(?<!\r)\n/);
    }

    for (const [at, index] of indices.entries()) {
      expect((await post([one, two][index] ?? one)).exitCode).toBe(0);
      if (at > 0 || index === 0) continue;
      if (!isRenewal) expect(treeOf(job.home)).toEqual(afterFirst);
      expect(job.env()).toMatchObject({ OCI_CLI_PROFILE: FIRST.profile });
    }
    expect(treeOf(job.home)).toEqual(before);
    expect(job.env()).toMatchObject({ OCI_CLI_PROFILE: '' });
  });
});
