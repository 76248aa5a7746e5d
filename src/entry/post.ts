// The post step: reads the saved state alone, never inputs. Warns and goes on; a clean-up must not fail a job.
import { toActionError } from '../errors.ts';
import { systemClock } from '../platform/clock.ts';
import { nodeFiles } from '../platform/files.ts';
import { createLock } from '../platform/lock.ts';
import { readState, githubRunner as runner } from '../runner/github-runner.ts';
import { cleanUp } from '../usecase/cleanup.ts';
import { parseSavedState, STATE } from '../usecase/saved-state.ts';

try {
  const text = readState(STATE);
  const state = parseSavedState(text);
  const disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) };
  if (state !== undefined) await cleanUp(runner, disk, state);
  else if (text === '') runner.info('Nothing to clean up: the login wrote nothing.');
  else runner.warning('The saved state cannot be read; if a session was written, its files are still there.');
} catch (error) {
  const { code, message, remedy } = toActionError(error);
  runner.warning(`${code}: the clean-up is not complete. ${message} ${remedy}`);
}
