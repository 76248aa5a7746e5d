import {
  TransportError
} from "./shared-14.js";
import {
  headerText,
  isRetryableStatus,
  quote,
  requestIdFrom
} from "./shared-27.js";
import {
  ActionError
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

// src/node/connection.ts
import https from "node:https";
import { isIP } from "node:net";
import { DEFAULT_MIN_VERSION } from "node:tls";
var MAX_ADDRESS_MS = 2500;
function startRequest(url, options, requestTimeoutMs) {
  let autoSelectFamilyAttemptTimeout = Math.min(Math.ceil(requestTimeoutMs / 4), MAX_ADDRESS_MS), allOptions = { ...options, agent: !1, autoSelectFamilyAttemptTimeout, insecureHTTPParser: !1 };
  if (url.protocol === "http:") return process.getBuiltinModule("node:http").request(url, allOptions);
  let host = url.hostname.replace(/^\[|\]$/g, ""), tls = {
    servername: isIP(host) ? "" : host,
    // the default is the `Host` header, which names another host in CONNECT
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: !0,
    minVersion: DEFAULT_MIN_VERSION === "TLSv1.3" ? "TLSv1.3" : "TLSv1.2"
  };
  return https.request(url, { ...allOptions, ...tls });
}
function openTunnel({ url, authorization }, target, requestTimeoutMs, signal) {
  let authority = `${target.hostname}:${target.port || "443"}`, headers = {
    host: authority,
    ...authorization && { "proxy-authorization": authorization.reveal() }
  }, options = { method: "CONNECT", path: authority, headers, signal };
  return new Promise((resolve, reject) => {
    let connect = startRequest(url, options, requestTimeoutMs);
    connect.once("error", (error) => reject(toTransportError(error, url))), connect.once("connect", ({ statusCode: status = 0 }, socket, head) => {
      if (status >= 200 && status < 300)
        return socket.unshift(head), resolve(socket);
      socket.destroy(), reject(refusal(status, url, authority));
    }), connect.end();
  });
}
function refusal(status, { host }, authority) {
  if (status === 407) {
    let text2 = `the proxy ${host} requires credentials, or does not accept those given (407)`;
    return new TransportError("proxy-refused", text2);
  }
  let text = `the proxy ${host} refused CONNECT to ${authority} (${status})`;
  return new TransportError(isRetryableStatus(status) ? "proxy-unreachable" : "proxy-refused", text);
}
function toTransportError(error, { host }) {
  let text = error.code === "ABORT_ERR" ? "did not respond in time" : `could not be used (${error.code})`;
  return certificateFailure(error, `the proxy ${host}`) ?? new TransportError("proxy-unreachable", `the proxy ${host} ${text}`);
}
function certificateFailure({ code = "", message }, peer) {
  if (!/^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|ERR_SSL_)/.test(code)) return;
  let text = `the TLS certificate of ${peer} was not accepted (${code}: ${quote(message, [])})`;
  return new TransportError("untrusted", text);
}

// src/node/retry.ts
var PERMANENT = ["untrusted", "unusable", "proxy-refused"], DEFAULT = { baseMs: 500, maxMs: 2e4 }, RATE_LIMITED = { baseMs: 1e4, maxMs: 6e4 };
function parseRetryAfter(value, now) {
  if (value === void 0) return;
  if (/^\d+$/.test(value)) return Number(value) * 1e3;
  let stamp = / GMT$/.test(value) ? value : `${value} GMT`, date = /^[A-Z][a-z]{2},? /.test(value) ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}
function backOffMs(attempt, random, { baseMs, maxMs } = DEFAULT) {
  return Math.round(random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));
}
async function retry({ policy: { maxAttempts, deadline }, clock, log, random = Math.random }, call, attempt) {
  for (let number = 1; ; number += 1) {
    let outcome = await attempt().catch(toOutcome), response = outcome instanceof TransportError ? void 0 : outcome.response, reason = reasonToRepeat(outcome, call);
    if (reason === void 0 || number >= maxAttempts) return conclude(outcome, number);
    let retryAfterMs = (response && parseRetryAfter(headerText(response, "retry-after"), clock.now())) ?? 0, waitMs = response?.status === 429 ? retryAfterMs + backOffMs(number, random, RATE_LIMITED) : Math.max(retryAfterMs, backOffMs(number, random));
    if (clock.now() + waitMs >= deadline) {
      let seconds = Math.ceil(retryAfterMs / 1e3), why = retryAfterMs > 0 ? `the server requires a wait of ${seconds} s` : "no time is left for another";
      return conclude(outcome, number, why);
    }
    let next = `attempt ${number + 1} of ${maxAttempts}`;
    log(`${call.label}: ${reason}; trying again in ${(waitMs / 1e3).toFixed(1)} s (${next})`), await clock.sleep(waitMs);
  }
}
function toOutcome(error) {
  if (error instanceof TransportError && !error.outOfTime) return error;
  throw error;
}
function reasonToRepeat(outcome, { transientReason, mayRepeat }) {
  let failure = outcome instanceof TransportError ? outcome : outcome.response;
  if (mayRepeat?.(failure) === !1) return;
  if (outcome instanceof TransportError)
    return PERMANENT.includes(outcome.failure) ? void 0 : outcome.message;
  let { response } = outcome;
  return isRetryableStatus(response.status) ? `status ${response.status}` : transientReason?.(response);
}
function conclude(outcome, number, whyStopped) {
  let count = `${number} ${number === 1 ? "attempt" : "attempts"}`, attempts = whyStopped === void 0 ? count : `${count}, ${whyStopped}`;
  if (!(outcome instanceof TransportError))
    return { ...outcome, response: { ...outcome.response, attempts } };
  let { failure, message } = outcome;
  throw new TransportError(failure, `${message} (${attempts})`, whyStopped !== void 0);
}

