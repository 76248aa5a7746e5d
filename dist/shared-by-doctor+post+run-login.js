import {
  ActionError,
  Contention,
  appendSection,
  isWrittenBy,
  listSections,
  lockOf,
  mergeDirectories,
  ownerOf,
  parseUndoRecord,
  removeSection,
  replaceSection,
  textOf,
  thisSystem,
  toBytes,
  toText2 as toText,
  undoFiles,
  undoName,
  withFileErrors
} from "./shared-by-doctor+post+refresher+run-login.js";
import {
  Secret
} from "./shared-by-doctor+main+post+refresher.js";

// src/github/runner.ts
import { createHash } from "node:crypto";
import { appendFileSync as appendFileSync2 } from "node:fs";

// node_modules/@actions/core/lib/command.js
import * as os from "os";

// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
  return input == null ? "" : typeof input == "string" || input instanceof String ? input : JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
  return Object.keys(annotationProperties).length ? {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn
  } : {};
}

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties, message) {
  let cmd = new Command(command, properties, message);
  process.stdout.write(cmd.toString() + os.EOL);
}
function issue(name, message = "") {
  issueCommand(name, {}, message);
}
var CMD_STRING = "::", Command = class {
  constructor(command, properties, message) {
    command || (command = "missing.command"), this.command = command, this.properties = properties, this.message = message;
  }
  toString() {
    let cmdStr = CMD_STRING + this.command;
    if (this.properties && Object.keys(this.properties).length > 0) {
      cmdStr += " ";
      let first = !0;
      for (let key in this.properties)
        if (this.properties.hasOwnProperty(key)) {
          let val = this.properties[key];
          val && (first ? first = !1 : cmdStr += ",", cmdStr += `${key}=${escapeProperty(val)}`);
        }
    }
    return cmdStr += `${CMD_STRING}${escapeData(this.message)}`, cmdStr;
  }
};
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/file-command.js
import * as crypto from "crypto";
import * as fs from "fs";
import * as os2 from "os";
function issueFileCommand(command, message) {
  let filePath = process.env[`GITHUB_${command}`];
  if (!filePath)
    throw new Error(`Unable to find environment variable for file command ${command}`);
  if (!fs.existsSync(filePath))
    throw new Error(`Missing file at path: ${filePath}`);
  fs.appendFileSync(filePath, `${toCommandValue(message)}${os2.EOL}`, {
    encoding: "utf8"
  });
}
function prepareKeyValueMessage(key, value) {
  let delimiter = `ghadelimiter_${crypto.randomUUID()}`, convertedValue = toCommandValue(value);
  if (key.includes(delimiter))
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
  if (convertedValue.includes(delimiter))
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
  return `${key}<<${delimiter}${os2.EOL}${convertedValue}${os2.EOL}${delimiter}`;
}

