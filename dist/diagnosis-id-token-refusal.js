import {
  expiryOf
} from "./shared-by-doctor+run-login.js";
import "./shared-by-doctor+main.js";
import {
  ActionError
} from "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import {
  requestIdFrom
} from "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/diagnosis/id-token-refusal.ts
function explainRefusal(response, requestToken, now) {
  let { status } = response, details = { status, requestId: requestIdFrom(response, "x-github-request-id") }, said = `GitHub refused the job's OIDC token with status ${status}.`, isAboutBearer = status === 401 || status === 403, expiry = isAboutBearer ? expiryOf(requestToken) : void 0;
  if (expiry === void 0) {
    let hint = isAboutBearer ? " When the request token expires cannot be read from it." : "";
    return new ActionError("GITHUB_OIDC_REFUSED", `${said}${hint}`, details);
  }
  let [end, here] = [expiry, now].map((time) => new Date(time).toISOString());
  if (expiry > now) {
    let hint = `The request token is good until ${end}, and it is ${here} here, so its age is not the reason.`;
    return new ActionError("GITHUB_OIDC_REFUSED", `${said} ${hint}`, details);
  }
  return new ActionError(
    "GITHUB_OIDC_EXPIRED",
    `${said} The job's request token expired at ${end}, and it is ${here} here.`,
    { ...details, snippets: [OWN_JOB] }
  );
}
var OWN_JOB = {
  title: "A job of its own for the login, behind the long one",
  language: "yaml",
  text: [
    "jobs:",
    "  work: # the steps that take hours, without the login",
    "    runs-on: ubuntu-latest",
    "  deploy:",
    "    needs: work",
    "    runs-on: ubuntu-latest",
    "    permissions:",
    "      id-token: write",
    "      contents: read"
  ].join(`
`),
  isFolded: !1
};
export {
  explainRefusal
};
