import {
  explainFailure,
  explainUnauthenticated,
  sessionKeyId,
  signRequest
} from "./shared-3.js";
import {
  ServiceRefusal
} from "./shared-12.js";
import {
  describeHtmlPage,
  describeStatus,
  isRetryableStatus,
  isTime,
  parseObject,
  quoteRefusal,
  requestIdFrom,
  serverTimeOf
} from "./shared-26.js";
import {
  ActionError
} from "./shared-11.js";
import {
  Secret
} from "./shared-27.js";

// src/oci/registry.ts
var REGISTRY_USER = "BEARER_TOKEN";
function registryTokenRequest(host, proof, now) {
  let request = { method: "GET", url: new URL(`https://${host}/20180419/docker/token`), headers: {} }, key = { keyId: sessionKeyId(proof.token), privateKeyPem: proof.privateKeyPem };
  return { ...request, headers: signRequest(request, key, now) };
}
function processRegistryTokenResponse(response, token, now) {
  let { status, text, attempts } = response, requestId = requestIdFrom(response, "opc-request-id");
  if (isRetryableStatus(status)) throw new ServiceRefusal("ocir", { status, requestId, attempts });
  let body = parseObject(text), value = body?.token ?? body?.access_token;
  if (status === 200 && isPassword(value))
    return { token: new Secret(value), expiresAt: expiryOf(value, body?.expires_in, now), requestId };
  let reason = refusalText(body, token), page = describeHtmlPage(response, "the container registry");
  if (page === void 0 && (status === 401 || status === 403 || status === 404 && body !== void 0)) {
    let details = { status, text: reason, requestId, attempts, serverTime: serverTimeOf(response) };
    throw new ServiceRefusal("ocir", details);
  }
  let what = status === 200 ? "something that is no token" : describeStatus(status), message = page ?? `The container registry responded with ${what}${reason && `: ${reason}`}.`;
  throw new ActionError("OCIR_RESPONSE_MALFORMED", message, { status, requestId });
}
function isPassword(value) {
  return typeof value == "string" && /^[\x21-\x7e]{16,65536}$/.test(value);
}
function refusalText(body, token) {
  let list = body?.errors, { code, message } = Object(Array.isArray(list) ? list[0] : body);
  return quoteRefusal(code, message, [token]);
}
function expiryOf(token, expiresIn, now) {
  return isTime(expiresIn) && expiresIn > 0 ? now + expiresIn * 1e3 : endOf(new Secret(token));
}
function endOf(token) {
  let [, payload = ""] = token.reveal().split("."), exp = parseObject(Buffer.from(payload, "base64url").toString("utf8"))?.exp;
  return isTime(exp) ? exp * 1e3 : void 0;
}
function basicAuthOf({ token }) {
  return new Secret(Buffer.from(`${REGISTRY_USER}:${token.reveal()}`).toString("base64"));
}

// src/diagnosis/registry-refusal.ts
function explainRegistryRefusal(refusal, { host, token, now }) {
  let { status, text, requestId } = refusal, general = status === 401 ? explainUnauthenticated(refusal, now) : void 0;
  if (general?.code === "OCI_CLOCK_SKEWED") return general;
  let end = endOf(token) ?? Number.POSITIVE_INFINITY, why = end > now ? text || "no reason given" : `the session expired at ${new Date(end).toISOString()}`, remedy = end > now ? void 0 : "Log in again before this step, or set `refresh: true` in the login.", message = `${host} refused a token for the session (${status}): ${why}.`;
  return new ActionError("OCIR_TOKEN_REFUSED", message, { status, requestId, remedy });
}

// src/login/registry-token.ts
async function requestRegistryToken({ http, clock }, host, proof) {
  let label = `a token of ${host}`;
  try {
    let { response } = await http.retry({ label }, async () => ({
      response: await http.send(registryTokenRequest(host, proof, clock.now()))
    }));
    return processRegistryTokenResponse(response, proof.token, clock.now());
  } catch (error) {
    throw await explainFailure(
      error,
      "ocir",
      `Requesting ${label}`,
      (refusal) => explainRegistryRefusal(refusal, { host, token: proof.token, now: clock.now() })
    );
  }
}

export {
  REGISTRY_USER,
  basicAuthOf,
  requestRegistryToken
};
