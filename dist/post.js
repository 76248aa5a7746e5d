import {
  STATE,
  cleanUp,
  createLock,
  nodeFiles,
  parseUndoRecord,
  systemClock,
  toActionError
} from "./chunk-VJB5Z2WN.js";
import {
  githubRunner,
  readState
} from "./chunk-EBF6PA7K.js";
import "./chunk-HDGVC6Q3.js";

// src/entry/post.ts
try {
  let state = readState(STATE), record = parseUndoRecord(state);
  record !== void 0 ? await cleanUp(githubRunner, { files: nodeFiles, lock: createLock(systemClock) }, record) : state === "" ? githubRunner.info("Nothing to clean up: the login wrote nothing.") : githubRunner.warning("The saved state cannot be read; if a session was written, its files are still there.");
} catch (error) {
  let { code, message, remedy } = toActionError(error);
  githubRunner.warning(`${code}: the clean-up is not complete. ${message} ${remedy}`);
}
