import {
  decodeJwt
} from "./chunk-3NWEGKYM.js";
import {
  isPrintable,
  isTime,
  parseObject,
  quote
} from "./chunk-CZ73XQM7.js";
import {
  ActionError
} from "./chunk-BDTGGKSB.js";

// src/oci/session-token.ts
var TENANCY_OCID = /^ocid1\.tenancy\.[a-z0-9.-]{1,200}$/, OCID = /^ocid1\.[a-z0-9._-]{1,250}$/i;
function parseSessionToken(token, expected) {
  let claims = parseSessionTokenClaims(token, expected);
  assertCurrent(claims, expected), assertTenancy(claims, expected), assertBindsKey(claims, expected);
  let { payload: _payload, ...upst } = claims;
  return { token, ...upst };
}
function parseSessionTokenClaims(token, { kind, requestId }) {
  let payload = decode(token, requestId), { exp, jti } = payload, principal = principalIn(payload, kind);
  if (!isTime(exp) || principal === void 0)
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The session token lacks a readable `exp` or `sub`.", {
      requestId
    });
  let tenancy = payload.tenant ?? (kind === "resource" ? payload.res_tenant : void 0);
  if (typeof tenancy != "string" || !TENANCY_OCID.test(tenancy))
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The session token does not name its tenancy.", {
      requestId
    });
  let tokenId = typeof jti == "string" && isPrintable(jti) ? jti : void 0;
  return { payload, principal, tenancy, expiresAt: exp * 1e3, tokenId };
}
function principalIn({ sub }, kind) {
  if (typeof sub == "string")
    return kind === "resource" ? quote(sub, []) || void 0 : OCID.test(sub) ? sub : void 0;
}
function assertTenancy({ tenancy }, expected) {
  if (expected.tenancy === void 0 || expected.tenancy === tenancy) return;
  let what = `The session is in tenancy ${tenancy}, not in ${expected.tenancy}.`;
  throw new ActionError("UPST_TENANCY_MISMATCH", what, { requestId: expected.requestId });
}
function assertBindsKey({ payload }, { publicJwk, requestId }) {
  if (bindsKey(payload.jwk, publicJwk)) return;
  let what = "The session token is bound to a key that is not ours.";
  throw new ActionError("UPST_KEY_MISMATCH", what, { requestId });
}
var CLOCK_TOLERANCE_MS = 5 * 6e4;
function assertCurrent({ payload, expiresAt }, { now, serverTime = now, requestId }) {
  let { nbf, iat } = payload, begins = nbf ?? iat, isEarly = isTime(begins) && begins * 1e3 > Math.max(now, serverTime) + CLOCK_TOLERANCE_MS;
  if (expiresAt > now && !isEarly) return;
  let [then, here] = [isEarly ? begins * 1e3 : expiresAt, now].map((time) => new Date(time).toISOString()), what = `The session token ${isEarly ? "is not valid before" : "expired at"} ${then}; it is ${here} here.`;
  throw new ActionError("UPST_EXPIRED", what, { requestId });
}
function decode(token, requestId) {
  try {
    if (token.reveal().split(".").length !== 3) throw new TypeError("not three parts");
    return decodeJwt(token.reveal());
  } catch {
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The domain gave a session token that is no JWT.", {
      requestId
    });
  }
}
function bindsKey(claim, ours) {
  let jwk = typeof claim == "string" ? parseObject(claim) : claim;
  if (typeof jwk != "object" || jwk === null) return !1;
  let { n, e } = jwk;
  return sameNumber(n, ours.n) && sameNumber(e, ours.e);
}
function sameNumber(theirs, ours) {
  return typeof theirs == "string" && numberHex(theirs) === numberHex(ours);
}
function numberHex(text) {
  return Buffer.from(text, "base64url").toString("hex").replace(/^(00)+/, "");
}

export {
  parseSessionToken,
  parseSessionTokenClaims,
  assertTenancy,
  assertBindsKey,
  CLOCK_TOLERANCE_MS,
  assertCurrent
};
