import {
  AWS_CREDENTIALS,
  STALE_FOR_SESSION,
  awsProfileWarning,
  removeEntry,
  variablesForAwsRegion,
  variablesForWebIdentity
} from "./shared-6.js";
import {
  CHECK_AGAIN_MS,
  adviseOnFaults,
  assertOwnIdentity,
  entryOfSection,
  findEntry,
  keyDigestOf,
  ledgerFile,
  lockOf,
  macOf,
  mergeDirectories,
  missingDirectories,
  ociTarget,
  readLedger,
  readShared,
  readText,
  replaceShared,
  topEntry,
  withChanges,
  withMode,
  writeLedger,
  writeSessionFiles
} from "./shared-24.js";
import {
  INI,
  assertReadable,
  findReplaceable,
  isSameDirectory,
  isSameSection,
  listSections,
  nameOf,
  sectionsNamed,
  settingsDigestOf,
  withoutNewlineBefore
} from "./shared-25.js";
import {
  quoted
} from "./shared-3.js";
import {
  expandHome,
  isFullPath,
  isInside,
  startsAtHome
} from "./shared-13.js";
import {
  ActionError
} from "./shared-11.js";
import {
  Secret
} from "./shared-28.js";

// src/profiles/install.ts
import path from "node:path";

// src/profiles/outdated.ts
function removeOutdatedEntries(deps, ledger, target, format = INI) {
  let { loginId, jobId } = deps.owner, isOwnAttempt = (one) => one.loginId === loginId && isSameSection(one, target), others = assertUnused({ ...deps, jobId, now: deps.disk.clock.now() }, ledger, target);
  return ledger.entries.filter((one) => isOwnAttempt(one) || others.includes(one)).toReversed().reduce((left, one) => {
    let entry = findEntry(left, one.loginId, one);
    return entry === void 0 ? left : removeEntry(deps.disk.files, left, entry, format);
  }, ledger);
}
function assertUnused(deps, ledger, target) {
  let others = ledger.entries.filter(
    (one) => one.jobId !== deps.jobId && (isSameSection(one, target) || isSameDirectory(one, target))
  );
  for (let entry of others) assertEnded(deps, entry);
  return others;
}
function assertEnded({ now, runnerProcesses, warn }, entry) {
  let { expiresAt, runnerProcess } = entry;
  if (expiresAt !== null && expiresAt <= now) return;
  let state = runnerProcesses.stateOf(runnerProcess);
  if (state === "gone") return;
  let name = nameOf(entry), profile = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (state === "alive") {
    let end = expiresAt === null ? "when that job ends" : `at ${new Date(expiresAt).toISOString()}`, what = `${profile} belongs to a job that is still running. Its session ends ${end}.`;
    throw new ActionError("PROFILE_IN_USE", what);
  }
  warn(
    `${profile} belongs to another job, which may still be running on another machine or in another container. This login replaces it.`
  );
}