// src/node/http.ts
var MAX_BODY_BYTES = 1024 * 1024;
function createHttp({ policy, clock, log, trace, proxyFor }) {
  return {
    async send(request, { timeoutMs = policy.requestTimeoutMs, direct } = {}) {
      let began = clock.now(), timeLeft = policy.deadline - began;
      if (timeLeft <= 0) throw new TransportError("timed-out", "the time of the step is used up", !0);
      let limitMs = Math.min(timeoutMs, policy.requestTimeoutMs, timeLeft), route = direct === void 0 ? { proxy: proxyFor(request.url) } : direct, outcome = await sendOnce(request, limitMs, route).catch((error) => error);
      if (trace?.(traceLine(request, outcome, clock.now() - began)), outcome instanceof TransportError) throw outcome;
      return outcome;
    },
    retry: (call, attempt) => retry({ policy, clock, log }, call, attempt)
  };
}
var REQUEST_ID_HEADERS = ["x-github-request-id", "opc-request-id", "x-oracle-dms-ecid", "x-amzn-requestid"];
function traceLine({ method, url }, outcome, milliseconds) {
  let isFailure = outcome instanceof TransportError, what = isFailure ? outcome.failure : outcome.status, requestId = isFailure ? void 0 : requestIdFrom(outcome, ...REQUEST_ID_HEADERS);
  return `${method} ${url.host} ${url.pathname}: ${what} in ${milliseconds} ms, request id ${requestId ?? "(none)"}`;
}
async function sendOnce(request, timeoutMs, { proxy, ca } = {}) {
  let { url } = request, limit = new AbortController(), timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    let tunnel = proxy && await openTunnel(proxy, url, timeoutMs, limit.signal), options = { signal: limit.signal, ...tunnel && { socket: tunnel }, ...ca && { ca } };
    return await exchange(request, options, timeoutMs);
  } catch (error) {
    let { failure, message } = toTransportError2(error, url, limit.signal.aborted ? timeoutMs : void 0), route = proxy && !failure.startsWith("proxy-") ? `, through the proxy ${proxy.url.host}` : "";
    throw new TransportError(failure, `${message}${route}`);
  } finally {
    clearTimeout(timer);
  }
}
function exchange({ url, method, body, ...request }, options, timeoutMs) {
  let headers = { "user-agent": "oci-wif-action", "accept-encoding": "identity", ...request.headers };
  return new Promise((resolve, reject) => {
    let outgoing = startRequest(url, { method, headers, ...options }, timeoutMs), fail = (error) => {
      outgoing.destroy(), reject(error);
    };
    outgoing.on("error", fail), outgoing.once("response", (incoming) => {
      let { statusCode: status = 0, headers: headers2 } = incoming;
      readBody(incoming).then((text) => resolve({ status, headers: headers2, text, host: url.host }), fail);
    }), outgoing.end(body);
  });
}
async function readBody(incoming) {
  let chunks = [], size = 0;
  for await (let chunk of decoded(incoming)) {
    if (size += chunk.length, size > MAX_BODY_BYTES)
      throw new TransportError("unusable", `the response is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
function decoded(incoming) {
  let coding = (incoming.headers["content-encoding"] || "identity").toLowerCase();
  if (coding === "identity" || incoming.headers["content-length"] === "0") return incoming;
  if (!/^((x-)?gzip|deflate|br)$/.test(coding))
    throw new TransportError("unusable", "the response has a content coding that was not requested");
  let { createBrotliDecompress, createUnzip } = process.getBuiltinModule("node:zlib"), decoder = coding === "br" ? createBrotliDecompress() : createUnzip();
  return incoming.once("error", (error) => decoder.destroy(error)), incoming.pipe(decoder);
}
function toTransportError2(error, { host }, timeoutMs) {
  if (error instanceof TransportError) return error;
  if (timeoutMs !== void 0)
    return new TransportError("timed-out", `no complete response from ${host} within ${timeoutMs / 1e3} s`);
  let untrusted = certificateFailure(error, host);
  if (untrusted !== void 0) return untrusted;
  let { code = "unknown" } = error;
  return /^(Z_|ERR__ERROR_)/.test(code) ? new TransportError("unusable", `the response of ${host} cannot be decoded (${code})`) : code === "ENOTFOUND" ? new TransportError("host-not-found", `the host ${host} was not found (${code})`) : code === "EAI_AGAIN" ? new TransportError("lookup-failed", `the name of ${host} could not be resolved (${code})`) : new TransportError("unreachable", `the connection to ${host} failed (${code})`);
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
    throw new ActionError("PROXY_UNREACHABLE", `${name} is not an http:// or https:// address.`);
  let { origin, username, password, pathname, search, hash } = new URL(address);
  if (`${pathname}${search}${hash}`.includes("@")) {
    let text = `${name} has an @ after the host. Percent-encode user name and password.`;
    throw new ActionError("PROXY_UNREACHABLE", text);
  }
  let [user, secret] = [decoded2(username), decoded2(password)];
  if (user === "" && secret === "") return { url: new URL(origin), authorization: void 0 };
  let basic = Buffer.from(`${user}:${secret}`).toString("base64");
  for (let form of [password, secret, basic]) form !== "" && mask(new Secret(form));
  return { url: new URL(origin), authorization: new Secret(`Basic ${basic}`) };
}
function decoded2(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export {
  createHttp,
  proxiesBy
};
