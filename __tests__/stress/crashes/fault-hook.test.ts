// The fault hook counts every call that changes the disk or sends something.
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startJourney } from '../../e2e/journey.ts';
import { EMPTY, NEW_TO_BOTH, TWO_CLOUDS, USER_SECTION } from './homes.ts';
import { countKinds, openScene } from './scene.ts';

describe('the fault hook', () => {
  it.each([EMPTY, USER_SECTION, NEW_TO_BOTH, TWO_CLOUDS])(
    'counts every change and every request of main and post: $title',
    async (setting) => {
      const journey = await startJourney();
      const scene = openScene(journey, setting);
      // The directory of the whole job: home, temp area, checkout and the files of the runner's commands.
      const watch = [path.dirname(scene.job.home)];
      const main = await scene.main({ watch });
      expect([main.stage.exitCode, main.uncounted]).toEqual([0, []]);
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
      expect(countKinds(main.calls)).toMatchObject({ request: journey.emulator.journal.length });
      expect(Object.keys(countKinds(main.calls))).toEqual(
        expect.arrayContaining(['lock', 'state', 'env', 'output', 'open', 'write', 'rename', 'mkdir']),
      );
      const post = await scene.post(main, { watch });
      expect([post.stage.exitCode, post.uncounted]).toEqual([0, []]);
      expect(Object.keys(countKinds(post.calls))).toEqual(
        expect.arrayContaining(['lock', 'env', 'rm', 'rmdir']),
      );
      expect(scene.trees()).toEqual(scene.before);
    },
  );

  it.each(['mkdirSync', 'openSync', 'renameSync', 'rmSync', 'writeFileSync'])(
    'finds uncounted changes when it ignores %s',
    async (name) => {
      const scene = openScene(await startJourney(), USER_SECTION);
      const { stage, uncounted } = await scene.main({
        watch: [path.dirname(scene.job.home)],
        ignored: [name],
      });
      expect(stage.exitCode).toBe(0);
      expect(uncounted.length).toBeGreaterThan(0);
    },
  );

  it('writes half of the bytes for `partial`', async () => {
    const journey = await startJourney();
    const whole = openScene(journey, EMPTY);
    const { calls } = await whole.main();
    const write = calls.find(
      ({ call, path }) => call === 'writeFileSync' && path.endsWith('oci_api_key.pem'),
    );
    const killed = openScene(journey, EMPTY);
    await killed.main({ at: write?.n ?? 0, when: 'partial' });
    const key = killed.trees().home['.oci/sessions/DEFAULT/oci_api_key.pem'] ?? '';
    expect([key.includes('BEGIN PRIVATE KEY'), key.includes('END PRIVATE KEY')]).toEqual([true, false]);
  });

  it('does not change a process without a plan', async () => {
    const scene = openScene(await startJourney(), EMPTY);
    const { stage, crash } = await scene.main();
    expect([stage.exitCode, stage.endedBy, stage.stderr, crash]).toEqual([0, null, '', 'not killed']);
    await scene.expectRestored({ stage, crash, calls: [], uncounted: [] });
  });
});
