import {
  NOTHING_TO_CLEAN_UP,
  STATE,
  cleanUp,
  parseSavedState,
  stopAndReport
} from "./shared-3.js";
import {
  getState,
  githubRunner
} from "./shared-1.js";
import {
  createLock
} from "./shared-8.js";
import {
  createBackground,
  nodeFiles,
  systemClock
} from "./shared-7.js";
import "./shared-9.js";
import {
  toActionError
} from "./shared-5.js";
import "./shared-11.js";

// src/post.ts
try {
  let text = getState(STATE), state = parseSavedState(text), disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) };
  if (state?.refresher && await endRefresher(state.refresher), state !== void 0) {
    let { removed, failed } = await cleanUp({ runner: githubRunner, disk }, state);
    for (let sentence of removed) githubRunner.info(sentence);
    for (let sentence of failed) githubRunner.warning(sentence);
  } else text === "" ? githubRunner.info(NOTHING_TO_CLEAN_UP) : githubRunner.warning("The saved state cannot be read. If a session was written, its files are still there.");
} catch (error) {
  let { code, message, remedy } = toActionError(error);
  githubRunner.warning(`The clean-up is not complete. ${code}: ${message} ${remedy}`);
}
async function endRefresher(refresher) {
  try {
    let background = createBackground(process.env);
    await stopAndReport({ runner: githubRunner, files: nodeFiles, clock: systemClock, background }, refresher);
  } catch (error) {
    let { code, message, remedy } = toActionError(error);
    githubRunner.warning(`The refresher could not be ended. ${code}: ${message} ${remedy}`);
  }
}
