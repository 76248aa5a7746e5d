// A machine dies, and no post ever runs. The next job that logs in to the same home removes what was left there.
import { describe, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '../../e2e/journey.ts';
import { figure } from '../figures.ts';
import { assertKilled, countCalls, crashPlans, onDisk, openScene, type Trees } from './crashes.ts';
import type { Plan } from './fault-hook.ts';
import { EMPTY, OWN_SECTION, type Setting, TWO_CLOUDS } from './homes.ts';

type Files = Trees['home'];

describe('a machine that dies during main', () => {
  it.each([EMPTY, OWN_SECTION, TWO_CLOUDS])(
    'at any call: the next login removes the key, its post the rest: $title',
    async (setting) => {
      const journey = await startJourney();
      const { main } = await countCalls(setting);
      const numbers = new Set(onDisk(main).map(({ n }) => n));
      const plans = crashPlans(main).filter(({ at = 0 }) => numbers.has(at) || numbers.has(at - 1));
      const ends = [];
      for (const plan of plans) ends.push(await crashAndLoginAgain(journey, setting, plan));
      expect(ends.some(({ hadSecret }) => hadSecret)).toBe(true);
      figure('crashes', `machine died, ${setting.title}: next login, then post`, plans.length);
      const unclaimed = ends.filter(({ hasUnclaimed }) => hasUnclaimed).length;
      figure('crashes', `machine died, ${setting.title}: an empty directory stayed`, unclaimed);
    },
  );
});

async function crashAndLoginAgain(journey: Journey, setting: Setting, plan: Plan) {
  const dead = openScene(journey, setting, { runnerDies: true });
  const killed = await dead.main(plan);
  assertKilled(killed, plan);
  const { crash } = killed;
  const before = dead.before.home;
  const left = dead.trees().home;
  const secrets = secretsIn(left, before);
  const next = openScene(journey, setting, { home: dead.job.home });
  const login = await next.main();
  const contents = Object.values(next.trees().home);
  const stillThere = secrets.filter((secret) => contents.some((text) => text.includes(secret)));
  expect([crash, login.stage.exitCode, stillThere]).toEqual([crash, 0, []]);
  const post = await next.post(login);
  const after = next.trees().home;
  const claimed = withoutUnclaimed(after, before, left);
  expect([crash, post.stage.exitCode, claimed]).toEqual([crash, 0, before]);
  next.end();
  dead.end();
  const hasUnclaimed = Object.keys(after).length > Object.keys(claimed).length;
  return { hadSecret: secrets.length > 0, hasUnclaimed };
}

/** Content of the new files that hold a key or a token, or the half of one. */
function secretsIn(home: Files, before: Files): string[] {
  const fresh = Object.entries(home).filter(([name]) => before[name] !== home[name]);
  const contents = fresh.filter(([name]) => /(\.pem|token)$/.test(name)).map(([, text]) => text.slice(4));
  return contents.filter((text) => /^(-----BEGIN|eyJ)/.test(text));
}

/** Until the ledger is on disk, nobody can know who has made the empty directory that is to hold it. */
function withoutUnclaimed(home: Files, before: Files, atCrash: Files): Files {
  const isUnclaimed = ([name, what]: [string, string]) =>
    /^\.(oci|aws)$/.test(name) &&
    what === '700 directory' &&
    !(name in before) &&
    !(`${name}/.oci-wif-action-ledger.json` in atCrash);
  return Object.fromEntries(Object.entries(home).filter((entry) => !isUnclaimed(entry)));
}
