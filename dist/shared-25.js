import {
  ActionError
} from "./shared-13.js";

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
var OVERWRITE_ENTRY = "Leave the host out of `ocir-registries`, or set `overwrite-profile: true`: the clean-up then restores the existing entry.";
function findReplaceable(text, { target: { file, section, member }, overwrite }, isKnown, format = INI) {
  let [present, ...more] = format.find(text, section);
  if (more.length > 0)
    throw new ActionError(
      "PROFILE_AMBIGUOUS",
      `${file} has ${more.length + 1} sections that clients read as [${section}].`
    );
  if (present === void 0 || overwrite || format.writerOf(present.text) !== void 0 || isKnown(present))
    return present;
  if (member !== void 0) {
    let what2 = `${file} has an entry for ${section} in ${member} that no login wrote.`;
    throw new ActionError("PROFILE_EXISTS", what2, { remedy: OVERWRITE_ENTRY });
  }
  let what = `${file} has a section [${section}] that no login wrote.`;
  throw new ActionError("PROFILE_EXISTS", what);
}

export {
  toText,
  toBytes,
  encode,
  hasByteOrderMark,
  withoutByteOrderMark,
  listSections,
  sectionsNamed,
  readKey,
  settingLines,
  withoutNewlineBefore,
  DOCKER_OBJECTS,
  nameOf,
  ownerOf,
  INI,
  settingsDigestOf,
  isSectionOf,
  isSameSection,
  isSameDirectory,
  assertReadable,
  findReplaceable
};
