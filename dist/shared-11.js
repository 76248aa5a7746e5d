import {
  explainFailure,
  explainUnauthenticated,
  sessionKey,
  signRequest
} from "./shared-3.js";
import {
  ServiceRefusal
} from "./shared-14.js";
import {
  describeHtmlPage,
  describeStatus,
  isRetryableStatus,
  isTime,
  parseObject,
  quoteRefusal,
  requestIdFrom,
  serverTimeOf
} from "./shared-27.js";
import {
  titled
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

// src/inputs/registry-hosts.ts
var REGIONS_BY_KEY = "aga us-saltlake-2 ams eu-amsterdam-1 arn eu-stockholm-1 auh me-abudhabi-1 bog sa-bogota-1 bom ap-mumbai-1 cdg eu-paris-1 cwl uk-cardiff-1 dxb me-dubai-1 fra eu-frankfurt-1 gru sa-saopaulo-1 hsg ap-batam-1 hyd ap-hyderabad-1 iad us-ashburn-1 icn ap-seoul-1 jbp ap-kulai-2 jed me-jeddah-1 jnb af-johannesburg-1 kix ap-osaka-1 lej af-casablanca-1 lhr uk-london-1 lin eu-milan-1 mad eu-madrid-1 mel ap-melbourne-1 mrs eu-marseille-1 mtz il-jerusalem-1 mty mx-monterrey-1 nrq eu-turin-1 nrt ap-tokyo-1 onm ap-delhi-1 ord us-chicago-1 orf eu-madrid-3 phx us-phoenix-1 qro mx-queretaro-1 ruh me-riyadh-1 scl sa-santiago-1 sin ap-singapore-1 sjc us-sanjose-1 syd ap-sydney-1 vap sa-valparaiso-1 vcp sa-vinhedo-1 xsp ap-singapore-2 yny ap-chuncheon-1 yul ca-montreal-1 yyz ca-toronto-1 zrh eu-zurich-1", words = () => REGIONS_BY_KEY.split(" ");
function registriesOf(region, domain) {
  let key = words()[words().indexOf(region) - 1], full = `ocir.${region}.oci.${domain}`;
  return key === void 0 ? [full] : [`${key}.ocir.io`, full];
}
function tokenHostOf(host) {
  let [, key = ""] = /^([a-z]{3})\.ocir\.io$/.exec(host) ?? [], region = words()[words().indexOf(key) + 1];
  return key === "" || !words().includes(key) ? host : `ocir.${region}.oci.oraclecloud.com`;
}

// src/oci/claims.ts
function claimsOf(token) {
  let [, payload = ""] = token.reveal().split(".");
  return parseObject(Buffer.from(payload, "base64url").toString("utf8")) ?? {};
}

// src/oci/registry.ts
var REGISTRY_USER = "BEARER_TOKEN";
function registryTokenRequest(host, proof, now) {
  let request = { method: "GET", url: new URL(`https://${host}/20180419/docker/token`), headers: {} };
  return { ...request, headers: signRequest(request, sessionKey(proof), now) };
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
  throw titled("OCIR_RESPONSE_MALFORMED", message, { status, requestId });
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
  let { exp } = claimsOf(token);
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
  return titled("OCIR_TOKEN_REFUSED", message, { status, requestId, remedy });
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
  registriesOf,
  tokenHostOf,
  REGISTRY_USER,
  basicAuthOf,
  requestRegistryToken
};
