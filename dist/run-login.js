import {
  STATE,
  cliCache,
  planExports,
  stopRefresher,
  takeBack,
  temporaryName
} from "./shared-by-post+run-login.js";
import {
  TOKEN_NAMES,
  needsRefresher,
  putFile,
  readKeyFile,
  readSecret,
  replaceToken,
  serializeRefreshSpec,
  tokenFileOf,
  withoutFiles
} from "./shared-by-refresher+run-login.js";
import {
  closeLog,
  createLock,
  describeKilled,
  logFileOf,
  loginsWithLog,
  readLog,
  unfinishedProcess
} from "./shared-by-post+refresher+run-login.js";
import {
  awsFiles,
  awsPlace,
  cliExports,
  configWarnings,
  findHomeDirectories,
  hasSection,
  homeDirectoryNote,
  homeOfConfig,
  httpFor,
  installSection,
  literal,
  namesWithVerb,
  openAwsSession,
  overrideWarning,
  readConfig,
  readMaskedInput,
  refresherDeps,
  renderAwsSection,
  reportFailure,
  tableOf
} from "./shared-by-doctor+run-login.js";
import {
  AWS_CREDENTIALS,
  STALE_FOR_SESSION,
  awsProfileWarning,
  githubRunner,
  jobIdentity,
  readInput,
  readText,
  sessionsAt,
  variablesForAwsRegion,
  variablesForWebIdentity
} from "./shared-by-doctor+post+run-login.js";
import {
  adviseOnLifetime,
  assertBindsKey,
  expiryOf,
  findIdTokenSource,
  openOciSession,
  parseSessionToken,
  principalKind,
  requestIdToken,
  verifySession
} from "./shared-by-doctor+refresher+run-login.js";
import "./shared-by-doctor+main+refresher.js";
import {
  ActionError,
  adviseOnConfigText,
  listSections,
  nodeFiles,
  ociPlace,
  ownerOf,
  readKey,
  renderSection,
  sessionPaths,
  systemClock,
  textOf,
  toActionError
} from "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/run-login.ts
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";

// src/targets/ansible.ts
function ansibleExports({ oci: { configFile, profile } }) {
  return {
    variables: {
      OCI_ANSIBLE_AUTH_TYPE: "security_token",
      OCI_CONFIG_FILE: configFile,
      OCI_CONFIG_PROFILE: profile
    }
  };
}

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
  let earlier = parseMarker(env(MARKER) ?? ""), isOther = (one) => one.profile !== profile || one.configFile !== configFile, added = /* @__PURE__ */ new Set(), sets = /* @__PURE__ */ new Set();
  for (let target of targets) {
    let set = RESERVED_SETS[target];
    if (set === void 0) continue;
    sets.add(set);
    let previous = earlier.find((one) => one.set === set);
    if (previous !== void 0 && isOther(previous))
      throw new ActionError(
        "EXPORT_CONFLICT",
        `\`export-for\` ${target}: an earlier login of this job has exported these variables for profile [${previous.profile}] in ${previous.configFile}.`
      );
    previous === void 0 && added.add(target);
  }
  let marker = [...earlier.filter(({ set }) => !sets.has(set)), ...[...sets].map((set) => ({ set, profile, configFile }))].map((one) => [one.set, one.profile, one.configFile].join(" ")).join(`
`);
  return { variables: sets.size > 0 ? { [MARKER]: marker } : {}, added };
}
function parseMarker(text) {
  return text.split(`
`).flatMap((line) => {
    let [, set, profile, configFile] = /^(\S+) (\S+) (.+)$/.exec(line) ?? [];
    return set && profile && configFile ? [{ set, profile, configFile }] : [];
  });
}
function replacementWarning(env, target, variables) {
  let names = Object.keys(variables).filter((name) => !!env(name) && env(name) !== variables[name]);
  return names.length === 0 ? [] : [
    `${namesWithVerb(names)} set in this job. Until the post step, \`export-for\` ${target} replaces the values for all later steps.`
  ];
}

// src/targets/resource-principal.ts
import path2 from "node:path";
var PASSPHRASE = "OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE";
function resourcePrincipalExports({ directory, env, oci }) {
  let session = path2.join(directory, "session"), [tokenFile, keyFile] = [path2.join(session, "token"), path2.join(session, "key.pem")], warning = `${PASSPHRASE} is set in this job, but the key of this session has no passphrase. Remove it.`;
  return {
    variables: {
      OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
      OCI_RESOURCE_PRINCIPAL_RPST: tokenFile,
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: keyFile,
      OCI_RESOURCE_PRINCIPAL_REGION: oci.region
    },
    files: { sessionFiles: { directory: session, tokenFile, keyFile } },
    warnings: env(PASSPHRASE) ? [warning] : []
  };
}

