// The machine crashes during main, and no post step runs. The next login to the same home removes what was left.
import { describe, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '../../e2e/journey.ts';
import { figure } from '../figures.ts';
import type { Plan } from './fault-hook.ts';
import { EMPTY, NEW_REGISTRY, type Setting, TWO_CLOUDS, USER_SECTION } from './homes.ts';
import { assertKilled, countCalls, crashPlans, onDisk, openScene, type Trees } from './scene.ts';

type Files = Trees['home'];

describe('a machine that crashes during main', () => {
  it.each([EMPTY, USER_SECTION, TWO_CLOUDS, NEW_REGISTRY])(
    'at any call: the next login removes key and token, and its post step everything else: $title',
    async (setting) => {
      const journey = await startJourney();
      const { main } = await countCalls(setting);
      const numbers = new Set(onDisk(main).map(({ n }) => n));
      const plans = crashPlans(main).filter(({ at = 0 }) => numbers.has(at) || numbers.has(at - 1));
      const ends = [];
      for (const plan of plans) ends.push(await crashAndLoginAgain(journey, setting, plan));
      expect(ends.some(({ hadSecret }) => hadSecret)).toBe(true);
      figure('crashes', `machine crashed, ${setting.title}: next login, then post`, plans.length);
      const leftovers = ends.filter(({ hasLeftover }) => hasLeftover).length;
      figure('crashes', `machine crashed, ${setting.title}: an empty directory stayed`, leftovers);
    },
  );
});

async function crashAndLoginAgain(journey: Journey, setting: Setting, plan: Plan) {
  const crashed = openScene(journey, setting, { runnerDies: true });
  const killed = await crashed.main(plan);
  assertKilled(killed, plan);
  const { crash } = killed;
  const before = crashed.before.home;
  const left = crashed.trees().home;
  const secrets = secretsIn(left, before);
  const next = openScene(journey, setting, { home: crashed.job.home });
  const login = await next.main();
  const contents = Object.values(next.trees().home);
  const stillThere = secrets.filter((secret) => contents.some((text) => text.includes(secret)));
  expect([crash, login.stage.exitCode, stillThere]).toEqual([crash, 0, []]);
  const post = await next.post(login);
  const after = next.trees().home;
  const restored = withoutLeftover(after, before, left);
  expect([crash, post.stage.exitCode, restored]).toEqual([crash, 0, before]);
  next.end();
  crashed.end();
  const hasLeftover = Object.keys(after).length > Object.keys(restored).length;
  return { hadSecret: secrets.length > 0, hasLeftover };
}

/** Returns the content of new files with a key or a token, also of an incomplete one. */
function secretsIn(home: Files, before: Files): string[] {
  const fresh = Object.entries(home).filter(([name]) => before[name] !== home[name]);
  const contents = fresh.filter(([name]) => /(\.pem|token)$/.test(name)).map(([, text]) => text.slice(4));
  return contents.filter((text) => /^(-----BEGIN|eyJ)/.test(text));
}

/** An empty directory stays when the crash came before the ledger in it: nothing tells who created it. */
function withoutLeftover(home: Files, before: Files, atCrash: Files): Files {
  const isLeftover = ([name, what]: [string, string]) =>
    /^\.(oci|aws|docker)$/.test(name) &&
    what === '700 directory' &&
    !(name in before) &&
    !(`${name}/.oci-wif-action-ledger.json` in atCrash);
  return Object.fromEntries(Object.entries(home).filter((entry) => !isLeftover(entry)));
}