// src/profiles/install.ts
var MAX_CHECKS = 5;
async function installSection(deps, install) {
  let { files, lock, clock } = deps.disk, { target, session, format = INI } = install, { file } = target, block = format.render(target.section, deps.owner, install.lines, ""), digests = {
    keyDigest: session === void 0 ? null : keyDigestOf(session.keyPair.publicKeyBase64),
    settingsDigest: settingsDigestOf(deps.owner.loginId, block, format)
  }, settingsDigest = format.uniqueSettingOf(block) ? digests.settingsDigest : null, save = (createdDirectories) => deps.save({ ...target, ...digests, settingsDigest, createdDirectories }), created = [], prepare = () => {
    assertSafe(files, target);
    let missing = missingDirectories(files, path.dirname(file));
    created.push(...missing), save(missing);
    for (let directory of missing) files.ensureDirectory(directory);
  }, isBusy = await lock.hold(lockOf(file), prepare, () => {
    assertSafe(files, target);
    let ledger = removeOutdatedEntries(deps, readLedger(files, file), target, format), shared = readShared(files, file);
    assertReadable(target, shared.text, format);
    let entry = planEntry(deps, ledger, install, digests, shared.text), next = withEntry(files, ledger, entry, created);
    return save(next.createdDirectories), writeLedger(files, file, next), session !== void 0 && writeSessionFiles(files, entry, session), writeSection(deps, next, entry, install, shared), shared.isBusy;
  });
  for (let checks = 0; isBusy && checks < MAX_CHECKS; checks += 1)
    await clock.sleep(CHECK_AGAIN_MS), isBusy = await lock.hold(lockOf(file), prepare, () => writeSectionAgain(deps, install));
}
function planEntry({ disk: { files }, owner, runnerProcesses }, ledger, install, digests, text) {
  let { target, expiresAt, session, format = INI } = install, { loginId, jobId, macKey } = owner, present = findReplaceable(text, install, isIn(ledger, target, format), format), writer = present && format.writerOf(present.text), isOrphan = writer !== void 0 && !ledger.entries.some((entry) => entry.loginId === writer), hasDirectory = target.directory !== null && files.kind(target.directory) === "directory";
  return {
    ...target,
    loginId,
    jobId,
    macs: session && macKey ? [macOf(macKey, session.keyPair, session.sessionToken)] : [],
    ...digests,
    expiresAt,
    runnerProcess: runnerProcesses.parent(),
    previousSection: present && !isOrphan ? originalText(ledger, target, text, present) : null,
    previousDirectory: hasDirectory && !isOrphan ? `${target.directory}~${loginId}` : null,
    addedNewline: present ? entryOfSection(ledger, target, present, format)?.addedNewline ?? "" : format.append(text, "").addedNewline,
    absentObjects: [
      .../* @__PURE__ */ new Set([
        ...ledger.entries.flatMap((entry) => entry.file === target.file ? entry.absentObjects : []),
        ...format.absentObjects(text, target.section)
      ])
    ]
  };
}
function isIn(ledger, target, format) {
  return (section) => entryOfSection(ledger, target, section, format) !== void 0;
}
function originalText(ledger, target, text, section) {
  let next = listSections(text).find(({ start }) => start === section.end);
  return next !== void 0 && entryOfSection(ledger, target, next)?.addedNewline ? withoutNewlineBefore(section.text, next.text) : section.text;
}
function withEntry(files, ledger, entry, created) {
  let { file, directory } = entry, missing = directory === null ? [] : missingDirectories(files, path.dirname(directory)), createdFiles = files.kind(file) === "absent" ? [file] : [];
  return {
    ...ledger,
    createdFiles: [.../* @__PURE__ */ new Set([...ledger.createdFiles, ...createdFiles])],
    createdDirectories: mergeDirectories(ledger.createdDirectories, created, missing),
    entries: [...ledger.entries, entry]
  };
}
function writeSection({ disk: { files }, owner }, ledger, entry, install, shared) {
  let { format = INI } = install, { file, section } = entry, block = format.render(section, owner, install.lines, shared.text), present = findReplaceable(shared.text, install, isIn(ledger, entry, format), format), appended = format.append(shared.text, block), text = present ? format.replace(shared.text, present, block).text : appended.text, limited = install.isSecret ? withMode(ledger, file, shared.openMode) : ledger, isAsPlanned = present !== void 0 || appended.addedNewline === entry.addedNewline, { addedNewline } = appended, next = isAsPlanned ? limited : withChanges(limited, entry, { addedNewline });
  next !== ledger && writeLedger(files, file, next), replaceShared(files, file, shared, text, file in next.modes);
}
function writeSectionAgain(deps, install) {
  let { files } = deps.disk, { target, format = INI } = install, ledger = readLedger(files, target.file), entry = findEntry(ledger, deps.owner.loginId, target);
  if (entry === void 0 || topEntry(ledger, target) !== entry) return !1;
  let shared = readShared(files, target.file);
  return assertReadable(target, shared.text, format), format.find(shared.text, target.section).some((section) => entryOfSection(ledger, target, section, format) === entry) ? !1 : (writeSection(deps, ledger, entry, install, shared), !0);
}
function hasSection(files, { file, section }) {
  return sectionsNamed(readText(files, file), section).length > 0;
}
function assertSafe(files, { file, directory }) {
  let sessions = directory === null ? [] : [path.dirname(directory), directory];
  assertSafePaths(files, [
    ...[path.dirname(file), ...sessions].map((one) => ({ path: one, use: "directory" })),
    { path: ledgerFile(file), use: "file" },
    { path: file, use: "shared file" }
  ]);
}
function assertSafePaths(files, paths) {
  let reason = files.unsafeReason(paths);
  if (reason !== void 0) throw new ActionError("PATH_UNSAFE", `${reason}.`);
}

