import {
  requestAccessToken
} from "./shared-15.js";
import {
  proofOf
} from "./shared-9.js";
import "./shared-23.js";
import "./shared-3.js";
import "./shared-13.js";
import "./shared-28.js";
import "./shared-14.js";
import {
  ActionError
} from "./shared-12.js";
import "./shared-29.js";

// src/login/session-access-token.ts
function requestSessionAccessToken(deps, { domainUrl, aws: { audience, scope } }, session) {
  let endpoint = { domainUrl, requester: proofOf(session) };
  return requestAccessToken(deps, endpoint, fullScope(audience, scope), explainRefusal);
}
function fullScope(audience, scope) {
  let full = (one) => one.startsWith(audience) ? one : `${audience}${one}`;
  return scope.split(" ").map(full).join(" ");
}
var REMEDY = "Oracle documents this exchange, but not which permission a service user needs for it. Grant the resource server to the user or its group, or use `aws-token-source: client`.";
function explainRefusal({ code, text, status, requestId }, scope) {
  let message = `The domain refused the session an access token for scope ${JSON.stringify(scope)} (${status}): ${text || "no reason given"}.`, ours = code === "invalid_scope" ? "OCI_SCOPE_REFUSED" : "OCI_ACCESS_TOKEN_REFUSED";
  return new ActionError(ours, message, { status, requestId, remedy: REMEDY });
}
function adviseOnSubject({ audience, subject }) {
  return `\`aws-token-source\` session is experimental. The access token has aud ${audience} and sub ${subject}. Demand both in the trust policy of the role: without \`sub\`, it admits every user and perhaps every instance that gets a token for this audience.`;
}
export {
  adviseOnSubject,
  fullScope,
  requestSessionAccessToken
};
