// Wrong inputs: exit 1 before the first request, all faults named at once, nothing on disk.
import { describe, expect, it } from '@jest/globals';
import { errorOf, type Journey, startJourney, treeOf } from './journey.ts';

async function expectRefused(
  { emulator, job, main }: Journey,
  changes: Record<string, string>,
): Promise<string> {
  const stage = await main(changes);
  expect(stage.exitCode).toBe(1);
  expect(stage.outputs).toEqual({ 'failure-code': 'INPUT_INVALID' });
  expect(stage.state).toEqual({});
  expect(emulator.journal).toEqual([]);
  expect(treeOf(job.home)).toEqual({});
  return errorOf(stage);
}

const WRONG: [input: string, values: string[]][] = [
  [
    'domain-url',
    [
      '',
      'idcs.example.com',
      'http://idcs.example.com',
      'https://a:b@idcs.example.com',
      'https://idcs.example.com/x',
      'https://idcs.example.com/?a=b',
      'https://idcs.example.com/#a',
      'ftp://idcs.example.com',
      'https://',
    ],
  ],
  ['client-id', ['', 'two words', 'with:colon', 'line\nbreak']],
  ['client-secret', ['', 'upper-half\nlower-half']],
  ['region', ['', 'iad', 'US-ASHBURN-1', 'us-ashburn-1]', 'us-ashburn-1\n[x]', '../us-ashburn-1']],
  ['tenancy', ['acme', 'ocid1.user.oc1..aaaa', 'ocid1.tenancy.oc1..aaaa\nuser=x']],
  ['audience', ['two words', 'a\nb']],
  ['trust-rule', ['sub', 'sub is x', 'sub eq "x"', 'sub eq a\nsub']],
  ['profile', ['a/b', 'a\\b', '[x]', 'x]', 'a\nb', '..', '.', 'a b', 'ä', 'x'.repeat(65)]],
  ['config-file', ['relative/config', './config', '~other/config', '/tmp/a\nb', '/tmp/directory/', 'config']],
  ['overwrite-profile', ['yes', 'on', '1', 'tRUE']],
  ['export-for', ['everyone', 'cli, everyone', 'cli, none', ',']],
  ['output-credentials', ['no']],
  ['cleanup', ['off']],
  ['summary', ['true', 'Always', 'failure', 'on-success']],
  ['retry-max-attempts', ['0', '21', '1.5', '-1', 'many', '1e1']],
  ['request-timeout-seconds', ['0', '301', '15s']],
  ['timeout-seconds', ['0', '3601', '0x10']],
];

describe('a wrong input', () => {
  it.each(WRONG)('is refused by name before any request: %s', async (input, values) => {
    const journey = await startJourney();
    for (const value of values) {
      const message = await expectRefused(journey, { [input]: value });
      expect(message).toMatch(new RegExp(`^INPUT_INVALID: \`${input}\` `));
    }
  });

  it('is refused together with all the others, in the spelling of the author', async () => {
    const names = WRONG.map(([name]) => name);
    const wrong = Object.fromEntries(WRONG.map(([name, values]) => [name, values.at(-1) ?? '']));
    const message = await expectRefused(await startJourney(), wrong);
    expect([...message.matchAll(/`([a-z-]+)` (?:is|must|takes)/g)].map(([, name]) => name)).toEqual(names);
  });

  it('inside the checkout is refused, where later steps could publish it', async () => {
    const journey = await startJourney();
    const message = await expectRefused(journey, { 'config-file': `${journey.job.workspace}/.oci/config` });
    expect(message).toContain('`config-file` must lie outside the checkout');
  });

  it('never shows a secret in its message', async () => {
    const secret = 'not-to-be-seen\u0007';
    const message = await expectRefused(await startJourney(), { 'client-secret': secret, region: 'x' });
    expect(message).toContain('`client-secret` ');
    expect(message).not.toContain('not-to-be-seen');
  });

  it('tells of an empty secret that a fork gets none', async () => {
    const message = await expectRefused(await startJourney(), { 'client-secret': '' });
    expect(message).toContain('fork');
  });
});
