import {
  adviseOnClock
} from "./shared-23.js";
import {
  generateSessionKeyPair
} from "./shared-22.js";
import {
  claimsOf
} from "./shared-21.js";
import {
  explainFailure,
  explainTransport,
  signRequest
} from "./shared-3.js";
import {
  ServiceRefusal,
  TransportError
} from "./shared-13.js";
import {
  describeHtmlPage,
  describeStatus,
  isJwt,
  isPrintable,
  isRetryableStatus,
  parseObject,
  quoteRefusal,
  requestIdFrom,
  serverTimeOf,
  toText
} from "./shared-28.js";
import {
  ActionError
} from "./shared-12.js";
import {
  Secret
} from "./shared-29.js";

// src/oci/instance-principal.ts
import { X509Certificate } from "node:crypto";
var METADATA_URL = "http://169.254.169.254/opc/v2", METADATA = {
  region: "instance/regionInfo",
  certificate: "identity/cert.pem",
  privateKey: "identity/key.pem",
  intermediate: "identity/intermediate.pem"
};
function metadataRequest(base, path) {
  return { method: "GET", url: new URL(`${base.replace(/\/+$/, "")}/${path}`), headers: { authorization: "Bearer Oracle" } };
}
function processRegionResponse(response) {
  let { regionIdentifier, realmDomainComponent } = parseObject(textOf(response)) ?? {}, host = `auth.${regionIdentifier}.${realmDomainComponent}`;
  if (/^auth\.[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) return new URL(`https://${host}`);
  throw unusable(response, "without a region");
}
function processIdentityResponses(responses) {
  let { certificate: leaf, privateKey, intermediate } = responses, [certificate] = certificatesIn(leaf), [, tenancy] = /=opc-(?:tenant|identity):(\S+)$/m.exec(certificate?.subject ?? "") ?? [];
  if (certificate === void 0 || tenancy === void 0)
    throw unusable(leaf, "without a certificate of an instance");
  let intermediates = certificatesIn(intermediate).map(({ raw }) => raw.toString("base64"));
  return { tenancy, certificate, privateKeyPem: new Secret(textOf(privateKey)), intermediates };
}
function certificatesIn(response) {
  let blocks = textOf(response).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((pem) => new X509Certificate(pem));
  } catch {
    throw unusable(response, "with a certificate that cannot be read");
  }
}
function textOf(response) {
  if (response.status !== 200) throw unusable(response, `with ${describeStatus(response.status)}`);
  return response.text;
}
function unusable({ host, status, attempts }, how) {
  let message = `${host ?? "The metadata service"} responded ${how}${attempts ? ` (${attempts})` : ""}.`;
  return new ActionError("INSTANCE_METADATA_UNREACHABLE", message, { status });
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
  let { status, text, attempts } = response, requestId = requestIdFrom(response, "opc-request-id"), members = parseObject(text), token = status === 200 ? members?.token : void 0;
  if (isJwt(token)) return new Secret(token);
  let reason = quoteRefusal(members?.code, members?.message, []), details = { status, text: reason, requestId, attempts, serverTime: serverTimeOf(response) };
  if (isRetryableStatus(status) || status >= 400 && members !== void 0)
    throw new ServiceRefusal("instance", details);
  let message = describeHtmlPage(response, "OCI's authentication service") ?? `OCI's authentication service responded with ${status === 200 ? "JSON without a token" : describeStatus(status)}.`;
  throw new ActionError("INSTANCE_PRINCIPAL_UNAVAILABLE", message, { status, requestId });
}

