import {
  NOTHING_WRITTEN,
  STATE,
  cleanUp,
  parseSavedState,
  stopAndReport
} from "./shared-by-post+run-login.js";
import {
  createLock
} from "./shared-by-post+refresher+run-login.js";
import {
  createBackground,
  githubRunner,
  readState
} from "./shared-by-doctor+post+run-login.js";
import {
  nodeFiles,
  systemClock,
  toActionError
} from "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/post.ts
try {
  let text = readState(STATE), state = parseSavedState(text), disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) };
  state?.refresher && await stopRefresher(state.refresher), state !== void 0 ? await cleanUp(githubRunner, disk, state) : text === "" ? githubRunner.info(NOTHING_WRITTEN) : githubRunner.warning("The saved state cannot be read; if a session was written, its files are still there.");
} catch (error) {
  let { code, message, remedy } = toActionError(error);
  githubRunner.warning(`${code}: the clean-up is not complete. ${message} ${remedy}`);
}
async function stopRefresher(refresher) {
  try {
    let background = createBackground(process.env);
    await stopAndReport({ runner: githubRunner, files: nodeFiles, clock: systemClock, background }, refresher);
  } catch (error) {
    let { code, message, remedy } = toActionError(error);
    githubRunner.warning(
      `${code}: the refresher could not be stopped, or its log could not be read. ${message} ${remedy}`
    );
  }
}
