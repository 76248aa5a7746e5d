// The refresher on Windows, where nothing but its files and its process id identifies it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { logOf, warningsOf } from '../e2e/journey.ts';
import { refresherOf, until } from '../e2e/refresher.ts';
import { contentOf, expectRestored, startOnWindows } from './windows-journey.ts';

async function loggedIn(upstLifetimeSeconds = 15) {
  const world = { upstLifetimeSeconds, githubJwtLifetimeSeconds: 60 };
  const journey = await startOnWindows({ world });
  const before = contentOf(journey.job.home);
  const stage = await journey.main({ refresh: 'true', profile: 'LONG' });
  expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
  const file = path.join(journey.job.home, '.oci/sessions/LONG/token');
  return { ...journey, before, stage, token: () => readFileSync(file, 'utf8') };
}

describe('on Windows, `refresh`', () => {
  it('renews the token twice, and post ends the process', async () => {
    const { before, stage, token, ...journey } = await loggedIn();
    expect(journey.job.processes()).not.toEqual([]);
    for (let renewals = 0; renewals < 2; renewals += 1) {
      const old = token();
      await until(() => token() !== old && token() !== '');
    }
    const after = await expectRestored(journey, stage, before);
    expect(logOf(after).match(/Renewed the OCI session/g)?.length).toBeGreaterThanOrEqual(2);
    expect(journey.job.processes()).toEqual([]);
  });

  it('makes post warn when something killed the refresher', async () => {
    const { job, stage, post } = await loggedIn(3600);
    for (const { pid } of job.processes()) process.kill(pid, 'SIGKILL');
    const after = await post(stage);
    expect(warningsOf(after)).toEqual([expect.stringContaining('ended unexpectedly')]);
    expect([contentOf(job.home), contentOf(job.temp)]).toEqual([{}, {}]);
  });

  it('does not take another process for the refresher when its process id is used again', async () => {
    const { job, stage, post, main } = await loggedIn(3600);
    const other = await main({ refresh: 'true', profile: 'OTHER' });
    const [one, two] = [stage, other].map(refresherOf);
    const killed = job.processes().filter(({ command }) => command.includes(one?.loginId ?? ''));
    for (const { pid } of killed) process.kill(pid, 'SIGKILL');
    const session = JSON.parse(stage.state['session'] ?? '');
    const reused = { ...session, refresher: { ...session.refresher, pid: two?.pid } };
    const after = await post({ state: { session: JSON.stringify(reused) } });
    expect(warningsOf(after)).toEqual([expect.stringContaining('ended unexpectedly')]);
    expect(warningsOf(await post(other))).toEqual([]);
    expect([contentOf(job.home), contentOf(job.temp)]).toEqual([{}, {}]);
  });
});
