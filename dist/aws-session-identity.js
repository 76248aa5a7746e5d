import {
  ActionError
} from "./shared-13.js";

// src/aws/session-identity.ts
function fullScope(audience, scope) {
  let full = (one) => one.startsWith(audience) ? one : `${audience}${one}`;
  return scope.split(" ").map(full).join(" ");
}
var REMEDY = "Grant the resource server to the service user, or use `aws-token-source: client`.";
function explainSessionRefusal({ code, text, status, requestId }, scope) {
  let what = "The domain refused the session an access token for AWS.", evidence = `For scope ${JSON.stringify(scope)}, it responded with ${status}: ${text || "no reason given"}.`, ours = code === "invalid_scope" ? "OCI_SCOPE_REFUSED" : "OCI_ACCESS_TOKEN_REFUSED";
  return new ActionError(ours, what, { evidence, status, requestId, remedy: REMEDY });
}
function adviseOnSubject({ audience, subject }) {
  return `\`aws-token-source\` session is experimental. Demand aud ${audience} and sub ${subject} in the trust policy of the role: without \`sub\`, it admits every user with a token for this audience.`;
}
export {
  adviseOnSubject,
  explainSessionRefusal,
  fullScope
};
