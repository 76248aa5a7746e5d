import {
  ActionError,
  thisSystem,
  withFileErrors
} from "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/node/processes.ts
import { execFileSync, spawn } from "node:child_process";
var PASSED_ON = /^(RUNNER_TRACKING_ID|PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|SystemRoot|windir|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|NODE_OPTIONS|SSL_CERT_(FILE|DIR))$/i, START_MS = 3e4;
function createBackground(environment, { system = thisSystem, command = process.execPath } = {}) {
  return {
    async start({ script, mark, log, instructions }) {
      let descriptor = withFileErrors(log, () => system.fs.openSync(log, "ax", 384)), env = Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.test(name)));
      try {
        let child = spawn(command, [script, mark], {
          detached: !0,
          windowsHide: !0,
          cwd: rootOf(script),
          // a directory that is removed later must not be anybody's working directory
          env,
          stdio: ["pipe", descriptor, descriptor, "pipe"]
        });
        return await handOver(child, instructions);
      } finally {
        system.fs.closeSync(descriptor);
      }
    },
    isRunning: (pid, mark) => isRunning(system, pid, mark),
    kill(pid, mark) {
      if (!(system.platform === "win32" || !isRunning(system, pid, mark)))
        try {
          process.kill(-pid, "SIGKILL");
        } catch {
        }
    }
  };
}
function rootOf(script) {
  return /^([a-z]:)?[/\\]/i.exec(script)?.[0] ?? "/";
}
function handOver(child, instructions) {
  return new Promise((resolve, reject) => {
    let [input, , , answer] = child.stdio, settle = (why) => {
      clearTimeout(timer);
      for (let stream of [input, answer]) stream?.destroy();
      child.unref();
      let { pid } = child;
      if (why === void 0 && pid !== void 0) return resolve(pid);
      child.kill("SIGKILL"), reject(new ActionError("REFRESHER_NOT_STARTED", `The process in the background ${why}.`));
    }, timer = setTimeout(() => settle(`did not begin within ${START_MS / 1e3} s`), START_MS);
    child.once("error", ({ message }) => settle(`could not be started (${message})`)), child.once("exit", (code, signal) => settle(`ended at once (${signal ?? `exit code ${code}`})`)), answer?.once("data", () => settle()), answer?.on("error", () => {
    }), input?.on("error", () => {
    }), input != null && "end" in input && input.end(instructions.reveal());
  });
}
function isRunning({ platform, fs }, pid, mark) {
  try {
    return platform === "linux" ? fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(mark) : (process.kill(pid, 0), platform === "win32" ? !0 : execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).includes(mark));
  } catch {
    return !1;
  }
}
export {
  createBackground
};
