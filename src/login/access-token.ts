import { explainAccessTokenRefusal, explainFailure } from '../diagnosis/service-failure.ts';
import { accessTokenRequest, processAccessTokenResponse, type TokenEndpoint } from '../oci/token-endpoint.ts';
import type { StepDeps } from '../ports.ts';
import type { Secret } from '../secret.ts';

/**
 * @throws ActionError OCI_SCOPE_REFUSED, OCI_ACCESS_TOKEN_REFUSED, OCI_CLIENT_REJECTED, OCI_RATE_LIMITED,
 *   OCI_DOMAIN_UNREACHABLE, OCI_RESPONSE_MALFORMED, TLS_UNTRUSTED, the PROXY_ codes, DEADLINE_EXCEEDED
 */
export async function requestAccessToken(
  { runner, http, clock }: StepDeps,
  endpoint: TokenEndpoint,
  scope: string,
  explain = explainAccessTokenRefusal,
): Promise<Secret> {
  const label = 'the access token for AWS';
  try {
    const { response } = await http.retry({ label }, async () => ({
      response: await http.send(accessTokenRequest(endpoint, scope, clock.now())),
    }));
    const token = processAccessTokenResponse(response, endpoint.requester);
    runner.mask(token);
    return token;
  } catch (error) {
    throw await explainFailure(error, 'domain', `Requesting ${label}`, (refusal) => explain(refusal, scope));
  }
}
