import {
  quote
} from "./chunk-GP2MGIB5.js";

// src/claims.ts
var TELLING_CLAIMS = [
  "iss",
  "aud",
  "sub",
  "repository",
  "repository_id",
  "ref",
  "environment",
  "job_workflow_ref",
  "event_name"
];
function tellingClaims({
  claims,
  expiresAt
}) {
  let shown = TELLING_CLAIMS.filter((name) => claims[name] !== void 0).map((name) => [name, quote(claims[name] ?? "", [])]), expiry = new Date(expiresAt), exp = Number.isNaN(expiry.getTime()) ? [] : [["exp", expiry.toISOString()]];
  return Object.fromEntries([...shown.slice(0, 3), ...exp, ...shown.slice(3)]);
}

export {
  tellingClaims
};
