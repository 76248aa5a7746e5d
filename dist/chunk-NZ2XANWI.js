import {
  ActionError
} from "./chunk-BDTGGKSB.js";

// src/node/system.ts
import fs from "node:fs";
var thisSystem = { platform: process.platform, fs, uid: process.getuid?.() }, FIRST_PAUSE_MS = 10, PAUSES = 7, IN_USE = ["EPERM", "EACCES", "EBUSY", "ENOTEMPTY"];
function patiently({ platform }, action) {
  for (let pause = 0; ; pause += 1)
    try {
      return action();
    } catch (error) {
      if (platform !== "win32" || pause === PAUSES || !IN_USE.includes(codeOf(error) ?? "")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FIRST_PAUSE_MS * 2 ** pause);
    }
}
function codeOf(error) {
  return error.code;
}
function guarded(path, action) {
  try {
    return action();
  } catch (error) {
    let { code, syscall } = error;
    if (error instanceof ActionError || code === void 0) throw error;
    let unsafe = code === "ELOOP" || code === "EEXIST" ? "PATH_UNSAFE" : "FILES_NOT_WRITABLE";
    throw new ActionError(unsafe, `${path}: ${syscall ?? "access"} failed (${code}).`);
  }
}

export {
  thisSystem,
  patiently,
  codeOf,
  guarded
};
