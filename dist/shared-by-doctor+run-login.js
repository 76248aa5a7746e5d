import {
  ActionError,
  Contention,
  LOOK_AGAIN_MS,
  appendSection,
  githubRunner,
  isReadable,
  isWrittenBy,
  lineEndOf,
  listSections,
  lockOf,
  mergeDirectories,
  nodeFiles,
  ownerOf,
  readInput,
  readRecord,
  readShared,
  readText,
  renderOwned,
  replaceSection,
  replaceShared,
  sessionsAt,
  textOf,
  toBytes,
  undoFiles,
  undoName,
  undoUnderLock,
  writeRecord
} from "./shared-by-doctor+post+run-login.js";
import {
  toClientCredentials
} from "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import {
  describeStatus,
  headerText,
  isPrintable,
  isRetryableStatus,
  isTime,
  parseJson,
  parseObject,
  quote,
  requestIdFrom,
  serverTimeOf,
  systemClock,
  toText
} from "./shared-by-doctor+post+refresher+run-login.js";
import {
  Secret
} from "./shared-by-doctor+main+post+refresher.js";

// src/inputs/paths.ts
import path from "node:path";
function isInside(file, directory, platform = process.platform) {
  let { relative, isAbsolute, sep } = pathsOf(platform), way = relative(comparable(directory, platform), comparable(file, platform)), isOutside = way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
  return way !== "" && !isOutside;
}
function pathsOf(platform) {
  return platform === "win32" ? path.win32 : path.posix;
}
function startsAtHome(file) {
  return /^~[/\\]/.test(file);
}
function expandHome(file, home) {
  return startsAtHome(file) ? path.join(home, file.slice(2)) : file;
}
function comparable(name, platform) {
  return platform === "win32" ? name.replaceAll("/", "\\").replace(/^\\\\[?.]\\(?=[a-z]:)/i, "").replace(/(?<=[^\\. ])[. ]+(?=\\|$)/g, "").toLowerCase() : platform === "darwin" ? name.replace(/^\/private(?=\/(tmp|var|etc)(\/|$))/i, "").normalize("NFC").toLowerCase() : name;
}
function homeOfConfig(file, platform = process.platform) {
  let { basename, dirname } = pathsOf(platform);
  return basename(file) === "config" && basename(dirname(file)) === ".oci" ? dirname(dirname(file)) : void 0;
}

// src/inputs/urls.ts
function isLoopback({ hostname }) {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
function isConfidential(url) {
  return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url);
}

// src/inputs/parsers.ts
var InputError = class extends Error {
}, CONTROL = /[\p{Cc}\u2028\u2029]/u, MAX_QUOTED = 60;
function quoted(raw) {
  let json = JSON.stringify(raw.length > MAX_QUOTED ? `${raw.slice(0, MAX_QUOTED)}…` : raw), escaped2 = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return json.replace(new RegExp(CONTROL, "gu"), escaped2);
}
function invalid(reason) {
  throw new InputError(reason);
}
function singleLine(raw) {
  return CONTROL.test(raw) ? invalid("must be a single line without control characters") : raw;
}
function matching(pattern, requirement) {
  return (raw) => pattern.test(raw) ? raw : invalid(`${requirement}, not ${quoted(raw)}`);
}
var BOOLEANS = new Map([
  ...["true", "True", "TRUE"].map((text) => [text, !0]),
  ...["false", "False", "FALSE"].map((text) => [text, !1])
]);
function boolean(raw) {
  return BOOLEANS.get(raw) ?? invalid(`must be true or false, not ${quoted(raw)}`);
}
function integer(least, most) {
  return (raw) => {
    let value = /^\d{1,9}$/.test(raw) ? Number(raw) : Number.NaN;
    return value >= least && value <= most ? value : invalid(`must be a whole number from ${least} to ${most}, not ${quoted(raw)}`);
  };
}
function oneOf(known) {
  return (raw) => known.find((value) => value === raw) ?? invalid(`must be ${known.join(" or ")}, not ${quoted(raw)}`);
}
function splitList(raw) {
  return raw.split(/[,\n]/).map((entry) => entry.trim()).filter((entry) => entry !== "");
}
function choices(known) {
  return (raw) => {
    let names = splitList(raw);
    if (names.length === 1 && names[0] === "none") return [];
    let unknown = names.filter((name) => !known.some((value) => value === name));
    if (unknown.length > 0 || names.length === 0) {
      let values = `${known.join(", ")}, separated by commas, or must be none`;
      return invalid(`takes ${values}; not ${quoted(unknown.join(", "))}`);
    }
    return known.filter((value) => names.includes(value));
  };
}
function domainUrl(raw) {
  let url = confidentialUrl(raw, "the identity domain, https://idcs-….identity.oraclecloud.com");
  return /^\/*(oauth2\/v1\/token\/*)?$/.test(url.pathname) ? new URL(url.origin) : invalid(`must be the identity domain's URL without a path, not ${quoted(raw)}`);
}
function endpoint(raw) {
  let url = confidentialUrl(raw, "the endpoint, https://…");
  return url.pathname === "/" ? new URL(url.origin) : invalid("must be a URL without a path");
}
function confidentialUrl(raw, what) {
  if (singleLine(raw), raw.includes("@")) return invalid("must not contain a user name or password");
  if (!/^[a-z]+:\/\/[^/]/i.test(raw) || !URL.canParse(raw))
    return invalid(`must be the URL of ${what}, not ${quoted(raw)}`);
  if (/[?#]/.test(raw)) return invalid("must be a URL without query and fragment");
  let url = new URL(raw);
  return isConfidential(url) ? url : invalid("must begin with https://");
}
function clientId(raw) {
  return /^[\x21-\x39\x3b-\x7e]{1,255}$/.test(raw) ? raw : invalid("must be the client ID of the application, without spaces and colons");
}
function clientSecret(raw) {
  return singleLine(raw);
}
function regionName(what) {
  return matching(/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/, `must be ${what}`);
}
var region = regionName("the long name of an OCI region, such as us-ashburn-1"), tenancy = matching(
  /^ocid1\.tenancy\.oc\d{1,3}\.[a-z0-9-]*\.[a-z0-9]{1,100}$/,
  "must be the OCID of a tenancy, ocid1.tenancy.oc1..…"
), word = matching(/^[\x21-\x7e]{1,255}$/, "must be ASCII text without spaces"), WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
function profileName(raw, { platform = process.platform } = {}) {
  return !/^[A-Za-z0-9._@-]{1,64}$/.test(raw) || raw === "." || raw === ".." ? invalid(`takes up to 64 letters, digits and . _ - @, not ${quoted(raw)}`) : platform === "win32" && (WINDOWS_DEVICE.test(raw) || raw.endsWith(".")) ? invalid(`must be a name that Windows allows for a directory, not ${quoted(raw)}`) : raw;
}
var NO_HOME = "needs a home directory, but neither HOME nor the account has an absolute one: set HOME";
function profileInHome(raw, context) {
  return context.home === void 0 ? invalid(NO_HOME) : profileName(raw, context);
}
function configFile(raw, context) {
  let { home, workspace, platform = process.platform } = context;
  if (singleLine(raw), /[/\\]$/.test(raw)) return invalid(`must be a file, not the directory ${quoted(raw)}`);
  if (home === void 0 && startsAtHome(raw)) return raw;
  let expanded = home === void 0 ? raw : expandHome(raw, home), { isAbsolute, normalize } = pathsOf(platform), hasDrive = platform !== "win32" || /^([a-z]:|[\\/]{2})/i.test(expanded);
  if (!isAbsolute(expanded) || !hasDrive)
    return invalid(`must be an absolute path or begin with ~/, not ${quoted(raw)}`);
  let file = normalize(expanded);
  return workspace !== void 0 && writesInto(workspace, file, platform) ? invalid("must lie outside the checkout (GITHUB_WORKSPACE), where later steps could publish it") : file;
}
function writesInto(checkout, file, platform) {
  let { dirname, join } = pathsOf(platform), sessions = join(dirname(file), "sessions");
  return [file, join(sessions, "_")].some((written) => isInside(written, checkout, platform)) || isInside(checkout, sessions, platform);
}

// src/inputs/aws-parsers.ts
function roleArn(raw) {
  let match = /^arn:(aws|aws-cn|aws-us-gov|aws-eusc):iam::(\d{12}):role\/[\w+=,.@/-]{1,512}$/.exec(raw);
  if (match === null)
    return invalid(`must be the ARN of a role, arn:aws:iam::123456789012:role/…, not ${quoted(raw)}`);
  let [, partition = "", accountId = ""] = match;
  return { arn: raw, partition, accountId };
}
var region2 = regionName("an AWS region, such as eu-central-1");
function partitionOf(name) {
  let [, prefix] = /^(cn|us-gov|eusc)-/.exec(name) ?? [];
  return prefix === void 0 ? "aws" : `aws-${prefix}`;
}
var scope = matching(
  /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/,
  'must be an OAuth scope such as "/" or "sts.amazon.com/"'
), roleSessionName = matching(
  /^[\w+=,.@-]{2,64}$/,
  "takes 2 to 64 letters, digits and _ + = , . @ -"
), POLICY_LIMIT = 2048;
function sessionPolicy(raw) {
  let policy = parseObject(raw);
  if (policy === void 0) return invalid("must be an IAM policy document in JSON");
  let compact = JSON.stringify(policy);
  return compact.length <= POLICY_LIMIT ? compact : invalid(`must have up to ${POLICY_LIMIT} characters without whitespace, not ${compact.length}`);
}
function managedSessionPolicies(raw) {
  let arns = splitList(raw), wrong = arns.filter((arn) => !/^arn:[a-z-]+:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}$/.test(arn));
  return wrong.length > 0 ? invalid(`takes ARNs of policies, not ${quoted(wrong.join(", "))}`) : arns.length <= 10 ? arns : invalid(`takes up to 10 policies, not ${arns.length}`);
}
function accountIds(raw) {
  let ids = splitList(raw), wrong = ids.filter((id) => !/^\d{12}$/.test(id));
  return wrong.length === 0 && ids.length > 0 ? ids : invalid(`takes account IDs of 12 digits, in quotes, because YAML drops leading zeros; not ${quoted(wrong.join(", "))}`);
}

// src/inputs/trust-rule.ts
function trustRules(raw) {
  let lines = raw.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.map((line, index) => trustRule(line, lines.length > 1 ? ` (rule ${index + 1})` : ""));
}
function trustRule(line, position) {
  let [, claim = "", operator = "", value = ""] = /^\s*(\S+) +(\S+)(?: (.*))?$/u.exec(line) ?? [], wrong = (reason) => invalid(`${reason}${position}, not ${quoted(line)}`);
  return /[\p{Cc}\u2028\u2029]/u.test(line) ? wrong("must be text without control characters") : value.trim() === "" ? wrong("must be <claim> eq <value> or <claim> co <value>") : operator !== "eq" && operator !== "co" ? wrong("must have eq or co between claim and value") : /^\s*(["'`]).*\1\s*$/.test(value) ? wrong("must have no quotes around the value, here and in the trust") : / (and|or) \S+ (eq|co) /i.test(value) ? wrong("must be one comparison, because rules have no and/or") : { claim, operator, value };
}

// src/inputs/schema.ts
var EXPORT_TARGETS = [
  "cli",
  "terraform",
  "terraform-session",
  "ansible",
  "resource-principal",
  "docker"
], INPUTS = {
  "domain-url": { required: !0, parse: domainUrl },
  "client-id": { required: !0, parse: clientId },
  "client-secret": { required: !0, secret: !0, parse: clientSecret },
  region: { parse: region },
  // required unless `token-type` is none
  tenancy: { parse: tenancy },
  audience: { default: "https://cloud.oracle.com", parse: word },
  "token-type": { default: "upst", parse: oneOf(["upst", "rpst", "none"]) },
  "resource-type": { parse: word },
  "rpst-lifetime-seconds": { parse: integer(60, 43200) },
  "trust-rule": { parse: trustRules },
  profile: { default: "DEFAULT", parse: profileName },
  "config-file": { default: "~/.oci/config", parse: configFile },
  "overwrite-profile": { default: "false", parse: boolean },
  "export-for": { default: "cli", parse: choices(EXPORT_TARGETS) },
  "output-credentials": { default: "true", parse: boolean },
  verify: { default: "false", parse: boolean },
  "verify-endpoint": { parse: endpoint },
  refresh: { default: "false", parse: boolean },
  "minimum-lifetime-seconds": { parse: integer(1, 43200) },
  cleanup: { default: "true", parse: boolean },
  summary: { default: "always", parse: oneOf(["always", "on-failure", "never"]) },
  "retry-max-attempts": { default: "5", parse: integer(1, 20) },
  "request-timeout-seconds": { default: "15", parse: integer(1, 300) },
  "timeout-seconds": { default: "120", parse: integer(1, 3600) },
  "aws-role-arn": { parse: roleArn },
  "aws-region": { parse: region2 },
  "aws-client-id": { parse: clientId },
  "aws-client-secret": { secret: !0, parse: clientSecret },
  "aws-scope": { default: "/", parse: scope },
  "aws-audience": { default: "sts.amazon.com", parse: word },
  "aws-role-session-name": { parse: roleSessionName },
  "aws-role-duration-seconds": { default: "3600", parse: integer(900, 43200) },
  "aws-session-policy": { parse: sessionPolicy },
  "aws-managed-session-policies": { parse: managedSessionPolicies },
  "aws-allowed-account-ids": { parse: accountIds },
  "aws-profile": { parse: profileInHome },
  "aws-export-environment": { default: "true", parse: boolean },
  "aws-credential-source": { default: "session", parse: oneOf(["session", "web-identity"]) },
  "aws-sts-endpoint": { parse: endpoint }
};

// src/errors/transport-error.ts
var TransportError = class extends Error {
  name = "TransportError";
  failure;
  /** True when the deadline of the step ended the attempts, not their number. */
  outOfTime;
  constructor(failure, message, outOfTime = !1) {
    super(message), this.failure = failure, this.outOfTime = outOfTime;
  }
};

