// The post step: reads the saved state alone, never inputs. Warns and goes on; a clean-up must not fail a job.
import { toActionError } from './errors/action-error.ts';
import { readState, githubRunner as runner } from './github/runner.ts';
import { cleanUp, NOTHING_WRITTEN } from './login/cleanup.ts';
import { parseSavedState, STATE } from './login/saved-state.ts';
import { systemClock } from './node/clock.ts';
import { nodeFiles } from './node/files.ts';
import { createLock } from './node/lock.ts';
import type { RefresherProcess } from './refresh/types.ts';

try {
  const text = readState(STATE);
  const state = parseSavedState(text);
  const disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) };
  if (state?.refresher) await endRefresher(state.refresher);
  if (state !== undefined) await cleanUp(runner, disk, state);
  else if (text === '') runner.info(NOTHING_WRITTEN);
  else runner.warning('The saved state cannot be read; if a session was written, its files are still there.');
} catch (error) {
  const { code, message, remedy } = toActionError(error);
  runner.warning(`${code}: the clean-up is not complete. ${message} ${remedy}`);
}

/** First of all, so that nothing is renewed while it is removed; and whatever happens here, it is removed. */
async function endRefresher(refresher: RefresherProcess): Promise<void> {
  try {
    const [{ endRefresher: end }, { createBackground }] = await Promise.all([
      import('./refresh/stop.ts'),
      import('./node/processes.ts'),
    ]);
    const background = createBackground(process.env);
    await end({ runner, files: nodeFiles, clock: systemClock, background }, refresher);
  } catch (error) {
    const { code, message, remedy } = toActionError(error);
    runner.warning(`${code}: what was renewed in the background cannot be told. ${message} ${remedy}`);
  }
}
