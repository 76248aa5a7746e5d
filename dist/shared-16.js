import {
  adviseOnJob
} from "./shared-9.js";
import {
  ID_TOKEN_CALL,
  expiryOf,
  explainFailure,
  explainIdTokenRefusal,
  findTokenService,
  idTokenRequest,
  processIdTokenResponse,
  readIdToken
} from "./shared-3.js";

// src/github/id-token-source.ts
function githubIdTokens(runner) {
  return idTokensOf(findTokenService(runner));
}
function githubIdTokensFrom(spec) {
  return idTokensOf(spec);
}
function idTokensOf(service) {
  return {
    issuer: "GitHub",
    supply: "on-demand",
    endsAt: expiryOf(service.requestToken),
    url: service.url,
    spec: service,
    request: (deps, audience) => requestIdToken(deps, service, audience),
    adviseOn: adviseOnJob
  };
}
async function requestIdToken({ runner, http, clock }, service, audience) {
  try {
    let request = idTokenRequest(service, audience), { response } = await http.retry(ID_TOKEN_CALL, async () => ({
      response: await http.send(request)
    })), jwt = processIdTokenResponse(response);
    return runner.mask(jwt), readIdToken(jwt);
  } catch (error) {
    throw await explainFailure(
      error,
      "github",
      "Requesting the job's token",
      (refusal) => explainIdTokenRefusal(refusal, service.requestToken, clock.now())
    );
  }
}

// src/login/signers.ts
function signersOf(env, files) {
  return async (deps, kind) => {
    let { requestSigner } = await import("./login-request-signer.js");
    return requestSigner({ ...deps, env, files }, kind);
  };
}

export {
  signersOf,
  githubIdTokens,
  githubIdTokensFrom
};
