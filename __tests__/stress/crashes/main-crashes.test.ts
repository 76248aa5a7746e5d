// Main is killed at every call that changes the disk or sends something; post restores everything.
import { describe, expect, it } from '@jest/globals';
import { figure } from '../figures.ts';
import type { Plan } from './fault-hook.ts';
import {
  BUSY,
  EMPTY,
  EXPORT_TARGETS,
  NEW_REGISTRY,
  NO_LAST_LINE_END,
  REFRESHED,
  REGISTRY,
  type Setting,
  TWO_CLOUDS,
  USER_SECTION,
} from './homes.ts';
import { assertKilled, countCalls, crashPlans, describeCounts, journeyFor, openScene } from './scene.ts';

const SETTINGS = [
  EMPTY,
  NO_LAST_LINE_END,
  USER_SECTION,
  BUSY,
  TWO_CLOUDS,
  EXPORT_TARGETS,
  REFRESHED,
  REGISTRY,
  NEW_REGISTRY,
];
/** A sample: equal trees imply that the next login works. */
const LOGIN_AGAIN_EVERY = 16;

describe('a main that is killed', () => {
  it.each(SETTINGS)('at any call leaves $title as it was, after post', async (setting) => {
    const { main } = await countCalls(setting);
    const plans = crashPlans(main);
    await crashMain(setting, plans);
    figure('crashes', `main, ${setting.title}: calls`, describeCounts(main));
    figure('crashes', `main, ${setting.title}: killed, then post`, plans.length);
  });
});

async function crashMain(setting: Setting, plans: readonly Plan[]): Promise<void> {
  const journey = await journeyFor(setting);
  for (const [index, plan] of plans.entries()) {
    const scene = openScene(journey, setting);
    const killed = await scene.main(plan);
    assertKilled(killed, plan);
    if (killed.stage.state['session'] === undefined) {
      expect([killed.crash, scene.trees()]).toEqual([killed.crash, scene.before]);
    }
    await scene.expectRestored(killed);
    if (index % LOGIN_AGAIN_EVERY === 0) {
      const again = await scene.main();
      expect([killed.crash, again.stage.exitCode]).toEqual([killed.crash, 0]);
      await scene.expectRestored(again, killed);
    }
    scene.end();
  }
}
