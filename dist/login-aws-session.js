import {
  explainStsRefusal
} from "./shared-12.js";
import {
  requestAccessToken
} from "./shared-18.js";
import {
  readWebIdentity
} from "./shared-7.js";
import {
  proofOf,
  regionalSts
} from "./shared-9.js";
import {
  explainFailure
} from "./shared-3.js";
import "./shared-14.js";
import "./shared-17.js";
import "./shared-27.js";
import "./shared-13.js";
import "./shared-28.js";

// src/login/aws-session.ts
async function openAwsSession(deps, config, opening) {
  let { domainUrl, aws } = config, [{ token, advise }] = await Promise.all([
    requestIdentity(deps, config, opening),
    import("./aws-assume-role.js")
  ]), identity = readWebIdentity(token, { ...aws, domainUrl }, deps.clock.now());
  return advise !== void 0 && deps.runner.info(advise(identity)), openRoleSession(deps, config, identity);
}
async function requestIdentity(deps, { domainUrl, aws }, opening) {
  if (aws.client !== void 0)
    return { token: await requestAccessToken(deps, { domainUrl, requester: aws.client }, aws.scope) };
  let [module, opened] = await Promise.all([import("./aws-session-identity.js"), opening]), requester = proofOf(opened.session), scope = module.fullScope(aws.audience, aws.scope);
  return { token: await requestAccessToken(deps, { domainUrl, requester }, scope, module.explainSessionRefusal), advise: module.adviseOnSubject };
}
async function openRoleSession({ runner, http, clock }, config, identity) {
  let sessionName = config.aws.roleSessionName ?? sessionNameOf(runner.env);
  try {
    let { assumeRole } = await import("./aws-assume-role.js"), credentials = await assumeRole(http, { ...config.aws, sessionName }, identity.token, clock.now()), { accessKeyId, secretAccessKey, sessionToken } = credentials;
    for (let secret of [accessKeyId, secretAccessKey, sessionToken]) runner.mask(secret);
    return { credentials, identity, sessionName };
  } catch (error) {
    let explain = (refusal) => explainStsRefusal(http, refusal, config, identity), hostInput = config.aws.stsEndpoint.host === regionalSts(config.aws.region).host ? "aws-region" : "aws-sts-endpoint";
    throw await explainFailure(error, "sts", "Assuming the role", explain, hostInput);
  }
}
var LONGEST_NAME = 64;
function sessionNameOf(env) {
  let tail = `@${["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT"].map((name) => env(name) ?? "0").join(".")}`.replace(/[^\w+=,.@-]/g, "-").slice(0, LONGEST_NAME - 2);
  return `${(env("GITHUB_REPOSITORY") ?? "job").replace(/[^\w+=,.@-]/g, "-").slice(0, LONGEST_NAME - tail.length)}${tail}`;
}
export {
  openAwsSession,
  openRoleSession,
  requestIdentity,
  sessionNameOf
};
