import {
  CHECK_AGAIN_MS,
  appendSection,
  entryAboveInDirectory,
  entryOfSection,
  findEntry,
  isDirectory,
  isSectionOf,
  keyDigestIn,
  keyDigestOfFile,
  ledgerFile,
  listSections,
  lockOf,
  mergeDirectories,
  readLedger,
  readShared,
  removeDirectories,
  removeSection,
  replaceSection,
  replaceShared,
  scratchFile,
  sectionsNamed,
  sessionFilesIn,
  toText,
  topEntry,
  withChanges,
  withoutEntry,
  writeLedger
} from "./shared-9.js";
import {
  ActionError,
  withoutCommands
} from "./shared-6.js";
import {
  Secret,
  isMaskable
} from "./shared-13.js";

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
    for (let line of secret.reveal().split(/\r\n?|\n/)) isMaskable(line) && setSecret(line);
  },
  output: (name, value) => setOutput(name, revealed(value)),
  exportVariable: (name, value) => exportVariable(name, revealed(value)),
  saveState,
  info: info2,
  warning: (text) => warning(withoutCommands(text)),
  // Not `core.setFailed`: the entry modules set the exit code.
  error: (text) => error(withoutCommands(text)),
  summary: writeSummary,
  group: (title, lines) => {
    startGroup(title);
    for (let line of lines) info2(line);
    endGroup();
  },
  debug,
  isDebug: () => env("RUNNER_DEBUG") === "1"
};
function info2(text) {
  info(withoutCommands(text));
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

// src/profiles/secrets.ts
import path from "node:path";

// src/errors/try-each.ts
function tryEach(work) {
  let errors = work.flatMap((one) => {
    try {
      return one(), [];
    } catch (error2) {
      return [error2];
    }
  });
  if (errors.length > 0) throw errors[0];
}

// src/profiles/secrets.ts
function deleteSession(files, { directory, keyDigest }) {
  if (directory === null || keyDigest === null) return;
  let sessions = files.realPath(path.dirname(directory)), name = path.basename(directory), work = (sessions === void 0 ? [] : files.list(sessions)).map((one) => () => {
    let isNamed = one === name || one.startsWith(`${name}~`);
    deleteIfOurs(files, path.join(`${sessions}`, one), keyDigest, isNamed);
  });
  tryEach(work);
}
function deleteIfOurs(files, session, keyDigest, isNamed) {
  let { keyFile, tokenFile } = sessionFilesIn(session), findKey = () => {
    let file = files.realPath(keyFile);
    return file !== void 0 && keyDigestOfFile(files, file) === keyDigest ? file : void 0;
  }, found;
  try {
    found = findKey();
  } catch {
    if (!isNamed) return;
    for (let closed of [session, keyFile]) files.allowOwner(closed);
    found = findKey();
  }
  if (found === void 0) return;
  let realKeyFile = found;
  tryEach([
    () => destroy(files, tokenFile),
    () => destroy(files, realKeyFile),
    () => files.removeIfEmpty(path.dirname(realKeyFile))
  ]);
}
function destroy(files, file) {
  try {
    files.remove(file);
  } catch (error2) {
    try {
      files.kind(file) === "file" && files.overwrite(file, (text) => " ".repeat(text.length));
    } catch {
    }
    throw error2;
  }
}
var AWS_SECRET = /^([ \t]*aws_(?:secret_access_key|session_token)[ \t]*=[ \t]*)([^ \t\r\n].*)$/gim;
function blankCredentials(files, loginId, installed) {
  let file = files.realPath(installed.file);
  if (installed.directory !== null || file === void 0) return;
  let blank = (text2) => {
    let ours = sectionOf(text2, loginId, installed);
    if (ours === void 0) return text2;
    let blanked = ours.text.replaceAll(
      AWS_SECRET,
      (_all, key, value) => key + " ".repeat(value.length)
    );
    return text2.slice(0, ours.start) + blanked + text2.slice(ours.end);
  }, text = toText(files.read(file));
  blank(text) !== text && files.overwrite(file, blank);
}
function sectionOf(text, loginId, { section, settingsDigest }) {
  return sectionsNamed(text, section).find((one) => isSectionOf({ loginId, settingsDigest }, one.text));
}

// src/profiles/remove.ts
import path2 from "node:path";
function isStillThere(files, loginId, installed) {
  let { file, directory, keyDigest } = installed, text = toText(files.read(file));
  return directory !== null && keyDigest !== null && keyDigestIn(files, directory) === keyDigest || sectionOf(text, loginId, installed) !== void 0;
}
async function removeSection2(disk, loginId, installed) {
  let { files, lock, clock } = disk, { file } = installed, remove = (keepsEntryIfBusy) => {
    let work = () => removeUnderLock(files, loginId, installed, keepsEntryIfBusy);
    return lock.hold(lockOf(file), () => {
    }, work);
  }, { createdDirectories } = readableLedger(files, file) ?? { createdDirectories: [] }, removal = "absent";
  if (isDirectory(files, path2.dirname(file))) {
    let first = await remove(!0);
    removal = first.removal, first.isBusy && await clock.sleep(CHECK_AGAIN_MS), first.isBusy && await remove(!1);
  }
  return await removeDirectories(disk, file, mergeDirectories(installed.createdDirectories, createdDirectories)), removal;
}
function removeUnderLock(files, loginId, installed, keepsEntryIfBusy) {
  let { file, keyDigest } = installed, ledger = readableLedger(files, file), found = ledger && findEntry(ledger, loginId, installed);
  if (ledger === void 0 || found === void 0) {
    let removal2 = removeWithoutEntry(files, loginId, installed);
    return ledger?.entries.length === 0 && removeLedger(files, file), { removal: removal2, isBusy: !1 };
  }
  let trusted = withChanges(ledger, found, { keyDigest }), entry = findEntry(trusted, loginId, installed) ?? found, removal = entry.previousSection !== null && topEntry(trusted, entry) === entry ? "restored" : "removed", { isBusy, left } = restore(files, trusted, entry);
  if (isBusy && keepsEntryIfBusy) return { removal, isBusy };
  let next = dropEntry(files, left, entry);
  return next.entries.length > 0 ? writeLedger(files, file, next) : removeLedger(files, file), { removal, isBusy: !1 };
}
function readableLedger(files, file) {
  try {
    return readLedger(files, file);
  } catch {
    return;
  }
}
function removeEntry(files, ledger, entry) {
  let next = dropEntry(files, restore(files, ledger, entry).left, entry);
  return writeLedger(files, entry.file, next), next;
}
function dropEntry(files, ledger, entry) {
  let { file } = entry, next = withoutEntry(ledger, entry), mode = file in next.modes ? void 0 : ledger.modes[file];
  return mode !== void 0 && files.kind(file) === "file" && files.setMode(file, mode), next;
}
function restore(files, ledger, entry) {
  let restored = { left: ledger, isBusy: !1 };
  return tryEach([
    () => restoreDirectory(files, ledger, entry),
    () => {
      restored = restoreSection(files, ledger, entry);
    }
  ]), restored;
}
function restoreDirectory(files, ledger, entry) {
  let { directory, previousDirectory, keyDigest } = entry;
  if (directory === null) return;
  let above = entryAboveInDirectory(ledger, entry), movedTo = above?.previousDirectory ?? null;
  if (movedTo !== null && files.kind(movedTo) === "directory") {
    files.removeTree(movedTo);
    return;
  }
  let found = keyDigestIn(files, directory), isOurs = found !== void 0 && found === keyDigest, isPrevious = previousDirectory !== null && files.kind(previousDirectory) !== "directory";
  if (!(!isOurs && (isPrevious || above !== void 0))) {
    if (!isOurs && found !== void 0) {
      if (previousDirectory === null) return;
      throw new ActionError(
        "PATH_UNSAFE",
        `${directory} holds a key that this action did not write. Its previous content is in ${previousDirectory}.`
      );
    }
    files.removeTree(directory), previousDirectory !== null && !isPrevious && files.rename(previousDirectory, directory);
  }
}
function restoreSection(files, ledger, entry) {
  let { file, section, previousSection, addedNewline } = entry, shared = readShared(files, file), { text, isBusy } = shared, namesakes = sectionsNamed(text, section), ours = namesakes.find((one) => entryOfSection(ledger, file, one) === entry);
  if (ours === void 0) {
    let isMissing = topEntry(ledger, entry) === entry && namesakes.length === 0, restored2 = appendSection(text, previousSection ?? "").text;
    return replaceText(files, ledger, file, shared, isMissing && previousSection !== null ? restored2 : text), { left: ledger, isBusy };
  }
  let isLast = ours.end === text.length, restored = previousSection === null ? { text: removeSection(text, ours, addedNewline), addedNewline: isLast ? "" : addedNewline } : replaceSection(text, ours, previousSection), left = withAddedNewlines(ledger, entry, ours.start, restored);
  return left !== ledger && writeLedger(files, file, left), replaceText(files, left, file, shared, restored.text), { left, isBusy };
}
function withAddedNewlines(ledger, entry, offset, { text, addedNewline }) {
  let { file, previousSection } = entry, sections = listSections(text), entryAt = (start) => {
    let section = sections.find((one) => one.start === start);
    return section && entryOfSection(ledger, file, section);
  }, end = offset + (previousSection ?? "").length, next = addedNewline && entryAt(previousSection === null ? end : end + addedNewline.length), below = previousSection === null ? void 0 : entryAt(offset), changed = next ? withChanges(ledger, next, { addedNewline }) : ledger;
  return below === void 0 || entry.addedNewline === "" ? changed : withChanges(changed, below, { addedNewline: entry.addedNewline });
}
function replaceText(files, ledger, file, shared, text) {
  text === "" && ledger.createdFiles.includes(file) ? files.remove(file) : text !== shared.text && replaceShared(files, file, shared, text, file in ledger.modes);
}
function removeWithoutEntry(files, loginId, installed) {
  let { file, directory } = installed, previous = `${directory}~${loginId}`;
  directory !== null && files.kind(directory) === "absent" && files.kind(previous) === "directory" && files.rename(previous, directory);
  let shared = readShared(files, file), ours = sectionOf(shared.text, loginId, installed);
  return ours === void 0 ? "absent" : (replaceShared(files, file, shared, removeSection(shared.text, ours, ""), !1), "removed");
}
function removeLedger(files, file) {
  files.remove(scratchFile(file)), files.kind(ledgerFile(file)) === "file" && files.remove(ledgerFile(file));
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
  tryEach,
  deleteSession,
  blankCredentials,
  isStillThere,
  removeSection2 as removeSection,
  removeEntry,
  variablesForAwsRegion,
  variablesForWebIdentity,
  AWS_CREDENTIALS,
  STALE_FOR_SESSION,
  awsProfileWarning
};
