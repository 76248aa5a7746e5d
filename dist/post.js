import {
  STATE,
  cleanUp,
  createLock,
  parseSavedState
} from "./chunk-2X53KGC3.js";
import {
  nodeFiles,
  systemClock
} from "./chunk-FQOQBPET.js";
import {
  githubRunner,
  readState
} from "./chunk-DCU4XRUE.js";
import "./chunk-HDGVC6Q3.js";
import {
  toActionError
} from "./chunk-TU2GOZDH.js";

// src/entry/post.ts
try {
  let text = readState(STATE), state = parseSavedState(text), disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) };
  state !== void 0 ? await cleanUp(githubRunner, disk, state) : text === "" ? githubRunner.info("Nothing to clean up: the login wrote nothing.") : githubRunner.warning("The saved state cannot be read; if a session was written, its files are still there.");
} catch (error) {
  let { code, message, remedy } = toActionError(error);
  githubRunner.warning(`${code}: the clean-up is not complete. ${message} ${remedy}`);
}
