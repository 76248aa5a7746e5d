import {
  NOTHING_WRITTEN,
  STATE,
  cleanUp,
  createLock,
  parseSavedState
} from "./chunk-DVYPPVZE.js";
import {
  nodeFiles,
  systemClock
} from "./chunk-6CIGSPHO.js";
import {
  githubRunner,
  readState
} from "./chunk-GWZ3P43X.js";
import "./chunk-XX766YUF.js";
import "./chunk-CZ73XQM7.js";
import "./chunk-HDGVC6Q3.js";
import "./chunk-NZ2XANWI.js";
import {
  toActionError
} from "./chunk-BDTGGKSB.js";

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
      import("./chunk-6Y3F5TW2.js"),
      import("./chunk-ON6IQZMN.js")
    ]), background = createBackground(process.env);
    await end({ runner: githubRunner, files: nodeFiles, clock: systemClock, background }, refresher);
  } catch (error) {
    let { code, message, remedy } = toActionError(error);
    githubRunner.warning(`${code}: what was renewed in the background cannot be told. ${message} ${remedy}`);
  }
}
