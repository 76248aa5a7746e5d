import {
  AWS_CREDENTIALS,
  STALE_FOR_SESSION,
  awsProfileWarning,
  removeEntry,
  saveInstalled,
  temporaryName,
  updateState,
  variablesForAwsRegion,
  variablesForWebIdentity
} from "./shared-6.js";
import {
  parseSessionToken
} from "./shared-9.js";
import {
  quoted
} from "./shared-3.js";
import {
  CHECK_AGAIN_MS,
  INI,
  adviseOnConfigText,
  adviseOnFaults,
  assertOwnIdentity,
  assertReadable,
  encode,
  entryAboveInDirectory,
  entryOfSection,
  findEntry,
  findReplaceable,
  isSameDirectory,
  isSameSection,
  keyDigestOf,
  ledgerFile,
  listSections,
  lockOf,
  macOf,
  mergeDirectories,
  missingDirectories,
  nameOf,
  ociTarget,
  ownerOf,
  profileLines,
  putFile,
  readKeyFile,
  readLedger,
  readSecret,
  readShared,
  readText,
  replaceShared,
  replaceToken,
  sectionsNamed,
  sessionPaths,
  settingLines,
  settingsDigestOf,
  tokenFileOf,
  topEntry,
  withChanges,
  withMode,
  withoutNewlineBefore,
  writeLedger,
  writeSessionFiles
} from "./shared-25.js";
import {
  expandHome,
  isFullPath,
  isInside,
  startsAtHome
} from "./shared-17.js";
import {
  ActionError
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

// src/targets/docker.ts
import path from "node:path";
var CONTAINER_HOME = "/github/home", ACTIONS_HOME = "_github_home";
function homeOfDockerActions({
  home,
  platform,
  temporary
}) {
  return platform === "linux" && home !== CONTAINER_HOME ? path.join(temporary, ACTIONS_HOME) : void 0;
}
function dockerExports({ home, oci, temporary, platform }) {
  if (platform !== "linux")
    return { variables: {}, warnings: ["`export-for` docker has no effect: only Linux runners run Docker actions."] };
  if (home === CONTAINER_HOME) {
    let missing = oci.exportFor.filter((name) => name === "terraform" || name === "resource-principal"), warning2 = `\`export-for\` ${missing.join(", ")}: Docker actions of a job in a container see the profile, but not the files in RUNNER_TEMP that these variables name.`;
    return { variables: {}, warnings: missing.length > 0 ? [warning2] : [] };
  }
  let { profile } = oci, configFile = path.join(temporary, ACTIONS_HOME, ".oci/config"), warning = `\`export-for\` terraform-session: give a Docker action that runs Terraform \`env: { TF_HOME_OVERRIDE: ${CONTAINER_HOME} }\`, because the provider ignores HOME.`;
  return {
    variables: {},
    files: { profileCopy: { profile, configFile, seenAs: `${CONTAINER_HOME}/.oci/config` } },
    warnings: oci.exportFor.includes("terraform-session") ? [warning] : []
  };
}
var CONFIG_PATHS = ["OCI_CLI_CONFIG_FILE", "OCI_CONFIG_FILE"];
function withoutHostPaths(variables, env) {
  let entries = Object.entries(variables).flatMap(([name, value]) => CONFIG_PATHS.includes(name) ? env(name) ? [[name, "~/.oci/config"]] : [] : [[name, value]]);
  return Object.fromEntries(entries);
}

// src/profiles/install.ts
import path2 from "node:path";

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
  let isRefused = state === "alive" || runnerProcesses.latestEnd !== void 0 && expiresAt !== null, name = nameOf(entry), profile = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (isRefused) {
    let end = expiresAt === null ? "when that job ends" : `at ${new Date(expiresAt).toISOString()}`, whose = state === "alive" ? "a job that is still running" : "another job";
    throw new ActionError("PROFILE_IN_USE", `${profile} belongs to ${whose}.`, {
      evidence: `Its session ends ${end}.`
    });
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
    let missing = missingDirectories(files, path2.dirname(file));
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
    expiresAt: expiresAt ?? runnerProcesses.latestEnd ?? null,
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
  let { file, directory } = entry, missing = directory === null ? [] : missingDirectories(files, path2.dirname(directory)), createdFiles = files.kind(file) === "absent" ? [file] : [];
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
  let sessions = directory === null ? [] : [path2.dirname(directory), directory];
  assertSafePaths(files, [
    ...[path2.dirname(file), ...sessions].map((one) => ({ path: one, use: "directory" })),
    { path: ledgerFile(file), use: "file" },
    { path: file, use: "shared file" }
  ]);
}
function assertSafePaths(files, paths) {
  let reason = files.unsafeReason(paths);
  if (reason !== void 0) throw new ActionError("PATH_UNSAFE", `${reason}.`);
}

// src/login/install.ts
import path4 from "node:path";

// src/login/existing-login.ts
import { createHmac } from "node:crypto";
function macKeyOf({ domainUrl, client }, { audience, tenancy, resource }, jobId) {
  if (client.kind !== "secret") return;
  let inputs = [jobId, domainUrl.origin, client.clientId, audience, tenancy, resource?.type], mac = createHmac("sha256", client.clientSecret.reveal()).update(JSON.stringify(inputs));
  return new Secret(mac.digest("hex"));
}
function isSamePrincipal(a, b) {
  return a.principal === b.principal && a.tenancy === b.tenancy;
}
function findExistingLogin(files, { jobId, macKey }, { configFile, seenAs = configFile, profile, region, resource }) {
  try {
    let target = ociTarget(configFile, profile), { keyFile, tokenFile } = sessionPaths(configFile, profile);
    if (files.kind(tokenFile) === "absent") return;
    assertSafe(files, target);
    let token = readSecret(files, tokenFile), keyPair = readKeyFile(files, keyFile), [section, ...more] = sectionsNamed(readText(files, configFile), profile), owner = section && ownerOf(section.text);
    if (!section || more.length > 0 || owner?.jobId !== jobId || !token || !keyPair || !macKey) return;
    let ledger = readLedger(files, configFile), entry = findEntry(ledger, owner.loginId, target);
    if (entry === void 0 || entryAboveInDirectory(ledger, entry) !== void 0 || !entry.macs.includes(macOf(macKey, keyPair, { token }))) return;
    let sessionToken = parseSessionToken(token, resource, void 0), { tenancy } = sessionToken, { fingerprint } = keyPair, lines = profileLines({ ...sessionPaths(seenAs, profile), tenancy, region, fingerprint }), [, ...settings] = settingLines(section.text);
    return settings.join(`
`) !== encode(lines.join(`
`)) ? void 0 : { loginId: owner.loginId, keyPair, sessionToken };
  } catch (error) {
    if (error instanceof ActionError) return;
    throw error;
  }
}

// src/aws/profile.ts
import path3 from "node:path";
function awsTargets(files, home, env, profile) {
  let target = (kind, section) => ({ file: awsFile(files, env, VARIABLES[kind], path3.join(home, ".aws", kind), home), section, directory: null });
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
      `${variable} is ${quoted(value)}, which programs resolve to different files.`,
      { remedy: `Set ${variable} to an absolute path, such as ${usual}.` }
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

// src/login/install.ts
async function installFiles(deps, state, { oci, aws }, { session, existing, role, targets, kubeconfig, awsTargets: awsTargets2, directory }) {
  let { runner, disk, owner } = deps, { sessionFiles, idTokenFile, profileCopy } = targets?.files ?? {}, installDeps = installDepsOf(deps, state), isWebIdentity = aws?.credentialSource === "web-identity";
  (isWebIdentity || sessionFiles || idTokenFile || kubeconfig) && makeTemporary(deps, state, directory), session && oci && await writeSession(installDeps, oci, session, existing);
  let targetFiles = session && targets && writeTargetFiles(deps, targets.files, session, kubeconfig);
  if (session && oci && profileCopy) {
    let copy = { ...oci, ...profileCopy };
    await writeSession(installDeps, copy, session, findExistingLogin(disk.files, owner, copy));
  }
  let tokenFile = path4.join(directory, "aws-web-identity-token"), installedRole = role && aws && { config: aws, role, tokenFile, targets: awsTargets2 };
  role && isWebIdentity && putFile(disk.files, tokenFile, role.identity.token), installedRole && await installAwsProfile(runner, installDeps, installedRole);
  let { loginId, macKey } = owner;
  return { loginId, macKey, directory, session, targetFiles, aws: installedRole };
}
function installDepsOf(deps, state) {
  let { runner } = deps, save = (installed) => saveInstalled(runner, state, installed);
  return { ...deps, warn: runner.warning, save };
}
function temporaryDirectory({ disk, owner, temporary }, existing) {
  let directoryOf = (loginId) => path4.join(temporary, temporaryName(loginId)), first = existing && directoryOf(existing.loginId);
  return first !== void 0 && disk.files.kind(first) === "directory" ? first : directoryOf(owner.loginId);
}
function makeTemporary({ runner, disk }, state, directory) {
  assertSafePaths(disk.files, [{ path: directory, use: "directory" }]), disk.files.kind(directory) !== "directory" && (updateState(runner, state, { temporary: directory }), disk.files.makeDirectory(directory));
}
async function writeSession(deps, config, session, existing) {
  let { sessionToken } = session;
  existing && isSamePrincipal(existing.sessionToken, sessionToken) && await replaceToken(
    deps.disk,
    tokenFileOf(config),
    sessionToken,
    existing.keyPair.publicKeyBase64,
    deps.owner.macKey
  ) || await installSession(deps, config, session);
}
async function installSession(deps, { configFile, seenAs = configFile, profile, overwriteProfile, region }, { sessionToken, keyPair }) {
  let { tenancy, expiresAt } = sessionToken, { fingerprint } = keyPair;
  await installSection(deps, {
    target: ociTarget(configFile, profile),
    overwrite: overwriteProfile,
    expiresAt,
    lines: profileLines({ ...sessionPaths(seenAs, profile), tenancy, region, fingerprint }),
    isSecret: !1,
    session: { keyPair, sessionToken }
  });
  let text = readText(deps.disk.files, configFile);
  for (let advice of adviseOnConfigText(text, profile)) deps.warn(`${configFile} ${advice}.`);
}
function writeTargetFiles({ disk: { files } }, { sessionFiles, idTokenFile, profileCopy, kubeconfig }, { sessionToken, keyPair, idToken }, config) {
  let tokenFiles = profileCopy === void 0 ? [] : [tokenFileOf(profileCopy)];
  if (sessionFiles !== void 0) {
    let { directory, keyFile, tokenFile } = sessionFiles;
    files.kind(directory) === "absent" && files.makeDirectory(directory), putFile(files, keyFile, keyPair.privateKeyPem), putFile(files, tokenFile, sessionToken.token), tokenFiles.push({ file: tokenFile, keyFile, lock: null });
  }
  return kubeconfig !== void 0 && config !== void 0 && putFile(files, kubeconfig, config.text), idTokenFile === void 0 || idToken === void 0 ? { tokenFiles, idToken: void 0, kubeconfig } : (putFile(files, idTokenFile, idToken.jwt), { tokenFiles, idToken: { file: idTokenFile, lifetimeMs: idToken.lifetimeMs }, kubeconfig });
}

export {
  homeOfDockerActions,
  dockerExports,
  withoutHostPaths,
  assertUnused,
  installSection,
  assertSafe,
  assertSafePaths,
  macKeyOf,
  isSamePrincipal,
  findExistingLogin,
  awsFileWarning,
  variablesForRole,
  planAwsProfile,
  installFiles,
  installDepsOf,
  temporaryDirectory,
  makeTemporary
};
