import {
  decodeJwt
} from "./chunk-3NWEGKYM.js";
import {
  isRetryableStatus,
  isTime,
  parseObject,
  requestIdFrom
} from "./chunk-CZ73XQM7.js";
import {
  Secret
} from "./chunk-HDGVC6Q3.js";
import {
  ActionError,
  TransportError,
  explainTransport
} from "./chunk-BDTGGKSB.js";

// src/inputs/urls.ts
function isLoopback({ hostname }) {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
function isConfidential(url) {
  return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url);
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
    let { explainRefusal } = await import("./chunk-YQS7NQLL.js");
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

export {
  isLoopback,
  isConfidential,
  findIdTokenSource,
  requestIdToken,
  readIdToken,
  expiryOf
};
