import {
  readKeyPair
} from "./shared-11.js";
import {
  isInside,
  pathsOf
} from "./shared-8.js";
import {
  ActionError,
  Contention,
  parseObject
} from "./shared-6.js";
import {
  Secret
} from "./shared-13.js";

// src/node/system.ts
import fs from "node:fs";
var systemClock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
};
function createForwardClock({ now, sleep }, elapsed = () => performance.now()) {
  let offset = Number.NEGATIVE_INFINITY;
  return {
    now() {
      return offset = Math.max(offset, now() - elapsed()), Math.round(elapsed() + offset);
    },
    sleep
  };
}
var thisSystem = {
  platform: process.platform,
  fs,
  uid: process.getuid?.(),
  temporary: process.env.RUNNER_TEMP || void 0,
  workspace: process.env.GITHUB_WORKSPACE || void 0
}, FIRST_DELAY_MS = 10, RETRIES = 7, IN_USE = ["EPERM", "EACCES", "EBUSY", "ENOTEMPTY"];
function retryWhileInUse({ platform, fs: fs2 }, action) {
  for (let retry = 0; ; retry += 1)
    try {
      return action();
    } catch (error) {
      if (platform !== "win32" || !IN_USE.includes(codeOf(error) ?? "")) throw error;
      let held = retry === RETRIES && heldPath(fs2, error);
      if (held) throw new Contention(`${held} was open in another program`);
      if (retry === RETRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FIRST_DELAY_MS * 2 ** retry);
    }
}
var UV_FS_O_EXLOCK = 268435456;
function heldPath(fs2, { path: path5, dest = path5 }) {
  return dest !== void 0 && isHeld(fs2, dest) ? dest : void 0;
}
function isHeld(fs2, file) {
  try {
    return fs2.closeSync(fs2.openSync(file, fs2.constants.O_RDWR | UV_FS_O_EXLOCK)), !1;
  } catch (error) {
    return codeOf(error) === "EBUSY";
  }
}
function codeOf(error) {
  return error.code;
}
var CANNOT_MOVE = ["EXDEV", "EBUSY"];
function withFileErrors(path5, action) {
  try {
    return action();
  } catch (error) {
    let { code, syscall } = error;
    if (error instanceof ActionError || code === void 0) throw error;
    let isUnsafe = code === "ELOOP" || code === "EEXIST", cause = CANNOT_MOVE.includes(code) ? " It is a mount point, or a directory of a container image." : "";
    throw new ActionError(
      isUnsafe ? "PATH_UNSAFE" : "FILES_NOT_WRITABLE",
      `${path5}: ${syscall ?? "access"} failed (${code}).${cause}`
    );
  }
}

// src/node/files.ts
import { dirname, join } from "node:path";

// src/node/canonical-path.ts
function canonicalPath(name, kind = "file", system = thisSystem) {
  let { fs: fs2, platform } = system, { basename, dirname: dirname2, join: join2, normalize } = pathsOf(platform), isLink = () => {
    try {
      return fs2.lstatSync(name).isSymbolicLink();
    } catch {
      return !1;
    }
  }, resolve = (one) => {
    try {
      return fs2.realpathSync.native(one);
    } catch {
      return dirname2(one) === one ? normalize(one) : join2(resolve(dirname2(one)), basename(one));
    }
  };
  return kind === "file" && isLink() ? join2(resolve(dirname2(name)), basename(name)) : resolve(name);
}

