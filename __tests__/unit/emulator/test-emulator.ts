import { afterAll, beforeEach } from '@jest/globals';
import { type Emulator, startEmulator, type WorldSettings } from '../../../emulator/server/start.ts';

interface TestEmulator {
  emulator: Emulator;
  /** The emulator's clock, in milliseconds since the epoch. It stands still until a test sets it. */
  clock: { now: number };
  /** The settings with which it was started. */
  defaults: WorldSettings;
}

/** Starts an emulator for the tests of a file. Each test begins at the present time, with the default settings. */
export async function startTestEmulator(): Promise<TestEmulator> {
  const clock = { now: Date.now() };
  const emulator = await startEmulator({ clock: () => clock.now });
  const defaults = emulator.world.settings;
  beforeEach(() => {
    clock.now = Date.now();
    emulator.world.settings = { ...defaults };
  });
  afterAll(() => emulator.close());
  return { emulator, clock, defaults };
}
