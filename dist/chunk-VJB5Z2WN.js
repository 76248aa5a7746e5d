// src/errors.ts
var REMEDIES = {
  INPUT_INVALID: "Correct the inputs named above under `with:`. Nothing was sent or written.",
  GITHUB_OIDC_UNAVAILABLE: "Give the job `permissions: { id-token: write, contents: read }`. A reusable workflow needs it in its caller too; pull requests from forks never get it.",
  GITHUB_OIDC_REFUSED: "Check that the job is still running and that nothing overrides ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN in `env:`.",
  GITHUB_UNREACHABLE: "Run the job again. A self-hosted runner must reach the host of ACTIONS_ID_TOKEN_REQUEST_URL over HTTPS (status: www.githubstatus.com).",
  GITHUB_RESPONSE_MALFORMED: "Something between the runner and GitHub answered in its place: look for an intercepting proxy or captive portal.",
  OCI_DOMAIN_UNREACHABLE: "Check `domain-url`, and that the runner may reach that host on port 443. Raise `retry-max-attempts` or `timeout-seconds` if the domain is only slow.",
  OCI_TLS_UNTRUSTED: "Behind an inspecting proxy or with a private CA, set NODE_EXTRA_CA_CERTS to its PEM file in the runner's environment. Otherwise check `domain-url` and the clock.",
  OCI_CLIENT_REJECTED: "Check `client-id` and `client-secret` (was the secret regenerated?), that the application is activated, and that `domain-url` is the domain it belongs to.",
  OCI_NO_RULE_MATCHED: "Compare the subject above with the impersonation rules of the trust: exact form, no quotes round the value. Environments, pull requests and tags change the subject; so does the form with ids (repo:OWNER@ID/REPO@ID).",
  OCI_NOT_A_SERVICE_USER: "The user in the trust's rule was created without `serviceUser: true`, which cannot be changed later: create a service user and name its id in the rule.",
  OCI_EXCHANGE_REJECTED: "Compare issuer, audience and subject above with the identity propagation trust: is it active, is this application among its OAuth clients, does the client claim list this audience?",
  OCI_RATE_LIMITED: "The domain limits logins per minute (150 in a Free domain). Spread the jobs, log in once per job, or raise `timeout-seconds`.",
  OCI_RESPONSE_MALFORMED: "Check that `domain-url` is the identity domain's own URL, and that no proxy or portal answers in its place.",
  UPST_EXPIRED: "Compare the clock of the runner with the true time; the token's times and this clock disagree.",
  UPST_KEY_MISMATCH: "Run the job again. If it recurs, something between the runner and the domain replaces tokens: treat it as an attack and rotate the client secret.",
  UPST_TENANCY_MISMATCH: "Either `domain-url` points at a domain of another tenancy or `tenancy` is wrong. Nothing was written.",
  PROFILE_EXISTS: "Choose another `profile`, or set `overwrite-profile: true`: the section is then replaced and put back by the post step.",
  PROFILE_AMBIGUOUS: "Remove all but one of these sections; the OCI CLI cannot read such a file at all.",
  CONFIG_UNREADABLE: "Save the file as UTF-8 text, or point `config-file` at another one.",
  PATH_UNSAFE: "Remove the link or special file, or point `config-file` at the real file in a directory of the runner's own user.",
  FILES_NOT_WRITABLE: "Give the runner's user the right to write there, free some space, or choose another `config-file`.",
  CONFIG_LOCKED: "Another job holds the lock on this config. Run the job again, or give each job its own `config-file`.",
  DEADLINE_EXCEEDED: "Raise `timeout-seconds`, or look at the waits above for the service that was slow.",
  UNEXPECTED: "Run again with debug logging (ACTIONS_STEP_DEBUG=true) and report the stack it shows."
}, ActionError = class extends Error {
  name = "ActionError";
  code;
  requestId;
  status;
  facts;
  constructor(code, whatHappened, details = {}) {
    super(whatHappened, details.cause === void 0 ? void 0 : { cause: details.cause }), this.code = code, this.requestId = details.requestId, this.status = details.status, this.facts = details.facts ?? {};
  }
  get remedy() {
    return REMEDIES[this.code];
  }
};
function toActionError(thrown) {
  if (thrown instanceof ActionError) return thrown;
  let text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : "something that is not an Error was thrown";
  return new ActionError("UNEXPECTED", text, { cause: thrown });
}
var TransportError = class extends Error {
  name = "TransportError";
  fault;
  /** True when the deadline of the whole step, not the number of tries, ended the attempts. */
  outOfTime;
  constructor(fault, whatHappened, outOfTime = !1) {
    super(whatHappened), this.fault = fault, this.outOfTime = outOfTime;
  }
};

// src/platform/clock.ts
var systemClock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
};

