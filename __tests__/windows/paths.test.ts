// Spellings of `config-file` and names of profiles on Windows.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Journey } from '../e2e/journey.ts';
import { errorOf } from '../e2e/journey.ts';
import { contentOf, expectRestored, startOnWindows } from './windows-journey.ts';
import { onWindows, PREFIX } from './wine.ts';

describe('on Windows, `config-file`', () => {
  it.each<[what: string, spell: (job: Journey['job']) => string, normal: (job: Journey['job']) => string]>([
    ['~\\', () => '~\\my oci\\config', ({ home }) => onWindows(`${home}/my oci/config`)],
    ['~/', () => '~/my oci/config', ({ home }) => onWindows(`${home}/my oci/config`)],
    [
      'mixed slashes',
      ({ home }) => `Z:${home}\\my oci/./x\\..\\config`,
      ({ home }) => onWindows(`${home}/my oci/config`),
    ],
    [
      'the other case',
      ({ home }) => onWindows(`${home}/My OCI/Config`).replace(/^Z/, 'z'),
      ({ home }) => onWindows(`${home}/My OCI/Config`),
    ],
    [
      '\\\\?\\',
      ({ home }) => `\\\\?\\${onWindows(home)}\\my oci\\config`,
      ({ home }) => onWindows(`${home}/my oci/config`),
    ],
  ])('may begin with or have %s', async (_what, spell, normal) => {
    const journey = await startOnWindows();
    const stage = await journey.main({ 'config-file': spell(journey.job) });
    expect([stage.exitCode, stage.outputs['config-file']]).toEqual([0, normal(journey.job)]);
    expect(readdirSync(journey.job.home)).toHaveLength(1);
    await expectRestored(journey, stage, {});
  });

  it('may be on another drive than home and temp area', async () => {
    const journey = await startOnWindows();
    const stage = await journey.main({ 'config-file': 'D:\\oci\\config', 'export-for': 'terraform' });
    expect([stage.exitCode, stage.outputs['config-file']]).toEqual([0, 'D:\\oci\\config']);
    const drive = path.join(process.env[PREFIX] ?? '', 'drive_d');
    expect(Object.keys(contentOf(drive))).toContain('oci/sessions/DEFAULT/token');
    expect((await journey.post(stage)).exitCode).toBe(0);
    expect(contentOf(drive)).toEqual({});
  });

  it.each([
    ['a path without a drive', '\\oci\\config', /must be an absolute path/],
    ['a path relative to a drive', 'Z:oci\\config', /must be an absolute path/],
    ['a path in the checkout, in the other case', 'CHECKOUT', /must be outside the checkout/],
    ['a device', '~\\NUL', /INPUT_INVALID/],
  ])('is refused when it is %s', async (_what, value, message) => {
    const { main, job } = await startOnWindows();
    const file = value === 'CHECKOUT' ? `${onWindows(job.workspace).toUpperCase()}\\config` : value;
    const stage = await main({ 'config-file': file });
    expect([stage.exitCode, stage.outputs['failure-code']]).toEqual([1, 'INPUT_INVALID']);
    expect(errorOf(stage)).toMatch(message);
    expect(contentOf(job.home)).toEqual({});
  });
});

describe('on Windows, `profile`', () => {
  it.each(['CON', 'nul.x', 'COM1', 'ends.'])('is refused when it is %s', async (profile) => {
    const { main, job } = await startOnWindows();
    const stage = await main({ profile });
    expect([stage.exitCode, stage.outputs['failure-code']]).toEqual([1, 'INPUT_INVALID']);
    expect(contentOf(job.home)).toEqual({});
  });

  it('ignores upper and lower case: two logins share one file', async () => {
    const { job, main, post } = await startOnWindows();
    const first = await main({ profile: 'ONE' });
    const second = await main({
      profile: 'TWO',
      'config-file': `${onWindows(job.home).toUpperCase()}\\.OCI\\CONFIG`,
    });
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    for (const stage of [first, second]) expect((await post(stage)).exitCode).toBe(0);
    expect(contentOf(job.home)).toEqual({});
  });
});
