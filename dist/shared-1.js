import {
  appendSection,
  entryAboveInDirectory,
  entryOfSection,
  findEntry,
  keyDigestIn,
  ledgerFile,
  listSections,
  lockOf,
  mergeDirectories,
  ownerOf,
  readLedger,
  removeSection,
  replaceSection,
  scratchFile,
  sessionFilesIn,
  textOf,
  toBytes,
  toText,
  topEntry,
  withChanges,
  withoutEntry,
  writeLedger
} from "./shared-7.js";
import {
  ActionError,
  Contention
} from "./shared-5.js";
import {
  Secret
} from "./shared-11.js";

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
import { createHash } from "node:crypto";
import { appendFileSync as appendFileSync2 } from "node:fs";
var env = (name) => process.env[name], revealed = (value) => value instanceof Secret ? value.reveal() : value, githubRunner = {
  env,
  mask: (secret) => {
    for (let line of secret.reveal().split(/\r?\n/)) line.trim() !== "" && setSecret(line);
  },
  output: (name, value) => setOutput(name, revealed(value)),
  exportVariable: (name, value) => exportVariable(name, revealed(value)),
  saveState,
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

// src/profiles/remove.ts
import path2 from "node:path";

// src/profiles/created-directories.ts
import path from "node:path";
function missingDirectories(files, directory) {
  return files.kind(directory) !== "absent" ? [] : [...missingDirectories(files, path.dirname(directory)), directory];
}
var ROUNDS = 5, ROUND_MS = 20;
async function removeDirectories({ files, lock, clock }, file, directories) {
  let parent = path.dirname(file), assertThere = () => {
    if (files.kind(parent) === "absent") throw new Vanished();
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let directory of directories.toReversed()) removeIfEmpty(files, directory);
    if (directories.every((directory) => files.kind(directory) === "absent") || isInLedger(readLedger(files, file), directories) || await lock.hold(lockOf(file), assertThere, () => leaveToLedger(files, file, directories)).catch(unlessVanished)) return;
    await clock.sleep(ROUND_MS);
  }
}
function isInLedger({ entries, createdDirectories }, directories) {
  return entries.length > 0 && directories.every((directory) => createdDirectories.includes(directory));
}
function leaveToLedger(files, file, directories) {
  let ledger = readLedger(files, file);
  if (ledger.entries.length === 0) return !1;
  let createdDirectories = mergeDirectories(ledger.createdDirectories, directories);
  return writeLedger(files, file, { ...ledger, createdDirectories }), !0;
}
function removeIfEmpty(files, directory) {
  files.kind(directory) === "directory" && files.removeIfEmpty(directory);
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

// src/profiles/remove.ts
function deleteSession(files, { directory, keyDigest }) {
  if (directory === null || keyDigest === null) return;
  let sessions = path2.dirname(directory), isOurName = (name) => name === path2.basename(directory) || name.startsWith(`${path2.basename(directory)}~`);
  for (let name of files.list(sessions).filter(isOurName)) {
    let one = path2.join(sessions, name);
    if (keyDigestIn(files, one) !== keyDigest) continue;
    let { keyFile, tokenFile } = sessionFilesIn(one);
    files.remove(tokenFile), files.remove(keyFile), files.removeIfEmpty(one);
  }
}
function isStillThere(files, loginId, installed) {
  let { file, directory, keyDigest } = installed, text = files.kind(file) === "file" ? readText(files, file) : "";
  return directory !== null && keyDigest !== null && keyDigestIn(files, directory) === keyDigest || markedSection(text, loginId, installed) !== void 0;
}
async function removeSection2(disk, loginId, installed) {
  let { files, lock, clock } = disk, { file } = installed, remove = (mayComeBack) => lock.hold(
    lockOf(file),
    () => {
    },
    () => removeUnderLock(files, loginId, installed, mayComeBack)
  ), removal = "absent";
  if (files.kind(path2.dirname(file)) !== "absent") {
    let first = await remove(!0);
    removal = first.removal, first.isBusy && await clock.sleep(LOOK_AGAIN_MS), first.isBusy && await remove(!1);
  }
  return await removeDirectories(disk, file, installed.createdDirectories), removal;
}
function removeUnderLock(files, loginId, installed, mayComeBack) {
  let { file, keyDigest } = installed, ledger = readLedger(files, file), found = findEntry(ledger, loginId, installed);
  if (found === void 0) {
    let removal2 = removeWithoutEntry(files, loginId, installed);
    return ledger.entries.length === 0 && removeLedger(files, file, ledger), { removal: removal2, isBusy: !1 };
  }
  let trusted = withChanges(ledger, found, { keyDigest }), entry = findEntry(trusted, loginId, installed) ?? found, removal = entry.previousSection !== null && topEntry(trusted, entry) === entry ? "restored" : "removed", { isBusy, left } = restore(files, trusted, entry);
  if (isBusy && mayComeBack) return { removal, isBusy };
  let next = withoutEntry(left, entry);
  return next.entries.length > 0 ? writeLedger(files, file, next) : removeLedger(files, file, next), { removal, isBusy: !1 };
}
function removeEntry(files, ledger, entry) {
  let { left } = restore(files, ledger, entry), next = withoutEntry(left, entry);
  return writeLedger(files, entry.file, next), next;
}
function restore(files, ledger, entry) {
  return restoreDirectory(files, ledger, entry), restoreSection(files, ledger, entry);
}
function restoreDirectory(files, ledger, entry) {
  let { directory, previousDirectory, keyDigest } = entry;
  if (directory === null) return;
  let aside = entryAboveInDirectory(ledger, entry)?.previousDirectory ?? null;
  if (aside !== null && files.kind(aside) === "directory") {
    files.removeTree(aside);
    return;
  }
  let found = keyDigestIn(files, directory), isOurs = found !== void 0 && found === keyDigest, isPrevious = previousDirectory !== null && files.kind(previousDirectory) !== "directory", isCovered = entryAboveInDirectory(ledger, entry) !== void 0;
  if (!(!isOurs && (isPrevious || isCovered))) {
    if (!isOurs && found !== void 0) {
      if (previousDirectory === null) return;
      throw new ActionError(
        "PATH_UNSAFE",
        `${directory} holds a key that this action did not write. The previous content of it is in ${previousDirectory}.`
      );
    }
    files.removeTree(directory), previousDirectory !== null && !isPrevious && files.rename(previousDirectory, directory);
  }
}
function restoreSection(files, ledger, entry) {
  let { file, section, previousSection } = entry, shared = readShared(files, file), namesakes = listSections(shared.text).filter(({ name }) => name === section), ours = namesakes.find((one) => entryOfSection(ledger, file, shared.text, one) === entry), isTop = topEntry(ledger, entry) === entry;
  if (ours === void 0) {
    let text = isTop && previousSection !== null && namesakes.length === 0 ? appendSection(shared.text, previousSection).text : shared.text;
    return replaceText(files, ledger, file, shared, text), { left: ledger, isBusy: shared.isBusy };
  }
  let restored = previousSection === null ? {
    text: removeSection(shared.text, ours, entry.addedNewline),
    addedNewline: isLast(shared.text, ours) ? "" : entry.addedNewline
  } : replaceSection(shared.text, ours, previousSection), left = withAddedNewlines(ledger, entry, ours.start, restored);
  return left !== ledger && writeLedger(files, file, left), replaceText(files, left, file, shared, restored.text), { left, isBusy: shared.isBusy };
}
var isLast = (text, section) => section.end === text.length;
function withAddedNewlines(ledger, entry, offset, { text, addedNewline }) {
  let { file, previousSection } = entry, sections = listSections(text), shownAt = (start) => {
    let section = sections.find((one) => one.start === start);
    return section && entryOfSection(ledger, file, text, section);
  }, end = offset + (previousSection ?? "").length, next = addedNewline && shownAt(previousSection === null ? end : end + addedNewline.length), below = previousSection === null ? void 0 : shownAt(offset), changed = next ? withChanges(ledger, next, { addedNewline }) : ledger;
  return below === void 0 || entry.addedNewline === "" ? changed : withChanges(changed, below, { addedNewline: entry.addedNewline });
}
function replaceText(files, { createdFiles }, file, shared, text) {
  text === "" && createdFiles.includes(file) ? files.remove(file) : text !== shared.text && replaceShared(files, file, { ...shared, text }, scratchFile(file));
}
function removeWithoutEntry(files, loginId, installed) {
  let { file, directory } = installed, previous = `${directory}~${loginId}`;
  if (directory !== null && files.kind(directory) === "absent" && files.kind(previous) === "directory" && files.rename(previous, directory), files.kind(file) !== "file") return "absent";
  let shared = readShared(files, file), ours = markedSection(shared.text, loginId, installed);
  if (ours === void 0) return "absent";
  let text = removeSection(shared.text, ours, "");
  return replaceShared(files, file, { ...shared, text }, scratchFile(file)), "removed";
}
function markedSection(text, loginId, { section }) {
  return listSections(text).find((one) => one.name === section && ownerOf(textOf(text, one))?.loginId === loginId);
}
function removeLedger(files, file, ledger) {
  files.remove(scratchFile(file));
  let sessions = path2.join(path2.dirname(file), "sessions");
  ledger.createdDirectories.includes(sessions) && removeIfEmpty(files, sessions), files.kind(ledgerFile(file)) === "file" && files.remove(ledgerFile(file));
}

// src/aws/variables.ts
function variablesForAwsRegion(region) {
  return { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}
function variablesForWebIdentity(role) {
  return {
    AWS_ROLE_ARN: role.roleArn,
    AWS_WEB_IDENTITY_TOKEN_FILE: role.tokenFile,
    AWS_ROLE_SESSION_NAME: role.roleSessionName,
    ...variablesForAwsRegion(role.region)
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

export {
  getInput,
  getState,
  githubRunner,
  jobIdentity,
  missingDirectories,
  LOOK_AGAIN_MS,
  readText,
  readShared,
  replaceShared,
  deleteSession,
  isStillThere,
  removeSection2 as removeSection,
  removeEntry,
  variablesForAwsRegion,
  variablesForWebIdentity,
  AWS_CREDENTIALS,
  STALE_FOR_SESSION,
  awsProfileWarning
};
