// The post step. It reads the saved state and no inputs. A failure is a warning: a clean-up must not fail a job.
import { toActionError } from './errors/action-error.ts';
import { describeFailure } from './errors/failure.ts';
import { readState, githubRunner as runner } from './github/runner.ts';
import { cleanUp, NOTHING_TO_CLEAN_UP } from './login/cleanup.ts';
import { parseSavedState, STATE } from './login/saved-state.ts';
import { nodeFiles as files } from './node/files.ts';
import { createLock } from './node/lock.ts';
import { createBackground } from './node/processes.ts';
import { systemClock as clock } from './node/system.ts';
import { stopAndReport } from './refresh/stop.ts';

function warn(what: string, error: unknown): void {
  runner.warning(`${what} ${describeFailure(toActionError(error))}`);
}

try {
  const text = readState(STATE);
  const state = parseSavedState(text);
  if (state?.refresher) {
    const deps = { runner, files, clock, background: createBackground(process.env) };
    // The refresher stops first: it could otherwise write a file again that the clean-up has removed.
    await stopAndReport(deps, state.refresher).catch((error: unknown) =>
      warn('The log of the refresher could not be read.', error),
    );
  }
  if (state !== undefined) {
    const disk = { files, clock, lock: createLock(clock) };
    const { removed, failed } = await cleanUp({ runner, disk }, state);
    for (const sentence of removed) runner.info(sentence);
    for (const sentence of failed) runner.warning(sentence);
  } else if (text === '') runner.info(NOTHING_TO_CLEAN_UP);
  else
    runner.warning(
      'The saved state cannot be read. If the login wrote a session, delete its profile, and `sessions/<profile>` beside the config file.',
    );
} catch (error) {
  warn('The clean-up is not complete.', error);
}
