// GitHub as a source of ID tokens, with the retries and explanations of every other service.
import { adviseOnJob } from '../diagnosis/job-claims.ts';
import { explainFailure, explainIdTokenRefusal } from '../diagnosis/service-failure.ts';
import type { IdToken, IdTokenSource } from '../oci/id-token.ts';
import type { Runner, StepDeps } from '../ports.ts';
import {
  expiryOf,
  findTokenService,
  ID_TOKEN_CALL,
  idTokenRequest,
  processIdTokenResponse,
  readIdToken,
  type TokenService,
} from './id-token.ts';

/** @throws ActionError GITHUB_OIDC_UNAVAILABLE */
export function githubIdTokens(runner: Pick<Runner, 'env' | 'mask'>): IdTokenSource {
  return idTokensOf(findTokenService(runner));
}

/** @param spec of a source that `githubIdTokens` has returned */
export function githubIdTokensFrom(spec: unknown): IdTokenSource {
  return idTokensOf(spec as TokenService);
}

function idTokensOf(service: TokenService): IdTokenSource {
  return {
    issuer: 'GitHub',
    supply: 'on-demand',
    endsAt: expiryOf(service.requestToken),
    url: service.url,
    spec: service,
    request: (deps, audience) => requestIdToken(deps, service, audience),
    adviseOn: adviseOnJob,
  };
}

/**
 * Each token is new, and valid for about five minutes.
 * @throws ActionError with the GITHUB_ codes, TLS_UNTRUSTED, the PROXY_ codes, DEADLINE_EXCEEDED
 */
async function requestIdToken(
  { runner, http, clock }: StepDeps,
  service: TokenService,
  audience: string,
): Promise<IdToken> {
  try {
    const request = idTokenRequest(service, audience);
    const { response } = await http.retry(ID_TOKEN_CALL, async () => ({
      response: await http.send(request),
    }));
    const jwt = processIdTokenResponse(response);
    runner.mask(jwt);
    return readIdToken(jwt);
  } catch (error) {
    throw await explainFailure(error, 'github', "Requesting the job's token", (refusal) =>
      explainIdTokenRefusal(refusal, service.requestToken, clock.now()),
    );
  }
}