// src/node/file-content.ts
var OWNER_FILE = 384, SECOND_NS = 1000000000n;
function stateOf({ fs: fs2, platform }, path5) {
  let stats = fs2.lstatSync(path5, { throwIfNoEntry: !1, bigint: !0 });
  if (stats === void 0) return { id: "absent", ageMs: 1 / 0, quietMs: 1 / 0, openMode: void 0 };
  let { ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats, mode = Number(stats.mode) & 4095, isOpen = platform !== "win32" && (mode & 63) !== 0, now = systemClock.now(), ageMs = isForeign(stats) ? now - Number(mtimeMs) : 1 / 0;
  return { id: [ino, size, mtimeNs, ctimeNs].join(":"), ageMs, quietMs: now - Number(ctimeMs), openMode: isOpen ? mode : void 0 };
}
function openNoFollow({ fs: fs2, platform }, path5, flags, mode) {
  if (platform !== "win32") return fs2.openSync(path5, flags | fs2.constants.O_NOFOLLOW, mode);
  if (fs2.lstatSync(path5, { throwIfNoEntry: !1 })?.isSymbolicLink())
    throw Object.assign(new Error("a link"), { code: "ELOOP", syscall: "open" });
  return fs2.openSync(path5, flags, mode);
}
function withDescriptor(system, path5, flags, work, mode) {
  let descriptor = openNoFollow(system, path5, flags, mode);
  try {
    return work(descriptor);
  } finally {
    system.fs.closeSync(descriptor);
  }
}
function read(system, path5) {
  let { fs: fs2 } = system;
  return withDescriptor(system, path5, fs2.constants.O_RDONLY, (descriptor) => fs2.readFileSync(descriptor));
}
function setMode(system, path5, mode) {
  let { fs: fs2 } = system;
  (fs2.lstatSync(path5).mode & 4095) !== mode && withDescriptor(system, path5, fs2.constants.O_RDONLY, (descriptor) => fs2.fchmodSync(descriptor, mode));
}
function remove(system, path5, recursive = !1) {
  retryWhileInUse(system, () => system.fs.rmSync(path5, { force: !0, recursive }));
}
function writeNew(system, path5, content, mode = OWNER_FILE) {
  let { fs: fs2, platform } = system, { O_WRONLY, O_CREAT, O_EXCL } = fs2.constants, write = (descriptor) => {
    platform === "win32" || (fs2.fstatSync(descriptor).mode & 511) === mode || fs2.fchmodSync(descriptor, mode), fs2.writeFileSync(descriptor, content);
  };
  withDescriptor(system, path5, O_WRONLY | O_CREAT | O_EXCL, write, mode);
}
function overwrite(system, path5, content) {
  let { fs: fs2 } = system, time = ourTime(system, path5);
  withDescriptor(system, path5, fs2.constants.O_WRONLY, (descriptor) => {
    fs2.writeFileSync(descriptor, content), fs2.ftruncateSync(descriptor, content.length);
    try {
      fs2.futimesSync(descriptor, time, time);
    } catch {
    }
  });
}
function replace(system, path5, content, scratch, mode = OWNER_FILE, beforeRename = () => {
}) {
  let { fs: fs2 } = system;
  remove(system, scratch);
  try {
    writeNew(system, scratch, content, mode);
    let time = ourTime(system, path5);
    fs2.utimesSync(scratch, time, time), beforeRename(), retryWhileInUse(system, () => fs2.renameSync(scratch, path5));
  } catch (error) {
    throw remove(system, scratch), error;
  }
}
function ourTime(system, path5) {
  let stats = system.fs.lstatSync(path5, { throwIfNoEntry: !1, bigint: !0 });
  return stats && isForeign(stats) && systemClock.now() - Number(stats.mtimeMs) < 1e3 ? Number(stats.mtimeNs) / Number(SECOND_NS) : Math.floor(systemClock.now() / 1e3);
}
var isForeign = ({ mtimeNs }) => mtimeNs % SECOND_NS !== 0n;

// src/node/rewrite.ts
var OWNER_FILE2 = 384, OWNER_WRITE = 128, BLANK = 32;
function rewrite(system, path5, content, state, plan) {
  let present = lstat(system, path5), mode = present && !plan.isSecret ? present.mode & 4095 : OWNER_FILE2;
  if (present !== void 0 && (plan.isSecret || (mode & 63) !== 0) && present.nlink === 1) {
    writeInPlace(system, path5, content, state, plan);
    return;
  }
  try {
    replace(system, path5, content, plan.scratch, mode, () => {
      present !== void 0 && giveOwner(system, plan.scratch, present), assertState(system, path5, state);
    });
  } catch (error) {
    let { syscall = "" } = error;
    if (present === void 0 || !["rename", "chown"].includes(syscall)) throw error;
    writeInPlace(system, path5, content, state, plan);
  }
}
function giveOwner({ fs: fs2 }, scratch, { uid, gid }) {
  let made = fs2.lstatSync(scratch);
  (made.uid !== uid || made.gid !== gid) && fs2.chownSync(scratch, uid, gid);
}
function writeInPlace(system, path5, content, state, { journal, scratch, isSecret }) {
  let mode = system.fs.lstatSync(path5).mode & 4095, before = read(system, path5), header = Buffer.from(`${mode} ${before.length}
`);
  replace(system, journal, Buffer.concat([header, before, content]), scratch);
  try {
    assertState(system, path5, state), isSecret && makePrivate(system, path5), fill(system, path5, content, isSecret ? OWNER_FILE2 : mode);
  } catch (error) {
    throw error instanceof Contention ? remove(system, journal) : undoRewrite(system, path5, journal), error;
  }
  remove(system, journal);
}
function undoRewrite(system, path5, journal) {
  if (!lstat(system, journal)?.isFile()) return;
  let record = Buffer.from(read(system, journal)), start = record.indexOf(`
`) + 1, [mode = 0, length = 0] = record.toString("latin1", 0, start).split(" ").map(Number), [before, after] = [record.subarray(start, start + length), record.subarray(start + length)], stats = lstat(system, path5);
  if (stats?.isFile()) {
    let present = Buffer.from(read(system, path5)), wanted = stats.mode & mode;
    present.equals(before) ? setMode(system, path5, wanted) : isMix(present, before, after) && fill(system, path5, before, wanted);
  }
  remove(system, journal);
}
function isMix(present, before, after) {
  let isKnown = (byte, at) => [before[at], after[at], BLANK].includes(byte);
  return present.length >= before.length && present.every(isKnown);
}
function fill(system, path5, content, mode) {
  setMode(system, path5, mode | OWNER_WRITE), overwrite(system, path5, content), setMode(system, path5, mode);
}
function makePrivate(system, path5) {
  try {
    setMode(system, path5, OWNER_FILE2);
  } catch {
  }
  let mode = system.fs.lstatSync(path5).mode & 511;
  if ((mode & 63) !== 0)
    throw new ActionError(
      "PATH_UNSAFE",
      `${path5} gets credentials, but others can read it (mode ${mode.toString(8)}), and this user cannot change the mode. Run \`chmod 600\` on it as its owner, or choose a file on another file system.`
    );
}
var lstat = ({ fs: fs2 }, path5) => fs2.lstatSync(path5, { throwIfNoEntry: !1 });
function assertState(system, path5, state) {
  if (stateOf(system, path5).id !== state) throw new Contention(`${path5} has been changed`);
}

// src/node/unsafe-path.ts
import path from "node:path";
var ROOT = 0, STICKY = 512, WRITABLE_BY_GROUP = 16, WRITABLE_BY_ALL = 2;
function unsafeReason(system, paths) {
  let canonical = (name) => name && canonicalPath(name, "directory", system), machine = {
    system,
    trusted: trustedUsers(system),
    runnerTemp: canonical(system.temporary),
    checkout: canonical(system.workspace),
    safe: /* @__PURE__ */ new Set()
  };
  for (let wanted of paths) {
    let { path: name } = wanted, reason = withFileErrors(name, () => reasonOf(machine, wanted) ?? reasonAbove(machine, name));
    if (reason !== void 0) return `${name} ${reason}`;
  }
}
function reasonOf(machine, { path: wanted, use }) {
  let { system, checkout } = machine, { platform, fs: fs2, uid } = system, entry = fs2.lstatSync(wanted, { throwIfNoEntry: !1 }), isPosix = platform !== "win32", kind = use === "directory" ? "directory" : "file";
  if (entry?.isSymbolicLink() && !(isPosix && entry.uid === ROOT && uid !== ROOT))
    return `should be a ${kind} but is a link`;
  let stats = fs2.statSync(wanted, { throwIfNoEntry: !1 });
  if (stats && !(kind === "directory" ? stats.isDirectory() : stats.isFile()))
    return `should be a ${kind} but is not`;
  if (checkout && isInside(canonicalPath(wanted, kind, system), checkout, platform))
    return `is in the checkout ${checkout}, where later steps could publish it`;
  if (!isPosix || stats === void 0) return;
  let isModeChecked = use !== "shared file", reason = foreignReason(machine, stats) ?? (isModeChecked ? writableReason(machine, stats) : void 0);
  return reason === void 0 && machine.safe.add(wanted), reason;
}
function reasonAbove(machine, wanted) {
  let { system, runnerTemp, safe } = machine, { platform, fs: fs2 } = system;
  if (platform !== "win32")
    for (let directory of directoriesAbove(system, wanted)) {
      if (safe.has(directory) || runnerTemp && isInside(runnerTemp, directory, platform)) continue;
      let above = fs2.lstatSync(directory, { throwIfNoEntry: !1 });
      if (above === void 0) continue;
      let isOpen = !above.isSymbolicLink() && (above.mode & STICKY) === 0, reason = foreignReason(machine, above) ?? (isOpen ? writableReason(machine, above) : void 0);
      if (reason !== void 0) return `is in ${directory}, which ${reason}`;
      safe.add(directory);
    }
}
function directoriesAbove(system, wanted) {
  let parentsOf = (one) => path.dirname(one) === one ? [] : [path.dirname(one), ...parentsOf(path.dirname(one))], parent = canonicalPath(path.dirname(wanted), "directory", system);
  return /* @__PURE__ */ new Set([...parentsOf(wanted), parent, ...parentsOf(parent)]);
}
function foreignReason({ system, trusted }, { uid }) {
  if (!trusted.includes(uid))
    return `belongs to user ${uid}, but this job runs as user ${system.uid}. Run \`chown\` on it or choose another directory`;
}
function writableReason({ system, trusted }, { mode, gid }) {
  let byAll = (mode & WRITABLE_BY_ALL) !== 0;
  return !byAll && ((mode & WRITABLE_BY_GROUP) === 0 || isPrivateGroup(gid, system, trusted)) ? void 0 : `can be written by ${byAll ? "every user of this machine" : `group ${gid}`} (mode ${(mode & 4095).toString(8)}). Run \`chmod go-w\` on it or choose another directory`;
}
function trustedUsers({ fs: fs2, uid, temporary }) {
  let runner = temporary === void 0 ? void 0 : fs2.statSync(temporary, { throwIfNoEntry: !1 })?.uid;
  return [ROOT, uid, runner].filter((one) => one !== void 0);
}
function isPrivateGroup(gid, system, trusted) {
  if (system.platform !== "linux") return !1;
  let [accounts, groups] = [tableOf(system, "/etc/passwd"), tableOf(system, "/etc/group")], names = groups.filter(([, , id]) => Number(id) === gid).flatMap(([, , , members2 = ""]) => members2.split(",").filter((name) => name !== "")), members = accounts.filter(([name = "", , , group]) => Number(group) === gid || names.includes(name)).map(([, , id]) => Number(id)), isUnknown = (name) => !accounts.some(([account]) => account === name);
  if (names.some(isUnknown) || members.some((one) => !trusted.includes(one))) return !1;
  let isOfUser = (one) => one !== ROOT && trusted.includes(one);
  return members.some(isOfUser) || members.length === 0 && isOfUser(gid);
}
function tableOf({ fs: fs2 }, file) {
  return (fs2.existsSync(file) ? fs2.readFileSync(file, "utf8") : "").split(`
`).map((line) => line.split(":"));
}

// src/node/files.ts
var OWNER_DIRECTORY = 448, MAX_BYTES = 64 * 2 ** 20, nodeFiles = createFiles(thisSystem);
function createFiles(system) {
  let { fs: fs2 } = system, kindOf = (path5) => kindFrom(unlessAbsent(() => fs2.lstatSync(path5, { throwIfNoEntry: !1 })));
  return {
    canonical: (path5, kind) => canonicalPath(path5, kind, system),
    kind: (path5) => withFileErrors(path5, () => kindOf(path5)),
    state: (path5) => withFileErrors(path5, () => stateOf(system, path5)),
    unsafeReason: (paths) => unsafeReason(system, paths),
    read: (path5) => withFileErrors(path5, () => retryWhileInUse(system, () => read2(system, path5))),
    realPath: (path5) => withFileErrors(path5, () => unlessAbsent(() => fs2.realpathSync.native(path5))),
    allowOwner: (path5) => allowOwner(system, path5),
    overwrite: (path5, edit) => withFileErrors(path5, () => overwriteParts(system, path5, edit)),
    assertWritable: (directory) => withFileErrors(directory, () => fs2.accessSync(directory, fs2.constants.W_OK | fs2.constants.X_OK)),
    list: (directory) => withFileErrors(
      directory,
      () => kindOf(directory) === "directory" ? unlessAbsent(() => fs2.readdirSync(directory)) ?? [] : []
    ),
    makeDirectory: (path5) => withFileErrors(path5, () => fs2.mkdirSync(path5, { mode: OWNER_DIRECTORY })),
    ensureDirectory: (path5) => withFileErrors(path5, () => {
      try {
        fs2.mkdirSync(path5, { mode: OWNER_DIRECTORY });
      } catch (error) {
        if (!(codeOf(error) === "ENOENT" && kindOf(dirname(path5)) === "absent") && kindOf(path5) !== "directory") throw error;
      }
    }),
    create: (path5, content) => withFileErrors(path5, () => writeNew(system, path5, content)),
    replace: (path5, content, scratch) => withFileErrors(path5, () => replace(system, path5, content, scratch)),
    rewrite: (path5, content, state, plan) => withFileErrors(path5, () => rewrite(system, path5, content, state, plan)),
    undoRewrite: (path5, journal) => withFileErrors(path5, () => undoRewrite(system, path5, journal)),
    setMode: (path5, mode) => withFileErrors(path5, () => setMode(system, path5, mode)),
    rename: (from, to) => withFileErrors(from, () => retryWhileInUse(system, () => fs2.renameSync(from, to))),
    remove: (path5) => withFileErrors(path5, () => remove(system, path5)),
    removeTree: (path5) => withFileErrors(path5, () => removeTree(system, path5)),
    removeIfEmpty: (directory) => withFileErrors(directory, () => {
      try {
        fs2.rmdirSync(directory);
      } catch (error) {
        if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(codeOf(error) ?? "")) throw error;
      }
    })
  };
}
function unlessAbsent(action) {
  try {
    return action();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return;
    throw error;
  }
}
function kindFrom(stats) {
  return stats === void 0 ? "absent" : stats.isFile() ? "file" : stats.isDirectory() ? "directory" : stats.isSymbolicLink() ? "link" : "other";
}
function read2(system, path5) {
  let { fs: fs2 } = system;
  if (kindFrom(unlessAbsent(() => fs2.lstatSync(path5, { throwIfNoEntry: !1 }))) === "file")
    return unlessAbsent(
      () => withDescriptor(
        system,
        path5,
        fs2.constants.O_RDONLY,
        (descriptor) => fs2.fstatSync(descriptor).size > MAX_BYTES ? void 0 : fs2.readFileSync(descriptor)
      )
    );
}
function overwriteParts(system, path5, edit) {
  let { fs: fs2 } = system, time = ourTime(system, path5);
  withDescriptor(system, path5, fs2.constants.O_RDWR, (descriptor) => {
    let before = fs2.readFileSync(descriptor), after = Buffer.from(edit(before.toString("latin1")), "latin1"), first = before.findIndex((byte, at) => byte !== after[at]), end = before.findLastIndex((byte, at) => byte !== after[at]) + 1;
    first !== -1 && (fs2.writeSync(descriptor, after, first, end - first, first), fs2.futimesSync(descriptor, time, time));
  });
}
function removeTree(system, path5) {
  let { fs: fs2 } = system;
  try {
    remove(system, path5, !0);
  } catch {
    if (kindFrom(fs2.lstatSync(path5, { throwIfNoEntry: !1 })) === "directory") {
      allowOwner(system, path5);
      for (let name of fs2.readdirSync(path5))
        try {
          removeTree(system, join(path5, name));
        } catch {
        }
    }
    remove(system, path5, !0);
  }
}
function allowOwner({ fs: fs2 }, path5) {
  try {
    fs2.lstatSync(path5).isSymbolicLink() || fs2.chmodSync(path5, OWNER_DIRECTORY);
  } catch {
  }
}

