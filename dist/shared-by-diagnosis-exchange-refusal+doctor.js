import {
  quote
} from "./shared-by-doctor+post+refresher+run-login.js";

// src/diagnosis/claims.ts
var DIAGNOSTIC_CLAIMS = [
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
function diagnosticClaims({
  claims,
  expiresAt
}) {
  let shown = DIAGNOSTIC_CLAIMS.filter((name) => claims[name] !== void 0).map((name) => [name, quote(claims[name] ?? "", [])]), expiry = new Date(expiresAt), exp = Number.isNaN(expiry.getTime()) ? [] : [["exp", expiry.toISOString()]];
  return Object.fromEntries([...shown.slice(0, 3), ...exp, ...shown.slice(3)]);
}

export {
  diagnosticClaims
};
