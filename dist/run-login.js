import {
  cliCache,
  exportEnvironment,
  logFileOf,
  loginsWithLog,
  rollBack
} from "./shared-4.js";
import {
  ansibleExports,
  basicsOf,
  cliExports,
  configWarnings,
  createRunnerProcesses,
  findHomeDirectories,
  homeDirectoryNote,
  httpFor,
  inputContext,
  literal,
  overrideWarning,
  readConfig,
  readMaskedInput,
  reportFailure,
  requestSigner,
  tableOf,
  verifySession
} from "./shared-8.js";
import {
  getInput,
  githubRunner,
  jobIdentity
} from "./shared-1.js";
import {
  TOKEN_NAMES,
  needsRefresher,
  serializeRefreshSpec,
  withoutFiles
} from "./shared-26.js";
import {
  closeLog,
  createBackground,
  createLock,
  describeKilled,
  exitWhenWritten,
  readLog,
  unfinishedProcess
} from "./shared-21.js";
import {
  githubIdTokens
} from "./shared-16.js";
import {
  nodeFiles
} from "./shared-20.js";
import "./shared-2.js";
import {
  systemClock
} from "./shared-22.js";
import {
  dockerExports,
  findExistingLogin,
  installFiles,
  isSamePrincipal,
  macKeyOf,
  makeTemporary,
  planAwsProfile,
  temporaryDirectory,
  variablesForRole,
  withoutHostPaths
} from "./shared-5.js";
import {
  newSavedState,
  updateState
} from "./shared-6.js";
import {
  adviseOnLifetime,
  openOciSession,
  terraformExports,
  terraformSessionExports,
  warningAbout
} from "./shared-9.js";
import "./shared-3.js";
import "./shared-14.js";
import "./shared-15.js";
import {
  sessionPaths,
  tokenFileOf
} from "./shared-25.js";
import "./shared-23.js";
import "./shared-17.js";
import {
  quote
} from "./shared-27.js";
import {
  ActionError,
  Failure,
  titled,
  toActionError
} from "./shared-13.js";
import "./shared-28.js";

// src/run-login.ts
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import path4 from "node:path";

// src/targets/kubectl.ts
import path from "node:path";
var IN_DOCKER_ACTIONS = "`export-for` kubectl: Docker actions cannot use this kubeconfig, which names files by their paths on the runner. Run kubectl in a step with `run:`.", AS_RESOURCE = "`export-for` kubectl with `token-type` rpst: it is not known whether OKE accepts the session of a resource.";
function kubectlExports({ directory, env, home, oci, platform }) {
  let kubeconfig = path.join(directory, "kubeconfig"), usual = home === void 0 ? "" : path.join(home, ".kube/config"), others = (env("KUBECONFIG") || usual).split(path.delimiter).filter((file) => file !== kubeconfig);
  return {
    variables: { KUBECONFIG: (oci.oke?.merge ? [kubeconfig, ...others].filter((file) => file !== "") : [kubeconfig]).join(path.delimiter) },
    files: { kubeconfig },
    warnings: oci.exportFor.includes("docker") && platform === "linux" ? [IN_DOCKER_ACTIONS] : [],
    notes: oci.resource === void 0 ? [] : [AS_RESOURCE]
  };
}

// src/targets/reservations.ts
import path2 from "node:path";
var RESERVATIONS = "OCI_WIF_ACTION_EXPORTS", RESERVED_SETS = {
  terraform: "terraform",
  "terraform-session": "terraform",
  "resource-principal": "resource-principal",
  kubectl: "kubectl"
};
function reserveExports(env, targets, { profile, configFile }) {
  let marker = env(RESERVATIONS) ?? "", earlier = parseMarker(marker), reserved = targets.filter((target) => target in RESERVED_SETS), added = reserved.filter((target) => {
    let previous = earlier.find(({ set }) => set === RESERVED_SETS[target]);
    if (previous && (previous.profile !== profile || previous.configFile !== configFile))
      throw titled(
        "EXPORT_CONFLICT",
        `\`export-for\` ${target}: an earlier login exported these variables for profile [${previous.profile}] in ${previous.configFile}.`
      );
    return previous === void 0;
  }), lines = added.map((target) => `${RESERVED_SETS[target]} ${profile} ${configFile}`), extended = [marker, ...lines].filter((line) => line !== "").join(`
`);
  return { variables: reserved.length > 0 ? { [RESERVATIONS]: extended } : {}, added };
}
function parseMarker(text) {
  return text.split(`
`).flatMap((line) => {
    let [, set, profile, configFile] = /^(\S+) (\S+) (.+)$/.exec(line) ?? [];
    return set && profile && configFile ? [{ set, profile, configFile }] : [];
  });
}
function replacementWarning(env, target, variables) {
  let names = Object.keys(variables).filter((name) => {
    let [before, value] = [env(name), String(variables[name])];
    return before && value !== before && !value.endsWith(`${path2.delimiter}${before}`);
  }), effect = `Until the clean-up, \`export-for\` ${target} replaces the values for all later steps.`;
  return warningAbout(names, `. ${effect}`);
}