// src/node/proxy-tunnel.ts
function isCertificateError(code) {
  return /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|ERR_SSL_)/.test(
    code
  );
}
function openTunnel({ url, authorization }, target, signal) {
  let { request } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http"), authority = `${target.hostname}:${target.port || "443"}`, headers = {
    host: authority,
    ...authorization && { "proxy-authorization": authorization.reveal() }
  };
  return new Promise((resolve, reject) => {
    let connect = request(url, { method: "CONNECT", path: authority, headers, agent: !1, signal });
    connect.once("error", (error) => reject(toTransportError(error, url))), connect.once("connect", ({ statusCode: status = 0 }, socket, head) => {
      if (status >= 200 && status < 300)
        return socket.unshift(head), resolve(socket);
      socket.destroy(), reject(refusal(status, url, authority));
    }), connect.end();
  });
}
function refusal(status, { host }, authority) {
  if (status === 407) {
    let text2 = `the proxy ${host} does not accept the credentials, or requires some (407)`;
    return new TransportError("proxy-refused", text2);
  }
  let text = `the proxy ${host} answered ${status} to CONNECT ${authority}`;
  return new TransportError(isRetryableStatus(status) ? "proxy-unreachable" : "proxy-refused", text);
}
function toTransportError(error, { host }) {
  let { code = "unknown", message } = error;
  if (isCertificateError(code)) {
    let text2 = `the TLS certificate of the proxy ${host} was not accepted (${code}: ${message})`;
    return new TransportError("untrusted", text2);
  }
  let text = code === "ABORT_ERR" ? "did not respond in time" : `could not be used (${code})`;
  return new TransportError("proxy-unreachable", `the proxy ${host} ${text}`);
}

// src/node/retry.ts
var TRANSIENT = ["unreachable", "timed-out", "proxy-unreachable"], USUAL = { baseMs: 500, maxMs: 2e4 }, RATE_LIMITED = { baseMs: 1e4, maxMs: 6e4 };
function parseRetryAfter(value, now) {
  if (value === void 0) return;
  if (/^\d+$/.test(value)) return Number(value) * 1e3;
  let stamp = / GMT$/.test(value) ? value : `${value} GMT`, date = /^[A-Z][a-z]{2},? /.test(value) ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}
function backOffMs(attempt, random, { baseMs, maxMs } = USUAL) {
  return Math.round(random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));
}
async function retry({ policy, clock, log, random = Math.random }, { label, transientReason }, attempt) {
  let { maxAttempts, deadline } = policy;
  for (let number = 1; ; number += 1) {
    let outcome = await settle(attempt), reason = reasonToRepeat(outcome, transientReason);
    if (reason === void 0 || number >= maxAttempts) return conclude(outcome, number);
    let response = outcome instanceof TransportError ? void 0 : outcome.response, retryAfterMs = (response && parseRetryAfter(headerText(response, "retry-after"), clock.now())) ?? 0, waitMs = waitBefore(number, response?.status, retryAfterMs, random);
    if (clock.now() + waitMs >= deadline) {
      let seconds = Math.ceil(retryAfterMs / 1e3), why = retryAfterMs > 0 ? `the server asks to wait ${seconds} s` : "no time is left for another";
      return conclude(outcome, number, why);
    }
    let next = `attempt ${number + 1} of ${maxAttempts}`;
    log(`${label}: ${reason}; trying again in ${(waitMs / 1e3).toFixed(1)} s (${next})`), await clock.sleep(waitMs);
  }
}
async function settle(attempt) {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof TransportError && !error.outOfTime) return error;
    throw error;
  }
}
function reasonToRepeat(outcome, transientReason) {
  if (outcome instanceof TransportError)
    return TRANSIENT.includes(outcome.failure) ? outcome.message : void 0;
  let { response } = outcome;
  return isRetryableStatus(response.status) ? `status ${response.status}` : transientReason?.(response);
}
function waitBefore(attempt, status, retryAfterMs, random) {
  return status === 429 ? retryAfterMs + backOffMs(attempt, random, RATE_LIMITED) : Math.max(retryAfterMs, backOffMs(attempt, random));
}
function conclude(outcome, number, whyStopped) {
  let count = `${number} ${number === 1 ? "attempt" : "attempts"}`, attempts = whyStopped === void 0 ? count : `${count}, ${whyStopped}`;
  if (!(outcome instanceof TransportError))
    return { ...outcome, response: { ...outcome.response, attempts } };
  let { failure, message } = outcome;
  throw new TransportError(failure, `${message} (${attempts})`, whyStopped !== void 0);
}

// src/node/trace.ts
var REQUEST_ID_HEADERS = ["x-github-request-id", "opc-request-id", "x-oracle-dms-ecid", "x-amzn-requestid"];
function traceLine({ method, url }, outcome, milliseconds) {
  let [what, requestId] = outcome instanceof TransportError ? [outcome.failure] : [outcome.status, requestIdFrom(outcome, ...REQUEST_ID_HEADERS)];
  return `${method} ${url.host} ${url.pathname}: ${what} in ${milliseconds} ms, request id ${requestId ?? "(none)"}`;
}

