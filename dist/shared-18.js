import {
  accessTokenRequest,
  processAccessTokenResponse
} from "./shared-9.js";
import {
  explainAccessTokenRefusal,
  explainFailure
} from "./shared-3.js";

// src/login/access-token.ts
async function requestAccessToken({ runner, http, clock }, endpoint, scope, explain = explainAccessTokenRefusal) {
  let label = "the access token for AWS";
  try {
    let { response } = await http.retry({ label }, async () => ({
      response: await http.send(accessTokenRequest(endpoint, scope, clock.now()))
    })), token = processAccessTokenResponse(response, endpoint.requester);
    return runner.mask(token), token;
  } catch (error) {
    throw await explainFailure(error, "domain", `Requesting ${label}`, (refusal) => explain(refusal, scope));
  }
}

export {
  requestAccessToken
};
