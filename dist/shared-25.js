import {
  readKeyPair
} from "./shared-23.js";
import {
  parseObject
} from "./shared-27.js";
import {
  ActionError,
  Contention
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

// src/profiles/ini-text.ts
var HEADER = /^[ \t]*\[([^\]]*)\]/, MARKER_START = "# oci-wif-action login ", BLANK_OR_COMMENT = /^\s*([#;].*)?$/s;
function toText(bytes = new Uint8Array()) {
  return Buffer.from(bytes).toString("latin1");
}
function toBytes(text) {
  return Buffer.from(text, "latin1");
}
function encode(text) {
  return Buffer.from(text, "utf8").toString("latin1");
}
function isReadable(text) {
  return !text.includes("\0");
}
function hasByteOrderMark(text) {
  return text.startsWith("ï»¿");
}
function withoutByteOrderMark(text) {
  return hasByteOrderMark(text) ? text.slice(3) : text;
}
function lineEndOf(text) {
  return /^[^\n]*\r\n/.test(text) ? `\r
` : `
`;
}
function listSections(text) {
  let sections = [], offset = hasByteOrderMark(text) ? 3 : 0;
  for (let line of text.slice(offset).split(/(?<=\n)/)) {
    let name = HEADER.exec(line)?.[1], end = offset + line.length, current = sections.at(-1);
    name !== void 0 ? sections.push({ name: normalizedName(name), start: offset, end }) : current !== void 0 && (!BLANK_OR_COMMENT.test(line) || line.startsWith(MARKER_START)) && (current.end = end), offset = end;
  }
  return sections.map((one) => ({ ...one, text: text.slice(one.start, one.end) }));
}
function sectionsNamed(text, name) {
  return listSections(text).filter((section) => [section.name, awsName(section.name)].includes(name));
}
function awsName(name) {
  let [, profile] = /^profile(?:\S* |\.)(\S+)$/.exec(name) ?? [];
  return profile === void 0 || profile === "default" ? profile ?? name : `profile ${profile}`;
}
function normalizedName(name) {
  return name.replace(/["'\\]/g, "").trim().replace(/\s+/g, " ");
}
function readKey(sectionText, key) {
  return settingsIn(sectionText).findLast(([name]) => name === key)?.[1];
}
function settingsIn(sectionText) {
  return settingLines(sectionText).flatMap((line) => {
    let at = line.search(/[=:]/);
    return at < 0 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]];
  });
}
function settingLines(text) {
  return text.split(/\r?\n/).filter((line) => !BLANK_OR_COMMENT.test(line));
}
function appendSection(text, block) {
  let addedNewline = text !== "" && text !== "ï»¿" && !text.endsWith(`
`) ? lineEndOf(text) : "";
  return { text: text + addedNewline + block, addedNewline };
}
function replaceSection(text, section, block) {
  let rest = text.slice(section.end), addedNewline = rest !== "" && !block.endsWith(`
`) ? lineEndOf(text) : "";
  return { text: text.slice(0, section.start) + block + addedNewline + rest, addedNewline };
}
function removeSection(text, section, addedNewline) {
  let before = text.slice(0, section.start), after = text.slice(section.end);
  return (addedNewline !== "" && after === "" ? withoutNewlineBefore(before, section.text) : before) + after;
}
function withoutNewlineBefore(text, followingSection) {
  let newline = lineEndOf(followingSection);
  return text.endsWith(newline) ? text.slice(0, -newline.length) : text;
}

// src/profiles/oci-profile.ts
import path from "node:path";

// src/profiles/inherited.ts
function inheritedOf(text, keys) {
  let defaults = sectionsNamed(text, "DEFAULT").map((one) => one.text);
  return keys.filter((key) => defaults.some((one) => readKey(one, key) !== void 0));
}
function assertOwnIdentity(text, { file, section }) {
  let keys = inheritedOf(text, ["role_arn", "sso_account_id"]);
  if (keys.length === 0) return;
  let what = `${file} has ${keys.join(", ")} in [DEFAULT]. AWS tools add it to [${section}], and would use another identity.`;
  throw new ActionError("PROFILE_AMBIGUOUS", what, { remedy: "Remove these keys from [DEFAULT]." });
}

// src/profiles/ini-faults.ts
import { isUtf8 } from "node:buffer";
var MAX_NAMED = 3;
function adviseOnFaults(text) {
  let faults = faultsOf(text);
  if (faults.length === 0) return;
  let more = faults.length > MAX_NAMED ? `, and ${faults.length - MAX_NAMED} more` : "";
  return `cannot be read by the CLIs of OCI and AWS and by SDKs for Python: ${faults.slice(0, MAX_NAMED).map(({ line, fault }) => `line ${line} ${fault}`).join(", ")}${more}. Correct the file`;
}
function faultsOf(text) {
  let findFault = createReader();
  return withoutByteOrderMark(text).split(`
`).flatMap((content, index) => {
    let fault = index === 0 && hasByteOrderMark(text) ? "begins with a byte order mark" : void 0, others = [isUtf8(toBytes(content)) ? void 0 : "is not UTF-8", findFault(content)];
    return [fault, ...others].flatMap((one) => one ? [{ line: index + 1, fault: one }] : []);
  });
}
function createReader() {
  let known = /* @__PURE__ */ new Set(), section, keyIndent;
  return (content) => {
    let value = content.trim();
    if (value === "" || /^[#;]/.test(value)) return;
    let indent = content.search(/\S/);
    if (keyIndent !== void 0 && indent > keyIndent) return;
    let repeated = (name, what) => {
      if (known.has(name)) return `repeats ${what}`;
      known.add(name);
    }, header = /^\[(.+)\]/.exec(value)?.[1];
    if (header !== void 0)
      return section = header, keyIndent = void 0, header === "DEFAULT" ? void 0 : repeated(header, `[${header}]`);
    if (section === void 0) return "is before the first section";
    let end = value.search(/[=:]/);
    if (end < 1) return "is neither a section nor a key with a value";
    let key = value.slice(0, end).trim().toLowerCase();
    return keyIndent = indent, repeated(`${section}
${key}`, `${key} of [${section}]`);
  };
}

// src/profiles/oci-profile.ts
function sessionPaths(configFile, profile) {
  let session = path.join(path.dirname(configFile), "sessions", profile);
  return { session, ...sessionFilesIn(session) };
}
function sessionFilesIn(session) {
  return { keyFile: path.join(session, "oci_api_key.pem"), tokenFile: path.join(session, "token") };
}
function ociTarget(configFile, profile) {
  return { file: configFile, section: profile, directory: sessionPaths(configFile, profile).session };
}
function profileLines(profile) {
  return [
    `tenancy=${profile.tenancy}`,
    `region=${profile.region}`,
    `fingerprint=${profile.fingerprint}`,
    `key_file=${profile.keyFile}`,
    `security_token_file=${profile.tokenFile}`
  ];
}
var HARMFUL_IF_INHERITED = ["pass_phrase", "authentication_type", "key_content"];
function adviseOnConfigText(text, profile) {
  let faults = adviseOnFaults(text), advice = faults === void 0 ? [] : [faults], others = listSections(text).filter(({ name }) => name !== profile);
  if (profile === "DEFAULT" && others.length > 0) {
    let names = others.map(({ name }) => `[${name}]`).join(", ");
    advice.push(
      `has ${names} besides [DEFAULT]: in most SDKs, other profiles inherit the session token from [DEFAULT]; set another \`profile\` for this login`
    );
  }
  let harmful = profile === "DEFAULT" ? [] : inheritedOf(text, HARMFUL_IF_INHERITED);
  return harmful.length > 0 && advice.push(
    `has ${harmful.join(", ")} in [DEFAULT], which [${profile}] inherits in most SDKs and which break a session: remove them`
  ), advice;
}

// src/profiles/section-target.ts
import { createHash } from "node:crypto";
var DOCKER_OBJECTS = ["credHelpers", "auths"];
function nameOf({ section, member, file }, where = "in") {
  return `${member === void 0 ? `profile [${section}]` : `the entry for ${section} in ${member}`} ${where} ${file}`;
}
var MARKER = new RegExp(`^${MARKER_START}([0-9a-f]+) of job ([0-9a-f]+)`, "m");
function renderSection(section, { loginId, jobId }, lines, lineEnd) {
  let marker = `${MARKER_START}${loginId} of job ${jobId}, removed by its clean-up`;
  return encode([`[${section}]`, marker, ...lines].map((line) => line + lineEnd).join(""));
}
function ownerOf(sectionText) {
  let [, loginId, jobId] = MARKER.exec(sectionText) ?? [];
  return loginId === void 0 || jobId === void 0 ? void 0 : { loginId, jobId };
}
var UNIQUE = ["fingerprint", "aws_access_key_id", "web_identity_token_file"], INI = {
  faultOf: (text) => isReadable(text) ? void 0 : "is not plain text (UTF-16 or binary)",
  find: sectionsNamed,
  render: (section, owner, lines, text) => renderSection(section, owner, lines, lineEndOf(text)),
  writerOf: (sectionText) => ownerOf(sectionText)?.loginId,
  settingsIn,
  uniqueSettingOf: (sectionText) => settingsIn(sectionText).find(([key]) => UNIQUE.includes(key)),
  append: appendSection,
  replace: replaceSection,
  remove: removeSection,
  absentObjects: () => [],
  removeObjects: (text) => text
};
function settingsDigestOf(loginId, sectionText, format = INI) {
  let settings = format.uniqueSettingOf(sectionText) ?? format.settingsIn(sectionText);
  return createHash("sha256").update(JSON.stringify([loginId, settings])).digest("hex");
}
function isSectionOf({ loginId, settingsDigest }, sectionText, format = INI) {
  let writer = format.writerOf(sectionText);
  return writer !== void 0 ? writer === loginId : settingsDigestOf(loginId, sectionText, format) === settingsDigest;
}
function isSameSection(a, b) {
  return a.file === b.file && a.section === b.section && a.member === b.member;
}
function isSameDirectory(a, b) {
  return a.directory !== null && a.directory === b.directory;
}
function assertReadable({ file }, text, format = INI) {
  let fault = format.faultOf(text);
  if (fault !== void 0) throw new ActionError("CONFIG_UNREADABLE", `${file} ${fault}.`);
}
var OVERWRITE_ENTRY = "Leave the host out of `ocir-registries`, or set `overwrite-profile: true`, which later restores the old entry.", OVERWRITE_AWS_PROFILE = "Set another `aws-profile`, or `overwrite-profile: true`, which later restores the old section.";
function findReplaceable(text, { target: { file, section, member, directory }, overwrite }, isKnown, format = INI) {
  let [present, ...more] = format.find(text, section);
  if (more.length > 0)
    throw new ActionError(
      "PROFILE_AMBIGUOUS",
      `${file} has ${more.length + 1} sections that clients read as [${section}].`
    );
  if (present === void 0 || overwrite || format.writerOf(present.text) !== void 0 || isKnown(present))
    return present;
  if (member !== void 0) {
    let what2 = `${file} has an entry for ${section} in ${member} that this action did not write.`;
    throw new ActionError("PROFILE_EXISTS", what2, { remedy: OVERWRITE_ENTRY });
  }
  let what = `${file} has a section [${section}] that this action did not write.`;
  throw new ActionError("PROFILE_EXISTS", what, {
    remedy: directory === null ? OVERWRITE_AWS_PROFILE : void 0
  });
}

// src/profiles/shared-file.ts
import path2 from "node:path";
function lockOf(file) {
  return path2.join(path2.dirname(file), "oci-wif-action");
}
function scratchFile(file) {
  return path2.join(path2.dirname(file), ".oci-wif-action-scratch");
}
function journalFile(file) {
  return path2.join(path2.dirname(file), `.oci-wif-action-journal-${path2.basename(file)}`);
}
var CHECK_AGAIN_MS = 250, UNFINISHED_MS = 10, EMPTIED_MS = 2e3, PAGE_BYTES = 4096;
function readText(files, file) {
  let content = files.read(file);
  if (content !== void 0) return toText(content);
  let kind = files.kind(file);
  if (kind === "absent") return "";
  let created = files.read(file);
  if (created !== void 0) return toText(created);
  throw kind === "file" ? new ActionError("CONFIG_UNREADABLE", `${file} is larger than 64 MB.`) : new ActionError(
    "PATH_UNSAFE",
    `${file} should be a file but is a ${kind === "other" ? "special file" : kind}.`
  );
}
function readShared(files, file) {
  let { id, openMode, ...times } = files.state(file), text = readText(files, file), [age, quiet] = [Math.abs(times.ageMs), Math.abs(times.quietMs)];
  if (!isWhole(text, age, quiet)) throw new Contention(`${file} was being written by another program`);
  if (files.undoRewrite(file, journalFile(file)), files.state(file).id !== id) throw new Contention(`${file} was restored after a crash`);
  return { text, state: id, isBusy: age < 1e3, openMode };
}
function isWhole(text, ageMs, quietMs) {
  return text.length % PAGE_BYTES === 0 ? quietMs >= EMPTIED_MS : text.endsWith(`
`) || ageMs >= UNFINISHED_MS;
}
function replaceShared(files, file, { state }, text, isSecret) {
  let plan = { scratch: scratchFile(file), journal: journalFile(file), isSecret };
  files.rewrite(file, toBytes(text), state, plan);
}

// src/profiles/ledger.ts
import path3 from "node:path";
function ledgerFile(file) {
  return path3.join(path3.dirname(file), ".oci-wif-action-ledger.json");
}
function readLedger(files, file) {
  let ledger = ledgerFile(file), text = Buffer.from(files.read(ledger) ?? "").toString("utf8"), { version, createdFiles, modes, createdDirectories, entries } = parseObject(text) ?? {}, directory = path3.dirname(file), directories = [directory, path3.join(directory, "sessions")];
  return {
    version: 1,
    createdFiles: texts(createdFiles).map((one) => path3.join(directory, path3.basename(one))).filter((one) => path3.dirname(one) === directory),
    modes: Object.fromEntries(
      Object.entries(Object(modes)).filter(([, mode]) => isMode(mode)).map(([one, mode]) => [path3.join(directory, path3.basename(one)), Number(mode)])
    ),
    createdDirectories: texts(createdDirectories).filter((one) => directories.includes(one)),
    entries: (version === 1 && Array.isArray(entries) ? entries : []).map((one) => placedIn(directory, one)).filter((one) => isEntry(one, directory))
  };
}
function writeLedger(files, file, ledger) {
  files.replace(ledgerFile(file), Buffer.from(JSON.stringify(ledger)), scratchFile(file));
}
function findEntry(ledger, loginId, target) {
  return ledger.entries.find((entry) => entry.loginId === loginId && isSameSection(entry, target));
}
function topEntry(ledger, target) {
  return ledger.entries.findLast((entry) => isSameSection(entry, target));
}
function entryAboveInDirectory(ledger, entry) {
  return laterThan(ledger, entry).find((later) => isSameDirectory(later, entry));
}
function laterThan({ entries }, entry) {
  return entries.slice(entries.indexOf(entry) + 1);
}
function entryOfSection(ledger, { file, member }, { name: section, text }, format = INI) {
  return ledger.entries.findLast(
    (one) => isSameSection(one, { file, section, ...member && { member }, directory: null }) && one.previousSection !== text && isSectionOf(one, text, format)
  );
}
function withChanges(ledger, entry, changes) {
  let entries = ledger.entries.map((one) => one === entry ? { ...one, ...changes } : one);
  return { ...ledger, entries };
}
function withMode(ledger, file, mode) {
  return mode === void 0 || file in ledger.modes ? ledger : { ...ledger, modes: { ...ledger.modes, [file]: mode } };
}
function withoutEntry(ledger, entry) {
  let { previousSection, previousDirectory } = entry, above = laterThan(ledger, entry).find((later) => isSameSection(later, entry)), aboveInDirectory = entryAboveInDirectory(ledger, entry), entries = ledger.entries.filter((one) => one !== entry).map((one) => ({
    ...one,
    ...one === above && { previousSection },
    ...one === aboveInDirectory && { previousDirectory }
  })), isUsed = ([file]) => entries.some((one) => one.file === file);
  return { ...ledger, modes: Object.fromEntries(Object.entries(ledger.modes).filter(isUsed)), entries };
}
function mergeDirectories(...lists) {
  return [...new Set(lists.flat())].toSorted((a, b) => a.length - b.length);
}
function missingDirectories(files, directory) {
  return files.kind(directory) !== "absent" ? [] : [...missingDirectories(files, path3.dirname(directory)), directory];
}
function isDirectory(files, directory) {
  let real = files.realPath(directory);
  return real !== void 0 && files.kind(real) === "directory";
}
var ROUNDS = 5, ROUND_MS = 20;
async function removeDirectories({ files, lock, clock }, file, directories) {
  let vanished = new Error("Another process has removed the directory in which the lock would be."), assertExists = () => {
    if (!isDirectory(files, path3.dirname(file))) throw vanished;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let directory of directories.toReversed())
      files.kind(directory) === "directory" && files.removeIfEmpty(directory);
    if (directories.every((directory) => files.kind(directory) !== "directory")) return;
    try {
      if (await lock.hold(lockOf(file), assertExists, () => addToLedger(files, file, directories))) return;
    } catch (error) {
      if (error === vanished) return;
      throw error;
    }
    await clock.sleep(ROUND_MS);
  }
}
function addToLedger(files, file, directories) {
  let ledger = readLedger(files, file);
  if (ledger.entries.length === 0) return !1;
  let createdDirectories = mergeDirectories(ledger.createdDirectories, directories);
  return createdDirectories.length > ledger.createdDirectories.length && writeLedger(files, file, { ...ledger, createdDirectories }), !0;
}
var isText = (value) => typeof value == "string", isDate = (value) => typeof value == "number" && !Number.isNaN(new Date(value).getTime()), isMode = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 4095, texts = (value) => Array.isArray(value) ? value.filter(isText) : [];
function placedIn(parent, value) {
  let entry = Object(value), placed = (old, folder) => isText(old) ? path3.join(parent, folder, path3.basename(old)) : old;
  return {
    ...entry,
    file: placed(entry.file, ""),
    directory: placed(entry.directory, "sessions"),
    previousDirectory: placed(entry.previousDirectory, "sessions")
  };
}
function isEntry(value, parent) {
  if (!isTarget(value) || path3.dirname(value.file) !== parent) return !1;
  let { directory, previousDirectory, previousSection, expiresAt, macs, absentObjects } = value, isMoved = isText(previousDirectory) && previousDirectory.startsWith(`${directory}~`) && /^~[0-9a-f]+$/.test(previousDirectory.slice(directory?.length));
  return Array.isArray(macs) && Array.isArray(absentObjects) && absentObjects.every(isText) && (previousDirectory === null || isMoved) && (previousSection === null || isText(previousSection)) && (expiresAt === null || isDate(expiresAt));
}
function isTarget(value) {
  let { file, section, member, directory } = Object(value);
  if (!isText(file) || !path3.isAbsolute(file) || !isText(section)) return !1;
  if (member !== void 0) return DOCKER_OBJECTS.includes(member) && directory === null;
  let isName = /^[^/\\~]+$/.test(section) && section !== "." && section !== "..";
  return directory === null || isName && directory === path3.join(path3.dirname(file), "sessions", section);
}

// src/profiles/session-files.ts
import { createHash as createHash2, createHmac } from "node:crypto";
import path4 from "node:path";
function tokenFileOf({ configFile, profile }) {
  let { keyFile, tokenFile } = sessionPaths(configFile, profile);
  return { file: tokenFile, keyFile, lock: lockOf(configFile) };
}
async function replaceToken({ files, lock }, { file, keyFile, lock: profileLock }, { token, expiresAt }, publicKeyBase64, macKey) {
  let replace = () => {
    if (readKeyFile(files, keyFile)?.publicKeyBase64 !== publicKeyBase64) return !1;
    if (profileLock !== null) {
      let ledger = readLedger(files, profileLock), keyDigest = keyDigestOf(publicKeyBase64), entry = ledger.entries.findLast((one) => one.keyDigest === keyDigest), mac = macKey ? [macOf(macKey, { publicKeyBase64 }, { token })] : [], macs = [.../* @__PURE__ */ new Set([...mac, ...entry?.macs ?? []])].slice(0, 2);
      entry && writeLedger(files, profileLock, withChanges(ledger, entry, { expiresAt, macs }));
    }
    return putFile(files, file, token), !0;
  }, assertExists = (directory) => {
    if (files.kind(directory) === "absent")
      throw new ActionError("FILES_NOT_WRITABLE", `${directory} was removed.`);
  };
  return profileLock === null ? replace() : lock.hold(profileLock, () => assertExists(path4.dirname(profileLock)), replace);
}
function writeSessionFiles(files, { directory, previousDirectory }, { keyPair, sessionToken }) {
  if (directory === null) return;
  let sessions = path4.dirname(directory);
  files.ensureDirectory(sessions), previousDirectory !== null ? files.rename(directory, previousDirectory) : files.removeTree(directory);
  try {
    files.makeDirectory(directory);
  } catch (error) {
    throw files.kind(sessions) === "absent" ? new Contention(`${sessions} was removed by another process`) : error;
  }
  let { keyFile, tokenFile } = sessionFilesIn(directory);
  files.create(keyFile, keyPair.privateKeyPem.reveal()), files.create(tokenFile, sessionToken.token.reveal());
}
function putFile(files, file, content) {
  let text = content instanceof Secret ? content.reveal() : content;
  files.kind(file) === "absent" ? files.create(file, text) : files.replace(file, Buffer.from(text), `${file}~`);
}
function readKeyFile(files, file) {
  let pem = readSecret(files, file);
  return pem && readKeyPair(pem);
}
function readSecret(files, file) {
  let content = files.read(file);
  return content && new Secret(Buffer.from(content).toString("utf8"));
}
function keyDigestOf(publicKeyBase64) {
  return createHash2("sha256").update(publicKeyBase64).digest("hex");
}
function macOf(macKey, { publicKeyBase64 }, { token }) {
  return createHmac("sha256", macKey.reveal()).update(`${publicKeyBase64}:${token.reveal()}`).digest("hex");
}
function keyDigestIn(files, directory) {
  return files.kind(directory) === "directory" ? keyDigestOfFile(files, sessionFilesIn(directory).keyFile) : void 0;
}
function keyDigestOfFile(files, keyFile) {
  let keyPair = readKeyFile(files, keyFile);
  return keyPair && keyDigestOf(keyPair.publicKeyBase64);
}

export {
  toText,
  encode,
  hasByteOrderMark,
  listSections,
  sectionsNamed,
  settingLines,
  withoutNewlineBefore,
  assertOwnIdentity,
  adviseOnFaults,
  sessionPaths,
  sessionFilesIn,
  ociTarget,
  profileLines,
  adviseOnConfigText,
  nameOf,
  ownerOf,
  INI,
  settingsDigestOf,
  isSectionOf,
  isSameSection,
  isSameDirectory,
  assertReadable,
  findReplaceable,
  lockOf,
  scratchFile,
  CHECK_AGAIN_MS,
  readText,
  readShared,
  replaceShared,
  ledgerFile,
  readLedger,
  writeLedger,
  findEntry,
  topEntry,
  entryAboveInDirectory,
  entryOfSection,
  withChanges,
  withMode,
  withoutEntry,
  mergeDirectories,
  missingDirectories,
  isDirectory,
  removeDirectories,
  isTarget,
  tokenFileOf,
  replaceToken,
  writeSessionFiles,
  putFile,
  readKeyFile,
  readSecret,
  keyDigestOf,
  macOf,
  keyDigestIn,
  keyDigestOfFile
};
