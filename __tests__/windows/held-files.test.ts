// Files that another program keeps open. On Windows they cannot be replaced, and perhaps neither read nor written.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Journey, logOf, warningsOf, writeHome } from '../e2e/journey.ts';
import { until } from '../e2e/refresher.ts';
import { contentOf, expectRestored, startOnWindows } from './windows-journey.ts';
import { onWindows, windowsNode } from './wine.ts';

const HOLD = path.join(import.meta.dirname, 'hold.mjs');

/** Opens a file in another program, which may let others read and write it. @returns a function that closes it */
async function hold(
  { job }: Journey,
  file: string,
  sharing: 'alone' | 'shared',
): Promise<() => Promise<void>> {
  const marker = path.join(path.dirname(job.temp), 'held');
  const command = windowsNode([HOLD, file, marker, sharing], {}); // not a process of the job
  const child = spawn(command.file, command.args, { env: command.env, cwd: job.workspace, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until(() => existsSync(marker));
  return () => {
    rmSync(marker);
    return ended;
  };
}

async function startWithConfig() {
  const journey = await startOnWindows();
  writeHome(journey.job.home, { '.oci/config': '[OTHER]\r\nx=1\r\n' });
  const config = path.join(journey.job.home, '.oci/config');
  return { ...journey, config, before: contentOf(journey.job.home) };
}

describe('on Windows, a config that another program has open', () => {
  it('is changed in place by login and post, if that program lets others write', async () => {
    const { config, before, ...journey } = await startWithConfig();
    const release = await hold(journey, config, 'shared');
    const stage = await journey.main({ profile: 'CI' });
    expect(stage.exitCode).toBe(0);
    await expectRestored(journey, stage, before);
    await release();
  });

  it('fails the login with CONFIG_LOCKED and the reason, and nothing is left', async () => {
    const { config, before, ...journey } = await startWithConfig();
    const release = await hold(journey, config, 'alone');
    const stage = await journey.main({ profile: 'CI' });
    expect([stage.exitCode, stage.outputs['failure-code']]).toEqual([1, 'CONFIG_LOCKED']);
    expect(logOf(stage)).toContain(`${onWindows(config)} was open in another program`);
    await release();
    await expectRestored(journey, stage, before);
  });

  it('does not keep post from removing key, token and temporary files', async () => {
    const { config, ...journey } = await startWithConfig();
    const stage = await journey.toAws({ profile: 'CI', 'aws-credential-source': 'web-identity' });
    expect(stage.exitCode).toBe(0);
    const release = await hold(journey, config, 'alone');
    const after = await journey.post(stage);
    await release();
    expect(warningsOf(after)).toEqual([expect.stringMatching(/CONFIG_LOCKED: .* open in another program/)]);
    expect(Object.keys(contentOf(journey.job.home)).filter((name) => /\.pem$|token$/.test(name))).toEqual([]);
    expect([readdirSync(journey.job.temp), after.exported['OCI_CLI_PROFILE']]).toEqual([[], '']);
  });
});
