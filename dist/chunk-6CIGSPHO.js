import {
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
  toBytes,
  toText,
  undoFiles,
  undoName
} from "./chunk-XX766YUF.js";
import {
  codeOf,
  guarded,
  patiently,
  thisSystem
} from "./chunk-NZ2XANWI.js";
import {
  ActionError,
  Contention
} from "./chunk-BDTGGKSB.js";

// src/node/clock.ts
var systemClock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
};

// src/node/directory-trust.ts
function whyUnsafe({ platform, fs, uid }, directory) {
  let itself = fs.lstatSync(directory, { throwIfNoEntry: !1 });
  if (itself === void 0) return;
  let isPosix = platform !== "win32";
  if (itself.isSymbolicLink() && !(isPosix && itself.uid === 0 && uid !== 0))
    return "should be a directory but is a link";
  let stats = fs.statSync(directory);
  if (!stats.isDirectory()) return "should be a directory but is none";
  if (!isPosix) return;
  let mode = stats.mode & 4095;
  if ((mode & 2) !== 0 && (mode & 512) === 0)
    return `can be written by every user of this machine (mode ${mode.toString(8)}): \`chmod go-w\` it`;
  if (!(uid === 0 || stats.uid === uid || stats.uid === 0))
    return `belongs to the user with number ${stats.uid}, while this job runs as ${uid}: \`chown\` it, or use another`;
}

// src/node/files.ts
var OWNER_FILE = 384, OWNER_DIRECTORY = 448, nodeFiles = createFiles(thisSystem);
function createFiles(system) {
  let { fs } = system, kindOf = (path3) => kindBy(fs.lstatSync(path3, { throwIfNoEntry: !1 }));
  return {
    kind: (path3) => guarded(path3, () => kindOf(path3)),
    state: (path3) => guarded(path3, () => stateOf(system, path3)),
    whyUnsafe: (directory) => guarded(directory, () => whyUnsafe(system, directory)),
    read: (path3) => guarded(path3, () => {
      let descriptor = openHere(system, path3, fs.constants.O_RDONLY);
      try {
        return fs.readFileSync(descriptor);
      } finally {
        fs.closeSync(descriptor);
      }
    }),
    list: (directory) => guarded(directory, () => kindOf(directory) === "directory" ? fs.readdirSync(directory) : []),
    makeDirectory: (path3) => guarded(path3, () => fs.mkdirSync(path3, { mode: OWNER_DIRECTORY })),
    ensureDirectory: (path3) => guarded(path3, () => {
      try {
        fs.mkdirSync(path3, { mode: OWNER_DIRECTORY });
      } catch (error) {
        if (kindOf(path3) !== "directory") throw error;
      }
    }),
    create: (path3, content) => guarded(path3, () => writeNew(system, path3, content, OWNER_FILE)),
    replace: (path3, content, scratch, state) => guarded(path3, () => {
      let mode = kindOf(path3) === "file" ? fs.statSync(path3).mode & 511 : OWNER_FILE;
      replaceBy(system, { path: path3, content, scratch, mode, state });
    }),
    rename: (from, to) => guarded(from, () => patiently(system, () => fs.renameSync(from, to))),
    remove: (path3) => guarded(path3, () => remove(system, path3, !1)),
    removeTree: (path3) => guarded(path3, () => remove(system, path3, !0)),
    removeIfEmpty: (directory) => guarded(directory, () => {
      try {
        fs.rmdirSync(directory);
      } catch (error) {
        if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(codeOf(error) ?? "")) throw error;
      }
    })
  };
}
function kindBy(stats) {
  return stats === void 0 ? "absent" : stats.isFile() ? "file" : stats.isDirectory() ? "directory" : stats.isSymbolicLink() ? "link" : "other";
}
var SECOND_NS = 1000000000n;
function stateOf({ fs }, path3) {
  let stats = fs.lstatSync(path3, { throwIfNoEntry: !1, bigint: !0 });
  if (stats === void 0)
    return { id: "absent", ageMs: Number.POSITIVE_INFINITY, quietMs: Number.POSITIVE_INFINITY };
  let { ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats, now = systemClock.now(), ageMs = mtimeNs % SECOND_NS === 0n ? Number.POSITIVE_INFINITY : now - Number(mtimeMs);
  return { id: [ino, size, mtimeNs, ctimeNs].join(":"), ageMs, quietMs: now - Number(ctimeMs) };
}
function openHere({ fs, platform }, path3, flags, mode) {
  if (platform !== "win32") return fs.openSync(path3, flags | fs.constants.O_NOFOLLOW, mode);
  if (fs.lstatSync(path3, { throwIfNoEntry: !1 })?.isSymbolicLink())
    throw Object.assign(new Error("a link"), { code: "ELOOP", syscall: "open" });
  return fs.openSync(path3, flags, mode);
}
function remove(system, path3, recursive) {
  patiently(system, () => system.fs.rmSync(path3, { force: !0, recursive }));
}
function replaceBy(system, { path: path3, content, scratch, mode, state }) {
  remove(system, scratch, !1);
  try {
    writeNew(system, scratch, content, mode);
    let second = Math.floor(systemClock.now() / 1e3);
    if (system.fs.utimesSync(scratch, second, second), state !== void 0 && stateOf(system, path3).id !== state)
      throw new Contention(`${path3} has been changed`);
    patiently(system, () => system.fs.renameSync(scratch, path3));
  } catch (error) {
    throw remove(system, scratch, !1), error;
  }
}
function writeNew(system, path3, content, mode) {
  let { fs, platform } = system, { O_WRONLY, O_CREAT, O_EXCL } = fs.constants, descriptor = openHere(system, path3, O_WRONLY | O_CREAT | O_EXCL, mode);
  try {
    platform !== "win32" && fs.fchmodSync(descriptor, mode), fs.writeFileSync(descriptor, content);
  } finally {
    fs.closeSync(descriptor);
  }
}

// src/profiles/remove.ts
import path2 from "node:path";

// src/profiles/bequeath.ts
import path from "node:path";

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
function unlessVanished(error) {
  if (error instanceof Vanished) return !0;
  throw error;
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
], STALE_FOR_SESSION = ["AWS_SECURITY_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"], OUTRANKING_FOR_AWS = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];
function adviseOnAwsProfiles(env, profile) {
  let names = OUTRANKING_FOR_AWS.filter((name) => !!env(name) && env(name) !== profile);
  if (names.length !== 0)
    return `${names.join(", ")} is set in this job: some AWS SDKs put a profile above the role just assumed. Remove it.`;
}

export {
  systemClock,
  nodeFiles,
  LOOK_AGAIN_MS,
  readText,
  readShared,
  replaceShared,
  readRecord,
  writeRecord,
  sessionsAt,
  undoSection,
  undoUnderLock,
  variablesForAwsRegion,
  variablesForWebIdentity,
  AWS_CREDENTIALS,
  STALE_FOR_SESSION,
  adviseOnAwsProfiles
};