// src/aws/profile.ts
import path2 from "node:path";
function awsTargets(files, home, env, profile) {
  let target = (kind, section) => ({ file: awsFile(files, env, VARIABLES[kind], path2.join(home, ".aws", kind), home), section, directory: null });
  return {
    config: target("config", profile === "default" ? profile : `profile ${profile}`),
    credentials: target("credentials", profile)
  };
}
var VARIABLES = { config: "AWS_CONFIG_FILE", credentials: "AWS_SHARED_CREDENTIALS_FILE" };
function awsFile({ canonical }, env, variable, usual, home) {
  let value = expandHome(env(variable) || usual, home), names = [...value.matchAll(/\$(\w+)|\$\{(.*?)\}|%(.*?)%/g)].flatMap((match) => match.slice(1));
  if (!isFullPath(value) || names.some((name) => name && env(name) !== void 0))
    throw new ActionError(
      "PATH_UNSAFE",
      `${variable} is ${quoted(value)}, which programs resolve to different files. Set it to an absolute path, such as ${usual}.`
    );
  let file = canonical(value), workspace = env("GITHUB_WORKSPACE");
  if (!workspace || !isInside(file, canonical(workspace, "directory"))) return file;
  throw new ActionError("PATH_UNSAFE", `${variable} is a file in the checkout: ${file}.`);
}
function awsFileWarning(env, kind, file) {
  let variable = VARIABLES[kind], value = env(variable);
  if (value === "")
    return `${variable} is empty: the AWS CLI and boto3 then read no file. Set it to ${file}.`;
  if (!(value === void 0 || !startsAtHome(value)))
    return `${variable} begins with "~", which SDKs in Go do not expand. Set it to ${file}.`;
}
function awsLines(settings) {
  return Object.entries(settings).map(
    ([key, value]) => `${key} = ${value instanceof Secret ? value.reveal() : value}`
  );
}

// src/login/install-role.ts
var KINDS = ["credentials", "config"];
function variablesForRole(runner, { role, config, tokenFile }) {
  if (!config.exportEnvironment) return {};
  let advice = awsProfileWarning(runner.env, config.profile);
  advice !== void 0 && runner.warning(advice);
  let { region } = config, isSession = config.credentialSource === "session", stale = (isSession ? STALE_FOR_SESSION : AWS_CREDENTIALS).filter((name) => !!runner.env(name)), emptied = Object.fromEntries(stale.map((name) => [name, ""]));
  if (!isSession) {
    let location = { roleArn: config.role.arn, roleSessionName: role.sessionName, region, tokenFile };
    return { ...emptied, ...variablesForWebIdentity(location) };
  }
  let { accessKeyId, secretAccessKey, sessionToken } = role.credentials;
  return {
    ...emptied,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    ...variablesForAwsRegion(region)
  };
}
function planAwsProfile({ files, home, env }, { profile, credentialSource }, oci) {
  if (profile === void 0 || home === void 0) return;
  let targets = awsTargets(files, home, env, profile);
  for (let target of Object.values(targets)) {
    let { section, file } = target;
    if (oci && isSameSection(target, ociTarget(oci.configFile, oci.profile)))
      throw new ActionError(
        "INPUT_INVALID",
        `\`profile\` and \`aws-profile\` are both [${section}] in ${file}.`
      );
    credentialSource === "session" && assertOwnIdentity(readText(files, file), target);
  }
  return targets;
}
async function installAwsProfile({ env }, deps, installed) {
  let { role, config, targets } = installed;
  if (targets === void 0) return;
  let { credentials, config: settings } = settingsFor(installed), sections = isSameSection(targets.credentials, targets.config) ? [[targets.config, { ...credentials, ...settings }]] : [[targets.credentials, credentials], [targets.config, settings]];
  for (let [target, lines] of sections)
    Object.keys(lines).length === 0 && !hasSection(deps.disk.files, target) || await installSection(deps, {
      target,
      overwrite: config.overwriteProfile,
      expiresAt: config.credentialSource === "session" ? role.credentials.expiresAt : null,
      lines: awsLines(lines),
      isSecret: Object.values(lines).some((value) => value instanceof Secret)
    });
  let faults = [...new Set(sections.map(([{ file }]) => file))].map((file) => {
    let advice = adviseOnFaults(readText(deps.disk.files, file));
    return advice && `${file} ${advice}.`;
  }), warnings = KINDS.map((kind) => awsFileWarning(env, kind, targets[kind].file));
  for (let warning of [...faults, ...warnings]) warning !== void 0 && deps.warn(warning);
}
function settingsFor({ role, config, tokenFile }) {
  let { region } = config;
  if (config.credentialSource === "web-identity") {
    let identity = { role_arn: config.role.arn, web_identity_token_file: tokenFile };
    return { credentials: {}, config: { ...identity, role_session_name: role.sessionName, region } };
  }
  let { accessKeyId, secretAccessKey, sessionToken } = role.credentials;
  return { credentials: { ...{ aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey }, aws_session_token: sessionToken }, config: { region } };
}

export {
  assertUnused,
  installSection,
  assertSafe,
  assertSafePaths,
  awsFileWarning,
  variablesForRole,
  planAwsProfile,
  installAwsProfile
};
