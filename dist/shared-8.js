import {
  getInput,
  githubRunner
} from "./shared-1.js";
import {
  signersOf
} from "./shared-16.js";
import {
  canonicalPath,
  nodeFiles
} from "./shared-20.js";
import {
  createHttp,
  proxiesBy
} from "./shared-2.js";
import {
  codeOf,
  systemClock,
  thisSystem
} from "./shared-22.js";
import {
  INPUTS,
  NAMESPACE_CALL,
  findConflicts,
  isIdentityHost,
  isOracleHost,
  namespaceRequest,
  objectStorageOf,
  processNamespaceResponse,
  proofOf,
  regionalSts,
  similarRegions,
  warningAbout
} from "./shared-9.js";
import {
  InputError,
  explainFailure,
  explainNamespaceRefusal,
  isLoopback
} from "./shared-3.js";
import {
  isInside,
  isSamePath
} from "./shared-17.js";
import {
  ActionError,
  describeFailure,
  helpPath
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

// src/dependencies.ts
function readMaskedInput(name) {
  let value = getInput(name), { secret } = INPUTS[name];
  return secret && value !== "" && githubRunner.mask(new Secret(value)), value;
}
function inputContext({ home }) {
  let workspace = githubRunner.env("GITHUB_WORKSPACE") || void 0;
  return { home, workspace: workspace && canonicalPath(workspace, "directory"), canonical: canonicalPath };
}
var INSECURE = "NODE_TLS_REJECT_UNAUTHORIZED";
function httpFor({ retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs }) {
  let policy = { maxAttempts, requestTimeoutMs, deadline: systemClock.now() + timeoutMs };
  process.env[INSECURE] === "0" && (delete process.env[INSECURE], githubRunner.warning(`${INSECURE}=0 has no effect: this action always verifies certificates. Trust a private CA with NODE_EXTRA_CA_CERTS instead.`)), /--tls[-_]keylog/.test(process.env.NODE_OPTIONS ?? "") && githubRunner.warning(
    "NODE_OPTIONS has --tls-keylog: Node writes the TLS keys of this action to a file. Remove the option."
  );
  let trace = githubRunner.isDebug() ? githubRunner.debug : void 0;
  return createHttp({ policy, clock: systemClock, log: githubRunner.info, trace, proxyFor });
}
var requestSigner = signersOf(githubRunner.env, nodeFiles), proxyFor = proxiesBy(githubRunner.mask);

// src/inputs/client-credentials.ts
function toClientCredentials(clientId, clientSecret) {
  let basic = Buffer.from(`${clientId}:${clientSecret.reveal()}`, "utf8").toString("base64");
  return { kind: "secret", clientId, clientSecret, basic: new Secret(basic) };
}
function basicsOf(...clients) {
  let secrets = clients.flatMap((client) => client?.kind === "secret" ? [client.basic] : []);
  return [...new Set(secrets)];
}

// src/inputs/config.ts
function readConfig(read, context) {
  let { config, errors } = readPartialConfig(read, context);
  if (errors.length > 0) throw invalidInputsError(errors);
  return config;
}
function readPartialConfig(read, context) {
  let names = Object.keys(INPUTS), { values, errors } = parseInputs(names, read, context);
  errors.push(...findConflicts(values, context));
  let isInvalid = (name) => errors.some((error) => error.startsWith(`\`${name}\``)), invalidInputs = new Set(names.filter(isInvalid));
  for (let name of invalidInputs) {
    let { default: preset, parse } = INPUTS[name];
    values[name] = preset === void 0 ? void 0 : valueOrError(() => parse(preset, context)).value;
  }
  return { config: toConfig(values), invalidInputs, errors };
}
function parseInputs(names, read, context) {
  let values = {}, errors = [];
  for (let name of names) {
    let rule = INPUTS[name], raw = read(name) || rule.default;
    if (raw !== void 0) {
      let { value, error } = valueOrError(() => rule.parse(raw, context));
      values[name] = error === void 0 ? value : null, error !== void 0 && errors.push(`\`${name}\` ${error}`);
    } else rule.required && errors.push(`\`${name}\` is required`);
  }
  return { values, errors };
}
function invalidInputsError(errors) {
  return new ActionError("INPUT_INVALID", `${errors.join("; ")}.`);
}
function valueOrError(parse) {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof InputError) return { error: error.message };
    throw error;
  }
}
function toConfig(values) {
  let client = toClient(values);
  return Object.freeze({
    /** Origin of the identity domain, without a path. */
    domainUrl: values["domain-url"],
    /** Authenticates the token exchange. */
    client,
    /** The OCI login; undefined for `token-type: none`. */
    oci: values["token-type"] === "none" ? void 0 : toOciConfig(values),
    /** The AWS login; undefined without `aws-role-arn`. */
    aws: toAwsConfig(values, client),
    outputCredentials: values["output-credentials"],
    /** Whether a background process renews what later steps use. */
    refresh: values.refresh,
    minimumLifetimeMs: (values["minimum-lifetime-seconds"] ?? 0) * 1e3,
    cleanup: values.cleanup,
    /** When to write the job summary. */
    summary: values.summary,
    retryMaxAttempts: values["retry-max-attempts"],
    requestTimeoutMs: values["request-timeout-seconds"] * 1e3,
    timeoutMs: values["timeout-seconds"] * 1e3
  });
}
function toClient(values) {
  let { "client-auth": kind, "client-id": id = "", "client-secret": secret = "" } = values;
  return kind === "secret" ? toClientCredentials(id, new Secret(secret)) : { kind };
}
function toOciConfig(values) {
  let { "resource-type": type = "", "rpst-lifetime-seconds": lifetimeSeconds } = values;
  return Object.freeze({
    region: values.region ?? "",
    // `findConflicts` requires it
    tenancy: values.tenancy,
    audience: values.audience,
    /** The resource to log in as; undefined to log in as the trust's service user. */
    resource: values["token-type"] === "rpst" ? Object.freeze({ type, lifetimeSeconds }) : void 0,
    /** Compared with the job's token after a refusal. */
    trustRules: values["trust-rule"] ?? [],
    profile: values.profile,
    /** Absolute path. */
    configFile: values["config-file"],
    overwriteProfile: values["overwrite-profile"],
    exportFor: values["export-for"],
    oke: toOkeConfig(values),
    /** Undefined: those of the region. */
    registries: values["ocir-registries"],
    /** Whether a token of the registry is stored as a password, too. */
    registryLogin: values["ocir-login"],
    /** Whether to send a signed request with the session before anything is written. */
    verify: values.verify,
    /** Undefined: Object Storage in the region. */
    verifyEndpoint: values["verify-endpoint"]
  });
}
function toOkeConfig(values) {
  if (values["export-for"].includes("kubectl"))
    return Object.freeze({
      /** kubectl uses the first by default. */
      clusters: values["oke-cluster"] ?? [],
      // `findConflicts` requires it
      endpoint: values["oke-endpoint"],
      /** The URL that kubectl connects to; undefined: the one that OKE names. */
      server: values["oke-server"],
      /** Whether kubectl reads the job's kubeconfig, too. */
      merge: values["oke-merge"]
    });
}
function toAwsConfig(values, client) {
  let { "aws-role-arn": role, "aws-region": region } = values, { "aws-client-id": id, "aws-client-secret": secret } = values;
  if (role === void 0 || region === void 0) return;
  let requester = id !== void 0 && secret !== void 0 ? toClientCredentials(id, new Secret(secret)) : client, isOfSession = values["aws-token-source"] === "session" || requester.kind !== "secret";
  return Object.freeze({
    role,
    region,
    /** Requests the access token; undefined if the OCI session does. */
    client: isOfSession ? void 0 : requester,
    scope: values["aws-scope"],
    audience: values["aws-audience"],
    /** Undefined: derived from repository and run. */
    roleSessionName: values["aws-role-session-name"],
    durationSeconds: values["aws-role-duration-seconds"],
    sessionPolicy: values["aws-session-policy"],
    managedSessionPolicies: values["aws-managed-session-policies"] ?? [],
    allowedAccountIds: values["aws-allowed-account-ids"] ?? [],
    profile: values["aws-profile"],
    overwriteProfile: values["overwrite-profile"],
    exportEnvironment: values["aws-export-environment"],
    credentialSource: values["aws-credential-source"],
    stsEndpoint: values["aws-sts-endpoint"] ?? regionalSts(region)
  });
}

