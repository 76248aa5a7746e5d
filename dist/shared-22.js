import {
  ActionError,
  Contention
} from "./shared-13.js";

// src/node/system.ts
import fs from "node:fs";
var systemClock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
};
function createForwardClock({ now, sleep }, elapsed = () => performance.now()) {
  let offset = Number.NEGATIVE_INFINITY;
  return {
    now() {
      return offset = Math.max(offset, now() - elapsed()), Math.round(elapsed() + offset);
    },
    sleep
  };
}
var thisSystem = {
  platform: process.platform,
  fs,
  uid: process.getuid?.(),
  temporary: process.env.RUNNER_TEMP || void 0,
  workspace: process.env.GITHUB_WORKSPACE || void 0
}, FIRST_DELAY_MS = 10, RETRIES = 7, IN_USE = ["EPERM", "EACCES", "EBUSY", "ENOTEMPTY"];
function retryWhileInUse({ platform, fs: fs2 }, action) {
  for (let retry = 0; ; retry += 1)
    try {
      return action();
    } catch (error) {
      if (platform !== "win32" || !IN_USE.includes(codeOf(error) ?? "")) throw error;
      let held = retry === RETRIES && heldPath(fs2, error);
      if (held) throw new Contention(`${held} was open in another program`);
      if (retry === RETRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FIRST_DELAY_MS * 2 ** retry);
    }
}
var UV_FS_O_EXLOCK = 268435456;
function heldPath(fs2, { path, dest = path }) {
  return dest !== void 0 && isHeld(fs2, dest) ? dest : void 0;
}
function isHeld(fs2, file) {
  try {
    return fs2.closeSync(fs2.openSync(file, fs2.constants.O_RDWR | UV_FS_O_EXLOCK)), !1;
  } catch (error) {
    return codeOf(error) === "EBUSY";
  }
}
function codeOf(error) {
  return error.code;
}
var CANNOT_MOVE = ["EXDEV", "EBUSY"];
function withFileErrors(path, action) {
  try {
    return action();
  } catch (error) {
    let { code, syscall } = error;
    if (error instanceof ActionError || code === void 0) throw error;
    let isUnsafe = code === "ELOOP" || code === "EEXIST", cause = CANNOT_MOVE.includes(code) ? " It is a mount point, or a directory of a container image." : "";
    throw new ActionError(
      isUnsafe ? "PATH_UNSAFE" : "FILES_NOT_WRITABLE",
      `${path} cannot be ${syscall === "mkdir" ? "created" : "used"} (${code}).${cause}`,
      code === "ENOSPC" ? { remedy: "Free disk space." } : {}
    );
  }
}

export {
  systemClock,
  createForwardClock,
  thisSystem,
  retryWhileInUse,
  UV_FS_O_EXLOCK,
  isHeld,
  codeOf,
  withFileErrors
};
