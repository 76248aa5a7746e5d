import {
  quote
} from "./shared-by-doctor+post+refresher+run-login.js";

// src/diagnosis/claims.ts
var DIAGNOSTIC_CLAIMS = [
  "iss",
  "aud",
  "sub",
  "exp",
  "repository",
  "repository_id",
  "ref",
  "environment",
  "job_workflow_ref",
  "event_name"
];
function diagnosticClaims({ claims, expiresAt }) {
  let all = { ...claims, exp: new Date(expiresAt).toISOString() }, present = DIAGNOSTIC_CLAIMS.filter((name) => all[name] !== void 0);
  return Object.fromEntries(present.map((name) => [name, quote(all[name] ?? "", [])]));
}

export {
  diagnosticClaims
};