// node_modules/@actions/core/lib/core.js
import * as os3 from "os";
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2.Success = 0] = "Success", ExitCode2[ExitCode2.Failure = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function exportVariable(name, val) {
  let convertedVal = toCommandValue(val);
  if (process.env[name] = convertedVal, process.env.GITHUB_ENV || "")
    return issueFileCommand("ENV", prepareKeyValueMessage(name, val));
  issueCommand("set-env", { name }, convertedVal);
}
function setSecret(secret) {
  issueCommand("add-mask", {}, secret);
}
function getInput(name, options) {
  let val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
  if (options && options.required && !val)
    throw new Error(`Input required and not supplied: ${name}`);
  return options && options.trimWhitespace === !1 ? val : val.trim();
}
function setOutput(name, value) {
  if (process.env.GITHUB_OUTPUT || "")
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
  process.stdout.write(os3.EOL), issueCommand("set-output", { name }, toCommandValue(value));
}
function debug(message) {
  issueCommand("debug", {}, message);
}
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info(message) {
  process.stdout.write(message + os3.EOL);
}
function startGroup(name) {
  issue("group", name);
}
function endGroup() {
  issue("endgroup");
}
function saveState(name, value) {
  if (process.env.GITHUB_STATE || "")
    return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
  issueCommand("save-state", { name }, toCommandValue(value));
}
function getState(name) {
  return process.env[`STATE_${name}`] || "";
}

// src/github/runner.ts
var env = (name) => process.env[name], githubRunner = {
  env,
  mask: (secret) => {
    for (let line of secret.reveal().split(/\r?\n/)) line.trim() !== "" && setSecret(line);
  },
  output: (name, value) => setOutput(name, revealed(value)),
  exportVariable: (name, value) => exportVariable(name, revealed(value)),
  saveState: (name, value) => saveState(name, value),
  info,
  warning: (text) => warning(text),
  // Not setFailed: the programs set the exit code.
  error: (text) => error(text),
  summary: writeSummary,
  group: (title, lines) => {
    startGroup(title);
    for (let line of lines) info(line);
    endGroup();
  },
  debug,
  isDebug: () => env("RUNNER_DEBUG") === "1"
};
function revealed(value) {
  return value instanceof Secret ? value.reveal() : value;
}
function readInput(name) {
  return getInput(name);
}
function readState(name) {
  return getState(name);
}
function writeSummary(text) {
  let file = env("GITHUB_STEP_SUMMARY");
  if (file)
    try {
      appendFileSync2(file, text);
    } catch {
      info("The job summary could not be written.");
    }
}
function jobIdentity() {
  let { RUNNER_TRACKING_ID, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB } = process.env, identity = RUNNER_TRACKING_ID || [GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB].join("/");
  return createHash("sha256").update(identity).digest("hex").slice(0, 12);
}

// src/node/processes.ts
import { execFileSync, spawn } from "node:child_process";
var PASSED_ON = /^(RUNNER_TRACKING_ID|PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|SystemRoot|windir|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_(FILE|DIR))$/i, NODE_FLAGS = ["--disable-sigusr1", "--optimize-for-size", "--single-threaded-gc"], START_MS = 3e4;
function createBackground(environment, {
  system = thisSystem,
  executable = runningExecutable(system)
} = {}) {
  return {
    async start({ script, mark, log, instructions }) {
      let descriptor = withFileErrors(log, () => system.fs.openSync(log, "ax", 384)), env2 = Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.test(name)));
      try {
        let child = spawn(executable, [...NODE_FLAGS, script, mark], {
          argv0: process.execPath,
          detached: !0,
          windowsHide: !0,
          cwd: rootOf(script),
          // steps may remove any other directory
          env: env2,
          stdio: ["pipe", descriptor, descriptor, "pipe"]
        });
        return await sendInstructions(child, instructions);
      } finally {
        system.fs.closeSync(descriptor);
      }
    },
    isRunning: (pid, mark) => isRunning(system, pid, mark),
    kill(pid, mark) {
      if (!(system.platform === "win32" || !isRunning(system, pid, mark)))
        try {
          process.kill(pid, "SIGKILL");
        } catch {
        }
    }
  };
}
function runningExecutable({ platform, fs: fs2 }) {
  let itself = "/proc/self/exe";
  return platform === "linux" && fs2.existsSync(itself) ? itself : process.execPath;
}
function rootOf(script) {
  return /^([a-z]:)?[/\\]/i.exec(script)?.[0] ?? "/";
}
function sendInstructions(child, instructions) {
  return new Promise((resolve, reject) => {
    let [input, , , ready] = child.stdio, settle = (why) => {
      clearTimeout(timer);
      for (let stream of [input, ready]) stream?.destroy();
      child.unref();
      let { pid } = child;
      if (why === void 0 && pid !== void 0) return resolve(pid);
      child.kill("SIGKILL"), reject(new ActionError("REFRESHER_NOT_STARTED", `The refresher ${why}.`));
    }, timer = setTimeout(() => settle(`did not start within ${START_MS / 1e3} s`), START_MS);
    child.once("error", ({ message }) => settle(`could not be started (${message})`)), child.once("exit", (code, signal) => settle(`ended at once (${signal ?? `exit code ${code}`})`)), ready?.once("data", () => settle());
    for (let stream of [input, ready]) stream?.on("error", () => {
    });
    input != null && "end" in input && input.end(instructions.reveal());
  });
}
function isRunning({ platform, fs: fs2 }, pid, mark) {
  try {
    return platform === "linux" ? fs2.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(mark) : (process.kill(pid, 0), platform === "win32" ? !0 : execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).includes(mark));
  } catch {
    return !1;
  }
}

