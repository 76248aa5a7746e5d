import {
  ActionError,
  Contention,
  LOOK_AGAIN_MS,
  TransportError,
  appendSection,
  explainTransport,
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
  isPrintable,
  isRetryableStatus,
  isTime,
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

// src/node/certificate-errors.ts
var UNTRUSTED = /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|ERR_SSL_)/;
function isUntrusted(code) {
  return UNTRUSTED.test(code);
}

// src/node/proxy-tunnel.ts
function openTunnel({ url, authorization }, target, signal) {
  let { request } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http"), authority = `${target.hostname}:${target.port || "443"}`, headers = {
    host: authority,
    ...authorization && { "proxy-authorization": authorization.reveal() }
  };
  return new Promise((resolve, reject) => {
    let asking = request(url, { method: "CONNECT", path: authority, headers, agent: !1, signal });
    asking.once("error", (error) => reject(toTransportError(error, url))), asking.once("connect", (answer, socket, head) => {
      if (isSuccess(answer))
        return socket.unshift(head), resolve(socket);
      socket.destroy(), reject(refusal(answer, url, authority));
    }), asking.end();
  });
}
function isSuccess({ statusCode = 0 }) {
  return statusCode >= 200 && statusCode < 300;
}
function refusal({ statusCode: status = 0 }, { host }, authority) {
  if (status === 407)
    return new TransportError("proxy-refused", `the proxy ${host} wants other credentials, or any (407)`);
  let what = `the proxy ${host} answered ${status} when asked to connect to ${authority}`;
  return new TransportError(isRetryableStatus(status) ? "proxy-unreachable" : "proxy-refused", what);
}
function toTransportError(error, { host }) {
  let { code = "unknown", message } = error;
  if (isUntrusted(code)) {
    let what2 = `the TLS certificate of the proxy ${host} was not accepted (${code}: ${message})`;
    return new TransportError("untrusted", what2);
  }
  let what = code === "ABORT_ERR" ? "gave no answer in time" : `could not be used (${code})`;
  return new TransportError("proxy-unreachable", `the proxy ${host} ${what}`);
}

// src/node/retry.ts
var TRANSIENT = ["unreachable", "timed-out", "proxy-unreachable"], OPTIONAL = { maxAttempts: 1, requestTimeoutMs: 4e3 }, USUAL = { baseMs: 500, maxMs: 2e4 }, RATE_LIMITED = { baseMs: 1e4, maxMs: 6e4 };
function parseRetryAfter(value, now) {
  if (value === void 0) return;
  if (/^\d+$/.test(value)) return Number(value) * 1e3;
  let stamp = / GMT$/.test(value) ? value : `${value} GMT`, date = /^[A-Z][a-z]{2},? /.test(value) ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}
