// Two logins of one job in the same files, taken back in order and out of it, over configs with the line ends of Windows.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startJourney, treeOf, writeHome } from './journey.ts';

const OWN = {
  '.oci/config': '; mine\r\n[A]\r\nuser=x\r\n\r\n# end',
  '.aws/config': '[profile b]\r\nregion=x\r\n',
  '.aws/credentials': '[b]\r\naws_access_key_id=x',
};
const HOMES: [what: string, files: Record<string, string>][] = [
  ['an empty home', {}],
  ['files with the line ends of Windows', OWN],
];
const PAIRS: [profiles: string, one: Record<string, string>, two: Record<string, string>][] = [
  ['the same', { profile: 'P', 'aws-profile': 'p' }, { profile: 'P', 'aws-profile': 'p' }],
  ['different', { profile: 'P', 'aws-profile': 'p' }, { profile: 'Q', 'aws-profile': 'q' }],
  ['the same for AWS alone', { profile: 'P', 'aws-profile': 'p' }, { profile: 'Q', 'aws-profile': 'p' }],
  ['the same for OCI alone', { profile: 'P', 'aws-profile': 'p' }, { profile: 'P', 'aws-profile': 'q' }],
];
/** Each post is also run again, as after a clean-up that was cut short. */
const ORDERS: [order: string, indices: readonly (0 | 1)[]][] = [
  ['in reverse, as the runner does', [1, 1, 0, 0]],
  ['in the wrong order', [0, 0, 1, 0]],
];
const cases = HOMES.flatMap(([home, files]) =>
  PAIRS.flatMap(([profiles, one, two]) =>
    ORDERS.map(([order, indices]) => ({ home, files, profiles, one, two, order, indices })),
  ),
);

describe('two logins of one job', () => {
  it.each(cases)('with $profiles profiles in $home go $order', async ({ files, one, two, indices }) => {
    const { emulator, job, toAws, post } = await startJourney();
    writeHome(job.home, files);
    const before = treeOf(job.home);
    const mains = [await toAws(one), await toAws(two)] as const;
    expect(mains.map(({ exitCode }) => exitCode)).toEqual([0, 0]);

    const text = (name: string) => readFileSync(path.join(job.home, name), 'latin1');
    const sections = (name: string) =>
      [...text(name).matchAll(/^\[(.*)\]\r?$/gm)].map(([, section]) => section);
    for (const inputs of [one, two]) {
      expect(sections('.oci/config').filter((section) => section === inputs['profile'])).toHaveLength(1);
      expect(
        sections('.aws/credentials').filter((section) => section === inputs['aws-profile']),
      ).toHaveLength(1);
    }
    const last = [...emulator.world.awsSessions.values()].at(-1);
    expect(text('.aws/credentials')).toContain(last?.secretAccessKey);
    for (const [name, content] of Object.entries(files)) {
      expect(text(name)).toContain(content);
      expect(text(name)).not.toMatch(/(?<!\r)\n/); // ours end their lines as theirs do
    }

    for (const index of indices) expect((await post(mains[index])).exitCode).toBe(0);
    expect(treeOf(job.home)).toEqual(before);
  });
});