// src/oci/oke-workload-identity.ts
var ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
function workloadPlace(env) {
  let host = env("KUBERNETES_SERVICE_HOST") ?? "", port = env("KUBERNETES_SERVICE_PORT_PROXYMUX") || "12250", address = `https://${host.includes(":") ? `[${host}]` : host}:${port}/resourcePrincipalSessionTokens`;
  if (!/^[\w.:-]+$/.test(host) || !/^\d+$/.test(port) || !URL.canParse(address))
    throw unavailable("KUBERNETES_SERVICE_HOST is not set, or is no host: this job does not run in a pod");
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
function processWorkloadTokenResponse({ status, text, attempts }) {
  let { token } = parseObject(Buffer.from(text.replaceAll('"', ""), "base64").toString("utf8")) ?? {}, jwt = status === 200 ? toText(token).replace(/^ST\$/, "") : "";
  if (isJwt(jwt)) return new Secret(jwt);
  let basic = status === 403 ? ": only enhanced clusters have workload identities" : "", what = status === 200 ? "something that is no token" : describeStatus(status);
  throw unavailable(`OKE responded with ${what}${basic}${attempts ? ` (${attempts})` : ""}`);
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
    snippets: [isInstance ? instancePolicy(facts) : WORKLOAD_POLICY]
  };
}
async function requestInstanceToken(deps, keyPair) {
  let { http, clock, runner } = deps, service = processRegionResponse(await metadata(deps, METADATA.region, METADATA_MS)), [certificate, privateKey, intermediate] = await Promise.all(
    [METADATA.certificate, METADATA.privateKey, METADATA.intermediate].map(
      (path) => metadata(deps, path, TIMEOUT_MS)
    )
  ), identity = processIdentityResponses({ certificate, privateKey, intermediate });
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
async function metadata({ http, env }, path, timeoutMs) {
  let request = metadataRequest(baseOf(env), path), mayRepeat = (failure) => !(failure instanceof TransportError);
  try {
    let { response } = await http.retry({ label: "the instance's metadata", mayRepeat }, async () => ({
      response: await http.send(request, { timeoutMs, direct: {} })
    }));
    return response;
  } catch (error) {
    throw !(error instanceof TransportError) || error.outOfTime ? explainTransport(error, "instance", "Reading the instance's metadata") : new ActionError(
      "INSTANCE_METADATA_UNREACHABLE",
      `This machine is no OCI instance: ${error.message}.`
    );
  }
}
function baseOf(env) {
  let base = env("OCI_METADATA_BASE_URL") || METADATA_URL;
  if (/^https?:\/\//.test(base) && URL.canParse(base)) return base;
  throw new ActionError(
    "INSTANCE_METADATA_UNREACHABLE",
    "OCI_METADATA_BASE_URL is set, but is no http:// address."
  );
}
function explainRefusal({ status, text, requestId, serverTime }, { tenancy, certificate }, now) {
  let message = `OCI refused to issue a token for this instance (${status}): ${text || "no reason given"}.`, clock = adviseOnClock(now, serverTime), facts = { tenancy, "certificate valid until": certificate.validTo }, whole = clock === void 0 ? message : `${message} ${clock}`;
  return new ActionError("INSTANCE_PRINCIPAL_UNAVAILABLE", whole, { status, requestId, facts });
}
async function requestWorkloadToken(deps, keyPair) {
  let { http, env, runner } = deps, { url, tokenFile, caFile } = workloadPlace(env), [accountToken, ca] = [new Secret(readText(deps, tokenFile).trim()), readText(deps, caFile)];
  runner.mask(accountToken);
  let request = workloadTokenRequest(url, accountToken, await keyPair);
  try {
    let { response } = await http.retry({ label: "the pod's token" }, async () => ({
      response: await http.send(request, { timeoutMs: TIMEOUT_MS, direct: { ca } })
    }));
    return processWorkloadTokenResponse(response);
  } catch (error) {
    throw !(error instanceof TransportError) || error.outOfTime ? explainTransport(error, "instance", "Requesting the pod's token") : unavailable(`OKE sent no token for this pod: ${error.message}`);
  }
}
function readText({ files }, file) {
  let real = files.realPath(file), content = real === void 0 ? void 0 : files.read(real);
  if (content !== void 0) return Buffer.from(content).toString("utf8");
  throw unavailable(`There is no ${file}: this job does not run in a pod with a service account`);
}
var CLAIMS = /^(opc-(instance|compartment|tenant)|res_(type|tenant|id)|namespace|service_account|cluster_id)$/;
function factsOf(token) {
  let shown = Object.entries(claimsOf(token)).filter(
    (claim) => CLAIMS.test(claim[0]) && isPrintable(claim[1])
  );
  return Object.fromEntries(shown);
}
function instancePolicy({
  "opc-compartment": compartment = "<OCID of the compartment>"
}) {
  return {
    title: "A dynamic group and a policy that let the instances of this compartment exchange tokens",
    language: "text",
    text: [
      `Any {instance.compartment.id = '${compartment}'}`,
      "Allow dynamic-group '<domain>'/'<dynamic group>' to {GET_RPST} in tenancy"
    ].join(`
`),
    isFolded: !1
  };
}
var WORKLOAD_POLICY = {
  title: "A policy that should let the pods of this service account exchange tokens",
  language: "text",
  text: [
    "Allow any-user to {GET_RPST} in tenancy where all {request.principal.type = 'workload',",
    "  request.principal.cluster_id = '<OCID of the cluster>', request.principal.namespace = '<namespace>',",
    "  request.principal.service_account = '<service account>'}"
  ].join(`
`),
  isFolded: !1
};

export {
  requestSigner
};
