import {
  NOTHING_WRITTEN,
  STATE,
  cleanUp,
  createLock,
  parseSavedState
} from "./shared-by-post+refresh-refresher+run-login.js";
import {
  githubRunner,
  nodeFiles,
  readState,
  toActionError
} from "./shared-by-doctor+post+run-login.js";
import {
  systemClock
} from "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/post.ts
try {
  let text = readState(STATE), state = parseSavedState(text), disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) };
  state?.refresher && await endRefresher(state.refresher), state !== void 0 ? await cleanUp(githubRunner, disk, state) : text === "" ? githubRunner.info(NOTHING_WRITTEN) : githubRunner.warning("The saved state cannot be read; if a session was written, its files are still there.");
} catch (error) {
  let { code, message, remedy } = toActionError(error);
  githubRunner.warning(`${code}: the clean-up is not complete. ${message} ${remedy}`);
}
async function endRefresher(refresher) {
  try {
    let [{ endRefresher: end }, { createBackground }] = await Promise.all([
      import("./refresh-stop.js"),
      import("./node-processes.js")
    ]), background = createBackground(process.env);
    await end({ runner: githubRunner, files: nodeFiles, clock: systemClock, background }, refresher);
  } catch (error) {
    let { code, message, remedy } = toActionError(error);
    githubRunner.warning(`${code}: what was renewed in the background cannot be told. ${message} ${remedy}`);
  }
}