// src/platform/files.ts
import fs from "node:fs";
var OWNER_FILE = 384, OWNER_DIRECTORY = 448, NO_FOLLOW = fs.constants.O_NOFOLLOW ?? 0, CREATE = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL | NO_FOLLOW, nodeFiles = {
  kind: (path4) => guarded(path4, () => kindOf(path4)),
  read: (path4) => guarded(path4, () => {
    let descriptor = fs.openSync(path4, fs.constants.O_RDONLY | NO_FOLLOW);
    try {
      return fs.readFileSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  }),
  list: (directory) => guarded(directory, () => kindOf(directory) === "directory" ? fs.readdirSync(directory) : []),
  makeDirectory: (path4) => guarded(path4, () => fs.mkdirSync(path4, { mode: OWNER_DIRECTORY })),
  create: (path4, content) => guarded(path4, () => writeNew(path4, content, OWNER_FILE)),
  replace: (path4, content, scratch) => guarded(path4, () => {
    let mode = kindOf(path4) === "file" ? fs.statSync(path4).mode & 511 : OWNER_FILE;
    fs.rmSync(scratch, { force: !0 }), writeNew(scratch, content, mode), fs.renameSync(scratch, path4);
  }),
  rename: (from, to) => guarded(from, () => fs.renameSync(from, to)),
  remove: (path4) => guarded(path4, () => fs.rmSync(path4, { force: !0 })),
  removeTree: (path4) => guarded(path4, () => fs.rmSync(path4, { force: !0, recursive: !0 })),
  removeIfEmpty: (directory) => guarded(directory, () => {
    try {
      fs.rmdirSync(directory);
    } catch (error) {
      if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(error.code ?? ""))
        throw error;
    }
  })
};
function kindOf(path4) {
  let stats = fs.lstatSync(path4, { throwIfNoEntry: !1 });
  return stats === void 0 ? "absent" : stats.isFile() ? "file" : stats.isDirectory() ? "directory" : stats.isSymbolicLink() ? "link" : "other";
}
function writeNew(path4, content, mode) {
  let descriptor = fs.openSync(path4, CREATE, mode);
  try {
    fs.fchmodSync(descriptor, mode), fs.writeFileSync(descriptor, content);
  } finally {
    fs.closeSync(descriptor);
  }
}
function guarded(path4, action) {
  try {
    return action();
  } catch (error) {
    let { code, syscall } = error;
    if (code === void 0) throw error;
    let unsafe = code === "ELOOP" || code === "EEXIST" ? "PATH_UNSAFE" : "FILES_NOT_WRITABLE";
    throw new ActionError(unsafe, `${path4}: ${syscall ?? "access"} failed (${code}).`);
  }
}

// src/platform/lock.ts
import crypto from "node:crypto";
import fs2 from "node:fs";
import path from "node:path";
var PATIENCE_MS = 3e4, STALE_AFTER_MS = 6e4, MAX_PAUSE_MS = 40;
function createLock(clock) {
  return {
    async hold(target, prepare, work) {
      let mine = contenderPath(target);
      await acquire(target, mine, prepare, clock);
      try {
        return work();
      } finally {
        fs2.rmSync(mine, { force: !0 });
      }
    }
  };
}
async function acquire(target, mine, prepare, clock) {
  let giveUpAt = clock.now() + PATIENCE_MS;
  for (; clock.now() < giveUpAt; ) {
    if (prepare(), livingContenders(target, clock).length === 0 && putDown(mine)) {
      if (livingContenders(target, clock).every((other) => other === path.basename(mine))) return;
      fs2.rmSync(mine, { force: !0 });
    }
    await clock.sleep(1 + Math.random() * MAX_PAUSE_MS);
  }
  throw new ActionError(
    "CONFIG_LOCKED",
    `${target} was locked by other processes for ${PATIENCE_MS / 1e3} s.`
  );
}
function putDown(mine) {
  return guarded(path.dirname(mine), () => {
    try {
      return fs2.closeSync(fs2.openSync(mine, "wx", 384)), !0;
    } catch (error) {
      if (error.code === "ENOENT") return !1;
      throw error;
    }
  });
}
function prefixOf(target) {
  return `.${path.basename(target)}.lock-`;
}
function contenderPath(target) {
  let name = `${prefixOf(target)}${process.pid}-${pidNamespace()}-${crypto.randomBytes(8).toString("hex")}`;
  return path.join(path.dirname(target), name);
}
function livingContenders(target, clock) {
  let directory = path.dirname(target);
  return nodeFiles.list(directory).filter((name) => name.startsWith(prefixOf(target))).filter((name) => isAlive(path.join(directory, name), clock) ? !0 : (fs2.rmSync(path.join(directory, name), { force: !0 }), !1));
}
function isAlive(file, clock) {
  let stats = fs2.lstatSync(file, { throwIfNoEntry: !1 });
  if (stats === void 0 || clock.now() - stats.mtimeMs > STALE_AFTER_MS) return !1;
  let [pid = "", namespace] = path.basename(file).split("lock-").at(-1)?.split("-") ?? [];
  if (namespace !== pidNamespace()) return !0;
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}
function pidNamespace() {
  try {
    return fs2.readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  } catch {
    return "0";
  }
}

