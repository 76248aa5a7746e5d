// The post step. It reads the saved state and no inputs. A failure is a warning: a clean-up must not fail a job.
import { toActionError } from './errors/action-error.ts';
import { readState, githubRunner as runner } from './github/runner.ts';
import { cleanUp, NOTHING_TO_CLEAN_UP } from './login/cleanup.ts';
import { parseSavedState, STATE } from './login/saved-state.ts';
import { nodeFiles } from './node/files.ts';
import { createLock } from './node/lock.ts';
import { createBackground } from './node/processes.ts';
import { systemClock } from './node/system.ts';
import type { RefresherProcess } from './refresh/process.ts';
import { stopAndReport } from './refresh/stop.ts';

try {
  const text = readState(STATE);
  const state = parseSavedState(text);
  const disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) };
  if (state?.refresher) await endRefresher(state.refresher);
  if (state !== undefined) {
    const { removed, failed } = await cleanUp({ runner, disk }, state);
    for (const sentence of removed) runner.info(sentence);
    for (const sentence of failed) runner.warning(sentence);
  } else if (text === '') runner.info(NOTHING_TO_CLEAN_UP);
  else runner.warning('The saved state cannot be read. If a session was written, its files are still there.');
} catch (error) {
  const { code, message, remedy } = toActionError(error);
  runner.warning(`The clean-up is not complete. ${code}: ${message} ${remedy}`);
}

/** Comes first, so that nothing is renewed while it is removed. Its failure does not stop the clean-up. */
async function endRefresher(refresher: RefresherProcess): Promise<void> {
  try {
    const background = createBackground(process.env);
    await stopAndReport({ runner, files: nodeFiles, clock: systemClock, background }, refresher);
  } catch (error) {
    const { code, message, remedy } = toActionError(error);
    runner.warning(`The refresher could not be ended. ${code}: ${message} ${remedy}`);
  }
}