// src/targets/resource-principal.ts
import path3 from "node:path";
var PASSPHRASE = "OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE", ON_WINDOWS = "`export-for` resource-principal: on Windows, clients in Go use the paths in its variables as if they were the token and the key. Let these clients use the profile.";
function resourcePrincipalExports({ directory, env, oci, platform }) {
  let session = path3.join(directory, "session"), [tokenFile, keyFile] = [path3.join(session, "token"), path3.join(session, "key.pem")], passphrase = env(PASSPHRASE) ? [PASSPHRASE] : [];
  return {
    variables: {
      OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
      OCI_RESOURCE_PRINCIPAL_RPST: tokenFile,
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: keyFile,
      OCI_RESOURCE_PRINCIPAL_REGION: oci.region
    },
    files: { sessionFiles: { directory: session, tokenFile, keyFile } },
    warnings: [
      ...warningAbout(passphrase, ", but the key of this session has no passphrase. Remove it."),
      ...platform === "win32" ? [ON_WINDOWS] : []
    ]
  };
}

// src/targets/plan.ts
var TARGETS = {
  cli: cliExports,
  terraform: terraformExports,
  "terraform-session": terraformSessionExports,
  ansible: ansibleExports,
  "resource-principal": resourcePrincipalExports,
  docker: dockerExports,
  kubectl: kubectlExports,
  ocir: () => ({ variables: {} })
  // its files contain the login ID, so src/login/registries.ts installs them
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

// src/login/outputs.ts
function setOutputs(deps, config, { session, targetFiles, aws }, kubeconfig) {
  config.oci && session && outputSession(deps, config, config.oci, session), targetFiles?.kubeconfig && kubeconfig && outputKubeconfig(deps.runner, targetFiles.kubeconfig, kubeconfig), aws && outputRole(deps.runner, config, aws);
}
function outputSession({ runner, clock }, { outputCredentials }, { configFile, profile, region }, { sessionToken, keyPair }) {
  let { token, tenancy, principal, requestId } = sessionToken, { keyFile, tokenFile } = sessionPaths(configFile, profile), expiresAt = new Date(sessionToken.expiresAt).toISOString(), outputs = {
    "config-file": configFile,
    profile,
    region,
    tenancy,
    principal,
    "private-key-file": keyFile,
    "security-token-file": tokenFile,
    fingerprint: keyPair.fingerprint,
    "expires-at": expiresAt,
    "expires-in": String(Math.max(0, Math.floor((sessionToken.expiresAt - clock.now()) / 1e3))),
    "request-id": requestId ?? "",
    ...outputCredentials && { "security-token": token }
  };
  for (let [name, value] of Object.entries(outputs)) runner.output(name, value);
  runner.info(`Logged in to OCI as ${principal}, profile [${profile}] in ${configFile}, until ${expiresAt}.`), requestId !== void 0 && runner.info(`Request ID: ${requestId}.`);
}
function outputKubeconfig(runner, file, { clusters }) {
  runner.output("kubeconfig", file);
  for (let { id, name, server } of clusters)
    runner.info(`kubectl context ${name}: cluster ${id}, server ${quote(server.host, [])}.`);
}
function outputRole(runner, { outputCredentials }, { role, config }) {
  let { accountId, assumedRoleArn, accessKeyId, secretAccessKey, sessionToken } = role.credentials, expiration = new Date(role.credentials.expiresAt).toISOString(), keys = { "aws-access-key-id": accessKeyId, "aws-secret-access-key": secretAccessKey }, outputs = {
    "aws-expiration": expiration,
    "aws-account-id": accountId,
    "aws-assumed-role-arn": assumedRoleArn,
    ...config.profile !== void 0 && { "aws-profile": config.profile },
    ...outputCredentials && { ...keys, "aws-session-token": sessionToken }
  };
  for (let [name, value] of Object.entries(outputs)) runner.output(name, value);
  runner.info(`Assumed ${assumedRoleArn} in account ${accountId}, until ${expiration}.`);
}
function writeSummary({ runner, clock }, { summary, domainUrl, oci, cleanup }, { session, targetFiles, aws, variables, state, isRefreshed }) {
  if (summary !== "always") return;
  let now = clock.now(), paths = oci && sessionPaths(oci.configFile, oci.profile), files = [
    ...new Set(state.installed.map(({ file }) => file)),
    ...paths ? [paths.keyFile, paths.tokenFile] : [],
    ...(targetFiles?.tokenFiles ?? []).flatMap(({ keyFile, file }) => [keyFile, file]),
    ...targetFiles?.idToken ? [targetFiles.idToken.file] : [],
    ...targetFiles?.kubeconfig ? [targetFiles.kubeconfig] : [],
    ...aws?.config.credentialSource === "web-identity" ? [aws.tokenFile] : []
  ], names = Object.keys(variables), isEmptied = (name) => variables[name] === "", text = summarise({
    domain: domainUrl.host,
    session: session && oci && sessionFacts(session, oci, now),
    role: aws && roleFacts(aws, now),
    files,
    variables: { set: names.filter((name) => !isEmptied(name)), emptied: names.filter(isEmptied) },
    isRefreshed,
    cleanup
  });
  runner.summary(text);
}
function sessionFacts({ sessionToken }, oci, now) {
  let { region, profile, resource } = oci, { principal, tenancy, tokenId, expiresAt, requestId } = sessionToken, until = { at: expiresAt, now };
  return { principal, resourceType: resource?.type, tenancy, region, profile, until, requestId, tokenId };
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
    program: deps.program,
    mark: spec.loginId,
    log: logFileOf(spec),
    instructions: serializeRefreshSpec({ ...spec, targets })
  }), names = targets.map(({ kind }) => TOKEN_NAMES[kind]).join(" and ");
  return deps.runner.info(`Process ${pid} renews ${names} in the background ${deps.until}.`), pid;
}
function filesRenewedAlready({ runner, files, background, clock }, directory) {
  return loginsWithLog(files, directory).flatMap((loginId) => {
    let logFile = logFileOf({ directory, loginId }), unfinished = unfinishedProcess(readLog(files, logFile));
    if (unfinished === void 0) return [];
    if (background.isRunning(unfinished.pid, loginId, logFile)) return unfinished.files;
    let text = describeKilled(unfinished);
    runner.warning(text);
    let at = new Date(clock.now()).toISOString();
    return closeLog(files, logFile, { at, kind: "completed", text }), [];
  });
}
function specFor({ findIdTokens, clock, longestMs = LONGEST_JOB_MS }, config, installed) {
  let { domainUrl, oci, retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs } = config, { loginId, directory } = installed, now = clock.now(), endsAt = now + longestMs, source = oci && findIdTokens();
  return {
    loginId,
    directory,
    sessionDirectory: oci && sessionPaths(oci.configFile, oci.profile).session,
    domainUrl,
    limits: { maxAttempts, requestTimeoutMs, timeoutMs },
    targets: [
      ...sessionTargets(config, source, installed, { now, endsAt }),
      ...awsTargets(installed, { now, endsAt })
    ]
  };
}
function sessionTargets({ oci, client }, source, { session, targetFiles, macKey }, { now, endsAt }) {
  if (oci === void 0 || source === void 0) return [];
  let { audience, resource } = oci, common = { source: source.spec, renewableUntil: Math.min(source.endsAt ?? endsAt, endsAt) }, targets = [];
  if (session) {
    let { sessionToken, clockSkewMs = 0, keyPair } = session;
    targets.push({
      kind: "session",
      validity: { issuedAt: now, expiresAt: sessionToken.expiresAt - clockSkewMs },
      ...common,
      client,
      config: { audience, tenancy: sessionToken.tenancy, resource },
      publicKey: { publicKeyBase64: keyPair.publicKeyBase64, publicJwk: keyPair.publicJwk },
      macKey,
      tokenFiles: [tokenFileOf(oci), ...targetFiles?.tokenFiles ?? []]
    });
  }
  if (targetFiles?.idToken) {
    let { file, lifetimeMs } = targetFiles.idToken, validity = { issuedAt: now, expiresAt: now + lifetimeMs };
    targets.push({ kind: "id-token", validity, ...common, audience, file });
  }
  return targets;
}
function awsTargets({ aws }, { now, endsAt }) {
  if (aws?.config.credentialSource !== "web-identity" || aws.config.client === void 0) return [];
  let { scope, audience, client } = aws.config;
  return [{ kind: "access-token", ...{ validity: { issuedAt: now, expiresAt: aws.role.identity.expiresAt }, renewableUntil: endsAt }, client, scope, audience, file: aws.tokenFile }];
}