// src/aws/variables.ts
function variablesForAwsRegion(region) {
  return { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}
function variablesForWebIdentity({ region, roleArn, roleSessionName, tokenFile }) {
  return {
    AWS_ROLE_ARN: roleArn,
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ROLE_SESSION_NAME: roleSessionName,
    ...variablesForAwsRegion(region)
  };
}
var AWS_CREDENTIALS = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN"
], STALE_FOR_SESSION = ["AWS_SECURITY_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"], PROFILES = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];
function awsProfileWarning(env2, profile) {
  let names = PROFILES.filter((name) => !!env2(name) && env2(name) !== profile);
  if (names.length === 0) return;
  let are = names.length > 1 ? "are" : "is";
  return `${names.join(", ")} ${are} set in this job: some AWS SDKs use a profile instead of the assumed role. Remove it.`;
}

// src/profiles/undo-store.ts
function readRecord(files, place, undo) {
  let { record } = undoFiles(place, undo);
  if (files.kind(record) !== "file") return;
  let read = parseUndoRecord(Buffer.from(files.read(record)).toString("utf8"));
  return read?.place.store === place.store && undoName(read.place, read.loginId) === undo ? read : void 0;
}
function writeRecord(files, record) {
  let { record: file, scratch } = undoFiles(record.place, undoName(record.place, record.loginId));
  files.replace(file, Buffer.from(JSON.stringify(record)), scratch);
}
function undoNames(files, { store, name }) {
  let prefix = `${name}~`, isId = (text) => /^[0-9a-f]+$/.test(text);
  return files.list(store).filter((entry) => entry.startsWith(prefix) && isId(entry.slice(prefix.length)));
}
function sessionsAt(files, place, which = "here") {
  return (which === "any" ? files.list(place.store).filter((entry) => entry.includes("~")) : undoNames(files, place)).map((name) => readRecord(files, place, name)).filter((record) => record !== void 0);
}
function sessionOf(files, place, section) {
  let owner = ownerOf(section), all = owner === void 0 ? [] : sessionsAt(files, place, "any"), [header] = listSections(section), isIt = ({ loginId, place: { file, section: section2 } }) => loginId === owner?.loginId && file === place.file && section2 === header?.name;
  return all.find(isIt);
}

// src/profiles/bequeath.ts
import path from "node:path";
function bequeath(files, { place, loginId, fileCreated, directoriesCreated }) {
  let others = sessionsAt(files, place, "any").filter((other) => other.loginId !== loginId), heir = others.find((other) => other.place.file === place.file) ?? others[0];
  return heir === void 0 ? !1 : (!fileCreated && directoriesCreated.length === 0 || writeRecord(files, {
    ...heir,
    fileCreated: heir.fileCreated || fileCreated && heir.place.file === place.file,
    directoriesCreated: mergeDirectories(heir.directoriesCreated, directoriesCreated)
  }), !0);
}
var ROUNDS = 5, ROUND_MS = 20;
async function leaveDirectories({ files, lock, clock }, record) {
  let { place, directoriesCreated: directories } = record, ofLock = path.dirname(place.file);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let directory of directories.toReversed()) files.removeIfEmpty(directory);
    if (directories.every((directory) => files.kind(directory) === "absent")) return;
    let assertThere = () => {
      if (files.kind(ofLock) === "absent") throw new Vanished();
    };
    if (await lock.hold(lockOf(place), assertThere, () => bequeath(files, record)).catch(unlessVanished)) return;
    await clock.sleep(ROUND_MS);
  }
}
var Vanished = class extends Error {
};
function unlessVanished(error2) {
  if (error2 instanceof Vanished) return !0;
  throw error2;
}