// src/inputs/warnings.ts
var STS_HOST = /^(vpce-[\w-]+\.)?sts(-fips)?(\.[a-z0-9-]+)?(\.vpce)?\.(amazonaws\.(com|com\.cn|eu)|api\.aws)$/;
function configWarnings({ domainUrl, oci, aws }) {
  let warnings = [];
  !isIdentityHost(domainUrl.hostname) && !isLoopback(domainUrl) && warnings.push(
    `\`domain-url\`: ${domainUrl.host} is no known host of Oracle's identity domains. It receives the credentials of the job; use it only if it is yours.`
  );
  let similar = oci && similarRegions(oci.region);
  similar !== void 0 && warnings.push(
    `\`region\`: ${oci?.region} is not a known region.${similar.length > 0 ? ` The nearest name is ${similar.join(" or ")}.` : ""} Check it: names of OCI hosts contain it.`
  ), oci?.configFile.includes("=") && warnings.push(
    '`config-file`: clients written in Go cut a path at its second "=" and do not find the key.'
  ), oci?.configFile.includes("%") && warnings.push('`config-file`: `oci session` commands cannot read a config with "%" in a path.');
  for (let { name, problem } of oci?.trustRules ?? [])
    problem !== void 0 && warnings.push(`${name} ${problem}. Correct the rule. The login itself does not use it.`);
  let { verifyEndpoint } = oci ?? {};
  verifyEndpoint !== void 0 && !isOracleHost(verifyEndpoint.hostname) && !isLoopback(verifyEndpoint) && warnings.push(
    `\`verify-endpoint\`: ${verifyEndpoint.host} is not a host of Oracle. It receives the session token; use it only if it is yours.`
  );
  for (let host of oci?.registries ?? [])
    !isOracleHost(host) && !isLoopback(new URL(`https://${host}`)) && warnings.push(
      `\`ocir-registries\`: ${host} is not a host of Oracle. It receives the session token; use it only if it is yours.`
    );
  let endpoint = aws?.stsEndpoint;
  return endpoint !== void 0 && !STS_HOST.test(endpoint.hostname) && !isLoopback(endpoint) && warnings.push(
    `\`aws-sts-endpoint\`: ${endpoint.host} is not a host of AWS STS. It receives the access token; use it only if it is yours.`
  ), warnings;
}
function homeDirectoryNote(configFile, { home, account }) {
  if (!(home === void 0 || account === void 0 || isSamePath(home, account)) && isInside(configFile, home))
    return `Packer, rclone and Java look for .oci/config in ${account}. Give them the path ${configFile}. For Terraform and Pulumi, use \`export-for: terraform-session\`.`;
}

