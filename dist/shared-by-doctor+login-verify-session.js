import {
  CLOCK_TOLERANCE_MS
} from "./shared-by-doctor+run-login.js";
import {
  ActionError,
  TransportError,
  explainTransport
} from "./shared-by-doctor+post+run-login.js";
import {
  isPrintable,
  isRetryableStatus,
  parseObject,
  quote,
  requestIdFrom,
  serverTimeOf,
  toText
} from "./shared-by-doctor+post+refresher+run-login.js";

// src/oci/realms.ts
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
function realmOf(ocid) {
  return ocid.split(".")[2] ?? "";
}
function domainOfRealm(realm) {
  return DOMAINS.get(realm);
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
var TRANSPORT_CODES = {
  unreachable: "OCI_SERVICE_UNREACHABLE",
  "timed-out": "OCI_SERVICE_UNREACHABLE",
  unusable: "OCI_SERVICE_RESPONSE_MALFORMED"
};
function objectStorageOf(region, tenancy) {
  let realm = realmOf(tenancy), domain = domainOfRealm(realm);
  if (domain !== void 0) return new URL(`https://objectstorage.${region}.${domain}`);
  let what = `The tenancy is in realm ${JSON.stringify(realm)}, whose hosts are not known here.`;
  throw new ActionError("OCI_REALM_UNKNOWN", what);
}
async function verifySession({ http, clock }, endpoint, proof) {
  let url = new URL("/n/", endpoint);
  try {
    let response = await http.send(() => {
      let headers = signRequest({ method: "GET", url }, proof, clock.now());
      return { method: "GET", url, headers, label: "the call that verifies the session", transient: notAuthorized };
    });
    return processVerifyResponse(response, { url, proof, now: clock.now() });
  } catch (error) {
    throw error instanceof TransportError ? explainTransport(error, "Verifying the session", TRANSPORT_CODES) : error;
  }
}
function notAuthorized({ status, text }) {
  if (status !== 403 && status !== 404) return;
  let code = toText(parseObject(text)?.code);
  return /^NotAuthorized(OrNotFound)?$/.test(code) ? `${status} ${code}` : void 0;
}
function processVerifyResponse(response, asked) {
  let { status, text, tries = "1 try" } = response, requestId = requestIdFrom(response, "opc-request-id"), details = { status, requestId }, { host } = asked.url;
  if (status === 200) {
    let namespace = parseText(text);
    if (isPrintable(namespace)) return { namespace, requestId };
    let what2 = `${host} answered with something that is no namespace.`;
    throw new ActionError("OCI_SERVICE_RESPONSE_MALFORMED", what2, details);
  }
  if (isRetryableStatus(status))
    throw new ActionError("OCI_SERVICE_UNREACHABLE", `${host} answered ${status} (${tries}).`, details);
  let refusal = parseObject(text);
  if (refusal !== void 0 && status === 401) throw refused(response, refusal, asked, details);
  if (notAuthorized(response) !== void 0) {
    let what2 = `${host} knows the session but does not let it read the namespace: ${said(refusal, asked)} (${status}, ${tries}).`;
    throw new ActionError("OCI_NOT_AUTHORIZED", what2, details);
  }
  let what = status >= 300 && status < 400 ? `a redirect (${status}), which is never followed` : `${status}`, rest = refusal === void 0 ? "" : `: ${said(refusal, asked)}`;
  throw new ActionError("OCI_SERVICE_RESPONSE_MALFORMED", `${host} answered with ${what}${rest}.`, details);
}
function refused(response, refusal, asked, details) {
  let { host } = asked.url, skew = asked.now - (serverTimeOf(response) ?? asked.now);
  if (Math.abs(skew) > CLOCK_TOLERANCE_MS) {
    let seconds = Math.round(Math.abs(skew) / 1e3), what2 = `${host} refused the session (401), and this machine's clock is ${seconds} s ${skew > 0 ? "ahead of" : "behind"} its own; 300 s are allowed.`;
    return new ActionError("OCI_CLOCK_SKEWED", what2, details);
  }
  let what = `${host} refused the session (401): ${said(refusal, asked)}.`;
  return new ActionError("OCI_SESSION_REFUSED", what, details);
}
function said(refusal, { proof }) {
  let parts = [refusal?.code, refusal?.message].filter((part) => part !== void 0).map(toText);
  return quote(parts.join(": "), [proof.token]) || "no reason given";
}
function parseText(text) {
  try {
    let value = JSON.parse(text);
    return typeof value == "string" ? value : void 0;
  } catch {
    return;
  }
}

export {
  objectStorageOf,
  verifySession
};
