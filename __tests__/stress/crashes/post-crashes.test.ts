// Whoever puts things back may be killed as well: post, twice over, and a main that takes back what it had begun.
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startJourney } from '../../e2e/journey.ts';
import { figure } from '../figures.ts';
import { assertKilled, countCalls, crashPlans, describeCensus, openScene } from './crashes.ts';
import { BUSY, EMPTY, KEPT_FRESH, OWN_SECTION, type Setting, TWO_CLOUDS, UNFINISHED } from './homes.ts';

const ROWS_APART = 7;
const COLUMNS_APART = 4;

describe('a post that is killed', () => {
  it.each([EMPTY, UNFINISHED, OWN_SECTION, BUSY, TWO_CLOUDS, KEPT_FRESH])(
    'at any call leaves $title as it was once it has run again',
    async (setting) => {
      const { post } = await countCalls(setting);
      const journey = await startJourney();
      const plans = crashPlans(post);
      for (const plan of plans) {
        const scene = openScene(journey, setting);
        const main = await scene.main();
        const killed = await scene.post(main, plan);
        assertKilled(killed, plan);
        await scene.proveRestored(main, killed);
        scene.end();
      }
      figure('crashes', `post, ${setting.title}: calls`, describeCensus(post));
      figure('crashes', `post, ${setting.title}: killed, then run again`, plans.length);
    },
  );

  it.each([EMPTY, OWN_SECTION])(
    'after a main that was killed leaves $title as it was once it has run again',
    async (setting) => {
      const { main } = await countCalls(setting);
      const firstSave = main.findIndex(({ path }) => path.endsWith('github_state')) + 2;
      let runs = 0;
      for (let at = firstSave; at <= main.length; at += ROWS_APART) runs += await crashBoth(setting, at);
      expect(runs).toBeGreaterThan(main.length / ROWS_APART);
      figure('crashes', `both, ${setting.title}: main, then post killed, then run again`, runs);
    },
  );
});

/** Main is killed at one call, post at every fourth of its calls; returns how many posts were killed. */
async function crashBoth(setting: Setting, mainAt: number): Promise<number> {
  const journey = await startJourney();
  for (let at = 1, runs = 0; ; at += COLUMNS_APART, runs += 1) {
    const scene = openScene(journey, setting);
    const main = await scene.main({ at: mainAt });
    assertKilled(main, { at: mainAt });
    const post = await scene.post(main, { at });
    const lived = post.stage.endedBy === null;
    if (!lived) assertKilled(post, { at });
    await scene.proveRestored(main, post);
    scene.end();
    if (lived) return runs;
  }
}

describe('a main that fails', () => {
  it.each([EMPTY, OWN_SECTION])(
    'and is killed while it takes back what it had begun leaves $title as it was, after post',
    async (setting) => {
      const journey = await startJourney();
      const env = { GITHUB_ENV: path.join(path.sep, 'missing') };
      const whole = openScene(journey, setting);
      const { calls, stage } = await whole.main({}, env);
      expect([stage.exitCode, stage.outputs, whole.trees()]).toEqual([
        1,
        { 'failure-code': 'UNEXPECTED' },
        whole.before,
      ]);
      whole.end();
      const lastSave = calls.findLastIndex(({ path }) => path.endsWith('github_state'));
      const plans = crashPlans(calls).filter(({ at = 0 }) => at > lastSave);
      for (const plan of plans) {
        const scene = openScene(journey, setting);
        const killed = await scene.main(plan, env);
        assertKilled(killed, plan);
        await scene.proveRestored(killed);
        scene.end();
      }
      figure('crashes', `failing main, ${setting.title}: killed, then post`, plans.length);
    },
  );
});