// src/node/home-directories.ts
import os from "node:os";
import path from "node:path";
function findHomeDirectories(system = os) {
  let account = absolute(() => system.userInfo().homedir);
  return { home: absolute(() => system.homedir()) ?? account, account };
}
function absolute(find) {
  try {
    let directory = find();
    return path.isAbsolute(directory) ? canonicalPath(directory, "directory") : void 0;
  } catch (error) {
    if (error.code === "ERR_SYSTEM_ERROR") return;
    throw error;
  }
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
    stateOf(runner) {
      if (platform !== "linux" || runner === null) return "unknown";
      let { pid, startTime, bootId, pidNamespace } = runner;
      try {
        let here = host();
        if (here.bootId !== bootId || here.pidNamespace !== pidNamespace) return "unknown";
      } catch {
        return "unknown";
      }
      try {
        return read(pid).startTime === startTime ? "alive" : "gone";
      } catch {
        return exists(pid) ? "unknown" : "gone";
      }
    }
  };
}
function exists(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
function startTimeIn(stat) {
  let fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return /^[ZX]$/.test(fields[0] ?? "") ? "" : fields[19] ?? "";
}

// src/report/markdown.ts
function escapeMarkup(text) {
  return text.split(/(`[^`]+`)/).map((part, at) => {
    let plain = escaped(part, /[&<>|[]/g);
    return at % 2 === 1 && plain.includes("&#") ? literal(part.slice(1, -1)) : plain;
  }).join("");
}
function literal(value) {
  return `<code>${escaped(value, /[&<>|[\]\\`*~$]|(?<!\w)_|_(?!\w)/g)}</code>`;
}
function tableOf(rows, header = "| Name | Value |") {
  let lines = rows.filter(([, value]) => value !== "").map(([name, value]) => `| ${escapeMarkup(name)} | ${value} |`);
  return lines.length === 0 ? [] : [header, "| --- | --- |", ...lines];
}
function escaped(text, special) {
  return text.replace(special, (character) => `&#${character.charCodeAt(0)};`).replace(/\s+/g, " ");
}
function snippetLines({ title, language, text, isFolded }) {
  let fence = fenceFor(text), block = [`${fence}${language}`, text, fence, ""];
  return isFolded ? ["<details>", `<summary>${escapeMarkup(title)}</summary>`, "", ...block, "</details>", ""] : [`${escapeMarkup(title)}:`, "", ...block];
}
function fenceFor(text) {
  let runs = [...text.matchAll(/`+/g)].map(([run]) => run.length + 1);
  return "`".repeat(Math.max(3, ...runs));
}
function helpUrl(runner, code) {
  let server = runner.env("GITHUB_SERVER_URL"), repository = runner.env("GITHUB_ACTION_REPOSITORY"), ref = runner.env("GITHUB_ACTION_REF");
  if (!server || !repository || !ref) return helpPath(code);
  let parts = `${repository}/blob/${ref}`.split("/").map(encodeURIComponent).join("/");
  return `${server}/${parts.replaceAll("(", "%28").replaceAll(")", "%29")}/${helpPath(code)}`;
}
function helpLink(runner, code) {
  let [path2, url] = [helpPath(code), helpUrl(runner, code)];
  return url === path2 ? `\`${path2}\`` : `[${path2}](${url})`;
}

// src/report/failure.ts
async function reportFailure(runner, thrown, hasSummary) {
  let failure = await withReason(thrown), { code } = failure;
  runner.error(`${describeFailure(failure)} See ${helpUrl(runner, code)}`), runner.isDebug() && logStack(runner, thrown), runner.output("failure-code", code), hasSummary && runner.summary(summaryOf(runner, failure));
}
function logStack(runner, failure) {
  let stacks = [failure.stack, failure.cause instanceof Error ? failure.cause.stack : void 0];
  for (let line of stacks.join(`
`).split(`
`)) runner.debug(line);
}
async function withReason(failure) {
  if (!["GITHUB_OIDC_UNAVAILABLE", "INPUT_INVALID"].includes(failure.code)) return failure;
  try {
    let { explainByRun } = await import("./github-missing-id-token.js");
    return explainByRun(failure);
  } catch {
    return failure;
  }
}
function summaryOf(runner, failure) {
  let { code, whatHappened, remedy, requestId, facts, details, snippets } = failure, evidence = failure.evidence?.replace(failure.logOnly, () => "").trim() ?? "", more = [evidence, ...details.filter((detail) => !evidence.includes(detail))].filter(Boolean), id = requestId === void 0 ? {} : { "Request ID": requestId };
  return [
    "### Login failed",
    "",
    `**${code}**: ${escapeMarkup(whatHappened)}`,
    "",
    `**What to do**: ${escapeMarkup(remedy)}`,
    "",
    ...snippets.filter(({ isFolded }) => !isFolded).flatMap(snippetLines),
    ...more.map((detail) => `- ${escapeMarkup(detail)}`),
    ...more.length === 0 ? [] : [""],
    `Likely causes: ${helpLink(runner, code)}`,
    "",
    ...tableOf(Object.entries({ ...facts, ...id }).map(([name, value]) => [name, literal(value)])),
    "",
    ...snippets.filter(({ isFolded }) => isFolded).flatMap(snippetLines)
  ].join(`
`);
}

// src/login/verify-session.ts
async function verifySession({ http, clock }, { verifyEndpoint, region }, session) {
  let { token, tenancy } = session.sessionToken, endpoint = verifyEndpoint ?? objectStorageOf(region, tenancy), proof = proofOf(session);
  try {
    let { response } = await http.retry(NAMESPACE_CALL, async () => ({
      response: await http.send(namespaceRequest(endpoint, proof, clock.now()))
    }));
    return processNamespaceResponse(response, token);
  } catch (error) {
    throw await explainFailure(error, "object-storage", "Verifying the session", (refusal) => explainNamespaceRefusal(refusal, clock.now()), verifyEndpoint && "verify-endpoint");
  }
}

// src/targets/cli.ts
function cliExports({ oci: { configFile, profile } }) {
  return {
    variables: {
      // OCI CLI, and kubectl through its exec plugin. The default is api_key.
      OCI_CLI_AUTH: "security_token",
      // OCI CLI, fn. The default is DEFAULT.
      OCI_CLI_PROFILE: profile,
      // OCI CLI, fn.
      OCI_CLI_CONFIG_FILE: configFile,
      // SDKs for Python, TypeScript, Java, .NET, Go and Ruby, if there is no ~/.oci/config; Ansible, always.
      OCI_CONFIG_FILE: configFile
    }
  };
}
function ansibleExports({ oci: { configFile, profile } }) {
  return {
    variables: {
      OCI_ANSIBLE_AUTH_TYPE: "security_token",
      OCI_CONFIG_FILE: configFile,
      OCI_CONFIG_PROFILE: profile
    }
  };
}
var OVERRIDING = [
  "OCI_CLI_USER",
  "OCI_CLI_TENANCY",
  "OCI_CLI_FINGERPRINT",
  "OCI_CLI_REGION",
  "OCI_CLI_KEY_FILE",
  "OCI_CLI_KEY_CONTENT",
  "OCI_CLI_PASSPHRASE",
  "OCI_CLI_SECURITY_TOKEN_FILE"
];
function overrideWarning(env, profile) {
  let names = OVERRIDING.filter((name) => !!env(name));
  return warningAbout(names, `, and the OCI CLI ignores those keys of [${profile}]. Remove them.`);
}

export {
  readMaskedInput,
  inputContext,
  httpFor,
  requestSigner,
  proxyFor,
  basicsOf,
  readConfig,
  readPartialConfig,
  invalidInputsError,
  configWarnings,
  homeDirectoryNote,
  cliExports,
  ansibleExports,
  overrideWarning,
  escapeMarkup,
  literal,
  tableOf,
  snippetLines,
  helpUrl,
  helpLink,
  verifySession,
  findHomeDirectories,
  createRunnerProcesses,
  reportFailure,
  logStack,
  withReason
};
