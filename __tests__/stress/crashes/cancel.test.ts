// Main gets the signals of a cancelled step at every call. Then the post step runs.
import { describe, expect, it } from '@jest/globals';
import { startJourney } from '../../e2e/journey.ts';
import { figure } from '../figures.ts';
import { NO_LAST_LINE_END } from './homes.ts';
import { assertKilled, countCalls, openScene } from './scene.ts';

describe('a main that is cancelled', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s at any call ends by that signal, and post restores everything',
    async (signal) => {
      const { main } = await countCalls(NO_LAST_LINE_END);
      const journey = await startJourney();
      for (const { n: at } of main) {
        const scene = openScene(journey, NO_LAST_LINE_END);
        const cancelled = await scene.main({ at, signal });
        assertKilled(cancelled, { at, signal });
        await scene.expectRestored(cancelled);
        scene.end();
      }
      expect(main.length).toBeGreaterThan(30);
      figure('crashes', `main, ${NO_LAST_LINE_END.title}: ${signal}, then post`, main.length);
    },
  );
});
