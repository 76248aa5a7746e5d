// The post step: reads the saved state alone, never inputs. Warns and goes on; a clean-up must not fail a job.
import { toActionError } from './errors/action-error.ts';
import { readState, githubRunner as runner } from './github/runner.ts';
import { cleanUp, NOTHING_WRITTEN } from './login/cleanup.ts';
import { parseSavedState, STATE } from './login/saved-state.ts';
import { systemClock } from './node/clock.ts';
import { nodeFiles } from './node/files.ts';
import { createLock } from './node/lock.ts';
import { createBackground } from './node/processes.ts';
import type { RefresherProcess } from './refresh/process.ts';
import { stopAndReport } from './refresh/stop.ts';

try {
  const text = readState(STATE);
  const state = parseSavedState(text);
  const disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) };
  if (state?.refresher) await stopRefresher(state.refresher);
  if (state !== undefined) await cleanUp(runner, disk, state);
  else if (text === '') runner.info(NOTHING_WRITTEN);
  else runner.warning('The saved state cannot be read; if a session was written, its files are still there.');
} catch (error) {
  const { code, message, remedy } = toActionError(error);
  runner.warning(`${code}: the clean-up is not complete. ${message} ${remedy}`);
}

/** Comes first: nothing must be renewed while it is removed. A failure here does not stop the clean-up. */
async function stopRefresher(refresher: RefresherProcess): Promise<void> {
  try {
    const background = createBackground(process.env);
    await stopAndReport({ runner, files: nodeFiles, clock: systemClock, background }, refresher);
  } catch (error) {
    const { code, message, remedy } = toActionError(error);
    runner.warning(
      `${code}: the refresher could not be stopped, or its log could not be read. ${message} ${remedy}`,
    );
  }
}
