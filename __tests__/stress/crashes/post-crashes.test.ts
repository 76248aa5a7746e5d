// The clean-up is killed: the post step, the post step after a killed main, and the rollback of a main that fails.
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startJourney } from '../../e2e/journey.ts';
import { figure } from '../figures.ts';
import {
  BUSY,
  EMPTY,
  NO_LAST_LINE_END,
  REFRESHED,
  REGISTRY,
  type Setting,
  TWO_CLOUDS,
  USER_SECTION,
} from './homes.ts';
import { assertKilled, countCalls, crashPlans, describeCounts, openScene } from './scene.ts';

const ROWS_APART = 7;
const COLUMNS_APART = 4;

describe('a post that is killed', () => {
  it.each([EMPTY, NO_LAST_LINE_END, USER_SECTION, BUSY, TWO_CLOUDS, REFRESHED, REGISTRY])(
    'at any call leaves $title as it was, after it has run again',
    async (setting) => {
      const { post } = await countCalls(setting);
      const journey = await startJourney();
      const plans = crashPlans(post);
      for (const plan of plans) {
        const scene = openScene(journey, setting);
        const main = await scene.main();
        const killed = await scene.post(main, plan);
        assertKilled(killed, plan);
        await scene.expectRestored(main, killed);
        scene.end();
      }
      figure('crashes', `post, ${setting.title}: calls`, describeCounts(post));
      figure('crashes', `post, ${setting.title}: killed, then run again`, plans.length);
    },
  );

  it.each([EMPTY, USER_SECTION])(
    'after a main that was killed leaves $title as it was, after it has run again',
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

/** Kills main at one call, and post at every fourth of its calls. @returns how many posts were killed */
async function crashBoth(setting: Setting, mainAt: number): Promise<number> {
  const journey = await startJourney();
  for (let at = 1, runs = 0; ; at += COLUMNS_APART, runs += 1) {
    const scene = openScene(journey, setting);
    const main = await scene.main({ at: mainAt });
    assertKilled(main, { at: mainAt });
    const post = await scene.post(main, { at });
    const survived = post.stage.endedBy === null;
    if (!survived) assertKilled(post, { at });
    await scene.expectRestored(main, post);
    scene.end();
    if (survived) return runs;
  }
}

describe('a main that fails', () => {
  it.each([EMPTY, USER_SECTION])(
    'and is killed during its rollback leaves $title as it was, after post',
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
        await scene.expectRestored(killed);
        scene.end();
      }
      figure('crashes', `failing main, ${setting.title}: killed, then post`, plans.length);
    },
  );
});
