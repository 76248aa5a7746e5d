// Proof of the fault hook itself: nothing changes on disk and nothing goes out but through a call that it counts.
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startJourney } from '../../e2e/journey.ts';
import { censusOf, openScene } from './crashes.ts';
import { EMPTY, NEW_TO_BOTH, OWN_SECTION, TWO_CLOUDS } from './homes.ts';

describe('the fault hook', () => {
  it.each([EMPTY, OWN_SECTION, NEW_TO_BOTH, TWO_CLOUDS])(
    'sees every change of main and post, and every request: $title',
    async (setting) => {
      const journey = await startJourney();
      const scene = openScene(journey, setting);
      // The directory of the whole job: home, temp area, checkout and the files of the runner's commands.
      const watch = [path.dirname(scene.job.home)];
      const main = await scene.main({ watch });
      expect([main.stage.exitCode, main.strays]).toEqual([0, []]);
      const { home, temp } = scene.trees();
      const touched = new Set(main.calls.map(({ path }) => path));
      const changed = (root: string, now: Record<string, string>, before: Record<string, string>) =>
        Object.keys(now)
          .filter((name) => now[name] !== before[name] && !name.includes('~'))
          .map((name) => path.join(root, name));
      const written = [
        ...changed(scene.job.home, home, scene.before.home),
        ...changed(scene.job.temp, temp, scene.before.temp),
      ].filter((file) => !/\/(config|credentials|\.oci-wif-action-ledger\.json)$/.test(file)); // renamed into place
      expect(written.filter((file) => !touched.has(file))).toEqual([]);
      expect(written.some((file) => file.endsWith('oci_api_key.pem'))).toBe(true);
      expect(censusOf(main.calls)).toMatchObject({ request: journey.emulator.journal.length });
      expect(Object.keys(censusOf(main.calls))).toEqual(
        expect.arrayContaining([
          'connect',
          'lock',
          'state',
          'env',
          'output',
          'open',
          'write',
          'rename',
          'mkdir',
        ]),
      );
      const post = await scene.post(main, { watch });
      expect([post.stage.exitCode, post.strays]).toEqual([0, []]);
      expect(Object.keys(censusOf(post.calls))).toEqual(
        expect.arrayContaining(['lock', 'env', 'rm', 'rmdir']),
      );
      expect(scene.trees()).toEqual(scene.before);
    },
  );

  it.each(['mkdirSync', 'openSync', 'renameSync', 'rmSync', 'writeFileSync'])(
    'that is blind to %s is found out',
    async (name) => {
      const scene = openScene(await startJourney(), OWN_SECTION);
      const { stage, strays } = await scene.main({ watch: [path.dirname(scene.job.home)], blind: [name] });
      expect(stage.exitCode).toBe(0);
      expect(strays.length).toBeGreaterThan(0);
    },
  );

  it('tears a write in two', async () => {
    const journey = await startJourney();
    const whole = openScene(journey, EMPTY);
    const { calls } = await whole.main();
    const write = calls.find(
      ({ call, path }) => call === 'writeFileSync' && path.endsWith('oci_api_key.pem'),
    );
    const torn = openScene(journey, EMPTY);
    await torn.main({ at: write?.n ?? 0, when: 'torn' });
    const key = torn.trees().home['.oci/sessions/DEFAULT/oci_api_key.pem'] ?? '';
    expect([key.includes('BEGIN PRIVATE KEY'), key.includes('END PRIVATE KEY')]).toEqual([true, false]);
  });

  it('leaves a process alone that is to live', async () => {
    const scene = openScene(await startJourney(), EMPTY);
    const { stage, crash } = await scene.main();
    expect([stage.exitCode, stage.endedBy, stage.stderr, crash]).toEqual([0, null, '', 'lived']);
    await scene.proveRestored({ stage, crash, calls: [], strays: [] });
  });
});
