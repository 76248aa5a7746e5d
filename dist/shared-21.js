import {
  parseObject
} from "./shared-28.js";

// src/oci/claims.ts
function claimsOf(token) {
  let [, payload = ""] = token.reveal().split(".");
  return parseObject(Buffer.from(payload, "base64url").toString("utf8")) ?? {};
}

export {
  claimsOf
};
