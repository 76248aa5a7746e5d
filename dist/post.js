import {
  STATE,
  createLock,
  nodeFiles,
  parseUndoRecord,
  systemClock,
  toActionError,
  undoSession
} from "./chunk-CIVJW4RF.js";
import {
  githubRunner,
  readState
} from "./chunk-EBF6PA7K.js";
import "./chunk-HDGVC6Q3.js";

// src/usecase/cleanup.ts
async function cleanUp(runner, disk, record) {
  let { profile, configFile, cleanup } = record;
  if (!cleanup) {
    runner.info(`[${profile}] stays in ${configFile}, because \`cleanup\` is false.`);
    return;
  }
  restoreEnvironment(runner, record), await undoSession(disk, record), runner.info(`[${profile}] and its key are gone; ${configFile} is as it was.`);
}
function restoreEnvironment(runner, { exported }) {
  for (let [name, { value, before }] of Object.entries(exported))
    runner.env(name) === value && runner.exportVariable(name, before ?? "");
}

// src/entry/post.ts
try {
  let state = readState(STATE), record = parseUndoRecord(state);
  record !== void 0 ? await cleanUp(githubRunner, { files: nodeFiles, lock: createLock(systemClock) }, record) : state === "" ? githubRunner.info("Nothing to clean up: the login wrote nothing.") : githubRunner.warning("The saved state cannot be read; if a session was written, its files are still there.");
} catch (error) {
  let { code, message, remedy } = toActionError(error);
  githubRunner.warning(`${code}: the clean-up is not complete. ${message} ${remedy}`);
}
