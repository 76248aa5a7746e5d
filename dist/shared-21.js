import {
  UV_FS_O_EXLOCK,
  codeOf,
  isHeld,
  retryWhileInUse,
  thisSystem,
  withFileErrors
} from "./shared-22.js";
import {
  parseObject,
  quote
} from "./shared-27.js";
import {
  ActionError,
  Contention
} from "./shared-13.js";

// src/node/lock.ts
import crypto from "node:crypto";
import path from "node:path";
var TIMEOUT_MS = 3e4, STALE_AFTER_MS = 1e4, MAX_DELAY_MS = 40, ROOT = 0;
function createLock(clock, system = thisSystem) {
  let deadline = -1 / 0;
  return {
    async hold(target, prepare, work) {
      clock.now() > deadline + TIMEOUT_MS && (deadline = clock.now() + TIMEOUT_MS);
      let ownDeadline = deadline, reason = `${target} was locked by other processes`, prefix = `.${path.basename(target)}.lock-`, unique = `${process.pid}-${pidNamespace(system)}-${crypto.randomBytes(8).toString("hex")}`, lockFile = path.join(path.dirname(target), `${prefix}${unique}`);
      do {
        if (prepare(), acquire(system, lockFile, prefix, clock))
          try {
            return deadline = -1 / 0, work();
          } catch (error) {
            if (!(error instanceof Contention)) throw error;
            deadline = ownDeadline, reason = `${error.message} repeatedly`;
          } finally {
            remove(system, lockFile);
          }
        await clock.sleep(1 + Math.random() * MAX_DELAY_MS);
      } while (clock.now() < ownDeadline);
      throw new ActionError("CONFIG_LOCKED", `${reason}, for ${TIMEOUT_MS / 1e3} s.`);
    }
  };
}
function acquire(system, lockFile, prefix, clock) {
  let directory = path.dirname(lockFile);
  if (activeLockFiles(system, directory, prefix, clock).length > 0) return !1;
  let descriptor = inDirectory(system, directory, () => system.fs.openSync(lockFile, "wx", 384));
  if (descriptor === void 0) return !1;
  let seconds = clock.now() / 1e3;
  system.fs.futimesSync(descriptor, seconds, seconds), system.fs.closeSync(descriptor);
  let [first, ...others] = activeLockFiles(system, directory, prefix, clock);
  return first === lockFile && others.length === 0 ? !0 : (remove(system, lockFile), !1);
}
function inDirectory(system, directory, action) {
  return withFileErrors(directory, () => {
    try {
      return retryWhileInUse(system, action);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return;
      throw error;
    }
  });
}
function remove(system, lockFile) {
  withFileErrors(lockFile, () => retryWhileInUse(system, () => system.fs.rmSync(lockFile, { force: !0 })));
}
function activeLockFiles(system, directory, prefix, clock) {
  return (inDirectory(system, directory, () => system.fs.readdirSync(directory)) ?? []).filter((name) => name.startsWith(prefix)).map((name) => path.join(directory, name)).filter((file) => {
    if (isActive(system, file, clock)) return !0;
    try {
      remove(system, file);
    } catch {
    }
    return !1;
  });
}
function isActive(system, lockFile, clock) {
  let stats = withFileErrors(
    lockFile,
    () => retryWhileInUse(system, () => system.fs.lstatSync(lockFile, { throwIfNoEntry: !1 }))
  );
  if (!stats?.isFile() || Math.abs(clock.now() - stats.mtimeMs) > STALE_AFTER_MS) return !1;
  let trusted = [system.uid, ROOT], ownerOfDirectory = () => system.fs.statSync(path.dirname(lockFile), { throwIfNoEntry: !1 })?.uid;
  if (system.uid !== void 0 && !trusted.includes(stats.uid) && stats.uid !== ownerOfDirectory())
    return !1;
  let [pid = "", namespace] = path.basename(lockFile).split("lock-").at(-1)?.split("-") ?? [];
  if (namespace !== pidNamespace(system)) return !0;
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
function pidNamespace({ platform, fs }) {
  if (platform !== "linux") return "0";
  try {
    return fs.readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  } catch {
    return "0";
  }
}

// src/node/processes.ts
import { execFileSync, spawn } from "node:child_process";
import nodeFs from "node:fs";
import path2 from "node:path";
var OF_JENKINS = /^(JENKINS_(NODE|SERVER)_COOKIE|HUDSON_SERVER_COOKIE|JOB_(BASE_)?NAME|BUILD_(NUMBER|ID|TAG))$/, PASSED_VARIABLES = /^(RUNNER_TRACKING_ID|VSTS_PROCESS_LOOKUP_ID|PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|SystemRoot|windir|(https?|no|all)_proxy|OCI_METADATA_BASE_URL|(OCI_)?KUBERNETES_SERVICE_\w+|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_(FILE|DIR))$/i, isPassed = (name) => PASSED_VARIABLES.test(name) || OF_JENKINS.test(name), NODE_FLAGS = [
  ...["--disable-sigusr1"].filter((flag) => process.allowedNodeEnvironmentFlags.has(flag)),
  "--optimize-for-size",
  "--single-threaded-gc"
], START_MS = 3e4;
function createBackground(environment, {
  system = thisSystem,
  executable = runningExecutable(system)
} = {}) {
  return {
    async start({ program, mark, log, instructions }) {
      let descriptor = withFileErrors(log, () => system.fs.openSync(log, "ax", 384)), held = holdFile(system, heldFileOf(log)), passed = Object.entries(environment).filter(([name]) => isPassed(name)), env = { ...Object.fromEntries(passed), NODE_V8_COVERAGE: void 0 };
      try {
        let child = spawn(executable, [...NODE_FLAGS, ...program, mark], {
          argv0: process.execPath,
          detached: !0,
          windowsHide: !0,
          cwd: path2.parse(program[0] ?? "").root,
          // steps may remove any other directory
          env,
          stdio: ["pipe", descriptor, descriptor, "pipe", ...held]
        });
        return await sendInstructions(child, instructions);
      } finally {
        for (let one of [descriptor, ...held]) system.fs.closeSync(one);
      }
    },
    logsItsStop: system.platform !== "win32",
    // a signal ends a process there at once
    isRunning: (pid, mark, log) => identify(system, pid, mark, log) !== "gone",
    signal(pid, mark, log, signal) {
      let identity = identify(system, pid, mark, log);
      try {
        identity === "ours" && process.kill(pid, signal);
      } catch {
      }
      return identity !== "gone";
    }
  };
}
function runningExecutable({ platform, fs }) {
  let link = "/proc/self/exe";
  return platform === "linux" && fs.existsSync(link) ? link : process.execPath;
}
function sendInstructions(child, instructions) {
  return new Promise((resolve, reject) => {
    let [input, , , ready] = child.stdio, settle = (failure) => {
      clearTimeout(timer);
      for (let stream of [input, ready]) stream?.destroy();
      if (child.unref(), failure === void 0 && child.pid !== void 0) return resolve(child.pid);
      child.kill("SIGKILL"), reject(new ActionError("REFRESHER_NOT_STARTED", `The refresher ${failure}.`));
    }, timer = setTimeout(() => settle(`did not start within ${START_MS / 1e3} s`), START_MS);
    child.once("error", ({ message }) => settle(`could not be started (${message})`)), child.once("exit", (code, signal) => settle(`ended immediately (${signal ?? `exit code ${code}`})`)), ready?.once("data", () => settle());
    for (let stream of [input, ready]) stream?.on("error", () => {
    });
    input && "end" in input && input.end(instructions.reveal());
  });
}
var heldFileOf = (log) => `${log}.held`;
function holdFile({ platform, fs }, file) {
  return platform !== "win32" ? [] : [fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT | UV_FS_O_EXLOCK, 384)];
}
function identify(system, pid, mark, log) {
  if (system.platform === "win32") return isHeld(system.fs, heldFileOf(log)) ? "ours" : "gone";
  try {
    process.kill(pid, 0);
  } catch {
    return "gone";
  }
  try {
    return argumentsOf(system, pid).includes(mark) ? "ours" : "gone";
  } catch {
    return "unknown";
  }
}
function argumentsOf({ platform, fs }, pid) {
  if (platform === "linux") return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8");
  let args = ["-ww", "-o", "command=", "-p", String(pid)];
  return execFileSync("/bin/ps", args, { encoding: "utf8", env: {}, stdio: ["ignore", "pipe", "ignore"] });
}
function readInstructions() {
  return nodeFs.readFileSync(0, "utf8");
}
function reportReady() {
  nodeFs.writeSync(3, "ready"), nodeFs.closeSync(3);
}
function exitWhenWritten() {
  process.stdout.write("", () => process.exit());
}
var unwritten = Buffer.alloc(0);
function writeLog(text) {
  unwritten = Buffer.concat([unwritten, Buffer.from(text)]);
  try {
    for (; unwritten.length > 0; ) unwritten = unwritten.subarray(nodeFs.writeSync(1, unwritten));
  } catch {
  }
}
var POLL_MS = 2e3;
function watchForStop({ directory, sessionDirectory }, stop) {
  let wasMissing = !1;
  setInterval(() => {
    if (!nodeFs.existsSync(directory)) return stop("its directory was removed");
    let isMissing = sessionDirectory !== void 0 && !nodeFs.existsSync(sessionDirectory);
    if (isMissing && wasMissing) return stop("the session directory was removed");
    wasMissing = isMissing;
  }, POLL_MS).unref();
  for (let signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"])
    process.once(signal, () => stop(`received ${signal}`));
  process.on("SIGUSR1", () => {
  });
}

// src/refresh/log.ts
var KINDS = ["started", "info", "warning", "completed", "stopped"];
function formatEntry(entry) {
  return `${JSON.stringify(entry)}
`;
}
function parseLog(text) {
  let parsed = text.split(`
`).filter((line) => line.trim() !== "").map((line) => ({ line, entry: parseEntry(line) }));
  return {
    entries: parsed.flatMap(({ entry }) => entry ?? []),
    otherLines: parsed.filter(({ entry }) => entry === void 0).map(({ line }) => quote(line, []))
  };
}
function readLog(files, file) {
  return parseLog(Buffer.from(files.read(file) ?? "").toString("utf8"));
}
function closeLog(files, file, entry) {
  let text = `${Buffer.from(files.read(file) ?? "").toString("utf8")}
${formatEntry(entry)}`;
  files.replace(file, Buffer.from(text), `${file}~`);
}
function parseEntry(line) {
  let { at, text, kind: name, pid, files } = parseObject(line) ?? {}, kind = KINDS.find((one) => one === name);
  if (kind === void 0 || typeof at != "string" || typeof text != "string") return;
  let entry = { at: quote(at, []), kind, text: quote(text, []) };
  if (pid === void 0) return entry;
  if (typeof pid != "number" || !Number.isSafeInteger(pid) || pid <= 1) return;
  let paths = Array.isArray(files) ? files.filter((file) => typeof file == "string") : [];
  return { ...entry, pid, files: paths };
}
function unfinishedProcess({ entries }) {
  let { pid, files = [] } = entries.findLast(({ kind }) => kind === "started") ?? {}, last = entries.at(-1);
  if (!(pid === void 0 || last === void 0 || ["completed", "stopped"].includes(last.kind)))
    return { pid, files, lastEntryAt: last.at };
}
function describeKilled({ pid, lastEntryAt }) {
  return `The refresher (process ${pid}) ended unexpectedly: something killed it, it crashed, or the disk was full. Its last log entry is from ${lastEntryAt}.`;
}

export {
  formatEntry,
  readLog,
  closeLog,
  unfinishedProcess,
  describeKilled,
  createLock,
  createBackground,
  readInstructions,
  reportReady,
  exitWhenWritten,
  writeLog,
  watchForStop
};
