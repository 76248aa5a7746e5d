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
      let deadline = clock.now() + TIMEOUT_MS, reason = `${target} was locked by other processes`, prefix = `.${path2.basename(target)}.lock-`, unique = `${process.pid}-${pidNamespace(system)}-${crypto.randomBytes(8).toString("hex")}`, lockFile = path2.join(path2.dirname(target), `${prefix}${unique}`);
      for (; clock.now() < deadline; ) {
        if (prepare(), acquire(system, lockFile, prefix, clock))
          try {
            return work();
          } catch (error) {
            if (!(error instanceof Contention)) throw error;
            reason = `${error.message} repeatedly`;
          } finally {
            remove(system, lockFile);
          }
        await clock.sleep(1 + Math.random() * MAX_DELAY_MS);
      }
      throw new ActionError("CONFIG_LOCKED", `${reason}, for ${TIMEOUT_MS / 1e3} s.`);
    }
  };
}
function acquire(system, lockFile, prefix, clock) {
  let directory = path2.dirname(lockFile);
  if (activeLockFiles(system, directory, prefix, clock).length > 0) return !1;
  let descriptor = inDirectory(system, directory, () => system.fs.openSync(lockFile, "wx", 384));
  return descriptor === void 0 ? !1 : (system.fs.closeSync(descriptor), activeLockFiles(system, directory, prefix, clock).every((file) => file === lockFile) ? !0 : (remove(system, lockFile), !1));
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
  return (inDirectory(system, directory, () => system.fs.readdirSync(directory)) ?? []).filter((name) => name.startsWith(prefix)).map((name) => path2.join(directory, name)).filter((file) => isActive(system, file, clock) ? !0 : (remove(system, file), !1));
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