function backOffMs(attempt, random, { baseMs, maxMs } = USUAL) {
  return Math.round(random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));
}
async function retrying(describe, { policy, clock, log, trace, sendOnce: sendOnce2, random = Math.random }) {
  for (let number = 1; ; number += 1) {
    let request = await describe(), began = clock.now(), timeLeft = policy.deadline - began;
    if (timeLeft <= 0) throw new TransportError("timed-out", "the time for the whole step was used up", !0);
    let { maxAttempts, requestTimeoutMs } = request.isOptional ? { ...policy, ...OPTIONAL } : policy, limitMs = Math.min(requestTimeoutMs, policy.requestTimeoutMs, timeLeft), outcome = await settle(() => sendOnce2(request, limitMs));
    trace?.({ request, outcome, number, milliseconds: clock.now() - began });
    let reason = reasonToRepeat(outcome, request);
    if (reason === void 0 || number >= maxAttempts) return conclude(outcome, number);
    let askedMs = waitAskedFor(outcome, clock.now()), delay = delayMs(outcome, number, askedMs, random);
    if (clock.now() + delay >= policy.deadline) return conclude(outcome, number, whyNoMore(askedMs));
    let next = `try ${number + 1} of ${policy.maxAttempts}`;
    log(`${request.label}: ${reason}; trying again in ${(delay / 1e3).toFixed(1)} s (${next})`), await clock.sleep(delay);
  }
}
function waitAskedFor({ response }, now) {
  let header = response?.headers["retry-after"];
  return parseRetryAfter(typeof header == "string" ? header : void 0, now) ?? 0;
}
function delayMs({ response }, attempt, askedMs, random) {
  return response?.status === 429 ? askedMs + backOffMs(attempt, random, RATE_LIMITED) : Math.max(askedMs, backOffMs(attempt, random));
}
function whyNoMore(askedMs) {
  return askedMs > 0 ? `the server asks to wait ${Math.ceil(askedMs / 1e3)} s` : "no time was left for another";
}
async function settle(send) {
  try {
    return { response: await send() };
  } catch (error) {
    if (error instanceof TransportError) return { error };
    throw error;
  }
}
function reasonToRepeat({ response, error }, request) {
  return error !== void 0 ? TRANSIENT.includes(error.fault) ? error.message : void 0 : isRetryableStatus(response.status) ? `status ${response.status}` : request.transient?.(response);
}
function conclude(outcome, tries, whyNoMore2) {
  let made = `${tries} ${tries === 1 ? "try" : "tries"}${whyNoMore2 === void 0 ? "" : `, ${whyNoMore2}`}`;
  if (outcome.response !== void 0) return { ...outcome.response, tries: made };
  let { fault, message } = outcome.error;
  throw new TransportError(fault, `${message} (${made})`, whyNoMore2 !== void 0);
}