// src/login/refresh.ts
async function refreshInBackground(deps, state, config, installed) {
  let { runner, clock, refresher } = deps, { loginId, directory, session } = installed;
  try {
    if (needsRefresher(config.refresh, expiriesOf(config, installed), clock.now())) {
      makeTemporary(deps, state, directory);
      let pid = await startRefresher(refresher, config, installed);
      return pid !== void 0 && updateState(runner, state, { refresher: { pid, loginId, directory } }), !0;
    }
  } catch (error) {
    if (config.refresh !== "auto" || !(error instanceof Failure)) throw error;
    runner.warning(`${error.code}: nothing is renewed in the background. ${error.message}`);
  }
  let isRequested = config.oci?.resource?.lifetimeSeconds !== void 0, warning = session && !isRequested && adviseOnLifetime(void 0, session.sessionToken.expiresAt, clock.now());
  return warning && runner.warning(warning), !1;
}
function expiriesOf({ oci }, { session, aws }) {
  return [
    session?.sessionToken.expiresAt,
    oci?.exportFor.includes("terraform") ? session?.idToken?.expiresAt : void 0,
    aws?.config.credentialSource === "web-identity" ? aws.role.identity.expiresAt : void 0
  ];
}

// src/login/login.ts
async function login(commonDeps, config) {
  let { client, oci, aws } = config, deps = oci ? { ...commonDeps, owner: { ...commonDeps.owner, macKey: macKeyOf(config, oci, commonDeps.owner.jobId) } } : commonDeps, { runner, home } = deps;
  for (let basic of basicsOf(client, aws?.client)) runner.mask(basic);
  let existing = oci && findExistingLogin(deps.disk.files, deps.owner, oci), directory = temporaryDirectory(deps, existing), temporary = deps.disk.files.canonical(deps.temporary, "directory"), context = { ...deps, ...config, temporary, env: runner.env, platform: process.platform, directory }, targets = oci && planTargets({ ...context, oci }), awsTargets2 = aws && planAwsProfile({ ...deps.disk, home, env: runner.env }, aws, oci);
  for (let warning of targets?.warnings ?? []) runner.warning(warning);
  for (let note of targets?.notes ?? []) runner.info(note);
  let opening = oci && openOci(deps, config, oci, existing), [{ session, kubeconfig } = {}, role] = await Promise.all([
    opening,
    aws && openAws(deps, { ...config, aws }, opening)
  ]), docker = oci?.exportFor.includes("ocir") ? await import("./login-registries.js") : void 0, registries = oci && session && await docker?.openRegistries(deps, oci, session), { assumedRoleArn } = role?.credentials ?? {}, cachedRole = home !== void 0 && assumedRoleArn ? { cache: cliCache(home), assumedRoleArn } : null, state = newSavedState(deps.owner.loginId, cachedRole);
  try {
    let files = await installFiles(deps, state, config, { session, existing, role, targets, kubeconfig, awsTargets: awsTargets2, directory });
    oci && registries && await docker?.installRegistries(deps, state, oci, registries, directory);
    let isRefreshed = await refreshInBackground(deps, state, config, files), variables = { ...targets?.variables, ...files.aws && variablesForRole(runner, files.aws) };
    exportEnvironment(runner, state, variables), setOutputs(deps, config, files, kubeconfig), updateState(runner, state, { cleanup: config.cleanup }), writeSummary(deps, config, { ...files, variables, state, isRefreshed });
  } catch (error) {
    throw await rollBack(deps, state), error;
  }
}
async function openAws(...parameters) {
  return (await import("./login-aws-session.js")).openAwsSession(...parameters);
}
async function openOci(deps, config, oci, existing) {
  let session = await sessionFor(deps, config, oci, existing);
  if (oci.oke === void 0) return { session };
  let files = sessionPaths(oci.configFile, oci.profile), { requestKubeconfig } = await import("./login-request-clusters.js");
  return { session, kubeconfig: await requestKubeconfig(deps, oci, oci.oke, session, files) };
}
async function sessionFor(deps, config, oci, existing) {
  let { clock } = deps, { minimumLifetimeMs } = config, lasts = (expiresAt2) => expiresAt2 - clock.now() >= minimumLifetimeMs;
  if (existing && minimumLifetimeMs > 0 && lasts(existing.sessionToken.expiresAt))
    return verified(deps, oci, await reuse(deps, oci, existing));
  let open = (keyPair) => openOciSession({ ...deps, keyPair }, { ...config, oci }), renewed = existing && await open(Promise.resolve(existing.keyPair)), session = renewed && isSamePrincipal(renewed.sessionToken, existing.sessionToken) ? renewed : await open(deps.keyPair), { expiresAt, requestId } = session.sessionToken;
  if (lasts(expiresAt)) return verified(deps, oci, session);
  let what = `The new session lasts ${Math.floor((expiresAt - clock.now()) / 1e3)} s; \`minimum-lifetime-seconds\` requires ${minimumLifetimeMs / 1e3}.`;
  throw new ActionError("SESSION_TOO_SHORT", what, { requestId });
}
async function reuse(deps, { audience, exportFor }, { sessionToken, keyPair }) {
  let { runner } = deps;
  for (let secret of [keyPair.privateKeyPem, sessionToken.token]) runner.mask(secret);
  if (!exportFor.includes("terraform")) return { sessionToken, keyPair, idToken: void 0 };
  let idToken = await deps.findIdTokens().request(deps, audience);
  return { sessionToken, keyPair, idToken };
}
async function verified(deps, oci, session) {
  if (!oci.verify) return session;
  let { namespace, requestId = "none" } = await verifySession(deps, oci, session);
  return deps.runner.info(
    `OCI accepts the session (namespace ${namespace}). Policies were not tested. Request ID: ${requestId}.`
  ), session;
}

