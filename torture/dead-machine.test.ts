// A machine dies, and no post ever runs. The next job that logs in to the same home removes what was left there.
import { describe, expect, it } from '@jest/globals';
import { startJourney } from '../__tests__/journeys/journey.ts';
import { assertDied, countCalls, onDisk, openScene, type Trees, waysToDie } from './deaths.ts';
import { figure } from './figures.ts';
import { EMPTY, OWN_SECTION, TWO_CLOUDS } from './homes.ts';

type Files = Trees['home'];

/** Content of the new files that hold a key or a token, or the half of one. */
function secretsIn(home: Files, before: Files): string[] {
  const fresh = Object.entries(home).filter(([name]) => before[name] !== home[name]);
  const contents = fresh.filter(([name]) => /(\.pem|token)$/.test(name)).map(([, text]) => text.slice(4));
  return contents.filter((text) => /^(-----BEGIN|eyJ)/.test(text));
}

/** Until a session's record is on disk, nobody can know who has made the directories above it. */
function withoutUnclaimed(home: Files, before: Files, hadRecord: boolean): Files {
  const isUnclaimed = ([name, what]: [string, string]) =>
    !hadRecord && /^\.(oci(\/sessions)?|aws)$/.test(name) && what === '700 directory' && !(name in before);
  return Object.fromEntries(Object.entries(home).filter((entry) => !isUnclaimed(entry)));
}

describe('a machine that dies during main', () => {
  it.each([EMPTY, OWN_SECTION, TWO_CLOUDS])(
    'at any call: the next login removes the key, its post the rest: $title',
    async (setting) => {
      const journey = await startJourney();
      const { main } = await countCalls(setting);
      const numbers = new Set(onDisk(main).map(({ n }) => n));
      const plans = waysToDie(main).filter(({ at = 0 }) => numbers.has(at) || numbers.has(at - 1));
      let [keys, unclaimed] = [0, 0];
      for (const plan of plans) {
        const dead = openScene(journey, setting);
        const killed = await dead.main(plan);
        assertDied(killed, plan);
        const { death } = killed;
        const { home: left } = dead.trees();
        const secrets = secretsIn(left, dead.before.home);
        const next = openScene(journey, setting, { home: dead.job.home });
        const login = await next.main();
        expect([death, login.stage.exitCode]).toEqual([death, 0]);
        const now = Object.values(next.trees().home);
        expect([death, secrets.filter((secret) => now.some((text) => text.includes(secret)))]).toEqual([
          death,
          [],
        ]);
        const post = await next.post(login);
        expect([death, post.stage.exitCode]).toEqual([death, 0]);
        const hadRecord = Object.keys(left).some((name) => name.endsWith('/record.json'));
        const after = next.trees().home;
        const claimed = withoutUnclaimed(after, dead.before.home, hadRecord);
        expect([death, claimed]).toEqual([death, dead.before.home]);
        keys += secrets.length > 0 ? 1 : 0;
        unclaimed += Object.keys(after).length > Object.keys(claimed).length ? 1 : 0;
        next.end();
        dead.end();
      }
      expect(keys).toBeGreaterThan(0);
      figure('kills', `machine died, ${setting.title}: next login, then post`, plans.length);
      figure('kills', `machine died, ${setting.title}: an empty directory stayed`, unclaimed);
    },
  );
});
