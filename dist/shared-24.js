import {
  blankIn
} from "./shared-15.js";
import {
  INI,
  hasByteOrderMark,
  isSectionOf
} from "./shared-25.js";
import {
  homeVariable,
  isFullPath
} from "./shared-17.js";
import {
  ActionError
} from "./shared-13.js";

// src/profiles/docker-config.ts
import path from "node:path";

// src/profiles/json-members.ts
function helperName(loginId) {
  return `oci-wif-${loginId}`;
}
var HELPER = /^oci-wif-([0-9a-f]+)$/, TAIL = 16, PASSWORD = new RegExp(`("auth"[ \\t\\r\\n]*:[ \\t\\r\\n]*")([^"\\\\ ]+)([^"\\\\]{${TAIL}}")`, "g");
function membersOf(object) {
  return {
    faultOf,
    find: (text, name) => faultOf(text) !== void 0 ? [] : (containerIn(text, object)?.members.filter((one) => one.name === name) ?? []).map(({ start, end }) => ({ name, start, end, text: text.slice(start, end) })),
    render: (name, _owner, lines) => `${JSON.stringify(name)}: ${lines.join("")}`,
    writerOf: (member) => HELPER.exec(settingOf(member)?.[1] ?? "")?.[1],
    settingsIn: (member) => [settingOf(member)].flatMap((one) => one ? [one] : []),
    uniqueSettingOf: settingOf,
    append: (text, block) => ({
      text: block === "" ? text : addMember(text, object, block),
      addedNewline: ""
    }),
    replace: (text, { start, end }, block) => ({
      text: text.slice(0, start) + block + text.slice(end),
      addedNewline: ""
    }),
    remove: (text, section) => removeMember(text, containerIn(text, object), section),
    absentObjects: (text, host) => ["", "/credHelpers", "/auths", `/auths/${host}`].filter((pointer) => find(text, pointer) === void 0),
    removeObjects
  };
}
function blankPasswords(text, isOurs) {
  return text.replaceAll(PASSWORD, (all, before, password, tail) => {
    let member = `"": {"auth": "${tail}}`;
    return isOurs(member) ? before + " ".repeat(password.length) + tail : all;
  });
}
function faultOf(text) {
  if (text.trim() === "") return;
  if (hasByteOrderMark(text)) return "begins with a byte order mark, which Docker does not accept";
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    let [, line] = /\(line (\d+) column \d+\)/.exec(error.message) ?? [];
    return line === void 0 ? "is not valid JSON" : `is not valid JSON (line ${line})`;
  }
  if (typeof value != "object" || value === null || Array.isArray(value)) return "is not a JSON object";
  let containers = objectAt(text, text.indexOf("{")).members.filter(({ name }) => /^(credhelpers|auths)$/i.test(name)), other = containers.find(({ valueStart }) => text[valueStart] !== "{");
  if (other !== void 0) return `has no object in ${other.name}`;
  let twice = [containers.map(({ name }) => name.toLowerCase())].concat(
    containers.map(({ valueStart }) => objectAt(text, valueStart).members.map(({ name }) => name))
  ).flatMap((list) => list.find((name, index) => list.indexOf(name) !== index) ?? []);
  return twice[0] === void 0 ? void 0 : `has ${JSON.stringify(twice[0])} twice`;
}
var TOKEN = /[ \t\r\n]*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^ \t\r\n"{}[\],:]+)/y;
function objectAt(text, offset) {
  let members = [], [depth, at, start, valueStart] = [0, offset, -1, -1];
  for (; ; ) {
    TOKEN.lastIndex = at;
    let [all = "", token = ""] = TOKEN.exec(text) ?? [];
    if (token === "") return { inner: offset + 1, end: text.length, members };
    let from = at + all.length - token.length, isValue = depth === 1 && !/^[,:}]$/.test(token);
    if (isValue && start === -1 ? start = from : isValue && (valueStart = from), depth === 1 && /^[,}]$/.test(token) && start !== -1) {
      let name = String(JSON.parse(nameAt(text, start)));
      members.push({ name, start, valueStart, end: at }), start = -1;
    }
    if (/^[{[]$/.test(token) && (depth += 1), /^[}\]]$/.test(token) && (depth -= 1), at += all.length, depth === 0) return { inner: offset + 1, end: at, members };
  }
}
function nameAt(text, start) {
  return TOKEN.lastIndex = start, TOKEN.exec(text)?.[1] ?? '""';
}
function containerIn(text, object) {
  let root = text.indexOf("{");
  if (root === -1) return;
  let isNamed = ({ name }) => name.toLowerCase() === object.toLowerCase(), found = objectAt(text, root).members.find(isNamed);
  return found && objectAt(text, found.valueStart);
}
function addMember(text, object, block) {
  let root = text.indexOf("{");
  if (root === -1) return `{
	"${object}": {
		${block}
	}
}${text}`;
  let container = containerIn(text, object);
  if (container !== void 0) return insert(text, container, block);
  let parent = objectAt(text, root), space = spaceBefore(text, parent), step = space.replace(/^.*\n/s, ""), [before, after] = /\n/.test(space) ? [space + step, space] : ["", ""];
  return insert(text, parent, `"${object}": {${before}${block}${after}}`);
}
function insert(text, object, block) {
  let last = object.members.at(-1);
  return last === void 0 ? text.slice(0, object.inner) + block + text.slice(object.inner) : `${text.slice(0, last.end)},${spaceBefore(text, object)}${block}${text.slice(last.end)}`;
}
function spaceBefore(text, { inner, members }) {
  let last = members.at(-1);
  return last === void 0 ? "" : /[ \t\r\n]*$/.exec(text.slice(inner, last.start))?.[0] ?? "";
}
function removeMember(text, object, { start, end }) {
  let index = object?.members.findIndex((one) => one.start === start) ?? -1;
  if (object === void 0 || index === -1) return text;
  let [before, after] = [object.members[index - 1], object.members[index + 1]];
  return before !== void 0 ? text.slice(0, before.end) + text.slice(end) : text.slice(0, start) + text.slice(after?.start ?? end);
}
function find(text, pointer) {
  let [, container, host] = pointer.split("/"), root = text.indexOf("{");
  if (root === -1) return;
  if (container === void 0) return { parent: void 0, object: objectAt(text, root), start: root };
  let parent = host === void 0 ? objectAt(text, root) : containerIn(text, container), isNamed = ({ name }) => host === void 0 ? name.toLowerCase() === container.toLowerCase() : name === host, member = parent?.members.find(isNamed);
  if (!(parent === void 0 || member === void 0 || text[member.valueStart] !== "{"))
    return { parent, object: objectAt(text, member.valueStart), start: member.start };
}
function removeObjects(text, pointers) {
  let depth = (pointer) => pointer.split("/").length;
  return pointers.toSorted((a, b) => depth(b) - depth(a)).reduce((left, pointer) => {
    let found = find(left, pointer);
    if (found === void 0 || found.object.members.length > 0) return left;
    let { parent, object, start } = found;
    return parent === void 0 ? left.slice(0, start) + left.slice(object.end) : removeMember(left, parent, { start, end: object.end });
  }, text);
}
function settingOf(member) {
  let offset = objectStart(member);
  try {
    let value = JSON.parse(member.slice(offset));
    if (typeof value == "string") return ["helper", value];
    let { auth } = Object(value);
    return typeof auth == "string" && auth !== "" ? ["auth", auth.slice(-TAIL)] : void 0;
  } catch {
    return;
  }
}
function objectStart(member) {
  let name = nameAt(member, 0);
  return member.indexOf(":", name.length) + 1;
}

// src/profiles/docker-config.ts
function dockerConfigFile({ canonical }, env, home) {
  let directory = env("DOCKER_CONFIG") || home && path.join(home, ".docker");
  if (directory === void 0)
    throw new ActionError(
      "INPUT_INVALID",
      `\`export-for\` ocir needs a home directory for Docker's config file: set ${homeVariable()} or DOCKER_CONFIG.`
    );
  if (isFullPath(directory)) return canonical(path.join(directory, "config.json"));
  let what = `DOCKER_CONFIG is ${JSON.stringify(directory)}, which Docker resolves against the directory of each step.`;
  throw new ActionError("PATH_UNSAFE", what, { remedy: "Set DOCKER_CONFIG to an absolute path." });
}
function formatOf({ member }) {
  return member === void 0 ? INI : membersOf(member);
}
function blankPassword(files, loginId, installed) {
  let { member, settingsDigest } = installed;
  if (member !== "auths") return;
  let owner = { loginId, settingsDigest };
  blankIn(
    files,
    installed,
    (text) => blankPasswords(text, (one) => isSectionOf(owner, one, membersOf(member)))
  );
}

export {
  helperName,
  membersOf,
  dockerConfigFile,
  formatOf,
  blankPassword
};
