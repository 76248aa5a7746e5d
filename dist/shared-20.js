import {
  CLOCK_TOLERANCE_MS,
  decodeJwt
} from "./shared-3.js";
import {
  isJwt,
  isPrintable,
  isTime,
  parseObject,
  quote
} from "./shared-25.js";
import {
  ActionError
} from "./shared-11.js";

// src/oci/session-token.ts
var OCID = /^ocid(1\.|v1:)(?!.*::)[a-z0-9]+[.:][\w.:-]{1,250}$/i, TENANCY_OCID = /^ocid(1\.|v1:)(?!.*::)tenancy[.:][a-z0-9.:-]{1,200}$/;
function parseSessionToken(token, resource, requestId) {
  let malformed = (text) => new ActionError("OCI_RESPONSE_MALFORMED", text, { requestId }), payload = decode(token);
  if (payload === void 0) throw malformed("The domain issued a session token that is no JWT.");
  let { exp, nbf, iat, jti } = payload, principal = resource === void 0 ? userOf(payload) : resourceOf(payload, resource.type);
  if (!isTime(exp) || principal === void 0)
    throw malformed("The session token lacks a readable `exp` or `sub`.");
  let tenancy = payload.tenant ?? (resource && payload.res_tenant);
  if (typeof tenancy != "string" || !TENANCY_OCID.test(tenancy))
    throw malformed("The session token does not name its tenancy.");
  let start = nbf ?? iat;
  return {
    token,
    principal,
    tenancy,
    validFrom: isTime(start) ? start * 1e3 : void 0,
    expiresAt: exp * 1e3,
    tokenId: isPrintable(jti) ? jti : void 0,
    jwk: payload.jwk,
    requestId
  };
}
function decode(token) {
  try {
    return isJwt(token.reveal()) ? decodeJwt(token.reveal()) : void 0;
  } catch {
    return;
  }
}
function userOf({ sub }) {
  return typeof sub == "string" && OCID.test(sub) ? sub : void 0;
}
function resourceOf({ sub, res_id, res_type }, requestedType) {
  return [sub, res_id, res_type, requestedType].map((name) => typeof name == "string" ? quote(name, []) : "").find((name) => name) ?? "";
}
function assertTenancy({ tenancy, requestId }, expected) {
  if (expected === void 0 || expected === tenancy) return;
  let text = `The session is in tenancy ${tenancy}, not in ${expected}.`;
  throw new ActionError("UPST_TENANCY_MISMATCH", text, { requestId });
}
function assertBindsKey({ jwk, requestId }, { publicJwk: { n, e } }) {
  let bound = (typeof jwk == "string" ? parseObject(jwk) : jwk) ?? {};
  if (isSameNumber(bound.n, n) && isSameNumber(bound.e, e)) return;
  let text = "The session token is bound to another key than that of this login.";
  throw new ActionError("UPST_KEY_MISMATCH", text, { requestId });
}
function isSameNumber(actual, expected) {
  let toHex = (base64) => Buffer.from(base64, "base64url").toString("hex").replace(/^(00)+/, "");
  return typeof actual == "string" && toHex(actual) === toHex(expected);
}
function clockSkew(now, serverTime = now) {
  let skew = serverTime - now;
  return Math.abs(skew) <= CLOCK_TOLERANCE_MS ? skew : 0;
}
function assertCurrent({ validFrom = 0, expiresAt, requestId }, now, serverTime = now) {
  let isEarly = validFrom > Math.max(now, serverTime) + CLOCK_TOLERANCE_MS;
  if (expiresAt > now && !isEarly) return;
  let [then, here] = [isEarly ? validFrom : expiresAt, now].map((time) => new Date(time).toISOString()), text = `The session token ${isEarly ? "is not valid before" : "expired at"} ${then}; this machine's clock says ${here}.`;
  throw new ActionError("UPST_EXPIRED", text, { requestId });
}

export {
  parseSessionToken,
  assertTenancy,
  assertBindsKey,
  clockSkew,
  assertCurrent
};