// src/profiles/oci-profile.ts
import path2 from "node:path";

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

// src/profiles/inherited.ts
function inheritedOf(text, keys) {
  let defaults = sectionsNamed(text, "DEFAULT").map((one) => one.text);
  return keys.filter((key) => defaults.some((one) => readKey(one, key) !== void 0));
}
function assertOwnIdentity(text, { file, section }) {
  let keys = inheritedOf(text, ["role_arn", "sso_account_id"]);
  if (keys.length === 0) return;
  let what = `${file} has ${keys.join(", ")} in [DEFAULT]. The AWS CLI and boto3 add it to [${section}], and would use another identity.`;
  throw new ActionError("PROFILE_AMBIGUOUS", what);
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
  let session = path2.join(path2.dirname(configFile), "sessions", profile);
  return { session, ...sessionFilesIn(session) };
}
function sessionFilesIn(session) {
  return { keyFile: path2.join(session, "oci_api_key.pem"), tokenFile: path2.join(session, "token") };
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
var MARKER = new RegExp(`^${MARKER_START}([0-9a-f]+) of job ([0-9a-f]+)`, "m");
function renderSection(section, { loginId, jobId }, lines, lineEnd) {
  let marker = `${MARKER_START}${loginId} of job ${jobId}, removed by its post step`;
  return encode([`[${section}]`, marker, ...lines].map((line) => line + lineEnd).join(""));
}
function ownerOf(sectionText) {
  let [, loginId, jobId] = MARKER.exec(sectionText) ?? [];
  return loginId === void 0 || jobId === void 0 ? void 0 : { loginId, jobId };
}
var UNIQUE = ["fingerprint", "aws_access_key_id", "web_identity_token_file"];
function uniqueSettingOf(sectionText) {
  return settingsIn(sectionText).find(([key]) => UNIQUE.includes(key));
}
function settingsDigestOf(loginId, sectionText) {
  let settings = uniqueSettingOf(sectionText) ?? settingsIn(sectionText);
  return createHash("sha256").update(JSON.stringify([loginId, settings])).digest("hex");
}
function isSectionOf({ loginId, settingsDigest }, sectionText) {
  let owner = ownerOf(sectionText);
  return owner !== void 0 ? owner.loginId === loginId : settingsDigestOf(loginId, sectionText) === settingsDigest;
}
function isSameSection(a, b) {
  return a.file === b.file && a.section === b.section;
}
function isSameDirectory(a, b) {
  return a.directory !== null && a.directory === b.directory;
}
function assertReadable({ file }, text) {
  if (!isReadable(text))
    throw new ActionError("CONFIG_UNREADABLE", `${file} is not plain text (UTF-16 or binary).`);
}
function findReplaceable(text, { target: { file, section }, overwrite: overwrite2 }) {
  let [present, ...more] = sectionsNamed(text, section);
  if (more.length > 0)
    throw new ActionError(
      "PROFILE_AMBIGUOUS",
      `${file} has ${more.length + 1} sections that clients read as [${section}].`
    );
  if (present === void 0 || overwrite2 || ownerOf(present.text) !== void 0) return present;
  let what = `${file} has a section [${section}] that this action did not write.`;
  throw new ActionError("PROFILE_EXISTS", what);
}

// src/profiles/ledger.ts
import path4 from "node:path";

// src/profiles/shared-file.ts
import path3 from "node:path";
function lockOf(file) {
  return path3.join(path3.dirname(file), "oci-wif-action");
}
function scratchFile(file) {
  return path3.join(path3.dirname(file), ".oci-wif-action-scratch");
}
function journalFile(file) {
  return path3.join(path3.dirname(file), `.oci-wif-action-journal-${path3.basename(file)}`);
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
function ledgerFile(file) {
  return path4.join(path4.dirname(file), ".oci-wif-action-ledger.json");
}
function readLedger(files, file) {
  let ledger = ledgerFile(file), text = Buffer.from(files.read(ledger) ?? "").toString("utf8"), { version, createdFiles, modes, createdDirectories, entries } = parseObject(text) ?? {}, directory = path4.dirname(file), directories = [directory, path4.join(directory, "sessions")];
  return {
    version: 1,
    createdFiles: texts(createdFiles).map((one) => path4.join(directory, path4.basename(one))).filter((one) => path4.dirname(one) === directory),
    modes: Object.fromEntries(
      Object.entries(Object(modes)).filter(([, mode]) => isMode(mode)).map(([one, mode]) => [path4.join(directory, path4.basename(one)), Number(mode)])
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
function entryOfSection(ledger, file, { name, text }) {
  let target = { file, section: name, directory: null };
  return ledger.entries.findLast(
    (one) => isSameSection(one, target) && one.previousSection !== text && isSectionOf(one, text)
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
  return files.kind(directory) !== "absent" ? [] : [...missingDirectories(files, path4.dirname(directory)), directory];
}
function isDirectory(files, directory) {
  let real = files.realPath(directory);
  return real !== void 0 && files.kind(real) === "directory";
}
var ROUNDS = 5, ROUND_MS = 20;
async function removeDirectories({ files, lock, clock }, file, directories) {
  let vanished = new Error("Another process has removed the directory in which the lock would be."), assertExists = () => {
    if (!isDirectory(files, path4.dirname(file))) throw vanished;
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
  let entry = Object(value), placed = (old, folder) => isText(old) ? path4.join(parent, folder, path4.basename(old)) : old;
  return {
    ...entry,
    file: placed(entry.file, ""),
    directory: placed(entry.directory, "sessions"),
    previousDirectory: placed(entry.previousDirectory, "sessions")
  };
}
function isEntry(value, parent) {
  if (!isTarget(value) || path4.dirname(value.file) !== parent) return !1;
  let { directory, previousDirectory, previousSection, expiresAt, macs } = value, isMoved = isText(previousDirectory) && previousDirectory.startsWith(`${directory}~`) && /^~[0-9a-f]+$/.test(previousDirectory.slice(directory?.length));
  return Array.isArray(macs) && (previousDirectory === null || isMoved) && (previousSection === null || isText(previousSection)) && (expiresAt === null || isDate(expiresAt));
}
function isTarget(value) {
  let { file, section, directory } = Object(value);
  if (!isText(file) || !path4.isAbsolute(file) || !isText(section)) return !1;
  let isName = /^[^/\\~]+$/.test(section) && section !== "." && section !== "..";
  return directory === null || isName && directory === path4.join(path4.dirname(file), "sessions", section);
}

// src/profiles/session-files.ts
import { createHash as createHash2, createHmac } from "node:crypto";
function tokenFileOf({ configFile, profile }) {
  let { keyFile, tokenFile } = sessionPaths(configFile, profile);
  return { file: tokenFile, keyFile, lock: lockOf(configFile) };
}
async function replaceToken({ files, lock }, { file, keyFile, lock: profileLock }, { token, expiresAt }, publicKeyBase64, macKey) {
  let replace2 = () => {
    if (readKeyFile(files, keyFile)?.publicKeyBase64 !== publicKeyBase64) return !1;
    if (profileLock !== null) {
      let ledger = readLedger(files, profileLock), keyDigest = keyDigestOf(publicKeyBase64), entry = ledger.entries.findLast((one) => one.keyDigest === keyDigest), mac = macKey ? [macOf(macKey, { publicKeyBase64 }, { token })] : [], macs = [.../* @__PURE__ */ new Set([...mac, ...entry?.macs ?? []])].slice(0, 2);
      entry && writeLedger(files, profileLock, withChanges(ledger, entry, { expiresAt, macs }));
    }
    return putFile(files, file, token), !0;
  };
  return profileLock === null ? replace2() : lock.hold(profileLock, () => {
  }, replace2);
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
  systemClock,
  createForwardClock,
  thisSystem,
  retryWhileInUse,
  UV_FS_O_EXLOCK,
  isHeld,
  codeOf,
  withFileErrors,
  canonicalPath,
  toText,
  encode,
  lineEndOf,
  listSections,
  sectionsNamed,
  settingLines,
  appendSection,
  replaceSection,
  removeSection,
  withoutNewlineBefore,
  assertOwnIdentity,
  adviseOnFaults,
  sessionPaths,
  sessionFilesIn,
  ociTarget,
  profileLines,
  adviseOnConfigText,
  renderSection,
  ownerOf,
  uniqueSettingOf,
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
  putFile,
  readKeyFile,
  readSecret,
  keyDigestOf,
  macOf,
  keyDigestIn,
  keyDigestOfFile,
  nodeFiles
};