// src/targets/terraform.ts
import path3 from "node:path";
function terraformExports(context) {
  let { domainUrl, client, directory, platform, env } = context, { region, resource, configFile } = context.oci, idTokenFile = path3.join(directory, "github-id-token"), variables = {
    OCI_AUTH: "WorkloadIdentityFederation",
    OCI_REGION: region,
    OCI_WORKLOAD_IDENTITY_TOKEN_PATH: idTokenFile,
    OCI_TOKEN_EXCHANGE_DOMAIN_URL: domainUrl.origin,
    // the provider rejects a path, even a slash
    OCI_TOKEN_EXCHANGE_AUTH: "OAuthClientCredentials",
    OCI_TOKEN_EXCHANGE_CLIENT_ID: client.clientId,
    OCI_TOKEN_EXCHANGE_CLIENT_SECRET: client.clientSecret,
    OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN_TYPE: "jwt",
    OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: `urn:oci:token-type:oci-${resource ? "rpst" : "upst"}`,
    ...resource && { OCI_TOKEN_EXCHANGE_RESOURCE_TYPE: resource.type },
    ...resource?.lifetimeSeconds && { OCI_TOKEN_EXCHANGE_RPST_EXP: String(resource.lifetimeSeconds) },
    ...platform === "win32" ? {} : backendVariables(context)
  }, warning = "`export-for` terraform: on Windows, Terraform's `oci` state backend reads the variables of the provider and cannot log in with them. If you use it, choose terraform-session.", note = `Nothing is exported for Terraform's \`oci\` state backend, which reads only .oci/config in a home directory, not ${configFile}.`, isWindows = platform === "win32", hasNoBackend = !isWindows && homeOfConfig(configFile) === void 0;
  return {
    variables,
    files: { idTokenFile },
    warnings: [...overriddenBy(variables, env), ...isWindows ? [warning] : []],
    notes: hasNoBackend ? [note] : []
  };
}
function terraformSessionExports(context) {
  let { home, account, env } = context, { configFile, profile, region } = context.oci, variables = {
    OCI_AUTH: "SecurityToken",
    OCI_CONFIG_FILE_PROFILE: profile,
    OCI_REGION: region,
    ...homeOverride("TF_HOME_OVERRIDE", configFile, account ?? home, env),
    ...backendVariables(context)
  };
  return { variables, warnings: overriddenBy(variables, env) };
}
function backendVariables({ oci, home, env, platform }) {
  let { configFile, profile, region } = oci;
  if (homeOfConfig(configFile) === void 0) return {};
  let override = homeOverride("OCI_HOME_OVERRIDE", configFile, home, env);
  return platform === "win32" ? override : { OCI_auth: "SecurityToken", OCI_config_file_profile: profile, OCI_region: region, ...override };
}
function homeOverride(name, configFile, usual, env) {
  let wanted = homeOfConfig(configFile), found = env(name) || usual;
  return found !== void 0 && wanted !== void 0 && path3.relative(wanted, found) === "" || wanted === void 0 ? {} : { [name]: wanted };
}
function overriddenBy(variables, env) {
  let names = Object.entries(variables).flatMap(([name, value]) => {
    let override = `TF_VAR_${name.replace(/^OCI_/, "").toLowerCase()}`;
    return /^OCI_[A-Z_]+$/.test(name) && env(override) && env(override) !== value ? [override] : [];
  });
  return names.length === 0 ? [] : [
    `${namesWithVerb(names)} set in this job, and Terraform's provider reads TF_VAR_ variables before those of \`export-for\`. Remove them.`
  ];
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
    reservation.added.has(target) && plan.warnings.push(...replacementWarning(env, target, variables2)), plan.variables = { ...plan.variables, ...variables2 }, plan.files = { ...plan.files, ...files }, plan.warnings.push(...warnings), plan.notes.push(...notes);
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
function findExistingLogin(files, { jobId, request }, { configFile, profile, region, resource }) {
  try {
    let section = sectionIn(files, configFile, profile), owner = section === void 0 ? void 0 : ownerOf(section);
    if (section === void 0 || owner?.jobId !== jobId || readKey(section, "region") !== region) return;
    let sessions = sessionsAt(files, ociPlace(configFile, profile)), record = sessions.find(({ loginId }) => loginId === owner.loginId);
    if (record === void 0 || record.request !== request || sessions.some(({ replaces }) => replaces === owner.loginId))
      return;
    let kind = principalKind({ resource });
    return readSession(files, sessionPaths(configFile, profile), owner.loginId, kind);
  } catch (error) {
    if (error instanceof ActionError) return;
    throw error;
  }
}
function sectionIn(files, file, name) {
  let text = files.kind(file) === "file" ? readText(files, file) : "", [section, ...more] = listSections(text).filter((one) => one.name === name);
  return section === void 0 || more.length > 0 ? void 0 : textOf(text, section);
}
function readSession(files, paths, loginId, kind) {
  let token = readSecret(files, paths.tokenFile), keyPair = readKeyFile(files, paths.keyFile);
  if (token === void 0 || keyPair === void 0) return;
  let upst = parseSessionToken(token, kind, void 0);
  if (!(kind === "resource" && upst.principal.startsWith("ocid1.user.")))
    return assertBindsKey(upst, keyPair), { loginId, keyPair, paths, upst };
}

// src/login/install.ts
import path4 from "node:path";

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
    let unfinished = unfinishedProcess(readLog(files, { directory, loginId }));
    if (unfinished === void 0) return [];
    if (background.isRunning(unfinished.pid, loginId)) return unfinished.files;
    let text = describeKilled(unfinished);
    runner.warning(text);
    let at = new Date(clock.now()).toISOString();
    return closeLog(files, { directory, loginId }, { at, kind: "completed", text }), [];
  });
}
function specFor({ runner, clock }, config, { loginId, directory, paths, ...installed }) {
  let { domainUrl, oci, retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs } = config, now = clock.now(), source = oci && findIdTokenSource(runner.env);
  return {
    loginId,
    directory,
    sessionDirectory: paths?.session,
    domainUrl,
    limits: { maxAttempts, requestTimeoutMs, timeoutMs },
    renewableUntil: (source && expiryOf(source.requestToken)) ?? now + LONGEST_JOB_MS,
    targets: [
      ...oci && source ? ociTargets(oci, config.client, source, installed, now) : [],
      ...awsTargets(installed.aws, now)
    ]
  };
}
function ociTargets(oci, client, source, { session, targetFiles }, now) {
  let targets = [], { audience, tenancy, resource } = oci;
  if (session) {
    let { publicKeyBase64, publicJwk } = session.keyPair;
    targets.push({
      kind: "session",
      validity: { issuedAt: now, expiresAt: session.sessionToken.expiresAt },
      source,
      client,
      config: { audience, tenancy, resource },
      publicKey: { publicKeyBase64, publicJwk },
      tokenFiles: [tokenFileOf(oci), ...targetFiles?.tokenFiles ?? []]
    });
  }
  if (targetFiles?.idToken) {
    let { file, lifetimeMs } = targetFiles.idToken;
    targets.push({
      kind: "id-token",
      validity: { issuedAt: now, expiresAt: now + lifetimeMs },
      source,
      audience,
      file
    });
  }
  return targets;
}
function awsTargets(aws, now) {
  if (aws?.config.credentialSource !== "web-identity") return [];
  let { scope, audience, client } = aws.config;
  return [{ kind: "access-token", validity: { issuedAt: now, expiresAt: aws.role.identity.expiresAt }, client, scope, audience, file: aws.tokenFile }];
}

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
function writeTokenFile({ files }, { tokenFile, role }) {
  putFile(files, tokenFile, role.identity.token);
}
async function installAwsProfile(runner, disk, handOver2, save2) {
  let { config, owner, home } = handOver2;
  if (config.profile === void 0 || home === void 0) return;
  let files = awsFiles(home, runner.env);
  for (let [kind, settings] of settingsFor(handOver2)) {
    let place = awsPlace(kind, files[kind], config.profile);
    if (Object.keys(settings).length === 0 && !hasSection(disk.files, place)) continue;
    let install = { owner, place, render: (lineEnd) => renderAwsSection(place, owner, settings, lineEnd), save: save2, overwrite: config.overwriteProfile };
    await installSection(disk, { ...install, contents: [], inspect: () => {
    } });
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
async function installSession(disk, install) {
  let { owner, configFile, seenAs, profile, save: save2, warn, tenancy, region, fingerprint } = install, paths = sessionPaths(configFile, profile), { keyFile, tokenFile } = paths, seen = sessionPaths(seenAs ?? configFile, profile);
  return await installSection(disk, {
    owner,
    save: save2,
    place: ociPlace(configFile, profile, seen.tokenFile),
    overwrite: install.overwriteProfile,
    render: (lineEnd) => renderSection(profile, owner, { ...seen, tenancy, region, fingerprint }, lineEnd),
    contents: [
      [keyFile, install.privateKeyPem],
      [tokenFile, install.token]
      // no final newline: clients in Go, TypeScript and .NET use its bytes as they are
    ],
    inspect: (text) => {
      for (let advice of adviseOnConfigText(text, profile)) warn(`${configFile} ${advice}.`);
    }
  }), paths;
}

// src/report/login-summary.ts
function summarise(facts) {
  let { domain, session, role } = facts;
  return `${[
    `### Logged in to ${[session && "OCI", role && "AWS"].filter((cloud) => cloud !== void 0).join(" and ")}`,
    "",
    ...session ? [...tableOf(sessionRows(session, facts), "| OCI | |"), ""] : [],
    ...role ? [...tableOf(roleRows(role, session ? void 0 : domain), "| AWS | |"), ""] : [],
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
    ...resourceType === void 0 ? [] : [["Resource type", literal(resourceType)]],
    ["Tenancy", literal(tenancy)],
    ["Identity domain", literal(domain)],
    ["Region", literal(region)],
    ["Profile", literal(profile)],
    ["Valid until", `${timeOf(until)}${isRefreshed ? ", renewed until the job ends" : ""}`]
  ];
}
function roleRows({ accountId, assumedRoleArn, application, until }, domain) {
  return [
    ...domain === void 0 ? [] : [["Identity domain", literal(domain)]],
    ...domain === void 0 ? [] : [["Application", literal(application)]],
    ["Account", literal(accountId)],
    ["Role session", literal(assumedRoleArn)],
    ["Valid until", timeOf(until)]
  ];
}
function foldedRows({ session, files, variables, cleanup }) {
  let { requestId, tokenId } = session ?? {};
  return [
    ...listRow("Request ID of the token exchange", requestId === void 0 ? [] : [requestId]),
    ...listRow("Token ID (`jti`)", tokenId === void 0 ? [] : [tokenId]),
    ...listRow("Files", files, "<br>"),
    ...listRow("Variables set", variables.set),
    ...listRow("Variables emptied", variables.emptied),
    [
      "When the job ends",
      cleanup ? "the post step removes or restores all of these" : "all of these stay (`cleanup: false`)"
    ]
  ];
}
function listRow(name, values, separator = " ") {
  return values.length === 0 ? [] : [[name, values.map(literal).join(separator)]];
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
function announceSession({ runner, clock }, { outputCredentials }, { configFile, profile, region }, { sessionToken: upst, keyPair }, paths) {
  let expiresAt = new Date(upst.expiresAt).toISOString(), outputs = {
    "config-file": configFile,
    profile,
    region,
    tenancy: upst.tenancy,
    principal: upst.principal,
    "private-key-file": paths.keyFile,
    "security-token-file": paths.tokenFile,
    fingerprint: keyPair.fingerprint,
    "expires-at": expiresAt,
    // Never more than there is.
    "expires-in": String(Math.max(0, Math.floor((upst.expiresAt - clock.now()) / 1e3))),
    "request-id": upst.requestId ?? ""
  };
  for (let [name, value] of Object.entries(outputs)) runner.output(name, value);
  outputCredentials && runner.output("security-token", upst.token), runner.info(
    `Logged in to OCI as ${upst.principal}, profile [${profile}] in ${configFile}, until ${expiresAt}.`
  ), runner.info(`The domain knows this login by request id ${upst.requestId ?? "(none given)"}.`);
}
function announceRole(runner, { outputCredentials }, { role, config }) {
  let { accountId, assumedRoleArn, accessKeyId, secretAccessKey, sessionToken, expiresAt } = role.credentials, expiration = new Date(expiresAt).toISOString();
  runner.output("aws-expiration", expiration), runner.output("aws-account-id", accountId), runner.output("aws-assumed-role-arn", assumedRoleArn), config.profile !== void 0 && runner.output("aws-profile", config.profile), outputCredentials && (runner.output("aws-access-key-id", accessKeyId), runner.output("aws-secret-access-key", secretAccessKey), runner.output("aws-session-token", sessionToken)), runner.info(`Assumed ${assumedRoleArn} in account ${accountId}, until ${expiration}.`);
}
function announceInSummary({ runner, clock }, { summary, domainUrl, oci, cleanup }, { session, paths, targetFiles, aws, variables, state, isRefreshed }) {
  if (summary !== "always") return;
  let now = clock.now(), files = [
    ...state.places.map(({ place }) => place.file),
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

// src/login/install.ts
async function handOver(parts, config, opened) {
  let { runner, disk, owner } = parts, { session, own, role, targets } = opened, directory = directoryFor(parts, own), aws = role && config.aws && toHandOver(parts, config.aws, role, directory), state = blankState(parts, aws);
  try {
    needsDirectory(config, targets) && openTemporary(parts, state, directory);
    let paths = session && config.oci && await writeSession(parts, state, config.oci, session, own), targetFiles = session && targets && installTargetFiles(disk.files, targets.files, session);
    if (session && config.oci && targets?.files.profileCopy) {
      let copy = { ...config.oci, ...targets.files.profileCopy };
      await writeSession(parts, state, copy, session, findExistingLogin(disk.files, owner, copy));
    }
    aws && await writeRole(parts, state, aws);
    let variables = { ...targets?.variables, ...aws && variablesForRole(runner, aws) }, installed = { directory, session, paths, targetFiles, aws }, isRefreshed = needsRefresher(config.refresh, expiriesOf(config, opened), parts.clock.now()) && await refreshInBackground(parts, state, config, installed);
    isRefreshed || adviseOnShortSession(parts, config, session), state.exported = planExports(runner, owner, variables), save(runner, state);
    for (let [name, value] of Object.entries(variables)) runner.exportVariable(name, value);
    return config.oci && session && paths && announceSession(parts, config, config.oci, session, paths), aws && announceRole(runner, config, aws), state.cleanup = config.cleanup, save(runner, state), { session, paths, targetFiles, aws, variables, state, isRefreshed };
  } catch (error) {
    throw await abandon(parts, state), error;
  }
}
function directoryFor({ disk, owner, temporary }, own) {
  let [theirs, ours] = [own ?? owner, owner].map(
    ({ loginId }) => path4.join(temporary, temporaryName(loginId))
  );
  return theirs !== void 0 && disk.files.kind(theirs) === "directory" ? theirs : ours ?? temporary;
}
function needsDirectory({ aws }, targets) {
  let { sessionFiles, idTokenFile } = targets?.files ?? {};
  return aws?.credentialSource === "web-identity" || !!(sessionFiles ?? idTokenFile);
}
function openTemporary({ runner, disk }, state, directory) {
  disk.files.kind(directory) !== "directory" && (state.temporary = directory, save(runner, state), disk.files.makeDirectory(directory));
}
function expiriesOf({ oci, aws }, { session, role }) {
  return [
    session?.sessionToken.expiresAt,
    oci?.exportFor.includes("terraform") ? session?.idToken?.expiresAt : void 0,
    aws?.credentialSource === "web-identity" ? role?.identity.expiresAt : void 0
  ];
}
async function refreshInBackground(parts, state, config, installed) {
  let { loginId } = state, { directory } = installed;
  try {
    openTemporary(parts, state, directory);
    let pid = await startRefresher(parts.refresherDeps(), config, { ...installed, loginId });
    return pid === void 0 || (state.refresher = { pid, loginId, directory }, save(parts.runner, state)), !0;
  } catch (error) {
    if (config.refresh !== "auto" || !(error instanceof ActionError)) throw error;
    return parts.runner.warning(`${error.code}: nothing is renewed in the background. ${error.message}`), !1;
  }
}
function adviseOnShortSession({ runner, clock }, { oci }, session) {
  let isAsked = oci?.resource?.lifetimeSeconds !== void 0, advice = session && !isAsked ? adviseOnLifetime(void 0, session.sessionToken.expiresAt, clock.now()) : void 0;
  advice !== void 0 && runner.warning(advice);
}
function blankState({ home, owner }, aws) {
  let cache = home === void 0 ? void 0 : cliCache(home), { assumedRoleArn } = aws?.role.credentials ?? {};
  return {
    version: 1,
    loginId: owner.loginId,
    places: [],
    exported: {},
    temporary: null,
    refresher: null,
    cachedRole: cache && assumedRoleArn ? { cache, assumedRoleArn } : null,
    cleanup: !0
    // until main has come to its end, post must clean up in any case
  };
}
function save(runner, state) {
  runner.saveState(STATE, JSON.stringify(state));
}
function recorder(runner, state) {
  return (record) => {
    let { store, name } = record.place, others = state.places.filter(({ place }) => place.store !== store || place.name !== name);
    state.places = [...others, record], save(runner, state);
  };
}
async function writeSession({ runner, disk, owner }, state, oci, session, own) {
  if (own !== void 0 && isSame(own, session)) {
    let { paths, keyPair } = own, { token } = session.sessionToken;
    if (await replaceToken(disk, tokenFileOf(oci), token, keyPair.publicKeyBase64)) return paths;
  }
  let hooks = { save: recorder(runner, state), warn: runner.warning };
  return installSession(disk, { ...oci, ...session.sessionToken, ...session.keyPair, ...hooks, owner });
}
function isSame({ upst }, session) {
  let { principal, tenancy } = session.sessionToken;
  return upst.principal === principal && upst.tenancy === tenancy;
}
async function writeRole({ runner, disk }, state, aws) {
  aws.config.credentialSource === "web-identity" && writeTokenFile(disk, aws), await installAwsProfile(runner, disk, aws, recorder(runner, state));
}
function toHandOver({ owner, home }, config, role, directory) {
  return { owner, home, config, role, tokenFile: path4.join(directory, "aws-web-identity-token") };
}
async function abandon({ runner, disk, refresherDeps: refresherDeps2 }, state) {
  try {
    state.refresher && await stopRefresher(refresherDeps2(), state.refresher), await takeBack(runner, disk, state);
  } catch (error) {
    runner.warning(`Not everything could be taken back (${String(error)}); the post step will try again.`);
  }
}

// src/login/login.ts
async function login(given, config) {
  let { domainUrl, client, oci, aws } = config, request = oci && { request: requestOf(config, oci) }, parts = { ...given, owner: { ...given.owner, ...request } };
  for (let { basic } of /* @__PURE__ */ new Set([client, aws?.client ?? client])) parts.runner.mask(basic);
  let own = oci && findExistingLogin(parts.disk.files, parts.owner, oci), { env } = parts.runner, { platform } = process, directory = directoryFor(parts, own), targets = oci && planTargets({ ...parts, env, platform, directory, domainUrl, client, oci });
  for (let warning of targets?.warnings ?? []) parts.runner.warning(warning);
  for (let note of targets?.notes ?? []) parts.runner.info(note);
  let openingRole = aws && openAwsSession(parts, { ...config, aws });
  openingRole?.catch(() => {
  });
  let session = oci && await sessionFor(parts, config, oci, own);
  if (oci?.verify && session) {
    let { namespace, requestId } = await verifySession(parts, oci, session);
    parts.runner.info(
      `OCI accepts the session (object storage namespace ${namespace}, request id ${requestId ?? "(none given)"}).`
    );
  }
  let role = await openingRole;
  announceInSummary(parts, config, await handOver(parts, config, { session, own, role, targets }));
}
async function sessionFor(parts, config, oci, own) {
  let { runner, clock } = parts, { minimumLifetimeMs } = config;
  if (own !== void 0 && minimumLifetimeMs > 0 && own.upst.expiresAt - clock.now() >= minimumLifetimeMs) {
    for (let secret of [own.keyPair.privateKeyPem, own.upst.token]) runner.mask(secret);
    let idToken = oci.exportFor.includes("terraform") ? await requestIdToken(parts, findIdTokenSource(runner.env), oci.audience) : void 0;
    return { sessionToken: own.upst, keyPair: own.keyPair, idToken };
  }
  let keyPair = own === void 0 ? parts.keyPair : Promise.resolve(own.keyPair), session = await openOciSession({ ...parts, keyPair }, { ...config, oci }), left = Math.floor((session.sessionToken.expiresAt - clock.now()) / 1e3);
  if (left * 1e3 >= minimumLifetimeMs) return session;
  let what = `The new session lasts ${left} s; \`minimum-lifetime-seconds\` asks for ${minimumLifetimeMs / 1e3}.`;
  throw new ActionError("SESSION_TOO_SHORT", what, { requestId: session.sessionToken.requestId });
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
    process.exitCode = 1, await reportFailure(githubRunner, toActionError(error), readInput("summary") !== "never");
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
    refresherDeps
  };
}
export {
  run
};
