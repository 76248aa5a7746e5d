import {
  cliCache,
  exportEnvironment,
  newSavedState,
  saveInstalled,
  temporaryName,
  updateState,
  withRollback
} from "./shared-3.js";
import {
  ansibleExports,
  awsFiles,
  awsTarget,
  cliExports,
  configWarnings,
  findHomeDirectories,
  hasSection,
  homeDirectoryNote,
  httpFor,
  installSection,
  literal,
  openAwsSession,
  overrideWarning,
  readConfig,
  readMaskedInput,
  refresherDeps,
  renderAwsSection,
  reportFailure,
  tableOf,
  verifySession
} from "./shared-4.js";
import {
  AWS_CREDENTIALS,
  STALE_FOR_SESSION,
  awsProfileWarning,
  getInput,
  githubRunner,
  jobIdentity,
  readText,
  variablesForAwsRegion,
  variablesForWebIdentity
} from "./shared-1.js";
import {
  TOKEN_NAMES,
  needsRefresher,
  serializeRefreshSpec,
  withoutFiles
} from "./shared-10.js";
import {
  closeLog,
  createLock,
  describeKilled,
  logFileOf,
  loginsWithLog,
  readLog,
  unfinishedProcess
} from "./shared-8.js";
import {
  adviseOnLifetime,
  assertBindsKey,
  expiryOf,
  findIdTokenSource,
  openOciSession,
  parseSessionToken,
  requestIdToken,
  terraformExports,
  terraformSessionExports,
  warningAbout
} from "./shared-2.js";
import {
  adviseOnConfigText,
  codeOf,
  entryAboveInDirectory,
  findEntry,
  listSections,
  nodeFiles,
  ociTarget,
  ownerOf,
  putFile,
  readKey,
  readKeyFile,
  readLedger,
  readSecret,
  renderSection,
  replaceToken,
  sessionPaths,
  systemClock,
  textOf,
  thisSystem,
  tokenFileOf,
  topEntry
} from "./shared-7.js";
import "./shared-9.js";
import "./shared-6.js";
import {
  ActionError,
  toActionError
} from "./shared-5.js";
import "./shared-11.js";

// src/run-login.ts
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";

