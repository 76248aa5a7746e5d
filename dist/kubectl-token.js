// src/node/plug-in.ts
import fs from "node:fs";
function now() {
  return Date.now();
}
function readSessionFile(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    let { code = "unknown" } = error, isGone = code === "ENOENT" || code === "ENOTDIR";
    throw new Error(
      isGone ? `The session is gone: ${file} does not exist. The clean-up or another login removed it. Log in again.` : `${file} cannot be read (${code}). Run this step as the user of the login.`
    );
  }
}
function print(text) {
  process.stdout.write(text);
}
function fail(error) {
  let text = error instanceof Error ? error.message : "unexpected failure";
  process.stderr.write(`oci-wif-action: ${text.replace(/(##\w*)\[/g, "$1 [")}
`), process.exitCode = 1;
}

// src/secret.ts
var REDACTED = "[redacted]";
var Secret = class {
  #value;
  constructor(value) {
    this.#value = value;
  }
  reveal() {
    return this.#value;
  }
  toString() {
    return REDACTED;
  }
  toJSON() {
    return REDACTED;
  }
  /** For `util.inspect`, which `console.log` uses. */
  [/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")]() {
    return REDACTED;
  }
};

// src/response.ts
var MAX_DEPTH = 32;
function parseJson(text) {
  try {
    let value = JSON.parse(text);
    return isShallow(value) ? value : void 0;
  } catch {
    return;
  }
}
function isShallow(value, depth = MAX_DEPTH) {
  return typeof value != "object" || value === null ? !0 : depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}
function parseObject(text) {
  let value = parseJson(text);
  if (!(typeof value != "object" || value === null || Array.isArray(value)))
    return value;
}
function isTime(value) {
  return typeof value == "number" && Math.abs(value) <= 864e10;
}

// src/oci/claims.ts
function claimsOf(token) {
  let [, payload = ""] = token.reveal().split(".");
  return parseObject(Buffer.from(payload, "base64url").toString("utf8")) ?? {};
}

// src/oci/request-signature.ts
import { createHash, sign } from "node:crypto";
var CLOCK_TOLERANCE_MS = 5 * 6e4;
function sessionKey({ token, privateKeyPem }) {
  return { keyId: new Secret(`ST$${token.reveal()}`), privateKeyPem };
}
function signRequest(request, key, now2) {
  let { method, url, headers } = request, covered = { host: url.host, ...bodyHeaders(request) }, date = new Date(now2).toUTCString(), signed2 = Object.entries({
    date,
    "(request-target)": `${method.toLowerCase()} ${url.pathname}${url.search}`,
    ...covered
  }), text = signed2.map(([name, value]) => `${name}: ${value}`).join(`
`), signature = sign("sha256", Buffer.from(text), key.privateKeyPem.reveal()).toString("base64"), parameters = [
    'version="1"',
    `keyId="${key.keyId.reveal()}"`,
    'algorithm="rsa-sha256"',
    `headers="${signed2.map(([name]) => name).join(" ")}"`,
    `signature="${signature}"`
  ];
  return { ...headers, date, ...covered, authorization: `Signature ${parameters.join(",")}` };
}
function bodyHeaders({ method, headers, body = "" }) {
  return method === "GET" || method === "DELETE" ? {} : {
    "content-length": String(Buffer.byteLength(body)),
    "content-type": headers["content-type"] ?? "application/json",
    "x-content-sha256": createHash("sha256").update(body).digest("base64")
  };
}

// src/oci/cluster-token.ts
var LIFETIME_MS = 4 * 6e4;
function clusterToken(proof, cluster, host, now2) {
  let sessionEnd = endOfSession(proof.token, now2), url = new URL(`https://${host}/cluster_request/${cluster}`), { authorization = "", date = "" } = signed(
    () => signRequest({ method: "GET", url, headers: {} }, sessionKey(proof), now2)
  );
  url.search = new URLSearchParams({ authorization, date }).toString();
  let token = Buffer.from(url.href).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
  return { token: new Secret(token), expiresAt: Math.min(now2 + LIFETIME_MS, sessionEnd) };
}
function signed(sign2) {
  try {
    return sign2();
  } catch {
    throw new Error("The private key of the session cannot be used. Log in again.");
  }
}
function endOfSession(token, now2) {
  let { exp, iat } = claimsOf(token);
  if (!isTime(exp)) throw new Error("The session token cannot be read. Log in again.");
  let iso = (time) => new Date(time).toISOString(), here = `This machine's clock says ${iso(now2)}`;
  if (exp * 1e3 <= now2)
    throw new Error(
      `The session expired at ${iso(exp * 1e3)}. ${here}. Log in again, or set \`refresh: true\` in the login.`
    );
  if (isTime(iat) && iat * 1e3 > now2 + CLOCK_TOLERANCE_MS)
    throw new Error(`The session was issued at ${iso(iat * 1e3)}. ${here}: synchronize it.`);
  return exp * 1e3;
}
function execCredentialOf({ token, expiresAt }) {
  let credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: { token: token.reveal(), expirationTimestamp: new Date(expiresAt).toISOString() } };
  return `${JSON.stringify(credential)}
`;
}

// src/run-kubectl-token.ts
function runKubectlToken(args) {
  let [keyFile = "", tokenFile = "", cluster = "", host = ""] = args;
  try {
    let privateKeyPem = new Secret(readSessionFile(keyFile)), token = new Secret(readSessionFile(tokenFile));
    print(execCredentialOf(clusterToken({ token, privateKeyPem }, cluster, host, now())));
  } catch (error) {
    fail(error);
  }
}

// src/kubectl-token.ts
runKubectlToken(process.argv.slice(2));
