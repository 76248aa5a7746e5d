import {
  CLOCK_TOLERANCE_MS,
  explainFailure,
  explainTransport,
  parseIdToken,
  signRequest
} from "./shared-3.js";
import {
  TransportError,
  apiRefusal
} from "./shared-14.js";
import {
  generateSessionKeyPair
} from "./shared-23.js";
import "./shared-17.js";
import {
  describeStatus,
  isJwt,
  isRetryableStatus,
  parseObject,
  toText
} from "./shared-27.js";
import {
  ActionError,
  titled
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

// src/oci/instance-principal.ts
import { createPrivateKey, X509Certificate } from "node:crypto";
var METADATA_URL = "http://169.254.169.254/opc/v2", REGION_PATH = "instance/regionInfo", IDENTITY_PATHS = ["cert", "key", "intermediate"].map((name) => `identity/${name}.pem`);
function metadataRequest(base, path) {
  return { method: "GET", url: new URL(`${base.replace(/\/+$/, "")}/${path}`), headers: { authorization: "Bearer Oracle" } };
}
function processRegionResponse(response) {
  let { regionIdentifier: region, realmDomainComponent: domain } = parseObject(textOf(response)) ?? {}, host = `auth.${toText(region)}.${toText(domain)}`;
  if (/^auth\.[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) return new URL(`https://${host}`);
  throw noInstance("the metadata service sent no region");
}
function processIdentityResponses(responses) {
  let [leaf = "", privateKey = "", intermediate = ""] = responses.map(textOf);
  try {
    let [certificate] = certificatesIn(leaf), [, tenancy] = /=opc-(?:tenant|identity):(\S+)$/m.exec(certificate?.subject ?? "") ?? [], intermediates = certificatesIn(intermediate).map(({ raw }) => raw.toString("base64"));
    if (certificate?.checkPrivateKey(createPrivateKey(privateKey)) && tenancy)
      return { tenancy, certificate, privateKeyPem: new Secret(privateKey), intermediates };
  } catch {
  }
  throw noInstance("the metadata service sent no certificate of an instance with its key");
}
function certificatesIn(text) {
  return (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((pem) => new X509Certificate(pem));
}
function textOf({ status, text, host = "a service" }) {
  if (status === 200) return text;
  throw noInstance(`${host} responded with ${describeStatus(status)}`);
}
function noInstance(reason) {
  return new ActionError(
    "INSTANCE_METADATA_UNREACHABLE",
    `This machine seems to be no OCI instance: ${reason}.`
  );
}
function instanceTokenRequest(service, { tenancy, certificate, privateKeyPem, intermediates }, { publicKeyBase64 }, now) {
  let request = {
    method: "POST",
    url: new URL("/v1/x509", service),
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({
      certificate: certificate.raw.toString("base64"),
      publicKey: publicKeyBase64,
      intermediateCertificates: intermediates,
      fingerprintAlgorithm: "SHA256",
      purpose: "DEFAULT"
    })
  }, keyId = new Secret(`${tenancy}/fed-x509-sha256/${certificate.fingerprint256.toLowerCase()}`);
  return { ...request, headers: signRequest(request, { keyId, privateKeyPem }, now) };
}
function processInstanceTokenResponse(response) {
  let { status, text } = response, members = parseObject(text), token = status === 200 ? members?.token : void 0;
  if (isJwt(token)) return new Secret(token);
  let refusal = apiRefusal("instance", response, []);
  if (isRetryableStatus(status) || status >= 400 && members !== void 0) throw refusal;
  let { requestId } = refusal, what = status === 200 ? "something that is no token" : describeStatus(status), message = `${response.host ?? "OCI"} responded with ${what}.`;
  throw new ActionError("INSTANCE_PRINCIPAL_UNAVAILABLE", message, { status, requestId });
}

// src/oci/oke-workload-identity.ts
var ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
function workloadPlace(env) {
  let host = env("KUBERNETES_SERVICE_HOST") ?? "", port = env("KUBERNETES_SERVICE_PORT_PROXYMUX") || "12250", address = `https://${host.includes(":") ? `[${host}]` : host}:${port}/resourcePrincipalSessionTokens`;
  if (host === "" || !URL.canParse(address))
    throw unavailable("KUBERNETES_SERVICE_HOST names no host: this job does not run in a pod");
  return {
    url: new URL(address),
    tokenFile: env("OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH") || `${ACCOUNT}/token`,
    caFile: env("OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH") || `${ACCOUNT}/ca.crt`
  };
}
function workloadTokenRequest(url, accountToken, { publicKeyBase64 }) {
  let headers = { authorization: `Bearer ${accountToken.reveal()}`, "content-type": "application/json" };
  return { method: "POST", url, headers, body: JSON.stringify({ podKey: publicKeyBase64 }) };
}
function processWorkloadTokenResponse({ status, text }) {
  let { token } = parseObject(Buffer.from(text.replaceAll('"', ""), "base64").toString("utf8")) ?? {}, jwt = status === 200 ? toText(token).replace(/^ST\$/, "") : "";
  if (isJwt(jwt)) return new Secret(jwt);
  let basic = status === 403 ? ": only enhanced clusters have workload identities" : "", what = status === 200 ? "something that is no token" : describeStatus(status);
  throw unavailable(`OKE responded with ${what}${basic}`);
}
function unavailable(what) {
  return new ActionError("OKE_WORKLOAD_IDENTITY_UNAVAILABLE", `${what}.`);
}

// src/login/request-signer.ts
var METADATA_MS = 1500, TIMEOUT_MS = 5e3;
async function requestSigner(deps, kind) {
  let { runner } = deps, keyPair = generateSessionKeyPair();
  keyPair.catch(() => {
  });
  let isInstance = kind === "instance-principal", token = await (isInstance ? requestInstanceToken : requestWorkloadToken)(deps, keyPair), { privateKeyPem } = await keyPair;
  for (let secret of [token, privateKeyPem]) runner.mask(secret);
  let facts = factsOf(token);
  return {
    kind,
    token,
    privateKeyPem,
    facts,
    snippets: isInstance ? [instancePolicy(facts)] : []
  };
}
async function requestInstanceToken(deps, keyPair) {
  let { http, clock, runner } = deps, service = processRegionResponse(await metadata(deps, REGION_PATH, METADATA_MS)), parts = IDENTITY_PATHS.map((path) => metadata(deps, path, TIMEOUT_MS)), identity = processIdentityResponses(await Promise.all(parts));
  runner.mask(identity.privateKeyPem);
  let publicKey = await keyPair, action = "Requesting the instance's token";
  try {
    let { response } = await http.retry({ label: "the instance's token" }, async () => {
      let request = instanceTokenRequest(service, identity, publicKey, clock.now());
      return { response: await http.send(request, { timeoutMs: TIMEOUT_MS }) };
    });
    return processInstanceTokenResponse(response);
  } catch (error) {
    throw await explainFailure(
      error,
      "instance",
      action,
      (refusal) => explainRefusal(refusal, identity, clock.now())
    );
  }
}
function metadata(deps, path, timeoutMs) {
  let call = { label: "the instance's metadata", mayRepeat: (failure) => !(failure instanceof TransportError) }, options = { timeoutMs, direct: {} };
  return sendNearby(deps, call, metadataRequest(baseOf(deps.env), path), options, noInstance);
}
async function sendNearby({ http }, call, request, options, explain) {
  try {
    let { response } = await http.retry(call, async () => ({
      response: await http.send(request, options)
    }));
    return response;
  } catch (error) {
    throw !(error instanceof TransportError) || error.outOfTime ? explainTransport(error, "instance", `Requesting ${call.label}`) : explain(error.message);
  }
}
function baseOf(env) {
  let base = env("OCI_METADATA_BASE_URL") || METADATA_URL;
  if (/^https?:\/\//.test(base) && URL.canParse(base)) return base;
  let remedy = `Remove the variable, or set it to an address such as ${METADATA_URL}.`, message = "OCI_METADATA_BASE_URL is no http:// address.";
  throw new ActionError("INSTANCE_METADATA_UNREACHABLE", message, { remedy });
}
function explainRefusal({ status, text, requestId, serverTime }, { tenancy }, now) {
  let message = `OCI refused to issue a token for this instance (${status}): ${text || "no reason given"}.`, skew = Math.abs(now - (serverTime ?? now)), code = status === 401 && skew > CLOCK_TOLERANCE_MS ? "OCI_CLOCK_SKEWED" : "INSTANCE_PRINCIPAL_UNAVAILABLE";
  return titled(code, message, { status, requestId, facts: { tenancy } });
}
async function requestWorkloadToken(deps, keyPair) {
  let { env, runner } = deps, { url, tokenFile, caFile } = workloadPlace(env), [accountJwt, ca] = [readText(deps, tokenFile).trim(), readText(deps, caFile)];
  if (!isJwt(accountJwt)) throw unavailable(`${tokenFile} contains no JWT`);
  if (!ca.includes("BEGIN CERTIFICATE")) throw unavailable(`${caFile} contains no certificate`);
  let accountToken = new Secret(accountJwt);
  runner.mask(accountToken);
  let request = workloadTokenRequest(url, accountToken, await keyPair), response = await sendNearby(
    deps,
    { label: "the pod's token", mayRepeat: (failure) => !(failure instanceof TransportError) || failure.failure !== "timed-out" },
    request,
    { timeoutMs: TIMEOUT_MS, direct: { ca } },
    (reason) => unavailable(`OKE sent no token for this pod: ${reason}`)
  );
  return processWorkloadTokenResponse(response);
}
function readText({ files }, file) {
  let real = files.realPath(file), content = real === void 0 ? void 0 : files.read(real);
  if (content !== void 0) return Buffer.from(content).toString("utf8");
  throw unavailable(`There is no ${file}`);
}
var CLAIMS = /^(opc-(instance|compartment|tenant)|res_tenant|namespace|service_account|cluster_id)$/, NAME = /^[\w.-]{1,255}$/;
function factsOf(token) {
  let claims = Object.entries(parseIdToken(token)?.claims ?? {});
  return Object.fromEntries(claims.filter(([name, value]) => CLAIMS.test(name) && NAME.test(value)));
}
function instancePolicy({
  "opc-compartment": compartment = "<OCID of the compartment>"
}) {
  return {
    title: "A rule of a dynamic group, and a policy, for the instances of this compartment",
    language: "text",
    text: [
      `Any {instance.compartment.id = '${compartment}'}`,
      "Allow dynamic-group '<domain>'/'<dynamic group>' to {GET_RPST} in tenancy"
    ].join(`
`),
    isFolded: !1
  };
}
export {
  requestSigner
};