// src/targets/docker.ts
import path from "node:path";
var CONTAINER_HOME = "/github/home";
function dockerExports({ home, oci, temporary, platform }) {
  if (platform !== "linux")
    return { variables: {}, warnings: ["`export-for` docker has no effect: only Linux runners run Docker actions."] };
  if (home === CONTAINER_HOME) {
    let missing = oci.exportFor.filter((name) => name === "terraform" || name === "resource-principal"), warning2 = `\`export-for\` ${missing.join(", ")}: Docker actions of a job in a container see the profile, but not the files in RUNNER_TEMP that these variables name.`;
    return { variables: {}, warnings: missing.length > 0 ? [warning2] : [] };
  }
  let { profile } = oci, configFile = path.join(temporary, "_github_home", ".oci/config"), warning = `\`export-for\` terraform-session: in a Docker action, Terraform's provider looks for the config in the home directory of the image's account. Give such a step \`env: { TF_HOME_OVERRIDE: ${CONTAINER_HOME} }\`.`;
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

// src/targets/reservations.ts
var MARKER = "OCI_WIF_ACTION_EXPORTS", RESERVED_SETS = {
  terraform: "terraform",
  "terraform-session": "terraform",
  "resource-principal": "resource-principal"
};
function reserveExports(env, targets, { profile, configFile }) {
  let marker = env(MARKER) ?? "", earlier = parseMarker(marker), reserved = targets.filter((target) => target in RESERVED_SETS), added = reserved.filter((target) => {
    let previous = earlier.find(({ set }) => set === RESERVED_SETS[target]);
    if (previous && (previous.profile !== profile || previous.configFile !== configFile))
      throw new ActionError(
        "EXPORT_CONFLICT",
        `\`export-for\` ${target}: an earlier login of this job has exported these variables for profile [${previous.profile}] in ${previous.configFile}.`
      );
    return previous === void 0;
  }), lines = added.map((target) => `${RESERVED_SETS[target]} ${profile} ${configFile}`), extended = [marker, ...lines].filter((line) => line !== "").join(`
`);
  return { variables: reserved.length > 0 ? { [MARKER]: extended } : {}, added };
}
function parseMarker(text) {
  return text.split(`
`).flatMap((line) => {
    let [, set, profile, configFile] = /^(\S+) (\S+) (.+)$/.exec(line) ?? [];
    return set && profile && configFile ? [{ set, profile, configFile }] : [];
  });
}
function replacementWarning(env, target, variables) {
  let names = Object.keys(variables).filter((name) => !!env(name) && env(name) !== variables[name]), effect = `Until the post step, \`export-for\` ${target} replaces the values for all later steps.`;
  return warningAbout(names, `. ${effect}`);
}

// src/targets/resource-principal.ts
import path2 from "node:path";
var PASSPHRASE = "OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE";
function resourcePrincipalExports({ directory, env, oci }) {
  let session = path2.join(directory, "session"), [tokenFile, keyFile] = [path2.join(session, "token"), path2.join(session, "key.pem")], passphrase = env(PASSPHRASE) ? [PASSPHRASE] : [];
  return {
    variables: {
      OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
      OCI_RESOURCE_PRINCIPAL_RPST: tokenFile,
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: keyFile,
      OCI_RESOURCE_PRINCIPAL_REGION: oci.region
    },
    files: { sessionFiles: { directory: session, tokenFile, keyFile } },
    warnings: warningAbout(passphrase, ", but the key of this session has no passphrase. Remove it.")
  };
}

// src/targets/plan.ts
var TARGETS = {
  cli: cliExports,
  terraform: terraformExports,
  "terraform-session": terraformSessionExports,
  ansible: ansibleExports,
  "resource-principal": resourcePrincipalExports,
  docker: dockerExports
};
function planTargets(context) {
  let { env, oci } = context, reservation = reserveExports(env, oci.exportFor, oci), plan = {
    variables: {},
    files: {},
    warnings: overrideWarning(env, oci.profile),
    notes: []
  };
  for (let target of oci.exportFor) {
    let { variables: variables2, files, warnings = [], notes = [] } = TARGETS[target](context);
    reservation.added.includes(target) && plan.warnings.push(...replacementWarning(env, target, variables2)), plan.variables = { ...plan.variables, ...variables2 }, plan.files = { ...plan.files, ...files }, plan.warnings.push(...warnings), plan.notes.push(...notes);
  }
  let variables = plan.files.profileCopy !== void 0 ? withoutHostPaths(plan.variables, env) : plan.variables;
  return { ...plan, variables: { ...variables, ...reservation.variables } };
}

// src/login/existing-login.ts
import { createHash } from "node:crypto";
function requestOf({ domainUrl, client }, { audience, tenancy, resource }) {
  let asked = [domainUrl.origin, client.clientId, audience, tenancy, resource?.type];
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex").slice(0, 12);
}
function isSamePrincipal(a, b) {
  return a.principal === b.principal && a.tenancy === b.tenancy;
}
function findExistingLogin(files, { jobId, request }, { configFile, profile, region, resource }) {
  try {
    let section = sectionIn(files, configFile, profile), owner = section === void 0 ? void 0 : ownerOf(section);
    if (section === void 0 || owner?.jobId !== jobId || readKey(section, "region") !== region) return;
    let target = ociTarget(configFile, profile), ledger = readLedger(files, configFile), entry = findEntry(ledger, owner.loginId, target);
    return entry === void 0 || entry.request !== request || topEntry(ledger, target) !== entry || entryAboveInDirectory(ledger, entry) !== void 0 ? void 0 : readSession(files, sessionPaths(configFile, profile), owner.loginId, resource);
  } catch (error) {
    if (error instanceof ActionError) return;
    throw error;
  }
}
function sectionIn(files, file, name) {
  let text = files.kind(file) === "file" ? readText(files, file) : "", [section, ...more] = listSections(text).filter((one) => one.name === name);
  return section === void 0 || more.length > 0 ? void 0 : textOf(text, section);
}
function readSession(files, paths, loginId, resource) {
  let token = readSecret(files, paths.tokenFile), keyPair = readKeyFile(files, paths.keyFile);
  if (token === void 0 || keyPair === void 0) return;
  let sessionToken = parseSessionToken(token, resource, void 0);
  return assertBindsKey(sessionToken, keyPair), { loginId, keyPair, paths, sessionToken };
}

// src/login/install.ts
import path3 from "node:path";

// src/targets/install-files.ts
function installTargetFiles(files, { sessionFiles, idTokenFile, profileCopy }, { sessionToken, keyPair, idToken }) {
  let tokenFiles = profileCopy === void 0 ? [] : [tokenFileOf(profileCopy)];
  if (sessionFiles !== void 0) {
    let { directory, keyFile, tokenFile } = sessionFiles;
    files.kind(directory) === "absent" && files.makeDirectory(directory), putFile(files, keyFile, keyPair.privateKeyPem), putFile(files, tokenFile, sessionToken.token), tokenFiles.push({ file: tokenFile, keyFile, lock: null });
  }
  return idTokenFile === void 0 || idToken === void 0 ? { tokenFiles, idToken: void 0 } : (putFile(files, idTokenFile, idToken.jwt), { tokenFiles, idToken: { file: idTokenFile, lifetimeMs: idToken.lifetimeMs } });
}

// src/login/install-role.ts
function variablesForRole(runner, { role, config, tokenFile }) {
  if (!config.exportEnvironment) return {};
  let advice = awsProfileWarning(runner.env, config.profile);
  advice !== void 0 && runner.warning(advice);
  let { region } = config, { accessKeyId, secretAccessKey, sessionToken } = role.credentials, isSession = config.credentialSource === "session", stale = (isSession ? STALE_FOR_SESSION : AWS_CREDENTIALS).filter((name) => !!runner.env(name)), emptied = Object.fromEntries(stale.map((name) => [name, ""]));
  return isSession ? {
    ...emptied,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    ...variablesForAwsRegion(region)
  } : { ...emptied, ...variablesForWebIdentity({ ...webIdentityOf(role, config), region, tokenFile }) };
}
function webIdentityOf({ sessionName }, { role }) {
  return { roleArn: role.arn, roleSessionName: sessionName };
}
async function installAwsProfile(runner, deps, role) {
  let { config, home } = role;
  if (config.profile === void 0 || home === void 0) return;
  let files = awsFiles(home, runner.env);
  for (let [kind, settings] of settingsFor(role)) {
    let target = awsTarget(kind, files[kind], config.profile);
    Object.keys(settings).length === 0 && !hasSection(deps.disk.files, target) || await installSection(deps, {
      target,
      overwrite: config.overwriteProfile,
      expiresAt: config.credentialSource === "session" ? role.role.credentials.expiresAt : null,
      render: (lineEnd) => renderAwsSection(target, deps.owner, settings, lineEnd)
    });
  }
}
function settingsFor({ role, config, tokenFile }) {
  let { region } = config, { accessKeyId, secretAccessKey, sessionToken } = role.credentials, { roleArn, roleSessionName } = webIdentityOf(role, config);
  return config.credentialSource === "web-identity" ? [
    ["credentials", {}],
    ["config", { ...{
      role_arn: roleArn,
      web_identity_token_file: tokenFile,
      role_session_name: roleSessionName
    }, region }]
  ] : [
    ["credentials", {
      aws_access_key_id: accessKeyId,
      aws_secret_access_key: secretAccessKey,
      aws_session_token: sessionToken
    }],
    ["config", { region }]
  ];
}

// src/login/install-session.ts
async function installSession(deps, { configFile, seenAs = configFile, profile, overwriteProfile, region }, { sessionToken, keyPair }) {
  let { fingerprint } = keyPair, values = { ...sessionPaths(seenAs, profile), tenancy: sessionToken.tenancy, region, fingerprint };
  return await installSection(deps, {
    target: ociTarget(configFile, profile),
    overwrite: overwriteProfile,
    expiresAt: sessionToken.expiresAt,
    render: (lineEnd) => renderSection(profile, deps.owner, values, lineEnd),
    session: { keyPair, sessionToken },
    adviseOn: (text) => adviseOnConfigText(text, profile)
  }), sessionPaths(configFile, profile);
}

// src/login/install.ts
function startState({ home, owner }, role) {
  let { assumedRoleArn } = role?.credentials ?? {}, isCached = home !== void 0 && assumedRoleArn;
  return newSavedState(owner.loginId, isCached ? { cache: cliCache(home), assumedRoleArn } : null);
}
async function installFiles(deps, state, config, { session, existing, role, targets }) {
  let { runner, disk, owner, home } = deps, directory = temporaryDirectory(deps, existing), installDeps = {
    ...deps,
    warn: runner.warning,
    save: (installed) => saveInstalled(runner, state, installed)
  };
  needsDirectory(config, targets) && makeTemporary(deps, state, directory);
  let paths = session && config.oci && await writeSession(installDeps, config.oci, session, existing), targetFiles = session && targets && installTargetFiles(disk.files, targets.files, session);
  if (session && config.oci && targets?.files.profileCopy) {
    let copy = { ...config.oci, ...targets.files.profileCopy };
    await writeSession(installDeps, copy, session, findExistingLogin(disk.files, owner, copy));
  }
  let tokenFile = path3.join(directory, "aws-web-identity-token"), aws = role && config.aws && { home, config: config.aws, role, tokenFile };
  return aws && await writeRole(deps, installDeps, aws), { loginId: owner.loginId, directory, session, paths, targetFiles, aws };
}
function temporaryDirectory({ disk, owner, temporary }, existing) {
  let directoryOf = (loginId) => path3.join(temporary, temporaryName(loginId)), first = existing && directoryOf(existing.loginId);
  return first !== void 0 && disk.files.kind(first) === "directory" ? first : directoryOf(owner.loginId);
}
function needsDirectory({ aws }, targets) {
  let { sessionFiles, idTokenFile } = targets?.files ?? {};
  return aws?.credentialSource === "web-identity" || !!(sessionFiles ?? idTokenFile);
}
function makeTemporary({ runner, disk }, state, directory) {
  disk.files.kind(directory) !== "directory" && (updateState(runner, state, { temporary: directory }), disk.files.makeDirectory(directory));
}
async function writeSession(deps, config, session, existing) {
  let { sessionToken } = session;
  if (existing && isSamePrincipal(existing.sessionToken, sessionToken)) {
    let { publicKeyBase64 } = existing.keyPair;
    if (await replaceToken(deps.disk, tokenFileOf(config), sessionToken, publicKeyBase64))
      return existing.paths;
  }
  return installSession(deps, config, session);
}
async function writeRole({ runner, disk }, deps, aws) {
  aws.config.credentialSource === "web-identity" && putFile(disk.files, aws.tokenFile, aws.role.identity.token), await installAwsProfile(runner, deps, aws);
}

// src/report/login-summary.ts
function summarise(facts) {
  let { session, role } = facts;
  return `${[
    `### Logged in to ${[session && "OCI", role && "AWS"].filter((cloud) => cloud !== void 0).join(" and ")}`,
    "",
    ...session ? [...tableOf(sessionRows(session, facts), "| OCI | |"), ""] : [],
    ...role ? [...tableOf(roleRows(role, facts), "| AWS | |"), ""] : [],
    "<details><summary>IDs, files and variables</summary>",
    "",
    ...tableOf(foldedRows(facts)),
    "",
    "</details>",
    ""
    // another step may append to the same file
  ].join(`
`)}
`;
}
function sessionRows(session, { domain, isRefreshed }) {
  let { principal, resourceType, tenancy, region, profile, until } = session;
  return [
    ["Principal", literal(principal)],
    ["Resource type", literals([resourceType])],
    ["Tenancy", literal(tenancy)],
    ["Identity domain", literal(domain)],
    ["Region", literal(region)],
    ["Profile", literal(profile)],
    ["Valid until", `${timeOf(until)}${isRefreshed ? ", renewed until the job ends" : ""}`]
  ];
}
function roleRows(role, { domain, session }) {
  return [
    ["Identity domain", session ? "" : literal(domain)],
    ["Application", session ? "" : literal(role.application)],
    ["Account", literal(role.accountId)],
    ["Role session", literal(role.assumedRoleArn)],
    ["Valid until", timeOf(role.until)]
  ];
}
function foldedRows({ session, files, variables, cleanup }) {
  let end = cleanup ? "the post step removes or restores all of these" : "all of these stay (`cleanup: false`)";
  return [
    ["Request ID of the token exchange", literals([session?.requestId])],
    ["Token ID (`jti`)", literals([session?.tokenId])],
    ["Files", literals(files, "<br>")],
    ["Variables set", literals(variables.set)],
    ["Variables emptied", literals(variables.emptied)],
    ["When the job ends", end]
  ];
}
function literals(values, separator = " ") {
  return values.filter((value) => value !== void 0).map((value) => literal(value)).join(separator);
}
var MINUTE_MS = 6e4;
function timeOf({ at, now }) {
  return `${literal(new Date(at).toISOString())} (${Math.round((at - now) / MINUTE_MS)} minutes)`;
}

// src/targets/token-files.ts
function targetFilePaths({ tokenFiles, idToken }) {
  let pairs = tokenFiles.flatMap(({ file, keyFile }) => [keyFile, file]);
  return idToken === void 0 ? pairs : [...pairs, idToken.file];
}

// src/login/outputs.ts
function setOutputs(deps, config, { session, paths, aws }) {
  config.oci && session && paths && outputSession(deps, config, config.oci, session, paths), aws && outputRole(deps.runner, config, aws);
}
function outputSession({ runner, clock }, { outputCredentials }, { configFile, profile, region }, { sessionToken, keyPair }, { keyFile, tokenFile }) {
  let { token, tenancy, principal, requestId } = sessionToken, expiresAt = new Date(sessionToken.expiresAt).toISOString(), outputs = {
    "config-file": configFile,
    profile,
    region,
    tenancy,
    principal,
    "private-key-file": keyFile,
    "security-token-file": tokenFile,
    fingerprint: keyPair.fingerprint,
    "expires-at": expiresAt,
    // Rounded down.
    "expires-in": String(Math.max(0, Math.floor((sessionToken.expiresAt - clock.now()) / 1e3))),
    "request-id": requestId ?? ""
  };
  for (let [name, value] of Object.entries(outputs)) runner.output(name, value);
  outputCredentials && runner.output("security-token", token), runner.info(`Logged in to OCI as ${principal}, profile [${profile}] in ${configFile}, until ${expiresAt}.`), runner.info(`Request ID: ${requestId ?? "none"}.`);
}
function outputRole(runner, { outputCredentials }, { role, config }) {
  let { accountId, assumedRoleArn, accessKeyId, secretAccessKey, sessionToken, expiresAt } = role.credentials, expiration = new Date(expiresAt).toISOString();
  runner.output("aws-expiration", expiration), runner.output("aws-account-id", accountId), runner.output("aws-assumed-role-arn", assumedRoleArn), config.profile !== void 0 && runner.output("aws-profile", config.profile), outputCredentials && (runner.output("aws-access-key-id", accessKeyId), runner.output("aws-secret-access-key", secretAccessKey), runner.output("aws-session-token", sessionToken)), runner.info(`Assumed ${assumedRoleArn} in account ${accountId}, until ${expiration}.`);
}
function writeSummary({ runner, clock }, { summary, domainUrl, oci, cleanup }, {
  session,
  paths,
  targetFiles,
  aws,
  variables,
  state,
  isRefreshed
}) {
  if (summary !== "always") return;
  let now = clock.now(), files = [
    ...state.installed.map(({ file }) => file),
    ...paths ? [paths.keyFile, paths.tokenFile] : [],
    ...targetFiles ? targetFilePaths(targetFiles) : [],
    ...aws?.config.credentialSource === "web-identity" ? [aws.tokenFile] : []
  ], names = Object.keys(variables), isEmptied = (name) => variables[name] === "", text = summarise({
    domain: domainUrl.host,
    session: session && oci && sessionFacts(session, oci, now),
    role: aws && roleFacts(aws, now),
    files,
    variables: {
      set: names.filter((name) => !isEmptied(name)),
      emptied: names.filter(isEmptied)
    },
    isRefreshed,
    cleanup
  });
  runner.summary(text);
}
function sessionFacts({ sessionToken }, { region, profile, resource }, now) {
  let { principal, tenancy, tokenId, expiresAt, requestId } = sessionToken, resourceType = resource?.type;
  return {
    principal,
    resourceType,
    tenancy,
    region,
    profile,
    until: { at: expiresAt, now },
    requestId,
    tokenId
  };
}
function roleFacts({ role }, now) {
  let { accountId, assumedRoleArn, expiresAt } = role.credentials;
  return { accountId, assumedRoleArn, application: role.identity.subject, until: { at: expiresAt, now } };
}

// src/refresh/start.ts
var LONGEST_JOB_MS = 120 * 36e5;
async function startRefresher(deps, config, installed) {
  let spec = specFor(deps, config, installed), targets = withoutFiles(spec.targets, filesRenewedAlready(deps, installed.directory));
  if (targets.length === 0) return;
  let pid = await deps.background.start({
    script: deps.script,
    mark: spec.loginId,
    log: logFileOf(spec),
    instructions: serializeRefreshSpec({ ...spec, targets })
  }), names = targets.map(({ kind }) => TOKEN_NAMES[kind]).join(", ");
  return deps.runner.info(
    `Process ${pid} renews ${names} in the background until the job ends. The post step shows its log.`
  ), pid;
}
function filesRenewedAlready({ runner, files, background, clock }, directory) {
  return loginsWithLog(files, directory).flatMap((loginId) => {
    let logFile = logFileOf({ directory, loginId }), unfinished = unfinishedProcess(readLog(files, logFile));
    if (unfinished === void 0) return [];
    if (background.isRunning(unfinished.pid, loginId)) return unfinished.files;
    let text = describeKilled(unfinished);
    runner.warning(text);
    let at = new Date(clock.now()).toISOString();
    return closeLog(files, logFile, { at, kind: "completed", text }), [];
  });
}
function specFor({ runner, clock }, config, installed) {
  let { domainUrl, oci, retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs } = config, { loginId, directory, paths } = installed, now = clock.now(), source = oci && findIdTokenSource(runner.env);
  return {
    loginId,
    directory,
    sessionDirectory: paths?.session,
    domainUrl,
    limits: { maxAttempts, requestTimeoutMs, timeoutMs },
    renewableUntil: (source && expiryOf(source.requestToken)) ?? now + LONGEST_JOB_MS,
    targets: [...sessionTargets(config, source, installed, now), ...awsTargets(installed, now)]
  };
}
function sessionTargets({ oci, client }, source, { session, targetFiles }, now) {
  if (oci === void 0 || source === void 0) return [];
  let { audience, tenancy, resource } = oci, targets = [];
  if (session) {
    let { sessionToken, clockSkewMs = 0, keyPair } = session;
    targets.push({
      kind: "session",
      validity: { issuedAt: now, expiresAt: sessionToken.expiresAt - clockSkewMs },
      source,
      client,
      config: { audience, tenancy, resource },
      publicKey: { publicKeyBase64: keyPair.publicKeyBase64, publicJwk: keyPair.publicJwk },
      tokenFiles: [tokenFileOf(oci), ...targetFiles?.tokenFiles ?? []]
    });
  }
  if (targetFiles?.idToken) {
    let { file, lifetimeMs } = targetFiles.idToken, validity = { issuedAt: now, expiresAt: now + lifetimeMs };
    targets.push({ kind: "id-token", validity, source, audience, file });
  }
  return targets;
}
function awsTargets({ aws }, now) {
  if (aws?.config.credentialSource !== "web-identity") return [];
  let { scope, audience, client } = aws.config;
  return [{ kind: "access-token", validity: { issuedAt: now, expiresAt: aws.role.identity.expiresAt }, client, scope, audience, file: aws.tokenFile }];
}

// src/login/refresh.ts
async function refreshInBackground(deps, state, config, installed) {
  let { runner, clock } = deps, isRefreshed = needsRefresher(config.refresh, expiriesOf(config, installed), clock.now()) && await start(deps, state, config, installed), { session } = installed, isRequested = config.oci?.resource?.lifetimeSeconds !== void 0;
  if (isRefreshed || !session || isRequested) return isRefreshed;
  let warning = adviseOnLifetime(void 0, session.sessionToken.expiresAt, clock.now());
  return warning !== void 0 && runner.warning(warning), !1;
}
function expiriesOf({ oci }, { session, aws }) {
  return [
    session?.sessionToken.expiresAt,
    oci?.exportFor.includes("terraform") ? session?.idToken?.expiresAt : void 0,
    aws?.config.credentialSource === "web-identity" ? aws.role.identity.expiresAt : void 0
  ];
}
async function start(deps, state, config, installed) {
  let { runner } = deps, { loginId, directory } = installed;
  try {
    makeTemporary(deps, state, directory);
    let pid = await startRefresher(deps.refresherDeps(), config, installed);
    return pid !== void 0 && updateState(runner, state, { refresher: { pid, loginId, directory } }), !0;
  } catch (error) {
    if (config.refresh !== "auto" || !(error instanceof ActionError)) throw error;
    return runner.warning(`${error.code}: nothing is renewed in the background. ${error.message}`), !1;
  }
}

// src/login/login.ts
async function login(given, config) {
  let { client, oci, aws } = config, deps = oci ? { ...given, owner: { ...given.owner, request: requestOf(config, oci) } } : given, { runner } = deps;
  for (let { basic } of /* @__PURE__ */ new Set([client, aws?.client ?? client])) runner.mask(basic);
  let existing = oci && findExistingLogin(deps.disk.files, deps.owner, oci), targets = oci && planExports(deps, config, oci, existing), [session, role] = await Promise.all([
    oci && sessionFor(deps, config, oci, existing),
    aws && openAwsSession(deps, { ...config, aws })
  ]), state = startState(deps, role);
  await withRollback(deps, state, async () => {
    let files = await installFiles(deps, state, config, { session, existing, role, targets }), isRefreshed = await refreshInBackground(deps, state, config, files), variables = { ...targets?.variables, ...files.aws && variablesForRole(runner, files.aws) };
    exportEnvironment(runner, state, variables), setOutputs(deps, config, files), updateState(runner, state, { cleanup: config.cleanup }), writeSummary(deps, config, { ...files, variables, state, isRefreshed });
  });
}
function planExports(deps, { domainUrl, client }, oci, existing) {
  let { runner } = deps, directory = temporaryDirectory(deps, existing), { platform } = process, plan = planTargets({ ...deps, env: runner.env, platform, directory, domainUrl, client, oci });
  for (let warning of plan.warnings) runner.warning(warning);
  for (let note of plan.notes) runner.info(note);
  return plan;
}
async function sessionFor(deps, config, oci, existing) {
  let { clock } = deps, { minimumLifetimeMs } = config, lasts = (expiresAt2) => expiresAt2 - clock.now() >= minimumLifetimeMs;
  if (existing && minimumLifetimeMs > 0 && lasts(existing.sessionToken.expiresAt))
    return verified(deps, oci, await reuse(deps, oci, existing));
  let open = (keyPair) => openOciSession({ ...deps, keyPair }, { ...config, oci }), renewed = existing && await open(Promise.resolve(existing.keyPair)), session = renewed && isSamePrincipal(renewed.sessionToken, existing.sessionToken) ? renewed : await open(deps.keyPair), { expiresAt, requestId } = session.sessionToken;
  if (lasts(expiresAt)) return verified(deps, oci, session);
  let what = `The new session lasts ${Math.floor((expiresAt - clock.now()) / 1e3)} s; \`minimum-lifetime-seconds\` asks for ${minimumLifetimeMs / 1e3}.`;
  throw new ActionError("SESSION_TOO_SHORT", what, { requestId });
}
async function reuse(deps, { audience, exportFor }, { sessionToken, keyPair }) {
  let { runner } = deps;
  for (let secret of [keyPair.privateKeyPem, sessionToken.token]) runner.mask(secret);
  let idToken = exportFor.includes("terraform") ? await requestIdToken(deps, findIdTokenSource(runner.env), audience) : void 0;
  return { sessionToken, keyPair, idToken };
}
async function verified(deps, oci, session) {
  if (!oci.verify) return session;
  let { namespace, requestId = "none" } = await verifySession(deps, oci, session);
  return deps.runner.info(`OCI accepts the session (namespace ${namespace}). Request ID: ${requestId}.`), session;
}

