import {
  codeOf,
  retryWhileInUse,
  thisSystem,
  withFileErrors
} from "./shared-7.js";
import {
  ActionError,
  Contention,
  parseObject,
  quote
} from "./shared-5.js";

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
  return parseLog(files.kind(file) === "file" ? Buffer.from(files.read(file)).toString("utf8") : "");
}
function closeLog(files, file, entry) {
  let text = `${Buffer.from(files.read(file)).toString("utf8")}
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
  return `Something killed the refresher (process ${pid}). Its last log entry is from ${lastEntryAt}; nothing was renewed after that.`;
}

// src/refresh/process.ts
import path from "node:path";
var LOG = /^refresher-([0-9a-f]+)\.log$/;
function logFileOf({ directory, loginId }) {
  return path.join(directory, `refresher-${loginId}.log`);
}
function stopFileOf({ directory, loginId }) {
  return path.join(directory, `stop-${loginId}`);
}
function loginsWithLog(files, directory) {
  return files.list(directory).flatMap((name) => LOG.exec(name)?.[1] ?? []);
}

// src/node/lock.ts
import crypto from "node:crypto";
import path2 from "node:path";
var TIMEOUT_MS = 3e4, STALE_AFTER_MS = 6e4, MAX_DELAY_MS = 40;
function createLock(clock, system = thisSystem) {
  return {
    async hold(target, prepare, work) {
      let deadline = clock.now() + TIMEOUT_MS, reason = `${target} was locked by other processes`, lockFile = newLockFile(system, target);
      for (; clock.now() < deadline; ) {
        if (prepare(), acquire(system, target, lockFile, clock))
          try {
            return work();
          } catch (error) {
            if (!(error instanceof Contention)) throw error;
            reason = `${error.message} repeatedly`;
          } finally {
            release(system, lockFile);
          }
        await clock.sleep(1 + Math.random() * MAX_DELAY_MS);
      }
      throw new ActionError("CONFIG_LOCKED", `${reason}, for ${TIMEOUT_MS / 1e3} s.`);
    }
  };
}
function acquire(system, target, lockFile, clock) {
  return activeLockFiles(system, target, clock).length > 0 || !createLockFile(system, lockFile) ? !1 : activeLockFiles(system, target, clock).every((name) => name === path2.basename(lockFile)) ? !0 : (release(system, lockFile), !1);
}
function createLockFile(system, lockFile) {
  let { fs } = system;
  return withFileErrors(path2.dirname(lockFile), () => {
    try {
      return fs.closeSync(retryWhileInUse(system, () => fs.openSync(lockFile, "wx", 384))), !0;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return !1;
      throw error;
    }
  });
}
function release(system, lockFile) {
  withFileErrors(lockFile, () => retryWhileInUse(system, () => system.fs.rmSync(lockFile, { force: !0 })));
}
function lockFilePrefix(target) {
  return `.${path2.basename(target)}.lock-`;
}
function newLockFile(system, target) {
  let unique = `${process.pid}-${pidNamespace(system)}-${crypto.randomBytes(8).toString("hex")}`;
  return path2.join(path2.dirname(target), `${lockFilePrefix(target)}${unique}`);
}
function activeLockFiles(system, target, clock) {
  let directory = path2.dirname(target);
  return entriesOf(system, directory).filter((name) => name.startsWith(lockFilePrefix(target))).filter((name) => isActive(system, path2.join(directory, name), clock) ? !0 : (release(system, path2.join(directory, name)), !1));
}
function entriesOf(system, directory) {
  return withFileErrors(directory, () => {
    try {
      return retryWhileInUse(system, () => system.fs.readdirSync(directory));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  });
}
function isActive(system, lockFile, clock) {
  let stats = withFileErrors(
    lockFile,
    () => retryWhileInUse(system, () => system.fs.lstatSync(lockFile, { throwIfNoEntry: !1 }))
  );
  if (stats === void 0 || clock.now() - stats.mtimeMs > STALE_AFTER_MS) return !1;
  let [pid = "", namespace] = path2.basename(lockFile).split("lock-").at(-1)?.split("-") ?? [];
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

export {
  formatEntry,
  readLog,
  closeLog,
  unfinishedProcess,
  describeKilled,
  logFileOf,
  stopFileOf,
  loginsWithLog,
  createLock
};
