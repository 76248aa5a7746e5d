// A cancelled step, as the runner ends it: a signal to the process alone, at any time; then post.
import { describe, expect, it } from '@jest/globals';
import { startJourney } from '../../e2e/journey.ts';
import { figure } from '../figures.ts';
import { assertKilled, countCalls, openScene } from './crashes.ts';
import { UNFINISHED } from './homes.ts';

describe('a main that is cancelled', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s at any call ends by it and leaves nothing',
    async (signal) => {
      const { main } = await countCalls(UNFINISHED);
      const journey = await startJourney();
      for (const { n: at } of main) {
        const scene = openScene(journey, UNFINISHED);
        const cancelled = await scene.main({ at, signal });
        assertKilled(cancelled, { at, signal });
        await scene.proveRestored(cancelled);
        scene.end();
      }
      expect(main.length).toBeGreaterThan(30);
      figure('crashes', `main, ${UNFINISHED.title}: ${signal}, then post`, main.length);
    },
  );
});