// src/node/runner-process.ts
function createRunnerProcesses({ platform, fs } = thisSystem, parentPid = process.ppid) {
  let host = () => ({
    bootId: fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    pidNamespace: fs.readlinkSync("/proc/self/ns/pid")
  }), read = (pid) => {
    let stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return { pid, startTime: startTimeIn(stat), ...host() };
  };
  return {
    parent() {
      try {
        return platform === "linux" ? read(parentPid) : null;
      } catch {
        return null;
      }
    },
    stateOf(process2) {
      if (platform !== "linux" || process2 === null) return "unknown";
      try {
        let { bootId, pidNamespace } = host();
        return bootId !== process2.bootId || pidNamespace !== process2.pidNamespace ? "unknown" : read(process2.pid).startTime === process2.startTime ? "alive" : "gone";
      } catch (error) {
        return ["ENOENT", "ESRCH"].includes(codeOf(error) ?? "") ? "gone" : "unknown";
      }
    }
  };
}
function startTimeIn(stat) {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

// src/run-login.ts
async function run(keyPair) {
  try {
    let homes = findHomeDirectories(), config = readConfig(readMaskedInput, {
      home: homes.home,
      workspace: githubRunner.env("GITHUB_WORKSPACE")
    });
    for (let warning of configWarnings(config)) githubRunner.warning(warning);
    await login(compose(config, keyPair, homes), config);
    let note = config.oci && homeDirectoryNote(config.oci.configFile, homes, config.oci.exportFor);
    note !== void 0 && githubRunner.info(note);
  } catch (error) {
    process.exitCode = 1, await reportFailure(githubRunner, toActionError(error), getInput("summary") !== "never");
  }
}
function compose(config, keyPair, homes) {
  return {
    runner: githubRunner,
    clock: systemClock,
    keyPair,
    ...homes,
    temporary: githubRunner.env("RUNNER_TEMP") || tmpdir(),
    http: httpFor(config),
    disk: { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) },
    owner: { loginId: randomBytes(8).toString("hex"), jobId: jobIdentity() },
    runnerProcesses: createRunnerProcesses(),
    refresherDeps
  };
}
export {
  run
};
