import {
  isTarget,
  mergeDirectories
} from "./shared-24.js";
import {
  isSameSection
} from "./shared-25.js";
import {
  parseObject
} from "./shared-27.js";

// src/login/saved-state.ts
import path from "node:path";
var STATE = "session";
function newSavedState(loginId, cachedRole) {
  return { loginId, ...{ installed: [], exported: {}, temporary: null, refresher: null }, cachedRole, cleanup: !0 };
}
function updateState(runner, state, changes) {
  Object.assign(state, changes), runner.saveState(STATE, JSON.stringify(state));
}
function saveInstalled(runner, state, installed) {
  let known = state.installed.find((one) => isSameSection(one, installed)), createdDirectories = mergeDirectories(known?.createdDirectories ?? [], installed.createdDirectories), merged = { ...installed, createdDirectories };
  if (JSON.stringify(merged) === JSON.stringify(known)) return;
  let others = state.installed.filter((one) => one !== known);
  updateState(runner, state, { installed: [...others, merged] });
}
function temporaryName(loginId) {
  return `oci-wif-action-${loginId}`;
}
function parseSavedState(text) {
  let state = parseObject(text), { loginId, installed, temporary, cachedRole } = state ?? {};
  return typeof loginId == "string" && Array.isArray(installed) && installed.every(isInstalled) && (temporary === null || isPath(temporary) && path.basename(temporary) === temporaryName(loginId)) && (cachedRole === null || isPath(Object(cachedRole).cache)) ? state : void 0;
}
function isInstalled(value) {
  let {
    keyDigest,
    settingsDigest,
    createdDirectories: created
  } = Object(value), hasDigests = keyDigest !== void 0 && settingsDigest !== void 0;
  return isTarget(value) && hasDigests && Array.isArray(created) && created.every(isPath);
}
function isPath(value) {
  return typeof value == "string" && path.isAbsolute(value);
}

export {
  STATE,
  newSavedState,
  updateState,
  saveInstalled,
  temporaryName,
  parseSavedState
};
