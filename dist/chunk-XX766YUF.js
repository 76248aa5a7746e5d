import {
  parseObject
} from "./chunk-CZ73XQM7.js";

// src/profiles/section-target.ts
import path from "node:path";

// src/profiles/ini-text.ts
var HEADER = /^[ \t]*\[([^\]]*)\]/, OWN_COMMENT = "# oci-wif-action session ", BLANK_OR_COMMENT = /^\s*([#;].*)?$/s;
function toText(bytes) {
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
function lineEndOf(text) {
  return /^[^\n]*\r\n/.test(text) ? `\r
` : `
`;
}
function listSections(text) {
  let sections = [], offset = hasByteOrderMark(text) ? 3 : 0;
  for (let line of text.slice(offset).split(/(?<=\n)/)) {
    let name = HEADER.exec(line)?.[1], end = offset + line.length, current = sections.at(-1);
    name !== void 0 ? sections.push({ name: plainName(name), start: offset, end }) : current !== void 0 && (!BLANK_OR_COMMENT.test(line) || line.startsWith(OWN_COMMENT)) && (current.end = end), offset = end;
  }
  return sections;
}
function plainName(name) {
  return name.replace(/["']/g, "").trim().replace(/\s+/g, " ");
}
function textOf(text, { start, end }) {
  return text.slice(start, end);
}
function readKey(sectionText, key) {
  return sectionText.split(`
`).filter((line) => !BLANK_OR_COMMENT.test(line)).map((line) => /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(line)).findLast((pair) => pair?.[1] === key)?.[2];
}
function appendSection(text, block) {
  let glue = text !== "" && text !== "ï»¿" && !text.endsWith(`
`) ? lineEndOf(text) : "";
  return { text: text + glue + block, glue };
}
function replaceSection(text, section, block) {
  let rest = text.slice(section.end), glue = rest !== "" && !block.endsWith(`
`) ? lineEndOf(text) : "";
  return { text: text.slice(0, section.start) + block + glue + rest, glue };
}
function removeSection(text, section, glue) {
  let before = text.slice(0, section.start), after = text.slice(section.end), added = glue === "" ? "" : lineEndOf(textOf(text, section));
  return (added !== "" && after === "" && before.endsWith(added) ? before.slice(0, -added.length) : before) + after;
}

// src/profiles/section-target.ts
var STORES = ["sessions", ".oci-wif-action"], MARKER = new RegExp(`^${OWN_COMMENT}([0-9a-f]+) of job ([0-9a-f]+)`, "m");
function renderOwned(section, owner, lines, lineEnd) {
  let marker = `${OWN_COMMENT}${owner.loginId} of job ${owner.jobId}, removed by its post step`;
  return encode([`[${section}]`, marker, ...lines].map((line) => line + lineEnd).join(""));
}
function ownerOf(sectionText) {
  let [, loginId, jobId] = MARKER.exec(sectionText) ?? [];
  return loginId === void 0 || jobId === void 0 ? void 0 : { loginId, jobId };
}
function undoName({ name }, loginId) {
  return `${name}~${loginId}`;
}
function undoFiles({ store }, undo) {
  let inUndo = (file) => path.join(store, undo, file);
  return {
    root: path.join(store, undo),
    record: inUndo("record.json"),
    section: inUndo("section"),
    directory: inUndo("session"),
    scratch: inUndo("scratch")
  };
}
function lockOf({ file }) {
  return path.join(path.dirname(file), "oci-wif-action");
}
function parseUndoRecord(text) {
  let record = parseObject(text), { place, loginId, jobId, request, replaces, glue, directoriesCreated } = record ?? {};
  return record?.version === 1 && isPlace(place) && isId(loginId) && isId(jobId) && (request === void 0 || isId(request)) && (replaces === null || isId(replaces)) && [record.keptSection, record.keptDirectory].every((kept) => kept === null || isUndoName(place, kept)) && ["", `
`, `\r
`].includes(glue ?? "none") && Array.isArray(directoriesCreated) && directoriesCreated.every(isText) ? record : void 0;
}
var isText = (value) => typeof value == "string", isId = (value) => isText(value) && /^[0-9a-f]+$/.test(value);
function isPlace(value) {
  let { file, section, store, name, directory, telltale } = Object(value);
  if (!isText(file) || !isText(section) || !isText(store) || !isText(name)) return !1;
  let isNear = path.isAbsolute(file) && STORES.some((one) => path.join(path.dirname(file), one) === store), isName = /^[^/\\~]+$/.test(name) && name !== "." && name !== "..", isOurs = directory === null || directory === path.join(store, name);
  return isNear && isName && isOurs && (telltale === null || isText(telltale?.key) && isText(telltale.value));
}
function isUndoName(place, value) {
  return isText(value) && value.startsWith(`${place.name}~`) && isId(value.slice(place.name.length + 1));
}
function mergeDirectories(...lists) {
  return [...new Set(lists.flat())].toSorted((a, b) => a.length - b.length);
}

// src/profiles/oci-profile.ts
import path2 from "node:path";
function sessionPaths(configFile, profile) {
  let sessions = path2.join(path2.dirname(configFile), "sessions"), session = path2.join(sessions, profile);
  return {
    sessions,
    session,
    keyFile: path2.join(session, "oci_api_key.pem"),
    tokenFile: path2.join(session, "token")
  };
}
function renderSection(name, owner, profile, lineEnd) {
  let lines = [
    `tenancy=${profile.tenancy}`,
    `region=${profile.region}`,
    `fingerprint=${profile.fingerprint}`,
    `key_file=${profile.keyFile}`,
    `security_token_file=${profile.tokenFile}`
  ];
  return renderOwned(name, owner, lines, lineEnd);
}
function isWrittenBy(sectionText, loginId, telltale) {
  let owner = ownerOf(sectionText);
  return owner !== void 0 ? owner.loginId === loginId : telltale !== null && readKey(sectionText, telltale.key) === encode(telltale.value);
}
function ociPlace(configFile, profile, tokenFile = sessionPaths(configFile, profile).tokenFile) {
  let { sessions, session } = sessionPaths(configFile, profile);
  return {
    file: configFile,
    section: profile,
    store: sessions,
    name: profile,
    directory: session,
    telltale: { key: "security_token_file", value: tokenFile }
  };
}
var HARMFUL_IF_INHERITED = ["pass_phrase", "authentication_type", "key_content"];
function adviseOnConfigText(text, profile) {
  let advice = [];
  hasByteOrderMark(text) && advice.push("begins with a byte order mark: clients in Python, Go and Java cannot read it");
  let others = listSections(text).filter(({ name }) => name !== profile);
  if (profile === "DEFAULT" && others.length > 0) {
    let names = others.map(({ name }) => `[${name}]`).join(", ");
    advice.push(
      `has ${names} besides [DEFAULT]: most SDKs let other profiles inherit the session token from there; give this login a \`profile\` of its own`
    );
  }
  let fallback = others.find(({ name }) => name === "DEFAULT"), inherited = HARMFUL_IF_INHERITED.filter(
    (key) => fallback !== void 0 && readKey(textOf(text, fallback), key) !== void 0
  );
  return inherited.length > 0 && advice.push(
    `has ${inherited.join(", ")} in [DEFAULT], which most SDKs let [${profile}] inherit; a session takes none of them`
  ), advice;
}

export {
  toText,
  toBytes,
  isReadable,
  lineEndOf,
  listSections,
  textOf,
  readKey,
  appendSection,
  replaceSection,
  removeSection,
  renderOwned,
  ownerOf,
  undoName,
  undoFiles,
  lockOf,
  parseUndoRecord,
  mergeDirectories,
  sessionPaths,
  renderSection,
  isWrittenBy,
  ociPlace,
  adviseOnConfigText
};
