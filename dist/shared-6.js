import {
  sectionOf,
  tryEach
} from "./shared-15.js";
import {
  CHECK_AGAIN_MS,
  INI,
  assertReadable,
  entryAboveInDirectory,
  entryOfSection,
  findEntry,
  isDirectory,
  isSameSection,
  isTarget,
  keyDigestIn,
  ledgerFile,
  listSections,
  lockOf,
  mergeDirectories,
  readLedger,
  readShared,
  removeDirectories,
  replaceShared,
  scratchFile,
  toText,
  topEntry,
  withChanges,
  withoutEntry,
  writeLedger
} from "./shared-25.js";
import {
  parseObject
} from "./shared-27.js";
import {
  ActionError
} from "./shared-13.js";

// src/login/saved-state.ts
import path from "node:path";
var STATE = "session";
function newSavedState(loginId, cachedRole) {
  return { loginId, ...{ installed: [], exported: {}, temporary: null, refresher: null }, cachedRole, cleanup: !0 };
}
function updateState(runner, state, changes) {
  Object.assign(state, changes), runner.saveState(STATE, JSON.stringify(state));
}
function saveInstalled(runner, state, installed) {
  let known = state.installed.find((one) => isSameSection(one, installed)), createdDirectories = mergeDirectories(known?.createdDirectories ?? [], installed.createdDirectories), merged = { ...installed, createdDirectories };
  if (JSON.stringify(merged) === JSON.stringify(known)) return;
  let others = state.installed.filter((one) => one !== known);
  updateState(runner, state, { installed: [...others, merged] });
}
function temporaryName(loginId) {
  return `oci-wif-action-${loginId}`;
}
function parseSavedState(text) {
  let state = parseObject(text), { loginId, installed, temporary, cachedRole } = state ?? {};
  return typeof loginId == "string" && Array.isArray(installed) && installed.every(isInstalled) && (temporary === null || isPath(temporary) && path.basename(temporary) === temporaryName(loginId)) && (cachedRole === null || isPath(Object(cachedRole).cache)) ? state : void 0;
}
function isInstalled(value) {
  let {
    keyDigest,
    settingsDigest,
    createdDirectories: created
  } = Object(value), hasDigests = keyDigest !== void 0 && settingsDigest !== void 0;
  return isTarget(value) && hasDigests && Array.isArray(created) && created.every(isPath);
}
function isPath(value) {
  return typeof value == "string" && path.isAbsolute(value);
}

// src/profiles/remove.ts
import path2 from "node:path";

// src/profiles/restore-directory.ts
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