// src/profiles/shared-file.ts
var LOOK_AGAIN_MS = 250, BUSY_MS = 1e3, UNFINISHED_MS = 10, EMPTIED_MS = 2e3, PAGE_BYTES = 4096;
function readText(files, file) {
  let kind = files.kind(file);
  if (kind === "absent") return "";
  if (kind !== "file") throw new ActionError("PATH_UNSAFE", `${file} should be a file but is a ${kind}.`);
  return toText(files.read(file));
}
function readShared(files, file) {
  let { id, ...times } = files.state(file), text = readText(files, file), [age, quiet] = [Math.abs(times.ageMs), Math.abs(times.quietMs)];
  if (!isWhole(text, age, quiet)) throw new Contention(`${file} was being written by another program`);
  return { text, state: id, isBusy: age < BUSY_MS };
}
function isWhole(text, ageMs, quietMs) {
  return text.length % PAGE_BYTES === 0 ? quietMs >= EMPTIED_MS : text.endsWith(`
`) || ageMs >= UNFINISHED_MS;
}
function replaceShared(files, file, { text, state }, scratch) {
  files.replace(file, toBytes(text), scratch, state);
}

// src/profiles/take-out.ts
function withoutOurs(files, { place, glue }, text, ours, previous) {
  let before = listSections(text).find(({ end }) => end === ours.start), left = before !== void 0 && previous === void 0 && glue !== "" && takeFromKept(files, place, textOf(text, before), glue) ? "" : glue, restored = previous === void 0 ? { text: removeSection(text, ours, left), glue: left } : replaceSection(text, ours, previous);
  previous !== void 0 && leaveLineEnd(files, place, previous, glue);
  let behind = ours.start + (previous === void 0 ? 0 : previous.length + restored.glue.length), next = listSections(restored.text).find(({ start }) => start === behind);
  return next && leaveLineEnd(files, place, textOf(restored.text, next), restored.glue), restored.text;
}
function leaveLineEnd(files, place, section, glue) {
  let heir = sessionOf(files, place, section);
  heir !== void 0 && glue !== "" && writeRecord(files, { ...heir, glue });
}
function takeFromKept(files, place, replacement, glue) {
  let session = sessionOf(files, place, replacement);
  if (session === void 0 || session.keptSection === null) return !1;
  let { section, scratch } = undoFiles(session.place, session.keptSection), kept = files.kind(section) === "file" ? toText(files.read(section)) : "";
  return sessionOf(files, place, kept) !== void 0 ? takeFromKept(files, place, kept, glue) : kept.endsWith(glue) ? (files.replace(section, toBytes(kept.slice(0, -glue.length)), scratch), !0) : !1;
}

