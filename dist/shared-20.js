import {
  codeOf,
  retryWhileInUse,
  systemClock,
  thisSystem,
  withFileErrors
} from "./shared-22.js";
import {
  isInside,
  pathsOf
} from "./shared-17.js";
import {
  ActionError,
  Contention
} from "./shared-13.js";

// src/node/files.ts
import { dirname, join } from "node:path";

// src/node/canonical-path.ts
function canonicalPath(name, kind = "file", system = thisSystem) {
  let { fs, platform } = system, { basename, dirname: dirname2, join: join2, normalize } = pathsOf(platform), isLink = () => {
    try {
      return fs.lstatSync(name).isSymbolicLink();
    } catch {
      return !1;
    }
  }, resolve = (one) => {
    try {
      return fs.realpathSync.native(one);
    } catch {
      return dirname2(one) === one ? normalize(one) : join2(resolve(dirname2(one)), basename(one));
    }
  };
  return kind === "file" && isLink() ? join2(resolve(dirname2(name)), basename(name)) : resolve(name);
}

// src/node/file-content.ts
var OWNER_FILE = 384, OWNER_WRITE = 128, SECOND_NS = 1000000000n;
function stateOf({ fs, platform }, path2) {
  let stats = fs.lstatSync(path2, { throwIfNoEntry: !1, bigint: !0 });
  if (stats === void 0) return { id: "absent", ageMs: 1 / 0, quietMs: 1 / 0, openMode: void 0 };
  let { ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats, mode = Number(stats.mode) & 4095, isOpen = platform !== "win32" && (mode & 63) !== 0, now = systemClock.now(), ageMs = isForeign(stats) ? now - Number(mtimeMs) : 1 / 0;
  return { id: [ino, size, mtimeNs, ctimeNs].join(":"), ageMs, quietMs: now - Number(ctimeMs), openMode: isOpen ? mode : void 0 };
}
function openNoFollow({ fs, platform }, path2, flags, mode) {
  if (platform !== "win32") return fs.openSync(path2, flags | fs.constants.O_NOFOLLOW, mode);
  if (fs.lstatSync(path2, { throwIfNoEntry: !1 })?.isSymbolicLink())
    throw Object.assign(new Error("a link"), { code: "ELOOP", syscall: "open" });
  return fs.openSync(path2, flags, mode);
}
function withDescriptor(system, path2, flags, work, mode) {
  let descriptor = openNoFollow(system, path2, flags, mode);
  try {
    return work(descriptor);
  } finally {
    system.fs.closeSync(descriptor);
  }
}
function read(system, path2) {
  let { fs } = system;
  return withDescriptor(system, path2, fs.constants.O_RDONLY, (descriptor) => fs.readFileSync(descriptor));
}
function setMode(system, path2, mode) {
  let { fs } = system;
  (fs.lstatSync(path2).mode & 4095) !== mode && withDescriptor(system, path2, fs.constants.O_RDONLY, (descriptor) => fs.fchmodSync(descriptor, mode));
}
function remove(system, path2, recursive = !1) {
  retryWhileInUse(system, () => system.fs.rmSync(path2, { force: !0, recursive }));
}
function writeNew(system, path2, content, mode = OWNER_FILE) {
  let { fs, platform } = system, { O_WRONLY, O_CREAT, O_EXCL } = fs.constants, write = (descriptor) => {
    platform === "win32" || (fs.fstatSync(descriptor).mode & 511) === mode || fs.fchmodSync(descriptor, mode), fs.writeFileSync(descriptor, content);
  };
  withDescriptor(system, path2, O_WRONLY | O_CREAT | O_EXCL, write, mode);
}
function overwrite(system, path2, content) {
  let { fs } = system, time = ourTime(system, path2);
  withDescriptor(system, path2, fs.constants.O_WRONLY, (descriptor) => {
    fs.writeFileSync(descriptor, content), fs.ftruncateSync(descriptor, content.length);
    try {
      fs.futimesSync(descriptor, time, time);
    } catch {
    }
  });
}
function replace(system, path2, content, scratch, mode = OWNER_FILE, beforeRename = () => {
}) {
  let { fs } = system;
  remove(system, scratch, !0);
  try {
    writeNew(system, scratch, content, mode);
    let time = ourTime(system, path2);
    fs.utimesSync(scratch, time, time), beforeRename(), retryWhileInUse(system, () => fs.renameSync(scratch, path2));
  } catch (error) {
    throw remove(system, scratch, !0), error;
  }
}
function ourTime(system, path2) {
  let stats = system.fs.lstatSync(path2, { throwIfNoEntry: !1, bigint: !0 });
  return stats && isForeign(stats) && systemClock.now() - Number(stats.mtimeMs) < 1e3 ? Number(stats.mtimeNs) / Number(SECOND_NS) : Math.floor(systemClock.now() / 1e3);
}
var isForeign = ({ mtimeNs }) => mtimeNs % SECOND_NS !== 0n;

// src/node/rewrite.ts
var OWNER_FILE2 = 384, BLANK = 32;
function rewrite(system, path2, content, state, plan) {
  let present = lstat(system, path2), mode = present && !plan.isSecret ? present.mode & 4095 : OWNER_FILE2;
  if (present !== void 0 && (plan.isSecret || (mode & 63) !== 0) && present.nlink === 1) {
    writeInPlace(system, path2, content, state, plan);
    return;
  }
  try {
    replace(system, path2, content, plan.scratch, mode, () => {
      present !== void 0 && giveOwner(system, plan.scratch, present), assertState(system, path2, state);
    });
  } catch (error) {
    let { syscall = "" } = error;
    if (present === void 0 || !["rename", "chown"].includes(syscall)) throw error;
    writeInPlace(system, path2, content, state, plan);
  }
}
function giveOwner({ fs }, scratch, { uid, gid }) {
  let made = fs.lstatSync(scratch);
  (made.uid !== uid || made.gid !== gid) && fs.chownSync(scratch, uid, gid);
}
function writeInPlace(system, path2, content, state, { journal, scratch, isSecret }) {
  let mode = system.fs.lstatSync(path2).mode & 4095, before = read(system, path2), header = Buffer.from(`${mode} ${before.length}
`);
  replace(system, journal, Buffer.concat([header, before, content]), scratch);
  try {
    assertState(system, path2, state), isSecret && makePrivate(system, path2), fill(system, path2, content, isSecret ? OWNER_FILE2 : mode);
  } catch (error) {
    throw error instanceof Contention ? remove(system, journal) : undoRewrite(system, path2, journal), error;
  }
  remove(system, journal);
}
function undoRewrite(system, path2, journal) {
  if (!lstat(system, journal)?.isFile()) return;
  let record = Buffer.from(read(system, journal)), start = record.indexOf(`
`) + 1, [mode = 0, length = 0] = record.toString("latin1", 0, start).split(" ").map(Number), [before, after] = [record.subarray(start, start + length), record.subarray(start + length)], stats = lstat(system, path2);
  if (stats?.isFile()) {
    let present = Buffer.from(read(system, path2)), wanted = stats.mode & mode;
    present.equals(before) ? setMode(system, path2, wanted) : isMix(present, before, after) && fill(system, path2, before, wanted);
  }
  remove(system, journal);
}
function isMix(present, before, after) {
  let isKnown = (byte, at) => [before[at], after[at], BLANK].includes(byte);
  return present.length >= before.length && present.every(isKnown);
}
function fill(system, path2, content, mode) {
  setMode(system, path2, mode | OWNER_WRITE), overwrite(system, path2, content), setMode(system, path2, mode);
}
function makePrivate(system, path2) {
  try {
    setMode(system, path2, OWNER_FILE2);
  } catch {
  }
  let mode = system.fs.lstatSync(path2).mode & 511;
  if ((mode & 63) !== 0)
    throw new ActionError(
      "PATH_UNSAFE",
      `${path2} gets credentials, but others can read it (mode ${mode.toString(8)}), and this user cannot change the mode. Run \`chmod 600\` on it as its owner.`
    );
}
var lstat = ({ fs }, path2) => fs.lstatSync(path2, { throwIfNoEntry: !1 });
function assertState(system, path2, state) {
  if (stateOf(system, path2).id !== state) throw new Contention(`${path2} has been changed`);
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
  let { system, checkout } = machine, { platform, fs, uid } = system, entry = fs.lstatSync(wanted, { throwIfNoEntry: !1 }), isPosix = platform !== "win32", kind = use === "directory" ? "directory" : "file";
  if (entry?.isSymbolicLink() && !(isPosix && entry.uid === ROOT && uid !== ROOT))
    return `should be a ${kind} but is a link`;
  let stats = fs.statSync(wanted, { throwIfNoEntry: !1 });
  if (stats && !(kind === "directory" ? stats.isDirectory() : stats.isFile()))
    return `should be a ${kind} but is not`;
  if (checkout && isInside(canonicalPath(wanted, kind, system), checkout, platform))
    return `is in the checkout ${checkout}, where later steps could publish it`;
  if (!isPosix || stats === void 0) return;
  let isModeChecked = use !== "shared file", reason = foreignReason(machine, stats) ?? (isModeChecked ? writableReason(machine, stats) : void 0);
  return reason === void 0 && machine.safe.add(wanted), reason;
}
function reasonAbove(machine, wanted) {
  let { system, runnerTemp, safe } = machine, { platform, fs } = system;
  if (platform !== "win32")
    for (let directory of directoriesAbove(system, wanted)) {
      if (safe.has(directory) || runnerTemp && isInside(runnerTemp, directory, platform)) continue;
      let above = fs.lstatSync(directory, { throwIfNoEntry: !1 });
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
    return `belongs to user ${uid}, but this job runs as user ${system.uid}. Run \`chown\` on it`;
}
function writableReason({ system, trusted }, { mode, gid }) {
  let byAll = (mode & WRITABLE_BY_ALL) !== 0;
  return !byAll && ((mode & WRITABLE_BY_GROUP) === 0 || isPrivateGroup(gid, system, trusted)) ? void 0 : `can be written by ${byAll ? "every user of this machine" : `group ${gid}`} (mode ${(mode & 4095).toString(8)}). Run \`chmod go-w\` on it`;
}
function trustedUsers({ fs, uid, temporary }) {
  let runner = temporary === void 0 ? void 0 : fs.statSync(temporary, { throwIfNoEntry: !1 })?.uid;
  return [ROOT, uid, runner].filter((one) => one !== void 0);
}
function isPrivateGroup(gid, system, trusted) {
  if (system.platform !== "linux") return !1;
  let [accounts, groups] = [tableOf(system, "/etc/passwd"), tableOf(system, "/etc/group")], names = groups.filter(([, , id]) => Number(id) === gid).flatMap(([, , , members2 = ""]) => members2.split(",").filter((name) => name !== "")), members = accounts.filter(([name = "", , , group]) => Number(group) === gid || names.includes(name)).map(([, , id]) => Number(id)), isUnknown = (name) => !accounts.some(([account]) => account === name);
  if (names.some(isUnknown) || members.some((one) => !trusted.includes(one))) return !1;
  let isOfUser = (one) => one !== ROOT && trusted.includes(one);
  return members.some(isOfUser) || members.length === 0 && isOfUser(gid);
}
function tableOf({ fs }, file) {
  return (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "").split(`
`).map((line) => line.split(":"));
}

// src/node/files.ts
var OWNER_DIRECTORY = 448, MAX_BYTES = 64 * 2 ** 20, nodeFiles = createFiles(thisSystem);
function createFiles(system) {
  let { fs } = system, kindOf = (path2) => kindFrom(unlessAbsent(() => fs.lstatSync(path2, { throwIfNoEntry: !1 })));
  return {
    canonical: (path2, kind) => canonicalPath(path2, kind, system),
    kind: (path2) => withFileErrors(path2, () => kindOf(path2)),
    state: (path2) => withFileErrors(path2, () => stateOf(system, path2)),
    unsafeReason: (paths) => unsafeReason(system, paths),
    read: (path2) => withFileErrors(path2, () => retryWhileInUse(system, () => read2(system, path2))),
    realPath: (path2) => withFileErrors(path2, () => unlessAbsent(() => fs.realpathSync.native(path2))),
    allowOwner: (path2) => allowOwner(system, path2),
    overwrite: (path2, edit) => withFileErrors(path2, () => overwriteParts(system, path2, edit)),
    assertWritable: (directory) => withFileErrors(directory, () => fs.accessSync(directory, fs.constants.W_OK | fs.constants.X_OK)),
    list: (directory) => withFileErrors(
      directory,
      () => kindOf(directory) === "directory" ? unlessAbsent(() => fs.readdirSync(directory)) ?? [] : []
    ),
    makeDirectory: (path2) => withFileErrors(path2, () => fs.mkdirSync(path2, { mode: OWNER_DIRECTORY })),
    ensureDirectory: (path2) => withFileErrors(path2, () => {
      try {
        fs.mkdirSync(path2, { mode: OWNER_DIRECTORY });
      } catch (error) {
        if (!(codeOf(error) === "ENOENT" && kindOf(dirname(path2)) === "absent") && kindOf(path2) !== "directory") throw error;
      }
    }),
    create: (path2, content) => withFileErrors(path2, () => writeNew(system, path2, content)),
    replace: (path2, content, scratch) => withFileErrors(path2, () => replace(system, path2, content, scratch)),
    rewrite: (path2, content, state, plan) => withFileErrors(path2, () => rewrite(system, path2, content, state, plan)),
    undoRewrite: (path2, journal) => withFileErrors(path2, () => undoRewrite(system, path2, journal)),
    setMode: (path2, mode) => withFileErrors(path2, () => setMode(system, path2, mode)),
    rename: (from, to) => withFileErrors(from, () => retryWhileInUse(system, () => fs.renameSync(from, to))),
    remove: (path2) => withFileErrors(path2, () => remove(system, path2)),
    removeTree: (path2) => withFileErrors(path2, () => removeTree(system, path2)),
    removeIfEmpty: (directory) => withFileErrors(directory, () => {
      try {
        fs.rmdirSync(directory);
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
function read2(system, path2) {
  let { fs } = system;
  if (kindFrom(unlessAbsent(() => fs.lstatSync(path2, { throwIfNoEntry: !1 }))) === "file")
    return unlessAbsent(
      () => withDescriptor(
        system,
        path2,
        fs.constants.O_RDONLY,
        (descriptor) => fs.fstatSync(descriptor).size > MAX_BYTES ? void 0 : fs.readFileSync(descriptor)
      )
    );
}
function overwriteParts(system, path2, edit) {
  let { fs } = system, time = ourTime(system, path2), mode = fs.lstatSync(path2).mode & 4095;
  setMode(system, path2, mode | OWNER_WRITE), withDescriptor(system, path2, fs.constants.O_RDWR, (descriptor) => {
    let before = fs.readFileSync(descriptor), after = Buffer.from(edit(before.toString("latin1")), "latin1"), first = before.findIndex((byte, at) => byte !== after[at]), end = before.findLastIndex((byte, at) => byte !== after[at]) + 1;
    first !== -1 && (fs.writeSync(descriptor, after, first, end - first, first), fs.futimesSync(descriptor, time, time));
  }), setMode(system, path2, mode);
}
function removeTree(system, path2) {
  let { fs } = system;
  try {
    remove(system, path2, !0);
  } catch {
    if (kindFrom(fs.lstatSync(path2, { throwIfNoEntry: !1 })) === "directory") {
      allowOwner(system, path2);
      for (let name of fs.readdirSync(path2))
        try {
          removeTree(system, join(path2, name));
        } catch {
        }
    }
    remove(system, path2, !0);
  }
}
function allowOwner({ fs }, path2) {
  try {
    fs.lstatSync(path2).isSymbolicLink() || fs.chmodSync(path2, OWNER_DIRECTORY);
  } catch {
  }
}

export {
  canonicalPath,
  nodeFiles
};