// src/profiles/remove.ts
function isStillThere(files, loginId, installed, format = INI) {
  let { file, directory, keyDigest } = installed, text = toText(files.read(file));
  return directory !== null && keyDigest !== null && keyDigestIn(files, directory) === keyDigest || sectionOf(text, loginId, installed, format) !== void 0;
}
async function removeSection(disk, loginId, installed, format = INI) {
  let { files, lock, clock } = disk, { file } = installed, remove = (keepsEntryIfBusy) => {
    let work = () => removeUnderLock(files, loginId, installed, keepsEntryIfBusy, format);
    return lock.hold(lockOf(file), () => {
    }, work);
  }, { createdDirectories } = readableLedger(files, file) ?? { createdDirectories: [] }, removal = "absent";
  if (isDirectory(files, path2.dirname(file))) {
    let first = await remove(!0);
    removal = first.removal, first.isBusy && await clock.sleep(CHECK_AGAIN_MS), first.isBusy && await remove(!1);
  }
  return await removeDirectories(disk, file, mergeDirectories(installed.createdDirectories, createdDirectories)), removal;
}
function removeUnderLock(files, loginId, installed, keepsEntryIfBusy, format) {
  let { file, keyDigest } = installed, ledger = readableLedger(files, file), found = ledger && findEntry(ledger, loginId, installed);
  if (ledger === void 0 || found === void 0) {
    let removal2 = removeWithoutEntry(files, loginId, installed, format);
    return ledger?.entries.length === 0 && removeLedger(files, file), { removal: removal2, isBusy: !1 };
  }
  let trusted = withChanges(ledger, found, { keyDigest }), entry = findEntry(trusted, loginId, installed) ?? found, removal = entry.previousSection !== null && topEntry(trusted, entry) === entry ? "restored" : "removed", { isBusy, left } = restore(files, trusted, entry, format);
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
function removeEntry(files, ledger, entry, format) {
  let next = dropEntry(files, restore(files, ledger, entry, format).left, entry);
  return writeLedger(files, entry.file, next), next;
}
function dropEntry(files, ledger, entry) {
  let { file } = entry, next = withoutEntry(ledger, entry), mode = file in next.modes ? void 0 : ledger.modes[file];
  return mode !== void 0 && files.kind(file) === "file" && files.setMode(file, mode), next;
}
function restore(files, ledger, entry, format) {
  let restored = { left: ledger, isBusy: !1 };
  return tryEach([
    () => restoreDirectory(files, ledger, entry),
    () => {
      restored = restoreSection(files, ledger, entry, format);
    }
  ]), restored;
}
function restoreSection(files, ledger, entry, format) {
  let { file, section, previousSection, addedNewline, absentObjects } = entry, shared = readShared(files, file), { text, isBusy } = shared;
  assertReadable(entry, text, format);
  let write = (left2, edited) => replaceText(files, left2, file, shared, format.removeObjects(edited, absentObjects)), namesakes = format.find(text, section), ours = namesakes.find((one) => entryOfSection(ledger, entry, one, format) === entry);
  if (ours === void 0) {
    let isMissing = topEntry(ledger, entry) === entry && namesakes.length === 0;
    return write(ledger, isMissing && previousSection !== null ? format.append(text, previousSection).text : text), { left: ledger, isBusy };
  }
  let isLast = ours.end === text.length, restored = previousSection === null ? { text: format.remove(text, ours, addedNewline), addedNewline: isLast ? "" : addedNewline } : format.replace(text, ours, previousSection), left = withAddedNewlines(ledger, entry, ours.start, restored);
  return left !== ledger && writeLedger(files, file, left), write(left, restored.text), { left, isBusy };
}
function withAddedNewlines(ledger, entry, offset, { text, addedNewline }) {
  let { previousSection } = entry, sections = listSections(text), entryAt = (start) => {
    let section = sections.find((one) => one.start === start);
    return section && entryOfSection(ledger, entry, section);
  }, end = offset + (previousSection ?? "").length, next = addedNewline && entryAt(previousSection === null ? end : end + addedNewline.length), below = previousSection === null ? void 0 : entryAt(offset), changed = next ? withChanges(ledger, next, { addedNewline }) : ledger;
  return below === void 0 || entry.addedNewline === "" ? changed : withChanges(changed, below, { addedNewline: entry.addedNewline });
}
function replaceText(files, ledger, file, shared, text) {
  text === "" && ledger.createdFiles.includes(file) ? files.remove(file) : text !== shared.text && replaceShared(files, file, shared, text, file in ledger.modes);
}
function removeWithoutEntry(files, loginId, installed, format) {
  let { file, directory } = installed, previous = `${directory}~${loginId}`;
  directory !== null && files.kind(directory) === "absent" && files.kind(previous) === "directory" && files.rename(previous, directory);
  let shared = readShared(files, file);
  assertReadable(installed, shared.text, format);
  let ours = sectionOf(shared.text, loginId, installed, format);
  return ours === void 0 ? "absent" : (replaceShared(files, file, shared, format.remove(shared.text, ours, ""), !1), "removed");
}
function removeLedger(files, file) {
  files.removeTree(scratchFile(file)), files.kind(ledgerFile(file)) === "file" && files.remove(ledgerFile(file));
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
function awsProfileWarning(env, profile) {
  let names = PROFILES.filter((name) => !!env(name) && env(name) !== profile);
  if (names.length === 0) return;
  let are = names.length > 1 ? "are" : "is";
  return `${names.join(", ")} ${are} set in this job: some AWS SDKs use a profile instead of the assumed role. Remove it.`;
}

export {
  isStillThere,
  removeSection,
  removeEntry,
  variablesForAwsRegion,
  variablesForWebIdentity,
  AWS_CREDENTIALS,
  STALE_FOR_SESSION,
  awsProfileWarning,
  STATE,
  newSavedState,
  updateState,
  saveInstalled,
  temporaryName,
  parseSavedState
};