// src/node/http.ts
import https from "node:https";
import tls from "node:tls";
var MAX_BODY_BYTES = 1024 * 1024, warm = /* @__PURE__ */ new Map();
function createHttp({ policy, clock, log, trace, proxyFor: proxyFor2 }) {
  return {
    // Not through a proxy: it is asked for each host by itself, and may want to be asked only once.
    preconnect: (url) => proxyFor2(url) ?? openAhead(url),
    send: (describe) => retrying(describe, {
      policy,
      clock,
      log,
      trace,
      sendOnce: (request, timeoutMs) => sendOnce(request, timeoutMs, proxyFor2(request.url))
    })
  };
}
function openAhead(url) {
  if (url.protocol !== "https:") return;
  let socket = secure(url);
  warm.set(url.origin, socket);
  let forget = () => warm.delete(url.origin);
  socket.once("error", forget).once("close", forget), socket.unref();
}
function secure(url, tunnel) {
  let host = url.hostname.replace(/^\[|\]$/g, ""), servername = /^[\d.]+$|:/.test(host) ? void 0 : host, way = tunnel === void 0 ? { host, port: Number(url.port || 443) } : { socket: tunnel };
  return tls.connect({ ...way, host, ALPNProtocols: ["http/1.1"], ...servername && { servername } });
}
function agentFor(socket) {
  return socket === void 0 ? !1 : Object.assign(new https.Agent(), { createConnection: () => socket.ref() });
}
function takeWarm({ origin }) {
  let socket = warm.get(origin);
  return warm.delete(origin), socket;
}
async function sendOnce(request, timeoutMs, proxy) {
  let { url } = request, limit = new AbortController(), timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    let tunnel = proxy && await openTunnel(proxy, url, limit.signal);
    return await exchange(request, tunnel ? secure(url, tunnel) : takeWarm(url), limit.signal);
  } catch (error) {
    let failure = toTransportError2(error, url, limit.signal.aborted ? timeoutMs : void 0);
    throw proxy === void 0 || failure.fault.startsWith("proxy-") ? failure : new TransportError(failure.fault, `${failure.message}, by way of the proxy ${proxy.url.host}`);
  } finally {
    clearTimeout(timer);
  }
}
function exchange({ url, method, body, ...request }, socket, signal) {
  let headers = { "user-agent": "oci-wif-action", ...request.headers };
  return new Promise((resolve, reject) => {
    let { request: open } = url.protocol === "http:" ? process.getBuiltinModule("node:http") : https, outgoing = open(url, { method, headers, agent: agentFor(socket), signal }), giveUp = (error) => {
      outgoing.destroy(), reject(error);
    };
    outgoing.on("error", giveUp), outgoing.once("response", (incoming) => {
      let { statusCode: status = 0, headers: headers2 } = incoming;
      readBody(incoming).then((text) => resolve({ status, headers: headers2, text }), giveUp);
    }), outgoing.end(body);
  });
}
async function readBody(incoming) {
  if ((incoming.headers["content-encoding"] ?? "identity") !== "identity")
    throw new TransportError("unusable", "the answer is compressed although that was not asked for");
  let chunks = [], size = 0;
  for await (let chunk of incoming) {
    if (size += chunk.length, size > MAX_BODY_BYTES)
      throw new TransportError("unusable", `the answer is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
function toTransportError2(error, { host }, timeoutMs) {
  if (error instanceof TransportError) return error;
  let { code = "unknown", message } = error;
  if (timeoutMs !== void 0)
    return new TransportError("timed-out", `no complete answer from ${host} within ${timeoutMs / 1e3} s`);
  if (isUntrusted(code)) {
    let what = `the TLS certificate of ${host} was not accepted (${code}: ${message})`;
    return new TransportError("untrusted", what);
  }
  return new TransportError("unreachable", `the connection to ${host} failed (${code})`);
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

// src/node/trace.ts
var REQUEST_ID_HEADERS = ["x-github-request-id", "opc-request-id", "x-oracle-dms-ecid", "x-amzn-requestid"];
function traceTo(debug) {
  return (call) => debug(lineOf(call));
}
function lineOf({ request, outcome, number, milliseconds }) {
  let { method, url } = request, { response, error } = outcome, requestId = response && requestIdFrom(response, ...REQUEST_ID_HEADERS), what = error?.fault ?? response?.status;
  return `${method} ${url.host} ${url.pathname}: ${what} in ${milliseconds} ms, try ${number}, request id ${requestId ?? "(none)"}`;
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

// src/aws/sts-endpoint.ts
var DNS_SUFFIX = {
  "aws-cn": "amazonaws.com.cn",
  "aws-eusc": "amazonaws.eu"
};
function stsEndpoint({ region: region3, role, endpoint: endpoint2 }) {
  return endpoint2 ?? new URL(`https://sts.${region3}.${DNS_SUFFIX[role.partition] ?? "amazonaws.com"}`);
}

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

// src/aws/web-identity.ts
var SHARED_ISSUER = "https://identity.oraclecloud.com/";
function readWebIdentity(token, { domainUrl: domainUrl2, audience, now }) {
  let claims = decodeAccessToken(token), issuer = issuerOf(claims, domainUrl2);
  assertAudience(claims, audience);
  let subject = currentSubject(claims, now);
  return { token, issuer, audience, subject, expiresAt: (claims.exp ?? 0) * 1e3, keyId: claims.kid };
}
function issuerOf({ iss }, { origin }) {
  if (iss === origin) return iss;
  let why = iss === SHARED_ISSUER ? ", the default that all tenancies share" : "";
  throw new ActionError(
    "AWS_ISSUER_UNUSABLE",
    `The token's issuer is ${shown(iss)}${why}; AWS needs ${origin}.`
  );
}
function assertAudience({ aud, azp }, audience) {
  let audiences = Array.isArray(aud) ? aud : [aud];
  if (audiences.length !== 1 || audiences[0] !== audience) {
    let what = `The token's audience is ${shown(aud)}; \`aws-audience\` says ${shown(audience)}.`;
    throw new ActionError("AWS_AUDIENCE_MISMATCH", what);
  }
  if (azp !== void 0 && azp !== audience) {
    let what = `The token names ${shown(azp)} as authorized party (\`azp\`), which AWS takes for the audience.`;
    throw new ActionError("AWS_AUDIENCE_MISMATCH", what);
  }
}
function currentSubject({ sub, exp }, now) {
  if (typeof sub != "string" || !isPrintable(sub) || !isTime(exp))
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The domain's access token lacks `sub` or `exp`.");
  if (exp * 1e3 <= now)
    throw new ActionError("AWS_TOKEN_EXPIRED", "The domain's access token has expired already.");
  return sub;
}
function decodeAccessToken(token) {
  try {
    return { ...decodeJwt(token.reveal()), kid: decodeProtectedHeader(token.reveal()).kid };
  } catch {
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The domain's access token is no JWT.");
  }
}
function shown(value) {
  return value === void 0 ? "(none)" : quote(JSON.stringify(value), []);
}
async function checkPublishedKeys(http, { issuer, keyId }) {
  try {
    let discovery = await fetchPublic(
      http,
      new URL(`${issuer}/.well-known/openid-configuration`),
      "discovery document"
    );
    if (discovery.issuer !== issuer) {
      let what = `The discovery document names issuer ${shown(discovery.issuer)}; AWS needs exactly ${issuer}.`;
      throw new ActionError("AWS_ISSUER_UNUSABLE", what);
    }
    let { ids, address } = await fetchSigningKeys(http, discovery);
    if (ids.length > 0 && (keyId === void 0 || ids.includes(keyId))) return;
    throw new ActionError(
      "AWS_SIGNING_KEYS_HIDDEN",
      `The key ${shown(keyId)} is not among those at ${quote(address, [])}.`
    );
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return `Whether AWS can read the domain's keys could not be tried from here: ${error.message}.`;
  }
}
async function fetchSigningKeys(http, discovery) {
  let address = discovery.jwks_uri;
  if (typeof address != "string" || !/^https?:/.test(address) || !URL.canParse(address))
    throw new ActionError(
      "AWS_SIGNING_KEYS_HIDDEN",
      "The discovery document does not say where the signing keys are."
    );
  let { keys } = await fetchPublic(http, new URL(address), "signing keys");
  return { ids: Array.isArray(keys) ? keys.map((key) => key?.kid) : [], address };
}
async function fetchPublic(http, url, what) {
  let headers = { accept: "application/json" }, { status, text } = await http.send(() => ({
    method: "GET",
    url,
    headers,
    label: `the domain's ${what}`,
    isOptional: !0
  })), answer = status === 200 ? parseObject(text) : void 0;
  if (answer !== void 0) return answer;
  if (status === 403 || isRetryableStatus(status))
    throw new TransportError("unusable", `${url.href} answered ${status}`);
  let got = status === 200 ? "something that is no JSON object" : `status ${status}`;
  throw new ActionError("AWS_SIGNING_KEYS_HIDDEN", `Without credentials, ${url.href} gives ${got}.`);
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

// src/oci/domain-errors.ts
var DOMAIN_CODES = {
  unreachable: "OCI_DOMAIN_UNREACHABLE",
  "timed-out": "OCI_DOMAIN_UNREACHABLE",
  unusable: "OCI_RESPONSE_MALFORMED"
};
function assertNotPassing({ status, tries = "1 try" }, details) {
  if (!isRetryableStatus(status)) return;
  let code = status === 429 ? "OCI_RATE_LIMITED" : "OCI_DOMAIN_UNREACHABLE";
  throw new ActionError(code, `The domain answered ${status} (${tries}).`, details);
}

// src/oci/token-endpoint.ts
async function askTokenEndpoint(http, describe, explain2) {
  let latest;
  try {
    let response = await http.send(async () => (latest = await describe(), toHttpRequest(latest)));
    return await processTokenResponse(response, latest, explain2);
  } catch (error) {
    throw error instanceof TransportError ? explainTransport(error, `Asking for ${latest?.label ?? "a token"}`, DOMAIN_CODES) : error;
  }
}
function toHttpRequest({ domainUrl: domainUrl2, credentials, form, label }) {
  let body = new URLSearchParams(form).toString();
  return {
    method: "POST",
    url: new URL("/oauth2/v1/token", domainUrl2),
    headers: {
      accept: "application/json",
      authorization: `Basic ${credentials.basic.reveal()}`,
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(Buffer.byteLength(body))
    },
    body,
    label
  };
}
async function processTokenResponse(response, sent, explain2) {
  let { status, text } = response, requestId = requestIdFrom(response, "opc-request-id", "x-oracle-dms-ecid"), details = { status, requestId }, members = parseObject(text);
  if (assertNotPassing(response, details), status !== 200 && status < 400) {
    let what = status >= 300 ? `a redirect (${status}), which is never followed` : `status ${status}`;
    throw new ActionError("OCI_RESPONSE_MALFORMED", `The domain answered with ${what}.`, details);
  }
  if (members === void 0 || status === 404) {
    let what = status === 404 ? "There is no token endpoint at this address (404)." : `The domain answered ${status} with something that is no JSON object.`;
    throw new ActionError("OCI_RESPONSE_MALFORMED", what, details);
  }
  if (status >= 400) throw await explain2(toRefusal(members, details, sent));
  return { members, ...details, serverTime: serverTimeOf(response) };
}
function toRefusal(members, details, sent) {
  let error = toText(members.error ?? ""), description = toText(members.error_description ?? members.detail ?? ""), secrets = sent ? [...sent.secrets, sent.credentials.clientSecret, sent.credentials.basic] : [], said = quote([error, description].filter((part) => part !== "").join(": "), secrets);
  return { error, description, said: said || "no reason given", ...details };
}

// src/oci/access-token.ts
async function requestAccessToken(http, request) {
  let { domainUrl: domainUrl2, credentials, scope: scope2 } = request, form = { grant_type: "client_credentials", scope: scope2 }, label = "the access token for AWS", { members, status, requestId } = await askTokenEndpoint(
    http,
    async () => ({ domainUrl: domainUrl2, credentials, form, secrets: [], label }),
    (refusal2) => explain(refusal2, scope2)
  ), token = members.access_token;
  if (typeof token == "string" && token.split(".").length === 3) return new Secret(token);
  let what = "The domain answered with JSON without an access token in the form of a JWT.";
  throw new ActionError("OCI_RESPONSE_MALFORMED", what, { status, requestId });
}
function explain({ error, said, status, requestId }, scope2) {
  let codes = /* @__PURE__ */ new Map([
    ["invalid_client", "OCI_CLIENT_REJECTED"],
    ["invalid_scope", "OCI_SCOPE_REFUSED"]
  ]), what = `The domain refused an access token for scope ${JSON.stringify(scope2)} (${status}): ${said}.`;
  return new ActionError(codes.get(error) ?? "OCI_ACCESS_TOKEN_REFUSED", what, { status, requestId });
}

// src/oci/session-token.ts
var TENANCY_OCID = /^ocid1\.tenancy\.[a-z0-9.-]{1,200}$/, OCID = /^ocid1\.[a-z0-9._-]{1,250}$/i;
function parseSessionToken(token, expected) {
  let claims = parseSessionTokenClaims(token, expected);
  assertCurrent(claims, expected), assertTenancy(claims, expected), assertBindsKey(claims, expected);
  let { payload: _payload, ...upst } = claims;
  return { token, ...upst };
}
function parseSessionTokenClaims(token, { kind, requestId }) {
  let payload = decode2(token, requestId), { exp, jti } = payload, principal = principalIn(payload, kind);
  if (!isTime(exp) || principal === void 0)
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The session token lacks a readable `exp` or `sub`.", {
      requestId
    });
  let tenancy2 = payload.tenant ?? (kind === "resource" ? payload.res_tenant : void 0);
  if (typeof tenancy2 != "string" || !TENANCY_OCID.test(tenancy2))
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The session token does not name its tenancy.", {
      requestId
    });
  let tokenId = typeof jti == "string" && isPrintable(jti) ? jti : void 0;
  return { payload, principal, tenancy: tenancy2, expiresAt: exp * 1e3, tokenId };
}
function principalIn({ sub }, kind) {
  if (typeof sub == "string")
    return kind === "resource" ? quote(sub, []) || void 0 : OCID.test(sub) ? sub : void 0;
}
function assertTenancy({ tenancy: tenancy2 }, expected) {
  if (expected.tenancy === void 0 || expected.tenancy === tenancy2) return;
  let what = `The session is in tenancy ${tenancy2}, not in ${expected.tenancy}.`;
  throw new ActionError("UPST_TENANCY_MISMATCH", what, { requestId: expected.requestId });
}
function assertBindsKey({ payload }, { publicJwk, requestId }) {
  if (bindsKey(payload.jwk, publicJwk)) return;
  let what = "The session token is bound to a key that is not ours.";
  throw new ActionError("UPST_KEY_MISMATCH", what, { requestId });
}
var CLOCK_TOLERANCE_MS = 5 * 6e4;
function assertCurrent({ payload, expiresAt }, { now, serverTime = now, requestId }) {
  let { nbf, iat } = payload, begins = nbf ?? iat, isEarly = isTime(begins) && begins * 1e3 > Math.max(now, serverTime) + CLOCK_TOLERANCE_MS;
  if (expiresAt > now && !isEarly) return;
  let [then, here] = [isEarly ? begins * 1e3 : expiresAt, now].map((time) => new Date(time).toISOString()), what = `The session token ${isEarly ? "is not valid before" : "expired at"} ${then}; it is ${here} here.`;
  throw new ActionError("UPST_EXPIRED", what, { requestId });
}
function decode2(token, requestId) {
  try {
    if (token.reveal().split(".").length !== 3) throw new TypeError("not three parts");
    return decodeJwt(token.reveal());
  } catch {
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The domain gave a session token that is no JWT.", {
      requestId
    });
  }
}
function bindsKey(claim, ours) {
  let jwk = typeof claim == "string" ? parseObject(claim) : claim;
  if (typeof jwk != "object" || jwk === null) return !1;
  let { n, e } = jwk;
  return sameNumber(n, ours.n) && sameNumber(e, ours.e);
}
function sameNumber(theirs, ours) {
  return typeof theirs == "string" && numberHex(theirs) === numberHex(ours);
}
function numberHex(text) {
  return Buffer.from(text, "base64url").toString("hex").replace(/^(00)+/, "");
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

// src/oci/token-exchange.ts
async function exchangeToken(http, describe) {
  let latest, answer = await askTokenEndpoint(
    http,
    async () => {
      let exchange3 = await describe();
      latest = exchange3;
      let { domainUrl: domainUrl2, credentials, subjectToken } = exchange3;
      return {
        domainUrl: domainUrl2,
        credentials,
        secrets: [subjectToken],
        form: toForm(exchange3),
        label: "the session token"
      };
    },
    async (refusal2) => {
      let { explainRefusal } = await import("./diagnosis-exchange-refusal.js");
      return explainRefusal(refusal2, latest);
    }
  ), { requestId, serverTime } = answer;
  return { token: tokenIn(answer), requestId, serverTime };
}
function toForm({ subjectToken, publicKeyBase64, resource }) {
  return {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    ...resource ? ofResource(resource) : { requested_token_type: "urn:oci:token-type:oci-upst" },
    subject_token_type: "jwt",
    // the short name, as the SDKs send it; the RFC's URN is not known to work
    subject_token: subjectToken.reveal(),
    public_key: publicKeyBase64
  };
}
function ofResource({ type, lifetimeSeconds }) {
  return {
    requested_token_type: "urn:oci:token-type:oci-rpst",
    res_type: type,
    ...lifetimeSeconds === void 0 ? {} : { rpst_exp: String(lifetimeSeconds) }
  };
}
function tokenIn({ members, status, requestId }) {
  let token = members.token ?? members.access_token;
  if (typeof token == "string" && token !== "") return new Secret(token);
  throw new ActionError("OCI_RESPONSE_MALFORMED", "The domain answered with JSON without a token.", {
    status,
    requestId
  });
}

// src/github/id-token.ts
var URL_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_URL", TOKEN_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_TOKEN", LABEL = "GitHub's OIDC token", USUAL_LIFETIME_MS = 5 * 6e4, TRANSPORT_CODES = {
  unreachable: "GITHUB_UNREACHABLE",
  "timed-out": "GITHUB_UNREACHABLE",
  unusable: "GITHUB_RESPONSE_MALFORMED"
};
function findIdTokenSource(env) {
  let missing = [URL_VARIABLE, TOKEN_VARIABLE].filter((name) => !env(name));
  if (missing.length > 0) {
    let which = `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not set`;
    throw new ActionError(
      "GITHUB_OIDC_UNAVAILABLE",
      `This job cannot ask GitHub for its identity: ${which}.`
    );
  }
  let address = env(URL_VARIABLE) ?? "";
  if (!URL.canParse(address) || !isConfidential(new URL(address)))
    throw new ActionError("GITHUB_OIDC_UNAVAILABLE", `${URL_VARIABLE} holds no https:// address.`);
  return { url: new URL(address), requestToken: new Secret(env(TOKEN_VARIABLE) ?? "") };
}
async function requestIdToken(http, source, audience, clock) {
  try {
    let response = await http.send(() => idTokenRequest(source, audience));
    if (response.status < 400 || isRetryableStatus(response.status)) return processIdTokenResponse(response);
    let { explainRefusal } = await import("./diagnosis-id-token-refusal.js");
    throw explainRefusal(response, source.requestToken, clock.now());
  } catch (error) {
    throw error instanceof TransportError ? explainTransport(error, `Asking for ${LABEL}`, TRANSPORT_CODES) : error;
  }
}
function idTokenRequest({ url, requestToken }, audience) {
  let withAudience = new URL(url);
  return withAudience.searchParams.set("audience", audience), {
    method: "GET",
    url: withAudience,
    headers: { accept: "application/json", authorization: `Bearer ${requestToken.reveal()}` },
    label: LABEL,
    transient: isJobNotYetRunning
  };
}
function isJobNotYetRunning({ status, text }) {
  return status === 403 && /'(Pending|Delayed)' state/.test(text) ? "the job is not yet known to run" : void 0;
}
function processIdTokenResponse(response) {
  let { status, text, tries = "1 try" } = response, requestId = requestIdFrom(response, "x-github-request-id");
  if (isRetryableStatus(status))
    throw new ActionError("GITHUB_UNREACHABLE", `GitHub's OIDC service answered ${status} (${tries}).`, {
      status,
      requestId
    });
  let jwt = status === 200 ? parseObject(text)?.value : void 0;
  if (typeof jwt != "string" || jwt.split(".").length !== 3) {
    let what = status === 200 ? "an answer without a token" : `status ${status}`;
    throw new ActionError("GITHUB_RESPONSE_MALFORMED", `GitHub's OIDC service gave ${what}.`, {
      status,
      requestId
    });
  }
  return new Secret(jwt);
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
      "GitHub's OIDC service gave a token that cannot be read."
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

// src/login/oci-session.ts
var MINUTE_MS = 6e4, SHORT_SESSION_MS = 15 * MINUTE_MS;
async function openOciSession(parts, domainUrl2, credentials, config) {
  let { runner, http, clock } = parts, source = findIdTokenSource(runner.env);
  http.preconnect(domainUrl2);
  let [first, keyPair] = await Promise.all([askForIdToken(parts, source, config), parts.keyPair]);
  runner.mask(keyPair.privateKeyPem);
  let exchange3 = { source, first, keyPair, config, domainUrl: domainUrl2, credentials }, { upst, requestId, serverTime, idToken } = await obtainSession(parts, exchange3), now = clock.now(), advice = [await adviseOnLife(config, upst, now, serverTime), adviseOnClock(now, serverTime)];
  for (let text of advice) text !== void 0 && runner.warning(text);
  return { upst, keyPair, requestId, idToken };
}
async function obtainSession(parts, given) {
  let { config, keyPair } = given, { token, requestId, serverTime, idToken } = await exchange2(parts, given), { publicJwk } = keyPair, { tenancy: tenancy2 } = config, expected = {
    kind: kindOf(config),
    now: parts.clock.now(),
    serverTime,
    publicJwk,
    tenancy: tenancy2,
    requestId
  };
  return { upst: parseSessionToken(token, expected), requestId, serverTime, idToken };
}
async function exchange2(parts, { source, first, keyPair, config, domainUrl: domainUrl2, credentials }) {
  let { runner, http, clock } = parts, idToken = first, exchanged = await exchangeToken(http, async () => {
    idToken.expiresAt - clock.now() < MINUTE_MS && (idToken = await askForIdToken(parts, source, config));
    let { jwt: subjectToken, claims, expiresAt } = idToken, { trustRules: trustRules2, resource } = config, { publicKeyBase64 } = keyPair;
    return { domainUrl: domainUrl2, credentials, subjectToken, claims, expiresAt, trustRules: trustRules2, resource, publicKeyBase64 };
  });
  return runner.mask(exchanged.token), { ...exchanged, idToken };
}
async function askForIdToken({ runner, http, clock }, source, { audience }) {
  let jwt = await requestIdToken(http, source, audience, clock);
  return runner.mask(jwt), readIdToken(jwt);
}
function kindOf({ resource }) {
  return resource === void 0 ? "user" : "resource";
}
async function adviseOnLife({ resource }, upst, now, serverTime = now) {
  let asked = resource?.lifetimeSeconds;
  if (asked === void 0) return adviseOnLifetime(now, upst);
  let { adviseOnGrantedLife } = await import("./oci-rpst.js");
  return adviseOnGrantedLife(asked, upst, serverTime);
}
function adviseOnLifetime(now, { expiresAt }) {
  let left = expiresAt - now;
  if (!(left >= SHORT_SESSION_MS))
    return `The session ends in ${Math.round(left / MINUTE_MS)} min, at ${new Date(expiresAt).toISOString()}.`;
}
function adviseOnClock(now, serverTime) {
  let skew = serverTime === void 0 ? 0 : now - serverTime;
  if (Math.abs(skew) <= MINUTE_MS) return;
  let direction = skew > 0 ? "ahead of" : "behind";
  return `This machine's clock is ${Math.round(Math.abs(skew) / 1e3)} s ${direction} the domain's; OCI refuses calls that are 5 min off.`;
}

// src/login/aws-session.ts
async function prepareRole(parts, domainUrl2, config) {
  let { runner, http, clock } = parts;
  http.preconnect(stsEndpoint({ ...config, endpoint: config.stsEndpoint }));
  let [{ assumeRole }, identity] = await Promise.all([
    import("./aws-assume-role.js"),
    (async () => {
      let { client: credentials, scope: scope2, audience } = config, token = await requestAccessToken(http, { domainUrl: domainUrl2, credentials, scope: scope2 });
      runner.mask(token);
      let read = readWebIdentity(token, { domainUrl: domainUrl2, audience, now: clock.now() }), warning = await checkPublishedKeys(http, read);
      return warning !== void 0 && runner.warning(warning), read;
    })()
  ]);
  return { identity, assume: assumeRole };
}
async function openAwsSession({ runner, http, clock }, config, { identity, assume }) {
  let sessionName = config.roleSessionName ?? sessionNameOf(runner.env), request = { ...config, sessionName, endpoint: config.stsEndpoint }, credentials = await assume(http, request, identity, clock.now());
  for (let secret of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken])
    runner.mask(secret);
  return { credentials, identity, sessionName };
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
  let policy = { maxAttempts, requestTimeoutMs, deadline: systemClock.now() + timeoutMs }, trace = githubRunner.isDebug() ? traceTo(githubRunner.debug) : void 0;
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
  awsFiles,
  awsPlace,
  renderAwsSection,
  stsEndpoint,
  issuerOf,
  assertAudience,
  currentSubject,
  decodeAccessToken,
  checkPublishedKeys,
  fetchSigningKeys,
  readConfig,
  readPartialConfig,
  invalidInputsError,
  configWarnings,
  DOMAIN_CODES,
  assertNotPassing,
  requestAccessToken,
  parseSessionTokenClaims,
  assertTenancy,
  assertBindsKey,
  CLOCK_TOLERANCE_MS,
  assertCurrent,
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
  exchange2 as exchange,
  askForIdToken,
  kindOf,
  adviseOnLife,
  adviseOnClock,
  prepareRole,
  openAwsSession,
  findIdTokenSource,
  expiryOf,
  readMaskedInput,
  httpFor,
  proxyFor,
  refresher
};
