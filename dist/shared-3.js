import {
  ServiceRefusal,
  TransportError
} from "./shared-14.js";
import {
  expandHome,
  homeVariable,
  isFullPath,
  isInside,
  pathsOf,
  startsAtHome
} from "./shared-17.js";
import {
  describeHtmlPage,
  isJwt,
  isRetryableStatus,
  isTime,
  parseObject,
  requestIdFrom
} from "./shared-27.js";
import {
  ActionError,
  titled
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

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
var invalid = "The input to be decoded is not correctly encoded.";
function decode(input) {
  try {
    return decodeBase64(typeof input == "string" ? input : decoder.decode(input), !0);
  } catch (cause) {
    throw new TypeError(invalid, { cause });
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

// src/oci/id-token.ts
var USUAL_LIFETIME_MS = 5 * 6e4;
function parseIdToken(jwt) {
  try {
    let payload = decodeJwt(jwt.reveal()), { exp, iat, aud } = payload;
    if (!isTime(exp)) return;
    let texts = Object.entries(payload).filter(
      (entry) => typeof entry[1] == "string"
    ), claims = { ...Object.fromEntries(texts), ...aud !== void 0 && { aud: String(aud) } }, lifetimeMs = isTime(iat) && iat < exp ? (exp - iat) * 1e3 : USUAL_LIFETIME_MS;
    return { jwt, expiresAt: exp * 1e3, lifetimeMs, claims };
  } catch {
    return;
  }
}
var discoveryAddress = (issuer) => `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;

// src/oci/request-signature.ts
import { createHash, sign } from "node:crypto";
var CLOCK_TOLERANCE_MS = 5 * 6e4;
function sessionKey({ token, privateKeyPem }) {
  return { keyId: new Secret(`ST$${token.reveal()}`), privateKeyPem };
}
function signRequest(request, key, now) {
  let { method, url, headers } = request, covered = { host: url.host, ...bodyHeaders(request) }, date = new Date(now).toUTCString(), signed = Object.entries({
    date,
    "(request-target)": `${method.toLowerCase()} ${url.pathname}${url.search}`,
    ...covered
  }), text = signed.map(([name, value]) => `${name}: ${value}`).join(`
`), signature = sign("sha256", Buffer.from(text), key.privateKeyPem.reveal()).toString("base64"), parameters = [
    'version="1"',
    `keyId="${key.keyId.reveal()}"`,
    'algorithm="rsa-sha256"',
    `headers="${signed.map(([name]) => name).join(" ")}"`,
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
function describeSkew(skewMs) {
  let direction = skewMs > 0 ? "fast" : "slow";
  return `This machine's clock is ${Math.round(Math.abs(skewMs) / 1e3)} s ${direction}; OCI allows 300 s.`;
}

// src/inputs/parsers.ts
var InputError = class extends Error {
}, CONTROL = /[\p{Cc}\u2028\u2029]/u, MAX_QUOTED = 60;
function quoted(raw) {
  let json = JSON.stringify(raw.length > MAX_QUOTED ? `${raw.slice(0, MAX_QUOTED)}…` : raw), escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return json.replace(new RegExp(CONTROL, "gu"), escaped);
}
function invalid2(reason) {
  throw new InputError(reason);
}
function singleLine(raw) {
  return CONTROL.test(raw) ? invalid2("must be a single line without control characters") : raw;
}
function matching(pattern, requirement) {
  return (raw) => pattern.test(raw) ? raw : invalid2(`${requirement}, not ${quoted(raw)}`);
}
var BOOLEAN = /^(true|True|TRUE|false|False|FALSE)$/;
function boolean(raw) {
  return BOOLEAN.test(raw) ? raw.toLowerCase() === "true" : invalid2(`must be true or false, not ${quoted(raw)}`);
}
function refreshMode(raw) {
  return raw === "auto" ? raw : BOOLEAN.test(raw) ? raw.toLowerCase() === "true" ? "always" : "never" : invalid2(`must be auto, true or false, not ${quoted(raw)}`);
}
function integer(least, most) {
  return (raw) => {
    let value = /^\d{1,9}$/.test(raw) ? Number(raw) : Number.NaN;
    return value >= least && value <= most ? value : invalid2(`must be a whole number from ${least} to ${most}, not ${quoted(raw)}`);
  };
}
function oneOf(known) {
  return (raw) => known.find((value) => value === raw) ?? invalid2(`must be ${known.join(" or ")}, not ${quoted(raw)}`);
}
function splitList(raw) {
  return raw.split(/[,\n]/).map((entry) => entry.trim()).filter((entry) => entry !== "");
}
function choices(known) {
  return (raw) => {
    let names = splitList(raw);
    if (names.length === 1 && names[0] === "none") return [];
    let unknown = names.filter((name) => !known.some((value) => value === name));
    return unknown.length > 0 || names.length === 0 ? invalid2(`must be none or a list of ${known.join(", ")}; not ${quoted(unknown.join(", "))}`) : known.filter((value) => names.includes(value));
  };
}
function domainUrl(raw) {
  let url = confidentialUrl(raw, "the identity domain, https://idcs-….identity.oraclecloud.com");
  return /^\/*(oauth2\/v1\/token\/*)?$/.test(url.pathname) ? new URL(url.origin) : invalid2(`must be the identity domain's URL without a path, not ${quoted(raw)}`);
}
function endpoint(raw) {
  let url = confidentialUrl(raw, "the endpoint, https://…");
  return url.pathname === "/" ? new URL(url.origin) : invalid2("must be a URL without a path");
}
function confidentialUrl(raw, what) {
  if (singleLine(raw), raw.includes("@")) return invalid2("must not contain a user name or password");
  if (!/^[a-z]+:\/\/[^/]/i.test(raw) || !URL.canParse(raw))
    return invalid2(`must be the URL of ${what}, not ${quoted(raw)}`);
  if (/[?#]/.test(raw)) return invalid2("must be a URL without query and fragment");
  let url = new URL(raw);
  return isConfidential(url) ? url : invalid2("must begin with https://");
}
function isLoopback({ hostname }) {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
function isConfidential(url) {
  return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url);
}
function clientId(raw) {
  return /^[\x21-\x39\x3b-\x7e]{1,255}$/.test(raw) ? raw : invalid2("must be the client ID of the application, without spaces and colons");
}
function regionName(what) {
  return matching(/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/, `must be ${what}`);
}
var region = regionName("the long name of an OCI region, such as us-ashburn-1"), tenancy = matching(
  /^ocid(1\.tenancy\.[a-z0-9]+\.[a-z0-9-]*\.|v1:tenancy:[a-z0-9]+:[a-z0-9-]+:(\d+:)?)[a-z0-9]{1,100}$/,
  "must be the OCID of a tenancy, ocid1.tenancy.oc1..…"
), DEFAULT_AUDIENCE = "https://cloud.oracle.com", word = matching(/^[\x21-\x7e]{1,255}$/, "must be ASCII text without spaces"), WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
function profileName(raw, { platform = process.platform } = {}) {
  return !/^[A-Za-z0-9._@-]{1,64}$/.test(raw) || raw === "." || raw === ".." ? invalid2(`must have up to 64 letters, digits and . _ - @, not ${quoted(raw)}`) : platform === "win32" && (WINDOWS_DEVICE.test(raw) || raw.endsWith(".")) ? invalid2(`must be a name that Windows allows for a directory, not ${quoted(raw)}`) : raw;
}
var NO_HOME = `needs a home directory, but neither ${homeVariable()} nor the account has an absolute one: set ${homeVariable()}`;
function awsProfile(raw, context) {
  return raw === "DEFAULT" ? invalid2("must not be DEFAULT. For the profile that AWS tools use by default, write default") : context.home === void 0 ? invalid2(NO_HOME) : profileName(raw, context);
}
function configFile(raw, context) {
  let { home, workspace, platform = process.platform } = context;
  if (singleLine(raw), /[/\\]$/.test(raw)) return invalid2(`must be a file, not the directory ${quoted(raw)}`);
  if (home === void 0 && startsAtHome(raw)) return raw;
  let expanded = home === void 0 ? raw : expandHome(raw, home, platform), { canonical = pathsOf(platform).normalize } = context;
  if (!isFullPath(expanded, platform))
    return invalid2(`must be an absolute path or begin with ~/, not ${quoted(raw)}`);
  let file = canonical(expanded);
  return platform === "win32" && file.split("\\").some((name) => WINDOWS_DEVICE.test(name)) ? invalid2(`must not contain a name that Windows reserves for a device: ${quoted(raw)}`) : workspace !== void 0 && writesInto(workspace, file, platform) ? invalid2("must be outside the checkout, where later steps could publish it") : file;
}
function writesInto(checkout, file, platform) {
  let { dirname, join } = pathsOf(platform), sessions = join(dirname(file), "sessions");
  return [file, join(sessions, "_")].some((written) => isInside(written, checkout, platform)) || isInside(checkout, sessions, platform);
}

// src/github/id-token.ts
var URL_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_URL", TOKEN_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
function findTokenService({ env, mask }) {
  let missing = [URL_VARIABLE, TOKEN_VARIABLE].filter((name) => !env(name));
  if (missing.length > 0) throw titled("GITHUB_OIDC_UNAVAILABLE", `Not set: ${missing.join(", ")}.`);
  let address = env(URL_VARIABLE) ?? "";
  if (!URL.canParse(address) || !isConfidential(new URL(address)))
    throw new ActionError("GITHUB_OIDC_UNAVAILABLE", `${URL_VARIABLE} is not an https:// address.`);
  let requestToken = new Secret(env(TOKEN_VARIABLE) ?? "");
  if (mask(requestToken), /[^\x21-\x7e]/.test(requestToken.reveal()))
    throw new ActionError("GITHUB_OIDC_UNAVAILABLE", `${TOKEN_VARIABLE} is not a token.`);
  return { url: new URL(address), requestToken };
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
  /** In the first second of a job the service may not know yet that the job runs, and refuses with 403. */
  transientReason: ({ status, text }) => status === 403 && /'(Pending|Delayed)' state/.test(text) ? "the job is not yet known to run" : void 0
};
function processIdTokenResponse(response) {
  let { status, text, attempts } = response, requestId = requestIdFrom(response, "x-github-request-id"), page = describeHtmlPage(response, "GitHub's OIDC service");
  if (isRetryableStatus(status) || status >= 400 && page === void 0)
    throw new ServiceRefusal("github", { status, requestId, attempts });
  let jwt = status === 200 ? parseObject(text)?.value : void 0;
  if (isJwt(jwt)) return new Secret(jwt);
  let what = status === 200 ? "a response without a token" : `status ${status}`, message = page ?? `GitHub's OIDC service sent ${what}.`;
  throw titled("GITHUB_RESPONSE_MALFORMED", message, { status, requestId });
}
function readIdToken(jwt) {
  let token = parseIdToken(jwt);
  if (token !== void 0) return token;
  throw titled("GITHUB_RESPONSE_MALFORMED", "GitHub's OIDC service sent a token that cannot be read.");
}
function expiryOf(requestToken) {
  try {
    let { exp } = decodeJwt(requestToken.reveal());
    return isTime(exp) ? exp * 1e3 : void 0;
  } catch {
    return;
  }
}

// src/diagnosis/service-failure.ts
var SERVICES = {
  github: ["GitHub's OIDC service", "GITHUB_UNREACHABLE", "GITHUB_RESPONSE_MALFORMED"],
  domain: ["The domain", "OCI_DOMAIN_UNREACHABLE", "OCI_RESPONSE_MALFORMED", "`domain-url`"],
  "object-storage": [
    "Object Storage",
    "OCI_SERVICE_UNREACHABLE",
    "OCI_SERVICE_RESPONSE_MALFORMED",
    "`region`"
  ],
  oke: ["OKE", "OKE_UNREACHABLE", "OKE_RESPONSE_MALFORMED", "`oke-cluster` or `region`"],
  ocir: [
    "The container registry",
    "OCIR_UNREACHABLE",
    "OCIR_RESPONSE_MALFORMED",
    "`ocir-registries` or `region`"
  ],
  instance: [
    "OCI's authentication service",
    "INSTANCE_PRINCIPAL_UNAVAILABLE",
    "INSTANCE_PRINCIPAL_UNAVAILABLE"
  ],
  sts: ["STS", "AWS_UNREACHABLE", "AWS_RESPONSE_MALFORMED", "`aws-region`"]
}, PROXY_PASSWORD = "Put the user name and password of the proxy into HTTPS_PROXY, percent-encoded: http://user:password@host:port.";
function explainTransport(error, service, action, hostInput) {
  if (!(error instanceof TransportError)) return error;
  let [, unreachable, malformed, hostInputs] = SERVICES[service], codes = {
    unusable: malformed,
    untrusted: "TLS_UNTRUSTED",
    "proxy-unreachable": "PROXY_UNREACHABLE",
    "proxy-refused": "PROXY_REFUSED"
  }, { failure, message, outOfTime } = error, code = outOfTime ? "DEADLINE_EXCEEDED" : codes[failure] ?? unreachable, evidence = `${action}: ${message}.`, named = hostInput ? `\`${hostInput}\`` : hostInputs;
  if (failure === "host-not-found" && named)
    return new ActionError(code, evidence, { remedy: `Check ${named}, and DNS or HTTPS_PROXY.` });
  if (code !== "PROXY_REFUSED") return titled(code, evidence);
  let remedy = message.includes("(407)") ? PROXY_PASSWORD : void 0;
  return new ActionError(code, `${message.replace(/^t/, "T")}.`, { remedy });
}
async function explainFailure(error, service, action, explainRefusal, hostInput) {
  return error instanceof ServiceRefusal ? isRetryableStatus(error.status) ? unavailable(error) : explainRefusal(error) : explainTransport(error, service, action, hostInput);
}
function unavailable({ service, status, text, requestId, attempts }) {
  let [name, unreachable] = SERVICES[service], details = `${attempts === void 0 ? "" : ` (${attempts})`}${text && `: ${text}`}`;
  return titled(service === "domain" && status === 429 ? "OCI_RATE_LIMITED" : unreachable, `${name} responded with ${status}${details}.`, { status, requestId });
}
function explainIdTokenRefusal({ status, requestId }, requestToken, now) {
  let text = `GitHub refused the job's OIDC token with status ${status}.`, refused = (hint) => titled("GITHUB_OIDC_REFUSED", `${text}${hint}`, { status, requestId });
  if (status !== 401 && status !== 403) return refused("");
  let expiry = expiryOf(requestToken);
  if (expiry === void 0) return refused(" The expiry of the request token cannot be read from it.");
  let [end, here] = [expiry, now].map((time) => new Date(time).toISOString()), clock = `this machine's clock says ${here}`;
  if (expiry > now)
    return refused(` The request token is valid until ${end}; ${clock}, so its age is not the reason.`);
  let message = `${text} The job's request token expired at ${end}; ${clock}.`;
  return titled("GITHUB_OIDC_EXPIRED", message, { status, requestId, snippets: [SEPARATE_JOB] });
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
function explainAccessTokenRefusal({ code, text, status, requestId }, scope) {
  let message = `The domain refused an access token for scope ${JSON.stringify(scope)} (${status}): ${text || "no reason given"}.`, details = { status, requestId };
  return code === "invalid_client" ? titled("OCI_CLIENT_REJECTED", message, details) : code === "invalid_scope" ? titled("OCI_SCOPE_REFUSED", message, details) : titled("OCI_ACCESS_TOKEN_REFUSED", message, details);
}
function explainNamespaceRefusal(refusal, now) {
  let { status, text, requestId, attempts } = refusal;
  if (status === 401) return explainUnauthenticated(refusal, now);
  let evidence = `${`Object Storage responded with ${status} (${attempts}): ${text || "no reason given"}.`} This call needs no policy, so a missing policy is not the cause.`;
  return titled("OCI_NOT_AUTHORIZED", evidence, { status, requestId });
}
function explainUnauthenticated({ service, status, text, requestId, serverTime = Number.NaN }, now) {
  let [name] = SERVICES[service], skew = now - serverTime;
  if (Math.abs(skew) > CLOCK_TOLERANCE_MS)
    return new ActionError("OCI_CLOCK_SKEWED", describeSkew(skew), { status, requestId });
  let evidence = `${name} refused the session (401): ${text || "no reason given"}.`;
  return titled("OCI_SESSION_REFUSED", evidence, { status, requestId });
}

export {
  InputError,
  CONTROL,
  quoted,
  invalid2 as invalid,
  singleLine,
  matching,
  boolean,
  refreshMode,
  integer,
  oneOf,
  splitList,
  choices,
  domainUrl,
  endpoint,
  isLoopback,
  clientId,
  regionName,
  region,
  tenancy,
  DEFAULT_AUDIENCE,
  word,
  profileName,
  NO_HOME,
  awsProfile,
  configFile,
  decodeProtectedHeader,
  decodeJwt,
  parseIdToken,
  discoveryAddress,
  findTokenService,
  idTokenRequest,
  ID_TOKEN_CALL,
  processIdTokenResponse,
  readIdToken,
  expiryOf,
  CLOCK_TOLERANCE_MS,
  sessionKey,
  signRequest,
  describeSkew,
  explainTransport,
  explainFailure,
  unavailable,
  explainIdTokenRefusal,
  explainAccessTokenRefusal,
  explainNamespaceRefusal,
  explainUnauthenticated
};