// src/node/http.ts
import https from "node:https";
import tls from "node:tls";
var MAX_BODY_BYTES = 1024 * 1024;
function createHttp({ policy, clock, log, trace, proxyFor: proxyFor2 }) {
  let preconnected = /* @__PURE__ */ new Set(), takePreconnected = ({ origin }) => {
    let connection = [...preconnected].find((one) => one.origin === origin);
    return connection !== void 0 && preconnected.delete(connection), connection?.socket;
  };
  return {
    preconnect(url) {
      if (url.protocol !== "https:" || proxyFor2(url) !== void 0) return;
      let connection = { origin: url.origin, socket: connectTls(url) };
      preconnected.add(connection);
      let forget = () => preconnected.delete(connection);
      connection.socket.once("error", forget).once("close", forget).unref();
    },
    async send(request, { timeoutMs = policy.requestTimeoutMs } = {}) {
      let began = clock.now(), timeLeft = policy.deadline - began;
      if (timeLeft <= 0) throw new TransportError("timed-out", "the time of the step is used up", !0);
      let limitMs = Math.min(timeoutMs, policy.requestTimeoutMs, timeLeft), proxy = proxyFor2(request.url), socket = proxy ? void 0 : takePreconnected(request.url), outcome = await sendOnce(request, limitMs, { proxy, socket }).catch(
        (error) => error
      );
      if (trace?.(traceLine(request, outcome, clock.now() - began)), outcome instanceof TransportError) throw outcome;
      return outcome;
    },
    retry: (call, attempt) => retry({ policy, clock, log }, call, attempt)
  };
}
function connectTls(url, tunnel) {
  let host = url.hostname.replace(/^\[|\]$/g, ""), servername = /^[\d.]+$|:/.test(host) ? void 0 : host, transport = tunnel === void 0 ? { port: Number(url.port || 443) } : { socket: tunnel };
  return tls.connect({ ...transport, host, ALPNProtocols: ["http/1.1"], ...servername && { servername } });
}
function agentFor(socket) {
  return socket === void 0 ? !1 : Object.assign(new https.Agent(), { createConnection: () => socket.ref() });
}
async function sendOnce(request, timeoutMs, { proxy, socket } = {}) {
  let { url } = request, limit = new AbortController(), timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    let connection = proxy ? connectTls(url, await openTunnel(proxy, url, limit.signal)) : socket;
    return await exchange(request, connection, limit.signal);
  } catch (error) {
    let { failure, message } = toTransportError2(error, url, limit.signal.aborted ? timeoutMs : void 0), route = proxy && !failure.startsWith("proxy-") ? `, through the proxy ${proxy.url.host}` : "";
    throw new TransportError(failure, `${message}${route}`);
  } finally {
    clearTimeout(timer);
  }
}
function exchange({ url, method, body, ...request }, socket, signal) {
  let headers = { "user-agent": "oci-wif-action", ...request.headers };
  return new Promise((resolve, reject) => {
    let { request: open } = url.protocol === "http:" ? process.getBuiltinModule("node:http") : https, outgoing = open(url, { method, headers, agent: agentFor(socket), signal }), fail = (error) => {
      outgoing.destroy(), reject(error);
    };
    outgoing.on("error", fail), outgoing.once("response", (incoming) => {
      let { statusCode: status = 0, headers: headers2 } = incoming;
      readBody(incoming).then((text) => resolve({ status, headers: headers2, text }), fail);
    }), outgoing.end(body);
  });
}
async function readBody(incoming) {
  if ((incoming.headers["content-encoding"] ?? "identity") !== "identity")
    throw new TransportError("unusable", "the response is compressed, which was not requested");
  let chunks = [], size = 0;
  for await (let chunk of incoming) {
    if (size += chunk.length, size > MAX_BODY_BYTES)
      throw new TransportError("unusable", `the response is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
function toTransportError2(error, { host }, timeoutMs) {
  if (error instanceof TransportError) return error;
  let { code = "unknown", message } = error;
  if (timeoutMs !== void 0)
    return new TransportError("timed-out", `no complete response from ${host} within ${timeoutMs / 1e3} s`);
  if (isCertificateError(code)) {
    let text2 = `the TLS certificate of ${host} was not accepted (${code}: ${message})`;
    return new TransportError("untrusted", text2);
  }
  let text = code === "ENOTFOUND" ? `the host ${host} was not found` : `the connection to ${host} failed`;
  return new TransportError("unreachable", `${text} (${code})`);
}

// node_modules/@actions/http-client/lib/proxy.js
function checkBypass(reqUrl) {
  if (!reqUrl.hostname)
    return !1;
  let reqHost = reqUrl.hostname;
  if (isLoopbackAddress(reqHost))
    return !0;
  let noProxy = process.env.no_proxy || process.env.NO_PROXY || "";
  if (!noProxy)
    return !1;
  let reqPort;
  reqUrl.port ? reqPort = Number(reqUrl.port) : reqUrl.protocol === "http:" ? reqPort = 80 : reqUrl.protocol === "https:" && (reqPort = 443);
  let upperReqHosts = [reqUrl.hostname.toUpperCase()];
  typeof reqPort == "number" && upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
  for (let upperNoProxyItem of noProxy.split(",").map((x) => x.trim().toUpperCase()).filter((x) => x))
    if (upperNoProxyItem === "*" || upperReqHosts.some((x) => x === upperNoProxyItem || x.endsWith(`.${upperNoProxyItem}`) || upperNoProxyItem.startsWith(".") && x.endsWith(`${upperNoProxyItem}`)))
      return !0;
  return !1;
}
function isLoopbackAddress(host) {
  let hostLower = host.toLowerCase();
  return hostLower === "localhost" || hostLower.startsWith("127.") || hostLower.startsWith("[::1]") || hostLower.startsWith("[0:0:0:0:0:0:0:1]");
}

// src/node/proxy.ts
function proxiesBy(mask) {
  let name = process.env.https_proxy ? "https_proxy" : "HTTPS_PROXY", value = process.env[name], proxy;
  return (url) => {
    if (!(url.protocol !== "https:" || !value || checkBypass(url)))
      return proxy ??= parse(name, value, mask), proxy;
  };
}
function parse(name, value, mask) {
  let address = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(address) || !/^https?:/i.test(address))
    throw new ActionError("PROXY_UNREACHABLE", `${name} holds no http:// or https:// address.`);
  let { origin, username, password } = new URL(address), [user, secret] = [decoded(username), decoded(password)];
  if (user === "" && secret === "") return { url: new URL(origin), authorization: void 0 };
  let basic = Buffer.from(`${user}:${secret}`).toString("base64");
  for (let form of [password, secret, basic]) form !== "" && mask(new Secret(form));
  return { url: new URL(origin), authorization: new Secret(`Basic ${basic}`) };
}
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// src/errors/service-refusal.ts
var ServiceRefusal = class extends Error {
  name = "ServiceRefusal";
  service;
  status;
  code;
  text;
  requestId;
  attempts;
  serverTime;
  constructor(service, details) {
    let { status, code = "", text = "", requestId, attempts, serverTime } = details;
    super(`${service} refused with status ${status}`), this.service = service, this.status = status, this.code = code, this.text = text, this.requestId = requestId, this.attempts = attempts, this.serverTime = serverTime;
  }
};

// node_modules/jose/dist/webapi/lib/buffer_utils.js
var encoder = new TextEncoder(), decoder = new TextDecoder(), strictDecoder = new TextDecoder("utf-8", { fatal: !0 }), UINT32_RANGE = 2 ** 32;
function decodeBase64(encoded, url = !1) {
  if (Uint8Array.fromBase64)
    return Uint8Array.fromBase64(encoded, { alphabet: url ? "base64url" : "base64" });
  if (url) {
    if (encoded.includes("+") || encoded.includes("/"))
      throw new TypeError("Invalid base64url");
    encoded = encoded.replace(/-/g, "+").replace(/_/g, "/");
  }
  let binary = atob(encoded), bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++)
    bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// node_modules/jose/dist/webapi/util/errors.js
var JOSEError = class extends Error {
  static code = "ERR_JOSE_GENERIC";
  code = "ERR_JOSE_GENERIC";
  constructor(message, options) {
    super(message, options), this.name = this.constructor.name, Error.captureStackTrace?.(this, this.constructor);
  }
};
var JWTInvalid = class extends JOSEError {
  static code = "ERR_JWT_INVALID";
  code = "ERR_JWT_INVALID";
};

// node_modules/jose/dist/webapi/util/base64url.js
var invalid2 = "The input to be decoded is not correctly encoded.";
function decode(input) {
  try {
    return decodeBase64(typeof input == "string" ? input : decoder.decode(input), !0);
  } catch (cause) {
    throw new TypeError(invalid2, { cause });
  }
}

// node_modules/jose/dist/webapi/lib/validate.js
function isObject(input) {
  if (typeof input != "object" || input === null || Object.prototype.toString.call(input) !== "[object Object]")
    return !1;
  let prototype = Object.getPrototypeOf(input);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
function parseJoseHeader(encodedProtectedHeader, ErrorClass, message) {
  let parsed;
  try {
    parsed = JSON.parse(strictDecoder.decode(decode(encodedProtectedHeader)));
  } catch (cause) {
    throw new ErrorClass(message, { cause });
  }
  if (!isObject(parsed))
    throw new ErrorClass(message);
  return parsed;
}

// node_modules/jose/dist/webapi/util/decode_protected_header.js
function decodeProtectedHeader(token) {
  let encodedProtectedHeader;
  if (typeof token == "string") {
    let parts = token.split(".");
    (parts.length === 3 || parts.length === 5) && ([encodedProtectedHeader] = parts);
  } else if (typeof token == "object" && token)
    if ("protected" in token)
      encodedProtectedHeader = token.protected;
    else
      throw new TypeError("Token does not contain a Protected Header");
  let invalid3 = "Invalid Token or Protected Header formatting";
  if (typeof encodedProtectedHeader != "string" || !encodedProtectedHeader)
    throw new TypeError(invalid3);
  return parseJoseHeader(encodedProtectedHeader, TypeError, invalid3);
}

// node_modules/jose/dist/webapi/util/decode_jwt.js
function decodeJwt(jwt) {
  if (typeof jwt != "string")
    throw new JWTInvalid("JWTs must use Compact JWS serialization, JWT must be a string");
  let { 1: encodedPayload, length } = jwt.split(".");
  if (length === 5)
    throw new JWTInvalid("Only JWTs using Compact JWS serialization can be decoded");
  if (length !== 3)
    throw new JWTInvalid("Invalid JWT");
  if (!encodedPayload)
    throw new JWTInvalid("JWTs must contain a payload");
  let claimsSetBytes;
  try {
    claimsSetBytes = decode(encodedPayload);
  } catch (cause) {
    throw new JWTInvalid("Failed to base64url decode the payload", { cause });
  }
  let claimsSet;
  try {
    claimsSet = JSON.parse(strictDecoder.decode(claimsSetBytes));
  } catch (cause) {
    throw new JWTInvalid("Failed to parse the decoded payload as JSON", { cause });
  }
  if (!isObject(claimsSet))
    throw new JWTInvalid("Invalid JWT Claims Set");
  return claimsSet;
}

// src/github/id-token.ts
var URL_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_URL", TOKEN_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_TOKEN", USUAL_LIFETIME_MS = 5 * 6e4;
function findIdTokenSource(env) {
  let missing = [URL_VARIABLE, TOKEN_VARIABLE].filter((name) => !env(name));
  if (missing.length > 0) {
    let which = `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not set`;
    throw new ActionError(
      "GITHUB_OIDC_UNAVAILABLE",
      `This job cannot request an ID token from GitHub: ${which}.`
    );
  }
  let address = env(URL_VARIABLE) ?? "";
  if (!URL.canParse(address) || !isConfidential(new URL(address)))
    throw new ActionError("GITHUB_OIDC_UNAVAILABLE", `${URL_VARIABLE} holds no https:// address.`);
  return { url: new URL(address), requestToken: new Secret(env(TOKEN_VARIABLE) ?? "") };
}
function idTokenRequest({ url, requestToken }, audience) {
  let withAudience = new URL(url);
  return withAudience.searchParams.set("audience", audience), {
    method: "GET",
    url: withAudience,
    headers: { accept: "application/json", authorization: `Bearer ${requestToken.reveal()}` }
  };
}
var ID_TOKEN_CALL = {
  label: "GitHub's OIDC token",
  /** In the first second of a job the service may not know yet that it runs, and answers 403. */
  transientReason: ({ status, text }) => status === 403 && /'(Pending|Delayed)' state/.test(text) ? "the job is not yet known to run" : void 0
};
function processIdTokenResponse(response) {
  let { status, text, attempts } = response, requestId = requestIdFrom(response, "x-github-request-id");
  if (status >= 400) throw new ServiceRefusal("github", { status, requestId, attempts });
  let jwt = status === 200 ? parseObject(text)?.value : void 0;
  if (typeof jwt == "string" && jwt.split(".").length === 3) return new Secret(jwt);
  let what = status === 200 ? "a response without a token" : `status ${status}`;
  throw new ActionError("GITHUB_RESPONSE_MALFORMED", `GitHub's OIDC service sent ${what}.`, {
    status,
    requestId
  });
}
function readIdToken(jwt) {
  try {
    let payload = decodeJwt(jwt.reveal());
    if (!isTime(payload.exp)) throw new TypeError("no exp");
    let audience = payload.aud === void 0 ? {} : { aud: String(payload.aud) }, texts = Object.entries(payload).filter(
      (entry) => typeof entry[1] == "string"
    ), claims = { ...Object.fromEntries(texts), ...audience }, { exp, iat } = payload, lifetimeMs = isTime(iat) && iat < exp ? (exp - iat) * 1e3 : USUAL_LIFETIME_MS;
    return { jwt, expiresAt: exp * 1e3, lifetimeMs, claims };
  } catch {
    throw new ActionError(
      "GITHUB_RESPONSE_MALFORMED",
      "GitHub's OIDC service sent a token that cannot be read."
    );
  }
}
function expiryOf(requestToken) {
  try {
    let { exp } = decodeJwt(requestToken.reveal());
    return isTime(exp) ? exp * 1e3 : void 0;
  } catch {
    return;
  }
}

// src/aws/profile.ts
import path2 from "node:path";
function awsFiles(home, env) {
  let place = (variable, usual) => {
    let file = path2.resolve(home, expandHome(env(variable) || usual, home)), workspace = env("GITHUB_WORKSPACE");
    if (workspace === void 0 || !isInside(file, workspace)) return file;
    throw new ActionError("PATH_UNSAFE", `${variable} leads into the checkout, to ${file}.`);
  };
  return {
    config: place("AWS_CONFIG_FILE", "~/.aws/config"),
    credentials: place("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
  };
}
function awsPlace(kind, file, profile) {
  return {
    file,
    section: kind === "config" && profile !== "default" ? `profile ${profile}` : profile,
    store: path2.join(path2.dirname(file), ".oci-wif-action"),
    name: `${kind}.${profile}`,
    directory: null,
    telltale: null
  };
}
function renderAwsSection({ section }, owner, settings, lineEnd) {
  let lines = Object.entries(settings).map(
    ([key, value]) => `${key} = ${value instanceof Secret ? value.reveal() : value}`
  );
  return renderOwned(section, owner, lines, lineEnd);
}

// src/aws/web-identity.ts
var SHARED_ISSUER = "https://identity.oraclecloud.com/";
function readWebIdentity(token, { domainUrl: domainUrl2, audience, now }) {
  let claims = decodeAccessToken(token), issuer = assertIssuer(claims, domainUrl2);
  return assertAudience(claims, audience), { token, issuer, audience, ...currentSubject(claims, now), keyId: claims.kid };
}
function decodeAccessToken(token) {
  try {
    return { ...decodeJwt(token.reveal()), kid: decodeProtectedHeader(token.reveal()).kid };
  } catch {
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The domain's access token is no JWT.");
  }
}
function assertIssuer({ iss }, { origin }) {
  if (iss === origin) return iss;
  let why = iss === SHARED_ISSUER ? ", the default that all tenancies share" : "", text = `The token's issuer is ${show(iss)}${why}; AWS needs ${origin}.`;
  throw new ActionError("AWS_ISSUER_UNUSABLE", text);
}
function assertAudience({ aud, azp }, audience) {
  let audiences = Array.isArray(aud) ? aud : [aud];
  if (audiences.length !== 1 || audiences[0] !== audience) {
    let text = `The token's audience is ${show(aud)}; \`aws-audience\` is ${show(audience)}.`;
    throw new ActionError("AWS_AUDIENCE_MISMATCH", text);
  }
  if (azp !== void 0 && azp !== audience) {
    let text = `The token names ${show(azp)} as authorized party (\`azp\`), which AWS takes for the audience.`;
    throw new ActionError("AWS_AUDIENCE_MISMATCH", text);
  }
}
function currentSubject({ sub, exp }, now) {
  if (!isPrintable(sub) || !isTime(exp))
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The domain's access token lacks `sub` or `exp`.");
  if (exp * 1e3 > now) return { subject: sub, expiresAt: exp * 1e3 };
  throw new ActionError("AWS_TOKEN_EXPIRED", "The domain's access token has expired already.");
}
function show(value) {
  return value === void 0 ? "(none)" : quote(JSON.stringify(value), []);
}

// src/aws/published-keys.ts
var TIMEOUT_MS = 4e3;
async function checkPublishedKeys(http, { issuer, keyId }) {
  try {
    let discovery = await fetchPublic(http, new URL(`${issuer}/.well-known/openid-configuration`));
    if (discovery.issuer !== issuer) {
      let text2 = `The discovery document names issuer ${show(discovery.issuer)}; AWS needs exactly ${issuer}.`;
      throw new ActionError("AWS_ISSUER_UNUSABLE", text2);
    }
    let { ids, address } = await fetchSigningKeys(http, discovery);
    if (ids.length > 0 && (keyId === void 0 || ids.includes(keyId))) return;
    let text = `The key ${show(keyId)} is not among those at ${quote(address, [])}.`;
    throw new ActionError("AWS_SIGNING_KEYS_HIDDEN", text);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return `Whether AWS can read the domain's keys could not be checked from here: ${error.message}.`;
  }
}
async function fetchSigningKeys(http, { jwks_uri: address }) {
  if (typeof address != "string" || !/^https?:/.test(address) || !URL.canParse(address)) {
    let text = "The discovery document does not name the address of the signing keys.";
    throw new ActionError("AWS_SIGNING_KEYS_HIDDEN", text);
  }
  let { keys } = await fetchPublic(http, new URL(address));
  return { ids: Array.isArray(keys) ? keys.map((key) => key?.kid) : [], address };
}
async function fetchPublic(http, url) {
  let request = { method: "GET", url, headers: { accept: "application/json" } }, { status, text } = await http.send(request, { timeoutMs: TIMEOUT_MS }), members = status === 200 ? parseObject(text) : void 0;
  if (members !== void 0) return members;
  if (status === 403 || isRetryableStatus(status))
    throw new TransportError("unusable", `${url.href} answered ${status}`);
  let got = status === 200 ? "something that is no JSON object" : `status ${status}`;
  throw new ActionError("AWS_SIGNING_KEYS_HIDDEN", `Without credentials, ${url.href} sends ${got}.`);
}

// src/aws/sts-endpoint.ts
var DNS_SUFFIX = {
  "aws-cn": "amazonaws.com.cn",
  "aws-eusc": "amazonaws.eu"
};
function stsEndpoint({ region: region3, role, stsEndpoint: given }) {
  return given ?? new URL(`https://sts.${region3}.${DNS_SUFFIX[role.partition] ?? "amazonaws.com"}`);
}

// src/oci/session-token.ts
var TENANCY_OCID = /^ocid1\.tenancy\.[a-z0-9.-]{1,200}$/, OCID = /^ocid1\.[a-z0-9._-]{1,250}$/i;
function parseSessionToken(token, kind, requestId) {
  let payload = decode2(token, requestId), { exp, nbf, iat, jti } = payload, principal = principalOf(payload, kind);
  if (!isTime(exp) || principal === void 0)
    throw malformed("The session token lacks a readable `exp` or `sub`.", requestId);
  let tenancy2 = payload.tenant ?? (kind === "resource" ? payload.res_tenant : void 0);
  if (typeof tenancy2 != "string" || !TENANCY_OCID.test(tenancy2))
    throw malformed("The session token does not name its tenancy.", requestId);
  let start = nbf ?? iat;
  return {
    token,
    principal,
    tenancy: tenancy2,
    validFrom: isTime(start) ? start * 1e3 : void 0,
    expiresAt: exp * 1e3,
    tokenId: isPrintable(jti) ? jti : void 0,
    jwk: payload.jwk,
    requestId
  };
}
function principalOf({ sub }, kind) {
  if (typeof sub == "string")
    return kind === "resource" ? quote(sub, []) || void 0 : OCID.test(sub) ? sub : void 0;
}
function assertTenancy({ tenancy: tenancy2, requestId }, expected) {
  if (expected === void 0 || expected === tenancy2) return;
  let text = `The session is in tenancy ${tenancy2}, not in ${expected}.`;
  throw new ActionError("UPST_TENANCY_MISMATCH", text, { requestId });
}
function assertBindsKey({ jwk, requestId }, { publicJwk }) {
  if (bindsKey(jwk, publicJwk)) return;
  let text = "The session token is bound to another key than that of this login.";
  throw new ActionError("UPST_KEY_MISMATCH", text, { requestId });
}
var CLOCK_TOLERANCE_MS = 5 * 6e4;
function assertCurrent({ validFrom = 0, expiresAt, requestId }, now, serverTime = now) {
  let isEarly = validFrom > Math.max(now, serverTime) + CLOCK_TOLERANCE_MS;
  if (expiresAt > now && !isEarly) return;
  let [then, here] = [isEarly ? validFrom : expiresAt, now].map((time) => new Date(time).toISOString()), text = `The session token ${isEarly ? "is not valid before" : "expired at"} ${then}; this machine's clock says ${here}.`;
  throw new ActionError("UPST_EXPIRED", text, { requestId });
}
function malformed(text, requestId) {
  return new ActionError("OCI_RESPONSE_MALFORMED", text, { requestId });
}
function decode2(token, requestId) {
  try {
    if (token.reveal().split(".").length !== 3) throw new TypeError("not three parts");
    return decodeJwt(token.reveal());
  } catch {
    throw malformed("The domain issued a session token that is no JWT.", requestId);
  }
}
function bindsKey(claim, expected) {
  let jwk = typeof claim == "string" ? parseObject(claim) : claim;
  if (typeof jwk != "object" || jwk === null) return !1;
  let { n, e } = jwk;
  return isSameNumber(n, expected.n) && isSameNumber(e, expected.e);
}
function isSameNumber(actual, expected) {
  return typeof actual == "string" && toHex(actual) === toHex(expected);
}
function toHex(base64) {
  return Buffer.from(base64, "base64url").toString("hex").replace(/^(00)+/, "");
}

// src/diagnosis/service-failure.ts
var SERVICES = {
  github: ["GitHub's OIDC service", "GITHUB_UNREACHABLE", "GITHUB_RESPONSE_MALFORMED"],
  domain: ["The domain", "OCI_DOMAIN_UNREACHABLE", "OCI_RESPONSE_MALFORMED"],
  "object-storage": ["Object Storage", "OCI_SERVICE_UNREACHABLE", "OCI_SERVICE_RESPONSE_MALFORMED"],
  sts: ["STS", "AWS_UNREACHABLE", "AWS_RESPONSE_MALFORMED"]
};
function explainTransport(error, service, action) {
  if (!(error instanceof TransportError)) return error;
  let [, unreachable, malformed3] = SERVICES[service], codes = {
    unreachable,
    "timed-out": unreachable,
    unusable: malformed3,
    untrusted: "TLS_UNTRUSTED",
    "proxy-unreachable": "PROXY_UNREACHABLE",
    "proxy-refused": "PROXY_REFUSED"
  }, { failure, message, outOfTime } = error;
  return new ActionError(outOfTime ? "DEADLINE_EXCEEDED" : codes[failure], `${action}: ${message}.`);
}
async function explainFailure(error, service, action, explainRefusal) {
  return error instanceof ServiceRefusal ? isRetryableStatus(error.status) ? unavailable(error) : explainRefusal(error) : explainTransport(error, service, action);
}
function unavailable({ service, status, text, requestId, attempts }) {
  let [name, unreachable] = SERVICES[service], details = `${attempts === void 0 ? "" : ` (${attempts})`}${text && `: ${text}`}`, code = service === "domain" && status === 429 ? "OCI_RATE_LIMITED" : unreachable;
  return new ActionError(code, `${name} answered ${status}${details}.`, { status, requestId });
}
function explainIdTokenRefusal({ status, requestId }, requestToken, now) {
  let text = `GitHub refused the job's OIDC token with status ${status}.`, isAboutRequestToken = status === 401 || status === 403, expiry = isAboutRequestToken ? expiryOf(requestToken) : void 0;
  if (expiry === void 0) {
    let hint2 = isAboutRequestToken ? " The expiry of the request token cannot be read from it." : "";
    return new ActionError("GITHUB_OIDC_REFUSED", `${text}${hint2}`, { status, requestId });
  }
  let [end, here] = [expiry, now].map((time) => new Date(time).toISOString());
  if (expiry > now) {
    let hint2 = `The request token is valid until ${end}; this machine's clock says ${here}, so its age is not the reason.`;
    return new ActionError("GITHUB_OIDC_REFUSED", `${text} ${hint2}`, { status, requestId });
  }
  let hint = `The job's request token expired at ${end}; this machine's clock says ${here}.`;
  return new ActionError("GITHUB_OIDC_EXPIRED", `${text} ${hint}`, {
    status,
    requestId,
    snippets: [SEPARATE_JOB]
  });
}
var SEPARATE_JOB = {
  title: "A separate job for the login, after the long one",
  language: "yaml",
  text: [
    "jobs:",
    "  work: # the steps that take hours, without the login",
    "    runs-on: ubuntu-latest",
    "  deploy:",
    "    needs: work",
    "    runs-on: ubuntu-latest",
    "    permissions:",
    "      id-token: write",
    "      contents: read"
  ].join(`
`),
  isFolded: !1
};
function explainAccessTokenRefusal({ code, text, status, requestId }, scope2) {
  let codes = /* @__PURE__ */ new Map([
    ["invalid_client", "OCI_CLIENT_REJECTED"],
    ["invalid_scope", "OCI_SCOPE_REFUSED"]
  ]), message = `The domain refused an access token for scope ${JSON.stringify(scope2)} (${status}): ${text || "no reason given"}.`;
  return new ActionError(codes.get(code) ?? "OCI_ACCESS_TOKEN_REFUSED", message, { status, requestId });
}
function explainNamespaceRefusal({ status, text, requestId, attempts, serverTime = Number.NaN }, now) {
  let details = { status, requestId }, reason = text || "no reason given";
  if (status !== 401) {
    let message = `Object Storage accepts the session but does not let it read the namespace: ${reason} (${status}, ${attempts}).`;
    return new ActionError("OCI_NOT_AUTHORIZED", message, details);
  }
  let skew = now - serverTime;
  if (Math.abs(skew) > CLOCK_TOLERANCE_MS) {
    let message = `Object Storage refused the session (401): this machine's clock is ${Math.round(Math.abs(skew) / 1e3)} s ${skew > 0 ? "ahead of" : "behind"} its own; 300 s are allowed.`;
    return new ActionError("OCI_CLOCK_SKEWED", message, details);
  }
  return new ActionError(
    "OCI_SESSION_REFUSED",
    `Object Storage refused the session (401): ${reason}.`,
    details
  );
}

// src/diagnosis/sts-refusal.ts
var CODES = /* @__PURE__ */ new Map([
  ["AccessDenied", "AWS_ACCESS_DENIED"],
  ["InvalidIdentityToken", "AWS_IDENTITY_TOKEN_INVALID"],
  ["IDPRejectedClaim", "AWS_IDENTITY_TOKEN_INVALID"],
  ["ExpiredToken", "AWS_TOKEN_EXPIRED"],
  ["IDPCommunicationError", "AWS_IDP_UNREACHABLE"],
  ["MalformedPolicyDocument", "AWS_POLICY_MALFORMED"],
  ["PackedPolicyTooLarge", "AWS_POLICY_TOO_LARGE"]
]);
function explainStsRefusal(refusal2, { role }, { issuer, audience, subject }) {
  let { code: stsCode, status, requestId } = refusal2;
  if (/^(Throttling|RequestLimitExceeded)$/.test(stsCode)) return unavailable(refusal2);
  let code = CODES.get(stsCode) ?? "AWS_REQUEST_INVALID", facts = { iss: issuer, aud: audience, sub: subject, role: role.arn }, message = `STS refused role ${role.arn} (${status} ${refusal2.text}).`;
  if (code !== "AWS_ACCESS_DENIED" && code !== "AWS_IDENTITY_TOKEN_INVALID")
    return new ActionError(code, message, { status, requestId, facts });
  let token = `The token has iss=${issuer} aud=${audience} sub=${subject}.`, policy = `This trust policy would accept it: ${renderTrustPolicy({ ...role, issuer, audience, subject })}.`;
  return new ActionError(code, `${message} ${token} ${policy}`, { status, requestId, facts });
}
function renderTrustPolicy({ partition, accountId, issuer, audience, subject }) {
  let provider = issuer.replace(/^https:\/\//, "");
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: `arn:${partition}:iam::${accountId}:oidc-provider/${provider}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: subject } }
      }
    ]
  });
}

// src/inputs/conflicts.ts
import path3 from "node:path";
var NEED_ROLE = [
  "aws-region",
  "aws-client-id",
  "aws-client-secret",
  "aws-role-session-name",
  "aws-session-policy",
  "aws-managed-session-policies",
  "aws-allowed-account-ids",
  "aws-profile",
  "aws-sts-endpoint"
];
function findConflicts(values, { home }) {
  let checks = {
    ...values["token-type"] === "none" ? noSessionChecks(values) : sessionChecks(values, home),
    ...resourceChecks(values),
    ...isGiven(values, "aws-role-arn") ? roleChecks(values) : noRoleChecks(values)
  };
  return Object.keys(checks).filter((error) => checks[error]);
}
function isGiven(values, name) {
  return values[name] !== void 0;
}
var PROVIDER_RENEWS_EARLY_SECONDS = 300;
function sessionChecks(values, home) {
  let has = (target) => values["export-for"]?.includes(target), lifetime = values["rpst-lifetime-seconds"], file = `${values["config-file"]}`, configHome = path3.isAbsolute(file) ? homeOfConfig(file) : home;
  return {
    "`export-for` takes terraform or terraform-session, not both: they set the same variables": has("terraform") && has("terraform-session"),
    "`export-for` terraform needs `refresh` true, because GitHub's token is valid for five minutes; or use terraform-session": has("terraform") && values.refresh === !1,
    [`\`rpst-lifetime-seconds\` must be more than ${PROVIDER_RENEWS_EARLY_SECONDS} with \`export-for\` terraform, whose provider renews a session that long before it expires`]: has("terraform") && lifetime && lifetime <= PROVIDER_RENEWS_EARLY_SECONDS,
    "`config-file` must end in .oci/config, the only file that `export-for` terraform-session reads": has("terraform-session") && path3.isAbsolute(file) && configHome === void 0,
    "`config-file` must be the default with `export-for` docker: no other path is the same file for this machine and for Docker actions": has("docker") && configHome !== home,
    "`region` is required": !isGiven(values, "region"),
    [`\`config-file\` ${NO_HOME}, or give an absolute path`]: startsAtHome(file)
  };
}
function noSessionChecks(values) {
  let targets = (values["export-for"] ?? []).filter((target) => target !== "cli");
  return {
    [`\`export-for\` ${targets.join(", ")} needs a session, but \`token-type\` is none`]: targets.length > 0,
    "`token-type` none needs `aws-role-arn`": !isGiven(values, "aws-role-arn"),
    "`verify` needs a session, but `token-type` is none": values.verify,
    "`refresh` with `token-type` none needs `aws-credential-source` web-identity": values.refresh && values["aws-credential-source"] === "session"
  };
}
function resourceChecks(values) {
  let { "minimum-lifetime-seconds": minimum, "rpst-lifetime-seconds": lifetime } = values, isRpst = values["token-type"] === "rpst", isOther = ["upst", "none"].includes(values["token-type"]);
  return {
    "`resource-type` has no effect without `token-type` rpst": isOther && values["resource-type"],
    "`rpst-lifetime-seconds` has no effect without `token-type` rpst": isOther && lifetime,
    "`resource-type` is required with `token-type` rpst": isRpst && !isGiven(values, "resource-type"),
    "`trust-rule` has no effect with `token-type` rpst: a trust for resources has no rules": isRpst && values["trust-rule"],
    [`\`minimum-lifetime-seconds\` is more than the ${lifetime} of \`rpst-lifetime-seconds\``]: isRpst && minimum && lifetime && minimum > lifetime,
    "`verify-endpoint` has no effect without `verify`": values.verify === !1 && values["verify-endpoint"]
  };
}
function noRoleChecks(values) {
  let error = (name) => `\`${name}\` has no effect without \`aws-role-arn\``;
  return Object.fromEntries(NEED_ROLE.map((name) => [error(name), isGiven(values, name)]));
}
function roleChecks(values) {
  let has = (name) => isGiven(values, name), { "aws-role-arn": role, "aws-region": region3, "aws-allowed-account-ids": allowed } = values, [given, missing] = has("aws-client-id") ? ["id", "secret"] : ["secret", "id"], why = "needs `aws-credential-source` session: with web-identity, later steps assume the whole role", isWebIdentity = values["aws-credential-source"] === "web-identity", isHidden = values["aws-export-environment"] === !1 && values["output-credentials"] === !1;
  return {
    "`aws-region` is required with `aws-role-arn`": !has("aws-region"),
    [`\`aws-region\` ${region3} is not in partition ${role?.partition} of \`aws-role-arn\``]: role && region3 && partitionOf(region3) !== role.partition,
    [`\`aws-client-${missing}\` is required with \`aws-client-${given}\``]: has("aws-client-id") !== has("aws-client-secret"),
    [`\`aws-role-arn\` is in account ${role?.accountId}, which \`aws-allowed-account-ids\` does not list`]: role && allowed && !allowed.includes(role.accountId),
    [`\`aws-session-policy\` ${why}`]: isWebIdentity && has("aws-session-policy"),
    [`\`aws-managed-session-policies\` ${why}`]: isWebIdentity && has("aws-managed-session-policies"),
    "`aws-export-environment` false needs `aws-profile` or `output-credentials`, or no step gets the role": isHidden && !has("aws-profile")
  };
}

// src/inputs/config.ts
function readConfig(read, context) {
  let { values, errors } = parseInputs(read, context);
  if (errors.length > 0) throw invalidInputsError(errors);
  return toConfig(values);
}
function readPartialConfig(read, context) {
  let { values, errors } = parseInputs(read, context), names = Object.keys(INPUTS), isInvalid = (name) => errors.some((error) => error.startsWith(`\`${name}\``)), invalidInputs = new Set(names.filter(isInvalid));
  for (let name of invalidInputs) {
    let { default: preset, parse: parse2 } = INPUTS[name];
    values[name] = preset === void 0 ? void 0 : valueOrError(() => parse2(preset, context)).value;
  }
  return { config: toConfig(values), invalidInputs, errors };
}
function invalidInputsError(errors) {
  return new ActionError("INPUT_INVALID", `${errors.join("; ")}.`);
}
function parseInputs(read, context) {
  let values = {}, errors = [];
  for (let name of Object.keys(INPUTS)) {
    let rule = INPUTS[name], raw = read(name) || rule.default;
    if (raw === void 0) {
      rule.required && errors.push(`\`${name}\` is required${rule.secret ? EMPTY_SECRET : ""}`);
      continue;
    }
    let { value, error } = valueOrError(() => rule.parse(raw, context));
    values[name] = error === void 0 ? value : null, error !== void 0 && errors.push(`\`${name}\` ${error}`);
  }
  return errors.push(...findConflicts(values, context)), { values, errors };
}
var EMPTY_SECRET = ": the secret is empty, either not set here or not passed to runs from a fork";
function valueOrError(parse2) {
  try {
    return { value: parse2() };
  } catch (error) {
    if (error instanceof InputError) return { error: error.message };
    throw error;
  }
}
function toConfig(values) {
  let client = toClientCredentials(values["client-id"], new Secret(values["client-secret"]));
  return Object.freeze({
    /** Origin of the identity domain, without a path. */
    domainUrl: values["domain-url"],
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
    /** Whether to send a signed request with the session before anything is written. */
    verify: values.verify,
    /** Undefined: Object Storage in the region. */
    verifyEndpoint: values["verify-endpoint"]
  });
}
function toAwsConfig(values, client) {
  let {
    "aws-role-arn": role,
    "aws-region": region3,
    "aws-client-id": id,
    "aws-client-secret": secret
  } = values;
  if (!(role === void 0 || region3 === void 0))
    return Object.freeze({
      role,
      region: region3,
      client: id === void 0 || secret === void 0 ? client : toClientCredentials(id, new Secret(secret)),
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
      stsEndpoint: values["aws-sts-endpoint"]
    });
}

// src/inputs/warnings.ts
var ORACLE_HOST = /\.identity\.(oraclecloud\d*\.com|oraclegovcloud\.(com|uk)|oraclecloud\.eu)$/, AWS_HOST = /\.(amazonaws\.(com|com\.cn|eu)|api\.aws)$/;
function configWarnings({ domainUrl: domainUrl2, oci, aws }) {
  let warnings = [];
  !ORACLE_HOST.test(domainUrl2.hostname) && !isLoopback(domainUrl2) && warnings.push(
    `\`domain-url\`: ${domainUrl2.host} is not a host of Oracle's identity domains. It receives the job's token and the client secret; use it only if it is yours.`
  ), oci?.configFile.includes("=") && warnings.push(
    '`config-file`: clients written in Go cut a path at its second "=" and do not find the key.'
  ), oci?.configFile.includes("%") && warnings.push('`config-file`: `oci session` commands cannot read a config with "%" in a path.');
  let endpoint2 = aws?.stsEndpoint;
  return endpoint2 !== void 0 && !AWS_HOST.test(endpoint2.hostname) && !isLoopback(endpoint2) && warnings.push(
    `\`aws-sts-endpoint\`: ${endpoint2.host} is not a host of AWS. It receives the access token; use it only if it is yours.`
  ), warnings;
}

// src/oci/token-endpoint.ts
function tokenExchangeRequest(endpoint2, { subjectToken, publicKeyBase64, resource }) {
  return tokenRequest(endpoint2, {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: `urn:oci:token-type:oci-${resource ? "rpst" : "upst"}`,
    subject_token_type: "jwt",
    // the short name, as the SDKs send it; the RFC's URN is not known to work
    subject_token: subjectToken.reveal(),
    public_key: publicKeyBase64,
    ...resource && { res_type: resource.type },
    // OCI's examples count it in seconds, the Java SDK's documentation in minutes: the granted lifetime must be read.
    ...resource?.lifetimeSeconds && { rpst_exp: String(resource.lifetimeSeconds) }
  });
}
function processTokenExchangeResponse(response, client, subjectToken) {
  let { members, ...details } = processTokenResponse(response, client, [subjectToken]), token = members.token ?? members.access_token;
  if (typeof token != "string" || token === "") throw malformed2("JSON without a token", response);
  return { token: new Secret(token), ...details };
}
function accessTokenRequest(endpoint2, scope2) {
  return tokenRequest(endpoint2, { grant_type: "client_credentials", scope: scope2 });
}
function processAccessTokenResponse(response, client) {
  let { members } = processTokenResponse(response, client, []), token = members.access_token;
  if (typeof token == "string" && token.split(".").length === 3) return new Secret(token);
  throw malformed2("JSON without an access token in the form of a JWT", response);
}
function tokenRequest({ domainUrl: domainUrl2, client }, form) {
  let body = new URLSearchParams(form).toString();
  return {
    method: "POST",
    url: new URL("/oauth2/v1/token", domainUrl2),
    headers: {
      accept: "application/json",
      authorization: `Basic ${client.basic.reveal()}`,
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(Buffer.byteLength(body))
    },
    body
  };
}
function processTokenResponse(response, client, secrets) {
  let { status, text, attempts } = response, requestId = requestIdOf(response), serverTime = serverTimeOf(response);
  if (isRetryableStatus(status)) throw new ServiceRefusal("domain", { status, requestId, attempts });
  if (status !== 200 && status < 400) throw malformed2(describeStatus(status), response);
  if (status === 404) throw malformed2("status 404: there is no token endpoint at this address", response);
  let members = parseObject(text);
  if (members === void 0) throw malformed2(`status ${status} and a body that is no JSON object`, response);
  if (status === 200) return { members, requestId, serverTime };
  let code = toText(members.error ?? ""), description = toText(members.error_description ?? members.detail ?? ""), words = [code, description].filter((part) => part !== "").join(": "), sent = [...secrets, client.clientSecret, client.basic];
  throw new ServiceRefusal("domain", { status, code, text: quote(words, sent), requestId, attempts });
}
function malformed2(what, response) {
  let { status } = response, requestId = requestIdOf(response);
  return new ActionError("OCI_RESPONSE_MALFORMED", `The domain answered with ${what}.`, {
    status,
    requestId
  });
}
function requestIdOf(response) {
  return requestIdFrom(response, "opc-request-id", "x-oracle-dms-ecid");
}

// src/oci/session-advice.ts
function adviseOnLifetime(requestedSeconds, expiresAt, now, serverTime = now) {
  let end = new Date(expiresAt).toISOString();
  if (requestedSeconds !== void 0) {
    let granted = Math.round((expiresAt - serverTime) / 1e3);
    return adviseOnGrantedLifetime(requestedSeconds, granted, end);
  }
  let left = expiresAt - now;
  return left >= 9e5 ? void 0 : `The session ends in ${Math.round(left / 6e4)} min, at ${end}.`;
}
function adviseOnGrantedLifetime(requested, granted, end) {
  let isAbout = (seconds) => Math.abs(granted - seconds) <= 5;
  if (isAbout(requested)) return;
  let text = `OCI granted a session of ${granted} s (until ${end}); \`rpst-lifetime-seconds\` requests ${requested} s`;
  return isAbout(requested * 60) ? `${text}: sixty times as long, as if OCI counted it in minutes.` : isAbout(requested / 60) ? `${text}: a sixtieth, as if OCI converted seconds to minutes.` : `${text}.`;
}
function adviseOnClock(now, serverTime) {
  let skew = serverTime === void 0 ? 0 : now - serverTime;
  if (Math.abs(skew) <= 6e4) return;
  let direction = skew > 0 ? "ahead of" : "behind";
  return `This machine's clock is ${Math.round(Math.abs(skew) / 1e3)} s ${direction} the domain's; OCI refuses calls that are 5 min off.`;
}

// src/oci/request-signing.ts
import { sign } from "node:crypto";
function signRequest({ url }, { token, privateKeyPem }, now) {
  let date = new Date(now).toUTCString(), covered = [
    ["date", date],
    ["(request-target)", `get ${url.pathname}${url.search}`],
    ["host", url.host]
  ], text = covered.map(([name, value]) => `${name}: ${value}`).join(`
`), parameters = {
    version: "1",
    keyId: `ST$${token.reveal()}`,
    algorithm: "rsa-sha256",
    headers: covered.map(([name]) => name).join(" "),
    signature: sign("sha256", Buffer.from(text), privateKeyPem.reveal()).toString("base64")
  }, listed = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
  return { date, host: url.host, authorization: `Signature ${listed.join(",")}` };
}

// src/oci/namespace.ts
var DOMAINS = new Map([
  ["oc1", "oraclecloud.com"],
  ["oc2", "oraclegovcloud.com"],
  ["oc3", "oraclegovcloud.com"],
  ["oc4", "oraclegovcloud.uk"],
  ["oc19", "oraclecloud.eu"],
  ...[8, 9, 10, 14, 15, 20, 21, 23, 24, 26, 29, 35, 42, 51, 52].map(
    (number) => [`oc${number}`, `oraclecloud${number}.com`]
  )
]);
function objectStorageOf(region3, tenancy2) {
  let realm = tenancy2.split(".")[2] ?? "", domain = DOMAINS.get(realm);
  if (domain !== void 0) return new URL(`https://objectstorage.${region3}.${domain}`);
  let text = `The tenancy is in realm ${JSON.stringify(realm)}, whose hosts this version does not know.`;
  throw new ActionError("OCI_REALM_UNKNOWN", text);
}
function namespaceRequest(endpoint2, proof, now) {
  let url = new URL("/n/", endpoint2);
  return { method: "GET", url, headers: signRequest({ method: "GET", url }, proof, now) };
}
var NAMESPACE_CALL = {
  label: "the call that verifies the session",
  /** OCI answers in the same way to a policy that is missing and to one that does not apply yet. */
  transientReason: ({ status, text }) => isNotAuthorized(status, parseObject(text)) ? `${status} ${parseObject(text)?.code}` : void 0
};
function processNamespaceResponse(response, token) {
  let { status, text, attempts } = response, requestId = requestIdFrom(response, "opc-request-id");
  if (status === 200) {
    let namespace = parseJson(text);
    if (isPrintable(namespace)) return { namespace, requestId };
    let message2 = "Object Storage answered with something that is no namespace.";
    throw new ActionError("OCI_SERVICE_RESPONSE_MALFORMED", message2, { status, requestId });
  }
  if (isRetryableStatus(status)) throw new ServiceRefusal("object-storage", { status, requestId, attempts });
  let body = parseObject(text), code = toText(body?.code ?? ""), words = [code, toText(body?.message ?? "")].filter((part) => part !== "").join(": "), reason = quote(words, [token]);
  if (body !== void 0 && status === 401 || isNotAuthorized(status, body)) {
    let serverTime = serverTimeOf(response);
    throw new ServiceRefusal("object-storage", {
      status,
      code,
      text: reason,
      requestId,
      attempts,
      serverTime
    });
  }
  let message = `Object Storage answered with ${describeStatus(status)}${reason && `: ${reason}`}.`;
  throw new ActionError("OCI_SERVICE_RESPONSE_MALFORMED", message, { status, requestId });
}
function isNotAuthorized(status, body) {
  return (status === 403 || status === 404) && /^NotAuthorized(OrNotFound)?$/.test(toText(body?.code));
}

// src/login/verify-session.ts
function verificationEndpoint({ verify, verifyEndpoint, region: region3 }, tenancy2) {
  if (verify)
    return verifyEndpoint ?? (tenancy2 === void 0 ? void 0 : objectStorageOf(region3, tenancy2));
}
async function verifySession({ http, clock }, { verifyEndpoint, region: region3 }, { sessionToken, keyPair }) {
  let { token, tenancy: tenancy2 } = sessionToken, endpoint2 = verifyEndpoint ?? objectStorageOf(region3, tenancy2), proof = { token, privateKeyPem: keyPair.privateKeyPem };
  try {
    let { response } = await http.retry(NAMESPACE_CALL, async () => ({
      response: await http.send(namespaceRequest(endpoint2, proof, clock.now()))
    }));
    return processNamespaceResponse(response, token);
  } catch (error) {
    throw await explainFailure(
      error,
      "object-storage",
      "Verifying the session",
      (refusal2) => explainNamespaceRefusal(refusal2, clock.now())
    );
  }
}

// src/node/home-directories.ts
import os from "node:os";
import path4 from "node:path";
function findHomeDirectories(system = os) {
  let account = absolute(() => system.userInfo().homedir);
  return { home: absolute(() => system.homedir()) ?? account, account };
}
function absolute(find) {
  try {
    let directory = find();
    return path4.isAbsolute(directory) ? path4.resolve(directory) : void 0;
  } catch (error) {
    if (error.code === "ERR_SYSTEM_ERROR") return;
    throw error;
  }
}

// src/profiles/prepare-undo.ts
function blankRecord({ owner, place }) {
  return { version: 1, ...owner, place, ...{
    replaces: null,
    keptSection: null,
    keptDirectory: null,
    hasBegun: !1,
    hasLeft: !1,
    glue: ""
  }, fileCreated: !1, directoriesCreated: [] };
}
function retireDeadSessions(files, { place, owner }, adopt) {
  for (let { jobId, loginId } of sessionsAt(files, place)) {
    let dead = sessionsAt(files, place).find((one) => one.loginId === loginId), isOwnTry = loginId === owner.loginId;
    dead === void 0 || jobId === owner.jobId && !isOwnTry || (adopt(dead.directoriesCreated), undoUnderLock(files, dead));
  }
}
function observe(files, record, glue, section) {
  let { place, loginId } = record, sessions = sessionsAt(files, place), writer = section === void 0 ? void 0 : ownerOf(section), isDead = writer !== void 0 && !sessions.some((one) => one.loginId === writer.loginId), own = undoName(place, loginId), topmost = sessions.find((one) => !sessions.some(({ replaces }) => replaces === one.loginId)), hasDirectory = place.directory !== null && files.kind(place.directory) === "directory";
  record.replaces = topmost?.loginId ?? null, record.keptSection = section !== void 0 && !isDead ? own : null, record.keptDirectory = hasDirectory && !isDead ? own : null, record.glue = glue, record.fileCreated = files.kind(place.file) === "absent";
}
function keep(files, record, section) {
  let { place, loginId, keptSection } = record, undo = undoFiles(place, undoName(place, loginId));
  files.kind(place.store) === "absent" && files.makeDirectory(place.store), files.makeDirectory(undo.root), keptSection !== null && section !== void 0 && files.create(undo.section, toBytes(section)), writeRecord(files, record);
}

// src/profiles/install.ts
import path5 from "node:path";
var MAX_LOOKS = 5;
async function installSection({ files, lock, clock }, install) {
  let { place, save } = install, record = blankRecord(install), adopt = (directories) => {
    directories.length !== 0 && (record.directoriesCreated = mergeDirectories(record.directoriesCreated, directories), save(record));
  }, prepare = () => {
    assertSafe(files, place);
    let missing = missingDirectories(files, path5.dirname(place.file));
    adopt(missing);
    for (let directory of missing) files.ensureDirectory(directory);
  };
  assertSafe(files, place), save(record);
  let isDisturbed = await lock.hold(lockOf(place), prepare, () => {
    assertSafe(files, place), retireDeadSessions(files, install, adopt);
    let text = assertReadable(place, readShared(files, place.file).text), kept = replaceableText(text, install);
    install.inspect(text), observe(files, record, withOurs(text, install).glue, kept), adopt(missingDirectories(files, place.store)), record.hasBegun = !0, save(record), keep(files, record, kept), fillDirectory(files, install);
    let shared = readShared(files, place.file);
    if (replaceableText(shared.text, install) !== kept) throw new Contention(`${place.file} was changed`);
    return writeSection(files, install, record, shared), shared.isBusy;
  });
  for (let looks = 0; isDisturbed && looks < MAX_LOOKS; looks += 1)
    await clock.sleep(LOOK_AGAIN_MS), isDisturbed = await lock.hold(lockOf(place), prepare, () => writeAgain(files, install, record));
}
function writeSection(files, install, record, shared) {
  let { place, loginId } = record, updated = withOurs(shared.text, install);
  updated.glue !== record.glue && (record.glue = updated.glue, install.save(record), writeRecord(files, {
    ...readRecord(files, place, undoName(place, loginId)) ?? record,
    glue: updated.glue
  }));
  let { scratch } = undoFiles(place, undoName(place, loginId));
  replaceShared(files, place.file, { ...shared, text: updated.text }, scratch);
}
function writeAgain(files, install, record) {
  let { place, loginId } = record, shared = readShared(files, place.file), { text } = shared, isThere = listSections(text).filter(({ name }) => name === place.section).some((one) => isWrittenBy(textOf(text, one), loginId, place.telltale)), isReplaced = sessionsAt(files, place).some(({ replaces }) => replaces === loginId);
  return isThere || isReplaced ? !1 : (writeSection(files, install, record, shared), !0);
}
function hasSection(files, { file, section }) {
  return listSections(readText(files, file)).some(({ name }) => name === section);
}
function missingDirectories(files, directory) {
  return files.kind(directory) !== "absent" ? [] : [...missingDirectories(files, path5.dirname(directory)), directory];
}
function assertSafe(files, { file, store, directory }) {
  for (let wanted of [path5.dirname(file), store, directory ?? store]) {
    let fault = files.unsafeReason(wanted);
    if (fault !== void 0) throw new ActionError("PATH_UNSAFE", `${wanted} ${fault}.`);
  }
}
function assertReadable({ file }, text) {
  if (isReadable(text)) return text;
  throw new ActionError("CONFIG_UNREADABLE", `${file} is not plain text (UTF-16 or binary).`);
}
function replaceable(text, { place, overwrite }) {
  let { file, section } = place, [present, ...more] = listSections(text).filter(({ name }) => name === section);
  if (more.length > 0)
    throw new ActionError("PROFILE_AMBIGUOUS", `${file} has [${section}] ${more.length + 1} times.`);
  if (present !== void 0 && !overwrite && ownerOf(textOf(text, present)) === void 0)
    throw new ActionError(
      "PROFILE_EXISTS",
      `${file} has a section [${section}] that this action did not write.`
    );
  return present;
}
function replaceableText(text, install) {
  let present = replaceable(text, install);
  return present && textOf(text, present);
}
function withOurs(text, install) {
  let block = install.render(lineEndOf(text)), present = replaceable(text, install);
  return present === void 0 ? appendSection(text, block) : { text: replaceSection(text, present, block).text, glue: "" };
}
function fillDirectory(files, { place, owner, contents }) {
  if (place.directory === null) return;
  let aside = undoFiles(place, undoName(place, owner.loginId)).directory;
  files.kind(place.directory) === "directory" && files.rename(place.directory, aside), files.makeDirectory(place.directory);
  for (let [file, content] of contents) files.create(file, content.reveal());
}

// src/report/markdown.ts
function escapeMarkup(text) {
  return escaped(text, /[&<>|[]/g);
}
function literal(value) {
  return `<code>${escaped(value, /[&<>|[\]\\`*~$]|(?<!\w)_|_(?!\w)/g)}</code>`;
}
function tableOf(rows, header = "| Name | Value |") {
  let lines = rows.map(([name, value]) => `| ${escapeMarkup(name)} | ${value} |`);
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

// src/targets/target.ts
function namesWithVerb(names) {
  return `${names.join(", ")} ${names.length > 1 ? "are" : "is"}`;
}

// src/targets/cli.ts
function cliExports({ oci: { configFile: configFile2, profile } }) {
  return {
    variables: {
      // OCI CLI, and kubectl through its exec plugin. The default is api_key.
      OCI_CLI_AUTH: "security_token",
      // OCI CLI, fn. The default is DEFAULT.
      OCI_CLI_PROFILE: profile,
      // OCI CLI, fn.
      OCI_CLI_CONFIG_FILE: configFile2,
      // SDKs for Python, TypeScript, Java, .NET, Go and Ruby, if there is no ~/.oci/config; Ansible, always.
      OCI_CONFIG_FILE: configFile2
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
  return names.length === 0 ? [] : [
    `${namesWithVerb(names)} set in this job, and the OCI CLI ignores those keys of [${profile}]. Remove them.`
  ];
}

// src/targets/home-note.ts
function homeDirectoryNote(configFile2, { home, account }, targets = []) {
  if (home === void 0 || account === void 0 || home === account || !isInside(configFile2, home)) return;
  let override = homeOfConfig(configFile2) === home && !targets.includes("terraform-session") ? ` For Terraform's provider, set TF_HOME_OVERRIDE to ${home}.` : "";
  return `HOME is ${home}, but this account's home is ${account}. Clients in Go (Terraform's provider, Pulumi, Packer, rclone) and Java look for .oci/config in the latter unless they are configured with ${configFile2}.${override}`;
}

// src/login/oci-session.ts
var MINUTE_MS = 6e4;
async function openOciSession(deps, config) {
  let { runner, http, clock } = deps, { domainUrl: domainUrl2, oci } = config, source = findIdTokenSource(runner.env), verification = verificationEndpoint(oci, oci.tenancy);
  http.preconnect(domainUrl2), verification !== void 0 && http.preconnect(verification);
  let keyPair = deps.keyPair.then((pair) => (runner.mask(pair.privateKeyPem), pair)), { sessionToken, serverTime, idToken } = await requestSessionToken(deps, config, source, keyPair), now = clock.now(), advice = [
    adviseOnLifetime(oci.resource?.lifetimeSeconds, sessionToken.expiresAt, now, serverTime),
    adviseOnClock(now, serverTime)
  ];
  for (let text of advice) text !== void 0 && runner.warning(text);
  return { sessionToken, keyPair: await keyPair, idToken };
}
async function requestIdToken({ runner, http, clock }, source, audience) {
  try {
    let request = idTokenRequest(source, audience), { response } = await http.retry(ID_TOKEN_CALL, async () => ({
      response: await http.send(request)
    })), jwt = processIdTokenResponse(response);
    return runner.mask(jwt), readIdToken(jwt);
  } catch (error) {
    throw await explainFailure(
      error,
      "github",
      "Requesting the job's token",
      (refusal2) => explainIdTokenRefusal(refusal2, source.requestToken, clock.now())
    );
  }
}
async function exchangeToken(deps, config, { source, first, publicKey: { publicKeyBase64 } }) {
  let { runner, http, clock } = deps, { client, oci } = config, action = "Requesting the session token", { response, idToken } = await http.retry({ label: "the session token" }, async () => {
    let idToken2 = first.expiresAt - clock.now() >= MINUTE_MS ? first : await requestIdToken(deps, source, oci.audience), exchange2 = { subjectToken: idToken2.jwt, publicKeyBase64, resource: oci.resource };
    return { idToken: idToken2, response: await http.send(tokenExchangeRequest(config, exchange2)) };
  }).catch((error) => {
    throw explainTransport(error, "domain", action);
  });
  try {
    let exchanged = processTokenExchangeResponse(response, client, idToken.jwt);
    return runner.mask(exchanged.token), { ...exchanged, idToken };
  } catch (error) {
    throw await explainFailure(error, "domain", action, async (refusal2) => {
      let { explainExchangeRefusal } = await import("./diagnosis-exchange-refusal.js");
      return explainExchangeRefusal(refusal2, { ...config, idToken });
    });
  }
}
async function requestSessionToken(deps, config, source, key) {
  let [first, publicKey] = await Promise.all([requestIdToken(deps, source, config.oci.audience), key]), exchanged = await exchangeToken(deps, config, { source, first, publicKey }), sessionToken = parseSessionToken(exchanged.token, principalKind(config.oci), exchanged.requestId);
  return assertCurrent(sessionToken, deps.clock.now(), exchanged.serverTime), assertTenancy(sessionToken, config.oci.tenancy), assertBindsKey(sessionToken, publicKey), { ...exchanged, sessionToken };
}
function principalKind({ resource }) {
  return resource === void 0 ? "user" : "resource";
}

// src/login/aws-session.ts
async function openAwsSession(deps, { domainUrl: domainUrl2, aws }) {
  deps.http.preconnect(domainUrl2), deps.http.preconnect(stsEndpoint(aws));
  let [identity] = await Promise.all([
    requestWebIdentity(deps, domainUrl2, aws),
    import("./aws-assume-role.js")
  ]);
  return openRoleSession(deps, aws, identity);
}
async function requestWebIdentity(deps, domainUrl2, { client, scope: scope2, audience }) {
  let token = await requestAccessToken(deps, { domainUrl: domainUrl2, client }, scope2), identity = readWebIdentity(token, { domainUrl: domainUrl2, audience, now: deps.clock.now() }), warning = await checkPublishedKeys(deps.http, identity);
  return warning !== void 0 && deps.runner.warning(warning), identity;
}
async function requestAccessToken({ runner, http }, endpoint2, scope2) {
  let label = "the access token for AWS";
  try {
    let request = accessTokenRequest(endpoint2, scope2), { response } = await http.retry({ label }, async () => ({ response: await http.send(request) })), token = processAccessTokenResponse(response, endpoint2.client);
    return runner.mask(token), token;
  } catch (error) {
    throw await explainFailure(
      error,
      "domain",
      `Requesting ${label}`,
      (refusal2) => explainAccessTokenRefusal(refusal2, scope2)
    );
  }
}
async function openRoleSession({ runner, http, clock }, config, identity) {
  let sessionName = config.roleSessionName ?? sessionNameOf(runner.env);
  try {
    let { assumeRole } = await import("./aws-assume-role.js"), credentials = await assumeRole(http, { ...config, sessionName }, identity.token, clock.now()), { accessKeyId, secretAccessKey, sessionToken } = credentials;
    for (let secret of [accessKeyId, secretAccessKey, sessionToken]) runner.mask(secret);
    return { credentials, identity, sessionName };
  } catch (error) {
    throw await explainFailure(
      error,
      "sts",
      "Assuming the role",
      (refusal2) => explainStsRefusal(refusal2, config, identity)
    );
  }
}
var LONGEST_NAME = 64;
function sessionNameOf(env) {
  let tail = `@${["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT"].map((name) => env(name) ?? "0").join(".")}`.replace(/[^\w+=,.@-]/g, "-").slice(0, LONGEST_NAME - 2);
  return `${(env("GITHUB_REPOSITORY") ?? "job").replace(/[^\w+=,.@-]/g, "-").slice(0, LONGEST_NAME - tail.length)}${tail}`;
}

// src/dependencies.ts
import path6 from "node:path";
function readMaskedInput(name) {
  let value = readInput(name), { secret } = INPUTS[name];
  return secret && value !== "" && githubRunner.mask(new Secret(value)), value;
}
function httpFor({ retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs }) {
  let policy = { maxAttempts, requestTimeoutMs, deadline: systemClock.now() + timeoutMs }, trace = githubRunner.isDebug() ? githubRunner.debug : void 0;
  return createHttp({ policy, clock: systemClock, log: githubRunner.info, trace, proxyFor });
}
var proxyFor = proxiesBy(githubRunner.mask);
async function refresher() {
  let [{ createRefresherControl }, { createBackground }] = await Promise.all([
    import("./refresh-refresher.js"),
    import("./node-processes.js")
  ]), script = path6.join(import.meta.dirname, "refresher.js"), background = createBackground(process.env);
  return createRefresherControl({ runner: githubRunner, files: nodeFiles, clock: systemClock, background, script });
}

export {
  homeOfConfig,
  TransportError,
  ServiceRefusal,
  findIdTokenSource,
  expiryOf,
  awsFiles,
  awsPlace,
  renderAwsSection,
  decodeAccessToken,
  assertIssuer,
  assertAudience,
  currentSubject,
  checkPublishedKeys,
  fetchSigningKeys,
  stsEndpoint,
  parseSessionToken,
  assertTenancy,
  assertBindsKey,
  CLOCK_TOLERANCE_MS,
  assertCurrent,
  explainTransport,
  unavailable,
  readConfig,
  readPartialConfig,
  invalidInputsError,
  configWarnings,
  adviseOnLifetime,
  adviseOnClock,
  verifySession,
  findHomeDirectories,
  installSection,
  hasSection,
  missingDirectories,
  assertSafe,
  assertReadable,
  replaceable,
  escapeMarkup,
  literal,
  tableOf,
  snippetLines,
  namesWithVerb,
  cliExports,
  overrideWarning,
  homeDirectoryNote,
  openOciSession,
  requestIdToken,
  exchangeToken,
  principalKind,
  openAwsSession,
  requestAccessToken,
  openRoleSession,
  readMaskedInput,
  httpFor,
  proxyFor,
  refresher
};