// src/run-login.ts
async function run(keyPair) {
  try {
    let homes = findHomeDirectories(), config = readConfig(readMaskedInput, inputContext(homes));
    for (let warning of configWarnings(config)) githubRunner.warning(warning);
    let background = createBackground(process.env), script = (name) => path4.join(import.meta.dirname, name), findIdTokens = () => githubIdTokens(githubRunner), deps = {
      runner: githubRunner,
      clock: systemClock,
      findIdTokens,
      requestSigner,
      keyPair,
      ...homes,
      temporary: githubRunner.env("RUNNER_TEMP") || tmpdir(),
      http: httpFor(config),
      disk: { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) },
      owner: { loginId: randomBytes(8).toString("hex"), jobId: jobIdentity() },
      runnerProcesses: createRunnerProcesses(),
      refresher: {
        runner: githubRunner,
        files: nodeFiles,
        clock: systemClock,
        background,
        findIdTokens,
        program: [script("refresher.js")],
        until: "until the job ends. The post step shows its log"
      },
      programs: {
        node: process.execPath,
        kubectlToken: [script("kubectl-token.js")],
        dockerCredential: [script("docker-credential.js")]
      }
    };
    await login(deps, config);
    let note = config.oci && homeDirectoryNote(config.oci.configFile, homes);
    note !== void 0 && githubRunner.info(note);
  } catch (error) {
    process.exitCode = 1, await reportFailure(githubRunner, toActionError(error), getInput("summary") !== "never"), exitWhenWritten();
  }
}
export {
  run
};