// src/profile/undo-record.ts
function parseUndoRecord(text) {
  try {
    let record = JSON.parse(text), paths = [record?.sessionId, record?.jobId, record?.configFile, record?.profile, record?.glue];
    return record?.version === 1 && paths.every((value) => typeof value == "string") && Array.isArray(record.directoriesCreated) && typeof record.exported == "object" ? record : void 0;
  } catch {
    return;
  }
}

// src/usecase/undo-session.ts
import path3 from "node:path";

// src/profile/config-text.ts
var HEADER = /^[ \t]*\[([^\]]*)\]/, BLANK_OR_COMMENT = /^\s*([#;].*)?$/;
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
    name !== void 0 ? sections.push({ name: name.trim(), start: offset, end }) : current !== void 0 && !BLANK_OR_COMMENT.test(line) && (current.end = end), offset = end;
  }
  return sections;
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
  let rest = text.slice(section.end), separator = rest !== "" && !block.endsWith(`
`) ? lineEndOf(text) : "";
  return text.slice(0, section.start) + block + separator + rest;
}
function removeSection(text, section, glue) {
  let before = text.slice(0, section.start), after = text.slice(section.end);
  return (glue !== "" && after === "" && before.endsWith(glue) ? before.slice(0, -glue.length) : before) + after;
}