// src/profiles/remove.ts
import path2 from "node:path";
async function undoSection(disk, record) {
  let { files, lock, clock } = disk, { directoriesCreated } = record;
  if (files.kind(path2.dirname(record.place.file)) !== "absent") {
    let underLock = (work) => lock.hold(lockOf(record.place), () => {
    }, work), first = await underLock(() => !record.hasBegun && files.kind(record.place.store) !== "directory" ? record.directoriesCreated : hasBegun(files, record) && takeOut(files, record).isBusy ? void 0 : conclude(files, record));
    first === void 0 && await clock.sleep(LOOK_AGAIN_MS), directoriesCreated = first ?? await underLock(() => undoUnderLock(files, record));
  }
  await leaveDirectories(disk, { ...record, directoriesCreated });
}
function hasBegun(files, record) {
  return record.hasBegun || readRecord(files, record.place, undoName(record.place, record.loginId)) !== void 0;
}
function undoUnderLock(files, record) {
  return takeOut(files, record), conclude(files, record);
}
function takeOut(files, given) {
  let { place, loginId } = given, onDisk = readRecord(files, place, undoName(place, loginId)), record = onDisk ?? given, successor = sessionsAt(files, place).find(({ replaces }) => replaces === loginId), isTopmost = onDisk !== void 0 && successor === void 0 && !record.hasLeft;
  return successor !== void 0 && stepOut(files, record, successor), isTopmost && restoreDirectory(files, record), restoreFile(files, record, isTopmost);
}
function conclude(files, given) {
  let { place, loginId } = given, record = readRecord(files, place, undoName(place, loginId)) ?? given;
  bequeath(files, record), files.remove(undoFiles(place, undoName(place, loginId)).record), sweep(files, place);
  let created = mergeDirectories(given.directoriesCreated, record.directoriesCreated);
  return created.includes(place.store) && files.removeIfEmpty(place.store), created.filter((directory) => directory !== place.store);
}
function restoreDirectory(files, { place, keptDirectory }) {
  if (place.directory !== null)
    if (keptDirectory !== null) {
      let aside = undoFiles(place, keptDirectory).directory;
      if (files.kind(aside) !== "directory") return;
      files.removeTree(place.directory), files.rename(aside, place.directory);
    } else
      files.removeTree(place.directory);
}
function restoreFile(files, record, isTopmost) {
  let { place, loginId, keptSection } = record, shared = readShared(files, place.file), { text } = shared, namesakes = listSections(text).filter(({ name }) => name === place.section), telltale = isTopmost ? place.telltale : null, ours = namesakes.find((section) => isWrittenBy(textOf(text, section), loginId, telltale)), kept = keptSection === null ? void 0 : undoFiles(place, keptSection).section, previous = kept !== void 0 && files.kind(kept) === "file" ? toText(files.read(kept)) : void 0, restored = text;
  return ours !== void 0 ? restored = withoutOurs(files, record, text, ours, previous) : previous !== void 0 && isTopmost && namesakes.length === 0 && (restored = appendSection(text, previous).text), record.fileCreated && restored === "" ? files.remove(place.file) : restored !== text && replaceText(files, place, loginId, { ...shared, text: restored }), shared;
}
function replaceText(files, place, loginId, shared) {
  let { root, scratch } = undoFiles(place, undoName(place, loginId)), way = files.kind(root) === "directory" ? scratch : `${place.file}~${loginId}`;
  replaceShared(files, place.file, shared, way);
}
function stepOut(files, record, successor) {
  let { place, replaces, keptDirectory, keptSection, glue, fileCreated } = record, aside = successor.keptDirectory;
  aside === null || files.kind(undoFiles(place, aside).directory) === "directory" || restoreDirectory(files, record), writeRecord(files, { ...record, hasLeft: !0 });
  let inherited = { replaces, keptDirectory }, heir = nextInFile(files, place, successor);
  if (heir !== void 0) {
    let ofFile = { keptSection, glue: glue || heir.glue, fileCreated: fileCreated || heir.fileCreated }, isSuccessor = heir.loginId === successor.loginId;
    if (writeRecord(files, { ...heir, ...ofFile, ...isSuccessor && inherited }), isSuccessor) return;
  }
  writeRecord(files, { ...successor, ...inherited });
}
function nextInFile(files, place, first) {
  let sessions = sessionsAt(files, place), one = first;
  for (let _ of sessions) {
    if (one === void 0 || one.place.file === place.file) return one;
    let { loginId } = one;
    one = sessions.find(({ replaces }) => replaces === loginId);
  }
}
function sweep(files, place) {
  let sessions = sessionsAt(files, place), needed = (kept, name) => sessions.some((one) => one[kept] === name), begun = new Set(sessions.map(({ loginId }) => undoName(place, loginId)));
  for (let name of undoNames(files, place)) {
    let { root, section, directory } = undoFiles(place, name), keeps = { section: needed("keptSection", name), directory: needed("keptDirectory", name) };
    !begun.has(name) && !keeps.section && !keeps.directory ? files.removeTree(root) : keeps.section || files.remove(section), keeps.directory || files.removeTree(directory);
  }
}

export {
  githubRunner,
  readInput,
  readState,
  jobIdentity,
  createBackground,
  variablesForAwsRegion,
  variablesForWebIdentity,
  AWS_CREDENTIALS,
  STALE_FOR_SESSION,
  awsProfileWarning,
  readRecord,
  writeRecord,
  sessionsAt,
  LOOK_AGAIN_MS,
  readText,
  readShared,
  replaceShared,
  undoSection,
  undoUnderLock
};
