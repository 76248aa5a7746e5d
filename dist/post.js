import {
  NOTHING_TO_CLEAN_UP,
  cleanUp,
  stopAndReport
} from "./shared-4.js";
import {
  getState,
  githubRunner
} from "./shared-1.js";
import {
  createBackground,
  createLock
} from "./shared-21.js";
import {
  nodeFiles
} from "./shared-20.js";
import {
  systemClock
} from "./shared-22.js";
import {
  STATE,
  parseSavedState
} from "./shared-6.js";
import "./shared-15.js";
import "./shared-25.js";
import "./shared-23.js";
import "./shared-17.js";
import "./shared-27.js";
import {
  describeFailure,
  toActionError
} from "./shared-13.js";
import "./shared-28.js";

// src/post.ts
function warn(what, error) {
  githubRunner.warning(`${what} ${describeFailure(toActionError(error))}`);
}
try {
  let text = getState(STATE), state = parseSavedState(text);
  if (state?.refresher) {
    let deps = { runner: githubRunner, files: nodeFiles, clock: systemClock, background: createBackground(process.env) };
    await stopAndReport(deps, state.refresher).catch(
      (error) => warn("The log of the refresher could not be read.", error)
    );
  }
  if (state !== void 0) {
    let disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) }, { removed, failed } = await cleanUp({ runner: githubRunner, disk }, state);
    for (let sentence of removed) githubRunner.info(sentence);
    for (let sentence of failed) githubRunner.warning(sentence);
  } else text === "" ? githubRunner.info(NOTHING_TO_CLEAN_UP) : githubRunner.warning(
    "The saved state cannot be read. If the login wrote a session, delete its profile, and `sessions/<profile>` beside the config file."
  );
} catch (error) {
  warn("The clean-up is not complete.", error);
}