// src/profile/session-profile.ts
import path2 from "node:path";
var MARKER = /^# oci-wif-action session ([0-9a-f]+) of job ([0-9a-f]+)/m;
function sessionPaths(configFile, profile, sessionId) {
  let sessions = path2.join(path2.dirname(configFile), "sessions"), session = path2.join(sessions, profile);
  return {
    sessions,
    session,
    keyFile: path2.join(session, "oci_api_key.pem"),
    tokenFile: path2.join(session, "token"),
    undo: `${session}~${sessionId}`
  };
}
function renderSection(name, owner, profile, lineEnd) {
  let lines = [
    `[${name}]`,
    `# oci-wif-action session ${owner.sessionId} of job ${owner.jobId}, removed by its post step`,
    `tenancy=${profile.tenancy}`,
    `region=${profile.region}`,
    `fingerprint=${profile.fingerprint}`,
    `key_file=${profile.keyFile}`,
    `security_token_file=${profile.tokenFile}`
  ];
  return encode(lines.map((line) => line + lineEnd).join(""));
}
function ownerOf(sectionText) {
  let [, sessionId, jobId] = MARKER.exec(sectionText) ?? [];
  return sessionId === void 0 || jobId === void 0 ? void 0 : { sessionId, jobId };
}
function isWrittenBy(sectionText, sessionId, tokenFile) {
  let owner = ownerOf(sectionText);
  return owner !== void 0 ? owner.sessionId === sessionId : readKey(sectionText, "security_token_file") === encode(tokenFile);
}
var HARMFUL_IF_INHERITED = ["pass_phrase", "authentication_type", "key_content"];
function adviseOnConfigText(text, sections, profile, bom) {
  let advice = [];
  bom && advice.push("begins with a byte order mark: clients in Python, Go and Java cannot read it");
  let others = sections.filter(({ name }) => name !== profile);
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

// src/usecase/undo-session.ts
var STATE = "session";
async function undoSession({ files, lock }, record) {
  let directory = path3.dirname(record.configFile);
  if (files.kind(directory) === "absent") return;
  let whole = await lock.hold(
    record.configFile,
    () => {
    },
    () => undoUnderLock(files, record)
  );
  for (let created of whole.directoriesCreated.toReversed()) files.removeIfEmpty(created);
}
function undoUnderLock(files, record) {
  let paths = sessionPaths(record.configFile, record.profile, record.sessionId);
  if (files.kind(paths.undo) !== "directory") return record;
  let whole = withLegacy(record, readRecord(files, paths.undo)), successor = restoreConfig(files, whole, paths);
  return successor === void 0 ? restoreSessionDirectory(files, whole, paths) : leaveChain(files, paths, path3.join(paths.sessions, `${record.profile}~${successor}`)), bequeath(files, whole, paths), files.removeTree(paths.undo), whole;
}
function recordFile(undoDirectory) {
  return path3.join(undoDirectory, "record.json");
}
function keptSection(undoDirectory) {
  return path3.join(undoDirectory, "section");
}
function keptSession(undoDirectory) {
  return path3.join(undoDirectory, "session");
}
function readRecord(files, undoDirectory) {
  let file = recordFile(undoDirectory);
  return files.kind(file) === "file" ? parseUndoRecord(Buffer.from(files.read(file)).toString("utf8")) : void 0;
}
function withLegacy(own, onDisk) {
  return onDisk === void 0 ? own : {
    ...own,
    glue: own.glue || onDisk.glue,
    configCreated: own.configCreated || onDisk.configCreated,
    directoriesCreated: [.../* @__PURE__ */ new Set([...onDisk.directoriesCreated, ...own.directoriesCreated])]
  };
}
function restoreConfig(files, record, paths) {
  let { configFile, profile, sessionId } = record, text = files.kind(configFile) === "file" ? toText(files.read(configFile)) : "", namesakes = listSections(text).filter(({ name }) => name === profile), ours = namesakes.find(
    (section) => isWrittenBy(textOf(text, section), sessionId, paths.tokenFile)
  ), kept = keptSection(paths.undo), previous = files.kind(kept) === "file" ? toText(files.read(kept)) : void 0, restored = text;
  return ours !== void 0 && previous !== void 0 ? restored = replaceSection(text, ours, previous) : ours !== void 0 ? restored = withoutOurs(files, text, ours, record, paths) : previous !== void 0 && namesakes.length === 0 && (restored = appendSection(text, previous).text), record.configCreated && restored === "" ? files.remove(configFile) : restored !== text && files.replace(configFile, toBytes(restored), path3.join(paths.undo, "config")), namesakes.map((section) => ownerOf(textOf(text, section))?.sessionId).find((id) => id !== void 0 && id !== sessionId);
}
function withoutOurs(files, text, ours, record, paths) {
  let restored = removeSection(text, ours, record.glue), next = listSections(restored).find(({ start }) => start === ours.start), owner = next && ownerOf(textOf(restored, next));
  return next && owner && record.glue !== "" && amendRecord(files, path3.join(paths.sessions, `${next.name}~${owner.sessionId}`), paths, {
    glue: record.glue
  }), restored;
}
function restoreSessionDirectory(files, record, paths) {
  let aside = keptSession(paths.undo);
  if (record.sessionMoved) {
    if (files.kind(aside) !== "directory") return;
    files.removeTree(paths.session), files.rename(aside, paths.session);
  } else
    files.removeTree(paths.session);
}
function leaveChain(files, paths, successorUndo) {
  if (files.kind(successorUndo) === "directory")
    for (let kept of [keptSection, keptSession])
      files.removeTree(kept(successorUndo)), files.kind(kept(paths.undo)) !== "absent" && files.rename(kept(paths.undo), kept(successorUndo));
}
function bequeath(files, record, paths) {
  let configStays = record.configCreated && files.kind(record.configFile) === "file";
  if (!configStays && record.directoriesCreated.length === 0) return;
  let isOther = (name) => name.includes("~") && path3.join(paths.sessions, name) !== paths.undo, heir = files.list(paths.sessions).find(isOther);
  if (heir === void 0) return;
  let { directoriesCreated } = record;
  amendRecord(files, path3.join(paths.sessions, heir), paths, {
    directoriesCreated,
    configCreated: configStays
  });
}
function amendRecord(files, undo, own, legacy) {
  let theirs = readRecord(files, undo);
  if (theirs === void 0) return;
  let amended = withLegacy(theirs, { ...theirs, ...legacy });
  files.replace(recordFile(undo), Buffer.from(JSON.stringify(amended)), path3.join(own.undo, "record"));
}

// src/usecase/cleanup.ts
async function cleanUp(runner, disk, record) {
  let { profile, configFile, cleanup } = record;
  if (!cleanup) {
    runner.info(`[${profile}] stays in ${configFile}, because \`cleanup\` is false.`);
    return;
  }
  await takeBack(runner, disk, record), runner.info(`[${profile}] and its key are gone; ${configFile} is as it was.`);
}
async function takeBack(runner, disk, record) {
  try {
    await undoSession(disk, record);
  } finally {
    restoreEnvironment(runner, record);
  }
}
function restoreEnvironment(runner, { exported }) {
  for (let [name, { value, before }] of Object.entries(exported))
    runner.env(name) === value && runner.exportVariable(name, before ?? "");
}

export {
  ActionError,
  toActionError,
  TransportError,
  systemClock,
  nodeFiles,
  createLock,
  toText,
  toBytes,
  isReadable,
  hasByteOrderMark,
  lineEndOf,
  listSections,
  textOf,
  appendSection,
  replaceSection,
  sessionPaths,
  renderSection,
  ownerOf,
  adviseOnConfigText,
  parseUndoRecord,
  STATE,
  undoUnderLock,
  recordFile,
  keptSection,
  keptSession,
  readRecord,
  cleanUp,
  takeBack
};
