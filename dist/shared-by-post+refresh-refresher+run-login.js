import {
  AWS_CREDENTIALS,
  ActionError,
  Contention,
  codeOf,
  parseUndoRecord,
  retryWhileInUse,
  thisSystem,
  undoSection,
  withFileErrors
} from "./shared-by-doctor+post+run-login.js";
import {
  parseObject
} from "./shared-by-doctor+post+refresher+run-login.js";
import {
  Secret
} from "./shared-by-doctor+main+post+refresher.js";

// src/aws/cli-cache.ts
import path from "node:path";
function cliCache(home) {
  return path.join(home, ".aws/cli/cache");
}
function removeCachedRole(files, cache, assumedRoleArn) {
  for (let name of files.list(cache).filter((entry) => entry.endsWith(".json"))) {
    let file = path.join(cache, name), text = files.kind(file) === "file" ? Buffer.from(files.read(file)).toString("utf8") : "", user = parseObject(text)?.AssumedRoleUser;
    (typeof user == "object" && user !== null && "Arn" in user ? user.Arn : void 0) === assumedRoleArn && files.remove(file);
  }
}

// src/login/environment.ts
import { createHash } from "node:crypto";
import path2 from "node:path";
var NEVER_EMPTY = ["AWS_REGION", "AWS_DEFAULT_REGION"];
function planExports({ env }, { loginId }, variables) {
  let entries = Object.entries(variables).map(([name, value]) => {
    let digest = digestOf(loginId, value instanceof Secret ? value.reveal() : value), before = env(name);
    return [
      name,
      {
        digest,
        // Whatever a secret was before, ours or another's, is not to be remembered.
        before: before === void 0 || isSecret(name, before) ? null : before,
        neverEmpty: NEVER_EMPTY.includes(name)
      }
    ];
  });
  return Object.fromEntries(entries);
}
var SECRETS = [...AWS_CREDENTIALS, "OCI_TOKEN_EXCHANGE_CLIENT_SECRET"], PERHAPS_SECRETS = ["OCI_RESOURCE_PRINCIPAL_RPST", "OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM"];
function isSecret(name, value) {
  return SECRETS.includes(name) || PERHAPS_SECRETS.includes(name) && !path2.isAbsolute(value);
}
function digestOf(loginId, value) {
  return createHash("sha256").update(`${loginId}:${value}`).digest("hex").slice(0, 32);
}
function restoreEnvironment({ env, exportVariable }, { loginId, exported }) {
  for (let [name, { digest, before, neverEmpty }] of Object.entries(exported)) {
    let value = env(name);
    value !== void 0 && digestOf(loginId, value) === digest && !(neverEmpty && !before) && exportVariable(name, before ?? "");
  }
}

// src/login/cleanup.ts
var NOTHING_WRITTEN = "Nothing to clean up: the login wrote nothing.";
async function cleanUp(runner, disk, state) {
  let sections = state.places.filter(({ hasBegun }) => hasBegun).map(({ place }) => `[${place.section}] in ${place.file}`), places = sections.length > 0 ? sections.join(", ") : "the environment of later steps";
  if (!state.cleanup) {
    runner.info(`Left in place, because \`cleanup\` is false: ${places}.`);
    return;
  }
  await takeBack(runner, disk, state);
  let hasWritten = sections.length > 0 || state.temporary !== null || Object.keys(state.exported).length > 0;
  runner.info(hasWritten ? `Removed, and what was there before put back: ${places}.` : NOTHING_WRITTEN);
}
async function takeBack(runner, disk, state) {
  try {
    state.temporary !== null && disk.files.removeTree(state.temporary), state.cachedRole && removeCachedRole(disk.files, state.cachedRole.cache, state.cachedRole.assumedRoleArn);
    for (let record of state.places.toReversed()) await undoSection(disk, record);
  } finally {
    restoreEnvironment(runner, state);
  }
}

// src/login/saved-state.ts
import path3 from "node:path";
var STATE = "session";
function parseSavedState(text) {
  let state = parseObject(text), { version, loginId, places, exported, temporary, refresher, cachedRole } = state ?? {};
  return version === 1 && typeof loginId == "string" && Array.isArray(places) && places.every((place) => parseUndoRecord(JSON.stringify(place)) !== void 0) && typeof exported == "object" && Object.values(exported ?? { none: null }).every(isExported) && (temporary === null || isTemporary(temporary, loginId)) && (refresher === null || isRefresher(refresher, loginId)) && (cachedRole === null || isCachedRole(cachedRole)) ? state : void 0;
}
function isExported(value) {
  let { digest, before } = Object(value);
  return typeof digest == "string" && (before === null || typeof before == "string");
}
function isRefresher(value, ours) {
  let { pid, loginId, directory } = Object(value);
  return loginId === ours && Number.isSafeInteger(pid) && Number(pid) > 1 && isAt(directory, (name) => /^oci-wif-action-[0-9a-f]+$/.test(name));
}
function isCachedRole(value) {
  let { cache, assumedRoleArn } = Object(value);
  return typeof cache == "string" && typeof assumedRoleArn == "string";
}
function temporaryName(loginId) {
  return `oci-wif-action-${loginId}`;
}
function isTemporary(value, loginId) {
  return isAt(value, (name) => name === temporaryName(loginId));
}
function isAt(value, isOurs) {
  return typeof value == "string" && path3.isAbsolute(value) && isOurs(path3.basename(value));
}

// src/node/lock.ts
import crypto from "node:crypto";
import path4 from "node:path";
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
  return activeLockFiles(system, target, clock).length > 0 || !createLockFile(system, lockFile) ? !1 : activeLockFiles(system, target, clock).every((name) => name === path4.basename(lockFile)) ? !0 : (release(system, lockFile), !1);
}
function createLockFile(system, lockFile) {
  let { fs } = system;
  return withFileErrors(path4.dirname(lockFile), () => {
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
  return `.${path4.basename(target)}.lock-`;
}
function newLockFile(system, target) {
  let unique = `${process.pid}-${pidNamespace(system)}-${crypto.randomBytes(8).toString("hex")}`;
  return path4.join(path4.dirname(target), `${lockFilePrefix(target)}${unique}`);
}
function activeLockFiles(system, target, clock) {
  let directory = path4.dirname(target);
  return entriesOf(system, directory).filter((name) => name.startsWith(lockFilePrefix(target))).filter((name) => isActive(system, path4.join(directory, name), clock) ? !0 : (release(system, path4.join(directory, name)), !1));
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
  let [pid = "", namespace] = path4.basename(lockFile).split("lock-").at(-1)?.split("-") ?? [];
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
  cliCache,
  planExports,
  NOTHING_WRITTEN,
  cleanUp,
  takeBack,
  STATE,
  parseSavedState,
  temporaryName,
  createLock
};
