import {
  describeKilled,
  readLog,
  unfinishedProcess
} from "./shared-21.js";
import {
  AWS_CREDENTIALS,
  isStillThere,
  removeSection,
  updateState
} from "./shared-6.js";
import {
  blankCredentials,
  deleteSession,
  tryEach
} from "./shared-15.js";
import {
  INI,
  nameOf
} from "./shared-25.js";
import {
  parseObject
} from "./shared-27.js";
import {
  ActionError,
  toFailure
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

// src/refresh/process.ts
import path from "node:path";
var LOG = /^refresher-([0-9a-f]+)\.log$/;
function logFileOf({ directory, loginId }) {
  return path.join(directory, `refresher-${loginId}.log`);
}
function loginsWithLog(files, directory) {
  return files.list(directory).flatMap((name) => LOG.exec(name)?.[1] ?? []);
}

// src/refresh/stop.ts
var STOP_TIMEOUT_MS = 3e3, POLL_MS = 10;
async function stopRefresher({ background, clock }, refresher) {
  let { pid, loginId } = refresher, log = logFileOf(refresher);
  for (let signal of ["SIGTERM", "SIGKILL"]) {
    if (!background.signal(pid, loginId, log, signal))
      return signal === "SIGTERM" ? "was-not-running" : "stopped";
    for (let waited = 0; waited < STOP_TIMEOUT_MS; waited += POLL_MS) {
      if (!background.isRunning(pid, loginId, log)) return signal === "SIGTERM" ? "stopped" : "killed";
      await clock.sleep(POLL_MS);
    }
  }
  return "still-running";
}
var MAX_LINES = 200, MAX_WARNINGS = 5;
async function stopAndReport(deps, refresher) {
  let { files, runner, background } = deps, outcome = await stopRefresher(deps, refresher), log = readLog(files, logFileOf(refresher)), lines = [...log.entries.map(({ at, text }) => `${at} ${text}`), ...log.otherLines], shown = latest(lines, MAX_LINES, (hidden) => `(${hidden} earlier lines are not shown)`);
  lines.length > 0 && runner.group(`Log of the refresher: ${lines.length} lines`, shown);
  let warnings = [...log.entries.filter(({ kind }) => kind === "warning").map(({ at, text }) => `${at}: ${text}`), ...unexpectedEnd(refresher, log, outcome, background.logsItsStop)], more = (hidden) => `${hidden} earlier warnings of the refresher are in the log of this step.`;
  for (let text of latest(warnings, MAX_WARNINGS, more)) runner.warning(text);
}
function latest(lines, most, describeHidden) {
  let hidden = lines.length - most;
  return hidden > 0 ? [describeHidden(hidden), ...lines.slice(-most)] : [...lines];
}
function unexpectedEnd({ pid }, log, outcome, logsItsStop) {
  let name = `The refresher (process ${pid})`, { entries } = log, last = entries.at(-1), hasBegin = last !== void 0 && entries[0]?.kind === "started", unfinished = unfinishedProcess(log);
  return outcome === "killed" ? [`${name} did not stop at the request of the post step, which then killed it.`] : outcome === "still-running" ? [`${name} could not be stopped. The runner ends it with the job.`] : outcome === "stopped" ? hasBegin && (unfinished === void 0 || !logsItsStop) ? [] : [
    `The log of the refresher (process ${pid}) is not complete: renewals may have failed. A later step changed it, or the disk was full.`
  ] : hasBegin ? unfinished !== void 0 ? [describeKilled(unfinished)] : last.kind === "completed" && entries.some(({ kind }) => kind === "warning") ? [] : [
    `${name} ended before the post step, at ${last.at}. Tokens were not renewed after that. ${last.text}`
  ] : [
    `${name} ended before the post step, and its log is not complete. Look for a step that stops it or changes its log.`
  ];
}

// src/aws/cli-cache.ts
import path2 from "node:path";
function cliCache(home) {
  return path2.join(home, ".aws/cli/cache");
}
function removeCachedRole(files, cache, assumedRoleArn) {
  let directory = files.realPath(cache);
  if (directory === void 0) return;
  let names = files.list(directory).filter((entry) => entry.endsWith(".json")), removeIfOurs = (file) => {
    let text = Buffer.from(files.read(file) ?? "").toString("utf8"), user = parseObject(text)?.AssumedRoleUser;
    (typeof user == "object" && user !== null && "Arn" in user ? user.Arn : void 0) === assumedRoleArn && files.remove(file);
  };
  tryEach(names.map((name) => () => removeIfOurs(path2.join(directory, name))));
}

// src/login/environment.ts
import { createHash } from "node:crypto";
import path3 from "node:path";
var NEVER_EMPTY = ["AWS_REGION", "AWS_DEFAULT_REGION"];
function exportEnvironment(runner, state, variables) {
  let exported = {};
  for (let [name, value] of Object.entries(variables)) {
    let before = runner.env(name);
    exported[name] = {
      digest: digestOf(state.loginId, value instanceof Secret ? value.reveal() : value),
      // An old secret is not saved, even if an earlier step set it.
      before: before === void 0 || isSecret(name, before) ? null : before
    };
  }
  updateState(runner, state, { exported });
  for (let [name, value] of Object.entries(variables)) runner.exportVariable(name, value);
}
var SECRETS = [...AWS_CREDENTIALS, "OCI_TOKEN_EXCHANGE_CLIENT_SECRET"], PERHAPS_SECRETS = ["OCI_RESOURCE_PRINCIPAL_RPST", "OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM"];
function isSecret(name, value) {
  return SECRETS.includes(name) || PERHAPS_SECRETS.includes(name) && !path3.isAbsolute(value);
}
function digestOf(loginId, value) {
  return createHash("sha256").update(`${loginId}:${value}`).digest("hex").slice(0, 32);
}
function restoreEnvironment({ env, exportVariable }, { loginId, exported }) {
  let restorable = Object.entries(exported).filter(([name, { digest, before }]) => {
    let value = env(name);
    return value !== void 0 && digestOf(loginId, value) === digest && (before || !NEVER_EMPTY.includes(name));
  });
  for (let [name, { before }] of restorable) exportVariable(name, before ?? "");
  return restorable.map(([name]) => name);
}

// src/login/cleanup.ts
var NOTHING_TO_CLEAN_UP = "Nothing to clean up: the login wrote nothing.";
async function cleanUp(deps, state) {
  if (!state.cleanup)
    return { removed: [`Not removed, because \`cleanup\` is false: ${[...state.installed.map((one) => nameOf(one)), "the environment of later steps"].join(", ")}.`], failed: [] };
  let report = await removeLogin(deps, state);
  return report.removed.length === 0 && report.failed.length === 0 ? { removed: [NOTHING_TO_CLEAN_UP], failed: [] } : report;
}
var AWS_KEYS = ["AWS credentials", blankCredentials];
async function removeLogin({ runner, disk }, state) {
  let { files } = disk, { loginId, installed, temporary, cachedRole } = state, report = { removed: [], failed: [] }, attempt = async (what, work) => {
    try {
      let sentence = await work();
      typeof sentence == "string" && report.removed.push(sentence);
    } catch (error) {
      let { code, message } = toFailure(error);
      report.failed.push(`Could not remove ${what}. ${code}: ${message}`);
    }
  }, docker = installed.some(({ member }) => member !== void 0) ? await import("./profiles-docker-config.js") : void 0;
  for (let one of installed) {
    await attempt(`the key of ${nameOf(one)}`, () => deleteSession(files, one));
    let [what, blank] = docker && one.member ? ["password", docker.blankPassword] : AWS_KEYS;
    await attempt(`the ${what} of ${nameOf(one)}`, () => blank(files, loginId, one));
  }
  if (temporary !== null && await attempt(temporary, () => {
    if (files.kind(temporary) === "absent") return;
    let real = files.realPath(temporary);
    if (files.removeTree(temporary), real && files.kind(real) !== "absent")
      throw new ActionError("PATH_UNSAFE", `A later step moved it. Delete ${real}.`);
    return `Removed ${temporary}.`;
  }), cachedRole !== null) {
    let { cache, assumedRoleArn } = cachedRole, remove = () => removeCachedRole(files, cache, assumedRoleArn);
    await attempt(`the role session in ${cache}`, remove);
  }
  for (let one of installed.toReversed())
    await attempt(nameOf(one), () => removeProfile(disk, loginId, one, docker?.formatOf(one) ?? INI));
  return await attempt("the exported variables", () => {
    let names = restoreEnvironment(runner, state);
    return names.length > 0 ? `Restored ${names.join(", ")} for later steps.` : void 0;
  }), report;
}
async function removeProfile(disk, loginId, installed, format) {
  let removal = await removeSection(disk, loginId, installed, format);
  if (isStillThere(disk.files, loginId, installed, format))
    throw new ActionError("CONFIG_LOCKED", "Another program has written it back.");
  if (removal === "absent") return;
  let restored = removal === "restored" ? "; restored the previous content" : "";
  return `Removed ${nameOf(installed, "from")}${restored}.`;
}
async function rollBack(deps, state) {
  let { runner, refresher } = deps;
  state.refresher && await stopRefresher(refresher, state.refresher);
  let { failed } = await removeLogin(deps, state);
  for (let sentence of failed) runner.warning(`${sentence} The clean-up tries again.`);
}

export {
  cliCache,
  logFileOf,
  loginsWithLog,
  stopAndReport,
  exportEnvironment,
  NOTHING_TO_CLEAN_UP,
  cleanUp,
  rollBack
};
