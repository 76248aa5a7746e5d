import {
  NOTHING_WRITTEN,
  STATE,
  cleanUp,
  createLock,
  parseSavedState
} from "./chunk-AP43TH3M.js";
import {
  nodeFiles,
  systemClock
} from "./chunk-YBUR5Y75.js";
import "./chunk-YESWL5UY.js";
import "./chunk-NXYW3FE6.js";
import {
  githubRunner,
  readState
} from "./chunk-WRNDHEM2.js";
import "./chunk-HDGVC6Q3.js";
import "./chunk-GP2MGIB5.js";
import {
  toActionError
} from "./chunk-G23HI47S.js";

// src/entry/post.ts
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
      import("./chunk-I7SJ5OD7.js"),
      import("./chunk-YIU2EL7W.js")
    ]), background = createBackground(process.env);
    await end({ runner: githubRunner, files: nodeFiles, clock: systemClock, background }, refresher);
  } catch (error) {
    let { code, message, remedy } = toActionError(error);
    githubRunner.warning(`${code}: what was renewed in the background cannot be told. ${message} ${remedy}`);
  }
}
