import {
  describeKilled,
  logFileOf,
  readLog,
  stopFileOf,
  unfinishedProcess
} from "./shared-by-post+refresher+run-login.js";
import {
  AWS_CREDENTIALS,
  undoSection
} from "./shared-by-doctor+post+run-login.js";
import {
  parseObject,
  parseUndoRecord
} from "./shared-by-doctor+post+refresher+run-login.js";
import {
  Secret
} from "./shared-by-doctor+main+post+refresher.js";

// src/refresh/stop.ts
var PATIENCE_MS = 3e3, POLL_MS = 10;
async function stopRefresher(deps, refresher) {
  let { files, background, clock } = deps, { pid, loginId: mark, directory } = refresher, hasEnded = async () => {
    let giveUpAt = clock.now() + PATIENCE_MS;
    for (; background.isRunning(pid, mark); ) {
      if (clock.now() >= giveUpAt) return !1;
      await clock.sleep(POLL_MS);
    }
    return !0;
  };
  if (!background.isRunning(pid, mark)) return "was-not-running";
  let stopFile = stopFileOf(refresher);
  return files.kind(directory) === "directory" && files.kind(stopFile) === "absent" && files.create(stopFile, ""), await hasEnded() ? "stopped" : (background.kill(pid, mark), await hasEnded() ? "killed" : "still-running");
}
async function stopAndReport(deps, refresher) {
  let { files, runner } = deps, outcome = await stopRefresher(deps, refresher), log = readLog(files, refresher);
  files.remove(logFileOf(refresher)), showLog(runner, log);
  let warnings = [
    ...log.entries.filter(({ kind }) => kind === "warning").map(({ at, text }) => `${at}: ${text}`),
    ...unexpectedEnd(refresher, log, outcome)
  ];
  for (let text of warnings.slice(-MAX_WARNINGS)) runner.warning(text);
  let hidden = warnings.length - MAX_WARNINGS;
  hidden > 0 && runner.warning(`${hidden} earlier warnings of the refresher are in the log of this step.`);
}
var MAX_LINES = 200, MAX_WARNINGS = 5;
function showLog(runner, { entries, otherLines }) {
  let lines = [...entries.map(({ at, text }) => `${at} ${text}`), ...otherLines], hidden = lines.length - MAX_LINES, shown = hidden > 0 ? [`(${hidden} earlier lines are not shown)`, ...lines.slice(-MAX_LINES)] : lines;
  lines.length > 0 && runner.group(`Log of the refresher: ${lines.length} lines`, shown);
}
function unexpectedEnd({ pid }, log, outcome) {
  let name = `The refresher (process ${pid})`;
  if (outcome === "killed") return [`${name} did not end when the post step asked, and was killed.`];
  if (outcome === "still-running") return [`${name} could not be ended. The runner ends it with the job.`];
  if (outcome === "stopped") return [];
  let unfinished = unfinishedProcess(log);
  if (unfinished !== void 0) return [describeKilled(unfinished)];
  let last = log.entries.at(-1);
  return last === void 0 ? [`${name} ended before the post step, and its log is missing.`] : last.kind !== "stopped" ? [] : [
    `${name} ended before the post step, at ${last.at}. Nothing was renewed after that. Its last log entry: ${last.text}`
  ];
}

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

export {
  cliCache,
  stopRefresher,
  stopAndReport,
  planExports,
  NOTHING_WRITTEN,
  cleanUp,
  takeBack,
  STATE,
  parseSavedState,
  temporaryName
};
